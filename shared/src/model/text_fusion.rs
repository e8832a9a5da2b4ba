//! Text into a level of the teacher by cross-attention: every place of the level asks the phrases.
//!
//! ```text
//! Q = feat + learned position        K = V = W_t text        F = LayerNorm(Q + MHA(Q, K, V))
//! out = feat + gate * Proj(feat + F)
//! ```
//! The form is that of the released code (method, section 1). Ours are the gate and a learned
//! "nothing" token, so that a place may attend to no phrase and an empty description is an input
//! like any other.

use burn::{
    module::{Module, Param},
    nn::{Initializer, LayerNorm, LayerNormConfig, Linear, LinearConfig},
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

/// What a level attends to, the "nothing" token last.
pub(super) struct ReadText {
    /// `[batch, MAX_PHRASES + 1, channels]`.
    key: Tensor<3>,
    /// `[batch, MAX_PHRASES + 1, channels]`.
    value: Tensor<3>,
    /// `[batch, 1, MAX_PHRASES + 1]`.
    bias: Tensor<3>,
}

/// A layer of zeros, whose matrix `seeded` draws. burn would draw the bias too, from a generator
/// that no seed of ours reaches.
fn linear(from: usize, to: usize, device: &Device) -> Linear {
    LinearConfig::new(from, to).with_initializer(Initializer::Zeros).init(device)
}

impl TextReader {
    pub(super) fn new(device: &Device) -> Self {
        Self {
            read: linear(EMBEDDING, TEXT_WIDTH, device),
            nothing: Param::from_tensor(Tensor::zeros([1, 1, TEXT_WIDTH], device)),
        }
    }

    /// Keys and values of the phrases for each of `levels`.
    ///
    /// All of them come from one product with the levels' matrices side by side. Six products would
    /// give the tokens six gradients, which autodiff adds in no fixed order, and a training would
    /// not be the same twice; parts of one product are added exactly.
    pub(super) fn forward(&self, text: &PhraseTokens, levels: [&TextFusion; 3]) -> [ReadText; 3] {
        let batch = text.values.dims()[0];
        let nothing = self.nothing.val().repeat_dim(0, batch);
        // Tokens come at unit length. As they are, keys and values would start at a twentieth of
        // the features they meet, and a short training would hardly hear them; at this scale their
        // components have unit variance, as a layer norm's have.
        let values = text.values.clone().mul_scalar((EMBEDDING as f64).sqrt());
        let tokens = Tensor::cat(vec![self.read.forward(values), nothing], 1);
        let open = text.spoken.zeros_like();
        let bias = Tensor::cat(vec![text.bias.clone(), open], 2);
        let layers: Vec<&Linear> = levels.iter().flat_map(|level| [&level.key, &level.value]).collect();
        let weight = Tensor::cat(layers.iter().map(|layer| layer.weight.val()).collect(), 1);
        let offset = Tensor::cat(layers.iter().filter_map(|layer| layer.bias.as_ref().map(Param::val)).collect(), 0);
        let all = tokens.matmul(weight.unsqueeze_dim::<3>(0)) + offset.reshape([1, 1, -1]);
        let mut start = 0;
        levels.map(|level| {
            let width = level.key.weight.dims()[1];
            let key = all.clone().narrow(2, start, width);
            let value = all.clone().narrow(2, start + width, width);
            start += 2 * width;
            ReadText { key, value, bias: bias.clone() }
        })
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
        let linear = |from, to| linear(from, to, device);
        Self {
            position: Param::from_tensor(Tensor::zeros([1, side * side, channels], device)),
            query: linear(channels, channels),
            key: linear(TEXT_WIDTH, channels),
            value: linear(TEXT_WIDTH, channels),
            output: linear(channels, channels),
            norm: LayerNormConfig::new(channels).init(device),
            project: linear(channels, channels),
            // Not at 0: in trainings of a few hundred steps a gate that starts closed stays closed
            // (0.00 and 0.06 after 400 steps), and the text is never read. 1 is the released code.
            gate: Param::from_tensor(Tensor::ones([1], device)),
        }
    }

    /// The layer norm over channels, written so that no value has more than two users: autodiff
    /// adds gradients in no fixed order, and a sum of three would make a training differ from
    /// itself in the last bits.
    fn normalise(&self, x: Tensor<3>) -> Tensor<3> {
        let centred = x.clone() - x.mean_dim(2);
        let variance = centred.clone().square().mean_dim(2);
        let scaled = centred / variance.add_scalar(1e-5).sqrt() * self.norm.gamma.val().reshape([1, 1, -1]);
        match &self.norm.beta {
            Some(beta) => scaled + beta.val().reshape([1, 1, -1]),
            None => scaled,
        }
    }

    /// The level with text in it, and the attention `[batch, pixels, MAX_PHRASES + 1]`, mean over
    /// heads; each pixel's row sums to 1 and its last entry is "nothing".
    pub(super) fn forward(&self, feat: Tensor<4>, text: &ReadText) -> (Tensor<4>, Tensor<3>) {
        let [batch, channels, height, width] = feat.dims();
        let pixels = height * width;
        let width_of_head = channels / HEADS;
        let flat = feat.clone().reshape([batch, channels, pixels]).swap_dims(1, 2);
        let asked = flat.clone() + self.position.val();
        let split = |x: Tensor<3>, count: usize| x.reshape([batch, count, HEADS, width_of_head]).swap_dims(1, 2);
        let query = split(self.query.forward(asked.clone()), pixels);
        let key = split(text.key.clone(), MAX_PHRASES + 1);
        let value = split(text.value.clone(), MAX_PHRASES + 1);
        let logits = query.matmul(key.swap_dims(2, 3)).mul_scalar(1.0 / (width_of_head as f64).sqrt());
        let attention = softmax(logits + text.bias.clone().unsqueeze_dim::<4>(1), 3);
        let read = attention.clone().matmul(value).swap_dims(1, 2).reshape([batch, pixels, channels]);
        let fused = self.normalise(asked + self.output.forward(read));
        let added = self.project.forward(flat + fused) * self.gate.val().reshape([1, 1, 1]);
        let out = feat + added.swap_dims(1, 2).reshape([batch, channels, height, width]);
        (out, attention.mean_dim(1).reshape([batch, pixels, MAX_PHRASES + 1]))
    }
}
