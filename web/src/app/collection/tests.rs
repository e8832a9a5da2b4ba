#![allow(clippy::unwrap_used)]

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use fovea_shared::{
    description::Modality,
    gaze::{Fixation, parse_csv},
    plane::Mask,
};

use super::{
    archive::{
        coco::Coco,
        folder::{COCO, GAZE, texts},
        pack::Pack,
    },
    item::{Mark, Source, Verdict},
    record,
    shape::Shape,
    state::{Collection, FIRST},
    work::{COURSE, Due, MOST_TAUGHT, TOGETHER, Work},
};
use crate::{
    app::teach::{state::Phase, task::Task},
    protocol::{
        Blob, Outline, TaughtStep, TeachDraw, TeachDrawn, TeachDrew, TeachExported, TeachForget, TeachKept,
        TeachReading, TeachRole, TeachTarget,
    },
};

fn look(ms: f32) -> Vec<Fixation> {
    vec![Fixation { x: 0.4, y: 0.6, duration_ms: ms, start_ms: 100.0 }]
}

fn square(side: usize) -> Shape {
    let inside = |i: usize| (2..side - 2).contains(&(i % side)) && (3..side - 1).contains(&(i / side));
    Shape::of_mask(&Mask::from_vec(side, side, (0..side * side).map(inside).collect()))
}

fn collection(pictures: usize) -> Collection {
    let mut all = Collection::default();
    for i in 0..pictures {
        all.add(&format!("IMG {i}.JPG"), "jpg", (40, 40));
    }
    all
}

#[test]
fn a_visitor_glances_skips_draws_undoes_and_looks_again() {
    let mut all = collection(4);
    assert_eq!(all.items()[3].id, "IMG_3");
    assert_eq!((all.shown().unwrap().number, all.counts().waiting), (FIRST, 4));
    assert!(!all.take(vec![]) && all.take(look(4000.0)) && all.skip());
    assert!(!all.draw(Shape::of_mask(&Mask::empty(4, 4)), 3.0), "an empty outline is none");
    assert!(all.draw(square(40), 38.0));
    let counts = all.counts();
    assert_eq!((counts.glanced, counts.skipped, counts.drawn, counts.waiting), (1, 1, 1, 1));
    assert_eq!(all.seconds(), (Some(4.0), Some(38.0)));
    assert!(all.undo() && all.undo());
    assert_eq!((all.shown().unwrap().number, all.counts().waiting), (FIRST + 1, 3));
    assert!(all.again(FIRST) && !all.again(FIRST) && all.undo() && all.undo() && !all.undo() && !all.can_undo());
    assert_eq!(all.counts().waiting, 4);
}

#[test]
fn a_picture_that_is_taken_out_or_unreadable_is_passed_over() {
    let mut all = collection(3);
    all.unreadable(FIRST, "broken".into());
    assert_eq!((all.shown().unwrap().number, all.counts().waiting), (FIRST + 1, 2));
    all.take(look(500.0));
    all.remove(FIRST + 1);
    assert!(!all.can_undo());
    assert_eq!(all.shown().unwrap().number, FIRST + 2);
    all.clear();
    assert_eq!(all.add("a.png", "png", (1, 1)), FIRST + 3, "numbers are never given twice");
    assert_eq!(all.shown().unwrap().number, FIRST + 3);
}

#[test]
fn what_changes_is_kept_and_comes_back() {
    let mut all = collection(2);
    assert_eq!(all.take_changed().len(), 2);
    all.draw(square(40), 12.5);
    all.set_truth(FIRST, square(40));
    all.judge(FIRST + 1, Some(Verdict::Mended(square(20))));
    assert_eq!(all.take_changed().into_iter().collect::<Vec<_>>(), [FIRST, FIRST + 1]);
    assert!(all.take_changed().is_empty());
    let kept: Vec<_> = all.items().iter().map(|item| record::read(&record::write(item, "small")).unwrap()).collect();
    assert!(kept.iter().all(|(_, small)| small == "small"));
    let back = Collection::restore(kept.into_iter().map(|(item, _)| item).collect());
    assert_eq!(back.items(), all.items());
    assert_eq!(back.shown().unwrap().number, FIRST + 1);
}

/// A collection with everything in it.
fn full() -> Collection {
    let mut all = collection(6);
    all.take(look(4000.0));
    all.draw(square(40), 38.0);
    all.skip();
    all.set_truth(FIRST, square(40));
    all.judge(FIRST + 3, Some(Verdict::Accepted(square(20))));
    all.set_truth(FIRST + 4, square(40));
    all.judge(FIRST + 4, Some(Verdict::Mended(square(30))));
    all.unreadable(FIRST + 5, "broken".into());
    all
}

#[test]
fn masks_say_where_they_come_from() {
    let all = full();
    let sources: Vec<_> = all.items().iter().map(|item| item.mask().map(|(_, source)| source)).collect();
    use Source::{Accepted, Drawn, Mended, Truth};
    assert_eq!(sources, [Some(Truth), Some(Drawn), None, Some(Accepted), Some(Mended), None]);
}

#[test]
fn a_zip_has_everything_but_what_cannot_be_read_and_comes_back() {
    let all = full();
    let texts: BTreeMap<String, String> = texts(&all, Modality::Polyp).unwrap().into_iter().collect();
    let info: serde_json::Value = serde_json::from_str(&texts["dataset.json"]).unwrap();
    assert_eq!((info["modality"].as_str(), info["gaze"].as_str()), (Some("polyp"), Some("pointer")));
    assert_eq!(texts["splits/own-train.txt"], "IMG_0\n");
    assert_eq!(texts["splits/own-test.txt"], "IMG_1\nIMG_3\nIMG_4\n");
    let gaze = parse_csv(&texts[GAZE]).unwrap();
    assert_eq!((gaze.len(), gaze["IMG_0"].fixations.len()), (1, 1));

    let (mut pack, mut file) = (Pack::default(), Vec::new());
    for (name, text) in &texts {
        file.extend(pack.add(name, text.as_bytes()).unwrap());
    }
    file.extend(pack.finish().unwrap());
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut text = String::new();
    zip.by_name(COCO).unwrap().read_to_string(&mut text).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((value["images"].as_array().unwrap().len(), value["annotations"].as_array().unwrap().len()), (5, 4));
    assert_eq!(value["annotations"][0]["bbox"], serde_json::json!([2, 3, 36, 36]));
    let coco: Coco = serde_json::from_str(&text).unwrap();
    let mut back = Collection::default();
    for (name, mut item) in coco.items() {
        if let Some(path) = gaze.get(name.strip_suffix(".jpg").unwrap()) {
            item.mark = Mark::Glanced(path.fixations.clone());
        }
        back.add_item(item);
    }
    for (former, now) in all.items().iter().zip(back.items()) {
        assert_eq!((&former.id, &former.file, former.size, &former.mark), (&now.id, &now.file, now.size, &now.mark));
        assert_eq!(former.truth, now.truth);
        let area = |verdict: &Option<Verdict>| match verdict {
            Some(Verdict::Accepted(shape)) => Some((true, shape.scaled((40, 40)).area())),
            Some(Verdict::Mended(shape)) => Some((false, shape.scaled((40, 40)).area())),
            None => None,
        };
        assert_eq!(area(&former.verdict), area(&now.verdict));
    }
}

#[test]
fn the_same_zip_twice_keeps_ids_apart() {
    let mut all = full();
    let again: Vec<_> = all.items().to_vec();
    for item in again {
        all.add_item(item);
    }
    let mut ids: Vec<_> = all.items().iter().map(|item| item.id.clone()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 12);
}

fn outline(dice: f32) -> Outline {
    let points = Default::default();
    Outline { loops: vec![], points, size: (1, 1), area: 0, hash: String::new(), dice: Some(dice) }
}

const STEPS: usize = 2;

/// What the engine of these tests holds.
#[derive(Default)]
struct Engine {
    views: BTreeMap<u64, usize>,
    most: usize,
    said: Vec<String>,
    step: usize,
}

impl Engine {
    /// Does what it is asked, until there is nothing to do.
    fn work(&mut self, work: &mut Work, all: &Collection) {
        for _ in 0..5000 {
            let Some(due) = work.due(all) else { return };
            match due {
                Due::Start => {
                    let request = work.request(all);
                    assert!(request.taught.iter().all(|(picture, _)| self.views[picture] == 8));
                    self.said.push(format!("start {}", request.taught.len()));
                    self.step = 0;
                    work.taught_step(step(0));
                }
                Due::Task(Task::Read(picture, role)) => {
                    self.views.insert(picture, 1);
                    work.read(&self.reading(picture, role));
                    self.said.push(format!("read {role:?}"));
                }
                Due::Task(Task::ReadOn(picture)) => {
                    *self.views.get_mut(&picture).unwrap() += 1;
                    work.read(&self.reading(picture, TeachRole::Taught));
                }
                Due::Task(Task::Step(_)) => {
                    self.step += 1;
                    work.taught_step(step(self.step));
                }
                Due::Task(Task::Export(course)) => {
                    work.exported(TeachExported { course, step: STEPS, safetensors: Blob(vec![7]) });
                    self.said.push("export".into());
                }
                Due::Task(Task::Draw(ask)) => {
                    assert!(ask.pictures.iter().all(|picture| self.views.contains_key(picture)));
                    self.said.push(format!("draw {}", ask.pictures.len()));
                    work.drew(&ask, drew(&ask));
                }
                Due::Task(Task::Forget(what)) => {
                    match what {
                        TeachForget::Picture(picture) => drop(self.views.remove(&picture)),
                        TeachForget::Course(_) => self.said.push("forget course".into()),
                        TeachForget::All => self.views.clear(),
                    }
                    work.forgotten();
                }
                Due::Task(Task::Start(_)) => panic!("a course is made when it is due"),
            }
            self.most = self.most.max(self.views.values().sum());
        }
        panic!("it does not end: {:?}", &self.said[..20]);
    }

    fn reading(&self, picture: u64, role: TeachRole) -> TeachReading {
        let kept = TeachKept { pictures: 1, courses: 0, bytes: 1, limit: 9 };
        let of = if role == TeachRole::Taught { 8 } else { 1 };
        TeachReading { picture, views: self.views[&picture], of, native: (4, 4), truth: true, kept }
    }
}

fn step(step: usize) -> TaughtStep {
    let drawn = vec![TeachDrawn { picture: FIRST, unseen: false, outline: outline(0.9) }];
    let losses = if step == 0 { vec![] } else { vec![0.5] };
    TaughtStep { course: COURSE, step, of: STEPS, losses, ms: 1.0, draw_ms: 1.0, drawn, score: None }
}

fn drew(ask: &TeachDraw) -> TeachDrew {
    let drawn = |picture: &u64| TeachDrawn { picture: *picture, unseen: true, outline: outline(0.5) };
    TeachDrew { course: ask.course, drawn: ask.pictures.iter().map(drawn).collect() }
}

#[test]
fn two_hundred_pictures_are_drawn_in_batches_and_memory_is_bounded() {
    let (mut all, mut work, mut engine) = (collection(200), Work::default(), Engine::default());
    assert!(work.due(&all).is_none() && !work.learn(&all), "nothing is read before a glance");
    for _ in 0..60 {
        all.take(look(4000.0));
        engine.work(&mut work, &all);
    }
    assert!(work.learn(&all));
    engine.work(&mut work, &all);
    assert_eq!((work.phase(), work.to_draw(&all)), (Phase::Result, 0));
    assert_eq!(engine.said.iter().filter(|said| **said == format!("draw {TOGETHER}")).count(), 199 / TOGETHER);
    assert!(engine.said.contains(&format!("start {MOST_TAUGHT}")));
    assert!(engine.most <= 8 * MOST_TAUGHT + TOGETHER, "{} views", engine.most);
    // What the engine can hold beside the gallery's lesson.
    assert!((engine.most + 56) * crate::engine::teach::VIEW_BYTES <= crate::engine::teach::LIMIT);
    assert!(all.items().iter().all(|item| work.outline(item.number).is_some()));
    assert_eq!(work.student(), Some(&Blob(vec![7])));
}

#[test]
fn a_lost_engine_begins_again_with_the_same_glances_and_a_whole_result_stays() {
    let (mut all, mut work, mut engine) = (collection(20), Work::default(), Engine::default());
    all.take(look(4000.0));
    all.draw(square(40), 30.0);
    work.learn(&all);
    let request = work.request(&all);
    assert!(matches!(request.taught[..], [(_, TeachTarget::Glances(_)), (_, TeachTarget::Drawn(_))]));
    work.taught_step(step(0));
    work.restart(&all);
    let mut other = Engine::default();
    other.work(&mut work, &all);
    assert_eq!((work.phase(), other.said.iter().filter(|said| said.starts_with("start")).count()), (Phase::Result, 1));
    work.restart(&all);
    assert_eq!((work.phase(), work.due(&all)), (Phase::Result, None));
    // Looking again keeps the student until another one learns.
    work.look_again();
    all.again(FIRST);
    assert!(work.student().is_some() && work.outline(FIRST).is_some());
    all.take(look(100.0));
    assert!(work.learn(&all) && work.student().is_none());
    engine.work(&mut work, &all);
    assert_eq!(engine.said[0], "forget course");
}

#[test]
fn a_picture_that_the_engine_refuses_is_left_out_and_a_student_waits() {
    let (mut all, mut work) = (collection(3), Work::default());
    all.take(look(4000.0));
    all.take(look(4000.0));
    let Some(Due::Task(task)) = work.due(&all) else { panic!("a picture to read") };
    work.refused(&mut all, &task, "IMG 0.JPG: damaged".into());
    assert_eq!(all.items()[0].unreadable.as_ref().map(ToString::to_string), Some("IMG 0.JPG: damaged".into()));
    assert!(work.learn(&all));
    assert_eq!(work.request(&all).taught.len(), 1);
    work.taught_step(step(0));
    work.refused(&mut all, &Task::Export(COURSE), "no".into());
    work.pause(true);
    assert_eq!((work.phase(), work.due(&all)), (Phase::Learning { paused: true }, None));
    work.clear();
    all.clear();
    assert_eq!(work.due(&all), Some(Due::Task(Task::Forget(TeachForget::Course(COURSE)))));
}

#[test]
fn masks_that_came_measure_and_do_not_teach() {
    let (mut all, mut work, mut engine) = (collection(3), Work::default(), Engine::default());
    all.set_truth(FIRST, square(40));
    all.set_truth(FIRST + 2, square(40));
    all.take(look(4000.0));
    assert!(work.learn(&all));
    engine.work(&mut work, &all);
    assert_eq!(work.fit(&all), Some((0.5, 1)), "the picture that teaches does not count");
}
