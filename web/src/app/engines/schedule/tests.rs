use super::*;

fn opened(image: u64) -> Schedule {
    let mut s = Schedule::default();
    s.want_image(image);
    assert_eq!(s.next_job(), Some(Job::Open(image)));
    s.finish();
    s
}

#[test]
fn nothing_is_done_without_a_wish() {
    assert_eq!(Schedule::default().next_job(), None);
}

#[test]
fn clicks_during_a_run_never_queue_up() {
    let mut s = opened(1);
    s.want_look(1);
    assert_eq!(s.next_job(), Some(Job::Look(1)));
    for revision in 2..=50 {
        s.want_look(revision);
        assert_eq!(s.next_job(), None);
    }
    s.finish();
    assert_eq!(s.next_job(), Some(Job::Look(50)));
    s.finish();
    assert_eq!(s.next_job(), None);
}

#[test]
fn a_mask_is_written_once_after_the_look_that_it_shows() {
    let mut s = opened(1);
    s.want_look(1);
    s.want_export(Some(1));
    assert_eq!(s.next_job(), Some(Job::Look(1)));
    s.finish();
    assert_eq!(s.next_job(), Some(Job::Export(1)));
    s.want_export(Some(2));
    s.give_up();
    assert_eq!(s.next_job(), Some(Job::Export(2)));
    s.finish();
    assert_eq!(s.next_job(), None);
}

#[test]
fn a_newer_image_comes_before_clicks_on_the_old_one() {
    let mut s = opened(1);
    s.want_look(1);
    s.next_job();
    s.want_look(2);
    s.want_image(2);
    s.finish();
    assert_eq!(s.next_job(), Some(Job::Open(2)));
    s.want_image(3);
    s.finish();
    assert_eq!(s.next_job(), Some(Job::Open(3)));
    s.finish();
    assert_eq!(s.next_job(), Some(Job::Look(2)));
}

#[test]
fn a_refused_image_leaves_the_old_one_open_and_is_not_tried_again() {
    let mut s = opened(1);
    s.want_look(1);
    s.next_job();
    s.finish();
    s.want_image(2);
    assert_eq!(s.next_job(), Some(Job::Open(2)));
    assert_eq!(s.give_up(), Some(Job::Open(2)));
    assert_eq!((s.next_job(), s.open_image()), (None, Some(1)));
}

#[test]
fn a_refused_image_does_not_take_back_a_newer_wish() {
    let mut s = opened(1);
    s.want_image(2);
    s.next_job();
    s.want_image(3);
    s.give_up();
    assert_eq!(s.next_job(), Some(Job::Open(3)));
}

#[test]
fn pseudo_masks_come_last_and_only_when_wanted() {
    let mut s = opened(1);
    s.want_look(1);
    s.next_job();
    s.finish();
    assert_eq!(s.next_job(), None);
    s.want_masks(true);
    assert_eq!(s.next_job(), Some(Job::Masks(1)));
    s.want_look(2);
    s.want_look(3);
    s.finish();
    assert_eq!(s.next_job(), Some(Job::Look(3)));
    s.finish();
    assert_eq!(s.next_job(), Some(Job::Masks(3)));
    s.finish();
    assert_eq!(s.next_job(), None);
}

#[test]
fn a_description_is_made_once_after_a_look_and_before_pseudo_masks() {
    let mut s = opened(1);
    s.want_look(1);
    s.want_description(true);
    s.want_masks(true);
    assert_eq!(s.next_job(), Some(Job::Look(1)));
    s.finish();
    assert_eq!(s.next_job(), Some(Job::Describe));
    s.want_look(2);
    s.finish();
    assert_eq!(s.next_job(), Some(Job::Look(2)));
    s.finish();
    assert_eq!(s.next_job(), Some(Job::Masks(2)));
    s.finish();
    s.want_description(true);
    assert_eq!(s.next_job(), Some(Job::Describe));
    assert_eq!(s.give_up(), Some(Job::Describe));
    assert_eq!(s.next_job(), None);
}

#[test]
fn another_student_comes_after_a_look_and_the_newest_wins() {
    let mut s = opened(1);
    s.want_look(1);
    s.want_student(Some(3));
    s.want_description(true);
    assert_eq!(s.next_job(), Some(Job::Look(1)));
    s.finish();
    assert_eq!(s.next_job(), Some(Job::Student(3)));
    s.want_student(Some(5));
    s.finish();
    assert_eq!(s.next_job(), Some(Job::Student(5)));
    assert_eq!(s.give_up(), Some(Job::Student(5)));
    assert_eq!(s.next_job(), Some(Job::Describe));
}

#[test]
fn another_model_goes_first_and_leaves_no_image_open() {
    let mut s = opened(1);
    s.want_look(1);
    s.want_model();
    assert_eq!(s.next_job(), Some(Job::Model));
    assert_eq!(s.finish(), Some(Job::Model));
    s.forget_image();
    assert_eq!((s.next_job(), s.open_image()), (None, None));
    s.want_image(2);
    assert_eq!(s.next_job(), Some(Job::Open(2)));
    s.finish();
    s.next_job();
    // Refused: the image stays open, and nothing is tried again.
    s.want_model();
    s.finish();
    assert_eq!(s.next_job(), Some(Job::Model));
    assert_eq!(s.give_up(), Some(Job::Model));
    assert_eq!((s.next_job(), s.open_image()), (None, Some(2)));
}

#[test]
fn another_engine_starts_with_the_newest_wishes() {
    let mut s = opened(4);
    s.want_look(9);
    s.next_job();
    s.restart();
    assert_eq!(s.next_job(), Some(Job::Open(4)));
    s.finish();
    assert_eq!(s.next_job(), Some(Job::Look(9)));
}

#[test]
fn steps_are_taken_when_there_is_nothing_else_to_do_and_after_the_learners_are_ready() {
    let mut s = opened(1);
    s.want_look(1);
    s.want_learners(Some(1));
    s.want_steps(true);
    s.want_comparison(Some(4));
    let mut order = Vec::new();
    for _ in 0..5 {
        order.extend(s.next_job());
        s.finish();
    }
    assert_eq!(order, [Job::Look(1), Job::Compare(4), Job::Learn(1), Job::LearnStep, Job::LearnStep]);
    assert!(s.learners_ready(1) && !s.learners_ready(2));
    s.next_job();
    s.want_look(2);
    s.want_learners(Some(2));
    s.finish();
    assert_eq!(s.next_job(), Some(Job::Look(2)));
    s.finish();
    assert_eq!(s.next_job(), Some(Job::Learn(2)));
    s.finish();
    s.next_job();
    assert_eq!(s.give_up(), Some(Job::LearnStep), "a refused step is not tried again");
    assert_eq!(s.next_job(), None);
}

#[test]
fn a_new_image_and_another_engine_have_no_learners_yet() {
    for restart in [true, false] {
        let mut s = opened(1);
        s.want_learners(Some(1));
        s.want_steps(true);
        s.want_comparison(Some(1));
        for _ in 0..4 {
            s.next_job();
            s.finish();
        }
        if restart {
            s.restart()
        } else {
            s.want_image(2)
        }
        let mut order = Vec::new();
        for _ in 0..5 {
            order.extend(s.next_job());
            s.finish();
        }
        let image = if restart { 1 } else { 2 };
        assert_eq!(order, [Job::Open(image), Job::Look(0), Job::Compare(1), Job::Learn(1), Job::LearnStep]);
    }
}

#[test]
fn an_image_is_measured_after_the_look_and_nobody_waits_for_it() {
    let mut s = opened(1);
    s.want_look(1);
    s.want_resemblance(true);
    s.want_description(true);
    assert_eq!(s.next_job(), Some(Job::Look(1)));
    s.finish();
    assert_eq!((s.next_job(), s.busy()), (Some(Job::Resemble), false));
    // Until the wish is withdrawn it is asked for again, as after a change of the engine.
    s.restart();
    assert_eq!(s.next_job(), Some(Job::Open(1)));
    s.finish();
    s.next_job();
    s.finish();
    assert_eq!(s.next_job(), Some(Job::Resemble));
    s.finish();
    s.want_resemblance(false);
    assert_eq!(s.next_job(), Some(Job::Describe));
}

#[test]
fn a_lesson_goes_on_where_no_image_is_open() {
    let mut schedule = Schedule::default();
    schedule.want_teaching(true);
    assert_eq!(schedule.next_job(), Some(Job::Teach));
    schedule.finish();
    schedule.want_image(1);
    assert_eq!(schedule.next_job(), Some(Job::Open(1)), "an image goes first");
}
