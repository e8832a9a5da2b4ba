//! `fovea eval --interact`: does the answer follow what a person looks at and says?
//!
//! ```text
//! cases, true masks ──► Lab (looks, pictures of two lesions, words) ──► one run's teacher and student ──► report::interact::Line
//! ```
//! The rules are in words in [`crate::report::interact::RULES`].

mod ask;
mod clicks;
mod inside;
mod looks;
mod off;
mod pictures;
mod shapes;
mod sheet;
mod two;
mod words;

use anyhow::{Result, ensure};
use burn::tensor::Device;
use fovea_shared::{
    description::{Description, Field, Modality, measured::measure},
    gaze::Scanpath,
    image::{INPUT_SIDE, RgbImage, resize_rgb},
    metrics::distances_to,
    model::TeacherHead,
    plane::{Mask, Plane},
};

use self::{
    ask::{Ask, Seen, Teacher},
    looks::Rule,
    pictures::Picture,
};
use crate::{
    data::{Case, parallel},
    features::{Features, PictureFeatures},
    report::interact::Line,
    run::Progress,
};

/// A look beside the lesion is at least so far from it, pixels of 224.
const BESIDE: f32 = 20.0;
/// Pixels whose channels have a mean of at most this are black.
const BLACK: u32 = 25;

/// What is tried on the images of a list, the same for every run.
pub(crate) struct Lab<'a> {
    cases: &'a [Case],
    truths: &'a [Mask],
    subjects: Vec<Subject>,
    /// Made of two images.
    made: Vec<Picture>,
    /// Images that truly show two lesions.
    doubles: Vec<Picture>,
}

/// One image with a lesion.
struct Subject {
    /// Its place among the cases.
    case: usize,
    /// What it shows.
    modality: Modality,
    /// The image, [`INPUT_SIDE`] squared.
    image: RgbImage,
    /// The lesion, [`INPUT_SIDE`] squared.
    lesion: Mask,
    /// The looks at it.
    rule: Rule,
    /// The look beside it.
    beside: Option<Scanpath>,
    /// The lesion in words.
    text: Description,
}

/// One run on a lab.
pub(crate) struct Run<'a> {
    /// Its seed.
    pub(crate) seed: u64,
    /// Its teacher.
    pub(crate) head: &'a TeacherHead,
    /// Where to compute.
    pub(crate) device: &'a Device,
    /// What its backbone sees of the cases.
    pub(crate) features: &'a Features,
    /// What its backbone sees of [`Lab::images`].
    pub(crate) made: &'a PictureFeatures,
    /// Logits of the student that is compared with, in the order of the cases.
    pub(crate) student: Option<&'a [Plane]>,
    /// Whether the teacher was trained with text.
    pub(crate) reads: bool,
}

impl<'a> Lab<'a> {
    /// Prepares what is tried on `cases`, of which `truths` are the true masks at their own sizes.
    ///
    /// # Errors
    /// An unreadable image; no image with a lesion.
    pub(crate) fn new(cases: &'a [Case], truths: &'a [Mask]) -> Result<Self> {
        let places: Vec<usize> = (0..cases.len()).collect();
        let subjects = parallel::map(&places, |case| Subject::of(*case, &cases[*case], &truths[*case]), || ());
        let subjects: Vec<Subject> = subjects.into_iter().filter_map(Result::transpose).collect::<Result<_>>()?;
        ensure!(!subjects.is_empty(), "none of the {} images shows a lesion: there is nothing to look at", cases.len());
        let made = pictures::made(cases, truths, &subjects);
        let doubles = pictures::doubles(cases, truths, &subjects);
        Ok(Self { cases, truths, subjects, made, doubles })
    }

    /// The pictures made of two images, for the backbone.
    pub(crate) fn images(&self) -> Vec<RgbImage> {
        self.made.iter().map(|picture| picture.image.clone()).collect()
    }

    /// The images that truly show two lesions.
    pub(crate) fn doubles(&self) -> Vec<String> {
        self.doubles.iter().map(|picture| picture.id.clone()).collect()
    }

    /// Tries everything with one run.
    ///
    /// # Errors
    /// A device that fails.
    pub(crate) fn measure(&self, run: &Run<'_>, progress: &Progress) -> Result<Vec<Line>> {
        let mut bar = progress.bar("interact", if run.reads { 6 } else { 4 });
        let answers = inside::answers(self, run)?;
        bar.inc(1);
        let mut lines = inside::lines(self, run, &answers);
        let teacher = run.teacher();
        let ask = |asks: &[(usize, &Scanpath)]| -> Result<Vec<Plane>> {
            let features = |subject: usize| Seen::Case(run.features, self.subjects[subject].case);
            let asks =
                asks.iter().map(|(subject, gaze)| Ask { features: features(*subject), gaze: Some(*gaze), text: None });
            teacher.answer(&asks.collect::<Vec<_>>())
        };
        lines.extend(clicks::lines(self, run.seed, &answers, ask)?);
        bar.inc(1);
        lines.extend(two::lines(self, run)?);
        bar.inc(1);
        lines.extend(off::lines(self, run, &answers)?);
        bar.inc(1);
        if run.reads {
            lines.extend(words::location(self, run)?);
            bar.inc(1);
            lines.extend(words::size(self, run)?);
            bar.inc(1);
        }
        bar.finish();
        Ok(lines)
    }

    /// A sheet of the images that truly show two lesions and of some pictures made of two images;
    /// `None` where there are none.
    ///
    /// # Errors
    /// An unreadable image, a device that fails.
    pub(crate) fn sheet(&self, run: &Run<'_>, title: String, made: usize) -> Result<Option<RgbImage>> {
        sheet::sheet(self, run, title, made)
    }
}

impl<'a> Run<'a> {
    fn teacher(&self) -> Teacher<'a> {
        Teacher { head: self.head, device: self.device }
    }

    /// What the run's backbone sees of a picture.
    fn seen(&self, picture: &Picture) -> Seen<'a> {
        match picture.from {
            pictures::From::Case(case) => Seen::Case(self.features, case),
            pictures::From::Made(place) => Seen::Made(self.made, place),
        }
    }
}

impl Subject {
    /// `None` for an image without a lesion.
    fn of(place: usize, case: &Case, truth: &Mask) -> Result<Option<Self>> {
        let whole = case.load_image()?;
        let image = resize_rgb(&whole, INPUT_SIDE, INPUT_SIDE);
        let lesion = shapes::stretched(truth, INPUT_SIDE);
        let (Some(rule), Some(distances)) = (Rule::of(&lesion, &case.id), distances_to(&lesion)) else {
            return Ok(None);
        };
        let bright = |i: usize| image.as_raw()[3 * i..3 * i + 3].iter().map(|v| u32::from(*v)).sum::<u32>() > 3 * BLACK;
        let beside = looks::beside(&distances, bright, BESIDE);
        let modality = case.modality()?;
        let text = in_words(&whole, truth, modality);
        Ok(Some(Self { case: place, modality, beside, image, lesion, rule, text }))
    }
}

/// What can be measured inside a mask, in words; without how many there are and whether an edge
/// cuts it, which is not true any more of a picture made of two.
fn in_words(image: &RgbImage, mask: &Mask, modality: Modality) -> Description {
    let mut text = measure(image, mask, modality);
    for field in [Field::Count, Field::Edge] {
        // Taking a word back fails only for a field that the modality does not have.
        let _ = text.set(field, None);
    }
    text
}
