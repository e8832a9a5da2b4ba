#![allow(clippy::unwrap_used)]
use super::*;

const SIZE: (u32, u32) = (640, 480);

fn viewing(seconds: u8) -> Viewing {
    Viewing::begin(1000.0, Length::new(seconds))
}

/// Draws frames at 60 Hz up to a moment.
fn frames(viewing: &mut Viewing, until: f64) {
    while viewing.clock_ms + SAMPLE_MS <= until {
        viewing.pass(viewing.clock_ms + SAMPLE_MS);
    }
    viewing.pass(until);
}

#[test]
fn a_pointer_that_rests_at_two_places_makes_two_fixations() {
    let mut viewing = viewing(4);
    viewing.moved(1000.0, (0.2, 0.3));
    frames(&mut viewing, 2000.0);
    viewing.moved(2000.0, (0.7, 0.6));
    frames(&mut viewing, 2600.0);
    let found = viewing.end(2600.0, SIZE).unwrap().fixations;
    assert_eq!(found.len(), 2, "{found:?}");
    assert!((found[0].x - 0.2).abs() < 0.01 && (found[0].duration_ms - 1000.0).abs() < 20.0, "{found:?}");
    assert!((found[1].y - 0.6).abs() < 0.01 && (found[1].duration_ms - 600.0).abs() < 20.0, "{found:?}");
}

#[test]
fn it_ends_with_its_time_and_counts_down() {
    let mut viewing = viewing(2);
    assert_eq!((viewing.seconds_left(), viewing.share_left(false)), (2, 1.0));
    viewing.moved(1000.0, (0.5, 0.5));
    frames(&mut viewing, 1500.0);
    assert_eq!((viewing.seconds_left(), viewing.left_ms()), (2, 1500.0));
    assert_eq!((viewing.share_left(false), viewing.share_left(true)), (0.75, 1.0));
    frames(&mut viewing, 2500.0);
    assert_eq!((viewing.seconds_left(), viewing.share_left(true)), (1, 0.5));
    frames(&mut viewing, 9000.0);
    assert!(viewing.over() && viewing.seconds_left() == 0 && viewing.share_left(true) == 0.0);
    // What comes after the end counts for nothing.
    viewing.moved(9010.0, (0.1, 0.1));
    assert_eq!(viewing.eye(), Some((0.5, 0.5)));
    let found = viewing.end(9020.0, SIZE).unwrap();
    assert!((found.total_ms() - 2000.0).abs() < 1.0, "{found:?}");
}

#[test]
fn why_there_is_no_fixation_is_known() {
    assert_eq!(viewing(4).end(2000.0, SIZE), Err(NoFixation::Outside));
    let mut outside = viewing(4);
    outside.moved(1000.0, (1.2, 0.5));
    frames(&mut outside, 3000.0);
    assert_eq!(outside.end(3000.0, SIZE), Err(NoFixation::Outside));
    let mut short = viewing(4);
    short.moved(1000.0, (0.5, 0.5));
    short.left(1060.0);
    frames(&mut short, 3000.0);
    assert_eq!(short.end(3000.0, SIZE), Err(NoFixation::TooShort));
    let mut restless = viewing(4);
    for step in 0..40_u16 {
        restless.moved(1000.0 + 20.0 * f64::from(step), (0.02 + 0.02 * f32::from(step), 0.5));
    }
    assert_eq!(restless.end(1800.0, SIZE), Err(NoFixation::Restless));
}

#[test]
fn a_hidden_page_and_a_lifted_finger_end_a_fixation_and_no_time_passes_while_hidden() {
    let mut viewing = viewing(4);
    viewing.moved(1000.0, (0.5, 0.5));
    frames(&mut viewing, 1400.0);
    viewing.pass(60_000.0);
    assert_eq!(viewing.left_ms(), 3600.0);
    frames(&mut viewing, 60_400.0);
    viewing.left(60_400.0);
    assert_eq!(viewing.eye(), None);
    viewing.moved(60_410.0, (0.5, 0.5));
    frames(&mut viewing, 60_710.0);
    let found = viewing.end(60_710.0, SIZE).unwrap().fixations;
    let durations: Vec<f32> = found.iter().map(|f| f.duration_ms.round()).collect();
    assert_eq!(durations, [400.0, 400.0, 300.0]);
}

#[test]
fn keys_begin_in_the_middle_and_stay_on_the_image() {
    let mut viewing = viewing(4);
    viewing.stepped(1000.0, (0.1, 0.0));
    assert_eq!(viewing.eye(), Some((0.5, 0.5)));
    viewing.stepped(1100.0, (0.1, -0.9));
    assert_eq!(viewing.eye(), Some((0.6, 0.0)));
    viewing.stepped(1200.0, (-3.0, 0.0));
    assert_eq!(viewing.eye(), Some((0.0, 0.0)));
}

/// Numbers from a seed (the multiplier is that of Knuth's MMIX).
struct Draws(u64);

impl Draws {
    /// The next, from 0 to 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / f64::from(1_u32 << 31)
    }
}

#[test]
fn fixations_lie_among_the_positions_and_within_the_time() {
    let mut found_some = 0;
    for seed in 0..300 {
        let mut draws = Draws(seed);
        let length = Length::new((draws.next() * 15.0) as u8);
        let mut now = draws.next() * 1e6;
        let mut viewing = Viewing::begin(now, length);
        let (mut low, mut high) = ((1.0_f32, 1.0_f32), (0.0_f32, 0.0_f32));
        for _ in 0..(draws.next() * 200.0) as usize {
            now += draws.next() * if draws.next() < 0.1 { 2000.0 } else { 80.0 };
            match draws.next() {
                v if v < 0.3 => viewing.moved(now, ((draws.next() * 1.4 - 0.2) as f32, draws.next() as f32)),
                v if v < 0.4 => viewing.stepped(now, ((draws.next() - 0.5) as f32, 0.02)),
                v if v < 0.45 => viewing.left(now),
                _ => viewing.pass(now),
            }
            if let Some((x, y)) = viewing.eye().filter(|(x, y)| (0.0..=1.0).contains(x) && (0.0..=1.0).contains(y)) {
                (low, high) = ((low.0.min(x), low.1.min(y)), (high.0.max(x), high.1.max(y)));
            }
        }
        let Ok(path) = viewing.end(now, SIZE) else { continue };
        found_some += 1;
        assert!(f64::from(path.total_ms()) <= length.ms() + 1e-2, "seed {seed}: {path:?}");
        let mut end = 0.0;
        for f in &path.fixations {
            let near = 1e-4;
            assert!((low.0 - near..=high.0 + near).contains(&f.x), "seed {seed}: {f:?}, {low:?} to {high:?}");
            assert!((low.1 - near..=high.1 + near).contains(&f.y), "seed {seed}: {f:?}, {low:?} to {high:?}");
            assert!(f.start_ms >= end - 1e-2, "seed {seed}: {path:?}");
            end = f.start_ms + f.duration_ms;
        }
        assert!(f64::from(end) <= length.ms() + 1e-2, "seed {seed}: {path:?}");
    }
    assert!(found_some > 100, "{found_some} of 300 viewings with fixations are too few to say anything");
}
