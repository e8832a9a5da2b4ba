//! A live training stops at the first number that is not finite, with the learners as they were
//! before it: losses may be finite where a
//! gradient was not, so the weights are asked too.

use fovea_shared::distill::{Adapters, Batch, Distiller, NamedSum, Trainee};
use fovea_shared::model::StudentHead;

use super::{Losses, Runner};
use crate::{
    engine::inside,
    protocol::Inside,
    text::{Message, message},
};

/// What a step changes in a learner.
pub(super) struct Kept {
    student: Trainee<StudentHead>,
    adapters: Option<Trainee<Adapters>>,
    inside: Inside,
    losses: Losses,
}

impl Runner {
    /// The learner as it is. Weights are shared until a step replaces them.
    pub(super) fn keep(&self) -> Kept {
        let Distiller { student, adapters, .. } = &self.distiller;
        Kept { student: student.clone(), adapters: adapters.clone(), inside: self.inside.clone(), losses: self.losses }
    }

    /// Takes the learner back to what it was.
    pub(super) fn restore(&mut self, kept: Kept) {
        (self.distiller.student, self.distiller.adapters) = (kept.student, kept.adapters);
        (self.inside, self.losses) = (kept.inside, kept.losses);
    }

    /// Whether the losses of the last step and the weights after it are finite.
    ///
    /// # Errors
    /// A device that fails.
    pub(super) async fn is_finite(&self) -> Result<bool, Message> {
        let Losses { student, alignment, consistency } = self.losses;
        if [student, alignment, consistency].into_iter().flatten().any(|loss| !loss.is_finite()) {
            return Ok(false);
        }
        Ok(first_broken(self.distiller.weight_sums()).await?.is_none())
    }
}

/// Refuses a batch that holds a number that is not finite.
///
/// # Errors
/// Says which part of it does; or a device that fails.
pub(super) async fn refuse_broken(batch: &Batch) -> Result<(), Message> {
    match first_broken(batch.sums()).await? {
        Some(name) => Err(message!("live-input-not-finite", what = part(name))),
        None => Ok(()),
    }
}

/// The first sum that is not finite. All are read at once: on a GPU every reading waits for the device.
async fn first_broken(sums: Vec<NamedSum>) -> Result<Option<&'static str>, Message> {
    let names: Vec<&'static str> = sums.iter().map(|(name, _)| *name).collect();
    let sums: Vec<_> = sums.into_iter().map(|(_, sum)| sum).collect();
    if sums.is_empty() {
        return Ok(None);
    }
    let values = inside::values(burn::tensor::Tensor::cat(sums, 0)).await?;
    Ok(names.into_iter().zip(values).find(|(_, value)| !value.is_finite()).map(|(name, _)| name))
}

/// A part of a batch, as `Batch::sums` names it.
fn part(name: &'static str) -> Message {
    match name {
        "features" | "images" => message!("live-part-image"),
        "gaze prompt" => message!("live-part-gaze"),
        "text" => message!("live-part-text"),
        _ => message!("live-part-target"),
    }
}
