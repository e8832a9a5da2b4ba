//! What the page promises to those who test it.
//!
//! **Element ids.** `#stage` (the box) with the canvas `#stage-canvas`; `#undo #redo #clear #use-gaze`; `#file`; `#gallery
//! button[data-case]`; `#layer-X` and `#opacity-X` with X one of `teacher student truth heat confidence high-confidence broad background`;
//! `#status` (live region: what changed, in words), `#message` with `#message-text` (hidden when there is nothing to say),
//! `#no-lesion` (on the stage: the visitor looks somewhere and the teacher outlines nothing), `#case-title`, `#source`, `#attribution`;
//! `#device #device-detail #device-other #selfcheck #timing-click #timing-embed`; `#dice-teacher #dice-student`;
//! `#domains input[value=FOLDER]`; `#family` (values as [`crate::app::students::Family`] names them), `#strategy-afc #strategy-cwc #strategy-darm`,
//! `#student-name`, `#student-note`;
//! `#language` (values are the codes of languages; `#lang=CODE` in the address does the same); every element whose English is in
//! `index.html` names its message in `data-t`, and those of its attributes in `data-t-ATTRIBUTE`;
//! `#message-retry` (seen when the page has stopped), `#offline` (`data-state`: `saving`, `ready`, `refused`; www/offline.mjs);
//! `#model-facts`, `#notices`, `#fixations button[data-select]`, `button[data-remove]`.
//!
//! The screen: `#tab-X` (`aria-selected`) and `#panel-X` with X one of `look words teach compare`; `#gallery-more` opens the
//! rest of the pictures (`#gallery` has `data-open`), `#layers-more` folds the rest of the layers; `#result` is hidden while no
//! Dice is known and has `data-alone` while only the student's is; `#about-open` opens `#about`, `#about-close` closes it.
//!
//! The description: `#phrases li[data-field=NAME]` (hidden when nothing is said of the field; `data-off`, `data-edited`, `data-fixed` where
//! its words are not offered), in it `.phrase-toggle` (`aria-pressed`) and `select`, both described by `#about-NAME`; `#description-source` (`data-source` as the bundle
//! writes sources), `#description-edited`, `#description-confidence`, `#description-choice` in `#description-pick`, `#sentence`,
//! `#phrases` has `data-awaited` while words are measured again; `#description-caveat`, `#description-remarks`, `#description-note`; `#add-phrase` (values `FIELD.WORD`), `#describe-again`;
//! `#change` with `#change-what`, `#change-result`, `#change-close`; `#text-verdict`; `#legend` on the stage, `#peek` when the stage is
//! out of sight. The visitor's own model: `#ask` with `#ask-base #ask-model #ask-key #ask-far #ask-agree #ask-go #ask-cancel
//! #ask-status`.
//!
//! Gaze in time: `#replay-play` (`aria-pressed` while it plays), `#replay-time`, `#replay-speed`, `#simulate`. The lesson: `#lesson-start`,
//! `#lesson` (`data-shows`: the tab whose controls a deed needs) with `#lesson-count #lesson-title #lesson-text
//! #lesson-question`, `#lesson-answers button[data-answer]`, `#lesson-guess`, `#lesson-task`, the card `#lesson-card` (live
//! region; `data-right`) with `#lesson-figure #lesson-why`, `#lesson-back #lesson-next #lesson-close`. For teachers:
//! `#teachers-open` opens `#teachers` with `#teachers-list img`, `#teachers-plan`, `#teachers-print`, `#teachers-close`.
//!
//! Students side by side: `#compare-toggle` opens `#compare-body` with `#compare-choice input[value=PLACE]`, `#compare-against`,
//! `#compare-look`, `#compare-in #compare-out #compare-whole`, `#compare-tiles figure[data-who=teacher|PLACE]` and `#compare-table`. Live
//! training: `#distil-first #distil-second #distil-from #distil-target #distil-images #distil-look`, `#distil-play #distil-once
//! #distil-reset`, `#distil-figures`, `#distil-status` (live region), `#distil-tiles figure[data-learner]`, `#distil-loss #distil-dice`.
//!
//! Links with glances: `#teach-links` with `#links-copy #links-save #links-choose #links-files`, `#links-link`, `#links-said`,
//! `#links-theirs`, `#links-teach #links-forget`; `#teach-two` says both fits. A class: `#class` with `#class-summary`, `#class-chart .dot`,
//! `#class-table tr`, `#class-refused li`, `#class-away`.
//!
//! Own pictures: `#own-open`, `#own-back`, `#own-files`, `#own-folder`, `#own-go` leads on, `#own-grid
//! button[data-picture]` (`data-state`: `waiting`, `current`, `taken`, `skipped`, `settled`, `unreadable`),
//! `#own-accept #own-mend #own-again #own-redraw #own-remove` for the one that is chosen, `#own-save`, `#own-away`
//! with `#own-really-yes`; `#own-stored` offers kept work. The brush: `#brush-canvas` over the stage with
//! `#brush-done #brush-cancel`.
//!
//! Links, files, camera: `#share-open` opens the dialog `#share` with `#share-hide input`, `#share-link`, `#share-copy`; `#save-teacher
//! #save-student #save-picture #save-gaze
//! #save-record`, `#gaze-file`, `#save-said`; `#incoming-note` says before the program is there that
//! what was brought is kept (`www/incoming.js`); `#camera-open`, `#camera-take`, `#camera-close`,
//! `#camera-said` (`data-state`; www/camera.mjs). `?kiosk=SECONDS`: a stand, with `#stand`, `#stand-begin` while nobody is there, `#stand-line
//! #stand-skip #stand-leave` in the tour, `#stand-languages button[data-language]`, `#stand-code`. What follows `#`
//! in the address: see [`crate::app::share::address`]; it is written half a second after a change.
//!
//! **`document.documentElement.dataset.state`**: `loading` until the first mask is drawn (or, without a gallery, until an image can be
//! opened), `busy` while an engine works (a live training that goes on is none), `ready` when everything asked for is on the screen, `error` when the page has stopped;
//! then `#message` says why.
//!
//! **`window.fovea`**
//! - `state()`: an object, see [`Snapshot`].
//! - `maskHash(layer)`: 16 hexadecimal digits over the layer's present mask, or `null` when there is none. The three
//!   pseudo-masks are made while one of their layers is on.
//! - `maskArea(layer)`: its area in pixels at the size it was taken at, or `null`.
//! - `clickLatencies`: ms from a change of gaze or words to the drawn mask, one number a change that was not overtaken by a newer one.

use fovea_shared::gaze::Fixation;
use js_sys::{Array, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};

use super::{Page, Work};
use crate::{
    app::{
        canvas::layers::Layer,
        elements::{js, window},
        teach::figures::Figures,
    },
    protocol::Report,
};

/// The app's state, as `window.fovea.state()` gives it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// `data-state`.
    pub phase: &'static str,
    /// Code of the language that the page speaks. Names and titles below are in it where the page gives them.
    pub language: &'static str,
    /// Id of the gallery's case that is open, if one is.
    pub case: Option<String>,
    /// Title of what is open.
    pub title: Option<String>,
    /// Width and height of the open image, in pixels.
    pub size: Option<(u32, u32)>,
    /// How far the visitor's own image looks from those of training, and what is usual.
    pub likeness: Option<(f32, f32)>,
    /// The fixations.
    pub fixations: Vec<Fixation>,
    /// Index of the selected fixation.
    pub selected: Option<usize>,
    /// Whether a step can be undone.
    pub can_undo: bool,
    /// Whether a step can be redone.
    pub can_redo: bool,
    /// Names of the layers that are on.
    pub layers: Vec<&'static str>,
    /// Dice of teacher and student, where known.
    pub dice: (Option<f32>, Option<f32>),
    /// How many lesions are looked at, and of how many, where Dice is with these alone.
    pub lesions: Option<(u32, u32)>,
    /// Folder of the domain in use.
    pub domain: String,
    /// Folders of all domains.
    pub domains: Vec<String>,
    /// Name of the student that is shown.
    pub student: Option<String>,
    /// Names of all students of this bundle.
    pub students: Vec<String>,
    /// Device that computes.
    pub device: Option<String>,
    /// What the devices reported, as far as they are ready: CPU, WebGPU.
    pub reports: (Option<Report>, Option<Report>),
    /// The description that is shown, once anything is said.
    pub description: Option<ShownDescription>,
    /// The phrase whose attention is shown.
    pub attention: Option<ShownAttention>,
    /// What the last change of gaze or words changed, while that is shown.
    pub change: Option<ShownChange>,
    /// The comparison of students, while it is shown.
    pub compare: Option<ShownComparison>,
    /// The live training.
    pub live: ShownTraining,
    /// How the student does that the visitor has taught, once it has learnt.
    pub taught: Option<Figures>,
    /// Whether a question to the visitor's own model is out.
    pub asking: bool,
    /// Whether the page is on a stand and shows itself until somebody touches it.
    pub attracts: bool,
    /// What a stand plays: `opening alone glance both` in the loop, `look looked one one-seen other other-seen glances learning learnt` in
    /// the tour.
    pub stand: Option<&'static str>,
    /// Message that is shown.
    pub message: Option<String>,
    /// How often the page did what costs time.
    pub work: Work,
}

/// The description that is shown.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownDescription {
    /// Who said it, as the bundle writes it: `measured`, `vlm:<model>`, `distilled:<model>`, `clinician`.
    pub source: String,
    /// Whether the visitor has changed it, or a link has chosen its words.
    pub touched: bool,
    /// Whether its words were measured again from the visitor's looks.
    pub from_looks: bool,
    /// Whether they are about to be, because they were measured from other looks: until then the teacher reads none.
    pub awaited: bool,
    /// How sure the source is, 0 to 1.
    pub confidence: f32,
    /// What must be said with it.
    pub caveat: Option<String>,
    /// What the teacher is told, as a sentence.
    pub sentence: String,
    /// The phrases in the schema's order.
    pub phrases: Vec<ShownPhrase>,
    /// Sources of all descriptions of this image.
    pub choices: Vec<String>,
}

/// A phrase that is shown.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownPhrase {
    /// Name of the field.
    pub field: &'static str,
    /// Name of the word; nothing for `not_assessable`.
    pub word: Option<&'static str>,
    /// The chip's text.
    pub label: String,
    /// Whether the teacher is told it.
    pub on: bool,
    /// Whether the word is the visitor's.
    pub edited: bool,
    /// Whether other words are offered in its place.
    pub offered: bool,
    /// Largest attention to it, where the teacher has read it.
    pub attention: Option<f32>,
}

/// The attention that is shown.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownAttention {
    /// Name of the field.
    pub field: &'static str,
    /// Name of the word.
    pub word: &'static str,
    /// Largest attention of any place.
    pub max: f32,
    /// The same in words.
    pub says: String,
}

/// What a change of gaze or words changed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownChange {
    /// The change of the inputs in words.
    pub edit: String,
    /// What came of it in words.
    pub result: String,
    /// Pixels gained.
    pub gained: u32,
    /// Pixels lost.
    pub lost: u32,
    /// Pixels gained as a share of the former mask.
    pub gained_share: f32,
    /// Pixels lost as a share of the former mask.
    pub lost_share: f32,
    /// Dice before and after, where the truth is known.
    pub dice: (Option<f32>, Option<f32>),
}

/// The comparison that is shown.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownComparison {
    /// Places of the students.
    pub chosen: Vec<usize>,
    /// What the tiles show.
    pub look: &'static str,
    /// Magnification of all tiles.
    pub scale: f64,
    /// The shared cursor in fractions of the image.
    pub cursor: Option<(f32, f32)>,
    /// The teacher, once there is an answer.
    pub teacher: Option<ShownContestant>,
    /// The students, once there is an answer.
    pub students: Vec<ShownContestant>,
}

/// One mask of the comparison.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownContestant {
    /// The student's place; nothing for the teacher.
    pub place: Option<usize>,
    /// Hash of the mask.
    pub hash: String,
    /// Dice, where the truth is known.
    pub dice: Option<f32>,
    /// Intersection over union, where the truth is known.
    pub iou: Option<f32>,
    /// HD95 in pixels, where the truth is known.
    pub hd95: Option<f32>,
    /// Pixels that only this mask has.
    pub extra: Option<u32>,
    /// Pixels that only the other has.
    pub missing: Option<u32>,
}

/// The live training.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownTraining {
    /// Whether steps follow each other.
    pub playing: bool,
    /// Steps taken; nothing before the learners are set up.
    pub step: Option<usize>,
    /// Steps a second.
    pub speed: Option<f64>,
    /// Hash of what the learners are told to predict.
    pub target: Option<String>,
    /// Why it stands still.
    pub halted: Option<String>,
    /// The learners.
    pub students: Vec<ShownLearner>,
    /// Points of the charts.
    pub points: usize,
}

/// A student that learns.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownLearner {
    /// Hash of its mask.
    pub hash: String,
    /// Dice, where the truth is known.
    pub dice: Option<f32>,
    /// Its loss.
    pub loss: Option<f32>,
    /// AFC's loss.
    pub alignment: Option<f32>,
    /// CWC's loss.
    pub consistency: Option<f32>,
    /// Pixels that DARM hid in the last step.
    pub masked: Option<u32>,
}

/// Puts `window.fovea` in place.
///
/// # Errors
/// When the window refuses the property.
pub fn install(page: &Page, latencies: &Array) -> Result<(), String> {
    let hooks = Object::new();
    let put = |target: &Object, name: &str, value: &JsValue| {
        Reflect::set(target, &name.into(), value).map(drop).map_err(js::text)
    };
    let of = page.clone();
    let state = Closure::<dyn Fn() -> JsValue>::new(move || {
        let snapshot = of.read(|app| app.snapshot());
        snapshot.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or(JsValue::NULL)
    });
    let of = page.clone();
    let hash = Closure::<dyn Fn(String) -> JsValue>::new(move |name: String| {
        let hash = of.read(|app| Layer::from_name(&name).and_then(|l| app.model.outline(l).map(|o| o.hash.clone())));
        hash.map_or(JsValue::NULL, |h| JsValue::from_str(&h))
    });
    let of = page.clone();
    let area = Closure::<dyn Fn(String) -> JsValue>::new(move |name: String| {
        let area = of.read(|app| Layer::from_name(&name).and_then(|l| app.model.outline(l).map(|o| o.area)));
        area.map_or(JsValue::NULL, JsValue::from)
    });
    put(&hooks, "state", state.as_ref().unchecked_ref())?;
    put(&hooks, "maskHash", hash.as_ref().unchecked_ref())?;
    put(&hooks, "maskArea", area.as_ref().unchecked_ref())?;
    put(&hooks, "clickLatencies", latencies)?;
    // They live as long as the page.
    state.forget();
    hash.forget();
    area.forget();
    put(window().unchecked_ref(), "fovea", &hooks)
}
