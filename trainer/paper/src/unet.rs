//! `BasicUNet` as in MONAI (`monai.networks.nets.BasicUNet`, Apache-2.0), two-dimensional, in the
//! released code's setting: group norm with four groups, leaky ReLU with slope .1, biases, no
//! dropout, transposed convolutions to go up.

use burn::{
    module::Module,
    nn::{
        GroupNorm, GroupNormConfig, Initializer, PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig},
        pool::MaxPool2dConfig,
    },
    tensor::{Device, Tensor, activation::leaky_relu, ops::PadMode},
};

use super::STAGES;
use fovea_shared::model::convolve;

/// `norm=("group", {"num_groups": 4})` in the released code.
const GROUPS: usize = 4;
/// Slope of a leaky ReLU below zero: MONAI's default for this network.
const SLOPE: f64 = 0.1;

/// Encoder and decoder, without the layers that make logits of the decoder's channels.
#[derive(Module, Debug)]
pub(super) struct BasicUnet {
    start: TwoConv,
    down: [TwoConv; STAGES],
    up: [UpCat; STAGES],
}

/// What the encoder sees.
pub(super) struct Encoded {
    /// Stride 1, `[batch, features[0], height, width]`.
    pub(super) full: Tensor<4>,
    /// Strides 2, 4, 8 and 16, `[batch, features[i + 1], height / stride, width / stride]`, rounded down at each stage.
    pub(super) stages: [Tensor<4>; STAGES],
}

impl BasicUnet {
    /// A network for RGB whose weights are still to be drawn.
    pub(super) fn new(features: [usize; 6], device: &Device) -> Self {
        let [c0, c1, c2, c3, c4, last] = features;
        Self {
            start: TwoConv::new(3, c0, device),
            down: [
                TwoConv::new(c0, c1, device),
                TwoConv::new(c1, c2, device),
                TwoConv::new(c2, c3, device),
                TwoConv::new(c3, c4, device),
            ],
            up: [
                UpCat::new(c4, c4 / 2, c3, c3, device),
                UpCat::new(c3, c3 / 2, c2, c2, device),
                UpCat::new(c2, c2 / 2, c1, c1, device),
                // Not halved here: `halves=False` in MONAI.
                UpCat::new(c1, c1, c0, last, device),
            ],
        }
    }

    /// Stages of images `[batch, 3, height, width]`.
    pub(super) fn encode(&self, images: Tensor<4>) -> Encoded {
        let full = self.start.forward(images);
        let halve = MaxPool2dConfig::new([2, 2]).init();
        let mut below = full.clone();
        let stages = self.down.each_ref().map(|convs| {
            below = convs.forward(halve.forward(below.clone()));
            below.clone()
        });
        Encoded { full, stages }
    }

    /// Channels `[batch, features[5], height, width]` of what the encoder saw, or of what was made
    /// of it in the same shapes.
    pub(super) fn decode(&self, seen: Encoded) -> Tensor<4> {
        let [x1, x2, x3, x4] = seen.stages;
        let [up4, up3, up2, up1] = &self.up;
        let x = up3.forward(up4.forward(x4, x3), x2);
        up1.forward(up2.forward(x, x1), seen.full)
    }
}

/// Twice: 3x3 convolution, group norm, leaky ReLU.
#[derive(Module, Debug)]
struct TwoConv {
    first: ConvNormLeaky,
    second: ConvNormLeaky,
}

impl TwoConv {
    fn new(input: usize, output: usize, device: &Device) -> Self {
        Self { first: ConvNormLeaky::new(input, output, device), second: ConvNormLeaky::new(output, output, device) }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.second.forward(self.first.forward(x))
    }
}

#[derive(Module, Debug)]
struct ConvNormLeaky {
    conv: Conv2d,
    norm: GroupNorm,
}

impl ConvNormLeaky {
    fn new(input: usize, output: usize, device: &Device) -> Self {
        Self {
            conv: Conv2dConfig::new([input, output], [3, 3])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .with_initializer(Initializer::Zeros)
                .init(device),
            norm: GroupNormConfig::new(GROUPS, output).init(device),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        leaky_relu(self.norm.forward(convolve(&self.conv, x)), SLOPE)
    }
}

/// Twice as large by a transposed convolution, beside the encoder's stage of that size, then two convolutions.
#[derive(Module, Debug)]
struct UpCat {
    up: ConvTranspose2d,
    convs: TwoConv,
}

impl UpCat {
    fn new(input: usize, raised: usize, skip: usize, output: usize, device: &Device) -> Self {
        Self {
            up: ConvTranspose2dConfig::new([input, raised], [2, 2])
                .with_stride([2, 2])
                .with_initializer(Initializer::Zeros)
                .init(device),
            convs: TwoConv::new(skip + raised, output, device),
        }
    }

    fn forward(&self, x: Tensor<4>, skip: Tensor<4>) -> Tensor<4> {
        let raised = self.up.forward(x);
        let [_, _, high, wide] = skip.dims();
        let [_, _, height, width] = raised.dims();
        // Pooling an odd side drops its last row or column, so what comes back is one short; MONAI repeats the border.
        let raised = if (high, wide) == (height, width) {
            raised
        } else {
            raised.pad((0, wide - width, 0, high - height), PadMode::Edge)
        };
        self.convs.forward(Tensor::cat(vec![skip, raised], 1))
    }
}
