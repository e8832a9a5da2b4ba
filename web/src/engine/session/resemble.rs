//! How like the open image is to what other bundles have learnt from.

use burn::tensor::{Tensor, TensorData};
use fovea_shared::{
    bundle::{BundleError, Familiarity, familiarity::channel_means, verify},
    image::INPUT_SIDE,
    model::{Backbone, Pyramid, weights},
};

use super::{Session, of_level};
use crate::{
    errors,
    protocol::{BACKBONE, Resemblance, ResembleRequest, Resembled},
    text::Message,
};

impl Session {
    /// Measures the open image. A measure holds for the backbone that it was taken with, so the image is
    /// read once more by every backbone of the request; none of them is kept.
    ///
    /// # Errors
    /// When the image is not the open one, a file is damaged or does not fit, or the device fails.
    pub async fn resemble(&self, ask: ResembleRequest) -> Result<Resembled, Message> {
        let open = self.opened(ask.image)?;
        let mut seen = Vec::new();
        for (bytes, entry) in ask.backbones {
            verify(BACKBONE, &bytes.0, &entry).map_err(|e| errors::bundle(&e))?;
            let mut backbone = Backbone::new(&self.device);
            weights::load(&mut backbone, bytes.0)
                .map_err(|e| errors::bundle(&BundleError::Unfit { file: BACKBONE.into(), cause: e.to_string() }))?;
            let input = TensorData::new(open.input.clone(), [1, 3, INPUT_SIDE, INPUT_SIDE]);
            seen.push(backbone.forward(Tensor::from_data(input, &self.device)));
        }
        let mut kinds = Vec::new();
        for kind in ask.kinds {
            let learnt = Familiarity::parse(&kind.familiarity.bytes.0).map_err(|e| errors::bundle(&e))?;
            let pyramid: &Pyramid = match kind.backbone {
                None => open.embedding.features(),
                Some(place) => seen.get(place).ok_or("a kind names a backbone that was not sent")?,
            };
            let distance = learnt.distance(&channel_means(&of_level(pyramid, learnt.level()).await?, learnt.level()));
            kinds.push(Resemblance { place: kind.place, distance, usual: learnt.usual });
        }
        Ok(Resembled { image: ask.image, kinds })
    }
}
