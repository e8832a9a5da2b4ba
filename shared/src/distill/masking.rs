//! DARM, disagreement-aware random masking: uncertain areas are hidden from the student so that
//! errors do not propagate.
//!
//! ```text
//! D  = {|sg p_T - sg p_S| > .3} after the warm-up, {M_hc != M_bc} before it
//! K  = union of random squares of side 3..10 px, centres in D, an image at a time, until |K n D| >= .3 |D|
//! x' = x with K filled by the image's mean;  K leaves the losses
//! ```
//! (method, section 2.) The released code draws for the whole batch at once, counts the squares'
//! area in place of `|K n D|`, fills with 0 and teaches masked pixels as background; fill and
//! target are the switch `target = "zero"`, the rest is as above in both forms.

use burn::tensor::{Device, Tensor, TensorData};
use rand::{Rng, RngExt};

use super::strategies::{Masking, MaskingTarget};
use crate::{
    image::{INPUT_SIDE, pool_plane},
    model::Pyramid,
    plane::{Mask, Plane},
};

/// Where two maps of probabilities disagree, at their own size.
pub fn disagreement(teacher: &[f32], student: &[f32], side: usize, difference: f64) -> Mask {
    let apart = |(t, s): (&f32, &f32)| f64::from((t - s).abs()) > difference;
    Mask::from_vec(side, side, teacher.iter().zip(student).map(apart).collect())
}

/// The squares K for a region D of one image of `size` x `size` pixels, `[size, size]`. D may have
/// any square size; a cell of it is a block of pixels. Empty where D is; every square's centre lies
/// in D and at least `share` of D is covered. The squares' sides are named for [`INPUT_SIDE`] and
/// scale with the image.
///
/// Two switches are ours and off in the method's form, in which a student that is masked in every
/// image collapses on real data: `form.often` leaves some images whole, which mends it, and
/// `form.decoys` draws others outside of D, which does not (docs/experiments/2026-11-23-darm.md).
pub fn squares(region: &Mask, size: usize, form: &Masking, rng: &mut impl Rng) -> Mask {
    let mut covered = Mask::empty(size, size);
    // Nothing is drawn where every image is masked, so that the method's form sees the squares that it always saw.
    if form.often < 1.0 && !rng.random_bool(form.often) {
        return covered;
    }
    let fine = at_size(region, size);
    let scaled = |pixels: usize| ((pixels * size + INPUT_SIDE / 2) / INPUT_SIDE).max(1);
    let (smallest, largest) = (scaled(form.smallest), scaled(form.largest));
    let centres: Vec<usize> = (0..fine.data.len()).filter(|i| fine.data[*i]).collect();
    let wanted = (form.share * centres.len() as f64).ceil() as usize;
    let (mut hidden, mut drawn) = (0, 0);
    let hide = |covered: &mut Mask, centre: usize, rng: &mut _| {
        let side = RngExt::random_range(rng, smallest..=largest);
        let from = |c: usize| c.saturating_sub(side / 2)..(c.saturating_sub(side / 2) + side).min(size).max(c + 1);
        let mut found = 0;
        for y in from(centre / size) {
            for x in from(centre % size) {
                let i = y * size + x;
                found += usize::from(fine.data[i] && !covered.data[i]);
                covered.data[i] = true;
            }
        }
        found
    };
    // Every draw hides its centre at least, so this ends; a centre that is hidden already is drawn again.
    while hidden < wanted {
        let centre = centres[rng.random_range(0..centres.len())];
        if covered.data[centre] {
            continue;
        }
        hidden += hide(&mut covered, centre, rng);
        drawn += 1;
    }
    let elsewhere: Vec<usize> = (0..fine.data.len()).filter(|i| !fine.data[*i]).collect();
    if !elsewhere.is_empty() {
        for _ in 0..(drawn as f64 * form.decoys).round() as usize {
            let centre = elsewhere[rng.random_range(0..elsewhere.len())];
            hide(&mut covered, centre, rng);
        }
    }
    covered
}

/// A square mask at an image's size, each cell a block.
fn at_size(mask: &Mask, size: usize) -> Mask {
    let data = (0..size * size).map(|i| {
        let (x, y) = (i % size, i / size);
        mask.at(x * mask.width / size, y * mask.height / size)
    });
    Mask::from_vec(size, size, data.collect())
}

/// The share of every cell that K leaves visible, `[batch, 1, side, side]`.
pub fn visible(masks: &[Mask], side: usize, device: &Device) -> Tensor<4> {
    let seen = |mask: &Mask| {
        let mut plane: Plane = pool_plane(&mask.to_plane(), side);
        plane.data.iter_mut().for_each(|v| *v = 1.0 - *v);
        plane.data
    };
    let values: Vec<f32> = masks.iter().flat_map(seen).collect();
    Tensor::from_data(TensorData::new(values, [masks.len(), 1, side, side]), device)
}

/// What the student is told, `[batch, 1, side, side]` target and weight, where K is hidden:
/// nothing, or that it is background.
pub fn hide_target(
    (value, weight): (Tensor<4>, Tensor<4>),
    masks: &[Mask],
    target: MaskingTarget,
) -> (Tensor<4>, Tensor<4>) {
    let visible = visible(masks, value.dims()[3], &value.device());
    match target {
        MaskingTarget::Exclude => (value, weight * visible),
        MaskingTarget::Zero => (value * visible, weight),
    }
}

/// The images `[batch, 3, side, side]` with K hidden: by each image's own mean, or by 0 of the normalised values.
pub fn hide_pixels(images: Tensor<4>, masks: &[Mask], target: MaskingTarget) -> Tensor<4> {
    let seen = visible(masks, images.dims()[3], &images.device());
    let shown = images.clone() * seen.clone();
    match target {
        MaskingTarget::Zero => shown,
        MaskingTarget::Exclude => {
            let mean = images.mean_dim(3).mean_dim(2);
            shown + mean * seen.neg().add_scalar(1.0)
        }
    }
}

/// The features with the cells under K hidden in the same way, by the share of the cell that is masked.
pub fn hide_features(features: &Pyramid, masks: &[Mask], target: MaskingTarget) -> Pyramid {
    let levels = features.levels.clone().map(|level| {
        let side = level.dims()[3];
        let seen = visible(masks, side, &level.device());
        let shown = level.clone() * seen.clone();
        match target {
            MaskingTarget::Zero => shown,
            MaskingTarget::Exclude => shown + level.mean_dim(3).mean_dim(2) * seen.neg().add_scalar(1.0),
        }
    });
    Pyramid { levels }
}
