//! The student: the image alone, no gaze and no text, neither in training input nor in use.

use burn::{
    module::Module,
    nn::conv::Conv2d,
    tensor::{Device, Tensor},
};

use super::{
    layers::{ConvNormRelu, double, logit_layer},
    pyramid::{CHANNELS, Pyramid, SIDES},
};

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
        let [level4, level8, level16, level32] = features.levels.clone();
        let x = self.fuse32.forward(self.lateral32.forward(level32));
        let x = self.fuse16.forward(Tensor::cat(vec![double(x), self.lateral16.forward(level16)], 1));
        let x = self.fuse8.forward(Tensor::cat(vec![double(x), self.lateral8.forward(level8)], 1));
        let x = self.fuse4.forward(Tensor::cat(vec![double(x), self.lateral4.forward(level4)], 1));
        self.logit.forward(x)
    }
}
