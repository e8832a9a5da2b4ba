//! Colour, contrast and roughness of what the mask covers.

use super::colour::Lab;
use super::thresholds::THRESHOLDS;
use super::working::{Working, blur, median, median_colour};

/// Pixels next to the outline, in which inside and outside mix and the mask is not exact, are left out.
const MARGIN: f32 = 2.0;
/// Half the side of the square whose mean is the smooth part of the lightness, pixels.
const SMOOTH: usize = 6;
/// Distance from the outline from which that mean is one of the inside mostly, pixels.
const DEEP: f32 = 5.0;
/// Fewer pixels than these say nothing.
const ENOUGH: usize = 40;

/// What the surface looks like.
pub(super) struct Surface {
    pub(super) colour: Lab,
    pub(super) surroundings: Option<Lab>,
    pub(super) roughness: Option<f32>,
    pub(super) highlights: f32,
    pub(super) rank: f32,
}

/// `None` where nothing inside the mask is visible.
pub(super) fn surface(w: &Working) -> Option<Surface> {
    let all: Vec<usize> = (0..w.lab.len()).filter(|i| w.visible[*i]).collect();
    let inside: Vec<usize> = all.iter().copied().filter(|i| w.mask.data[*i]).collect();
    let mut core: Vec<usize> = inside.iter().copied().filter(|i| w.distances.inside[*i] > MARGIN).collect();
    if core.len() < ENOUGH {
        core.clone_from(&inside);
    }
    let colours = |pixels: &[usize]| pixels.iter().map(|i| w.matte[*i]).collect::<Vec<_>>();
    let colour = median_colour(&colours(&core))?;
    let t = &THRESHOLDS;
    let ring = t.ring_gap..t.ring_gap + t.ring_width;
    let around: Vec<usize> = all.iter().copied().filter(|i| ring.contains(&w.distances.outside[*i])).collect();
    let surroundings = if around.len() < ENOUGH { None } else { median_colour(&colours(&around)) };
    let darker = all.iter().filter(|i| w.matte[**i][0] < colour[0]).count();
    let bright = inside.iter().filter(|i| w.highlight[**i]).count();
    Some(Surface {
        colour,
        surroundings,
        roughness: roughness(w, &inside),
        highlights: bright as f32 / inside.len() as f32,
        rank: darker as f32 / all.len() as f32,
    })
}

fn roughness(w: &Working, inside: &[usize]) -> Option<f32> {
    let lightness = w.lightness();
    let smooth = blur(&lightness, SMOOTH);
    let deep = inside.iter().filter(|i| w.distances.inside[**i] > DEEP);
    let rest: Vec<f64> = deep.map(|i| f64::from(lightness.data[*i] - smooth.data[*i])).collect();
    if rest.len() < ENOUGH {
        return None;
    }
    let mean = rest.iter().sum::<f64>() / rest.len() as f64;
    Some((rest.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / rest.len() as f64).sqrt() as f32)
}

/// See [`super::Measurements::zone_step`]: the peripheral zone lies on one side, above or below as the image is turned.
pub(super) fn zone_step(w: &Working) -> f32 {
    let mut rows = (0..w.height).filter(|y| w.largest.data[y * w.width..(y + 1) * w.width].contains(&true));
    let (Some(top), Some(bottom)) = (rows.clone().next(), rows.next_back()) else { return 0.0 };
    let middle = (top + bottom) as f32 / 2.0;
    // Where the two fifths end, from the middle.
    let line = 0.1 * (bottom - top + 1) as f32;
    let smooth = blur(&w.lightness(), 2);
    let part = |keep: &dyn Fn(f32) -> bool| {
        let inside = (0..w.largest.data.len()).filter(|i| w.largest.data[*i] && w.distances.inside[*i] > MARGIN);
        median(inside.filter(|i| keep((i / w.width) as f32 - middle)).map(|i| smooth.data[i]).collect())
    };
    let step = |side: f32| {
        let (zone, rest) = (part(&|y| y * side > line), part(&|y| y * side <= line));
        zone.zip(rest).map_or(0.0, |(a, b)| (a - b).abs())
    };
    step(1.0).max(step(-1.0))
}
