//! What the tests of all kinds of phantoms ask.

use super::Phantom;

/// Twice the overlap over the sum of the areas.
fn dice(a: &[bool], b: &[bool]) -> f32 {
    let both = a.iter().zip(b).filter(|(a, b)| **a && **b).count();
    let sum = a.iter().chain(b).filter(|v| **v).count();
    2.0 * both as f32 / sum.max(1) as f32
}

/// The mean Dice of the best threshold on brightness, chosen for every phantom with the truth at
/// hand; `bright` says which side is taken for the lesion.
pub(super) fn best_threshold(phantoms: &[Phantom], bright: bool) -> f32 {
    let best = |phantom: &Phantom| {
        let luma: Vec<u32> = phantom.image.pixels().map(|p| p.0.iter().map(|v| u32::from(*v)).sum()).collect();
        let at = |level: u32| luma.iter().map(|v| (*v > level) == bright).collect::<Vec<_>>();
        (30..750).step_by(30).map(|level| dice(&at(level), &phantom.mask.data)).fold(0.0, f32::max)
    };
    phantoms.iter().map(best).sum::<f32>() / phantoms.len() as f32
}

/// The mean share of the time that the gaze rests in the mask.
pub(super) fn dwell(phantoms: &[Phantom]) -> f32 {
    let share = |phantom: &Phantom| {
        let mask = &phantom.mask;
        let place = |v: f32, side: usize| ((v * side as f32) as usize).min(side - 1);
        let inside = phantom.gaze.fixations.iter().filter(|f| mask.at(place(f.x, mask.width), place(f.y, mask.height)));
        inside.map(|f| f.duration_ms).sum::<f32>() / phantom.gaze.total_ms()
    };
    phantoms.iter().map(share).sum::<f32>() / phantoms.len() as f32
}

/// The shares of the image that the masks cover, sorted.
pub(super) fn shares(phantoms: &[Phantom]) -> Vec<f32> {
    let share = |p: &Phantom| {
        assert_eq!((p.mask.width as u32, p.mask.height as u32), p.image.dimensions());
        p.mask.area() as f32 / p.mask.data.len() as f32
    };
    let mut shares: Vec<f32> = phantoms.iter().map(share).collect();
    shares.sort_by(f32::total_cmp);
    shares
}
