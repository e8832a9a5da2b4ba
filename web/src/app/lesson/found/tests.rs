#![allow(clippy::unwrap_used)]
use super::{super::places::rectangles, *};
use crate::{app::lesson::steps::steps, protocol::Blob};

fn look_at(x: f32, y: f32, duration_ms: f32) -> Fixation {
    Fixation { x, y, duration_ms, start_ms: 0.0 }
}

fn of(deed: Deed) -> Step {
    steps().into_iter().find(|step| step.deed == deed).unwrap()
}

fn with_dice(dice: f32) -> Outline {
    Outline { dice: Some(dice), ..rectangles(&[[0.1, 0.1, 0.2, 0.2]]) }
}

fn change(area_before: u32, lost_share: f32) -> Change {
    let none = || rectangles(&[]);
    Change { gained: none(), lost: none(), area_before, gained_share: 0.0, lost_share, dice_before: None }
}

#[test]
fn a_look_tells_whose_outline_fits_better() {
    let looks = [look_at(0.15, 0.15, 300.0)];
    for (with, alone, outcome) in [(0.8, 0.3, 0), (0.3, 0.8, 1), (0.80, 0.79, 2)] {
        let (teacher, student) = (with_dice(with), with_dice(alone));
        let seen = Seen { looks: &looks, teacher: Some(&teacher), student: Some(&student), ..Seen::default() };
        let found = found(&of(Deed::Look), &seen).unwrap();
        assert_eq!(found.outcome, Some(outcome));
        let said = found.figure.to_string();
        assert!(said.contains(&two(with)) && said.contains(&two(alone)), "{said}");
        assert_eq!(super::found(&of(Deed::Look), &Seen { looks: &[], ..seen }), None);
    }
}

#[test]
fn only_the_other_lesion_counts_and_the_outline_says_what_came() {
    let step = of(Deed::Drag);
    let (x, y, _) = step.looks[0];
    let here = [x - 0.1, y - 0.1, x + 0.1, y + 0.1];
    let there = [0.6, 0.6, 0.8, 0.8];
    let truth = rectangles(&[here, there]);
    let moved = [look_at(0.7, 0.7, 600.0)];
    let came = |looks: &[Fixation], outline: &Outline, lost: f32| {
        let change = change(100, lost);
        let (truth, teacher, change) = (Some(&truth), Some(outline), Some(&change));
        found(&step, &Seen { looks, truth, teacher, change, ..Seen::default() }).map(|found| found.outcome)
    };
    let [along, both, stays, nowhere] = [&[there][..], &[here, there], &[here], &[]].map(rectangles);
    assert_eq!(came(&moved, &along, 1.0), Some(Some(0)));
    assert_eq!(came(&moved, &both, 0.1), Some(Some(1)));
    assert_eq!(came(&moved, &stays, 0.0), Some(Some(2)));
    assert_eq!(came(&moved, &nowhere, 1.0), Some(None));
    // Where it was, beside every lesion, or on both, it is not done.
    for looks in
        [vec![look_at(x, y, 600.0)], vec![look_at(0.95, 0.05, 600.0)], vec![look_at(x, y, 9.0), moved[0]], vec![]]
    {
        assert_eq!(came(&looks, &along, 1.0), None, "{looks:?}");
    }
}

#[test]
fn the_heat_map_is_read_at_the_longest_and_the_shortest_look_while_it_is_shown() {
    let looks = [look_at(0.9, 0.9, 250.0), look_at(0.1, 0.1, 1000.0)];
    let step = of(Deed::ShowHeat);
    for (long, short, outcome) in [(255, 64, 0), (64, 255, 1), (200, 199, 2)] {
        let heat = Heat { size: (2, 2), values: Blob(vec![long, 0, 0, short]) };
        let seen = Seen { looks: &looks, heat: Some(&heat), heat_shown: true, ..Seen::default() };
        assert_eq!(found(&step, &seen).unwrap().outcome, Some(outcome));
        assert_eq!(found(&step, &Seen { heat_shown: false, ..seen }), None);
        assert_eq!(found(&step, &Seen { looks: &looks[..1], ..seen }), None);
    }
}

#[test]
fn other_words_make_the_outline_larger_or_smaller() {
    let outline = rectangles(&[[0.0, 0.0, 0.2, 0.1]]);
    for (before, outcome, said) in [(100, 0, "1.0 %"), (400, 1, "4.0 %"), (206, 2, "2.1 %")] {
        let change = change(before, 0.0);
        let seen = Seen { teacher: Some(&outline), change: Some(&change), reworded: true, ..Seen::default() };
        let found = found(&of(Deed::Reword), &seen).unwrap();
        assert_eq!(found.outcome, Some(outcome));
        let figure = found.figure.to_string();
        assert!(figure.contains(said) && figure.contains("2.0 %"), "{figure}");
        assert_eq!(super::found(&of(Deed::Reword), &Seen { reworded: false, ..seen }), None);
    }
}

#[test]
fn two_students_are_compared_here_and_as_published() {
    let side = |here, published| Side { here, published };
    let seen = |wiped, left, right| {
        let beside = Beside { wiped, pair: Some([left, right]), taught: None };
        found(&of(Deed::Wipe), &Seen { beside, ..Seen::default() })
    };
    let (heat, teacher) = (side(0.5, Some(0.709)), side(0.9, Some(0.806)));
    let found = seen(true, heat, teacher).unwrap();
    assert_eq!(found.outcome, Some(1));
    let said = format!("{} {}", found.figure, found.note);
    assert!(["0.50", "0.90", "0.71", "0.81"].iter().all(|figure| said.contains(figure)), "{said}");
    assert_eq!(seen(true, teacher, heat).unwrap().outcome, Some(0));
    assert_eq!(seen(true, heat, heat).unwrap().outcome, Some(2));
    assert_eq!(seen(false, heat, teacher), None);
    assert!(seen(true, side(0.5, None), teacher).unwrap().note.is_empty());
}

#[test]
fn the_visitors_student_is_told_by_its_fit() {
    for (fit, outcome) in [(0.1, 0), (0.6, 1), (0.9, 2)] {
        let taught = Taught { fit, untrained: 0.05, pictures: 1, looked: 4.0, by_hand: 74.8 };
        let beside = Beside { taught: Some(taught), ..Beside::default() };
        let found = found(&of(Deed::Teach), &Seen { beside, ..Seen::default() }).unwrap();
        assert_eq!(found.outcome, Some(outcome));
        assert!(found.figure.to_string().contains("0.05") && found.note.to_string().contains("1.2"));
    }
    assert_eq!(found(&of(Deed::Teach), &Seen::default()), None);
}
