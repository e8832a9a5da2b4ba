//! The two building blocks of every head.

use burn::{
    module::Module,
    nn::{
        GroupNorm, GroupNormConfig, Initializer, PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{
        Device, Tensor,
        activation::relu,
        module::interpolate,
        ops::{InterpolateMode, InterpolateOptions},
    },
};

use super::conv::convolve;

/// Groups of every group norm. Statistics of one image only, so a batch of one (live distillation) trains as a batch of
/// sixteen does, and nothing has to be folded or frozen for use.
const GROUPS: usize = 8;

/// Convolution, group norm, ReLU.
#[derive(Module, Debug)]
pub(super) struct ConvNormRelu {
    conv: Conv2d,
    norm: GroupNorm,
}

impl ConvNormRelu {
    pub(super) fn new(input: usize, output: usize, kernel: usize, device: &Device) -> Self {
        let pad = kernel / 2;
        Self {
            conv: Conv2dConfig::new([input, output], [kernel, kernel])
                .with_padding(PaddingConfig2d::Explicit(pad, pad, pad, pad))
                .with_bias(false)
                .with_initializer(Initializer::Zeros)
                .init(device),
            norm: GroupNormConfig::new(GROUPS, output).init(device),
        }
    }

    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        relu(self.norm.forward(convolve(&self.conv, x)))
    }
}

/// The last layer of a head: one logit a pixel.
pub(super) fn logit_layer(input: usize, device: &Device) -> Conv2d {
    Conv2dConfig::new([input, 1], [1, 1]).with_initializer(Initializer::Zeros).init(device)
}

/// Doubles the side by repeating pixels; the 3x3 convolution that always follows smooths it.
pub(super) fn double(x: Tensor<4>) -> Tensor<4> {
    interpolate(x, InterpolateOptions::new(InterpolateMode::Nearest).with_scale_factor([2.0, 2.0]))
}

/// The same values as another node of the autodiff graph. The gradients of a value's users are
/// added in no fixed order: of two the sum is the same every time, of three it is not. So who has
/// more users than two lets some of them use this.
pub fn renamed(x: Tensor<4>) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    x.reshape([batch, channels, height * width]).reshape([batch, channels, height, width])
}

/// Means of 2x2 blocks of `[batch, channels, side, side]`.
pub(crate) fn halve(x: Tensor<4>) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    let x: Tensor<6> = x.reshape([batch, channels, height / 2, 2, width / 2, 2]);
    x.mean_dim(5).mean_dim(3).reshape([batch, channels, height / 2, width / 2])
}
