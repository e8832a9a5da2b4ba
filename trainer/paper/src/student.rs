//! The student: the image alone.

use burn::{
    module::Module,
    tensor::{Device, Tensor},
};

use super::{
    PaperConfig, PaperLook, STAGES,
    blocks::{Adapter, Head, Projection},
    init::drawn,
    unet::{BasicUnet, Encoded},
};
use fovea_shared::model::renamed;

/// `UNet_student` of the released code: about 9.2 M parameters in the default configuration, of
/// which those of `unet` and `head`, about 7.8 M, make the logits. The others exist for AFC and
/// feed nothing else.
#[derive(Module, Debug)]
pub struct PaperStudent {
    unet: BasicUnet,
    project: [Projection; STAGES],
    adapt: [Adapter; STAGES],
    head: Head,
}

impl PaperStudent {
    /// A student with weights drawn from `seed`.
    pub fn new(config: &PaperConfig, seed: u64, device: &Device) -> Self {
        let [_, c1, c2, c3, c4, last] = config.student;
        let own = [c1, c2, c3, c4];
        let teacher = config.feature_channels();
        drawn(
            Self {
                unet: BasicUnet::new(config.student, device),
                project: own.map(|channels| Projection::new(channels, device)),
                adapt: std::array::from_fn(|i| Adapter::new(own[i], teacher[i], device)),
                head: Head::new(last, config.head, device),
            },
            seed,
        )
    }

    /// Logits and AFC's features of images `[batch, 3, height, width]`, normalised as
    /// [`fovea_shared::image::to_input`] does. Sides from 16 pixels; those divisible by 16 lose no
    /// border in pooling.
    pub fn forward(&self, images: Tensor<4>) -> PaperLook {
        let Encoded { full, stages } = self.unet.encode(images);
        let mut features = Vec::with_capacity(STAGES);
        let stages = std::array::from_fn(|i| {
            // Used three times: by the next stage, the decoder and the projection.
            let x = renamed(stages[i].clone());
            features.push(self.adapt[i].forward(self.project[i].forward(x.clone())));
            x
        });
        let logits = self.head.forward(self.unet.decode(Encoded { full, stages }));
        PaperLook { logits, features: features.try_into().expect("one for each stage") }
    }

    /// Logits `[batch, 2, height, width]` alone, without the layers that exist for AFC: what a
    /// finished student computes.
    pub fn logits(&self, images: Tensor<4>) -> Tensor<4> {
        self.head.forward(self.unet.decode(self.unet.encode(images)))
    }

    /// Parameters that [`PaperStudent::logits`] uses.
    pub fn num_params_at_inference(&self) -> usize {
        self.unet.num_params() + self.head.num_params()
    }
}
