//! The teacher: image and, optionally, text and gaze.

use burn::{
    module::Module,
    nn::conv::Conv2d,
    tensor::{Device, Tensor},
};

use super::{
    conv::convolve,
    gaze_prompt::{GAZE_CHANNELS, GazePrompt},
    layers::{ConvNormRelu, double, logit_layer},
    phrase_tokens::PhraseTokens,
    pyramid::{CHANNELS, Pyramid, SIDES},
    text_fusion::{TextFusion, TextReader},
};

/// Channels of the teacher's own levels at strides 8, 16 and 32.
pub const TEACHER_WIDTHS: [usize; 3] = [48, 64, 96];

/// Side of the teacher's logits.
pub const TEACHER_SIDE: usize = SIDES[0];

/// Side of its finest attention map: text is read at strides 8, 16 and 32.
pub const ATTENTION_SIDE: usize = SIDES[1];

/// A top-down decoder from stride 32 to stride 4 with the gaze prompt as extra channels at every
/// level, and the description's phrases by cross-attention at strides 32, 16 and 8; about 0.43 M
/// parameters.
#[derive(Module, Debug)]
pub struct TeacherHead {
    lateral32: ConvNormRelu,
    lateral16: ConvNormRelu,
    lateral8: ConvNormRelu,
    lateral4: ConvNormRelu,
    fuse32: ConvNormRelu,
    fuse16: ConvNormRelu,
    fuse8: ConvNormRelu,
    fuse4: ConvNormRelu,
    logit: Conv2d,
    reader: TextReader,
    text32: TextFusion,
    text16: TextFusion,
    text8: TextFusion,
}

/// What the teacher sees and where it read.
#[derive(Clone, Debug)]
pub struct TeacherOutput {
    /// Logits `[batch, 1, 56, 56]`.
    pub logits: Tensor<4>,
    /// Attention at strides 8, 16 and 32, `[batch, side * side, MAX_PHRASES + 1]`: for every place
    /// how much it attends to each phrase, the last column being "to none of them"; each row sums
    /// to 1.
    pub attention: [Tensor<3>; 3],
    /// Features with the text in them at strides 8, 16 and 32, [`TEACHER_WIDTHS`] channels: what AFC aligns to.
    pub levels: [Tensor<4>; 3],
}

impl TeacherHead {
    /// A head with weights drawn from `seed`.
    pub fn new(seed: u64, device: &Device) -> Self {
        let head = Self {
            lateral32: ConvNormRelu::new(CHANNELS[3], 96, 1, device),
            lateral16: ConvNormRelu::new(CHANNELS[2], 64, 1, device),
            lateral8: ConvNormRelu::new(CHANNELS[1], 32, 1, device),
            lateral4: ConvNormRelu::new(CHANNELS[0], 8, 1, device),
            fuse32: ConvNormRelu::new(96 + GAZE_CHANNELS, 96, 3, device),
            fuse16: ConvNormRelu::new(96 + 64 + GAZE_CHANNELS, 64, 3, device),
            fuse8: ConvNormRelu::new(64 + 32 + GAZE_CHANNELS, 48, 3, device),
            fuse4: ConvNormRelu::new(48 + 8 + GAZE_CHANNELS, 24, 3, device),
            logit: logit_layer(24, device),
            reader: TextReader::new(device),
            text32: TextFusion::new(96, SIDES[3], device),
            text16: TextFusion::new(64, SIDES[2], device),
            text8: TextFusion::new(48, SIDES[1], device),
        };
        super::seeded(head, seed)
    }

    /// Logits `[batch, 1, 56, 56]`.
    pub fn forward(&self, features: &Pyramid, gaze: &GazePrompt, text: &PhraseTokens) -> Tensor<4> {
        self.output(features, gaze, text).logits
    }

    /// Logits and attention.
    pub fn output(&self, features: &Pyramid, gaze: &GazePrompt, text: &PhraseTokens) -> TeacherOutput {
        let [level4, level8, level16, level32] = features.levels.clone();
        let [gaze4, gaze8, gaze16, gaze32] = gaze.told(features);
        let [text32, text16, text8] = self.reader.forward(text, [&self.text32, &self.text16, &self.text8]);
        let x = self.fuse32.forward(Tensor::cat(vec![self.lateral32.forward(level32), gaze32], 1));
        let (z32, at32) = self.text32.forward(x, &text32);
        let x = self.fuse16.forward(Tensor::cat(vec![double(z32.clone()), self.lateral16.forward(level16), gaze16], 1));
        let (z16, at16) = self.text16.forward(x, &text16);
        let x = self.fuse8.forward(Tensor::cat(vec![double(z16.clone()), self.lateral8.forward(level8), gaze8], 1));
        let (z8, at8) = self.text8.forward(x, &text8);
        let z4 = self.fuse4.forward(Tensor::cat(vec![double(z8.clone()), self.lateral4.forward(level4), gaze4], 1));
        TeacherOutput { logits: convolve(&self.logit, z4), attention: [at8, at16, at32], levels: [z8, z16, z32] }
    }
}
