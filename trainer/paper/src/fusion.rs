//! Text into a stage of the teacher by cross-attention: `TextFusionModule` of the released code.
//!
//! ```text
//! Q = feat + learned position        K = V = W_t text        F = LayerNorm(Q + MHA(Q, K, V))        x' = feat + F
//! ```

use burn::{
    module::{Module, Param},
    nn::{Initializer, LayerNorm, LayerNormConfig, Linear, LinearConfig},
    tensor::{Device, Tensor, activation::softmax},
};

use super::TextTokens;

/// Attention heads of every stage.
const HEADS: usize = 8;
/// Keeps a layer norm's denominator from zero: the default of PyTorch and of burn.
const EPSILON: f64 = 1e-5;

/// The fusion at one stage.
#[derive(Module, Debug)]
pub(super) struct TextFusion {
    position: Param<Tensor<2>>,
    read: Linear,
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    norm: LayerNorm,
}

impl TextFusion {
    /// For a stage of `channels` channels and `side` pixels a side, and tokens of width `text`.
    pub(super) fn new(channels: usize, side: usize, text: usize, device: &Device) -> Self {
        // burn would draw biases from a generator that no seed of ours reaches.
        let linear = |from, to| LinearConfig::new(from, to).with_initializer(Initializer::Zeros).init(device);
        Self {
            position: Param::from_tensor(Tensor::zeros([side * side, channels], device)),
            read: linear(text, channels),
            query: linear(channels, channels),
            key: linear(channels, channels),
            value: linear(channels, channels),
            output: linear(channels, channels),
            norm: LayerNormConfig::new(channels).init(device),
        }
    }

    /// `feat` `[batch, channels, side, side]` again, and `x'` of the same shape.
    ///
    /// It is handed back because autodiff adds the gradients of a value's users in no fixed order:
    /// of two users the sum is the same either way, of three it differs in the last bits, and a
    /// training would not be the same twice. Reshaped there and back, no value here has more than
    /// two, provided that the caller uses what is returned and not `feat`.
    pub(super) fn forward(&self, feat: Tensor<4>, text: &TextTokens) -> (Tensor<4>, Tensor<4>) {
        let [batch, channels, height, width] = feat.dims();
        let (pixels, head) = (height * width, channels / HEADS);
        let image = |x: Tensor<3>| x.swap_dims(1, 2).reshape([batch, channels, height, width]);
        let split = |x: Tensor<3>| {
            let count = x.dims()[1];
            x.reshape([batch, count, HEADS, head]).swap_dims(1, 2)
        };
        let flat = feat.reshape([batch, channels, pixels]).swap_dims(1, 2);
        let asked = flat.clone() + self.position.val().unsqueeze_dim::<3>(0);
        let words = self.read.forward(text.values.clone());
        let query = split(self.query.forward(asked.clone()));
        let key = split(self.key.forward(words.clone()));
        let value = split(self.value.forward(words));
        let logits = query.matmul(key.swap_dims(2, 3)).mul_scalar(1.0 / (head as f64).sqrt());
        let attention = softmax(logits + text.bias.clone().unsqueeze_dim::<4>(1), 3);
        let heard = attention.matmul(value).swap_dims(1, 2).reshape([batch, pixels, channels]);
        let fused = self.normalise(asked + self.output.forward(heard));
        let again = image(flat);
        (again.clone(), again + image(fused))
    }

    /// The layer norm over channels, in steps that no value has more than two users in.
    fn normalise(&self, x: Tensor<3>) -> Tensor<3> {
        let centred = x.clone() - x.mean_dim(2);
        let variance = centred.clone().square().mean_dim(2);
        let scaled = centred / variance.add_scalar(EPSILON).sqrt() * self.norm.gamma.val().reshape([1, 1, -1]);
        match &self.norm.beta {
            Some(beta) => scaled + beta.val().reshape([1, 1, -1]),
            None => scaled,
        }
    }
}
