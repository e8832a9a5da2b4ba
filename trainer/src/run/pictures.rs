//! Pictures that show two lesions, made of two training images: what teaches a teacher that gaze and words decide which one is meant.
//!
//! An image of these data sets shows one lesion, so a teacher can find it without being told, and what it need not be told it may ignore. Every
//! map comes from gaze: no mask is read. Words of a lesion are measured in the new picture, inside the pseudo-mask that moved along.

use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use burn::tensor::Device;
use fovea_shared::{
    description::{Description, Field, Modality, measured::measure},
    distill::Target,
    gaze::Scanpath,
    image::{RgbImage, pool_plane},
    model::TEACHER_SIDE,
    plane::Plane,
};
use half::f16;
use rand::RngExt;

use super::{Progress, randomness::generator};
use crate::{
    data::parallel,
    features::{FLIPS, FeatureCache, Flip, compute_inputs},
    two_lesions::{self, Piece, TwoLesions},
};

/// One picture made of two.
#[derive(Debug)]
pub(super) struct Picture {
    /// Its features, `Pyramid::LEN` values.
    pub(super) features: Vec<f16>,
    /// Its two lesions.
    pub(super) lesions: [Lesion; 2],
}

/// One of the two.
#[derive(Debug)]
pub(super) struct Lesion {
    /// What the teacher is to outline when this one is meant, `[56, 56]`.
    pub(super) target: Target,
    /// The gaze on it.
    pub(super) gaze: Scanpath,
    /// What can be said of it.
    pub(super) text: Option<Description>,
}

impl Picture {
    /// The target when nothing says which one is meant: both.
    pub(super) fn both(&self) -> Target {
        let [a, b] = &self.lesions;
        let value = a.target.value.data.iter().zip(&b.target.value.data).map(|(a, b)| a.max(*b));
        let value = Plane::from_vec(TEACHER_SIDE, TEACHER_SIDE, value.collect());
        Target { value, weight: a.target.weight.clone() }
    }

    /// Whether the words for the two places differ.
    pub(super) fn places_differ(&self) -> bool {
        let [a, b] = self.lesions.each_ref().map(|l| l.text.as_ref().and_then(|text| text.get(Field::Location)));
        matches!((a, b), (Some(a), Some(b)) if a != b)
    }
}

/// A training image as material for pictures.
pub(super) struct Material<'a> {
    /// At the network's size.
    pub(super) image: &'a RgbImage,
    /// What the gaze says of the lesion, square, 0..1.
    pub(super) lesion: &'a Plane,
    /// The gaze.
    pub(super) gaze: &'a Scanpath,
    /// What the image shows.
    pub(super) modality: Modality,
}

/// Tries to make one picture: many lesions are too wide to share one.
const TRIES: usize = 24;
/// Share of pictures that show two halves; in the others one lesion is blended into the other's image.
const HALVES: f64 = 0.4;
/// Share of the blended pictures that show an image's own lesion twice: true neighbours are alike, so only their place says which one is meant.
const TWINS: f64 = 0.35;

/// Makes `count` pictures of pairs drawn from `seed`, on all cores; fewer where the images have no room for two.
///
/// # Errors
/// An unwritable cache or a device that fails.
pub(super) fn make(
    material: &[Material<'_>],
    count: usize,
    words: bool,
    seed: u64,
    (cache, device): (&FeatureCache, &Device),
    progress: &Progress,
) -> Result<Vec<Picture>> {
    if material.len() < 2 {
        return Ok(Vec::new());
    }
    let bar = Mutex::new(progress.bar("pictures of two", count as u64));
    let places: Vec<usize> = (0..count).collect();
    let tick = || bar.lock().unwrap_or_else(PoisonError::into_inner).inc(1);
    let drawn = parallel::map(&places, |place| draw(material, words, seed, *place), tick);
    bar.into_inner().unwrap_or_else(PoisonError::into_inner).finish();
    let (images, lesions): (Vec<RgbImage>, Vec<[Lesion; 2]>) = drawn.into_iter().flatten().unzip();
    let features = compute_inputs(&images, cache, device, progress)?;
    Ok(features.into_iter().zip(lesions).map(|(features, lesions)| Picture { features, lesions }).collect())
}

fn draw(material: &[Material<'_>], words: bool, seed: u64, place: usize) -> Option<(RgbImage, [Lesion; 2])> {
    let mut rng = generator(seed ^ 0x7069_6374, 0, 0, place);
    for _ in 0..TRIES {
        let halves = rng.random_bool(HALVES);
        let a = rng.random_range(0..material.len());
        let b = if !halves && rng.random_bool(TWINS) { a } else { rng.random_range(0..material.len()) };
        if (halves && a == b) || material[a].modality != material[b].modality {
            continue;
        }
        let [a, b] = [a, b].map(|i| Mirrored::of(&material[i], FLIPS[rng.random_range(0..FLIPS.len())]));
        let made = if halves {
            two_lesions::side_by_side(&a.piece(), &b.piece(), rng.random_bool(0.5))
        } else {
            two_lesions::blended(&a.piece(), &b.piece(), &mut rng)
        };
        if let Some(made) = made
            && made.parts.iter().all(|part| part.lesion.data.iter().any(|v| *v >= 0.8))
        {
            let modality = words.then_some(a.modality);
            return Some(lesions(made, modality));
        }
    }
    None
}

fn lesions(made: TwoLesions, modality: Option<Modality>) -> (RgbImage, [Lesion; 2]) {
    let TwoLesions { image, parts } = made;
    let lesions = parts.map(|part| {
        let text = modality.map(|modality| described(&image, &part.lesion, modality));
        let value = pool_plane(&part.lesion, TEACHER_SIDE);
        let weight = Plane::filled(TEACHER_SIDE, TEACHER_SIDE, 1.0);
        Lesion { target: Target { value, weight }, gaze: part.gaze, text }
    });
    (image, lesions)
}

/// The words of one lesion of a picture. Count and edge are left out: they speak of the whole image, or of what the cut made.
fn described(image: &RgbImage, lesion: &Plane, modality: Modality) -> Description {
    let mut text = measure(image, &lesion.at_least(0.5), modality);
    for field in [Field::Count, Field::Edge] {
        if modality.fields().contains(&field) {
            // A field of this modality may always be left open.
            let _ = text.set(field, None);
        }
    }
    text
}

/// An image, its map and its gaze, in one of the four mirrors.
struct Mirrored {
    image: RgbImage,
    lesion: Plane,
    gaze: Scanpath,
    modality: Modality,
}

impl Mirrored {
    fn of(material: &Material<'_>, flip: Flip) -> Self {
        let (mut image, mut gaze) = (material.image.clone(), material.gaze.clone());
        if flip.horizontal {
            image::imageops::flip_horizontal_in_place(&mut image);
            gaze = gaze.flip_horizontal();
        }
        if flip.vertical {
            image::imageops::flip_vertical_in_place(&mut image);
            gaze = gaze.flip_vertical();
        }
        let lesion = material.lesion.flip(flip.horizontal, flip.vertical);
        Self { image, lesion, gaze, modality: material.modality }
    }

    fn piece(&self) -> Piece<'_> {
        Piece { image: &self.image, lesion: &self.lesion, gaze: &self.gaze }
    }
}
