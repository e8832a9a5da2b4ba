//! How sharply a region ends: colour steps across its outline, against those beside it.

use super::colour::{Lab, distance};
use super::outline::{Outline, PAD};
use super::working::Working;

/// Steps are looked for this far from the outline, pixels: a gaze mask's outline is not exact.
const SEARCH: i32 = 3;
/// Means of this many pixels, 1 to 3 from the step, are compared on either side.
const HALF: i32 = 3;
/// Where windows of the same width lie that show how large steps are beside the outline, pixels.
const BESIDE: i32 = 8;
/// Length of a profile to each side, pixels.
const REACH: i32 = BESIDE + SEARCH + HALF;

/// Colour steps, CIELAB distance, averaged along the outline.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Border {
    /// Largest step within [`SEARCH`] of the outline.
    pub(super) step: f32,
    /// The same [`BESIDE`] pixels inside and outside: what surface and noise do anyway.
    pub(super) beside: f32,
    /// Share of the outline that runs along the edge of what is visible, 0..1.
    pub(super) at_edge: f32,
    /// Share of the outline where a step could be measured, 0..1.
    pub(super) seen: f32,
}

/// Measures along the normals of the outline of the largest component.
pub(super) fn border(working: &Working, outline: &Outline) -> Border {
    let smooth = soften(working);
    let (mut steps, mut beside) = ((0.0, 0.0), (0.0, 0.0));
    let (mut at_edge, mut total) = (0.0, 0.0);
    for segment in &outline.segments {
        let length = segment.length();
        let middle = ((segment.from.0 + segment.to.0) / 2.0, (segment.from.1 + segment.to.1) / 2.0);
        let Some(normal) = outward(outline, middle) else { continue };
        total += length;
        let profile = Profile { working, smooth: &smooth, middle, normal };
        if profile.at(SEARCH).is_none() {
            at_edge += length;
            continue;
        }
        if let Some(step) = profile.largest_step(0) {
            steps = (steps.0 + step * length, steps.1 + length);
        }
        for offset in [-BESIDE, BESIDE] {
            if let Some(step) = profile.largest_step(offset).filter(|_| profile.on_side(offset)) {
                beside = (beside.0 + step * length, beside.1 + length);
            }
        }
    }
    let mean = |(sum, weight): (f32, f32)| if weight > 0.0 { sum / weight } else { 0.0 };
    let share = |part: f32| if total > 0.0 { part / total } else { 0.0 };
    Border { step: mean(steps), beside: mean(beside), at_edge: share(at_edge), seen: share(steps.1) }
}

/// The direction in which the smoothed mask falls.
fn outward(outline: &Outline, point: (f32, f32)) -> Option<(f32, f32)> {
    let field = &outline.field;
    let at = |dx: f32, dy: f32| {
        let place = |v: f32, side: usize| ((v + PAD as f32).max(0.0) as usize).min(side - 1);
        field.at(place(point.0 + dx, field.width), place(point.1 + dy, field.height))
    };
    let (x, y) = (at(-1.5, 0.0) - at(1.5, 0.0), at(0.0, -1.5) - at(0.0, 1.5));
    let length = (x * x + y * y).sqrt();
    (length > 1e-6).then(|| (x / length, y / length))
}

/// The mean over 3x3 pixels, so that the noise of single pixels is not a step.
fn soften(working: &Working) -> Vec<Lab> {
    let (width, height) = (working.width, working.height);
    let across: Vec<Lab> = (0..width * height)
        .map(|i| {
            let (row, x) = (i - i % width, i % width);
            mean_of_three(
                working.matte[row + x.saturating_sub(1)],
                working.matte[i],
                working.matte[row + (x + 1).min(width - 1)],
            )
        })
        .collect();
    (0..width * height)
        .map(|i| {
            let (x, y) = (i % width, i / width);
            mean_of_three(
                across[y.saturating_sub(1) * width + x],
                across[i],
                across[(y + 1).min(height - 1) * width + x],
            )
        })
        .collect()
}

/// Summed so that the outer two may change places.
fn mean_of_three(a: Lab, b: Lab, c: Lab) -> Lab {
    [0, 1, 2].map(|i| (b[i] + (a[i] + c[i])) / 3.0)
}

/// Colours along a normal of the outline.
struct Profile<'a> {
    working: &'a Working,
    smooth: &'a [Lab],
    middle: (f32, f32),
    normal: (f32, f32),
}

impl Profile<'_> {
    fn pixel(&self, t: i32) -> Option<usize> {
        let (x, y) = (self.middle.0 + self.normal.0 * t as f32, self.middle.1 + self.normal.1 * t as f32);
        let w = self.working;
        let inside = x >= 0.0 && y >= 0.0 && (x as usize) < w.width && (y as usize) < w.height;
        inside.then(|| y as usize * w.width + x as usize)
    }

    /// The colour `t` pixels outwards; `None` beyond what is visible.
    fn at(&self, t: i32) -> Option<Lab> {
        self.pixel(t).filter(|i| self.working.visible[*i]).map(|i| self.smooth[i])
    }

    /// Whether the whole window lies on the side of the mask that it should: inside for negative offsets.
    fn on_side(&self, offset: i32) -> bool {
        let far = offset + offset.signum() * SEARCH;
        self.pixel(far).is_some_and(|i| self.working.mask.data[i] == (offset < 0))
    }

    /// The largest difference of the means of [`HALF`] pixels before and after a place within [`SEARCH`] of `offset`.
    fn largest_step(&self, offset: i32) -> Option<f32> {
        let reach = SEARCH + HALF;
        let mut sums = [[0.0f32; 3]; (2 * REACH + 2) as usize];
        for (n, t) in (offset - reach..=offset + reach).enumerate() {
            let colour = self.at(t)?;
            sums[n + 1] = [0, 1, 2].map(|c| sums[n][c] + colour[c]);
        }
        let mean = |from: i32, to: i32| {
            let (from, to) = (from as usize, to as usize);
            [0, 1, 2].map(|c| (sums[to][c] - sums[from][c]) / (to - from) as f32)
        };
        (HALF..=HALF + 2 * SEARCH).map(|n| distance(mean(n - HALF, n), mean(n + 1, n + 1 + HALF), 1.0)).reduce(f32::max)
    }
}
