//! Students that are taught from a few pictures, by the recipe that `fovea teach` measures
//! ([`fovea_teach`]): what the engine keeps of pictures and courses.
//!
//! A picture that is taught is kept in eight views of 0.58 MB each ([`VIEW_BYTES`]), an unseen one
//! in one view, and all together in [`LIMIT`]: 40 taught pictures and 145 unseen ones, for example.
//! Beside its views a picture keeps at most 0.5 MB: a small copy, its true mask at [`SCORED_SIDE`]
//! and its last targets. Only the picture that is being read is kept at its full size.

mod export;
mod picture;
mod student;
mod target;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

use std::collections::BTreeMap;

use fovea_shared::{description::Modality, image::RgbImage, model::Pyramid, plane::Mask, predictor::Predictor};
use fovea_teach::{Example, Recipe};

use super::masks;
use crate::{
    protocol::{
        NamedFile, TaughtStep, TeachDraw, TeachDrew, TeachExported, TeachForget, TeachKept, TeachReading, TeachRequest,
        TeachRole, TeachStep, TeachTarget, TeachTold,
    },
    text::{Message, message},
};
use picture::Picture;
use student::Student;

/// Bytes of one view of a picture: its features in f32.
pub const VIEW_BYTES: usize = 4 * Pyramid::LEN;

/// Bytes that the views of all pictures may take together.
pub const LIMIT: usize = 256 << 20;

/// Courses that are kept at a time: two that race, and two references.
pub const COURSES: usize = 4;

/// No side of a true mask is kept longer than this, in pixels. Dice differs from that at the
/// picture's own size by less than 0.005, and 16 pictures are scored in the time of a step.
pub const SCORED_SIDE: usize = 512;

/// A decoded picture.
pub struct Decoded {
    /// SHA-256 of its file, from which its views are drawn.
    pub sha256: String,
    /// The image at its own size.
    pub image: RgbImage,
    /// Its true mask at the same size.
    pub truth: Option<Mask>,
}

/// Pictures and courses, all on one device and of one backbone.
#[derive(Default)]
pub struct Teaching {
    pictures: BTreeMap<u64, Picture>,
    courses: BTreeMap<u32, Student>,
}

impl Teaching {
    /// Whether a file is read already in all views of its role, so that it need not be decoded.
    pub fn knows(&self, (picture, role): (u64, TeachRole), sha256: &str, truth: bool) -> bool {
        let kept = self.pictures.get(&picture).filter(|kept| kept.is_same(sha256));
        kept.is_some_and(|kept| kept.views() >= views_of(role) && kept.has_truth(truth))
    }

    /// Begins to read a picture, and stops to read another that is not finished. Reads its first
    /// view, or one more where it has some.
    ///
    /// # Errors
    /// In plain words: there is no room for its features, or the device fails.
    pub async fn read(
        &mut self,
        predictor: &Predictor,
        (picture, name, role): (u64, &str, TeachRole),
        decoded: Decoded,
        side: usize,
    ) -> Result<TeachReading, Message> {
        self.pictures.values_mut().for_each(Picture::stop_reading);
        let views = views_of(role);
        let former = self.pictures.get(&picture).filter(|kept| kept.is_same(&decoded.sha256));
        let had = former.map_or(0, Picture::views);
        let others: usize =
            self.pictures.iter().filter(|(number, _)| **number != picture).map(|(_, p)| p.views()).sum();
        if (others + views.max(had)) * VIEW_BYTES > LIMIT {
            let megabytes = |bytes: usize| (bytes / 1_000_000).to_string();
            return Err(message!(
                "teach-no-room",
                file = name,
                count = self.pictures.len(),
                limit = megabytes(LIMIT),
                needed = megabytes(views * VIEW_BYTES)
            ));
        }
        if former.is_none() {
            self.forget(TeachForget::Picture(picture));
        }
        match self.pictures.entry(picture) {
            std::collections::btree_map::Entry::Occupied(mut kept) => kept.get_mut().read_again(decoded, views),
            std::collections::btree_map::Entry::Vacant(none) => {
                none.insert(Picture::new(name, decoded, views, side));
            }
        }
        self.read_on(predictor, picture).await
    }

    /// Reads the next view of a picture, where one is still to be read.
    ///
    /// # Errors
    /// In plain words: the picture is unknown, its reading was stopped by another picture's, or the
    /// device fails.
    pub async fn read_on(&mut self, predictor: &Predictor, picture: u64) -> Result<TeachReading, Message> {
        self.picture_mut(picture)?.read_view(predictor).await?;
        self.reading(picture)
    }

    /// How far a picture is read.
    ///
    /// # Errors
    /// In plain words: the picture is unknown.
    pub fn reading(&self, picture: u64) -> Result<TeachReading, Message> {
        let kept = self.picture(picture)?;
        let (width, height) = kept.native();
        Ok(TeachReading {
            picture,
            views: kept.views(),
            of: kept.wanted(),
            native: (width as u32, height as u32),
            truth: kept.truth().is_some(),
            kept: self.kept(),
        })
    }

    /// Makes the target of a picture, to show it.
    ///
    /// # Errors
    /// In plain words: the picture is unknown, or nothing to make the target of.
    pub fn tell(
        &mut self,
        picture: u64,
        target: &TeachTarget,
        domain: Modality,
        drawn: impl Fn(&NamedFile, (usize, usize)) -> Result<Mask, Message>,
    ) -> Result<TeachTold, Message> {
        let kept = self.picture_mut(picture)?;
        let (target, fixations) = kept.target(target, domain, drawn)?;
        let size = kept.scored();
        // Zero where the target is one half, as logits are.
        let field = fovea_shared::plane::Plane {
            data: target.data.iter().map(|value| value - 0.5).collect(),
            width: target.width,
            height: target.height,
        };
        let outline = masks::from_logits(&field, size, kept.truth());
        Ok(TeachTold { picture, outline, fixations })
    }

    /// Sets a student up, and draws every picture with it as it is: untrained.
    ///
    /// # Errors
    /// In plain words: nothing to teach, a picture that is not read or has nothing to make its target
    /// of, too many courses, or a device that fails. A course of the same number then stays.
    pub async fn teach(
        &mut self,
        predictor: &Predictor,
        request: &TeachRequest,
        domain: Modality,
        drawn: impl Fn(&NamedFile, (usize, usize)) -> Result<Mask, Message>,
    ) -> Result<TaughtStep, Message> {
        let others = self.courses.keys().filter(|course| **course != request.course).count();
        if others >= COURSES {
            return Err(message!("teach-many-courses", count = COURSES));
        }
        if request.taught.is_empty() {
            return Err(message!("teach-nothing"));
        }
        let recipe = Recipe::default();
        let recipe = Recipe { steps: request.steps.map_or(recipe.steps, Into::into), ..recipe };
        for picture in &request.unseen {
            self.picture(*picture)?.ready(1)?;
        }
        let mut examples = Vec::with_capacity(request.taught.len());
        for (picture, target) in &request.taught {
            let kept = self.picture_mut(*picture)?;
            let views = kept.ready(recipe.views)?;
            let (target, _) = kept.target(target, domain, &drawn)?;
            examples.push(Example::of_features(views, &target, kept.sha256()));
        }
        let student = Student::new(recipe, examples, request, predictor.device());
        let answer = student.untrained(&self.pictures).await?;
        self.courses.insert(request.course, student);
        Ok(answer)
    }

    /// Lets a student take steps, and draws some pictures with it.
    ///
    /// # Errors
    /// In plain words: the course is unknown, a step gave numbers that are not finite, or the device
    /// fails. The student is then as it was before that step.
    pub async fn step(&mut self, ask: TeachStep) -> Result<TaughtStep, Message> {
        let student = self.courses.get_mut(&ask.course).ok_or_else(|| message!("teach-no-course"))?;
        student.step(ask, &self.pictures).await
    }

    /// Draws pictures with the student of a course. Those that are not read are left out.
    ///
    /// # Errors
    /// In plain words: the course is unknown, or the device fails.
    pub async fn draw(&self, ask: TeachDraw) -> Result<TeachDrew, Message> {
        let student = self.courses.get(&ask.course).ok_or_else(|| message!("teach-no-course"))?;
        Ok(TeachDrew { course: ask.course, drawn: student.draw_others(&ask.pictures, &self.pictures).await? })
    }

    /// The student of a course as a file.
    ///
    /// # Errors
    /// In plain words: the course is unknown, or the device fails.
    pub async fn export(&self, course: u32) -> Result<TeachExported, Message> {
        let student = self.courses.get(&course).ok_or_else(|| message!("teach-no-course"))?;
        let safetensors = export::safetensors(student.head()).await?;
        Ok(TeachExported { course, step: student.steps(), safetensors })
    }

    /// Forgets pictures and courses.
    pub fn forget(&mut self, what: TeachForget) -> TeachKept {
        match what {
            TeachForget::Picture(picture) => {
                self.pictures.remove(&picture);
                // A course holds the features that it learns from until it ends.
                self.courses.retain(|_, student| !student.learns_from(picture));
            }
            TeachForget::Course(course) => drop(self.courses.remove(&course)),
            TeachForget::All => *self = Self::default(),
        }
        self.kept()
    }

    /// What is kept.
    pub fn kept(&self) -> TeachKept {
        TeachKept {
            pictures: self.pictures.len(),
            courses: self.courses.len(),
            bytes: self.pictures.values().map(Picture::views).sum::<usize>() * VIEW_BYTES,
            limit: LIMIT,
        }
    }

    fn picture(&self, picture: u64) -> Result<&Picture, Message> {
        self.pictures.get(&picture).ok_or_else(|| message!("teach-no-picture"))
    }

    fn picture_mut(&mut self, picture: u64) -> Result<&mut Picture, Message> {
        self.pictures.get_mut(&picture).ok_or_else(|| message!("teach-no-picture"))
    }
}

/// Views that a picture of this role needs.
pub fn views_of(role: TeachRole) -> usize {
    match role {
        TeachRole::Taught => Recipe::default().views,
        TeachRole::Unseen => 1,
    }
}
