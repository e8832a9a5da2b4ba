//! A scanpath played back in time: fixation after fixation, each growing while it lasts. Pure: no browser in here.

use fovea_shared::gaze::Fixation;

/// Speeds to choose from, as multiples of the time in which it was recorded.
pub const SPEEDS: [f64; 4] = [0.5, 1.0, 2.0, 4.0];

/// The longest pause between two fixations that is waited for, in ms: recordings have blinks and gaps in which nothing happens.
const LONGEST_GAP_MS: f64 = 300.0;

/// A scanpath at a moment of its time.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    /// The fixations with the beginning of each in replay time, in ms.
    plan: Vec<(f64, Fixation)>,
    /// Where it is, in ms.
    at: f64,
    /// Multiple of the recorded speed.
    pub speed: f64,
    /// Whether time passes, and the moment of the clock up to which it has, in ms.
    running_since: Option<f64>,
}

impl Replay {
    /// The replay of a scanpath, at its beginning and standing still. Nothing without fixations.
    pub fn new(scanpath: &[Fixation], speed: f64) -> Option<Self> {
        let mut plan = Vec::with_capacity(scanpath.len());
        let (mut at, mut former_end) = (0.0, None);
        for fixation in scanpath {
            let (start, length) = (f64::from(fixation.start_ms), f64::from(fixation.duration_ms.max(1.0)));
            // Files without times have all looks begin at 0: they follow each other.
            at += former_end.map_or(0.0, |end: f64| (start - end).clamp(0.0, LONGEST_GAP_MS));
            plan.push((at, *fixation));
            at += length;
            former_end = Some(start + length);
        }
        (!plan.is_empty()).then_some(Self { plan, at: 0.0, speed, running_since: None })
    }

    /// Its whole length in ms.
    pub fn length(&self) -> f64 {
        self.plan.last().map_or(0.0, |(start, f)| start + f64::from(f.duration_ms.max(1.0)))
    }

    /// Where it is, in ms.
    pub fn at(&self) -> f64 {
        self.at
    }

    /// Whether time passes.
    pub fn playing(&self) -> bool {
        self.running_since.is_some()
    }

    /// Goes on from where it is, or from the beginning where it is at its end.
    pub fn play(&mut self, now: f64) {
        if self.at >= self.length() {
            self.at = 0.0;
        }
        self.running_since = Some(now);
    }

    /// Stands still.
    pub fn pause(&mut self) {
        self.running_since = None;
    }

    /// Goes to a moment, in ms.
    pub fn seek(&mut self, to: f64) {
        self.at = to.clamp(0.0, self.length());
    }

    /// Lets time pass up to a moment of the clock. At the end it stands still.
    pub fn tick(&mut self, now: f64) {
        if let Some(since) = self.running_since {
            // A tab that was hidden goes on where it was left, and does not jump.
            let passed = (now - since).clamp(0.0, 250.0);
            self.at = (self.at + passed * self.speed).min(self.length());
            self.running_since = (self.at < self.length()).then_some(now);
        }
    }

    /// The fixations so far, the present one as long as it has lasted.
    pub fn seen(&self) -> Vec<Fixation> {
        let begun = self.plan.iter().filter(|(start, _)| *start < self.at);
        begun.map(|(start, f)| Fixation { duration_ms: f.duration_ms.min((self.at - start) as f32), ..*f }).collect()
    }

    /// How many fixations are over.
    pub fn over(&self) -> usize {
        self.plan.iter().filter(|(start, f)| start + f64::from(f.duration_ms.max(1.0)) <= self.at).count()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.plan.len()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn path(times: &[(f32, f32)]) -> Vec<Fixation> {
        times
            .iter()
            .map(|(start_ms, duration_ms)| Fixation { x: 0.5, y: 0.5, duration_ms: *duration_ms, start_ms: *start_ms })
            .collect()
    }

    #[test]
    fn fixations_begin_when_they_did_and_grow_while_they_last() {
        let mut replay = Replay::new(&path(&[(0.0, 200.0), (240.0, 300.0)]), 1.0).unwrap();
        assert_eq!((replay.length(), replay.seen().len(), replay.playing()), (540.0, 0, false));
        replay.play(1000.0);
        replay.tick(1100.0);
        assert_eq!(replay.seen()[0].duration_ms, 100.0);
        replay.tick(1220.0);
        assert_eq!((replay.seen().len(), replay.over()), (1, 1));
        replay.tick(1390.0);
        assert_eq!((replay.seen()[0].duration_ms, replay.seen()[1].duration_ms), (200.0, 150.0));
        for now in [1600.0, 1800.0] {
            replay.tick(now);
        }
        assert_eq!((replay.at(), replay.playing(), replay.over()), (540.0, false, 2));
        assert_eq!(replay.seen(), path(&[(0.0, 200.0), (240.0, 300.0)]));
        replay.play(9000.0);
        assert_eq!(replay.at(), 0.0, "from the beginning again");
    }

    #[test]
    fn speed_seeking_and_pausing_do_what_they_say() {
        let mut replay = Replay::new(&path(&[(0.0, 1000.0)]), 4.0).unwrap();
        replay.play(0.0);
        replay.tick(100.0);
        assert_eq!(replay.at(), 400.0);
        replay.pause();
        replay.tick(200.0);
        assert_eq!(replay.at(), 400.0);
        replay.seek(5000.0);
        assert_eq!((replay.at(), replay.count()), (1000.0, 1));
        assert!(Replay::new(&[], 1.0).is_none());
    }

    #[test]
    fn files_without_times_and_with_gaps_are_played_too() {
        let without = Replay::new(&path(&[(0.0, 100.0), (0.0, 100.0), (0.0, 100.0)]), 1.0).unwrap();
        assert_eq!(without.length(), 300.0);
        let gap = Replay::new(&path(&[(5000.0, 100.0), (90_000.0, 100.0)]), 1.0).unwrap();
        assert_eq!(gap.length(), 200.0 + LONGEST_GAP_MS);
    }

    #[test]
    fn a_hidden_tab_does_not_jump_to_the_end() {
        let mut replay = Replay::new(&path(&[(0.0, 60_000.0)]), 1.0).unwrap();
        replay.play(0.0);
        replay.tick(50_000.0);
        assert_eq!(replay.at(), 250.0);
    }
}
