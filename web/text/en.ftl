# English. `cargo xtask texts` writes these words into www/index.html and www/boot.mjs, which repeat some of them.
# Every message that the program says has its id in web/src; arguments are named as there.

## The page as a whole

page-title = Fovea: a glance becomes a segmentation
page-description = Click where you would look. A neural network, running entirely in this tab, turns your gaze into the outline of a polyp.
skip = Skip to the image
language = Language
language-changed = The page is in English now.
lead = A physician finds a lesion at a glance; <strong>here the glance draws its outline</strong>.
disclaimer = <strong>Research and education only.</strong> Not a medical device.
page-loading = The page is loading.
page-stopped = Something went wrong and the page has stopped.
two-sentences = { $first } { $second }

## While the program and the model arrive

loading = Loading the program and the model
loading-check = Checking the model on this device
noscript = This page computes in your browser and needs JavaScript and WebAssembly to do so. What “About” says can be read without.
boot-program = Program
boot-the-program = The program
boot-model = model
boot-part = { $name } { $done } MB
boot-part-of = { $name } { $done } of { $total } MB
boot-old-browser = This browser cannot start the program ({ $cause }). It needs WebAssembly with SIMD: Chrome 91, Firefox 89, Safari 16.4 or newer.
file-not-loaded = { $file } could not be loaded: { $cause }.
boot-no-wasm = it has no WebAssembly, or that is switched off
boot-no-simd = its WebAssembly has no SIMD
file-cut = { $file } could not be loaded to its end: { $cause }.
message-retry = Try again
file-answer = the server answers { $status }
file-too-large = { $file }: the file is larger than 200 MB.
file-unreadable = { $file }: the file could not be read ({ $cause }).

## Devices and the engines in their workers

engine = Running on this device
engine-device = Device
engine-check = Self-check
engine-click = Click to mask
engine-image = Per image
offline = Offline
offline-saving = being stored in this browser
offline-ready = ready: opens without a network, with every model opened so far
offline-refused = this browser stores nothing here; everything else works
engine-other = Other device
device-title = Where the network computes
device-waiting = Starting
device-starting = { $device } is starting
device-stopped = Stopped
device-verified = { $device }, verified
device-adapter = { $device }: { $adapter }
device-unknown = The address asks for the device “{ $name }”, which is not known; cpu, webgpu and auto are. The page chooses by itself.
device-differs = its outputs differ from the reference by { $difference }, more than 0.001
self-check = matches the reference (largest difference { $difference }, allowed 0.001)
timing-click = { $all } to the drawn mask (engine { $engine }, of which teacher { $teacher })
timing-embed = { $time } for the backbone
other-untried = { $device }: not tried
other-starting = { $device }: being checked in the background
other-slower = { $device }: { $time } a click, { $kept } is kept
other-failed = { $device }: not used, { $why }
webgpu-missing = this browser has no WebGPU here (it is offered on https and localhost only)
webgpu-no-adapter = this browser finds no WebGPU adapter on this machine
webgpu-late = it was not ready after { $seconds } s
webgpu-unusable = WebGPU cannot be used: { $why }. The CPU computes instead.
engine-broke-down = The engine broke down and was started again ({ $why }).
engine-broke-down-loading = The engine broke down while it loaded the model for { $name }.
engine-unreachable = The engine could not be reached: { $error }.
engine-silent = The engine could not answer.
worker-not-started = the browser does not start a worker ({ $cause })
worker-not-loaded = its script could not be loaded
worker-missing = this engine is not running

## Images and the stage

case-none = No image yet
source-label = Where this image and its gaze come from
canvas-role = gaze canvas
canvas-label = Image with gaze points and masks
canvas-help = Click or tap to add a gaze point, hold longer for a longer look, drag to move one, right-click to remove one. With the keyboard: arrow keys move a crosshair, Shift makes bigger steps, Enter adds a point, N and P select the next and previous point, Alt with arrow keys moves the selected point, Delete removes it.
hint = Click where your eye goes. <span>Hold longer to look longer.</span>
drop = Drop it here: a picture, its gaze (CSV), or both. It stays in this tab.
message-close = Close this message
gallery = Choose an image
gallery-empty = This build has no example images; open one of your own.
image-own = Your image
camera = Camera
camera-title = Take a picture
camera-close = Close the camera
camera-note = The picture stays in this tab. The models have learnt from other images than yours: what they draw on it means nothing.
camera-waiting = Waiting for your permission to use the camera.
camera-refused = The camera was not allowed. The address bar lets you change that.
camera-none = No camera was found, or another program uses it.
camera-other = Other camera
camera-take = Take the picture
own-note = This model has learnt from { $domain } only. On an image of anything else its outlines mean nothing, however sure they look; on one of the same kind from elsewhere they may be worse than the published numbers.
own-note-like = To this model the image looks like those that it has learnt from ({ $domain }). On one from elsewhere its outlines may still be worse than the published numbers.
own-note-somewhat = The image looks somewhat unlike those that this model has learnt from ({ $domain }). Its outlines may be worse than the published numbers.
own-note-unlike = The image looks unlike every one that this model has learnt from ({ $domain }). What is outlined here means nothing.
own-note-uncompared = It could not be compared with { $domains }.
own-suggestion = This looks like a { $noun }.
own-switch = Use that model
image-own-stays = Your image, stays in this tab
image-own-sent = Your image, sent to { $server } as you asked
image-phantom = Drawn by a program
image-real = Real image, { $name }
gaze-recorded = Recorded gaze
gaze-simulated = Simulated gaze
gaze-unknown = Gaze of unknown source
gaze-none = No gaze but yours
opening = Opening { $title }.
image-open = { $title } is open. The student outlines { $share } of the image{ $dice }.
not-opened = The image could not be opened.
not-described = The image could not be described.
stage-no-image = no image is open
stage-no-jpeg = the browser cannot write this picture
stage-no-canvas = this browser gives no 2D canvas
stage-no-picture = the browser cannot hold this picture

## Domains: what the images show. In English the page shows the names that the bundles have.

domains = Image type
domain-polyp = Polyps
domain-skin-lesion = Skin lesions
domain-prostate = Prostates
domain-downloading = Downloading the model for { $name }.
domain-checking = Checking the model for { $name } on this device.
domain-stays = { $name } stays: the other model could not be had.
domain-stays-unnamed = The model stays: the other model could not be had.
domain-unknown = The address asks for the domain “{ $name }”, which is not here; { $known } are.

## Gaze: the tools, the points, what the status line says of them

toolbar = Gaze tools
undo = Undo
undo-title = Undo (Ctrl+Z)
redo = Redo
redo-title = Redo (Ctrl+Shift+Z)
clear = Clear
clear-title = Remove all gaze points
use-gaze = Use this case’s gaze
use-gaze-recorded = Use the recorded gaze
use-gaze-simulated = Use the simulated gaze
use-gaze-unknown = Use the gaze of this image
use-gaze-none = No gaze recorded
replay-group = Gaze in time
replay = Replay
replay-pause = Pause
replay-moment = Moment of the replay
replay-speed = Speed of the replay
replay-time = { $at } of { $of } s
replay-begun = Replay of { $points }.
replay-paused = Replay paused.
replay-over = Replay over, { $points }.
simulate = Gaze like a clinician
simulating = Simulating how a clinician might look at this image.
simulated-truth = Simulated gaze, made with the true outline in view. No clinician has looked like this.
simulated-student = Simulated gaze, aimed at the student’s outline, because the true one is not known. No clinician has looked like this.
points-title = Your gaze, point by point
points-none = No gaze points yet.
points =
    { $count ->
        [0] no gaze points
        [one] 1 gaze point
       *[other] { $count } gaze points
    }
place = { $x } from the left, { $y } from the top
fixation = { $number }: { $place }, { $duration }
point-added = Point { $number } added, { $place }, { $duration }.
point-moved = Point { $number } moved.
point-removed = Point { $number } removed.
point-selected = Point { $point } selected.
points-removed = All points removed.
points-taken-recorded = { $points } taken from the recorded gaze.
points-taken-simulated = { $points } taken from the simulated gaze.
points-taken-unknown = { $points } taken from the gaze of this image.
remove = Remove
crosshair = Crosshair at { $place }.
undone-gaze = Undone, { $points } now.
redone-gaze = Redone, { $points } now.
undone-words = Undone: { $edit }
redone-words = Redone: { $edit }

## What teacher and student draw

scores = How well it fits:
scores-looked-at = Fit with what you looked at ({ $lesions } of { $of } lesions):
score-teacher = with your glance
score-student = alone
scores-note = Dice: 1 is a perfect match, 0 means no overlap. It is shown where the true outline is known.
dice-after = , Dice { $dice }
dice-of-looked-at = Dice is with what you looked at, { $lesions } of { $of } lesions.
teacher-outlines = The teacher outlines { $share } of the image{ $dice }.
teacher-outlines-without-gaze = Without gaze, the teacher outlines { $share } of the image{ $dice }.
teacher-nothing = The teacher sees no lesion where you look{ $dice }.
teacher-nothing-without-gaze = Without gaze, the teacher finds nothing to outline{ $dice }.
no-lesion = The teacher sees no lesion where you look
student-outlines = { $title }, the student outlines { $share } of the image{ $dice }.

## The student and the strategies of its training

students = Choose the student on the stage
students-note = Students differ in what they learnt from, and in which of three strategies the teacher directed them by. Choose one; its outline changes at once.
family = What it learnt from
family-released = { $told }; DARM as released
strategies = Strategies that the student was trained with
strategy-afc = <b>AFC</b> feature alignment<small>its features follow those of the teacher, which have read the text</small>
strategy-cwc = <b>CWC</b> confidence-weighted consistency<small>the student follows the teacher’s prediction where the teacher is sure</small>
strategy-darm = <b>DARM</b> disagreement-aware masking<small>where the two disagree, squares of the image are hidden from the student</small>
student-without = Without any strategy
student-with-one = With { $strategy }
student-with-two = With { $first } and { $second }
student-with-all = With all three strategies
student-dice = Test Dice { $score }.
student-dice-unmeasured = Its test Dice was not measured.
student-target = It learnt from { $target }.
students-missing =
    { $count ->
        [1] This bundle holds this student only of those that learnt from the same: the others have not been trained.
       *[other] This bundle holds { $count } of the eight students that learnt from the same: the others have not been trained.
    }
target-heat = the heat map of the gaze as it is, as in the paper
target-refined = the heat map, refined to follow the image’s colours
target-high-confidence = the high-confidence pseudo-mask of the gaze
target-teacher = the finished teacher’s predictions
target-full-supervision = true masks: an upper bound, not gaze
student-released = DARM in the form of the released code told it that hidden squares are background.
told-heat = heat map
told-refined = refined mask
told-high-confidence = high-confidence mask
told-teacher = teacher’s labels
told-full-supervision = true masks
student-plain = { $told }
student-named = { $told }, { $strategies }
strategies-released = { $strategies } as released
score = { $mean } ± { $sd } ({ $seeds } seeds) on { $on }
score-one-seed = { $mean } (1 seed) on { $on }

## Students side by side

compare-note = Students, trained in different ways.
compare-open = Show side by side
compare-close = Hide
compare-who = Students
compare-look = Show
compare-against = Differences from
compare-zoom = Zoom
compare-in = Magnify
compare-out = Make smaller
compare-whole = Whole image
compare-caption = Published test Dice over seeds (dot with spread), and Dice on this image (ring)
compare-caption-ablation = Test Dice over seeds in the published ablation on { $on } (dot with spread): other trainings than those of this page's students. And Dice on this image (ring).
compare-column-student = Student
compare-column-test = Test Dice
compare-column-here = This image
compare-axis = { $from } to 1
compare-unmeasured = not measured
compare-teacher = Teacher, with your gaze
compare-waiting = computing
compare-scores = Dice { $dice } · IoU { $iou } · HD95 { $hd95 } px
compare-share = { $share } of the image
compare-same = it is what the others are compared with
compare-differs = { $extra } of the image too much, { $missing } too little
against-truth = the true outline
against-teacher = the teacher
strategies-none = no strategy
strategies-all = all three
look-masks = outlines and differences
look-afc = AFC: features that agree, stride { $stride }
look-cwc = CWC: where the teacher is sure
look-darm = DARM: what is hidden
legend-masks = Hatched green: inside this outline and not the other’s. Hatched orange: the other way round. Dotted white: the true outline.
legend-live = Dashed yellow: what the student draws. Dashed green: what it is told to draw. Dotted white: the true outline, which it never sees.
legend-afc = How well the student’s features agree with those of the teacher, which has read the text: the brighter, the smaller the angle between them (cosine).
legend-cwc = Green: the teacher is sure of a lesion. Grey: it is sure of background. There the student follows it, elsewhere it does not.
legend-darm = Orange: teacher and student disagree by more than .3. White: squares that a step of training hides from the student.
sees-afc = mean cosine { $mean }
sees-no-afc = no adapters to look through: AFC trains them, and older bundles lack them
sees-cwc = { $lesion } of the image surely lesion, { $background } surely background
sees-no-cwc = is not trained with CWC
sees-darm = they disagree on { $apart } of the image; { $hidden } is hidden
sees-no-darm = is not trained with DARM
score-seeds-alone = { $mean } ± { $sd } ({ $seeds } seeds)
score-one-seed-alone = { $mean } (1 seed)

## Distillation in the tab

distil-note = Two students learn from your gaze, here and now. They never see the true outline.
distil-first = First student
distil-second = Second student
distil-from = They start
distil-seed = Seed
distil-target = They learn to draw
distil-images = From
distil-play = Play
distil-pause = Pause
distil-once = One step
distil-reset = Reset
distil-idle = Not started yet.
distil-setting-up = Setting up.
distil-ready = Ready.
distil-figures = Step { $step }, { $speed } steps a second
distil-needs-gaze = There is nothing to learn from yet: add a gaze point, or let them learn to draw what the teacher draws.
distil-nobody = nobody
distil-fresh = with fresh weights
distil-trained = as the bundle has them
distil-broad = the broad pseudo-mask of your gaze
distil-heat = the heat map of your gaze as it is
distil-teacher = what the teacher draws
distil-others =
    { $count ->
        [0] this image
        [1] this image and 1 other by turns
       *[other] this image and { $count } others by turns
    }
distil-loss = Loss on what they are told to draw
distil-dice = Dice with the true outline, which they never see
distil-loss-label = Loss over steps
distil-dice-label = Dice over steps
learner-dice-loss = Dice { $dice }, loss { $loss }
learner-dice = Dice { $dice }
learner-share-loss = { $share } of the image, loss { $loss }
learner-share = { $share } of the image

## The lesson

lesson = Lesson
lesson-label = Lesson in six steps
lesson-count = Step { $step } of { $of }
lesson-back = Back
lesson-next = Next
lesson-skip = Skip
lesson-end = Finish
lesson-close = Leave the lesson
lesson-guessed = Your guess: { $answer }
lesson-right = As you guessed.
lesson-wrong = Not as you guessed.
lesson-put-back = You are back where you were before the lesson.
lesson-1-title = One look
lesson-1-text = The student sees the picture alone. The teacher also sees where you look.
lesson-1-question = You look at the lesion. Whose outline will fit better?
lesson-1-a = The teacher’s, with your look
lesson-1-b = The student’s, without it
lesson-1-c = Both the same
lesson-1-task = Look at the lesion: click on it, or move the crosshair there and press Enter.
lesson-1-figure = Alone { $alone }, with your look { $with }.
lesson-1-why = This is Dice: 1 is a perfect fit, 0 none. A look says which place is meant; the picture says how far it reaches.
lesson-2-title = Two lesions
lesson-2-text = Here are two lesions. A look is on one of them, and the blue outline with it.
lesson-2-question = You move the look to the other lesion. What will the outline do?
lesson-2-a = Go along
lesson-2-b = Hold both lesions
lesson-2-c = Stay where it is
lesson-2-task = Drag the circle onto the other lesion. On the keyboard: N selects it, Alt and the arrow keys move it.
lesson-2-figure = Of the former outline { $lost } is gone.
lesson-2-note = The new one is around your look.
lesson-2-why = The student’s yellow outline has not moved: it sees the picture alone.
lesson-3-title = From looks to a heat map
lesson-3-text = One look took a second, the other a quarter of that. Training learns from such looks.
lesson-3-question = Where will the heat map be brighter?
lesson-3-a = At the longer look
lesson-3-b = At the shorter look
lesson-3-c = The same at both
lesson-3-task = Switch “Gaze” on, above the picture.
lesson-3-figure = Longer look { $long }, shorter look { $short }; the peak is 1.
lesson-3-why = Time counts. One student of the fifth step learnt from such maps alone; nobody drew an outline for it.
lesson-4-title = Words
lesson-4-text = The teacher reads a description too. Its words were measured on this picture.
lesson-4-question = You say “large” where it says “small”. What will the outline do?
lesson-4-a = Grow
lesson-4-b = Shrink
lesson-4-c = Stay as it is
lesson-4-task = Move the size to “large”.
lesson-4-figure = Outlined before: { $before } of the picture. Now: { $now }.
lesson-4-why = The student reads no words. Words that did not steer when they were measured, such as the place, cannot be changed here.
lesson-5-title = Two students
lesson-5-text = Both have the same network. One learnt from heat maps of gaze, the other from what the teacher drew.
lesson-5-question = Which will fit this picture better?
lesson-5-a = The one of the heat maps
lesson-5-b = The one of the teacher
lesson-5-c = Both the same
lesson-5-task = Move the line over the small picture: left of it is the first student, right of it the second.
lesson-5-figure = Heat maps { $left }, teacher { $right }.
lesson-5-note = On the test images they have { $left } and { $right }.
lesson-5-why = One picture proves little. A mean over many, with its interval, says more.
lesson-6-title = Teach one yourself
lesson-6-text = A fresh student knows no polyps. It will learn from your glances alone.
lesson-6-question = How well will it fit pictures that it has never seen?
lesson-6-a = Below 0.3: hardly at all
lesson-6-b = 0.3 to 0.8: it finds most lesions
lesson-6-c = Above 0.8: like an expert
lesson-6-task = Glance at one picture or more, skip the others, then let it learn.
lesson-6-figure = Before learning { $before }, now { $now }.
lesson-6-note = You looked for { $seconds } s. Outlining as many takes about { $minutes } min.
lesson-6-why = The true outlines measured the student. They never taught it.

## For teachers: the dialog, and the page with the plan (teaching.html)

teachers = For teachers
teachers-note = The lesson as a plan for 20 minutes, with what to say, what to expect, and a code that opens each step on a phone.
teachers-open = Plan and codes
teachers-close = Close: for teachers
teachers-codes = Each code opens its step of the lesson in a phone’s browser. Nothing has to be installed.
teachers-code = Code of the step “{ $title }”
teachers-plan = The plan for 20 minutes
teachers-print = Print the codes
plan-title = Fovea: a lesson of 20 minutes
plan-lead = For a class with phones or computers, or with one screen for all. Nothing is installed, and no picture leaves a device.
plan-back = Open Fovea
plan-before = Before the class
plan-before-1 = Open the page once, so that the browser keeps it: it then works without a network.
plan-before-2 = Print this sheet, and the codes: “About”, “For teachers”, “Print the codes”. A code opens its step on a phone.
plan-before-3 = Each step asks for a guess first. Let the class raise hands before anybody does anything. A wrong guess is welcome: the card says what happened.
plan-figures = About the figures
plan-figures-1 = A card shows what the page has just measured on this picture, so it differs from class to class. Below stand means over test images, with the file of the project’s folder “results” that holds them. Intervals are 95 % bootstrap intervals over images.
plan-figures-2 = Dice compares an outline with the true one: 1 is a perfect fit, 0 no overlap. The gallery’s pictures were chosen because a look changes something there; on the mean over test images it changes less.
plan-say = Say
plan-expect = Expect
plan-measured = Measured
plan-ask = Guess
plan-talk = Discuss
plan-1-time = 0 to 3 min
plan-1-say = A doctor needs some seconds to find a polyp, and more than a minute to draw around it. What if the look were enough?
plan-1-expect = The outline appears around the look. Who clicks beside the lesion sees the outline go, and the fit fall to 0.
plan-1-figure = Dice of the teacher on 100 images: .811 without a look, .816 after one, .823 after three (interact-polyp.json). One look beside the lesion takes its outline away in 100 of 100 images.
plan-1-ask = Why does one look change so little on the mean, and so much here?
plan-2-time = 3 to 6 min
plan-2-say = Two lesions in one picture. No network can know which one you mean.
plan-2-expect = The blue outline goes along. The yellow one of the student stays.
plan-2-figure = On the 11 images that truly show two lesions, .870 [.753, .975] of the outline is on the lesion looked at (interact-polyp.json).
plan-2-ask = What would the network need to do this without a look?
plan-3-time = 6 to 9 min
plan-3-say = Nobody draws outlines for this training. The time that an eye rests is all there is.
plan-3-expect = The longer look is about four times as bright.
plan-3-figure = Masks made from recorded gaze and the image’s colours agree with the true masks by Dice .827 (kvasir-labels.json).
plan-3-ask = When is a long look no sign of a lesion?
plan-4-time = 9 to 12 min
plan-4-say = The teacher reads as well. Whose words are these? A program measured them.
plan-4-expect = The outline grows with “large”.
plan-4-figure = On 100 images “small” makes the outline .55 times as large, “large” 1.79 times. Another place moves most of the outline in 23 % of the pictures, so places are not offered (interact-polyp.json).
plan-4-ask = Should a network believe a word that the picture contradicts?
plan-5-time = 12 to 15 min
plan-5-say = Two students, the same network. Only what they were told differs.
plan-5-expect = Their outlines differ at the edges, or one finds what the other misses.
plan-5-figure = On 100 images: heat maps .709 [.667, .747], teacher .806 [.765, .841], true masks .842 [.802, .876] (bundle-polyp.json).
plan-5-ask = How many pictures would convince you?
plan-6-time = 15 to 20 min
plan-6-say = Now you are the teacher. Glance at eight pictures, four seconds each.
plan-6-expect = The student learns within a minute or two. Its fit on eight unseen pictures is far above that before learning, and below that of an expert.
plan-6-figure = The page measures it. For 900 polyps, gaze took 2.2 hours and outlines 18.7 hours (GazeMedSeg, MICCAI 2024).
plan-6-ask = What did your glances not tell the student?
plan-end = At the end
plan-end-1 = One sentence each: what can a glance teach, and what can it not?
plan-end-2 = Research and education only. Not a medical device.

## The description: what the teacher reads

description-help = The teacher reads words too. Change one and watch.
description-origin = Where these words come from
description-none = No words yet
description-edited = changed by you
description-pick = Which description is shown
description-being-made = being described
description-yours = written by you
description-again = { $source } ({ $number })
description-shown = Description { $source }.
description-empty = This device could say nothing about this image.
description-nothing-there = Nothing could be measured where you look.
description-unlike = An image unlike all that the model has learnt from is not described.
describe-again = Describe again
describe-again-title = Measure what is outlined now
describing = Describing
describing-outlined = Describing what is outlined.
words-awaited = The words are being measured from your looks.
words-measured = Words measured from your looks.
words-measured-again = Words measured from what is outlined without your looks.
source-measured = measured from gaze and pixels, no language model
source-vlm = written by { $model }
source-distilled = distilled from { $model }
source-clinician = written by a person
source-drawn = known from how the image was drawn
confidence = Confidence { $share }
confidence-low = Low confidence: { $share }
phrases = Phrases
phrase-add = Add a phrase
phrase-choose = Choose a phrase to add
phrase-off = “{ $phrase }” switched off.
phrase-on = “{ $phrase }” switched on.
phrase-chosen = “{ $phrase }” chosen.
phrase-fixed = “{ $field }” cannot be changed here: other words for it were measured not to steer this teacher.
chip = { $field }: { $word }
chip-title = { $field }:{" "}
chip-menu = Change: { $field }
chip-edited = , changed by you
sentence = { $noun }: { $list }.
sentence-part = { $field } { $word }
sentence-list = { $before }, { $next }
told-nothing = The teacher is told nothing.
remarks = Remarks of the source, which the teacher does not read: “{ $text }”
conflict = Two phrases exclude each other: { $cause }.
conflict-pair = “{ $first }” and “{ $second }”
student-deaf = The student reads no text: whatever you change here, its outline stays.
verdict-later = What the evaluation found about this teacher’s use of text is shown when the model has loaded.
verdict-unmeasured = Whether this teacher makes use of its text was not measured.

## What an edit of the words did

change = What this changed
change-close = Close: what this changed
gained = gained
lost = lost
edit-became = “{ $phrase }” became “{ $word }”
edit-gone = “{ $phrase }” is not read any more
edit-added = “{ $phrase }” is read now
edit-none = The text is the same.
edit-one = { $edit }.
edit-two = { $first }, { $second }.
edit-many = { $count } phrases changed.
change-nothing-at-all = Nothing was outlined before, and nothing is now.
change-none = This did not change the mask.
change-too-small = This did not change the mask (less than 0.5 % of it).
change-mask = The mask gained { $gained } and lost { $lost } of its former area.
change-all-new = Nothing was outlined before; all of the mask is new.
change-dice = Dice { $before } → { $now }.
legend-change = What the words changed

## Attention to a phrase

legend-attention = Attention to “{ $phrase }”
peek = “{ $phrase }”, up to { $most }
attention-none = The teacher pays no attention to this phrase.
attention-even = Attention is nearly even over the image, { $most } at most.
attention-strongest = Attention is strongest at { $place }, { $most } at most.
attention-unknown = Attention is not known yet.
attention-off = Switched off: the teacher does not read this phrase.

## The visitor’s own vision-language model

ask = Ask your own vision-language model
ask-note = Your browser sends this image (at most 1024 pixels a side, without the file’s other data), the list of allowed words and your gaze points to the address below, and to nobody else. Any server with a chat interface like OpenAI’s will do: llama.cpp, Ollama, LM Studio, vLLM.
ask-address = Address
ask-model = Model
ask-model-hint = as the server calls it
ask-key = Key, if the server wants one
ask-key-note = Kept in memory until you close this tab, and stored nowhere.
ask-agree = This address is not on this computer: I agree that the image leaves it.
ask-go = Ask
ask-cancel = Cancel
ask-no-image = Open an image first.
ask-busy = One question at a time.
ask-far = { $server } is not on this computer. Tick the box above if the image may leave it.
ask-waiting = Waiting for { $server }.
ask-answered = { $model } has answered after { $time }.
ask-answer-late = It is about an image that is not open any more.
ask-answer-empty = It could say nothing about this image.
ask-caveat = Written by { $model } at { $server }, as you asked. Nobody has checked it.
ask-unnamed = unnamed model
ask-cancelled = Cancelled; what the server had received by then, it has.
ask-late = { $server } gave no answer within { $seconds } s. A smaller model is faster.
ask-offline = This browser is offline, so { $server } cannot be asked. Everything else on this page works without a network.
ask-cors = { $server } is there, but does not let this page read its answers (CORS). Ollama: start it with OLLAMA_ORIGINS={ $origin }. LM Studio: switch CORS on in the server’s settings. llama.cpp’s server allows it by itself; a proxy before it may not.
ask-unreachable = Nothing answers at { $server } ({ $cause }). Is the server running, and is the address right? A page from the internet also needs the browser’s leave to reach this computer.
address-scheme = The server's address must begin with http:// or https://, for example http://127.0.0.1:8080/v1.
address-credentials = The address must not hold a name or password; put the key into its own field.
address-query = The server's address must end with its path, for example /v1: no `?` and no `#`.
address-host = The server's address names no usable host; expected something like http://127.0.0.1:8080/v1.
address-port = The port in the server's address must be a number from 1 to 65535.
answer-wait = , wait { $seconds } s
answer-timed-out = No answer within { $seconds } s. A smaller model is faster.
answer-broken = The connection broke before the answer was complete ({ $cause }). The server may have crashed: look at its log.
answer-bad-request = The server refuses the request (HTTP { $status }): { $said }. Perhaps the model takes no images (llama.cpp needs --mmproj), or image and words are too long for its context.
answer-key = The server does not accept the key (HTTP { $status }): { $said }. Put the right one into the field above.
answer-not-found = The server does not know this path or model (HTTP 404): { $said }. Most base addresses end in /v1; a model must be named as the server lists it at /v1/models.
answer-too-large = The request is too large for the server (HTTP 413): { $said }. Raise the server's limit for request bodies.
answer-too-many = The server takes no more requests for now: { $said }. Ask again later.
answer-not-ready = The server is not ready (HTTP 503{ $wait }): { $said }. It may still be loading the model: ask again in a while.
answer-server = The server failed (HTTP { $status }): { $said }. Look at its log; asking again may help.
answer-elsewhere = The server sends the request elsewhere (HTTP { $status }), which is not followed, so that an image goes only where it was meant to go. Give the final address as base address.
answer-status = The server answers with HTTP { $status }, which a chat interface should not: { $said }. Check the base address.
answer-not-chat = This is not the answer of a chat interface ({ $cause }): { $said }. Check the base address; most end in /v1.
answer-empty = The model answered nothing. Another model may help.
answer-cut = The answer was cut short. A larger context in the server, or another model, may help.
answer-breaks-off = The answer was cut: it breaks off in the middle ({ $cause }). A larger context in the server, or another model, may help.
answer-thoughts = The answer was cut while the model still thought aloud, and drafts are not taken. A larger context in the server, switching its thinking off, or another model may help.
answer-several = The answer holds { $count } descriptions that differ, and it is not said which one counts. Another model may help.
answer-refused = The model refuses to describe the image: { $said }. Another model may not.
answer-prose = The model answered in prose instead of JSON, which is mostly a refusal or a model without schema support: { $said }. Use a server that supports `response_format` with a JSON schema, or another model.
answer-broken-json = The answer is broken JSON ({ $cause }): { $said }. Use a server that supports `response_format` with a JSON schema, or another model.
answer-schema = The answer is not a description of the schema: { $cause }. A server that holds the model to the schema prevents this.

## Layers

layers = Layers
layers-note = The sliders set how strongly a layer is filled; its contour stays.
layer-teacher = Outline
layer-teacher-note = follows gaze and words
opacity-teacher = Opacity of the outline
layer-in-text-teacher = teacher’s outline
layer-student = Student
layer-student-note = sees only the image
opacity-student = Opacity of the student’s outline
layer-in-text-student = student’s outline
layer-truth = True outline
layer-truth-note = where it is known
opacity-truth = Opacity of the true outline
layer-in-text-truth = true outline
layer-heat = Gaze
layer-heat-note = longer is brighter
opacity-heat = Opacity of the heat map
layer-in-text-heat = gaze heat map
layer-confidence = Teacher’s confidence
layer-confidence-note = violet where it is unsure
opacity-confidence = Opacity of the teacher’s confidence
layer-in-text-confidence = teacher’s confidence
layer-high-confidence = High-confidence
layer-high-confidence-note = surely looked at
opacity-high-confidence = Opacity of the high-confidence area
layer-in-text-high-confidence = high-confidence area
layer-broad = Broad area
layer-broad-note = probably looked at
opacity-broad = Opacity of the broad area
layer-in-text-broad = broad area
layer-background = Sure background
layer-background-note = surely not looked at
opacity-background = Opacity of the sure background
layer-in-text-background = sure background
layer-shown = Layer { $layer } shown.
layer-hidden = Layer { $layer } hidden.
layer-unknown = It is not known for this image.
nothing-selected = No point is selected. Press N to select one.
layer-needs-gaze = It needs a gaze point.

## The story

story = What you are seeing
story-1 = You look
story-1-text = Each click is a <em>fixation</em>: a moment in which the eye rests. Longer looks make larger circles, and all looks together make the heat map.
story-2 = The teacher looks with you
story-2-text = The teacher network sees the image and your gaze, and outlines what you looked at. Gaze at work is our extension of the published method.
story-3 = The teacher reads along
story-3-text = It also reads a short description, with words from a fixed list. They are measured, written by a language model, or yours, and each names its source.
story-4 = The student needs no gaze
story-4-text = The student learnt from gaze in place of hand-drawn outlines. It sees only the image, so its outline stays whatever you click or say.

## Keys

details = Details
keys = Mouse, touch and keyboard
key-click = Click or tap
key-click-does = add a gaze point; hold for a longer look (250 to 1100 ms)
key-drag = Drag
key-drag-does = move a gaze point
key-remove = Right-click, <kbd>Delete</kbd>
key-remove-does = remove a gaze point
key-history = <kbd>Ctrl</kbd> <kbd>Z</kbd>, <kbd>Ctrl</kbd> <kbd>Shift</kbd> <kbd>Z</kbd>
key-history-does = undo, redo
key-arrows = Arrow keys, <kbd>Enter</kbd>
key-arrows-does = move the crosshair (<kbd>Shift</kbd>: faster), add a point there; hold <kbd>Enter</kbd> for a longer look
key-select = <kbd>N</kbd>, <kbd>P</kbd>, <kbd>Alt</kbd> arrow keys
key-select-does = select the next or previous point, move it
key-attention = Point at a phrase, <kbd>Tab</kbd> to it, or hold it
key-attention-does = show where the teacher attends to it
key-switch = Press a phrase, <kbd>Space</kbd>
key-switch-does = switch it off or on; the arrow beside it chooses another word
key-open = Drop, <kbd>Ctrl</kbd> <kbd>V</kbd>
key-open-does = open your own image (JPEG, PNG, WebP or DICOM), gaze on the open one (CSV), or both at once

## For experts. What a bundle says of its training stays as it says it.

differs = How this differs from the paper
differs-networks = <b>Networks.</b> One frozen EfficientNet-Lite0 (for polyps adapted to colonoscopy once before, without a mask) reads the image for all; teacher and students are small heads on it. The paper trains two U-Nets from pixels. They are in the trainer, and too large for a page.
differs-gaze = <b>Gaze at work.</b> The paper’s teacher sees gaze only as something to learn from. Ours can also be shown gaze while it works, so that it follows your clicks; without clicks it is the paper’s.
differs-words = <b>Words.</b> The paper asks a large language model. Here every description names its source: measured from gaze and pixels, from a model, or yours. The sentence encoder is a small general one.
differs-loss = <b>What counts as background.</b> The released code takes everything that was not looked at for background. Here only what is surely background counts, and the rest is left open.
differs-consistency = <b>Who teaches whom.</b> In the released code the two networks correct each other. Here the teacher directs the student, as the paper’s summary says; the other way is a switch of the trainer.
differs-darm = <b>Squares of DARM.</b> In the method every image has squares where the two networks disagree. On real images our students failed that way, and did not when half of the images were left whole.
differs-choice = <b>Choosing a model.</b> The released code keeps the checkpoint that is best on the test images. Ours are chosen on images of their own, and the test images decide nothing.
differs-live = <b>Live training.</b> It is the trainer’s own step, on one or a few images and with a gentler rate, to be watched and not to be measured by.
experts = For experts: model, data and scores
fact-later = shown when the model has loaded
fact-model = Model
fact-model-value = { $name }, written { $date }
fact-data = Training data
fact-data-value = { $data }; split { $split }; data { $hash }
fact-text = Text
fact-target = Student’s target
fact-chosen = Chosen on
fact-chosen-value = { $on }, seed { $seed }, code { $code }
fact-student-dice = Student { $name }, Dice
fact-teacher-dice = Teacher without gaze, Dice
fact-teacher-gaze-dice = Teacher with gaze, Dice
fact-bundle = Bundle
fact-bundle-value = { $files } files, { $size }, each checked by its SHA-256
fact-int8 = Heads in 8 bits
fact-int8-value = move no logit of the reference image by more than { $moved }
fact-steers = Words for “{ $field }” steer
fact-steers-not = Words for “{ $field }” do not steer
experts-1 = A frozen EfficientNet-Lite0 reads the image once; teacher and student are small heads on its feature pyramid, so a click costs a head and not a network. The teacher takes the duration-weighted Gaussian heat map of your fixations as a prompt that was dropped at random in training; without fixations and words it sees the image only. High-confidence, broad and background masks come from the same heat map after a colour refinement, and take the place of hand-drawn outlines in training. Masks are logits, resized to the image’s own size and cut at one half; Dice is measured at that size.
experts-2 = Text reaches the teacher only. A description is a list of fields with words from a fixed vocabulary, one phrase a field. Every phrase was embedded once by all-MiniLM-L6-v2, a sentence encoder for general English that knows no medicine in particular, so the page needs no language model. The teacher reads the phrases by gated cross-attention at three levels; the map of a phrase is the mean over heads and levels of how much each place attends to it, and attention shows where a network read, not why it decided. Where the words that the teacher was trained with came from is written above. A description that is measured here rests on an outline that a network drew.
experts-3 = A student may be directed by three strategies of the published method: adaptive feature alignment (AFC), confidence-weighted consistency (CWC) and disagreement-aware random masking (DARM). The students of a bundle may also differ in what they learnt from; they share data, teacher, seed and everything else. Heads are stored as 8-bit integers with a scale per output channel and compute in 32-bit floating point. <code>#domain=prostate</code> in the address opens another domain.
experts-4 = Before a device may draw anything it must reproduce the bundle’s reference outputs within 0.001. The page starts on the CPU, tries WebGPU in the background, and keeps the faster. <code>?device=cpu</code> or <code>?device=webgpu</code> in the address decides it for you.

## Notices; those of the bundles follow as they are

notices = Notices, licences and privacy
privacy = Your images stay in this tab: nothing is sent anywhere, and there is no server to send it to. The one exception is your own: if you ask your own vision-language model, your browser sends the image to the address that you enter.
licences = In full: <a>NOTICE</a>, <a>Apache licence</a>.

## The vocabulary of the descriptions, fields and words; the teacher reads the phrases in shared/src/description, which are English whatever the page speaks

noun-polyp = polyp
noun-skin-lesion = skin lesion
noun-prostate = prostate gland
not-assessable = not assessable
field-count = Count
word-count-single = single
word-count-several = several
field-location = Location
word-location-upper_left = upper left
word-location-upper_centre = upper centre
word-location-upper_right = upper right
word-location-centre_left = centre left
word-location-centre = centre
word-location-centre_right = centre right
word-location-lower_left = lower left
word-location-lower_centre = lower centre
word-location-lower_right = lower right
field-size = Size
word-size-small = small
word-size-medium = medium-sized
word-size-large = large
field-shape = Shape
word-shape-round = round
word-shape-oval = oval
word-shape-elongated = elongated
word-shape-lobulated = lobulated
word-shape-irregular = irregular
field-border = Border
word-border-sharp = sharp
word-border-blurred = blurred
field-colour = Colour
word-colour-pink = pink
word-colour-red = red
word-colour-orange = orange
word-colour-yellow = yellow
word-colour-white = white
word-colour-brown = brown
word-colour-purple = purple
word-colour-light_brown = light brown
word-colour-dark_brown = dark brown
word-colour-black = black
word-colour-blue_grey = blue-grey
word-colour-dark = dark
word-colour-grey = grey
word-colour-bright = bright
field-contrast = Contrast
word-contrast-darker = darker
word-contrast-lighter = lighter
word-contrast-redder = redder
word-contrast-similar = similar
field-texture = Texture
word-texture-smooth = smooth
word-texture-heterogeneous = heterogeneous
field-edge = Edge
word-edge-whole = whole
word-edge-cut = cut by the edge
field-cover = On its surface
word-cover-clean = clean
word-cover-highlights = specular highlights
word-cover-mucus = mucus
word-cover-stool = stool
field-paris = Paris class
word-paris-0-Ip = 0-Ip pedunculated
word-paris-0-Is = 0-Is sessile
word-paris-0-IIa = 0-IIa slightly raised
word-paris-0-IIb = 0-IIb flat
word-paris-0-IIc = 0-IIc slightly depressed
word-paris-0-III = 0-III excavated
field-nice = NICE type
word-nice-type_1 = NICE 1
word-nice-type_2 = NICE 2
word-nice-type_3 = NICE 3
field-asymmetry = Asymmetry
word-asymmetry-symmetric = symmetric
word-asymmetry-one_axis = in one axis
word-asymmetry-two_axes = in two axes
field-colour_count = Colours
word-colour_count-one = one colour
word-colour_count-two = two colours
word-colour_count-three_or_more = three or more colours
field-structure = Structure
word-structure-network = pigment network
word-structure-globules = dots or globules
word-structure-streaks = streaks
word-structure-blue_white_veil = blue-white veil
word-structure-regression = regression
word-structure-structureless = structureless
field-artefact = Artefact
word-artefact-none = none
word-artefact-hair = hair
word-artefact-ruler = ruler
word-artefact-gel = gel bubbles
word-artefact-vignette = dark corners
field-symmetry = Symmetry
word-symmetry-symmetric = symmetric
word-symmetry-asymmetric = asymmetric
field-zone_contrast = Zone contrast
word-zone_contrast-clear = clear
word-zone_contrast-weak = weak

## Links and files

share = Save and share
share-close = Close: save and share
share-link-title = A link to what you see
share-link-note = It holds image, gaze, words, layers, students, seed and the step of the lesson, and no picture. For a class, leave away what should not distract:
share-hide = Parts that the linked page does not show
share-link = Link
share-copy = Copy
share-copied = The link is copied.
share-copy-yourself = The browser does not let the page copy. The link is marked: copy it yourself.
share-own-image = Your own image is not in the link, nor the gaze and the words on it.
share-long = The link holds the first { $most } gaze points; a CSV file holds them all.
part-choose = Choice of images
part-replay = Replay
part-scores = Scores
part-students = Training
part-description = Description
part-layers = Layers
part-compare = Comparison
part-distil = Live training
part-more = Details
save-title = Files
save-note = Made in this tab and sent nowhere. Masks have the image’s own size, 255 inside and 0 outside.
save-teacher = Teacher’s mask (PNG)
save-student = Student’s mask (PNG)
save-picture = Picture with layers (PNG)
save-gaze = Gaze (CSV)
save-record = Everything (JSON)
saved = { $file } is saved.
not-saved = The file could not be saved: { $cause }.
record-notice = Research and education only. Not a medical device. Simulated gaze and measured words are labelled as such.
gaze-file = Open gaze (CSV)
gaze-file-no-image = { $file }: open an image first, then its gaze.
gaze-file-empty = there is no fixation in it.
gaze-file-other = it has no gaze on “{ $image }”, but on { $names }. Rename the image in the file, or open one of these.
gaze-file-long = { $count } fixations on one image are more than the { $most } that are taken.
points-taken-file = { $points } taken from { $file }.
address-followed = This is what the link shows.
address-unreadable = The address cannot be read in part: { $pairs }. The rest of it is shown.
case-unknown = There is no image “{ $case }” in this gallery. The link may be for another version of the page.

## The page on a stand

stand = On the stand
stand-begin = Touch to begin
stand-alone = Alone
stand-glance = One glance
stand-glance-simulated = One simulated glance
stand-glance-recorded = One recorded glance
stand-skip = Skip
stand-leave = Leave
stand-code = QR code: this page on your phone
stand-look = Find the { $noun }. Only where you point is sharp.
stand-looked = Your glance, and the outline it leads to.
stand-one = There are two here. Look at one of them.
stand-one-seen = That is one.
stand-other = Now look at the other one.
stand-other-seen = The same picture, another glance.
stand-glances =
    { $left ->
        [one] One more glance, and a fresh network learns from them.
       *[other] Teach a fresh network: { $left } glances to go.
    }
stand-learning = It learns from your glances alone.
stand-learning-fit = It learns. It has never seen these pictures: { $fit }
stand-learnt = Your glances have taught this network.
stand-learnt-fit = Your glances taught it. On pictures it has never seen: { $fit }

## What visitors bring: dropped, pasted, chosen, dragged from another tab

incoming-kept = { $names } will be opened when the program is ready.
incoming-stopped = { $names } cannot be opened. Load the page again, then bring it once more.
incoming-not-taken = Nothing was opened.
incoming-link = A link came, and no picture; this page fetches nothing from other sites. Save the picture and drop its file here, or copy the picture itself and paste it.
incoming-text = Text came, and no picture. Bring a picture (JPEG, PNG, WebP or DICOM) or a gaze file (CSV).
incoming-nothing = Nothing came that can be opened here. Bring a picture (JPEG, PNG, WebP or DICOM) or a gaze file (CSV).
incoming-folder = { $name } is a folder. Open it and bring a picture out of it.
incoming-empty = { $file }: the file is empty (0 bytes). Perhaps its download was broken off: fetch it again.
incoming-foreign = { $file } is { $format }. { $remedy }
incoming-left-pictures =
    { $count ->
        [one] One picture is opened at a time, so { $names } was left.
       *[other] One picture is opened at a time, so { $names } were left.
    }
incoming-left-masks =
    { $count ->
        [one] { $names } is a mask by its name and was left: the page compares with the outlines of its own cases only. By itself it opens as a picture.
       *[other] { $names } are masks by their names and were left: the page compares with the outlines of its own cases only. By itself each opens as a picture.
    }
incoming-left-more =
    { $count ->
        [one] One more file was left.
       *[other] { $count } more files were left.
    }
incoming-beside-glances = { $file } was left: it came with glances of the tab Teach, which are taken alone.
incoming-left-gaze = { $file } was left: the gaze is that of { $taken }.
incoming-overtaken = { $former } was left before it was shown, because { $newer } came after it.
incoming-gaze-alone = The gaze in { $file } was not taken, because its picture is not open.
names = { $names }
names-more = { $names } and { $count } more
format-sound = a sound file
format-office = a document of an office program
remedy-office = Save the picture in it as JPEG or PNG, or its table as CSV, and bring that.
remedy-other = The page opens pictures (JPEG, PNG, WebP, DICOM) and gaze (CSV).

## DICOM files: why one is not read, and what is said of one that is

dicom-none = this is not a DICOM file: the letters DICM are missing at its beginning. Get the file again, or bring a picture of another format.
dicom-large = its packed data are larger than { $size } MB.
dicom-syntax = its pixels are packed as { $name }, which is not read here.
dicom-missing = its element { $name } is missing.
dicom-value = its element { $name } is “{ $value }”, which cannot be.
dicom-no-pixels = this DICOM file holds no picture. Bring one with pixels.
dicom-float = its pixels are floating-point numbers, which are not read here.
dicom-bits = its pixels use { $stored } of { $allocated } bits in a way that is not read here.
dicom-photometric = its colours are stored as { $name }, which is not read here.
dicom-fragments = its { $frames } frames lie in pieces, and nothing says which piece belongs to which frame.
dicom-codec = its { $name } pixels are damaged, or of a kind that is not read here.
dicom-table = its table { $name } is damaged, or of a form that is not read here.
dicom-frame = The file holds { $frames } frames; open is frame { $frame }, the middle one.
dicom-pixels = Of a DICOM file only the pixels are used; nothing about the patient is shown or kept.

## What goes wrong in files, in models and on devices; the causes in brackets are those of browsers and drivers

file-cause = { $file }: { $cause }
as-said = { $text }
image-other-format = this is { $format }, not a JPEG, PNG or WebP image. { $advice }
image-unknown = this is not a JPEG, PNG or WebP image, nor anything else that is known here. Save the image as PNG or JPEG.
image-too-large = the image is too large, { $width } × { $height } pixels. Make it smaller: at most { $side } pixels a side and about 40 million in all.
image-cut = the image is cut short, its end is missing. Fetch it again from where it came.
image-unsupported = this kind of image is not read. Save it as an ordinary PNG or JPEG.
image-damaged = the image is damaged. Fetch it again from where it came, or save it once more.
image-transparent = The transparent parts of this picture are shown, and read, as black.
image-turned = The picture is turned upright, as its file says.
image-stretched = The picture has 16 bits a channel: { $low } is shown, and read, as black and { $high } as white.
image-first-picture = The picture is an animation: its first frame is open.
format-empty = an empty file
format-heif = a HEIC picture, as phones take them
format-picture = a { $name } picture
format-tiff = a TIFF picture or the raw photo of a camera
format-psd = a Photoshop document
format-svg = an SVG drawing
format-pdf = a PDF document
format-html = a web page
format-dicom = a DICOM file
format-volume = a { $name } volume of slices
format-array = an array of numbers (NumPy)
format-video = a video
format-zip = a ZIP archive
format-archive = a packed file
format-lfs = a pointer of Git LFS and not the file itself
format-text = a text file
advice-save = Save it as PNG or JPEG and bring that.
advice-export = Save one slice, page or frame of it as PNG and bring that.
advice-get-again = Fetch the picture again: its download or copy went wrong.
advice-unpack = Unpack it and bring a picture out of it.
advice-lfs = Fetch the file itself with `git lfs pull`.
gaze-header-missing = line 1: the file is empty; expected the header `{ $header }`.
gaze-header = line 1: expected the header `{ $header }` (or the same names between semicolons or tabs), found `{ $found }`.
gaze-field-count = line { $line }: expected as many fields as the header line has, found { $found }.
gaze-field = line { $line }, field { $field }: expected { $expected }, found `{ $found }`.
gaze-columns = line { $line }: the header has no column { $missing }; its columns are those of `{ $header }`, in any order.
gaze-separator = line { $line }: the header’s fields are separated by { $header } and this row’s by { $row }. Use one of them throughout.
separator-commas = commas
separator-semicolons = semicolons
separator-tabs = tabs
gaze-decimal = line { $line }, field { $field }: `{ $found }` does not say which of comma and point begins the decimals. Write all numbers with points, without separators of thousands.
gaze-outside = line { $line }: the position `{ $found }` is outside of the image, as { $outside } of { $of } are. { $cause }
gaze-units-pixels = They look like pixels: divide x by the image’s width and y by its height.
gaze-units-per-cent = They look like per cent: divide them by 100.
gaze-units-origin = Many are negative: the origin may be the centre or the bottom left. Positions are fractions of the image, from its top left corner.
gaze-units-screen = They may be fractions of the screen: they must be fractions of the image, from its top left corner.
gaze-rows-passed = rows that count for nothing: { $lost } without gaze, { $outside } outside of the image, { $repeated } repeated.
text-code-page = line { $line } is not UTF-8 (`{ $found }`). Save the file again as “CSV UTF-8”.
text-broken-utf16 = line { $line } is not whole UTF-16: the file is damaged or cut short. Write it again, if possible as UTF-8.
text-utf32 = the file is UTF-32. Save it as UTF-8.
text-not-text = line { $line } holds a NUL byte, so this is not a text file, or a damaged one.
gaze-same-stem = line { $line }, field IMAGE: `{ $found }` and `{ $earlier }` have the same name without extension; rename one.
gaze-malformed = line { $line }: this cannot be read as CSV; perhaps a quotation mark is missing.
gaze-column-image = the image’s file name
gaze-column-number = a number of at least 0
gaze-column-fraction = a fraction of the image between 0 and 1
gaze-column-ms = a time in ms, finite and not negative
gaze-column-pixels = a size in pixels of at least 1
bundle-missing = The model’s file { $file } could not be had. Load the page again. (Detail: { $cause })
bundle-damaged = The model’s file { $file } is damaged. Load the page again; if that does not help, it is damaged on the server. (Detail: { $cause })
bundle-unfit = The model’s file { $file } does not fit this version of the page. Load the page again; if that does not help, the server has files of two versions. (Detail: { $cause })
bundle-no-manifest = The model came without its { $file }. Load the page again.
bundle-no-goldens = The model has no reference outputs to check a device by.
device-failed = the device failed while computing ({ $cause })
device-check-failed = { $device } failed while checking itself ({ $cause })
device-lost = the graphics device was lost
device-lost-why = the graphics device was lost ({ $cause })
model-differs = { $device } does not reproduce the reference outputs of “{ $name }”.
webgpu-no-device = this browser gives no WebGPU device ({ $cause })
step-lacks = A training step lacks its { $what }: it was prepared for other settings. Begin the training again.
engine-request-unread = a request could not be read ({ $error })
engine-not-ready = The engine is not ready for this yet.
engine-loaded-already = The engine has its model already.
engine-panicked = the program failed: { $cause }
image-not-open = This image is not open any more.
mask-size = the mask has { $mask } pixels, its image { $image }.
mask-not-written = The mask could not be written ({ $cause }).
live-no-student = No student is learning on this image.
live-no-gaze = it has no gaze to learn from.
live-nothing = A training needs a student and an image.
live-untold = Nothing was said yet of an image to learn from.
live-not-finite = Step { $step } gave numbers that are not finite, and was taken back: the students are as they were before it. Reset them, or choose another seed or target.
live-input-not-finite = What there is to learn from holds numbers that are not finite ({ $what }), so no step was taken. Open another image, or choose other words.
live-part-image = the image
live-part-gaze = the gaze
live-part-text = the words
live-part-target = the target
description-json = the description is not a JSON object: { $cause }
description-unknown-field = unknown field `{ $field }`; the schema has: { $allowed }
description-missing = the field `{ $field }` is missing
description-value = `{ $value }` is not a value of the field `{ $field }`; it takes: { $allowed }
description-conflict = the field `{ $field }` contradicts itself or another: { $cause }

## The screen: tabs, panels, and what stands behind "About"

about-open = About
about = About Fovea
about-close = Close: about Fovea
about-paper = The method follows “From Gaze to Insight” by Chen and others, <abbr>IEEE TMI</abbr> 2025. This is an independent implementation in Rust. Its code, and every result with its figures, are in the project’s repository.
about-book = To read on: <a>the book</a>, and <a>the documentation of the code</a>. Both are in English.
tabs = What to do with the image
tab-look = Look
tab-words = Words
tab-teach = Teach
tab-compare = Compare
look-say = Where you look decides what is outlined.
look-key-outline = The blue outline follows your gaze.
look-key-student = The yellow one is a student’s. It sees only the image.
look-begin-first = Look for a few seconds
look-begin =
    { $seconds ->
        [one] Look for 1 second
       *[other] Look for { $seconds } seconds
    }
look-end = Stop looking
look-more = More ways to look
words-more = More about the words
teach-more = Settings
gallery-more = More
layers-more = More
practice-image = Drawn practice image { $number }

## Pictures of the shipped galleries, by their ids. In English they are called as their manifests have it.

case-cju2y40d8ulqo0993q0adtgtb = Dome beside a fold
case-cju7ddtz729960801uazp1knc = Beside the instrument
case-cju2mh8t6p07008350e01tx2a = A bump on a bump
case-cju1amqw6p8pw0993d9gc5crl = Faint on orange
case-cju32srle1xfq083575i3fl75 = On a bright fold
case-cju3v11mrgwwb0755u242ygye = The colour of its ground
case-cju1c3218411b08014g9f6gig = At the upper rim
case-cju84hibuktj80871u519o71q = Only its glints tell
case-cju15wdt3zla10801odjiw7sy = A large red one
case-cju1cqc7n4gpy0855jt246k68 = A small shining one
case-cju17z0qongpa0993de4boim4 = Beside the dark
case-cju1cbokpuiw70988j4lq1fpi = Bright, and so is its neighbour
case-cju6v1m1xv07w09870ah3njy1 = Two at once
case-cju2wve9v7esz0878mxsdcy04 = On the crest of a fold
case-cju45rj7ln8980850a7821fov = Two far apart
case-cju45v0pungu40871acnwtmu5 = Beside what was eaten
case-cju31w6goazci0799n014ly1q = At the edge of what is seen
case-ISIC_0014253 = Two moles, one is meant
case-ISIC_0014576 = Almost the colour of the skin
case-ISIC_0014778 = An easy one
case-ISIC_0011150 = Under hairs
case-ISIC_0001254 = Beside a sticker
case-ISIC_0012332 = A small one above a large one
case-ISIC_0013054 = Beside a pen's mark
case-ISIC_0010862 = More than its dark part
case-ISIC_0000162 = A ring
case-ISIC_0013663 = Blurred on tanned skin
case-Prostate3T-01-0001_13 = Below the bladder
case-Prostate3T-01-0002_16 = Knotty
case-ProstateX-0218_12 = A large round gland
case-ProstateX-0001_11 = Above a full rectum
case-ProstateX-0000_11 = A bright rim
case-ProstateX-0218_10 = The same gland, lower

## Teaching a student from a few pictures: what the engine refuses

teach-no-room = { $file } could not be added: it needs { $needed } MB, and the { $count } pictures that are read already may take { $limit } MB together. Remove some of them first.
teach-no-picture = This picture has not been read. Add it to the lesson again.
teach-not-read = it has not been read completely. Add it to the lesson again.
teach-no-glance = nothing was looked at on it. Look at it, or skip it.
teach-no-truth = its true mask is not known. Add the mask as a file, or teach with glances.
teach-nothing = No picture teaches anything yet. Look at one picture at least.
teach-many-courses = { $count } students learn at a time at most. Throw one of them away first.
teach-no-course = This student has been thrown away. Start again.
teach-not-finite = Step { $step } gave numbers that are not finite, so it was undone. Start again with another seed.
teach-not-written = The student could not be written ({ $cause }).

## Looking: the sharp disc, the first look

look-invitation = There is a { $noun } here. Look at it.
look-invitation-own = Look at what you take for a { $noun }.
look-worth-fit = Alone { $alone }, with your glance { $with }
look-worth-fit-nothing = Alone { $alone }. Where you looked, the teacher outlines nothing.
look-worth-area = Alone it outlines { $alone } of the image, with your glance { $with }.
look-worth-only-with = Alone it outlines nothing, with your glance { $with } of the image.
look-worth-only-alone = Alone it outlines { $alone } of the image, with your glance nothing.
look-worth-neither = It outlines nothing, alone or with your glance.
look-begun =
    { $seconds ->
        [one] Look: you have 1 second. Only the disc is sharp.
       *[other] Look: you have { $seconds } seconds. Only the disc is sharp.
    }
look-left =
    { $seconds ->
        [one] 1 second left
       *[other] { $seconds } seconds left
    }
look-found = Your look is taken: { $points }.
look-outside = The sharp disc was never on the image. Look again, and move it over the image.
look-too-short = That was too short for a fixation. Look again, and stay on the image for a moment.
look-restless = The sharp disc never rested. Look again, and stop at what you look at.
look-length =
    { $seconds ->
        [one] 1 second
       *[other] { $seconds } seconds
    }
look-disc = { $degrees }°, or { $pixels } pixels at arm’s length (60 cm)
look-about = In look mode the image is blurred and only a disc under the pointer is sharp, so the way of the pointer shows roughly where you look, as in BubbleView (Kim et al. 2017, with clicks) and SALICON (Jiang et al. 2015, with a moving mouse). It approximates where people look and is not eye tracking; gaze from it is labelled pointer gaze.

## Teaching a network: the tab

teach-say = Glance at a few pictures. A fresh network learns from your glances alone.
teach-pictures = Pictures to glance at
teach-start = Start glancing
teach-next = Glance at picture { $number } of { $of }
teach-learn = Learn
teach-pause = Pause
teach-go-on = Go on
teach-references = Compare with other teachers
teach-skip = Skip this picture
teach-undo = Take the glance back
teach-again = Throw the student away
teach-progress = How far the student is
teach-unseen = Pictures it has never seen
teach-how-many = How many glances are enough?
teach-how-many-alt = Chart: Dice against the number of pictures, a line for each length of a glance
teach-how-many-note = Measured on polyps with the same recipe and recorded gaze, by the trainer: results/teach-polyp.json.
teach-race = Two students race on one picture
teach-chart-label = Fit on the unseen pictures over steps
teach-chart = Fit on unseen pictures
teach-begun = The student learns.
teach-looked = { $seconds } s
teach-skipped = skipped
teach-taken = { $done } of { $of } pictures are done.
teach-nothing-yet = Every picture was skipped. Press a picture and look at it.
teach-preparing = Reading the pictures: { $done } of { $of } views.
teach-fit-now = { $fit } on unseen pictures so far
teach-fit =
    { $pictures ->
        [one] { $fit } on pictures it has never seen, after one glance of yours
       *[other] { $fit } on pictures it has never seen, after { $pictures } glances of yours
    }
teach-cost =
    { $pictures ->
        [one] You looked for { $looked } s; to outline the picture takes about { $minutes } min (GazeMedSeg: 75 s a picture).
       *[other] You looked for { $looked } s; to outline { $pictures } pictures takes about { $minutes } min (GazeMedSeg: 75 s each).
    }
teach-untrained = Before learning: { $fit }.
teach-simulated = Taught by simulated gaze: { $fit }.
teach-outlines = Taught by true outlines: { $fit }.
teach-yours = yours
teach-theirs = theirs
teach-two = Your student fits { $yours }, theirs { $theirs }.
teach-two-cost = You looked for { $looked } s at { $pictures } of the pictures, they for { $long } s at { $others }. Both students draw the same unseen pictures.
teach-theirs-fit = The student of their glances fits { $fit } on unseen pictures. They looked for { $looked } s at { $pictures } of the pictures.
teach-theirs-learns = A student learns from their glances.

## Links with glances, and the files of a class

links = Links and classes
links-say = A link with your glances lets another person compare two teachers on the same pictures. The files of a class give one chart.
links-copy = Copy a link with my glances
links-save = Save my glances as a file
links-choose = Open files of glances
links-long = Your glances do not fit into a link of { $most } characters, so they are saved as a file.
links-teach = Teach a student with theirs
links-forget = Remove their glances
links-theirs = Another person has looked at { $pictures } of the pictures, for { $seconds } s. { $gaze }.
links-left = The gallery has no { $names } to glance at; these glances are left out.
links-unknown = None of the other person’s glances is at a picture of this gallery: { $names }. They may be for another version of the page. Yours are as they were.
links-domain = The other person’s glances are at another kind of image ({ $theirs }; this is { $here }). They wait until you choose that kind. Yours are as they were.
class-chart-label = Fit on the unseen pictures, upwards, against seconds looked, to the right.
class-summary = { $count } in the chart: fits from { $low } to { $high }, mean { $mean }, after { $short } to { $long } s of looking.
class-none = No student is in the chart.
class-caption = Students, and why some are not in the chart
class-student = Student
class-seconds = Looked (s)
class-glances = Pictures
class-fit = Fit
class-note = Note
class-away = Clear the chart
class-untrained = untrained
class-simulated = simulated gaze
class-outlines = true outlines
class-no-result = no result: saved before learning
class-domain = another kind of image: { $noun }
class-basis = measured with another network or other pictures
class-full = { $file } was left: the chart holds { $most } files.
glances-json = line { $line }: this is not JSON. The file is damaged, or was changed.
glances-kind = there are no glances of this page in it.
glances-version = it was written by a newer page (version { $version }). Load this page again.
glances-form = line { $line }: something is missing here, or is not what a file of glances holds.
glances-domain = it is about a kind of image that this page does not know: `{ $domain }`.
glances-gaze = it names a kind of gaze that this page does not know: `{ $gaze }`.
glances-picture = the glance at the picture `{ $picture }` has no fixation, or one that is out of range.
glances-pictures = it has no glance, too many, or two at one picture.
glances-result = its result is out of range.

## The visitor's own pictures

own-open = Your own pictures
own-say = Bring several pictures or a folder, with masks if you have any. Everything stays in this tab.
own-choose = Choose pictures
own-folder = Choose a folder
own-more = Add pictures
own-hand = Draw its outline
own-undo = Undo
own-learn =
    { $count ->
        [one] Learn from 1 picture
       *[other] Learn from { $count } pictures
    }
own-glance-on = Look at more pictures
own-progress-label = How far it is
own-progress = { $done } done, { $skipped } skipped, of { $of }.
own-most = A student learns from the first { $count }.
own-taking = Taking in file { $done } of { $of }.
own-saving = Writing picture { $done } of { $of }.
own-drawing = The student has drawn { $done } of { $of } pictures.
own-fit =
    { $count ->
        [one] Fit with the mask of 1 picture that it has not learnt from: { $fit }.
       *[other] Mean fit with the masks of { $count } pictures that it has not learnt from: { $fit }.
    }
own-settled = { $done } of { $of } masks are accepted. Press a picture to judge its mask.
own-times = Mean time a picture: by hand { $hand } s, glance { $glance } s.
own-time-glance = Mean time a picture: glance { $glance } s.
own-time-hand = Mean time a picture: by hand { $hand } s.
own-grid = Your pictures
own-accept = Accept the mask
own-mend = Mend it
own-again = Look again
own-remove = Remove the picture
own-is-accepted = { $file }: its mask is accepted.
own-is-mended = { $file }: its mask is mended.
own-is-drawn = { $file }: its outline was drawn by hand.
own-state-accepted = accepted
own-state-mended = mended
own-state-drawn = by hand { $seconds } s
own-state-unreadable = unreadable
own-save = Save (ZIP)
own-away = Throw everything away
own-really =
    { $count ->
        [one] Throw 1 picture away, with its glance and its mask?
       *[other] Throw { $count } pictures away, with their glances and masks?
    }
own-really-yes = Throw away
own-really-no = Keep it
own-back = Back to the gallery’s pictures
own-stored-today =
    { $count ->
        [one] 1 picture from today is kept here.
       *[other] { $count } pictures from today are kept here.
    }
own-stored-yesterday =
    { $count ->
        [one] 1 picture from yesterday is kept here.
       *[other] { $count } pictures from yesterday are kept here.
    }
own-stored-days =
    { $count ->
        [one] 1 picture from { $days } days ago is kept here.
       *[other] { $count } pictures from { $days } days ago are kept here.
    }
own-kept = Kept in this browser until you throw it away.
own-kept-full = The browser gives no more room, so nothing new is kept when this tab closes. Save the ZIP.
own-kept-not = The browser keeps nothing ({ $cause }). Save the ZIP before you close this tab.
own-refused =
    { $count ->
        [one] 1 file was not taken.
       *[other] { $count } files were not taken.
    }
own-refused-more = Also not taken: { $names }.
own-kind-unknown = an unknown format
own-not-picture = { $file } is { $format }, and no picture that is read here.
own-broken = { $file } is damaged and cannot be shown ({ $cause }).
own-glances = { $file } holds glances of the tab Teach. A collection takes pictures and masks.
own-gaze = { $file } is a table of gaze. A collection takes pictures and masks.
own-middle-frames = Of a file with several frames the middle one was taken: { $names }.
own-mask-alone = { $file } is a mask, and its picture is not here.
own-masks-several = { $file } is one of several masks of one picture. Bring one of them.
own-zip-other = { $file } is a ZIP of another kind. Unpack it and bring its pictures.
own-zip-packed = it is packed in a way that is not read here. Unpack it and bring its pictures.
own-zip-damaged = The ZIP is damaged ({ $cause }).
own-zip-lacks = The ZIP has no { $file }.
brush-label = Paint on the picture
brush-tools = Tools
brush-outline = Outline
brush-brush = Brush
brush-eraser = Eraser
brush-size = Size
brush-help = Draw on the picture. Keys: arrows move, space paints or sets a corner, Enter closes the outline.
brush-time = { $seconds } s
brush-done = Done
brush-cancel = Cancel

## The words under the image: the sentence, size, place, a model's answer, attention
word-not-read = { $field }: { $word }, not read
word-leave-out = Leave this word out
size-unsaid = not said
place-move = Move the place
answers-field = Field
answers-measured = Measured
answers-model = { $model } said
answers-verdict = Compared
answers-same = same
answers-different = different
answers-one-side = one says nothing
answers-agree = { $same } of { $both } words are the same.
attention-switch = Show where it attends

## The comparison: its headline, the chart of gains, the wipe, the map of agreement, the table of students

data-kvasir-seg = Kvasir-SEG
data-drawn-polyps = drawn polyps
data-nci-isbi = NCI-ISBI 2013
data-drawn-prostates = drawn prostates
data-isic = ISIC 2018
data-drawn-skin = drawn skin lesions
labels-heat = the heat map
labels-refined = the refined mask
labels-high-confidence = the high-confidence mask
labels-teacher = the teacher’s labels
labels-full-supervision = true masks
test-images = test images ({ $data })
test-images-counted = { $images } test images ({ $data })
interval = { $low } to { $high }
with-interval = { $value } ({ $interval })
headline-alike = On { $on }, the { $count } are alike: Dice { $low } to { $high }.
headline-close = On { $on }, the { $count } have Dice { $low } to { $high }; these data cannot tell them from each other.
headline-strategy = On { $on }, training with { $who } changes Dice by { $by }; the { $count } have { $low } to { $high }.
headline-single = On { $on }, the one measured student has Dice { $dice }.
headline-told = On { $on }, learning from { $labels } gives Dice { $high }, from { $reference } { $low }.
headline-told-close = On { $on }, learning from { $labels } gives Dice { $high }, from { $reference } { $low }; these data cannot tell them from each other.
headline-family = { $count } learnt from { $labels }: { $low } to { $high }; { $who }: { $by }.
headline-family-alike = { $count } learnt from { $labels }: { $low } to { $high }; no strategy shows a difference.
headline-gain = From { $labels }: { $dice }, { $by } over { $reference }.
headline-no-gain = From { $labels }: { $dice }, { $by } over { $reference }; no difference shown.
headline-bound = True masks, an upper bound: { $dice }, { $by } over { $reference }.
headline-trainings =
    { $count ->
        [1] One training each; intervals are 95 % over the images.
       *[other] { $count } trainings each; intervals are 95 % over the images.
    }
headline-other-trainings = These are other trainings than those of this page’s students.
claims-caption = Gain in Dice. Ring: published, one row minus the other. Dot: ours, with its 95 % interval. True masks are an upper bound.
claims-unmeasured = We have not measured on { $data }.
claims-other-images = On { $data }, the published values rest on other images and other simulated gaze than ours.
claims-method-unet = U-Net on gaze
claims-row-published = { $of } minus { $over }
claims-row-strategies-heat = Ours: three strategies, heat map
claims-row-strategies-refined = Ours: three strategies, refined mask
claims-row-bound-heat = Ours: true masks minus heat map
claims-row-bound-refined = Ours: true masks minus refined mask
claims-published = published: { $of } { $of_dice } minus { $over } { $over_dice } is { $value }.
claims-measured =
    { $seeds ->
        [1] { $label }: { $value }, 95 % interval { $interval }; one training, { $images } images, { $gaze }.
       *[other] { $label }: { $value }, 95 % interval { $interval }; { $seeds } trainings, { $images } images, { $gaze }.
    }
claims-gaze-recorded = recorded gaze
claims-gaze-simulated = simulated gaze
wipe-left = Left
wipe-right = Right
wipe-divider = Divider between two outlines
wipe-value = { $percent } % { $left }, the rest { $right }
agreement-one = 1
agreement-all = all { $students }
agreement-says = All { $students } include { $all } of the image, only some { $some }. Mean overlap of two (IoU): { $iou }.
agreement-needs-two = Choose at least two students to see where they agree.
grid-told = Learnt from
grid-bound = { $told } (upper bound)
grid-shipped = Test Dice of this page’s students on { $on }
grid-ablation = Test Dice of the published ablation on { $on }. Other trainings than those of this page’s students.
grid-cell =
    { $seeds ->
        [1] { $dice } (95 % interval { $low } to { $high }, 1 training)
       *[other] { $dice } (95 % interval { $low } to { $high }, { $seeds } trainings)
    }

## Comparing: folds

compare-scores-title = All scores
compare-details = In numbers

## What a change of gaze changed

edit-gaze = The teacher sees { $points }.
edit-no-gaze = The teacher sees no gaze.
legend-change-gaze = What your look changed

## Gaze of a pointer

gaze-pointer = Pointer gaze
use-gaze-pointer = Use the pointer gaze
points-taken-pointer = { $points } taken from the pointer gaze.
