//! Text into a level of the teacher by cross-attention: every place of the level asks the phrases.
//!
//! ```text
//! Q = feat + learned position        K = V = W_t text        F = LayerNorm(Q + MHA(Q, K, V))
//! out = feat + gate * Proj(feat + F)
//! ```
//! The form is that of the released code (method, section 1). Ours are the gate and a learned "nothing" token, so that a place may attend to no phrase and an empty description
//! is an input like any other.

use burn::{
    module::{Module, Param},
    nn::{LayerNorm, LayerNormConfig, Linear, LinearConfig},
    tensor::{Device, Tensor, activation::softmax},
};

use super::phrase_tokens::{MAX_PHRASES, PhraseTokens};
use crate::description::EMBEDDING;

/// Width of the text after `W_t`, which all levels share.
const TEXT_WIDTH: usize = 64;
/// Attention heads of every level.
const HEADS: usize = 4;

/// `W_t` and the "nothing" token, shared by the levels.
#[derive(Module, Debug)]
pub(super) struct TextReader {
    read: Linear,
    nothing: Param<Tensor<3>>,
}

/// What the levels attend to.
pub(super) struct ReadText {
    /// `[batch, MAX_PHRASES + 1, TEXT_WIDTH]`, the "nothing" token last.
    tokens: Tensor<3>,
    /// `[batch, 1, MAX_PHRASES + 1]`.
    bias: Tensor<3>,
}

impl TextReader {
    pub(super) fn new(device: &Device) -> Self {
        Self {
            read: LinearConfig::new(EMBEDDING, TEXT_WIDTH).init(device),
            nothing: Param::from_tensor(Tensor::zeros([1, 1, TEXT_WIDTH], device)),
        }
    }

    pub(super) fn forward(&self, text: &PhraseTokens) -> ReadText {
        let batch = text.values.dims()[0];
        let nothing = self.nothing.val().repeat_dim(0, batch);
        // Tokens come at unit length. As they are, keys and values would start at a twentieth of the features they meet, and a
        // short training would hardly hear them; at this scale their components have unit variance, as a layer norm's have.
        let values = text.values.clone().mul_scalar((EMBEDDING as f64).sqrt());
        let tokens = Tensor::cat(vec![self.read.forward(values), nothing], 1);
        let open = text.spoken.zeros_like();
        ReadText { tokens, bias: Tensor::cat(vec![text.bias.clone(), open], 2) }
    }
}

/// The fusion at one level.
#[derive(Module, Debug)]
pub(super) struct TextFusion {
    position: Param<Tensor<3>>,
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    norm: LayerNorm,
    project: Linear,
    gate: Param<Tensor<1>>,
}

impl TextFusion {
    /// For a level of `channels` channels and `side` pixels a side.
    pub(super) fn new(channels: usize, side: usize, device: &Device) -> Self {
        let linear = |from, to| LinearConfig::new(from, to).init(device);
        Self {
            position: Param::from_tensor(Tensor::zeros([1, side * side, channels], device)),
            query: linear(channels, channels),
            key: linear(TEXT_WIDTH, channels),
            value: linear(TEXT_WIDTH, channels),
            output: linear(channels, channels),
            norm: LayerNormConfig::new(channels).init(device),
            project: linear(channels, channels),
            // Not at 0: in trainings of a few hundred steps a gate that starts closed stays closed (0.00 and 0.06 after 400
            // steps), and the text is never read. 1 is the released code.
            gate: Param::from_tensor(Tensor::ones([1], device)),
        }
    }

    /// The level with text in it, and the attention `[batch, pixels, MAX_PHRASES + 1]`, mean over heads; each pixel's row sums
    /// to 1 and its last entry is "nothing".
    pub(super) fn forward(&self, feat: Tensor<4>, text: &ReadText) -> (Tensor<4>, Tensor<3>) {
        let [batch, channels, height, width] = feat.dims();
        let pixels = height * width;
        let width_of_head = channels / HEADS;
        let flat = feat.clone().reshape([batch, channels, pixels]).swap_dims(1, 2);
        let asked = flat.clone() + self.position.val();
        let split = |x: Tensor<3>, count: usize| x.reshape([batch, count, HEADS, width_of_head]).swap_dims(1, 2);
        let query = split(self.query.forward(asked.clone()), pixels);
        let key = split(self.key.forward(text.tokens.clone()), MAX_PHRASES + 1);
        let value = split(self.value.forward(text.tokens.clone()), MAX_PHRASES + 1);
        let logits = query.matmul(key.swap_dims(2, 3)).mul_scalar(1.0 / (width_of_head as f64).sqrt());
        let attention = softmax(logits + text.bias.clone().unsqueeze_dim::<4>(1), 3);
        let read = attention.clone().matmul(value).swap_dims(1, 2).reshape([batch, pixels, channels]);
        let fused = self.norm.forward(asked + self.output.forward(read));
        let added = self.project.forward(flat + fused) * self.gate.val().reshape([1, 1, 1]);
        let out = feat + added.swap_dims(1, 2).reshape([batch, channels, height, width]);
        (out, attention.mean_dim(1).reshape([batch, pixels, MAX_PHRASES + 1]))
    }
}
