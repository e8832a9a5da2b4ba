//! COCO's JSON of a collection. It has fields of ours beside COCO's, which its readers pass over; from
//! them the page reads the collection back.

use fovea_shared::plane::Mask;
use serde::{Deserialize, Serialize};

use crate::app::collection::{
    item::{Item, Mark, Source, Verdict},
    shape::Shape,
};

/// The file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Coco {
    /// What made it.
    info: Info,
    /// The pictures.
    pub images: Vec<Image>,
    /// One mask a picture at most: the one in `masks/`.
    annotations: Vec<Annotation>,
    categories: Vec<Category>,
    /// Masks that the page knows besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    fovea_others: Vec<Annotation>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Info {
    description: String,
}

/// A picture.
#[derive(Debug, Serialize, Deserialize)]
pub struct Image {
    id: u64,
    /// Name of its file in `images/`.
    pub file_name: String,
    width: u32,
    height: u32,
    /// Name of its file as it was brought.
    #[serde(default)]
    fovea_file: String,
    /// What became of it, by the name of [`Mark`].
    #[serde(default)]
    fovea_state: String,
}

/// A mask.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Annotation {
    id: u64,
    image_id: u64,
    category_id: u64,
    segmentation: Runs,
    area: u64,
    bbox: [u32; 4],
    iscrowd: u8,
    #[serde(default)]
    fovea_source: Option<Source>,
    /// How long it took to draw, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fovea_seconds: Option<f64>,
}

/// COCO's uncompressed runs: column by column, outside first; the size is height and width.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Runs {
    counts: Vec<u32>,
    size: [u32; 2],
}

#[derive(Debug, Serialize, Deserialize)]
struct Category {
    id: u64,
    name: String,
}

impl Coco {
    /// An empty file about pictures of this kind.
    pub fn new(category: &str) -> Self {
        Self {
            info: Info { description: "Own pictures, from the page of Fovea. Not for medical use.".into() },
            images: Vec::new(),
            annotations: Vec::new(),
            categories: vec![Category { id: 1, name: category.into() }],
            fovea_others: Vec::new(),
        }
    }

    /// Adds a picture with its masks, at the picture's own size.
    pub fn add(&mut self, item: &Item) {
        let id = self.images.len() as u64 + 1;
        self.images.push(Image {
            id,
            file_name: format!("{}.{}", item.id, item.extension),
            width: item.size.0,
            height: item.size.1,
            fovea_file: item.file.clone(),
            fovea_state: item.mark.name().into(),
        });
        let main = item.mask();
        for (shape, source) in masks(item) {
            let shape = shape.scaled(item.size);
            let annotation = Annotation {
                id: (self.annotations.len() + self.fovea_others.len()) as u64 + 1,
                image_id: id,
                category_id: 1,
                segmentation: Runs { counts: shape.columns(), size: [shape.height, shape.width] },
                area: shape.area(),
                bbox: shape.bounds(),
                iscrowd: 0,
                fovea_source: Some(source),
                fovea_seconds: item.mark.seconds().filter(|_| source == Source::Drawn),
            };
            let is_main = main.is_some_and(|(_, of)| of == source);
            if is_main { &mut self.annotations } else { &mut self.fovea_others }.push(annotation);
        }
    }

    /// The pictures of a file: each with the name of its file in `images/`, and as the page knew it but for
    /// its glances, which the gaze CSV has.
    pub fn items(&self) -> Vec<(String, Item)> {
        self.images.iter().map(|image| (image.file_name.clone(), self.item(image))).collect()
    }

    fn item(&self, image: &Image) -> Item {
        let (id, extension) = image.file_name.rsplit_once('.').unwrap_or((&image.file_name, ""));
        let file = if image.fovea_file.is_empty() { &image.file_name } else { &image.fovea_file };
        let mut item = Item {
            number: 0,
            id: id.into(),
            file: file.clone(),
            extension: extension.into(),
            size: (image.width, image.height),
            mark: if image.fovea_state == Mark::Skipped.name() { Mark::Skipped } else { Mark::Waiting },
            truth: None,
            verdict: None,
            unreadable: None,
        };
        for one in self.annotations.iter().chain(&self.fovea_others).filter(|one| one.image_id == image.id) {
            let Some(shape) = one.segmentation.shape() else { continue };
            match one.fovea_source {
                Some(Source::Accepted) => item.verdict = Some(Verdict::Accepted(shape)),
                Some(Source::Mended) => item.verdict = Some(Verdict::Mended(shape)),
                Some(Source::Drawn) => {
                    item.mark = Mark::Drawn { shape, seconds: one.fovea_seconds.unwrap_or_default() };
                }
                // Of another program: somebody has made it.
                Some(Source::Truth) | None => item.truth = Some(shape),
            }
        }
        item
    }
}

/// All masks of a picture.
fn masks(item: &Item) -> Vec<(&Shape, Source)> {
    let verdict = match &item.verdict {
        Some(Verdict::Accepted(shape)) => Some((shape, Source::Accepted)),
        Some(Verdict::Mended(shape)) => Some((shape, Source::Mended)),
        None => None,
    };
    let drawn = match &item.mark {
        Mark::Drawn { shape, .. } => Some((shape, Source::Drawn)),
        _ => None,
    };
    let truth = item.truth.as_ref().map(|shape| (shape, Source::Truth));
    verdict.into_iter().chain(truth).chain(drawn).collect()
}

impl Runs {
    /// The mask; nothing where the runs are not those of a picture of this size.
    fn shape(&self) -> Option<Shape> {
        let [height, width] = self.size.map(|side| side as usize);
        let pixels = width.checked_mul(height).filter(|pixels| *pixels <= 1 << 28)?;
        let sum: u64 = self.counts.iter().map(|count| u64::from(*count)).sum();
        if sum != pixels as u64 {
            return None;
        }
        let mut mask = Mask::empty(width, height);
        let mut at = 0;
        for (place, count) in self.counts.iter().enumerate() {
            let end = at + *count as usize;
            if place % 2 == 1 {
                for pixel in at..end {
                    mask.data[pixel % height * width + pixel / height] = true;
                }
            }
            at = end;
        }
        Some(Shape::of_mask(&mask))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_that_do_not_fit_are_no_mask() {
        assert_eq!(Runs { counts: vec![1, 2], size: [2, 2] }.shape(), None);
        assert_eq!(Runs { counts: vec![u32::MAX, u32::MAX], size: [u32::MAX, u32::MAX] }.shape(), None);
        let shape = Runs { counts: vec![2, 1, 1, 2], size: [2, 3] }.shape();
        assert_eq!(shape.map(|shape| shape.columns()), Some(vec![2, 1, 1, 2]));
    }
}
