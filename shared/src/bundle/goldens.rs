//! Goldens: one image, one gaze and the logits that the exporting machine's CPU computed. Every backend must reproduce
//! them before it may show a visitor anything.

use std::collections::BTreeMap;

use burn::tensor::DType;
use image::RgbImage;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use super::BundleError;
use crate::{image::INPUT_SIDE, model::PromptMaps, plane::Plane};

const FILE: &str = "goldens.safetensors";
/// What the names of the students' tensors begin with.
const STUDENT: &str = "student.";

/// The reference input and its reference logits.
#[derive(Clone, Debug)]
pub struct Goldens {
    /// An image of the model's input size, so that no resize takes part.
    pub image: RgbImage,
    /// The gaze prompt.
    pub prompt: PromptMaps,
    /// The text, a token a phrase.
    pub text: Vec<Vec<f32>>,
    /// Teacher logits without gaze and text.
    pub teacher: Plane,
    /// Teacher logits with `prompt` and without text.
    pub teacher_gaze: Plane,
    /// Teacher logits with `text` and without gaze.
    pub teacher_text: Plane,
    /// Logits of every student, by its name.
    pub students: BTreeMap<String, Plane>,
}

impl Goldens {
    fn planes(&self) -> impl Iterator<Item = (String, &Plane)> {
        let teacher = [
            ("dwell", &self.prompt.dwell),
            ("looks", &self.prompt.looks),
            ("teacher", &self.teacher),
            ("teacher_gaze", &self.teacher_gaze),
            ("teacher_text", &self.teacher_text),
        ];
        let students = self.students.iter().map(|(name, plane)| (format!("{STUDENT}{name}"), plane));
        teacher.into_iter().map(|(name, plane)| (name.to_owned(), plane)).chain(students)
    }

    /// The largest absolute difference of any logit of teacher or students from those of `other`;
    /// infinite when one is not a number, of another size, or of a student that `other` knows and
    /// this does not.
    pub fn difference(&self, other: &Self) -> f32 {
        let none = Plane::filled(0, 0, 0.0);
        let students = other.students.iter().map(|(name, plane)| (self.students.get(name).unwrap_or(&none), plane));
        let teacher = [
            (&self.teacher, &other.teacher),
            (&self.teacher_gaze, &other.teacher_gaze),
            (&self.teacher_text, &other.teacher_text),
        ];
        let mut worst = 0.0f32;
        for (found, expected) in teacher.into_iter().chain(students) {
            if found.data.len() != expected.data.len() {
                return f32::INFINITY;
            }
            for (a, b) in found.data.iter().zip(&expected.data) {
                let difference = (a - b).abs();
                worst = if difference.is_nan() { f32::INFINITY } else { worst.max(difference) };
            }
        }
        worst
    }

    /// Writes the goldens as safetensors.
    ///
    /// # Errors
    /// [`BundleError::Unfit`] when the image is not of the input size.
    pub fn to_bytes(&self) -> Result<Vec<u8>, BundleError> {
        let side = INPUT_SIDE as u32;
        if self.image.dimensions() != (side, side) {
            return Err(unfit(format!("the image is {:?}, not {side} squared", self.image.dimensions())));
        }
        let raw: Vec<(String, Vec<usize>, Vec<u8>)> = self
            .planes()
            .map(|(name, p)| (name, vec![p.height, p.width], p.data.iter().flat_map(|v| v.to_le_bytes()).collect()))
            .collect();
        let mut views = vec![(
            "image".to_owned(),
            TensorView::new(Dtype::U8, vec![INPUT_SIDE, INPUT_SIDE, 3], self.image.as_raw())
                .map_err(|e| unfit(e.to_string()))?,
        )];
        let text: Vec<u8> = self.text.iter().flatten().flat_map(|v| v.to_le_bytes()).collect();
        let shape = vec![self.text.len(), self.text.first().map_or(0, Vec::len)];
        views.push(("text".to_owned(), TensorView::new(Dtype::F32, shape, &text).map_err(|e| unfit(e.to_string()))?));
        for (name, shape, bytes) in &raw {
            let view = TensorView::new(Dtype::F32, shape.clone(), bytes).map_err(|e| unfit(e.to_string()))?;
            views.push((name.clone(), view));
        }
        safetensors::serialize(views, None).map_err(|e| unfit(e.to_string()))
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`BundleError::Unfit`], naming the tensor.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BundleError> {
        let file = SafeTensors::deserialize(bytes).map_err(|e| unfit(e.to_string()))?;
        let tensor = |name: &str| file.tensor(name).map_err(|e| unfit(format!("tensor `{name}`: {e}")));
        let plane = |name: &str| -> Result<Plane, BundleError> {
            let view = tensor(name)?;
            let [height, width] = view.shape() else {
                return Err(unfit(format!("tensor `{name}` has shape {:?}, not two numbers", view.shape())));
            };
            if view.dtype() != Dtype::F32 {
                return Err(unfit(format!("tensor `{name}` is {:?}, not {:?}", view.dtype(), DType::F32)));
            }
            let data = view.data().as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
            Ok(Plane::from_vec(*width, *height, data))
        };
        let text = plane("text")?;
        let side = INPUT_SIDE as u32;
        let image = RgbImage::from_raw(side, side, tensor("image")?.data().to_vec())
            .ok_or_else(|| unfit(format!("tensor `image` is too small for {side} x {side} pixels")))?;
        Ok(Self {
            image,
            prompt: PromptMaps { dwell: plane("dwell")?, looks: plane("looks")? },
            text: text.data.chunks_exact(text.width.max(1)).map(<[f32]>::to_vec).collect(),
            teacher: plane("teacher")?,
            teacher_gaze: plane("teacher_gaze")?,
            teacher_text: plane("teacher_text")?,
            students: file
                .names()
                .into_iter()
                .filter_map(|name| Some((name.strip_prefix(STUDENT)?.to_owned(), name)))
                .map(|(student, name)| Ok((student, plane(name)?)))
                .collect::<Result<_, BundleError>>()?,
        })
    }
}

fn unfit(cause: String) -> BundleError {
    BundleError::Unfit { file: FILE.into(), cause }
}
