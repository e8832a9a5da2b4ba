//! The text as the teacher of the preset `paper` reads it.

use burn::tensor::Tensor;

use fovea_shared::{description::EMBEDDING, model::PhraseTokens};

/// Text tokens of a batch.
#[derive(Clone, Debug)]
pub struct TextTokens {
    /// Token vectors `[batch, tokens, width]`, with components of about unit variance.
    pub values: Tensor<3>,
    /// Added to attention logits, `[batch, 1, tokens]`: 0 for a token, -1e4 for an empty place,
    /// whose weight is then 0 in f32. A text of empty places only must hold zeros: all places are
    /// then read alike, as one token of zeros would be.
    pub bias: Tensor<3>,
}

impl From<&PhraseTokens> for TextTokens {
    /// Our phrases, of width [`EMBEDDING`]. They come at unit length and leave with components of
    /// unit variance: the layer that reads them was written for the hidden states of a language
    /// model, and would hardly hear them at a twentieth of that.
    fn from(phrases: &PhraseTokens) -> Self {
        Self { values: phrases.values.clone().mul_scalar((EMBEDDING as f64).sqrt()), bias: phrases.bias.clone() }
    }
}

impl TextTokens {
    /// The same tokens as constants of an autodiff graph.
    pub fn tracked(&self) -> Self {
        let constant = |t: &Tensor<3>| Tensor::from_inner(t.clone());
        Self { values: constant(&self.values), bias: constant(&self.bias) }
    }
}
