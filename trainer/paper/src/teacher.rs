//! The teacher: image and text.

use burn::{
    module::Module,
    tensor::{Device, Tensor},
};

use super::{
    PaperConfig, PaperLook, STAGES, TextTokens,
    blocks::{Head, Projection},
    fusion::TextFusion,
    init::drawn,
    unet::{BasicUnet, Encoded},
};

/// `UNet_teacher` of the released code: about 44 M parameters in the default configuration.
#[derive(Module, Debug)]
pub struct PaperTeacher {
    unet: BasicUnet,
    fusion: [TextFusion; STAGES],
    project: [Projection; STAGES],
    head: Head,
}

impl PaperTeacher {
    /// A teacher with weights drawn from `seed`.
    pub fn new(config: &PaperConfig, seed: u64, device: &Device) -> Self {
        let channels = config.feature_channels();
        // Pooling rounds down, stage by stage, which is the same as at once.
        let side = |stage: usize| config.side >> (stage + 1);
        drawn(
            Self {
                unet: BasicUnet::new(config.teacher, device),
                fusion: std::array::from_fn(|i| TextFusion::new(channels[i], side(i), config.text, device)),
                project: channels.map(|channels| Projection::new(channels, device)),
                head: Head::new(config.teacher[5], config.head, device),
            },
            seed,
        )
    }

    /// Logits and AFC's features of images `[batch, 3, side, side]`, normalised as
    /// [`fovea_shared::image::to_input`] does, with their text.
    ///
    /// At each stage `x' = x + F`, `z = Proj(x')`, `out = x + z`; the decoder sees `out`, AFC sees `z`.
    ///
    /// # Panics
    /// When the images do not have the side, or the tokens not the width, that the teacher was made
    /// for: a programming error.
    pub fn forward(&self, images: Tensor<4>, text: &TextTokens) -> PaperLook {
        let Encoded { full, stages } = self.unet.encode(images);
        let mut features = Vec::with_capacity(STAGES);
        let mut fused = Vec::with_capacity(STAGES);
        for ((x, fusion), project) in stages.into_iter().zip(&self.fusion).zip(&self.project) {
            let (x, with_text) = fusion.forward(x, text);
            let projected = project.forward(with_text);
            fused.push(x + projected.clone());
            features.push(projected);
        }
        let stages = fused.try_into().expect("one for each stage");
        let logits = self.head.forward(self.unet.decode(Encoded { full, stages }));
        PaperLook { logits, features: features.try_into().expect("one for each stage") }
    }
}
