//! The student: the image alone, no gaze and no text, neither in training input nor in use.

use burn::{
    module::Module,
    nn::conv::Conv2d,
    tensor::{Device, Tensor},
};

use super::{
    conv::convolve,
    layers::{ConvNormRelu, double, logit_layer},
    pyramid::{CHANNELS, Pyramid, SIDES},
};

/// Channels of the student's own levels at strides 8, 16 and 32.
pub const STUDENT_WIDTHS: [usize; 3] = [40, 64, 96];

/// Side of the student's logits.
pub const STUDENT_SIDE: usize = SIDES[0];

/// A top-down decoder from stride 32 to stride 4; about 0.26 M parameters.
#[derive(Module, Debug)]
pub struct StudentHead {
    lateral32: ConvNormRelu,
    lateral16: ConvNormRelu,
    lateral8: ConvNormRelu,
    lateral4: ConvNormRelu,
    fuse32: ConvNormRelu,
    fuse16: ConvNormRelu,
    fuse8: ConvNormRelu,
    fuse4: ConvNormRelu,
    logit: Conv2d,
}

/// What the student sees.
#[derive(Clone, Debug)]
pub struct StudentOutput {
    /// Logits `[batch, 1, 56, 56]`.
    pub logits: Tensor<4>,
    /// Its features at strides 8, 16 and 32, [`STUDENT_WIDTHS`] channels: what AFC aligns.
    pub levels: [Tensor<4>; 3],
    /// Its features at stride 4, `[batch, 24, 56, 56]`: what the logits are made of.
    pub finest: Tensor<4>,
}

impl StudentHead {
    /// A head with weights drawn from `seed`.
    pub fn new(seed: u64, device: &Device) -> Self {
        let head = Self {
            lateral32: ConvNormRelu::new(CHANNELS[3], 96, 1, device),
            lateral16: ConvNormRelu::new(CHANNELS[2], 64, 1, device),
            lateral8: ConvNormRelu::new(CHANNELS[1], 24, 1, device),
            lateral4: ConvNormRelu::new(CHANNELS[0], 8, 1, device),
            fuse32: ConvNormRelu::new(96, 96, 3, device),
            fuse16: ConvNormRelu::new(96 + 64, 64, 3, device),
            fuse8: ConvNormRelu::new(64 + 24, 40, 3, device),
            fuse4: ConvNormRelu::new(40 + 8, 24, 3, device),
            logit: logit_layer(24, device),
        };
        super::seeded(head, seed)
    }

    /// Logits `[batch, 1, 56, 56]`.
    pub fn forward(&self, features: &Pyramid) -> Tensor<4> {
        self.output(features).logits
    }

    /// Logits and features.
    pub fn output(&self, features: &Pyramid) -> StudentOutput {
        let [level4, level8, level16, level32] = features.levels.clone();
        let z32 = self.fuse32.forward(self.lateral32.forward(level32));
        let z16 = self.fuse16.forward(Tensor::cat(vec![double(z32.clone()), self.lateral16.forward(level16)], 1));
        let z8 = self.fuse8.forward(Tensor::cat(vec![double(z16.clone()), self.lateral8.forward(level8)], 1));
        let z4 = self.fuse4.forward(Tensor::cat(vec![double(z8.clone()), self.lateral4.forward(level4)], 1));
        StudentOutput { logits: convolve(&self.logit, z4.clone()), levels: [z8, z16, z32], finest: z4 }
    }

    /// Logits `[batch, 1, 56, 56]` of features at stride 4.
    pub fn classify(&self, finest: Tensor<4>) -> Tensor<4> {
        convolve(&self.logit, finest)
    }
}
