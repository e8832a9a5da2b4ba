#![allow(clippy::unwrap_used)]

use fovea_shared::gaze::Fixation;

use super::{
    figures::{Figures, OUTLINE_SECONDS, TheirFigures},
    glances::{Glance, Glances, seconds},
    state::{Phase, Teach},
    task::{Task, Teacher},
};
use crate::protocol::{
    Blob, Outline, TaughtStep, TeachDrawn, TeachExported, TeachForget, TeachKept, TeachReading, TeachRole, TeachScore,
    TeachTarget,
};

fn look(ms: f32) -> Vec<Fixation> {
    let at = |start_ms, duration_ms| Fixation { x: 0.4, y: 0.6, duration_ms, start_ms };
    vec![at(100.0, ms / 2.0), at(100.0 + ms / 2.0, ms / 2.0)]
}

fn outline(dice: f32) -> Outline {
    let points = Default::default();
    Outline { loops: vec![], points, size: (1, 1), area: 0, hash: String::new(), dice: Some(dice) }
}

fn read(picture: u64, views: usize, of: usize) -> TeachReading {
    let kept = TeachKept { pictures: 1, courses: 0, bytes: 1, limit: 9 };
    TeachReading { picture, views, of, native: (4, 4), truth: true, kept }
}

/// The engine of these tests: it does what it is asked, until there is nothing to do.
fn work(teach: &mut Teach, steps: usize, fit: impl Fn(u32, usize) -> f32) -> Vec<String> {
    let mut done = Vec::new();
    while let Some(task) = teach.next_task() {
        assert!(done.len() < 200, "it ends: {done:?}");
        match task {
            Task::Read(picture, role) => {
                done.push(format!("read {picture} {role:?}"));
                teach.read(&read(picture, 1, if role == TeachRole::Taught { 3 } else { 1 }));
            }
            Task::ReadOn(picture) => {
                let last = done.iter().filter(|d| **d == format!("on {picture}")).count();
                done.push(format!("on {picture}"));
                teach.read(&read(picture, last + 2, 3));
            }
            Task::Start(request) => {
                done.push(format!("start {}", request.course));
                teach.taught_step(answer(request.course, 0, steps, fit(request.course, 0)));
            }
            Task::Step(ask) => {
                done.push(format!("step {}", ask.course));
                let step = Teacher::of_course(ask.course).and_then(|t| teach.record(t)).map_or(0, |r| r.step) + 1;
                teach.taught_step(answer(ask.course, step, steps, fit(ask.course, step)));
            }
            Task::Draw(ask) => panic!("a lesson names its pictures: {ask:?}"),
            Task::Export(course) => {
                done.push(format!("export {course}"));
                teach.exported(TeachExported { course, step: steps, safetensors: Blob(vec![7]) });
            }
            Task::Forget(what) => {
                done.push(format!("forget {what:?}"));
                teach.forgotten();
            }
        }
    }
    done
}

fn answer(course: u32, step: usize, of: usize, fit: f32) -> TaughtStep {
    let score = (step == 0 || step == of).then_some(TeachScore { taught: Some(0.9), unseen: Some(fit) });
    let drawn = vec![TeachDrawn { picture: 8, unseen: true, outline: outline(fit) }];
    let losses = if step == 0 { vec![] } else { vec![1.0 / step as f32] };
    TaughtStep { course, step, of, losses, ms: 50.0, draw_ms: 5.0, drawn, score }
}

#[test]
fn a_visitor_glances_skips_undoes_and_looks_again() {
    let mut glances = Glances::of(&[11, 12, 13, 12]);
    assert_eq!((glances.all().len(), glances.shown(), glances.waiting()), (3, Some((0, 11)), 3));
    assert!(!glances.take(vec![]), "nothing was looked at");
    assert!(glances.take(look(4000.0)));
    assert_eq!(glances.shown(), Some((1, 12)));
    assert!(glances.skip());
    assert!(glances.take(look(2000.0)));
    assert_eq!((glances.shown(), glances.waiting()), (Some((2, 13)), 0), "the last picture stays");
    assert_eq!((glances.taken().count(), glances.seconds()), (2, 6.0));

    assert!(glances.undo() && glances.undo());
    assert_eq!((glances.shown(), glances.all()[1].glance.clone()), (Some((1, 12)), Glance::Waiting));
    assert!(glances.take(look(1000.0)));
    assert_eq!((glances.shown(), glances.seconds()), (Some((2, 13)), 5.0), "the one that waits is next");
    assert!(glances.again(0) && !glances.again(0), "it waits already");
    assert_eq!((glances.shown(), glances.seconds()), (Some((0, 11)), 1.0));
    assert!(glances.undo());
    assert_eq!(glances.seconds(), 5.0, "the former glance is back");
    assert!(glances.undo() && glances.undo() && !glances.undo() && !glances.can_undo());
    assert_eq!(glances, Glances::of(&[11, 12, 13]));
}

#[test]
fn a_picture_is_left_out_of_the_lesson() {
    let mut glances = Glances::of(&[1, 2, 3]);
    glances.take(look(500.0));
    glances.take(look(500.0));
    glances.remove(1);
    assert_eq!((glances.shown(), glances.seconds(), glances.can_undo()), (Some((1, 3)), 0.5, false));
    glances.remove(3);
    glances.remove(2);
    glances.remove(2);
    assert_eq!((glances.shown(), glances.skip()), (None, false));
}

#[test]
fn a_glance_lasts_from_its_first_fixation_to_the_end_of_its_last() {
    assert_eq!((seconds(&look(4000.0)), seconds(&[])), (4.0, 0.0));
    let apart = [look(100.0), vec![Fixation { x: 0.1, y: 0.1, duration_ms: 200.0, start_ms: 900.0 }]].concat();
    assert!((seconds(&apart) - 1.0).abs() < 1e-6, "the eye moved between");
}

#[test]
fn pictures_are_read_while_the_visitor_looks_and_learning_waits_for_them() {
    let mut teach = Teach::default();
    teach.lesson(&[1, 2], &[8, 2], 7);
    assert_eq!(teach.unseen(), [8], "a picture that is taught is not unseen");
    assert!(!teach.can_learn() && !teach.learn());
    assert_eq!(teach.next_task(), Some(Task::Read(1, TeachRole::Taught)));
    teach.read(&read(1, 1, 3));
    assert_eq!(teach.reading(), (1, 3));
    // The first is taken and the second skipped before anything more is read.
    teach.glancing().unwrap().take(look(4000.0));
    teach.glancing().unwrap().skip();
    assert!(teach.learn());
    let done = work(&mut teach, 2, |_, _| 0.5);
    assert_eq!(
        done,
        ["on 1", "on 1", "read 8 Unseen", "start 0", "step 0", "step 0", "export 0"],
        "a skipped picture is not read"
    );
    assert_eq!(teach.phase(), Phase::Result);
}

#[test]
fn the_result_is_beside_untrained_simulated_and_outlines() {
    let mut teach = Teach::default();
    teach.lesson(&[1, 2, 3], &[8], 7);
    for _ in 0..3 {
        teach.glancing().unwrap().take(look(4000.0));
    }
    work(&mut teach, 3, |_, _| 0.0);
    assert!(teach.learn() && teach.figures().is_none());
    let fit = |course: u32, step: usize| if step == 0 { 0.1 } else { [0.7, 0.72, 0.75][course as usize] };
    assert_eq!(work(&mut teach, 3, fit), ["start 0", "step 0", "step 0", "step 0", "export 0"]);
    assert_eq!(teach.student(), Some(&Blob(vec![7])));
    let own = teach.record(Teacher::Visitor).cloned().unwrap();
    assert_eq!((own.losses.len(), own.fits.clone()), (3, vec![(0, 0.1), (1, 0.7), (2, 0.7), (3, 0.7)]));
    assert!(own.finished() && own.progress() == 1.0 && own.speed() == Some(15.0));

    teach.want_references();
    let Some(Task::Start(simulated)) = teach.next_task() else { panic!("the first reference") };
    assert!(matches!(simulated.taught[..], [(1, TeachTarget::Simulated { seed: 8, seconds: 4.0 }), ..]));
    let done = work(&mut teach, 3, fit);
    assert_eq!((done.len(), &done[0], &done[4]), (8, &"start 1".into(), &"start 2".into()));
    let figures = teach.figures().unwrap();
    assert_eq!(
        figures,
        Figures {
            fit: Some(0.7),
            untrained: Some(0.1),
            simulated: Some(0.72),
            outlines: Some(0.75),
            pictures: 3,
            looked: 12.0,
            by_hand: 3.0 * OUTLINE_SECONDS,
        }
    );
    assert!((figures.times_faster().unwrap() - 18.7).abs() < 0.1);
    assert!((OUTLINE_SECONDS - 74.8).abs() < 0.01);
}

#[test]
fn a_student_waits_goes_on_and_is_thrown_away_and_the_glances_stay() {
    let mut teach = Teach::default();
    teach.lesson(&[1], &[8], 7);
    teach.glancing().unwrap().take(look(4000.0));
    work(&mut teach, 3, |_, _| 0.0);
    teach.learn();
    teach.taught_step(answer(0, 0, 3, 0.1));
    teach.taught_step(answer(0, 1, 3, 0.2));
    teach.pause(true);
    assert_eq!((teach.phase(), teach.next_task()), (Phase::Learning { paused: true }, None));
    teach.pause(false);
    assert!(matches!(teach.next_task(), Some(Task::Step(_))));

    assert!(teach.glancing().is_none(), "what it learns from stays");
    teach.throw_away();
    assert_eq!((teach.phase(), teach.next_task()), (Phase::Glancing, Some(Task::Forget(TeachForget::Course(0)))));
    // The answer to a step that was on its way.
    teach.taught_step(answer(0, 2, 3, 0.3));
    teach.forgotten();
    assert_eq!((teach.record(Teacher::Visitor), teach.next_task()), (None, None));
    assert!(teach.can_learn(), "the glances are still there");
    teach.start_again();
    assert!(
        !teach.can_learn() && teach.glances().waiting() == 1 && teach.next_task().is_none(),
        "nothing is read again"
    );
    teach.lesson(&[5], &[], 7);
    assert_eq!(teach.next_task(), Some(Task::Forget(TeachForget::All)));
}

#[test]
fn what_the_engine_refuses_is_left_out_and_a_new_engine_reads_again() {
    let mut teach = Teach::default();
    teach.lesson(&[1, 2], &[8, 9], 7);
    teach.glancing().unwrap().take(look(4000.0));
    teach.glancing().unwrap().take(look(4000.0));
    teach.refused(&Task::Read(1, TeachRole::Taught));
    teach.refused(&Task::Read(9, TeachRole::Unseen));
    work(&mut teach, 2, |_, _| 0.0);
    assert!(teach.learn());
    let Some(Task::Start(request)) = teach.next_task() else { panic!("a course") };
    assert_eq!((request.taught.len(), request.taught[0].0, request.unseen.as_slice()), (1, 2, &[8][..]));
    teach.refused(&Task::Start(request));
    assert_eq!(teach.phase(), Phase::Learning { paused: true }, "it waits, and the visitor is told");

    teach.pause(false);
    teach.taught_step(answer(0, 0, 2, 0.1));
    teach.restart();
    let done = work(&mut teach, 2, |_, _| 0.4);
    assert_eq!(done, ["read 2 Taught", "on 2", "on 2", "read 8 Unseen", "start 0", "step 0", "step 0", "export 0"]);
    // A finished student stays when the engine is replaced.
    teach.restart();
    assert!(teach.figures().is_some() && teach.student().is_some());
}

#[test]
fn a_picture_whose_reading_was_stopped_is_handed_over_again() {
    let mut teach = Teach::default();
    teach.lesson(&[1, 2], &[8], 7);
    teach.read(&read(1, 1, 3));
    assert_eq!(teach.next_task(), Some(Task::ReadOn(1)));
    teach.glancing().unwrap().skip();
    assert_eq!(teach.next_task(), Some(Task::Read(2, TeachRole::Taught)));
    teach.read(&read(2, 1, 3));
    teach.glancing().unwrap().undo();
    // The engine has let go of the first picture when the second was begun.
    assert_eq!(teach.next_task(), Some(Task::Read(1, TeachRole::Taught)));
    teach.read(&read(1, 2, 3));
    assert_eq!(teach.next_task(), Some(Task::ReadOn(1)));
}

#[test]
fn another_persons_glances_teach_a_second_student_beside_the_visitors() {
    let mut teach = Teach::default();
    teach.lesson(&[1, 2], &[8], 7);
    teach.glancing().unwrap().take(look(4000.0));
    teach.glancing().unwrap().skip();
    teach.set_theirs(vec![(1, look(2000.0)), (2, look(3000.0))]);
    assert!(!teach.teaches_theirs() && teach.their_figures().is_none());
    work(&mut teach, 2, |_, _| 0.0);
    assert!(teach.learn());
    teach.teach_theirs();
    let fit = |course: u32, step: usize| if step == 0 { 0.1 } else { [0.7, 0.0, 0.0, 0.6][course as usize] };
    let done = work(&mut teach, 2, fit);
    let theirs = ["start 3", "step 3", "step 3"];
    let own = ["read 2 Taught", "on 2", "on 2", "start 0", "step 0", "step 0", "export 0"];
    assert_eq!(done, [&own[..], &theirs].concat(), "a picture that the visitor skipped is read for theirs");
    assert_eq!(teach.figures().and_then(|figures| figures.fit), Some(0.7));
    let figures = TheirFigures { fit: Some(0.6), pictures: 2, looked: 5.0 };
    assert_eq!((teach.their_figures(), teach.teaches_theirs()), (Some(figures), false));

    // The visitor begins again: the other person's student stays.
    teach.throw_away();
    assert_eq!(teach.next_task(), Some(Task::Forget(TeachForget::Course(0))));
    teach.forgotten();
    assert_eq!((teach.their_figures(), teach.next_task()), (Some(figures), None));
    assert!(teach.learn());
    assert_eq!(work(&mut teach, 2, fit), ["start 0", "step 0", "step 0", "export 0"], "it is not taught again");
    teach.set_theirs(Vec::new());
    assert_eq!(teach.next_task(), Some(Task::Forget(TeachForget::Course(3))));
    assert_eq!((teach.their_figures(), teach.theirs().len()), (None, 0));
}

#[test]
fn their_student_learns_alone_while_the_visitor_glances() {
    let mut teach = Teach::default();
    teach.lesson(&[1, 2], &[8], 7);
    teach.teach_theirs();
    assert!(!teach.teaches_theirs(), "there is no other person");
    teach.set_theirs(vec![(2, look(3000.0))]);
    work(&mut teach, 2, |_, _| 0.0);
    teach.teach_theirs();
    let Some(Task::Start(request)) = teach.next_task() else { panic!("their course") };
    assert_eq!((request.course, request.taught), (3, vec![(2, TeachTarget::Glances(look(3000.0)))]));
    assert_eq!((request.unseen, request.seed), (vec![8], 7), "as the visitor's");
    teach.taught_step(answer(3, 0, 2, 0.1));
    assert_eq!(teach.phase(), Phase::Glancing);
    // Other glances come in the middle: an answer to the former ones is on its way.
    teach.set_theirs(vec![(1, look(1000.0))]);
    teach.teach_theirs();
    teach.taught_step(answer(3, 1, 2, 0.9));
    assert_eq!(teach.record(Teacher::Other), None);
    let done = work(&mut teach, 2, |_, _| 0.5);
    assert_eq!(done, ["forget Course(3)", "start 3", "step 3", "step 3"]);
    assert_eq!(teach.their_figures(), Some(TheirFigures { fit: Some(0.5), pictures: 1, looked: 1.0 }));
    assert!(teach.figures().is_none() && teach.glances().waiting() == 2);
    // A student that the engine refuses waits for the visitor.
    teach.set_theirs(vec![(2, look(500.0))]);
    work(&mut teach, 2, |_, _| 0.5);
    teach.teach_theirs();
    let Some(Task::Start(request)) = teach.next_task() else { panic!("their course") };
    teach.refused(&Task::Start(request));
    assert_eq!((teach.teaches_theirs(), teach.next_task()), (false, None));
}
