//! Better labels for the teacher: the mean of what the gaze says, of what a first teacher draws
//! from the image alone, and of what it draws with the gaze.
//!
//! A pseudo-mask ends where nobody looked, so large lesions are cut short by their own gaze, and a
//! teacher that learns from it learns that one look means a small lesion. A network that sees no
//! gaze averages that out. Its drawing is taken where the gaze confirms it, so it says how far a
//! lesion goes and never where one is.

use fovea_shared::{
    image::resize_plane,
    plane::{Mask, Plane},
};

/// Side at which drawing and pseudo-mask are compared.
const SIDE: usize = 112;
/// A part of the drawing counts when at least this share of it is in the pseudo-mask (at this level or above).
const CONFIRMED: (f32, f32) = (0.15, 0.3);
/// The drawing's soft edge: this many pixels around the parts that count.
const EDGE: usize = 4;
/// Below this Dice of drawing and pseudo-mask the drawing is not believed.
const AGREES: f64 = 0.4;

/// The label of an image: `refined` is its pseudo-mask, `drawn` what a teacher draws from the image
/// alone, `gazed` what it draws with the image's gaze, `None` for a teacher without a gaze prompt;
/// all probabilities of any side. Square, of the side of `refined`.
pub(super) fn label(refined: &Plane, drawn: &Plane, gazed: Option<&Plane>) -> Plane {
    let side = refined.width;
    let gaze = resize_plane(refined, SIDE, SIDE);
    let drawn = resize_plane(drawn, SIDE, SIDE);
    let gazed = gazed.map(|gazed| resize_plane(gazed, side, side));
    let confirmed = confirmed(&drawn.above(0.5), &gaze);
    if fovea_shared::metrics::dice(&confirmed, &gaze.above(0.5)) <= AGREES {
        return mean([Some(refined), gazed.as_ref()].into_iter().flatten());
    }
    let near = widened(&confirmed, EDGE);
    let kept = drawn.data.iter().zip(&near.data).map(|(value, near)| if *near { *value } else { 0.0 });
    let kept = resize_plane(&Plane::from_vec(SIDE, SIDE, kept.collect()), side, side);
    mean([Some(refined), Some(&kept), gazed.as_ref()].into_iter().flatten())
}

/// The mean of planes of one size, at least one.
fn mean<'a>(planes: impl Iterator<Item = &'a Plane>) -> Plane {
    let planes: Vec<&Plane> = planes.collect();
    let at = |i: usize| planes.iter().map(|plane| plane.data[i]).sum::<f32>() / planes.len() as f32;
    Plane::from_vec(planes[0].width, planes[0].height, (0..planes[0].data.len()).map(at).collect())
}

/// The parts of a drawing that the gaze confirms.
fn confirmed(drawn: &Mask, gaze: &Plane) -> Mask {
    let (width, mut seen) = (drawn.width, vec![false; drawn.data.len()]);
    let mut kept = Mask::empty(width, drawn.height);
    for start in 0..drawn.data.len() {
        if seen[start] || !drawn.data[start] {
            continue;
        }
        let mut part = vec![start];
        seen[start] = true;
        let mut next = 0;
        while let Some(&at) = part.get(next) {
            next += 1;
            for beside in neighbours(at, width, drawn.data.len()) {
                if drawn.data[beside] && !seen[beside] {
                    seen[beside] = true;
                    part.push(beside);
                }
            }
        }
        let inside = part.iter().filter(|i| gaze.data[**i] > CONFIRMED.1).count();
        if inside as f32 > CONFIRMED.0 * part.len() as f32 {
            part.iter().for_each(|i| kept.data[*i] = true);
        }
    }
    kept
}

fn neighbours(at: usize, width: usize, len: usize) -> impl Iterator<Item = usize> {
    let x = at % width;
    let found = [
        (x > 0).then(|| at - 1),
        (x + 1 < width).then(|| at + 1),
        at.checked_sub(width),
        (at + width < len).then(|| at + width),
    ];
    found.into_iter().flatten()
}

/// A mask and every pixel within `by` steps of it.
fn widened(mask: &Mask, by: usize) -> Mask {
    let mut wide = mask.clone();
    for _ in 0..by {
        let before = wide.clone();
        for at in 0..before.data.len() {
            wide.data[at] = before.data[at] || neighbours(at, mask.width, before.data.len()).any(|i| before.data[i]);
        }
    }
    wide
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disc of probability 1 about (`x`, `y`), on a square of 112.
    fn disc(x: f32, y: f32, radius: f32) -> Plane {
        let inside = |i: usize| ((i % SIDE) as f32 - x).hypot((i / SIDE) as f32 - y) < radius;
        Plane::from_vec(SIDE, SIDE, (0..SIDE * SIDE).map(|i| if inside(i) { 1.0 } else { 0.0 }).collect())
    }

    fn both(a: &Plane, b: &Plane) -> Plane {
        Plane::from_vec(SIDE, SIDE, a.data.iter().zip(&b.data).map(|(a, b)| a.max(*b)).collect())
    }

    #[test]
    fn a_lesion_that_the_gaze_cut_short_is_drawn_further_and_a_second_one_is_not_added() {
        let gaze = disc(40.0, 50.0, 15.0);
        let made = label(&gaze, &both(&disc(42.0, 50.0, 24.0), &disc(95.0, 95.0, 10.0)), Some(&disc(40.0, 50.0, 18.0)));
        assert_eq!(made.at(40, 50), 1.0);
        assert_eq!(made.at(56, 50), 2.0 / 3.0);
        assert_eq!(made.at(62, 50), 1.0 / 3.0);
        assert_eq!(made.at(95, 95), 0.0);
    }

    #[test]
    fn a_drawing_elsewhere_or_of_everything_is_not_believed() {
        let gaze = disc(40.0, 50.0, 15.0);
        assert_eq!(label(&gaze, &disc(90.0, 90.0, 15.0), Some(&gaze)), gaze);
        assert_eq!(label(&gaze, &Plane::filled(SIDE, SIDE, 1.0), None), gaze);
        assert_eq!(label(&gaze, &Plane::filled(56, 56, 0.0), None), gaze);
        let made = label(&gaze, &disc(90.0, 90.0, 15.0), Some(&disc(40.0, 50.0, 10.0)));
        assert_eq!((made.at(40, 50), made.at(53, 50)), (1.0, 0.5));
    }
}
