//! A description as the teacher reads it: one token a phrase.

use burn::tensor::{Device, Tensor, TensorData};

use crate::description::EMBEDDING;

/// Most phrases that the teacher reads at once: every modality's fields fit.
pub const MAX_PHRASES: usize = 14;

/// What a token that is not there adds to its attention logit: enough that its weight is 0 in f32.
const ABSENT: f32 = -1e4;

/// The phrases of a batch of descriptions, padded to [`MAX_PHRASES`].
#[derive(Clone, Debug)]
pub struct PhraseTokens {
    /// Token vectors `[batch, MAX_PHRASES, EMBEDDING]`, zero where there is no phrase.
    pub values: Tensor<3>,
    /// Added to attention logits, `[batch, 1, MAX_PHRASES]`: 0 for a phrase, very negative where there is none.
    pub bias: Tensor<3>,
    /// 1 for descriptions with at least one phrase, else 0, `[batch, 1, 1]`.
    pub spoken: Tensor<3>,
}

impl PhraseTokens {
    /// Tokens of one description each: see [`crate::description::PhraseTable::token`]. No tokens at
    /// all is the teacher without text. Phrases beyond [`MAX_PHRASES`] are left out.
    pub fn new<T: AsRef<[f32]>>(texts: &[Vec<T>], device: &Device) -> Self {
        let batch = texts.len();
        let mut values = vec![0.0; batch * MAX_PHRASES * EMBEDDING];
        let mut bias = vec![ABSENT; batch * MAX_PHRASES];
        let mut spoken = vec![0.0; batch];
        for (sample, text) in texts.iter().enumerate() {
            spoken[sample] = if text.is_empty() { 0.0 } else { 1.0 };
            for (slot, token) in text.iter().take(MAX_PHRASES).enumerate() {
                let row = sample * MAX_PHRASES + slot;
                values[row * EMBEDDING..][..EMBEDDING].copy_from_slice(&token.as_ref()[..EMBEDDING]);
                bias[row] = 0.0;
            }
        }
        let tensor = |values: Vec<f32>, shape: [usize; 3]| Tensor::from_data(TensorData::new(values, shape), device);
        Self {
            values: tensor(values, [batch, MAX_PHRASES, EMBEDDING]),
            bias: tensor(bias, [batch, 1, MAX_PHRASES]),
            spoken: tensor(spoken, [batch, 1, 1]),
        }
    }

    /// No text for a batch.
    pub fn none(batch: usize, device: &Device) -> Self {
        Self::new::<Vec<f32>>(&vec![Vec::new(); batch], device)
    }

    /// The same tokens as constants of an autodiff graph.
    pub(crate) fn tracked(&self) -> Self {
        let constant = |t: &Tensor<3>| Tensor::from_inner(t.clone());
        Self { values: constant(&self.values), bias: constant(&self.bias), spoken: constant(&self.spoken) }
    }
}
