//! The teacher: image and, optionally, gaze. Text joins at the three fused levels when descriptions come in
//! (`text_fusion.rs` in the design).

use burn::{
    module::Module,
    nn::conv::Conv2d,
    tensor::{Device, Tensor},
};

use super::{
    gaze_prompt::GazePrompt,
    layers::{ConvNormRelu, double, logit_layer},
    pyramid::{CHANNELS, Pyramid, SIDES},
};

/// Side of the teacher's logits.
pub const TEACHER_SIDE: usize = SIDES[1];

/// A top-down decoder from stride 32 to stride 8 with the gaze heat as an extra channel at every level; about 0.26 M
/// parameters.
#[derive(Module, Debug)]
pub struct TeacherHead {
    lateral32: ConvNormRelu,
    lateral16: ConvNormRelu,
    lateral8: ConvNormRelu,
    fuse32: ConvNormRelu,
    fuse16: ConvNormRelu,
    fuse8: ConvNormRelu,
    logit: Conv2d,
}

impl TeacherHead {
    /// A head with weights drawn from `seed`.
    pub fn new(seed: u64, device: &Device) -> Self {
        let head = Self {
            lateral32: ConvNormRelu::new(CHANNELS[3], 96, 1, device),
            lateral16: ConvNormRelu::new(CHANNELS[2], 64, 1, device),
            lateral8: ConvNormRelu::new(CHANNELS[1], 32, 1, device),
            fuse32: ConvNormRelu::new(96 + 1, 96, 3, device),
            fuse16: ConvNormRelu::new(96 + 64 + 1, 64, 3, device),
            fuse8: ConvNormRelu::new(64 + 32 + 1, 48, 3, device),
            logit: logit_layer(48, device),
        };
        super::seeded(head, seed)
    }

    /// Logits `[batch, 1, 28, 28]`.
    pub fn forward(&self, features: &Pyramid, gaze: &GazePrompt) -> Tensor<4> {
        let [_, level8, level16, level32] = features.levels.clone();
        let [gaze8, gaze16, gaze32] = gaze.levels.clone();
        let x = self.fuse32.forward(Tensor::cat(vec![self.lateral32.forward(level32), gaze32], 1));
        let x = self.fuse16.forward(Tensor::cat(vec![double(x), self.lateral16.forward(level16), gaze16], 1));
        let x = self.fuse8.forward(Tensor::cat(vec![double(x), self.lateral8.forward(level8), gaze8], 1));
        self.logit.forward(x)
    }
}
