use fovea_shared::{
    bundle::CaseDescription,
    description::{Description, Field, Modality, Source},
};

use super::*;
use crate::app::model::choice::Choice;

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
    gaze.replace(vec![], None);
    assert!(changed(&gaze));
    gaze.reset(Modality::Polyp, vec![]);
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

/// What a source says of the shape.
fn shape(source: Source, word: &str) -> CaseDescription {
    let mut description = Description::new(Modality::Polyp, source);
    assert!(description.set(Field::Shape, Some(word)).is_ok());
    CaseDescription { description, caveat: None }
}

/// Words that hold whatever the looks.
fn written() -> Wording {
    Wording::new(Said::of_image(shape(Source::Vlm("model".into()), "oval")))
}

/// Words that were measured when the image was made.
fn measured() -> Wording {
    Wording::new(Said::of_image(shape(Source::Measured, "oval")))
}

/// The word of the shape that the teacher reads.
fn read(inputs: &Inputs) -> Option<&'static str> {
    inputs.text().phrases.into_iter().find(|phrase| phrase.field() == Field::Shape).map(|phrase| phrase.word().name)
}

/// A word of a polyp.
fn choice(field: Field, word: &str) -> Choice {
    Choice::parse(Modality::Polyp, field, word).expect("a word of the vocabulary")
}

/// Answers that the present outline has this shape; true if the teacher reads other words then.
fn answer(inputs: &mut Inputs, word: &str) -> bool {
    let looks = inputs.fixations().to_vec();
    inputs.measured(&looks, &Said::of_looks(shape(Source::Measured, word), &looks))
}

#[test]
fn one_undo_takes_back_whichever_came_last() {
    let mut inputs = Inputs::default();
    assert!(inputs.describe(&written()) && !inputs.can_undo());
    inputs.add(0.5, 0.5, 250.0);
    assert!(inputs.reword(|w| w.toggle(Field::Shape)));
    inputs.add(0.2, 0.2, 250.0);
    assert_eq!((inputs.undo(), inputs.fixations().len()), (Some(Half::Gaze), 1));
    assert!(inputs.wording().text().phrases.is_empty());
    inputs.select(Some(0));
    assert_eq!((inputs.undo(), inputs.selected()), (Some(Half::Words), Some(0)));
    assert_eq!(inputs.wording(), &written());
    assert_eq!((inputs.undo(), inputs.fixations().len()), (Some(Half::Gaze), 0));
    assert_eq!(inputs.undo(), None);
    assert_eq!((inputs.redo(), inputs.redo(), inputs.redo()), (Some(Half::Gaze), Some(Half::Words), Some(Half::Gaze)));
    assert!(inputs.wording().text().phrases.is_empty() && inputs.fixations().len() == 2);
}

#[test]
fn words_that_stay_the_same_are_no_step() {
    let mut inputs = Inputs::default();
    inputs.describe(&written());
    let revision = inputs.revision();
    assert!(!inputs.reword(|w| w.set(choice(Field::Shape, "oval"))));
    assert_eq!((inputs.revision(), inputs.can_undo()), (revision, false));
    assert!(inputs.reword(|w| w.set(choice(Field::Shape, "round"))) && inputs.revision() > revision);
}

#[test]
fn a_description_that_comes_late_stands_wherever_nothing_was_said() {
    let mut inputs = Inputs::default();
    inputs.add(0.5, 0.5, 250.0);
    assert!(inputs.describe(&written()));
    assert_eq!(inputs.undo(), Some(Half::Gaze));
    assert_eq!(inputs.wording(), &written(), "undo does not take it away");
    // What the visitor has said by then stays.
    let mut inputs = Inputs::default();
    inputs.reword(|w| w.set(choice(Field::Colour, "red")));
    assert!(!inputs.describe(&written()));
    assert_eq!(inputs.wording().text().phrases.len(), 1);
}

#[test]
fn words_changed_during_a_drag_are_a_step_of_their_own() {
    let mut inputs = three();
    inputs.describe(&written());
    let before = inputs.fixations().to_vec();
    inputs.drag(0, 0.3, 0.3);
    inputs.reword(|w| w.toggle(Field::Shape));
    assert_eq!((inputs.undo(), inputs.undo()), (Some(Half::Words), Some(Half::Gaze)));
    assert_eq!(inputs.fixations(), before);
}

#[test]
fn measured_words_are_not_read_for_another_look_and_are_measured_from_it() {
    let mut inputs = Inputs::default();
    inputs.describe(&measured());
    assert_eq!((read(&inputs), inputs.awaits_words()), (Some("oval"), false));
    inputs.add(0.5, 0.5, 250.0);
    assert!(inputs.awaits_words() && inputs.text().phrases.is_empty(), "old words would hold the mask back");
    assert_eq!(inputs.wording().chips().count(), 1, "they are still shown");
    let revision = inputs.revision();
    assert!(answer(&mut inputs, "round") && inputs.revision() > revision);
    assert_eq!((read(&inputs), inputs.awaits_words()), (Some("round"), false));
    assert!(!answer(&mut inputs, "lobulated"), "nothing is awaited any more: what was asked twice ends in no loop");
    inputs.add(0.2, 0.2, 250.0);
    assert!(inputs.awaits_words() && read(&inputs).is_none());
    // Nobody looks any more: the words from before, at once.
    inputs.replace(vec![], None);
    assert_eq!((read(&inputs), inputs.awaits_words()), (Some("oval"), false));
    assert!(!inputs.wording().from_looks());
}

#[test]
fn words_of_looks_belong_to_the_step_of_the_looks() {
    let mut inputs = Inputs::default();
    inputs.describe(&measured());
    inputs.add(0.5, 0.5, 250.0);
    answer(&mut inputs, "round");
    inputs.add(0.2, 0.2, 250.0);
    answer(&mut inputs, "lobulated");
    assert_eq!((inputs.undo(), read(&inputs)), (Some(Half::Gaze), Some("round")));
    assert_eq!((inputs.undo(), read(&inputs)), (Some(Half::Gaze), Some("oval")));
    assert_eq!(inputs.undo(), None, "what was measured is no step of its own");
    assert_eq!((inputs.redo(), read(&inputs)), (Some(Half::Gaze), Some("round")));
    assert_eq!((inputs.redo(), read(&inputs)), (Some(Half::Gaze), Some("lobulated")));
}

#[test]
fn an_answer_to_looks_that_were_overtaken_is_kept_for_them_and_the_newest_are_awaited() {
    let mut inputs = Inputs::default();
    inputs.describe(&measured());
    inputs.add(0.5, 0.5, 250.0);
    let first = inputs.fixations().to_vec();
    inputs.add(0.2, 0.2, 250.0);
    let revision = inputs.revision();
    assert!(!inputs.measured(&first, &Said::of_looks(shape(Source::Measured, "round"), &first)));
    assert_eq!((inputs.awaits_words(), inputs.revision()), (true, revision));
    inputs.undo();
    assert_eq!((read(&inputs), inputs.awaits_words()), (Some("round"), false));
    inputs.redo();
    assert!(inputs.awaits_words(), "a state that was never answered is asked for again");
}

#[test]
fn an_outline_that_holds_nothing_leaves_no_words_and_is_not_asked_for_again() {
    let mut inputs = Inputs::default();
    inputs.describe(&measured());
    inputs.add(0.9, 0.9, 250.0);
    let (looks, revision) = (inputs.fixations().to_vec(), inputs.revision());
    let nothing = Said::nothing(Modality::Polyp, &Source::Measured, &looks);
    assert!(!inputs.measured(&looks, &nothing), "the teacher has read nothing before either");
    assert_eq!((inputs.awaits_words(), inputs.revision(), read(&inputs)), (false, revision, None));
    assert!(inputs.reword(|w| w.set(choice(Field::Shape, "round"))), "the visitor may still say something");
    assert_eq!(read(&inputs), Some("round"));
}

#[test]
fn the_gaze_that_an_image_came_with_leaves_the_words_that_it_came_with() {
    let own = three().fixations().to_vec();
    let mut inputs = Inputs::default();
    inputs.reset(Modality::Polyp, own.clone());
    inputs.describe(&measured());
    inputs.replace(own, None);
    assert_eq!((read(&inputs), inputs.awaits_words()), (Some("oval"), false));
    assert!(inputs.remove(2) && inputs.awaits_words(), "these are the visitor's own looks");
}

#[test]
fn what_a_person_or_a_model_said_is_read_whatever_the_looks() {
    let mut inputs = Inputs::default();
    inputs.describe(&written());
    inputs.add(0.5, 0.5, 250.0);
    assert_eq!((read(&inputs), inputs.awaits_words()), (Some("oval"), false));
    let mut inputs = Inputs::default();
    inputs.describe(&measured());
    inputs.reword(|w| w.set(choice(Field::Colour, "red")));
    inputs.add(0.5, 0.5, 250.0);
    assert_eq!((inputs.text().phrases.len(), inputs.awaits_words()), (2, false));
    // Taken back by hand they are measured words again.
    assert!(inputs.reword(|w| w.set(choice(Field::Colour, "not_assessable"))) && inputs.awaits_words());
    // A link's words stay as they are, even where they are those of the case.
    let mut inputs = Inputs::default();
    inputs.describe(&measured());
    inputs.reword(Wording::keep);
    inputs.add(0.5, 0.5, 250.0);
    assert_eq!((read(&inputs), inputs.wording().touched()), (Some("oval"), true));
}

#[test]
fn words_rest_while_a_point_is_dragged_and_undo_brings_back_both() {
    let mut inputs = Inputs::default();
    inputs.describe(&measured());
    inputs.add(0.5, 0.5, 250.0);
    answer(&mut inputs, "round");
    inputs.drag(0, 0.6, 0.5);
    assert!(inputs.moving() && inputs.awaits_words() && read(&inputs).is_none());
    inputs.drag(0, 0.5, 0.5);
    assert!(!inputs.awaits_words(), "back where it was");
    inputs.drag(0, 0.7, 0.5);
    assert!(inputs.end_drag() && !inputs.moving() && answer(&mut inputs, "lobulated"));
    assert_eq!((inputs.undo(), read(&inputs)), (Some(Half::Gaze), Some("round")));
    // A replay begins without looks and ends with them; in the middle it is nobody's words.
    let path = three().fixations().to_vec();
    inputs.play(vec![]);
    assert_eq!(read(&inputs), Some("oval"));
    inputs.play(path);
    assert!(inputs.end_drag() && inputs.awaits_words());
    inputs.undo();
    assert_eq!(read(&inputs), Some("round"));
}

#[test]
fn gaze_keeps_its_origin_and_a_hand_makes_it_pointer_gaze() {
    let path = three().fixations().to_vec();
    let mut gaze = three();
    assert_eq!(gaze.origin(), Some(GazeOrigin::Pointer));
    gaze.replace(path.clone(), Some(GazeOrigin::Recorded));
    gaze.remove(0);
    assert_eq!(gaze.origin(), Some(GazeOrigin::Recorded), "fewer of the same");
    gaze.drag(0, 0.3, 0.3);
    gaze.end_drag();
    assert_eq!(gaze.origin(), Some(GazeOrigin::Pointer));
    gaze.undo();
    assert_eq!(gaze.origin(), Some(GazeOrigin::Recorded));
    gaze.begin_play(Some(GazeOrigin::Simulated));
    assert_eq!(gaze.origin(), None, "there is none yet");
    gaze.play(path.clone());
    gaze.end_drag();
    gaze.add(0.2, 0.2, 300.0);
    assert_eq!(gaze.origin(), Some(GazeOrigin::Simulated), "a click on top does not make it a person's");
    gaze.replace(path, None);
    gaze.add(0.2, 0.2, 300.0);
    assert_eq!(gaze.origin(), None, "what is not known stays unknown");
    gaze.replace(vec![], None);
    gaze.add(0.2, 0.2, 300.0);
    assert_eq!(gaze.origin(), Some(GazeOrigin::Pointer));
}

#[test]
fn what_was_given_before_a_step_is_known_and_before_a_drag_its_beginning() {
    let mut gaze = Inputs::default();
    gaze.reset(Modality::Polyp, vec![]);
    assert_eq!(gaze.before(), None);
    let none = gaze.given();
    gaze.add(0.1, 0.1, 250.0);
    let one = gaze.given();
    assert_eq!((gaze.before(), one.fixations.len()), (Some(none.clone()), 1));
    for x in [0.2, 0.3, 0.4] {
        gaze.drag(0, x, 0.1);
        assert_eq!(gaze.before().as_ref(), Some(&one));
    }
    gaze.end_drag();
    let moved = gaze.given();
    gaze.undo();
    assert_eq!((gaze.before(), gaze.given()), (Some(moved.clone()), one.clone()));
    gaze.redo();
    assert_eq!((gaze.before(), gaze.given()), (Some(one), moved));
    gaze.replace(vec![], None);
    assert_eq!(gaze.given().fixations, none.fixations);
}

#[test]
fn looks_from_the_beginning_are_no_step_and_can_be_dragged_from() {
    let mut gaze = Inputs::default();
    let looks = three().fixations().to_vec();
    let before = gaze.revision();
    gaze.begin_with(looks.clone());
    assert!(gaze.revision() > before && !gaze.can_undo() && gaze.origin().is_none());
    gaze.drag(0, 0.3, 0.3);
    assert!(gaze.end_drag() && gaze.undo() == Some(Half::Gaze));
    assert_eq!((gaze.fixations(), gaze.can_undo()), (looks.as_slice(), false));
}

#[test]
fn what_was_given_before_comes_back_with_its_history_and_as_something_new() {
    let mut former = three();
    former.undo();
    let kept = former.clone();
    let mut now = Inputs::default();
    for _ in 0..9 {
        now.add(0.2, 0.2, 300.0);
    }
    let revision = now.revision();
    now.put_back(former);
    assert!(now.revision() > revision && now.revision() > kept.revision());
    assert_eq!((now.fixations(), now.can_redo()), (kept.fixations(), true));
    assert!(now.redo() == Some(Half::Gaze) && now.fixations().len() == 3);
}
