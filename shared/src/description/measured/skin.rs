//! What only dermoscopy asks for: the colours of a lesion, and dark corners.

use super::colour::{Lab, distance};
use super::thresholds::{SKIN_COLOURS, THRESHOLDS};
use super::working::Working;

/// The number of the nearest prototype, and how much nearer it is than the second of another word, CIELAB.
pub(super) fn nearest(colour: Lab, prototypes: &[(usize, Lab)], lightness: f32) -> (usize, f32) {
    let mut best = (0, f32::INFINITY);
    for (word, prototype) in prototypes {
        let d = distance(colour, *prototype, lightness);
        if d < best.1 {
            best = (*word, d);
        }
    }
    let others = prototypes.iter().filter(|(word, _)| *word != best.0);
    let second = others.map(|(_, p)| distance(colour, *p, lightness)).fold(f32::INFINITY, f32::min);
    (best.0, second - best.1)
}

/// The share of the visible mask nearest to each colour of the vocabulary.
pub(super) fn colour_shares(w: &Working) -> [f32; 7] {
    let mut counts = [0usize; 7];
    for (i, colour) in w.matte.iter().enumerate().filter(|(i, _)| w.mask.data[*i] && w.visible[*i]) {
        // Pixels at the outline are neither colour of the two they lie between.
        if w.distances.inside[i] > 2.0 {
            counts[nearest(*colour, &SKIN_COLOURS, THRESHOLDS.skin_lightness_weight).0] += 1;
        }
    }
    let all = counts.iter().sum::<usize>().max(1) as f32;
    counts.map(|n| n as f32 / all)
}

/// The share of dark pixels among those farther than nine tenths of half the diagonal from the middle.
pub(super) fn dark_corners(w: &Working) -> f32 {
    let (cx, cy) = (w.width as f32 / 2.0, w.height as f32 / 2.0);
    let limit = 0.81 * (cx * cx + cy * cy);
    let (mut dark, mut all) = (0usize, 0usize);
    for (i, colour) in w.lab.iter().enumerate() {
        let (x, y) = ((i % w.width) as f32 + 0.5 - cx, (i / w.width) as f32 + 0.5 - cy);
        if x * x + y * y > limit {
            all += 1;
            dark += usize::from(colour[0] < THRESHOLDS.corner_lightness);
        }
    }
    dark as f32 / all.max(1) as f32
}
