//! Trying the networks on images: validation and evaluation both ask here.

use std::path::Path;

use anyhow::Result;
use burn::tensor::{Device, Tensor, TensorData};
use fovea_paper::{PaperStudent, PaperTeacher, TextTokens, lesion_logits};
use fovea_shared::{
    description::Description,
    image::{RgbImage, flip_chw, normalise, resize_rgb},
    model::PhraseTokens,
    plane::Plane,
};

use crate::{
    config::PaperSettings,
    features::{FLIPS, Flip},
    run::{best::load_best_head, plane_of, predict::average, tokens},
};

/// The best networks of a run.
pub(crate) struct PaperNetworks {
    /// The teacher.
    pub(crate) teacher: PaperTeacher,
    /// The student.
    pub(crate) student: PaperStudent,
}

impl PaperNetworks {
    /// Loads them from the folder of a run.
    ///
    /// # Errors
    /// Names the missing or damaged file.
    pub(crate) fn load(run: &Path, settings: &PaperSettings, device: &Device) -> Result<Self> {
        let widths = settings.networks();
        Ok(Self {
            teacher: load_best_head(run, "teacher", PaperTeacher::new(&widths, 0, device))?,
            student: load_best_head(run, "student", PaperStudent::new(&widths, 0, device))?,
        })
    }
}

impl PaperNetworks {
    /// Logits for the lesion of teacher and student, `[side, side]` each, of an image of any size;
    /// the teacher reads a token a phrase.
    ///
    /// # Errors
    /// A device that fails.
    pub(crate) fn ask(
        &self,
        image: &RgbImage,
        side: usize,
        words: Vec<Vec<f32>>,
        device: &Device,
    ) -> Result<[Plane; 2]> {
        let image = resize_rgb(image, side, side);
        let teacher = plane_of(taught(&self.teacher, &image, words, FLIPS[0], device), side)?;
        Ok([teacher, predict_paper_student(&self.student, &image, 1, device)?])
    }
}

/// The teacher's logits for the lesion, `[side, side]`, of an image of that side and its text;
/// averaged as probabilities over `flips` mirror images when more than one.
///
/// # Errors
/// A device that fails.
pub(crate) fn predict_paper_teacher(
    teacher: &PaperTeacher,
    image: &RgbImage,
    text: Option<&Description>,
    flips: usize,
    device: &Device,
) -> Result<Plane> {
    average(flips, image.width() as usize, |flip| {
        Ok(taught(teacher, image, tokens(text, FLIPS[flip]), FLIPS[flip], device))
    })
}

fn taught(teacher: &PaperTeacher, image: &RgbImage, words: Vec<Vec<f32>>, flip: Flip, device: &Device) -> Tensor<4> {
    let words = TextTokens::from(&PhraseTokens::new(&[words], device));
    lesion_logits(teacher.forward(input(image, flip, device), &words).logits)
}

/// The student's logits for the lesion, likewise.
///
/// # Errors
/// A device that fails.
pub(crate) fn predict_paper_student(
    student: &PaperStudent,
    image: &RgbImage,
    flips: usize,
    device: &Device,
) -> Result<Plane> {
    average(flips, image.width() as usize, |flip| Ok(lesion_logits(student.logits(input(image, FLIPS[flip], device)))))
}

/// A square image as the networks see it, `[1, 3, side, side]`.
fn input(image: &RgbImage, flip: Flip, device: &Device) -> Tensor<4> {
    let side = image.width() as usize;
    let values = flip_chw(&normalise(image), side, flip.horizontal, flip.vertical);
    Tensor::from_data(TensorData::new(values, [1, 3, side, side]), device)
}
