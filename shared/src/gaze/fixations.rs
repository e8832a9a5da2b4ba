//! From samples of a pointer, a webcam or an eye tracker to fixations: I-DT, dispersion-threshold identification.
//!
//! Salvucci and Goldberg, "Identifying fixations and saccades in eye-tracking protocols", ETRA 2000, section 2.2: a
//! window of the least duration grows as long as its points lie close together. `fovea data fixations` uses it.

use super::{Fixation, Scanpath};

/// Where the gaze was at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Horizontal position, 0 at the left edge and 1 at the right edge of the image. May lie outside.
    pub x: f32,
    /// Vertical position, 0 at the top edge and 1 at the bottom edge of the image. May lie outside.
    pub y: f32,
    /// Time in ms since the image appeared.
    pub time_ms: f32,
}

impl Sample {
    /// Whether the gaze was on the image. A lost one, whose position is not a number, was not.
    pub fn is_inside(&self) -> bool {
        (0.0..=1.0).contains(&self.x) && (0.0..=1.0).contains(&self.y)
    }
}

/// When samples are one fixation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IdtParams {
    /// Largest dispersion: width plus height of the box around the samples, as a share of the image's longer side.
    pub dispersion: f32,
    /// Least duration, ms.
    pub min_ms: f32,
    /// Longest time between two samples of a fixation, ms. After a longer one the gaze was lost.
    pub max_gap_ms: f32,
}

impl Default for IdtParams {
    /// The defaults of pymovements are 1 degree and 100 ms. A degree is 4 % of the side of an image that fills 25
    /// degrees of the view.
    fn default() -> Self {
        Self { dispersion: 0.04, min_ms: 100.0, max_gap_ms: 100.0 }
    }
}

/// The fixations in samples of an image of `width` x `height` pixels.
///
/// Samples must stand in the order of time; those outside of the image, and those that are not finite, end a fixation
/// and count for none. A fixation lies at the mean of its samples. It begins with its first sample and ends with its
/// last, so samples that come only when a pointer moves must be repeated while it rests.
pub fn detect_fixations(samples: &[Sample], (width, height): (u32, u32), params: IdtParams) -> Scanpath {
    let longer = width.max(height).max(1) as f32;
    let scale = (width as f32 / longer, height as f32 / longer);
    let mut fixations = Vec::new();
    for run in runs(samples, params.max_gap_ms) {
        let mut first = 0;
        while first < run.len() {
            let mut last = first;
            let mut around = Extent::of(run[first]);
            while let Some(next) = run.get(last + 1) {
                let wider = around.with(*next);
                if wider.dispersion(scale) > params.dispersion {
                    break;
                }
                (around, last) = (wider, last + 1);
            }
            let duration_ms = run[last].time_ms - run[first].time_ms;
            if duration_ms >= params.min_ms {
                fixations.push(fixation(&run[first..=last], duration_ms));
                first = last + 1;
            } else {
                first += 1;
            }
        }
    }
    Scanpath { fixations }
}

/// The samples in pieces in which the gaze was never lost.
fn runs(samples: &[Sample], max_gap_ms: f32) -> impl Iterator<Item = &[Sample]> {
    let together = move |a: &Sample, b: &Sample| {
        let gap = b.time_ms - a.time_ms;
        usable(a) && usable(b) && (0.0..=max_gap_ms).contains(&gap)
    };
    samples.chunk_by(together).filter(|run| usable(&run[0]))
}

fn usable(sample: &Sample) -> bool {
    sample.time_ms.is_finite() && sample.is_inside()
}

fn fixation(samples: &[Sample], duration_ms: f32) -> Fixation {
    let mean =
        |of: fn(&Sample) -> f32| (samples.iter().map(|s| f64::from(of(s))).sum::<f64>() / samples.len() as f64) as f32;
    Fixation { x: mean(|s| s.x), y: mean(|s| s.y), duration_ms, start_ms: samples[0].time_ms }
}

/// The box around samples, in shares of the image's sides.
#[derive(Clone, Copy)]
struct Extent {
    x: (f32, f32),
    y: (f32, f32),
}

impl Extent {
    fn of(sample: Sample) -> Self {
        Self { x: (sample.x, sample.x), y: (sample.y, sample.y) }
    }

    fn with(self, sample: Sample) -> Self {
        let grown = |(low, high): (f32, f32), value: f32| (low.min(value), high.max(value));
        Self { x: grown(self.x, sample.x), y: grown(self.y, sample.y) }
    }

    fn dispersion(self, scale: (f32, f32)) -> f32 {
        (self.x.1 - self.x.0) * scale.0 + (self.y.1 - self.y.0) * scale.1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIZE: (u32, u32) = (640, 480);

    /// Samples at 60 Hz: each place for so many ms, with a jump between them.
    fn path(places: &[(f32, f32, f32)]) -> Vec<Sample> {
        let mut samples = Vec::new();
        let mut time_ms = 0.0;
        for (x, y, ms) in places {
            let end = time_ms + ms;
            while time_ms < end {
                samples.push(Sample { x: *x, y: *y, time_ms });
                time_ms += 1000.0 / 60.0;
            }
        }
        samples
    }

    #[test]
    fn two_rests_are_two_fixations_and_a_sweep_is_none() {
        let mut samples = path(&[(0.2, 0.3, 400.0)]);
        let end = samples[samples.len() - 1].time_ms;
        samples.extend((1..10).map(|i| Sample { x: 0.2 + 0.05 * i as f32, y: 0.3, time_ms: end + 10.0 * i as f32 }));
        let mut rest = path(&[(0.7, 0.6, 250.0)]);
        rest.iter_mut().for_each(|s| s.time_ms += end + 110.0);
        samples.extend(rest);
        let found = detect_fixations(&samples, SIZE, IdtParams::default()).fixations;
        assert_eq!(found.len(), 2, "{found:?}");
        assert!((found[0].x - 0.2).abs() < 0.01 && (found[1].x - 0.7).abs() < 0.01, "{found:?}");
        assert!((380.0..=420.0).contains(&found[0].duration_ms), "{found:?}");
        assert!((200.0..=260.0).contains(&found[1].duration_ms), "{found:?}");
    }

    #[test]
    fn a_blink_ends_a_fixation() {
        let mut samples = path(&[(0.5, 0.5, 600.0)]);
        samples[18].x = f32::NAN;
        let found = detect_fixations(&samples, SIZE, IdtParams::default()).fixations;
        assert_eq!(found.len(), 2, "{found:?}");
        let without: Vec<Sample> = samples.iter().copied().filter(|s| !(200.0..400.0).contains(&s.time_ms)).collect();
        assert_eq!(detect_fixations(&without, SIZE, IdtParams::default()).fixations.len(), 2);
    }

    #[test]
    fn dispersion_is_measured_in_the_longer_side() {
        // 3 % of the width and 3 % of the height: .03 + .03 of a square, .03 + .0075 of a strip.
        let samples: Vec<Sample> = (0..20)
            .map(|i| Sample {
                x: 0.5 + 0.03 * (i % 2) as f32,
                y: 0.5 + 0.03 * (i % 2) as f32,
                time_ms: 20.0 * i as f32,
            })
            .collect();
        assert!(detect_fixations(&samples, (100, 100), IdtParams::default()).fixations.is_empty());
        assert_eq!(detect_fixations(&samples, (400, 100), IdtParams::default()).fixations.len(), 1);
    }

    proptest! {
        #[test]
        fn fixations_hold_what_the_parameters_say(
            steps in prop::collection::vec((-0.1f32..1.1, -0.1f32..1.1, 0.0f32..200.0, 1usize..20), 0..20),
            dispersion in 0.0f32..0.3,
        ) {
            let params = IdtParams { dispersion, ..IdtParams::default() };
            let mut time_ms = 0.0;
            let mut samples = Vec::new();
            for (x, y, gap, repeats) in steps {
                time_ms += gap;
                for _ in 0..repeats {
                    samples.push(Sample { x, y, time_ms });
                    time_ms += 17.0;
                }
            }
            let found = detect_fixations(&samples, SIZE, params).fixations;
            for fixation in &found {
                prop_assert!((0.0..=1.0).contains(&fixation.x) && (0.0..=1.0).contains(&fixation.y));
                prop_assert!(fixation.duration_ms >= params.min_ms);
            }
            for pair in found.windows(2) {
                prop_assert!(pair[0].start_ms + pair[0].duration_ms < pair[1].start_ms);
            }
        }
    }
}
