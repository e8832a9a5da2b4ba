//! A simulated observer, for images that nobody has looked at.
//!
//! **A simulator uses the true mask.** Whatever is trained or measured with its scanpaths has seen the truth through
//! them, so every table and figure with such numbers must say "simulated gaze".
//!
//! The numbers follow the recorded gaze on Kvasir-SEG (GazeMedSeg): a quick scan, then from the centre of the lesion to
//! its boundary; a median fixation of about 285 ms; about 87 % of the dwell inside the lesion.

use super::{Fixation, Scanpath};
use crate::plane::Mask;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

/// Side of the coarse copy of the mask that the simulated observer knows. At 24 cells a side the observer aims at
/// about the accuracy of the eye, not at pixels.
const COARSE: usize = 24;
/// Standard deviation of the logarithm of the durations.
const LOG_SD: f64 = 0.55;
/// Shortest and longest fixation, in ms.
const DURATIONS_MS: (f64, f64) = (50.0, 1100.0);
/// Standard deviation of each fixation about its aim, as a fraction of the side.
const JITTER: f64 = 0.03;

/// What records the simulated gaze: how far a whole scanpath may be off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observer {
    /// A calibrated eye tracker: a bias per image of sd 3 % of the side.
    EyeTracker,
    /// A webcam: a bias per image of sd 21 % of the side, as a stress test.
    Webcam,
}

impl Observer {
    /// Standard deviation of the bias of one image's scanpath, as a fraction of the side, on each axis.
    pub fn bias_sd(self) -> f32 {
        match self {
            Self::EyeTracker => 0.03,
            Self::Webcam => 0.21,
        }
    }
}

/// A scanpath over `mask`, the same for the same mask, observer and seed. **It uses the mask**: say so wherever its
/// numbers appear.
///
/// 25 to 39 fixations. The first two or three fall anywhere. Of the rest so many are aimed at a coarse, shifted copy of
/// the lesion, from its centre outwards to its boundary, that 85 to 90 % of all lie in it, and the others anywhere.
/// Each is jittered (sd .03) and all share the observer's bias. Durations are log-normal with a median of 285 ms,
/// clipped to 50-1100 ms; saccades of 30 to 60 ms lie between. Positions are clipped into [0, 1].
///
/// With an empty mask, or one without pixels, there is nothing to aim at: all fixations fall anywhere.
///
/// ```
/// use fovea_shared::{gaze::{Observer, simulate}, plane::Mask};
/// let mask = Mask::from_vec(4, 2, vec![false, true, true, false, false, true, true, false]);
/// let look = simulate(&mask, Observer::EyeTracker, 1);
/// assert!((25..=39).contains(&look.fixations.len()));
/// assert_eq!(look, simulate(&mask, Observer::EyeTracker, 1));
/// ```
pub fn simulate(mask: &Mask, observer: Observer, seed: u64) -> Scanpath {
    look(mask, observer, seed, &PICTURE)
}

/// [`simulate`] for a slice of a volume, which readers leave sooner: 14 to 17 fixations with a
/// median of 383 ms, as recorded on NCI-ISBI (GazeMedSeg). All else is alike. **It uses the mask.**
pub fn simulate_slice(mask: &Mask, observer: Observer, seed: u64) -> Scanpath {
    look(mask, observer, seed, &SLICE)
}

/// How long one kind of image is looked at.
struct Habit {
    /// Fewest and most fixations.
    count: (usize, usize),
    /// Median of the fixation durations, in ms.
    median_ms: f64,
}

const PICTURE: Habit = Habit { count: (25, 39), median_ms: 285.0 };
const SLICE: Habit = Habit { count: (14, 17), median_ms: 383.0 };

fn look(mask: &Mask, observer: Observer, seed: u64, habit: &Habit) -> Scanpath {
    let mut draws = Draws(Pcg32::seed_from_u64(seed));
    let (fewest, most) = habit.count;
    let count = fewest + draws.below((most - fewest + 1) as u32);
    let scan = 2 + draws.below(2);
    let sd = f64::from(observer.bias_sd());
    let bias = (sd * draws.normal(), sd * draws.normal());
    let cells = coarse_cells(mask, &mut draws);
    let inside_share = 0.85 + 0.05 * draws.unit();
    // The share is one of all fixations, and the scan has used up some of those that may miss.
    let aimed = count - scan;
    let hits = ((inside_share * count as f64).round() as usize).min(aimed);

    let mut fixations = Vec::with_capacity(count);
    // A first fixation begins a moment after the image appears.
    let mut clock = 5.0 + 60.0 * draws.unit();
    let mut hits_left = hits;
    for index in 0..count {
        let left = count - index;
        let on_lesion = index >= scan && !cells.is_empty() && draws.unit() * (left as f64) < hits_left as f64;
        let (aim_x, aim_y) = if on_lesion {
            hits_left -= 1;
            let progress = (index - scan) as f64 / (aimed.max(2) - 1) as f64;
            let cell = &cells[rank(progress, cells.len(), &mut draws)];
            (cell.x + draws.unit() / COARSE as f64, cell.y + draws.unit() / COARSE as f64)
        } else {
            (draws.unit(), draws.unit())
        };
        let duration = (habit.median_ms * (LOG_SD * draws.normal()).exp()).clamp(DURATIONS_MS.0, DURATIONS_MS.1);
        fixations.push(Fixation {
            x: (aim_x + bias.0 + JITTER * draws.normal()).clamp(0.0, 1.0) as f32,
            y: (aim_y + bias.1 + JITTER * draws.normal()).clamp(0.0, 1.0) as f32,
            duration_ms: duration.round() as f32,
            start_ms: clock.round() as f32,
        });
        clock += duration + 30.0 + 30.0 * draws.unit();
    }
    Scanpath { fixations }
}

/// One cell of the coarse lesion: its top left corner as fractions of the image.
struct Cell {
    x: f64,
    y: f64,
    distance: f64,
}

/// The coarse, jittered copy of the lesion as cells, from the innermost to the outermost. Empty for an empty mask.
fn coarse_cells(mask: &Mask, draws: &mut Draws) -> Vec<Cell> {
    if mask.is_empty() {
        return Vec::new();
    }
    let share = |column: usize, row: usize| {
        let (x0, x1) = span(column, mask.width);
        let (y0, y1) = span(row, mask.height);
        let inside = (y0..y1).map(|y| (x0..x1).filter(|x| mask.at(*x, y)).count()).sum::<usize>();
        inside as f64 / ((x1 - x0) * (y1 - y0)) as f64
    };
    let shares: Vec<f64> = (0..COARSE * COARSE).map(|i| share(i % COARSE, i / COARSE)).collect();
    // Half a cell inside makes a cell of the lesion; a lesion smaller than that is its best cell.
    let best = shares.iter().copied().fold(0.0, f64::max);
    let level = best.min(0.5);
    // The observer's idea of where the lesion lies is off by up to half a cell.
    let shift = ((draws.unit() - 0.5) / COARSE as f64, (draws.unit() - 0.5) / COARSE as f64);
    let inside = |column: i64, row: i64| {
        let range = 0..COARSE as i64;
        range.contains(&column) && range.contains(&row) && shares[row as usize * COARSE + column as usize] >= level
    };
    let mut cells = Vec::new();
    for row in 0..COARSE as i64 {
        for column in 0..COARSE as i64 {
            if inside(column, row) {
                // Depth in rings of cells: how far the square about this cell stays inside. A little noise makes the
                // boundary of the copy uneven.
                let depth = (1..=COARSE as i64)
                    .find(|r| {
                        (-r..=*r).any(|d| {
                            !inside(column + d, row - r)
                                || !inside(column + d, row + r)
                                || !inside(column - r, row + d)
                                || !inside(column + r, row + d)
                        })
                    })
                    .unwrap_or(COARSE as i64);
                cells.push(Cell {
                    x: column as f64 / COARSE as f64 + shift.0,
                    y: row as f64 / COARSE as f64 + shift.1,
                    distance: draws.unit() - depth as f64,
                });
            }
        }
    }
    cells.sort_by(|a, b| a.distance.total_cmp(&b.distance));
    cells
}

/// The pixels `from..to` of a side of `length` pixels that coarse cell `index` covers, at least one.
fn span(index: usize, length: usize) -> (usize, usize) {
    let from = index * length / COARSE;
    (from, ((index + 1) * length / COARSE).max(from + 1).min(length))
}

/// Which cell of `len`, ordered from the centre outwards, is looked at after `progress` in [0, 1] of the look.
fn rank(progress: f64, len: usize, draws: &mut Draws) -> usize {
    // The area reached grows with the look; the square root spreads the aims over that area, denser at its rim.
    let reached = (0.25 + 0.75 * progress) * draws.unit().sqrt();
    ((reached * len as f64) as usize).min(len - 1)
}

/// Seeded draws in `f64`, rounded to `f32` at the very end: the last bit in which platforms' `exp` may differ is lost.
struct Draws(Pcg32);

impl Draws {
    fn unit(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    fn below(&mut self, bound: u32) -> usize {
        ((u64::from(self.0.next_u32()) * u64::from(bound)) >> 32) as usize
    }

    /// Standard normal: the sum of twelve uniforms less six.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An ellipse about (`cx`, `cy`) with the given radii, all as fractions, on a 160x120 image.
    fn ellipse(cx: f32, cy: f32, rx: f32, ry: f32) -> Mask {
        let (w, h) = (160usize, 120usize);
        let inside = |i: usize| {
            let x = ((i % w) as f32 + 0.5) / w as f32 - cx;
            let y = ((i / w) as f32 + 0.5) / h as f32 - cy;
            (x / rx).powi(2) + (y / ry).powi(2) <= 1.0
        };
        Mask::from_vec(w, h, (0..w * h).map(inside).collect())
    }

    fn looks_inside(mask: &Mask, f: &Fixation) -> bool {
        let x = ((f.x * mask.width as f32) as usize).min(mask.width - 1);
        let y = ((f.y * mask.height as f32) as usize).min(mask.height - 1);
        mask.at(x, y)
    }

    fn dwell_inside(mask: &Mask, look: &Scanpath) -> f32 {
        let inside: f32 = look.fixations.iter().filter(|f| looks_inside(mask, f)).map(|f| f.duration_ms).sum();
        inside / look.total_ms()
    }

    fn mean_dwell(observer: Observer) -> f32 {
        let mean = |(cx, cy, rx, ry)| {
            let mask = ellipse(cx, cy, rx, ry);
            (0..60).map(|seed| dwell_inside(&mask, &simulate(&mask, observer, seed))).sum::<f32>() / 60.0
        };
        [(0.5, 0.5, 0.25, 0.3), (0.3, 0.6, 0.2, 0.2), (0.7, 0.4, 0.18, 0.28)].map(mean).iter().sum::<f32>() / 3.0
    }

    #[test]
    fn one_seed_one_look() {
        let mask = ellipse(0.4, 0.5, 0.2, 0.2);
        let look = simulate(&mask, Observer::EyeTracker, 3);
        assert_eq!(look, simulate(&mask, Observer::EyeTracker, 3));
        assert_ne!(look, simulate(&mask, Observer::EyeTracker, 4));
        assert_ne!(look, simulate(&mask, Observer::Webcam, 3));
    }

    #[test]
    fn counts_times_and_positions_are_in_range() {
        let masks = [ellipse(0.4, 0.5, 0.2, 0.2), ellipse(0.0, 0.0, 0.2, 0.2), Mask::empty(40, 30), Mask::empty(0, 0)];
        for mask in masks {
            for seed in 0..80 {
                for observer in [Observer::EyeTracker, Observer::Webcam] {
                    let look = simulate(&mask, observer, seed);
                    assert!((25..=39).contains(&look.fixations.len()));
                    let mut free_from = 0.0;
                    for f in &look.fixations {
                        assert!((0.0..=1.0).contains(&f.x) && (0.0..=1.0).contains(&f.y));
                        assert!((50.0..=1100.0).contains(&f.duration_ms));
                        assert!(f.start_ms > free_from, "a fixation begins after the one before has ended");
                        free_from = f.start_ms + f.duration_ms;
                    }
                }
            }
        }
    }

    #[test]
    fn slices_are_left_sooner() {
        let mask = ellipse(0.5, 0.5, 0.15, 0.15);
        let looks: Vec<Scanpath> = (0..60).map(|seed| simulate_slice(&mask, Observer::EyeTracker, seed)).collect();
        let counts: Vec<usize> = looks.iter().map(|look| look.fixations.len()).collect();
        assert_eq!((counts.iter().min(), counts.iter().max()), (Some(&14), Some(&17)));
        let mut all: Vec<f32> = looks.iter().flat_map(|look| &look.fixations).map(|f| f.duration_ms).collect();
        all.sort_by(f32::total_cmp);
        assert!((355.0..=410.0).contains(&all[all.len() / 2]), "{}", all[all.len() / 2]);
    }

    #[test]
    fn dwell_lies_inside_as_in_recorded_gaze() {
        let tracked = mean_dwell(Observer::EyeTracker);
        assert!((0.75..=0.97).contains(&tracked), "{tracked}");
        assert!(mean_dwell(Observer::Webcam) < tracked - 0.15);
    }

    #[test]
    fn durations_have_the_recorded_median() {
        let mask = ellipse(0.5, 0.5, 0.2, 0.2);
        let mut all: Vec<f32> = (0..60)
            .flat_map(|seed| simulate(&mask, Observer::EyeTracker, seed).fixations)
            .map(|f| f.duration_ms)
            .collect();
        all.sort_by(f32::total_cmp);
        let median = all[all.len() / 2];
        assert!((265.0..=305.0).contains(&median), "{median}");
    }

    #[test]
    fn the_look_moves_from_the_centre_outwards() {
        let mask = ellipse(0.5, 0.5, 0.3, 0.3);
        let radius = |f: &Fixation| ((f.x - 0.5).powi(2) + (f.y - 0.5).powi(2)).sqrt();
        let (mut early, mut late) = (Vec::new(), Vec::new());
        for seed in 0..80 {
            let look = simulate(&mask, Observer::EyeTracker, seed).fixations;
            early.extend(look[3..9].iter().filter(|f| looks_inside(&mask, f)).map(radius));
            late.extend(look[look.len() - 6..].iter().filter(|f| looks_inside(&mask, f)).map(radius));
        }
        let mean = |v: &[f32]| v.iter().sum::<f32>() / v.len() as f32;
        assert!(mean(&late) > mean(&early) + 0.04, "{} {}", mean(&early), mean(&late));
    }

    #[test]
    fn tiny_and_full_masks_are_looked_at() {
        let mut dot = Mask::empty(300, 200);
        dot.data[100 * 300 + 150] = true;
        let near = |f: &&Fixation| (f.x - 0.5).abs() < 0.2 && (f.y - 0.5).abs() < 0.2;
        let look = simulate(&dot, Observer::EyeTracker, 5);
        assert!(look.fixations.iter().filter(near).count() * 10 > look.fixations.len() * 7);
        let full = Mask::from_vec(8, 8, vec![true; 64]);
        assert!((25..=39).contains(&simulate(&full, Observer::EyeTracker, 5).fixations.len()));
    }
}
