//! The distilled describer: a small head that learnt the answers of a vision-language model, so
//! that any image gets words of its own without a server.
//!
//! ```text
//! features ─┬─ mean over the mask ───┐
//!           ├─ mean over the gaze ───┤
//!           ├─ mean over a ring ─────┼──► 64 hidden ──► one softmax a field ──► Description (distilled:<model>)
//!           └─ mean over the image ──┤
//! mask, gaze ── geometry ────────────┘
//! ```
//! It says what that model would probably have said, not what is true. A field that did not beat
//! the most frequent answer on validation images is never shown, and a word whose calibrated
//! probability is low is `not_assessable`.

mod card;
mod geometry;
mod net;
mod pool;

pub use card::{Answer, DESCRIBER_FORMAT, DescriberCard, FieldCard, FieldScore, softmax};
pub use net::DescriberNet;
pub use pool::{DESCRIBER_INPUTS, PlainPyramid, describer_input};

use burn::tensor::{Device, Tensor, TensorData};

use super::weights;
use crate::{description::Description, plane::Plane};

/// Why a describer cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DescriberError {
    /// `describer.json` is not right.
    #[error("`describer.json` cannot be used: {0}. Train the describer again with `fovea describer train`.")]
    Card(String),
    /// `describer.safetensors` is not right.
    #[error("`describer.safetensors` cannot be used: {0}. Train the describer again with `fovea describer train`.")]
    Weights(String),
    /// The device could not compute or could not be read.
    #[error("the device failed while describing: {0}")]
    Device(String),
}

/// A describer on one device.
#[derive(Debug)]
pub struct Describer {
    card: DescriberCard,
    net: DescriberNet,
    device: Device,
}

impl Describer {
    /// A describer from the bytes of `describer.safetensors` and `describer.json`.
    ///
    /// # Errors
    /// [`DescriberError`], naming the file that does not fit.
    pub fn load(weight_bytes: Vec<u8>, card: &[u8], device: &Device) -> Result<Self, DescriberError> {
        let card = DescriberCard::parse(card)?;
        let zeros = vec![0.0; card.inputs];
        let mut net = DescriberNet::new(&zeros, &zeros, card.hidden, card.words(), 0, device);
        weights::load(&mut net, weight_bytes).map_err(|e| DescriberError::Weights(e.to_string()))?;
        Ok(Self { card, net, device: device.clone() })
    }

    /// What it says of itself.
    pub fn card(&self) -> &DescriberCard {
        &self.card
    }

    /// What it thinks of every field, shown or not, for an input of [`describer_input`].
    ///
    /// # Errors
    /// [`DescriberError::Device`] when the device fails or the input has another length.
    pub async fn answers(&self, input: &[f32]) -> Result<Vec<Answer>, DescriberError> {
        if input.len() != self.card.inputs {
            return Err(DescriberError::Device(format!("{} inputs instead of {}", input.len(), self.card.inputs)));
        }
        let input = Tensor::from_data(TensorData::new(input.to_vec(), [1, input.len()]), &self.device);
        self.card.answers(&pool::values(self.net.forward(input, None)).await?)
    }

    /// The description of an image by its features, a predicted mask (probabilities of any size, such as
    /// [`Plane::sigmoid`] gives of logits) and the visitor's gaze, where there is any.
    ///
    /// # Errors
    /// [`DescriberError::Device`] when the device fails.
    pub async fn describe(
        &self,
        features: &PlainPyramid,
        mask: &Plane,
        heat: Option<&Plane>,
    ) -> Result<Description, DescriberError> {
        self.card.description(&self.answers(&describer_input(features, mask, heat)).await?)
    }
}

#[cfg(test)]
mod tests;
