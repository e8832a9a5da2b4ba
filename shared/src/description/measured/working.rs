//! Image and mask brought to one size, and which of its pixels tell something.

use ::image::RgbImage;

use super::colour::{Lab, ToLab, chroma};
use super::geometry::{Distances, components, distances};
use super::thresholds::THRESHOLDS;
use crate::image::{resize_plane, resize_rgb};
use crate::plane::{Mask, Plane};

/// The longer side of the working image, pixels: about half the native size of Kvasir-SEG.
pub(super) const SIDE: usize = 256;

/// An image with a mask at the working size, aspect ratio kept.
pub(super) struct Working {
    pub(super) width: usize,
    pub(super) height: usize,
    /// CIELAB, row by row.
    pub(super) lab: Vec<Lab>,
    /// The same with specular highlights painted over by the colour around them.
    pub(super) matte: Vec<Lab>,
    /// The mask: its components of meaningful size, without holes.
    pub(super) mask: Mask,
    /// The largest component alone.
    pub(super) largest: Mask,
    /// Number of components of meaningful size.
    pub(super) count: usize,
    /// Pixels that show something: not the black surround of an endoscope or dermatoscope.
    pub(super) visible: Vec<bool>,
    pub(super) highlight: Vec<bool>,
    /// Distances to the mask and out of it.
    pub(super) distances: Distances,
}

impl Working {
    /// `None` when nothing can be said: no pixels, or a mask below the smallest share.
    pub(super) fn prepare(image: &RgbImage, mask: &Mask) -> Option<Self> {
        let (w, h) = image.dimensions();
        if w == 0 || h == 0 || mask.data.is_empty() {
            return None;
        }
        let longer = w.max(h) as usize;
        let fit = |side: u32| ((side as usize * SIDE + longer / 2) / longer).max(1);
        let (width, height) = (fit(w), fit(h));
        let whole = resize_plane(&mask.to_plane(), width, height).at_least(0.5);
        if (whole.area() as f32) < THRESHOLDS.smallest_mask * whole.data.len() as f32 {
            return None;
        }
        let image = resize_rgb(image, width, height);
        let to = ToLab::new();
        let lab: Vec<Lab> = image.pixels().map(|p| to.lab(p.0)).collect();
        let coloured = coloured(&lab);
        let surround = if coloured { surround(&lab, width, height) } else { Mask::empty(width, height) };
        let visible = away_from(&surround);
        let (mask, largest, count) = meaningful(&without(whole, &surround));
        let highlight = if coloured { highlights(&lab, width, height) } else { vec![false; lab.len()] };
        let matte = paint_over(&lab, &highlight, width, height);
        let distances = distances(&mask);
        Some(Self { width, height, lab, matte, mask, largest, count, visible, highlight, distances })
    }

    /// The lightness of the matte image.
    pub(super) fn lightness(&self) -> Plane {
        Plane::from_vec(self.width, self.height, self.matte.iter().map(|c| c[0]).collect())
    }
}

/// The components of meaningful size with their holes filled, the largest of them, and their number.
fn meaningful(mask: &Mask) -> (Mask, Mask, usize) {
    let parts = components(mask, true);
    let most = parts.sizes.iter().copied().max().unwrap_or(0);
    let keep = |size: usize| {
        size as f32 >= THRESHOLDS.component_of_largest * most as f32
            && size as f32 >= THRESHOLDS.component_of_image * mask.data.len() as f32
    };
    let kept: Vec<bool> = parts.sizes.iter().map(|size| *size == most || keep(*size)).collect();
    let biggest = parts.sizes.iter().position(|size| *size == most);
    let all = parts.select(|part| kept[part]);
    let largest = parts.select(|part| Some(part) == biggest);
    (fill_holes(&all), fill_holes(&largest), kept.iter().filter(|k| **k).count())
}

/// Everything that cannot be reached from the image's edge without crossing the mask is inside.
pub(super) fn fill_holes(mask: &Mask) -> Mask {
    let outside = Mask::from_vec(mask.width, mask.height, mask.data.iter().map(|v| !v).collect());
    let parts = components(&outside, false);
    let mut open = vec![false; parts.sizes.len()];
    edge(mask.width, mask.height).filter_map(|i| parts.label(i)).for_each(|part| open[part] = true);
    let reached = parts.select(|part| open[part]);
    Mask::from_vec(mask.width, mask.height, reached.data.iter().map(|v| !v).collect())
}

/// The indices of the pixels at the image's edge.
pub(super) fn edge(width: usize, height: usize) -> impl Iterator<Item = usize> {
    (0..width * height).filter(move |i| {
        let (x, y) = (i % width, i / width);
        x == 0 || y == 0 || x + 1 == width || y + 1 == height
    })
}

/// The dark region that reaches the image's edge.
fn surround(lab: &[Lab], width: usize, height: usize) -> Mask {
    let dark = Mask::from_vec(width, height, lab.iter().map(|c| c[0] < THRESHOLDS.surround_lightness).collect());
    let parts = components(&dark, false);
    let mut outer = vec![false; parts.sizes.len()];
    edge(width, height).filter_map(|i| parts.label(i)).for_each(|part| outer[part] = true);
    parts.select(|part| outer[part])
}

/// Everything but the surround and the two pixels next to it, which are half dark.
fn away_from(surround: &Mask) -> Vec<bool> {
    if surround.is_empty() {
        return vec![true; surround.data.len()];
    }
    distances(surround).outside.iter().map(|d| *d > 2.0).collect()
}

/// The mask without what of it lies in the surround, where gaze masks reach at times. If most of it
/// lies there it is kept as it is: what looks like a surround is a dark lesion then.
fn without(mask: Mask, surround: &Mask) -> Mask {
    let data = mask.data.iter().zip(&surround.data).map(|(inside, dark)| *inside && !dark).collect();
    let rest = Mask::from_vec(mask.width, mask.height, data);
    if 2 * rest.area() < mask.area() { mask } else { rest }
}

/// Whether an image has colours. In a grey one, such as a slice of a volume, dark muscle that
/// reaches the image's edge cannot be told from a surround, nor bright tissue from a reflection: it
/// has neither.
fn coloured(lab: &[Lab]) -> bool {
    lab.iter().filter(|c| chroma(**c) > 4.0).count() * 20 > lab.len()
}

/// Specular highlights: bright, nearly white, and brighter than what lies around them.
fn highlights(lab: &[Lab], width: usize, height: usize) -> Vec<bool> {
    let t = &THRESHOLDS;
    let around = blur(&Plane::from_vec(width, height, lab.iter().map(|c| c[0]).collect()), 8);
    lab.iter()
        .zip(&around.data)
        .map(|(c, mean)| {
            c[0] >= t.highlight_lightness && c[0] - mean >= t.highlight_step && chroma(*c) <= t.highlight_chroma
        })
        .collect()
}

/// Gives highlights and the pixels next to them the mean colour of the others within 8 pixels.
fn paint_over(lab: &[Lab], highlight: &[bool], width: usize, height: usize) -> Vec<Lab> {
    if !highlight.contains(&true) {
        return lab.to_vec();
    }
    let spots = Mask::from_vec(width, height, highlight.to_vec());
    let near = distances(&spots).outside;
    let keep: Vec<bool> = near.iter().map(|d| *d > 1.5).collect();
    let part = |value: &dyn Fn(usize) -> f32| {
        let data = (0..lab.len()).map(|i| if keep[i] { value(i) } else { 0.0 }).collect();
        blur(&Plane::from_vec(width, height, data), 8)
    };
    let weight = part(&|_| 1.0);
    let mean: [Plane; 3] = [0, 1, 2].map(|c| part(&|i| lab[i][c]));
    (0..lab.len())
        .map(|i| {
            let w = weight.data[i];
            if keep[i] || w < 1e-3 { lab[i] } else { [0, 1, 2].map(|c| mean[c].data[i] / w) }
        })
        .collect()
}

/// The mean over a square of `2 radius + 1` pixels; at the image's edge over what of it lies inside.
pub(super) fn blur(plane: &Plane, radius: usize) -> Plane {
    let rows = blur_rows(plane, radius);
    transpose(&blur_rows(&transpose(&rows), radius))
}

fn blur_rows(plane: &Plane, radius: usize) -> Plane {
    let mut data = Vec::with_capacity(plane.data.len());
    // Running sums in f64: what is added is taken away again without a trace.
    for row in plane.data.chunks_exact(plane.width.max(1)) {
        let mut sums = Vec::with_capacity(row.len() + 1);
        sums.push(0.0f64);
        for value in row {
            sums.push(sums[sums.len() - 1] + f64::from(*value));
        }
        for x in 0..row.len() {
            let (from, to) = (x.saturating_sub(radius), (x + radius + 1).min(row.len()));
            data.push(((sums[to] - sums[from]) / (to - from) as f64) as f32);
        }
    }
    Plane::from_vec(plane.width, plane.height, data)
}

fn transpose(plane: &Plane) -> Plane {
    let mut data = Vec::with_capacity(plane.data.len());
    for x in 0..plane.width {
        data.extend((0..plane.height).map(|y| plane.at(x, y)));
    }
    Plane::from_vec(plane.height, plane.width, data)
}

/// The middle value; `None` of nothing.
pub(super) fn median(mut values: Vec<f32>) -> Option<f32> {
    if values.is_empty() {
        return None;
    }
    let middle = values.len() / 2;
    Some(*values.select_nth_unstable_by(middle, f32::total_cmp).1)
}

/// The median colour, component by component.
pub(super) fn median_colour(colours: &[Lab]) -> Option<Lab> {
    let [l, a, b] = [0, 1, 2].map(|c| median(colours.iter().map(|v| v[c]).collect()));
    Some([l?, a?, b?])
}
