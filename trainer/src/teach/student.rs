//! One student: taught, and measured on the way.

use std::time::Instant;

use anyhow::{Context, Result};
use burn::tensor::Device;
use fovea_shared::{
    metrics::dice,
    model::{STUDENT_SIDE, StudentHead},
    plane::Plane,
    predictor::mask_at,
    pseudo_mask::PseudoMaskParams,
};
use fovea_teach::{Course, Example, Recipe};

use super::{Cell, Images, images::Glanced};

/// What became of a student.
#[derive(Clone, Debug)]
pub(crate) struct Taught {
    /// Mean Dice on the test images at the end.
    pub(crate) dice: f64,
    /// Steps, and mean Dice after them, on the way.
    pub(crate) curve: Vec<(usize, f64)>,
    /// Seconds of its steps, without the measuring.
    pub(crate) seconds: f64,
}

/// Teaches a student what `cell` says of the first images of `glanced`, and measures it after the
/// steps `stops` and at the end.
///
/// # Errors
/// A device that fails, features that are gone.
pub(crate) fn taught(
    cell: Cell,
    glanced: &[Glanced],
    images: &Images<'_>,
    (recipe, params): (Recipe, &PseudoMaskParams),
    stops: &[usize],
    (seed, device): (u64, &Device),
) -> Result<Taught> {
    let example = |glanced: &Glanced| {
        let target = cell.target(&glanced.small, &glanced.gaze, &glanced.truth, params);
        Example::of_features(glanced.views.clone(), &target, &glanced.sha256)
    };
    let examples = glanced.iter().take(cell.glances).map(example).collect();
    let mut course = Course::new(recipe, examples, seed, device);
    let (mut curve, mut seconds) = (Vec::new(), 0.0);
    for step in 1..=recipe.steps {
        let start = Instant::now();
        let report = pollster::block_on(course.step())?.context("a course has examples")?;
        // Reading the loss waits until the device has finished the step.
        drop(
            report
                .losses
                .student
                .map(|loss| loss.try_into_data())
                .transpose()
                .context("the device could not be read")?,
        );
        seconds += start.elapsed().as_secs_f64();
        if stops.contains(&step) && step < recipe.steps {
            curve.push((step, measured(course.student(), images)?));
        }
    }
    let dice = measured(course.student(), images)?;
    Ok(Taught { dice, curve, seconds })
}

/// Mean Dice on the test images.
fn measured(student: &StudentHead, images: &Images<'_>) -> Result<f64> {
    let mut sum = 0.0;
    for index in 0..images.tests() {
        let (features, truth) = images.test(index)?;
        let data = student.forward(&features).try_into_data().context("the device could not be read")?;
        let logits = Plane::from_vec(STUDENT_SIDE, STUDENT_SIDE, data.try_to_vec::<f32>()?);
        sum += dice(&mask_at(&logits, truth.width, truth.height), truth);
    }
    Ok(sum / images.tests() as f64)
}
