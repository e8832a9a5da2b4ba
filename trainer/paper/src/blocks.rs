//! The 1x1 layers around the U-Nets: projections and adapters of the stages, and the head that makes logits.

use burn::{
    module::Module,
    nn::{
        BatchNorm, BatchNormConfig, Initializer,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{
        Device, Tensor,
        activation::{leaky_relu, relu},
    },
};

use fovea_shared::model::convolve;

fn pointwise(input: usize, output: usize, device: &Device) -> Conv2d {
    Conv2dConfig::new([input, output], [1, 1]).with_initializer(Initializer::Zeros).init(device)
}

/// 1x1 convolution and batch norm. The norm uses the batch's statistics on a device with autodiff,
/// else the running ones; those are up to date in what `Module::valid` returns.
#[derive(Module, Debug)]
struct PointwiseNorm {
    conv: Conv2d,
    norm: BatchNorm,
}

impl PointwiseNorm {
    fn new(input: usize, output: usize, device: &Device) -> Self {
        Self { conv: pointwise(input, output, device), norm: BatchNormConfig::new(output).init(device) }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.norm.forward(convolve(&self.conv, x))
    }
}

/// `DistillProjectionBlock` of the released code: 1x1 convolution, batch norm, ReLU, 1x1 convolution, batch norm.
#[derive(Module, Debug)]
pub(super) struct Projection {
    first: PointwiseNorm,
    second: PointwiseNorm,
}

impl Projection {
    pub(super) fn new(channels: usize, device: &Device) -> Self {
        Self {
            first: PointwiseNorm::new(channels, channels, device),
            second: PointwiseNorm::new(channels, channels, device),
        }
    }

    /// `[batch, channels, height, width]` to the same shape.
    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.second.forward(relu(self.first.forward(x)))
    }
}

/// `student_adapter_x` of the released code: 1x1 convolution to the teacher's width, batch norm, ReLU.
#[derive(Module, Debug)]
pub(super) struct Adapter {
    layer: PointwiseNorm,
}

impl Adapter {
    pub(super) fn new(input: usize, output: usize, device: &Device) -> Self {
        Self { layer: PointwiseNorm::new(input, output, device) }
    }

    /// `[batch, input, height, width]` to `[batch, output, height, width]`, nowhere negative.
    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        relu(self.layer.forward(x))
    }
}

/// From the decoder's channels to two logits: `encoder.final_conv`, `head` and `classifier` of the released code.
#[derive(Module, Debug)]
pub(super) struct Head {
    embed: Conv2d,
    first: Conv2d,
    second: Conv2d,
    classifier: Conv2d,
}

impl Head {
    pub(super) fn new(input: usize, width: usize, device: &Device) -> Self {
        Self {
            embed: pointwise(input, width, device),
            first: pointwise(width, width, device),
            second: pointwise(width, width, device),
            classifier: pointwise(width, 2, device),
        }
    }

    /// Logits `[batch, 2, height, width]` of `[batch, input, height, width]`.
    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let x = convolve(&self.first, convolve(&self.embed, x));
        convolve(&self.classifier, convolve(&self.second, leaky_relu(x, 0.1)))
    }
}
