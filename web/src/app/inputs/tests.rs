use std::rc::Rc;

use fovea_shared::{
    bundle::CaseDescription,
    description::{Description, Field, Modality, Source},
};

use super::*;

fn three() -> Inputs {
    let mut gaze = Inputs::default();
    gaze.add(0.1, 0.1, 250.0);
    gaze.add(0.5, 0.5, 400.0);
    gaze.add(0.9, 0.9, 250.0);
    gaze
}

#[test]
fn undo_and_redo_walk_the_same_road() {
    let mut gaze = three();
    let full = gaze.fixations().to_vec();
    assert!((0..3).all(|_| gaze.undo() == Some(Half::Gaze)) && gaze.undo().is_none());
    assert!(gaze.fixations().is_empty());
    assert!((0..3).all(|_| gaze.redo() == Some(Half::Gaze)) && gaze.redo().is_none());
    assert_eq!(gaze.fixations(), full);
}

#[test]
fn a_new_step_ends_redo() {
    let mut gaze = three();
    gaze.undo();
    gaze.add(0.2, 0.2, 250.0);
    assert!(!gaze.can_redo());
}

#[test]
fn a_drag_is_one_step() {
    let mut gaze = three();
    let before = gaze.fixations().to_vec();
    for i in 0..20 {
        gaze.drag(1, 0.5 + i as f32 / 100.0, 0.5);
    }
    assert!(gaze.end_drag() && !gaze.end_drag());
    assert!(gaze.undo().is_some());
    assert_eq!(gaze.fixations(), before);
}

#[test]
fn a_replay_is_one_step_and_undo_brings_back_what_was_there_before() {
    let mut gaze = three();
    let before = gaze.fixations().to_vec();
    for count in [0, 1, 1, 2] {
        gaze.play(before[..count].to_vec());
    }
    assert_eq!(gaze.fixations().len(), 2);
    assert!(gaze.end_drag());
    assert_eq!(gaze.undo(), Some(Half::Gaze));
    assert_eq!(gaze.fixations(), before);
}

#[test]
fn undo_during_a_drag_takes_the_drag_back() {
    let mut gaze = three();
    let before = gaze.fixations().to_vec();
    gaze.drag(0, 0.3, 0.3);
    assert!(gaze.undo().is_some());
    assert_eq!(gaze.fixations(), before);
}

#[test]
fn removing_keeps_the_selection_on_the_same_point() {
    let mut gaze = three();
    assert_eq!(gaze.selected(), Some(2));
    assert!(gaze.remove(0));
    assert_eq!(gaze.selected(), Some(1));
    assert!(gaze.remove(1) && !gaze.remove(7));
    assert_eq!(gaze.selected(), None);
}

#[test]
fn every_change_has_a_new_revision_and_selecting_has_not() {
    let mut gaze = three();
    let mut last = gaze.revision();
    let mut changed = |gaze: &Inputs| std::mem::replace(&mut last, gaze.revision()) != gaze.revision();
    gaze.select_next(1);
    assert!(!changed(&gaze));
    assert!(gaze.nudge(0.01, 0.0) && changed(&gaze));
    assert!(gaze.undo().is_some() && changed(&gaze));
    gaze.replace(vec![]);
    assert!(changed(&gaze));
    gaze.reset(Modality::Polyp);
    assert!(changed(&gaze) && !gaze.can_undo());
}

#[test]
fn points_stay_in_the_image_and_follow_each_other_in_time() {
    let mut gaze = Inputs::default();
    gaze.add(-0.5, 1.5, dwell(20.0));
    gaze.add(0.5, 0.5, dwell(9000.0));
    let f = gaze.fixations();
    assert_eq!((f[0].x, f[0].y, f[0].duration_ms), (0.0, 1.0, 250.0));
    assert_eq!((f[1].start_ms, f[1].duration_ms), (250.0, 1100.0));
}

#[test]
fn selection_goes_around() {
    let mut gaze = three();
    gaze.select_next(1);
    assert_eq!(gaze.selected(), Some(0));
    gaze.select_next(-1);
    assert_eq!(gaze.selected(), Some(2));
    gaze.select(Some(9));
    assert_eq!(gaze.selected(), None);
    gaze.select_next(-1);
    assert_eq!(gaze.selected(), Some(2));
}

fn measured() -> Wording {
    let mut description = Description::new(Modality::Polyp, Source::Measured);
    assert!(description.set(Field::Shape, Some("oval")).is_ok());
    Wording::new(Rc::new(CaseDescription { description, caveat: None }))
}

#[test]
fn one_undo_takes_back_whichever_came_last() {
    let mut inputs = Inputs::default();
    assert!(inputs.describe(&measured()) && !inputs.can_undo());
    inputs.add(0.5, 0.5, 250.0);
    assert!(inputs.reword(|w| w.toggle(Field::Shape)));
    inputs.add(0.2, 0.2, 250.0);
    assert_eq!((inputs.undo(), inputs.fixations().len()), (Some(Half::Gaze), 1));
    assert!(inputs.wording().text().phrases.is_empty());
    inputs.select(Some(0));
    assert_eq!((inputs.undo(), inputs.selected()), (Some(Half::Words), Some(0)));
    assert_eq!(inputs.wording(), &measured());
    assert_eq!((inputs.undo(), inputs.fixations().len()), (Some(Half::Gaze), 0));
    assert_eq!(inputs.undo(), None);
    assert_eq!((inputs.redo(), inputs.redo(), inputs.redo()), (Some(Half::Gaze), Some(Half::Words), Some(Half::Gaze)));
    assert!(inputs.wording().text().phrases.is_empty() && inputs.fixations().len() == 2);
}

#[test]
fn words_that_stay_the_same_are_no_step() {
    let mut inputs = Inputs::default();
    inputs.describe(&measured());
    let revision = inputs.revision();
    assert!(!inputs.reword(|w| w.set(Field::Shape, "oval")));
    assert_eq!((inputs.revision(), inputs.can_undo()), (revision, false));
    assert!(inputs.reword(|w| w.set(Field::Shape, "round")) && inputs.revision() > revision);
}

#[test]
fn a_description_that_comes_late_stands_wherever_nothing_was_said() {
    let mut inputs = Inputs::default();
    inputs.add(0.5, 0.5, 250.0);
    assert!(inputs.describe(&measured()));
    assert_eq!(inputs.undo(), Some(Half::Gaze));
    assert_eq!(inputs.wording(), &measured(), "undo does not take it away");
    // What the visitor has said by then stays.
    let mut inputs = Inputs::default();
    inputs.reword(|w| w.set(Field::Colour, "red"));
    assert!(!inputs.describe(&measured()));
    assert_eq!(inputs.wording().text().phrases.len(), 1);
}

#[test]
fn words_changed_during_a_drag_are_a_step_of_their_own() {
    let mut inputs = three();
    inputs.describe(&measured());
    let before = inputs.fixations().to_vec();
    inputs.drag(0, 0.3, 0.3);
    inputs.reword(|w| w.toggle(Field::Shape));
    assert_eq!((inputs.undo(), inputs.undo()), (Some(Half::Words), Some(Half::Gaze)));
    assert_eq!(inputs.fixations(), before);
}
