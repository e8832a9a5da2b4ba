//! Teaching students from a few pictures: files in, answers out.

use fovea_shared::{bundle::sha256, description::Modality, plane::Mask};

use super::{
    GAZE_SIDE, Session,
    files::{decode_named, read_mask},
};
use crate::{
    engine::teach::Decoded,
    protocol::{
        NamedFile, TaughtStep, TeachDraw, TeachDrew, TeachExported, TeachForget, TeachKept, TeachPicture, TeachReading,
        TeachRequest, TeachStep, TeachTell, TeachTold,
    },
    text::Message,
};

impl Session {
    /// Reads the first view of a picture. One that is read already is not read again.
    ///
    /// # Errors
    /// In plain words, naming the file: it or its mask cannot be read, it is not the bundle's though it
    /// should be, there is no room for it, or the device fails. What was read before stays.
    pub async fn teach_read(&mut self, request: TeachPicture) -> Result<TeachReading, Message> {
        let TeachPicture { picture, file, mask, from_bundle, role } = request;
        if from_bundle {
            [Some(&file), mask.as_ref()].into_iter().flatten().try_for_each(|file| self.verify_file(file))?;
        }
        let sha256 = sha256(&file.bytes.0);
        if self.teaching.knows((picture, role), &sha256, mask.is_some()) {
            return self.teaching.reading(picture);
        }
        let image = decode_named(&file)?.image;
        let native = (image.width() as usize, image.height() as usize);
        let truth = mask.as_ref().map(|mask| read_mask(mask, native)).transpose()?;
        let decoded = Decoded { sha256, image, truth };
        self.teaching.read(&self.predictor, (picture, &file.name, role), decoded, GAZE_SIDE).await
    }

    /// Reads the next view of a picture.
    ///
    /// # Errors
    /// In plain words: the picture is unknown, another one has been begun since, or the device fails.
    pub async fn teach_read_on(&mut self, picture: u64) -> Result<TeachReading, Message> {
        self.teaching.read_on(&self.predictor, picture).await
    }

    /// Makes the target of a picture, to show it.
    ///
    /// # Errors
    /// In plain words: the picture is unknown, or nothing to make the target of.
    pub fn teach_tell(&mut self, tell: TeachTell) -> Result<TeachTold, Message> {
        self.teaching.tell(tell.picture, &tell.target, self.manifest.domain, read_drawn)
    }

    /// Sets a student up to be taught, and draws every picture with it as it is.
    ///
    /// # Errors
    /// In plain words: nothing to teach, a picture that is not read or has nothing to make its target
    /// of, too many courses, or a device that fails.
    pub async fn teach(&mut self, request: TeachRequest) -> Result<TaughtStep, Message> {
        let domain: Modality = self.manifest.domain;
        self.teaching.teach(&self.predictor, &request, domain, read_drawn).await
    }

    /// Lets a student take steps.
    ///
    /// # Errors
    /// In plain words: the course is unknown, a step gave numbers that are not finite, or the device
    /// fails.
    pub async fn teach_step(&mut self, ask: TeachStep) -> Result<TaughtStep, Message> {
        self.teaching.step(ask).await
    }

    /// Draws pictures that are read with a student.
    ///
    /// # Errors
    /// In plain words: the course is unknown, or the device fails.
    pub async fn teach_draw(&self, ask: TeachDraw) -> Result<TeachDrew, Message> {
        self.teaching.draw(ask).await
    }

    /// Writes a student as a file.
    ///
    /// # Errors
    /// In plain words: the course is unknown, or the device fails.
    pub async fn teach_export(&self, course: u32) -> Result<TeachExported, Message> {
        self.teaching.export(course).await
    }

    /// Forgets pictures and courses, and says what is still kept.
    pub fn teach_forget(&mut self, what: TeachForget) -> TeachKept {
        self.teaching.forget(what)
    }
}

/// A mask that was drawn by hand on a picture of this size.
fn read_drawn(file: &NamedFile, native: (usize, usize)) -> Result<Mask, Message> {
    read_mask(file, native)
}
