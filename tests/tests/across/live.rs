//! Distillation as the page runs it, natively: the same session, on the shipped bundles.

use std::{collections::BTreeMap, fs, path::Path};

use fovea_shared::{bundle::Manifest, gaze::Fixation};
use fovea_web::{
    engine::session::Session,
    protocol::{
        Against, Backend, Blob, CompareRequest, LearntStep, LiveRequest, LiveStart, LiveStep, LiveTarget, NamedFile,
        OpenRequest, Text,
    },
};

/// Of the polyps a large red one: what a student learns from it in seconds does not depend on the order of the strip.
const EASY: &str = "cju15wdt3zla10801odjiw7sy";

/// A session on the bundle of a folder with [`EASY`] or its first case open, that case's gaze, and the other cases that have gaze.
struct Lab {
    session: Session,
    gaze: Vec<Fixation>,
    others: Vec<OpenRequest>,
    manifest: Manifest,
}

/// The files of a shipped bundle, and its manifest.
pub(crate) fn bundle(folder: &str) -> (BTreeMap<String, Blob>, Manifest) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/bundle").join(folder);
    let read = |name: &str| fs::read(folder.join(name)).unwrap();
    let manifest = Manifest::parse(&read("manifest.json")).unwrap();
    let names = manifest.files.keys().map(String::as_str).chain(["manifest.json"]);
    (names.map(|name| (name.to_owned(), Blob(read(name)))).collect(), manifest)
}

impl Lab {
    fn open(folder: &str) -> Self {
        let (files, manifest) = bundle(folder);
        let named = |name: &String| NamedFile { name: name.clone(), bytes: files[name].clone() };
        let request = |number: usize| {
            let case = &manifest.gallery[number];
            OpenRequest {
                image: number as u64 + 2,
                file: named(&case.image),
                mask: case.mask.as_ref().map(named),
                gaze: case.gaze.as_ref().map(named),
                from_bundle: true,
                student: 0,
            }
        };
        let gazed = |number: &usize| manifest.gallery[*number].gaze.is_some();
        let open = manifest.gallery.iter().position(|case| case.id == EASY).unwrap_or(0);
        let others =
            (0..manifest.gallery.len()).filter(|number| *number != open && gazed(number)).map(request).collect();
        let (mut session, report) = pollster::block_on(Session::load(Backend::Cpu, files.clone())).unwrap();
        assert!(report.passed);
        let mut gaze = Vec::new();
        pollster::block_on(session.open(OpenRequest { image: 1, ..request(open) }, |picture| gaze = picture.fixations))
            .unwrap();
        assert!(!gaze.is_empty());
        Self { session, gaze, others, manifest }
    }

    fn learn(&mut self, students: &[LiveStart], target: LiveTarget, more: Vec<OpenRequest>) -> LearntStep {
        let request = LiveRequest { image: 1, students: students.to_vec(), target, more, seed: 7 };
        pollster::block_on(self.session.learn(request)).unwrap()
    }

    fn step(&mut self, steps: usize, fixations: &[Fixation]) -> Result<LearntStep, String> {
        let ask = LiveStep { image: 1, steps, fixations: fixations.to_vec(), text: Text::default() };
        pollster::block_on(self.session.learn_step(ask)).map_err(|why| why.to_string())
    }
}

fn fresh(strategies: &str) -> LiveStart {
    LiveStart { strategies: strategies.parse().unwrap(), from: None }
}

#[test]
fn a_fresh_student_learns_the_open_image_from_its_gaze() {
    let mut lab = Lab::open("polyp");
    let gaze = lab.gaze.clone();
    let before = lab.learn(&[fresh("none"), fresh("all")], LiveTarget::BroadMask, vec![]);
    assert_eq!((before.step, before.students.len(), before.target.is_none()), (0, 2, true));
    assert_eq!(before.students[0].outline.hash, before.students[1].outline.hash, "both start alike");
    let first = lab.step(1, &gaze).unwrap();
    let mut last = lab.step(1, &gaze).unwrap();
    for _ in 0..28 {
        last = lab.step(1, &gaze).unwrap();
        let dice = |i: usize| last.students[i].outline.dice.unwrap();
        println!(
            "step {}: Dice {:.3} and {:.3}, loss {:.3}, {:.0} ms",
            last.step,
            dice(0),
            dice(1),
            last.students[0].loss.unwrap(),
            last.ms
        );
    }
    assert_eq!((last.step, last.target.is_some()), (30, true));
    let [plain, all] = &last.students[..] else { panic!("two students") };
    assert!(plain.loss < first.students[0].loss);
    assert!(plain.outline.dice.unwrap() > 0.6 && plain.outline.dice > before.students[0].outline.dice);
    assert!(all.outline.dice.unwrap() > 0.6);
    assert_ne!(plain.outline.hash, all.outline.hash, "strategies make another student");
    assert!(plain.alignment.is_none() && plain.consistency.is_none() && plain.inside.cosine.is_empty());
    assert!(all.alignment.is_some() && all.consistency.is_some());
    assert_eq!((all.inside.cosine.len(), all.inside.cosine_means.len()), (3, 3));
    assert!(all.inside.reliable_background.as_ref().unwrap().area > 0);
    assert!(all.inside.disagreement.is_some() && all.inside.masked.is_some());
}

#[test]
fn gaze_and_words_given_while_it_runs_change_what_is_learnt_and_no_gaze_is_refused() {
    let mut lab = Lab::open("polyp");
    let gaze = lab.gaze.clone();
    lab.learn(&[fresh("none")], LiveTarget::BroadMask, vec![]);
    assert!(lab.step(1, &[]).unwrap_err().contains("add a gaze point"));
    let here = lab.step(2, &gaze).unwrap();
    let there: Vec<Fixation> = gaze.iter().map(|f| Fixation { x: 1.0 - f.x, y: 1.0 - f.y, ..*f }).collect();
    let moved = lab.step(1, &there).unwrap();
    assert_eq!((here.step, moved.step), (2, 3), "a refusal is not a step");
    assert_ne!(here.target.unwrap().hash, moved.target.unwrap().hash);
    // Without gaze there is still what the teacher draws by itself.
    lab.learn(&[fresh("none")], LiveTarget::Teacher, vec![]);
    assert!(lab.step(1, &[]).unwrap().target.is_some());
}

#[test]
fn a_trained_student_starts_where_the_bundle_has_it() {
    let mut lab = Lab::open("prostate");
    let gaze = lab.gaze.clone();
    let place = lab.manifest.default_student();
    let strategies = lab.manifest.students[place].kind.strategies;
    let shipped = pollster::block_on(lab.session.student(1, place)).unwrap();
    let start = lab.learn(&[LiveStart { strategies, from: Some(place) }], LiveTarget::BroadMask, vec![]);
    assert_eq!(start.students[0].outline, shipped.outline);
    lab.step(3, &gaze).unwrap();
    let again = pollster::block_on(lab.session.student(1, place)).unwrap();
    assert_eq!(again.outline, shipped.outline, "the shipped student is untouched");
    let request = LiveRequest {
        image: 1,
        students: vec![LiveStart { strategies, from: Some(99) }],
        target: LiveTarget::Teacher,
        more: vec![],
        seed: 1,
    };
    assert!(pollster::block_on(lab.session.learn(request)).unwrap_err().to_string().contains("no student number 99"));
}

#[test]
fn the_same_seed_is_the_same_training_and_other_images_take_their_turns() {
    let run = |more: usize| {
        let mut lab = Lab::open("polyp");
        let (gaze, others) = (lab.gaze.clone(), lab.others[..more].to_vec());
        lab.learn(&[fresh("afc+darm")], LiveTarget::BroadMask, others);
        lab.step(4, &gaze).unwrap().students.remove(0).outline.hash
    };
    let alone = run(0);
    assert_eq!(alone, run(0));
    assert_ne!(alone, run(2));
}

#[test]
fn students_are_compared_with_the_truth_with_the_teacher_and_with_each_other() {
    let lab = Lab::open("prostate");
    let places: Vec<usize> = (0..lab.manifest.students.len()).collect();
    let compare = |against: Against| {
        let request = CompareRequest {
            image: 1,
            places: places.clone(),
            fixations: lab.gaze.clone(),
            text: Text::default(),
            against,
        };
        pollster::block_on(lab.session.compare(request)).unwrap()
    };
    let truth = compare(Against::Truth);
    assert_eq!(truth.students.iter().map(|(place, _)| *place).collect::<Vec<_>>(), places);
    for (_, one) in &truth.students {
        let (dice, iou) = (one.outline.dice.unwrap(), one.iou.unwrap());
        assert!((dice / (2.0 - dice) - iou).abs() < 1e-4 && one.hd95.unwrap() >= 0.0);
        let difference = one.difference.as_ref().unwrap();
        // Dice from the difference map: what is shared is the mask without what is extra.
        let shared = (one.outline.area - difference.extra.area) as f32;
        let all = (one.outline.area + (one.outline.area - difference.extra.area) + difference.missing.area) as f32;
        assert!((2.0 * shared / all - dice).abs() < 1e-4);
        let inside = one.inside.as_ref().unwrap();
        assert!(inside.reliable_background.as_ref().unwrap().area > 0 && inside.disagreement.is_some());
    }
    assert!(truth.teacher.difference.is_some() && truth.teacher.inside.is_none());
    let teacher = compare(Against::Teacher);
    assert!(teacher.teacher.difference.is_none(), "it does not differ from itself");
    let other = compare(Against::Student(2));
    assert!(other.students[2].1.difference.is_none() && other.students[1].1.difference.is_some());
    assert_eq!(other.students[1].1.outline, truth.students[1].1.outline);
}

#[test]
fn simulated_gaze_is_aimed_at_the_truth_or_says_that_it_is_not_and_its_seed_is_all_there_is_to_it() {
    let mut lab = Lab::open("prostate");
    let look = |lab: &Lab, seed| pollster::block_on(lab.session.simulate(1, seed, 0)).unwrap();
    let (first, again, other) = (look(&lab, 1), look(&lab, 1), look(&lab, 2));
    assert!(first.saw_truth && first.fixations.len() >= 14);
    assert_eq!(first.fixations, again.fixations);
    assert_ne!(first.fixations, other.fixations);
    let request = OpenRequest { image: 9, mask: None, ..lab.others[0].clone() };
    pollster::block_on(lab.session.open(request, |_| ())).unwrap();
    assert!(!pollster::block_on(lab.session.simulate(9, 1, 0)).unwrap().saw_truth);
}
