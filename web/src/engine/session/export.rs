//! Masks as files.

use fovea_shared::{gaze::Scanpath, image::mask_png, model::PromptMaps, predictor::mask_at};

use super::Session;
use crate::{
    errors::predict,
    protocol::{Blob, Drawn, Exported},
    text::{Message, message},
};

impl Session {
    /// Writes a mask on the open image as a PNG of the image's own size.
    ///
    /// # Errors
    /// When the image is not the open one, there is no such student, a phrase is not in the vocabulary, or the device fails.
    pub async fn export(&self, image: u64, drawn: Drawn) -> Result<Exported, Message> {
        let open = self.opened(image)?;
        let (found, teacher) = match drawn {
            Drawn::Student(place) => (self.predictor.student(&open.embedding, place).await, false),
            Drawn::Teacher { fixations, text } => {
                let tokens = self.tokens(&text);
                let prompt = (!fixations.is_empty()).then(|| PromptMaps::of(&Scanpath { fixations }));
                (self.predictor.teacher(&open.embedding, prompt.as_ref(), &tokens).await, true)
            }
        };
        let logits = found.map_err(|e| predict(&e))?;
        let png = mask_png(&mask_at(&logits, open.native.0, open.native.1));
        let png = png.map_err(|e| message!("mask-not-written", cause = e.to_string()))?;
        Ok(Exported { image, teacher, png: Blob(png) })
    }
}
