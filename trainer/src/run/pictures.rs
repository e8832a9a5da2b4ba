//! Pictures that show two lesions, made of two training images: what teaches a teacher that gaze
//! and words decide which one is meant.
//!
//! An image of these data sets shows one lesion, so a teacher can find it without being told, and
//! what it need not be told it may ignore. Every map comes from gaze: no mask is read. Words of a
//! lesion are measured in the new picture, inside the pseudo-mask that moved along.

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

use super::{Progress, randomness::generator, scratch::Scratch};
use crate::{
    data::parallel,
    features::{FLIPS, FeatureCache, Flip, PictureFeatures},
    two_lesions::{self, Piece, TwoLesions},
};

/// All pictures of a training. Features and targets are on disk.
pub(super) struct Pictures {
    features: PictureFeatures,
    /// The targets of the two lesions of every picture.
    targets: Scratch,
    /// Gaze and words of the two.
    lesions: Vec<[(Scanpath, Option<Description>); 2]>,
}

/// One picture made of two.
#[derive(Debug)]
pub(super) struct Picture {
    /// Its two lesions.
    pub(super) lesions: [Lesion; 2],
}

/// One of the two.
#[derive(Debug)]
pub(super) struct Lesion {
    /// What the teacher is to outline when this one is meant, `[56, 56]`; every pixel counts.
    pub(super) target: Plane,
    /// The gaze on it.
    pub(super) gaze: Scanpath,
    /// What can be said of it.
    pub(super) text: Option<Description>,
}

impl Pictures {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.lesions.len()
    }

    /// One of them.
    ///
    /// # Errors
    /// A disk that fails.
    pub(super) fn get(&self, picture: usize) -> Result<Picture> {
        let [a, b] = self.targets.planes::<2>(picture)?;
        let [(gaze_a, text_a), (gaze_b, text_b)] = self.lesions[picture].clone();
        Ok(Picture {
            lesions: [
                Lesion { target: a, gaze: gaze_a, text: text_a },
                Lesion { target: b, gaze: gaze_b, text: text_b },
            ],
        })
    }

    /// What the backbone sees of one of them, `Pyramid::LEN` values.
    ///
    /// # Errors
    /// A cache that was emptied in the meantime.
    pub(super) fn features(&self, picture: usize) -> Result<Vec<f16>> {
        self.features.get(picture)
    }
}

impl Lesion {
    /// What the teacher is to outline when this one is meant.
    pub(super) fn target(&self) -> Target {
        everywhere(self.target.clone())
    }
}

/// A target of which every pixel counts.
fn everywhere(value: Plane) -> Target {
    let weight = Plane::filled(value.width, value.height, 1.0);
    Target { value, weight }
}

impl Picture {
    /// The target when nothing says which one is meant: both.
    pub(super) fn both(&self) -> Target {
        let [a, b] = &self.lesions;
        let value = a.target.data.iter().zip(&b.target.data).map(|(a, b)| a.max(*b));
        everywhere(Plane::from_vec(TEACHER_SIDE, TEACHER_SIDE, value.collect()))
    }

    /// Whether the words for the two places differ.
    pub(super) fn places_differ(&self) -> bool {
        let [a, b] = self.lesions.each_ref().map(|l| l.text.as_ref().and_then(|text| text.get(Field::Location)));
        matches!((a, b), (Some(a), Some(b)) if a != b)
    }
}

/// The training images as material for pictures.
pub(super) trait LesionImages: Sync {
    /// How many there are.
    fn len(&self) -> usize;

    /// What an image shows.
    ///
    /// # Errors
    /// An image of which nothing says so.
    fn modality(&self, index: usize) -> Result<Modality>;

    /// An image at the network's size, what the gaze says of its lesion (square, 0..1), and the gaze.
    ///
    /// # Errors
    /// An image that cannot be read.
    fn get(&self, index: usize) -> Result<(RgbImage, Plane, Scanpath)>;
}

/// Pictures that are made at a time: their pixels are in memory together.
const CHUNK: usize = 32;
/// Tries to make one picture: many lesions are too wide to share one.
const TRIES: usize = 24;
/// Share of pictures that show two halves; in the others one lesion is blended into the other's image.
const HALVES: f64 = 0.4;
/// Share of the blended pictures that show an image's own lesion twice: true neighbours are alike,
/// so only their place says which one is meant.
const TWINS: f64 = 0.35;

/// Makes `count` pictures of pairs drawn from `seed`, on all cores; fewer where the images have no room for two.
///
/// # Errors
/// An image that cannot be read, an unwritable cache or a device that fails.
pub(super) fn make(
    images: &impl LesionImages,
    count: usize,
    words: bool,
    seed: u64,
    (cache, device): (&FeatureCache, &Device),
    progress: &Progress,
) -> Result<Pictures> {
    let mut made = Pictures {
        features: PictureFeatures::new(cache),
        targets: Scratch::new(cache.scratch())?,
        lesions: Vec::with_capacity(count),
    };
    if images.len() < 2 {
        return Ok(made);
    }
    let mut bar = progress.bar("pictures of two", count as u64);
    let places: Vec<usize> = (0..count).collect();
    for chunk in places.chunks(CHUNK) {
        let drawn = parallel::map(
            chunk,
            |place| {
                progress.go_on()?;
                draw(images, words, seed, *place)
            },
            || (),
        );
        let drawn: Vec<Option<(RgbImage, [Lesion; 2])>> = drawn.into_iter().collect::<Result<_>>()?;
        let (pictures, lesions): (Vec<RgbImage>, Vec<[Lesion; 2]>) = drawn.into_iter().flatten().unzip();
        made.features.extend(&pictures, device, progress)?;
        for [a, b] in lesions {
            made.targets.push_planes(&[&a.target, &b.target])?;
            made.lesions.push([(a.gaze, a.text), (b.gaze, b.text)]);
        }
        bar.inc(chunk.len() as u64);
    }
    bar.finish();
    Ok(made)
}

fn draw(images: &impl LesionImages, words: bool, seed: u64, place: usize) -> Result<Option<(RgbImage, [Lesion; 2])>> {
    let mut rng = generator(seed ^ 0x7069_6374, 0, 0, place);
    for _ in 0..TRIES {
        let halves = rng.random_bool(HALVES);
        let a = rng.random_range(0..images.len());
        let b = if !halves && rng.random_bool(TWINS) { a } else { rng.random_range(0..images.len()) };
        let modality = images.modality(a)?;
        if (halves && a == b) || images.modality(b)? != modality {
            continue;
        }
        let [a, b] =
            [images.get(a)?, images.get(b)?].map(|image| Mirrored::of(image, FLIPS[rng.random_range(0..FLIPS.len())]));
        let made = if halves {
            two_lesions::side_by_side(&a.piece(), &b.piece(), rng.random_bool(0.5))
        } else {
            two_lesions::blended(&a.piece(), &b.piece(), &mut rng)
        };
        if let Some(made) = made
            && made.parts.iter().all(|part| part.lesion.data.iter().any(|v| *v >= 0.8))
        {
            return Ok(Some(lesions(made, words.then_some(modality))));
        }
    }
    Ok(None)
}

fn lesions(made: TwoLesions, modality: Option<Modality>) -> (RgbImage, [Lesion; 2]) {
    let TwoLesions { image, parts } = made;
    let lesions = parts.map(|part| {
        let text = modality.map(|modality| described(&image, &part.lesion, modality));
        Lesion { target: pool_plane(&part.lesion, TEACHER_SIDE), gaze: part.gaze, text }
    });
    (image, lesions)
}

/// The words of one lesion of a picture. Count and edge are left out: they speak of the whole
/// image, or of what the cut made.
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
}

impl Mirrored {
    fn of((mut image, lesion, mut gaze): (RgbImage, Plane, Scanpath), flip: Flip) -> Self {
        if flip.horizontal {
            image::imageops::flip_horizontal_in_place(&mut image);
            gaze = gaze.flip_horizontal();
        }
        if flip.vertical {
            image::imageops::flip_vertical_in_place(&mut image);
            gaze = gaze.flip_vertical();
        }
        Self { image, lesion: lesion.flip(flip.horizontal, flip.vertical), gaze }
    }

    fn piece(&self) -> Piece<'_> {
        Piece { image: &self.image, lesion: &self.lesion, gaze: &self.gaze }
    }
}
