//! Learning on the open image.

use fovea_shared::{
    gaze::Fixation,
    image::{resize_rgb, to_input},
    pseudo_mask::PseudoMaskParams,
};

use super::{
    GAZE_SIDE, Session,
    files::{decode_named, read_gaze},
};
use crate::{
    engine::live::{Lesson, Live},
    errors::{of_file, predict},
    protocol::{LearntStep, LiveRequest, LiveStep, OpenRequest},
    text::{Message, message},
};

impl Session {
    /// Sets students up to learn on the open image, and on others by turns. Says where they stand before any step.
    ///
    /// # Errors
    /// In plain words: the image is not the open one, another one cannot be read or has no gaze, or the device fails.
    pub async fn learn(&mut self, request: LiveRequest) -> Result<LearntStep, Message> {
        let open = self.opened(request.image)?;
        let mut lessons = vec![Lesson::new(open.embedding.clone(), open.input.clone(), open.small.clone())];
        let mut gazes = Vec::new();
        for other in &request.more {
            let (lesson, gaze) = self.lesson(other).await?;
            lessons.push(lesson);
            gazes.push(gaze);
        }
        let mut live = Live::new(&self.predictor, &request, PseudoMaskParams::of(self.manifest.domain), lessons)?;
        for (place, gaze) in gazes.iter().enumerate() {
            live.tell(&self.predictor, place + 1, gaze, &[]).await?;
        }
        let open = self.opened(request.image)?;
        let (target, students) = live.seen(open.native, open.truth.as_ref()).await?;
        if let Some(open) = &mut self.open {
            open.live = Some(live);
        }
        Ok(LearntStep { image: request.image, step: 0, ms: 0.0, steps: 0, target, students })
    }

    /// Lets them take steps, with the visitor's gaze and words as they are now.
    ///
    /// # Errors
    /// In plain words: nobody is set up to learn on this image, there is no gaze where it is needed, or the device fails. The
    /// learners stay as they were.
    pub async fn learn_step(&mut self, ask: LiveStep) -> Result<LearntStep, Message> {
        let tokens = self.tokens(&ask.text);
        self.opened(ask.image)?;
        let Some(open) = &mut self.open else { return Err(message!("image-not-open")) };
        let Some(live) = &mut open.live else { return Err(message!("live-no-student")) };
        live.tell(&self.predictor, 0, &ask.fixations, &tokens).await?;
        let ms = live.learn(ask.steps).await?;
        let (target, students) = live.seen(open.native, open.truth.as_ref()).await?;
        Ok(LearntStep { image: ask.image, step: live.step(), ms, steps: ask.steps, target, students })
    }

    /// An image of the gallery to learn from besides the open one, with its own gaze. Its mask is not read.
    async fn lesson(&self, request: &OpenRequest) -> Result<(Lesson, Vec<Fixation>), Message> {
        let Some(gaze) = &request.gaze else {
            return Err(of_file(&request.file.name, message!("live-no-gaze")));
        };
        self.verify(request)?;
        let image = decode_named(&request.file)?.image;
        let embedding = self.predictor.embed(&image).await.map_err(|e| of_file(&request.file.name, predict(&e)))?;
        let lesson = Lesson::new(embedding, to_input(&image), resize_rgb(&image, GAZE_SIDE, GAZE_SIDE));
        Ok((lesson, read_gaze(gaze)?))
    }
}
