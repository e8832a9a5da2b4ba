#![doc = include_str!("../README.md")]
//!
//! The preset `paper`: the two networks of the authors' released code (github jingkunchen/FGI,
//! Apache-2.0, `models/unet.py`), written again. Both are MONAI's `BasicUNet` without a pretrained
//! backbone.
//!
//! ```text
//! image [b,3,s,s] ─► unet.encode ─► x1..x4 ─► fusion (text) ─► project ─► + x ─► unet.decode ─► head ─► logits [b,2,s,s]    PaperTeacher
//!                                                                   └─► features: what AFC compares
//! image [b,3,s,s] ─► unet.encode ─► x1..x4 ─────────────────────────────────────► unet.decode ─► head ─► logits [b,2,s,s]    PaperStudent
//!                                      └─► project ─► adapt ─► features
//! ```
//!
//! What differs from the released code, by intention:
//! - The width of the text and the side of the image are parameters; there they are 768 (RoBERTa) and 224.
//! - A description may have empty places ([`TextTokens`]); there every place is read.
//! - The running variance of a batch norm follows the variance of the batch, where PyTorch's
//!   follows n / (n - 1) times it.
//! - Channels that the code computes for no loss (the 128 channels before the head, as an output) are not handed out.
//!
//! `tools/paper_reference.py` builds both in PyTorch and MONAI; `tests/parity.rs` compares names,
//! shapes, numbers of parameters, logits, features and gradients with it.

mod blocks;
mod fusion;
mod init;
mod step;
mod student;
mod teacher;
mod text;
mod unet;

pub use step::{PaperBatch, PaperDistiller};
pub use student::PaperStudent;
pub use teacher::PaperTeacher;
pub use text::TextTokens;

use burn::tensor::Tensor;

use fovea_shared::description::EMBEDDING;

/// Stages that text is fused into and AFC compares: strides 2, 4, 8 and 16.
pub const STAGES: usize = 4;

/// How wide the networks are. The default is that of the released code with our phrases for text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperConfig {
    /// The teacher's channels at strides 1, 2, 4, 8 and 16, and after the last upsampling. All
    /// divisible by 4, those of the four stages also by 8 (attention heads).
    pub teacher: [usize; 6],
    /// The student's channels, likewise; all divisible by 4.
    pub student: [usize; 6],
    /// Channels between a U-Net and its classifier (`feat_dim` in the released code).
    pub head: usize,
    /// Width of a text token.
    pub text: usize,
    /// Side of the images in pixels. The teacher has a learned position for every place of its
    /// stages, so it takes no other.
    pub side: usize,
}

impl Default for PaperConfig {
    fn default() -> Self {
        Self {
            teacher: [64, 128, 256, 512, 1024, 128],
            student: [32, 64, 128, 256, 512, 32],
            head: 128,
            text: EMBEDDING,
            side: 224,
        }
    }
}

impl PaperConfig {
    /// Channels of what AFC compares, finest stage first.
    pub fn feature_channels(&self) -> [usize; STAGES] {
        [self.teacher[1], self.teacher[2], self.teacher[3], self.teacher[4]]
    }
}

/// What either network makes of a batch of images.
#[derive(Clone, Debug)]
pub struct PaperLook {
    /// Logits `[batch, 2, side, side]`: channel 0 background, channel 1 lesion. The released losses
    /// are a binary cross-entropy on channel 1 and, for CWC, a softmax over both.
    pub logits: Tensor<4>,
    /// What AFC compares, `[batch, channels, side / stride, side / stride]` at strides 2, 4, 8 and
    /// 16 with the channels of [`PaperConfig::feature_channels`]. The teacher's is the projected
    /// fusion `Proj(x + F)`, which may be negative, the student's comes out of an adapter's ReLU.
    pub features: [Tensor<4>; STAGES],
}

/// The lesion's logits `[batch, 1, height, width]` of `[batch, 2, height, width]`. As released, a
/// pixel is lesion where their sigmoid is above one half; channel 0 is not asked.
pub fn lesion_logits(logits: Tensor<4>) -> Tensor<4> {
    logits.narrow(1, 1, 1)
}

/// What a softmax over both channels `[batch, 2, height, width]` gives the lesion, as one logit
/// `[batch, 1, height, width]`: `softmax(l)_1 = sigmoid(l_1 - l_0)`.
pub fn softmax_logits(logits: Tensor<4>) -> Tensor<4> {
    lesion_logits(logits.clone()) - logits.narrow(1, 0, 1)
}

#[cfg(test)]
mod tests;
