//! A trained bundle at work on one image: the backbone once, then a head per question.

use burn::tensor::{Device, Tensor, TensorData};
use image::RgbImage;

use crate::{
    bundle::{Bundle, BundleError, Goldens, StudentVariant},
    distill::Adapters,
    image::{INPUT_SIDE, resize_plane, to_input},
    model::{
        ATTENTION_SIDE, Backbone, GazePrompt, MAX_PHRASES, PhraseTokens, PromptMaps, Pyramid, SIDES, STUDENT_SIDE,
        StudentHead, TEACHER_SIDE, TeacherHead, weights,
    },
    plane::{Mask, Plane},
};

/// How far a backend's logits may be from the goldens, as an absolute difference.
pub const GOLDEN_TOLERANCE: f32 = 1e-3;

/// The device could not compute or could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the device failed while computing: {0}")]
pub struct PredictError(String);

impl PredictError {
    /// What the device, or its driver, says.
    pub fn cause(&self) -> &str {
        &self.0
    }
}

/// A student and what it is called.
pub struct NamedStudent {
    /// [`crate::bundle::StudentVariant::name`].
    pub name: String,
    /// The head.
    pub head: StudentHead,
    /// AFC's adapters, where it was trained with them and the bundle has them.
    pub adapters: Option<Adapters>,
}

/// Backbone and heads on one device: one teacher, and any number of students that share its backbone.
pub struct Predictor {
    backbone: Backbone,
    teacher: TeacherHead,
    students: Vec<NamedStudent>,
    default_student: usize,
    goldens: Option<Goldens>,
    device: Device,
}

/// The features of one image, on the predictor's device.
#[derive(Clone, Debug)]
pub struct Embedding {
    pyramid: Pyramid,
}

impl Embedding {
    /// The features.
    pub fn features(&self) -> &Pyramid {
        &self.pyramid
    }
}

/// What a self-check found.
#[derive(Clone, Debug, PartialEq)]
pub struct SelfCheck {
    /// The largest absolute difference of any logit from its golden; infinite when a logit is not a number.
    pub max_abs_diff: f32,
    /// Whether that is within [`GOLDEN_TOLERANCE`].
    pub passed: bool,
}

impl Predictor {
    /// Builds the networks of a bundle on a device.
    ///
    /// # Errors
    /// [`BundleError`], naming the file that does not fit.
    pub fn new(bundle: &Bundle, device: &Device) -> Result<Self, BundleError> {
        let mut backbone = Backbone::new(device);
        let mut teacher = TeacherHead::new(0, device);
        let unfit =
            |file: &str, e: weights::WeightsError| BundleError::Unfit { file: file.into(), cause: e.to_string() };
        let bytes = |file: &str| bundle.file(file).map(<[u8]>::to_vec);
        weights::load(&mut backbone, bytes("backbone.safetensors")?).map_err(|e| unfit("backbone.safetensors", e))?;
        weights::load(&mut teacher, bytes("teacher.safetensors")?).map_err(|e| unfit("teacher.safetensors", e))?;
        let load = |variant: &StudentVariant| {
            let mut head = StudentHead::new(0, device);
            weights::load(&mut head, bytes(&variant.file)?).map_err(|e| unfit(&variant.file, e))?;
            let mut adapters = None;
            if let Some(file) = &variant.adapters {
                let adapters = adapters.insert(Adapters::new(0, device));
                weights::load(adapters, bytes(file)?).map_err(|e| unfit(file, e))?;
            }
            Ok(NamedStudent { name: variant.name.clone(), head, adapters })
        };
        let students: Vec<NamedStudent> =
            bundle.manifest.students.iter().map(load).collect::<Result<_, BundleError>>()?;
        let file = "goldens.safetensors";
        let goldens = Goldens::from_bytes(bundle.file(file)?)?;
        if let Some(student) = students.iter().find(|student| !goldens.students.contains_key(&student.name)) {
            let cause = format!("it has no reference output of the student `{}`", student.name);
            return Err(BundleError::Unfit { file: file.into(), cause });
        }
        let default_student = bundle.manifest.default_student();
        Ok(Self { backbone, teacher, students, default_student, goldens: Some(goldens), device: device.clone() })
    }

    /// A predictor from networks at hand; the first student is the default. It has no goldens, so
    /// it cannot check itself; it makes the goldens of others.
    pub fn from_parts(backbone: Backbone, teacher: TeacherHead, students: Vec<NamedStudent>, device: &Device) -> Self {
        Self { backbone, teacher, students, default_student: 0, goldens: None, device: device.clone() }
    }

    /// The names of the students, in the order of their places.
    pub fn student_names(&self) -> impl Iterator<Item = &str> {
        self.students.iter().map(|student| student.name.as_str())
    }

    /// The place of the student of this name.
    pub fn find_student(&self, name: &str) -> Option<usize> {
        self.student_names().position(|other| other == name)
    }

    /// Adds a student from the bytes of its weights, without adapters; gives its place.
    ///
    /// # Errors
    /// Bytes that are not weights of a student.
    pub fn add_student(&mut self, name: &str, bytes: Vec<u8>) -> Result<usize, weights::WeightsError> {
        let mut head = StudentHead::new(0, &self.device);
        weights::load(&mut head, bytes)?;
        self.students.push(NamedStudent { name: name.into(), head, adapters: None });
        Ok(self.students.len() - 1)
    }

    /// The place of the student that is taken where none is named.
    pub fn default_student(&self) -> usize {
        self.default_student
    }

    /// The backbone, for those who train on it.
    pub fn backbone(&self) -> &Backbone {
        &self.backbone
    }

    /// The teacher's head, for those who learn from it.
    pub fn teacher_head(&self) -> &TeacherHead {
        &self.teacher
    }

    /// The student at a place.
    ///
    /// # Errors
    /// [`PredictError`] when there is no such place.
    pub fn student_at(&self, index: usize) -> Result<&NamedStudent, PredictError> {
        let none = || PredictError(format!("there is no student number {index} among {}", self.students.len()));
        self.students.get(index).ok_or_else(none)
    }

    /// The device of its networks.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The features of an image of any size: the slow part, once an image.
    ///
    /// # Errors
    /// None today; kept fallible because a device may be lost.
    pub async fn embed(&self, image: &RgbImage) -> Result<Embedding, PredictError> {
        self.embed_input(to_input(image)).await
    }

    /// The features of a model input `[3, 224, 224]` as [`to_input`] makes it.
    ///
    /// # Errors
    /// As [`Self::embed`].
    pub async fn embed_input(&self, input: Vec<f32>) -> Result<Embedding, PredictError> {
        let input = TensorData::new(input, [1, 3, INPUT_SIDE, INPUT_SIDE]);
        let pyramid = self.backbone.forward(Tensor::from_data(input, &self.device));
        Ok(Embedding { pyramid })
    }

    /// Teacher logits `[56, 56]`. `prompt` is what it sees of the gaze, `None` the teacher without gaze; `text` holds a
    /// token a phrase ([`crate::description::PhraseTable::token`]), empty the teacher without text.
    ///
    /// # Errors
    /// [`PredictError`] when the device fails.
    pub async fn teacher(
        &self,
        embedding: &Embedding,
        prompt: Option<&PromptMaps>,
        text: &[Vec<f32>],
    ) -> Result<Plane, PredictError> {
        let (prompt, text) = self.asked(prompt, text);
        read(self.teacher.forward(&embedding.pyramid, &prompt, &text), TEACHER_SIDE).await
    }

    /// Teacher logits, and one attention map `[28, 28]` a phrase of `text`: see [`attention_maps`].
    ///
    /// # Errors
    /// [`PredictError`] when the device fails.
    pub async fn explain(
        &self,
        embedding: &Embedding,
        prompt: Option<&PromptMaps>,
        text: &[Vec<f32>],
    ) -> Result<(Plane, Vec<Plane>), PredictError> {
        let (prompt, tokens) = self.asked(prompt, text);
        let look = self.teacher.output(&embedding.pyramid, &prompt, &tokens);
        // Read at once: on a GPU every reading waits for the device.
        let [at8, at16, at32] = look.attention.map(flat);
        let parts = [flat(look.logits), at8, at16, at32];
        let lengths = parts.each_ref().map(|part| part.dims()[0]);
        let all = values(Tensor::cat(parts.to_vec(), 0)).await?;
        let mut rest = all.as_slice();
        let [logits, levels @ ..] = lengths.map(|length| {
            let (part, after) = rest.split_at(length);
            rest = after;
            part.to_vec()
        });
        Ok((Plane::from_vec(TEACHER_SIDE, TEACHER_SIDE, logits), attention_maps(&levels, text.len())))
    }

    fn asked(&self, prompt: Option<&PromptMaps>, text: &[Vec<f32>]) -> (GazePrompt, PhraseTokens) {
        (GazePrompt::new(&[prompt], &self.device), PhraseTokens::new(&[text.to_vec()], &self.device))
    }

    /// Logits `[56, 56]` of the student at a place.
    ///
    /// # Errors
    /// [`PredictError`] when there is no such place, or the device fails.
    pub async fn student(&self, embedding: &Embedding, index: usize) -> Result<Plane, PredictError> {
        let student = self.student_at(index)?;
        read(student.head.forward(&embedding.pyramid), STUDENT_SIDE).await
    }

    /// Logits `[56, 56]` of every student, in the order of their places.
    ///
    /// # Errors
    /// [`PredictError`] when the device fails.
    pub async fn every_student(&self, embedding: &Embedding) -> Result<Vec<Plane>, PredictError> {
        let logits: Vec<_> = self.students.iter().map(|s| flat(s.head.forward(&embedding.pyramid))).collect();
        if logits.is_empty() {
            return Ok(Vec::new());
        }
        // Read at once: on a GPU every reading waits for the device.
        let all = values(Tensor::cat(logits, 0)).await?;
        let plane = |data: &[f32]| Plane::from_vec(STUDENT_SIDE, STUDENT_SIDE, data.to_vec());
        Ok(all.chunks_exact(STUDENT_SIDE * STUDENT_SIDE).map(plane).collect())
    }

    /// Recomputes the goldens on this device, those of every student too. A backend that fails must not be used.
    ///
    /// # Errors
    /// [`PredictError`] when the device fails, or when there are no goldens ([`Self::from_parts`]).
    pub async fn self_check(&self) -> Result<SelfCheck, PredictError> {
        let embedding = self.embed(&self.stored_goldens()?.image).await?;
        self.check_embedding(&embedding).await
    }

    /// Compares what the heads make of an embedding of [`Self::golden_input`] with the goldens.
    ///
    /// # Errors
    /// As [`Self::self_check`].
    pub async fn check_embedding(&self, embedding: &Embedding) -> Result<SelfCheck, PredictError> {
        let golden = self.stored_goldens()?;
        let inputs = (golden.image.clone(), golden.prompt.clone(), golden.text.clone());
        let worst = self.goldens_of(embedding, inputs).await?.difference(golden);
        Ok(SelfCheck { max_abs_diff: worst, passed: worst <= GOLDEN_TOLERANCE })
    }

    fn stored_goldens(&self) -> Result<&Goldens, PredictError> {
        self.goldens.as_ref().ok_or_else(|| PredictError("there are no goldens to compare with".into()))
    }

    /// Computes goldens on this device: what an export ships as the reference.
    ///
    /// # Errors
    /// [`PredictError`] when the device fails.
    pub async fn make_goldens(
        &self,
        image: RgbImage,
        prompt: PromptMaps,
        text: Vec<Vec<f32>>,
    ) -> Result<Goldens, PredictError> {
        let embedding = self.embed(&image).await?;
        self.goldens_of(&embedding, (image, prompt, text)).await
    }

    async fn goldens_of(
        &self,
        embedding: &Embedding,
        (image, prompt, text): (RgbImage, PromptMaps, Vec<Vec<f32>>),
    ) -> Result<Goldens, PredictError> {
        let teacher = self.teacher(embedding, None, &[]).await?;
        let teacher_gaze = self.teacher(embedding, Some(&prompt), &[]).await?;
        let teacher_text = self.teacher(embedding, None, &text).await?;
        let logits = self.every_student(embedding).await?;
        let students = self.student_names().map(str::to_owned).zip(logits).collect();
        Ok(Goldens { image, prompt, text, teacher, teacher_gaze, teacher_text, students })
    }

    /// The image and gaze prompt of the goldens, where there are any: handy for warming a device up.
    pub fn golden_input(&self) -> Option<(&RgbImage, &PromptMaps)> {
        self.goldens.as_ref().map(|g| (&g.image, &g.prompt))
    }
}

async fn read(logits: Tensor<4>, side: usize) -> Result<Plane, PredictError> {
    Ok(Plane::from_vec(side, side, values(logits).await?))
}

fn flat<const D: usize>(tensor: Tensor<D>) -> Tensor<1> {
    tensor.flatten(0, D - 1)
}

async fn values<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, PredictError> {
    let data = tensor.into_data_async().await.map_err(|e| PredictError(e.to_string()))?;
    data.try_to_vec::<f32>().map_err(|e| PredictError(e.to_string()))
}

/// One map `[28, 28]` a phrase from the attention of one image at the three levels (values of
/// [`crate::model::TeacherOutput::attention`], finest first): how much each place attends to the
/// phrase, 0..1, mean over heads and levels, the coarser levels resized bilinearly.
///
/// # Panics
/// When the levels are not of the teacher's sizes.
pub fn attention_maps(levels: &[Vec<f32>], phrases: usize) -> Vec<Plane> {
    let map = |phrase: usize| {
        let mut sum = Plane::filled(ATTENTION_SIDE, ATTENTION_SIDE, 0.0);
        for (level, side) in levels.iter().zip(&SIDES[1..]) {
            let column = level.chunks_exact(MAX_PHRASES + 1).map(|row| row[phrase]).collect();
            let resized = resize_plane(&Plane::from_vec(*side, *side, column), ATTENTION_SIDE, ATTENTION_SIDE);
            sum.data.iter_mut().zip(&resized.data).for_each(|(s, v)| *s += v / levels.len() as f32);
        }
        sum
    };
    (0..phrases.min(MAX_PHRASES)).map(map).collect()
}

/// The mask at the image's own size: logits resized bilinearly, then sigmoid above one half.
pub fn mask_at(logits: &Plane, width: usize, height: usize) -> Mask {
    resize_plane(logits, width, height).above(0.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::gaze::Scanpath;

    #[test]
    fn students_share_one_pyramid_and_answer_alike_alone_and_together() {
        let device = Device::flex();
        let mut backbone = Backbone::new(&device);
        weights::load(&mut backbone, weights::BACKBONE.to_vec()).unwrap();
        let student = |seed: u64| NamedStudent {
            name: format!("s{seed}"),
            head: StudentHead::new(seed, &device),
            adapters: None,
        };
        let students = (1..=3).map(student).collect();
        let predictor = Predictor::from_parts(backbone, TeacherHead::new(1, &device), students, &device);
        assert_eq!((predictor.find_student("s2"), predictor.find_student("s9")), (Some(1), None));
        pollster::block_on(async {
            let image = RgbImage::from_fn(64, 48, |x, y| image::Rgb([x as u8 * 4, y as u8 * 5, 90]));
            let embedding = predictor.embed(&image).await.unwrap();
            let all = predictor.every_student(&embedding).await.unwrap();
            for (index, logits) in all.iter().enumerate() {
                assert_eq!((logits.width, logits.height), (STUDENT_SIDE, STUDENT_SIDE));
                assert_eq!(*logits, predictor.student(&embedding, index).await.unwrap());
            }
            assert!(all[0] != all[1] && all[1] != all[2]);
            assert!(predictor.student(&embedding, 3).await.is_err());
            let goldens =
                predictor.make_goldens(resize_golden(&image), PromptMaps::of(&Scanpath::default()), Vec::new()).await;
            let names: Vec<String> = goldens.unwrap().students.into_keys().collect();
            assert_eq!(names, ["s1", "s2", "s3"]);
            assert!(predictor.self_check().await.is_err(), "there is nothing to compare with");
        });
    }

    fn resize_golden(image: &RgbImage) -> RgbImage {
        crate::image::resize_rgb(image, INPUT_SIDE, INPUT_SIDE)
    }
}
