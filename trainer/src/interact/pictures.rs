//! Pictures that show two lesions: made of two images, or true ones.

use fovea_shared::{
    description::{Description, Modality},
    gaze::Scanpath,
    image::RgbImage,
    plane::{Mask, Plane},
};
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

use super::{
    Subject, in_words,
    looks::{Rule, seed},
    shapes::{stretched, widened, with},
};
use crate::{
    data::Case,
    report::interact::Part,
    two_lesions::{Piece, TwoLesions, blended, side_by_side},
};

/// Looks at a lesion.
const LOOKS: usize = 3;
/// Times that a guest's place and size are drawn before the next guest is tried.
const DRAWS: u64 = 3;
/// Cells of the logits around a lesion that still count as it.
const AROUND: f32 = 2.0;
/// Least area of a second lesion as a share of the larger one, and of either as a share of the image.
const SECOND: (f64, f64) = (0.15, 0.003);

/// A picture with two lesions.
pub(super) struct Picture {
    /// How it was made.
    pub(super) part: Part,
    /// The image's id, or `host+guest`.
    pub(super) id: String,
    /// The picture, [`fovea_shared::image::INPUT_SIDE`] squared.
    pub(super) image: RgbImage,
    /// Where its features are.
    pub(super) from: From,
    /// Its lesions, of the picture's size.
    pub(super) lesions: [Mask; 2],
    /// Three looks at either.
    pub(super) looks: [Scanpath; 2],
    /// Each lesion in words.
    pub(super) texts: [Description; 2],
    /// What lies on a lesion's side.
    sides: Sides,
}

/// Where a picture's features are.
#[derive(Clone, Copy, Debug)]
pub(super) enum From {
    /// It is an image of the list.
    Case(usize),
    /// It was made: its place among the made ones.
    Made(usize),
}

/// What lies on a lesion's side.
#[derive(Clone, Copy, Debug)]
enum Sides {
    /// Its half: columns (left, right) or rows (above, below).
    Halves { columns: bool },
    /// Everything but the other lesion and two cells around it.
    Rest,
}

/// Where a mask of logits lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shares {
    /// The share on the lesion's side; 0 for an empty mask.
    pub(super) side: f64,
    /// The share within the lesion and two cells around it; 0 for an empty mask.
    pub(super) inside: f64,
}

impl Picture {
    /// Where `mask`, that of the logits, lies with respect to one of the lesions.
    pub(super) fn shares(&self, mask: &Mask, lesion: usize) -> Shares {
        let cells = |lesion: usize| stretched(&self.lesions[lesion], mask.width);
        let own = cells(lesion);
        let around = |mask: &Mask| widened(mask, AROUND);
        let side = match self.sides {
            Sides::Halves { columns } => {
                let half = |i: usize| {
                    let place = if columns { i % mask.width } else { i / mask.width };
                    usize::from(2 * place >= mask.width) == lesion
                };
                Mask::from_vec(mask.width, mask.height, (0..mask.data.len()).map(half).collect())
            }
            Sides::Rest => {
                // Where both are near it is the lesion itself that counts.
                let other = with(&around(&cells(1 - lesion)), &own, false);
                Mask::from_vec(mask.width, mask.height, other.data.iter().map(|other| !other).collect())
            }
        };
        let share = |of: &Mask| {
            let area = mask.area();
            if area == 0 { 0.0 } else { with(mask, of, true).area() as f64 / area as f64 }
        };
        Shares { side: share(&side), inside: share(&around(&own)) }
    }

    /// The lesion that a mask covers less of: 0 or 1.
    pub(super) fn unchosen(&self, mask: &Mask) -> usize {
        let covered = |lesion: usize| with(mask, &stretched(&self.lesions[lesion], mask.width), true).area();
        usize::from(covered(0) >= covered(1))
    }
}

/// One picture a subject with a single lesion where one fits, in turn side by side and blended.
pub(super) fn made(cases: &[Case], truths: &[Mask], subjects: &[Subject]) -> Vec<Picture> {
    let subjects: Vec<&Subject> = subjects.iter().filter(|s| two_of(&truths[s.case]).is_none()).collect();
    let maps: Vec<Plane> = subjects.iter().map(|subject| subject.lesion.to_plane()).collect();
    let nobody = Scanpath::default();
    let piece = |place: usize| Piece { image: &subjects[place].image, lesion: &maps[place], gaze: &nobody };
    let mut pictures: Vec<Picture> = Vec::new();
    for host in 0..subjects.len() {
        let halves = host % 2 == 0;
        let mut guests = (1..subjects.len()).map(|step| (host + step) % subjects.len());
        let found = guests.find_map(|guest| {
            let id = format!("{}+{}", cases[subjects[host].case].id, cases[subjects[guest].case].id);
            let (two, sides) = if halves {
                let try_cut = |columns| Some((side_by_side(&piece(host), &piece(guest), columns)?, columns));
                let first = host / 2 % 2 == 0;
                let (two, columns) = try_cut(first).or_else(|| try_cut(!first))?;
                (two, Sides::Halves { columns })
            } else {
                let draw = |n: u64| blended(&piece(host), &piece(guest), &mut Pcg64Mcg::seed_from_u64(seed(&id) ^ n));
                ((0..DRAWS).find_map(draw)?, Sides::Rest)
            };
            Picture::of(two, id, sides, pictures.len(), subjects[host].modality)
        });
        pictures.extend(found);
    }
    pictures
}

impl Picture {
    /// `None` where one of the lesions is too small to be looked at.
    fn of(two: TwoLesions, id: String, sides: Sides, place: usize, modality: Modality) -> Option<Self> {
        let lesions = two.parts.map(|part| part.lesion.above(0.5));
        let part = match sides {
            Sides::Halves { .. } => Part::SideBySide,
            Sides::Rest => Part::Blended,
        };
        let looks = looks(&lesions, &id)?;
        let texts = lesions.each_ref().map(|lesion| in_words(&two.image, lesion, modality));
        Some(Self { part, id, image: two.image, from: From::Made(place), lesions, looks, texts, sides })
    }
}

fn looks(lesions: &[Mask; 2], id: &str) -> Option<[Scanpath; 2]> {
    let [first, second] = lesions.each_ref().map(|lesion| Rule::of(lesion, id));
    Some([first?, second?].map(|rule| rule.looks(LOOKS)))
}

/// The subjects whose true mask holds two lesions: the two largest of its parts.
pub(super) fn doubles(cases: &[Case], truths: &[Mask], subjects: &[Subject]) -> Vec<Picture> {
    let picture = |subject: &Subject| {
        let truth = &truths[subject.case];
        let native = two_of(truth)?;
        let lesions = native.each_ref().map(|lesion| stretched(lesion, subject.lesion.width));
        let id = cases[subject.case].id.clone();
        let texts = lesions.each_ref().map(|lesion| in_words(&subject.image, lesion, subject.modality));
        Some(Picture {
            part: Part::Doubles,
            looks: looks(&lesions, &id)?,
            id,
            image: subject.image.clone(),
            from: From::Case(subject.case),
            lesions,
            texts,
            sides: Sides::Rest,
        })
    };
    subjects.iter().filter_map(picture).collect()
}

/// The two largest parts of a mask, where both are large enough to be lesions.
fn two_of(truth: &Mask) -> Option<[Mask; 2]> {
    let mut parts = truth.parts().into_iter();
    let (first, second) = (parts.next()?, parts.next()?);
    let (larger, smaller) = (first.area() as f64, second.area() as f64);
    let enough = smaller >= SECOND.0 * larger && smaller >= SECOND.1 * truth.data.len() as f64;
    enough.then_some([first, second])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use fovea_shared::{
        description::{Modality, Source},
        image::INPUT_SIDE,
    };

    fn block(side: usize, x: std::ops::Range<usize>, y: std::ops::Range<usize>) -> Mask {
        Mask::from_vec(
            side,
            side,
            (0..side * side).map(|i| x.contains(&(i % side)) && y.contains(&(i / side))).collect(),
        )
    }

    fn picture(sides: Sides) -> Picture {
        let text = Description::new(Modality::Polyp, Source::Measured);
        let lesions = [block(INPUT_SIDE, 16..64, 16..64), block(INPUT_SIDE, 144..208, 80..144)];
        Picture {
            part: Part::SideBySide,
            id: "a+b".into(),
            image: RgbImage::new(INPUT_SIDE as u32, INPUT_SIDE as u32),
            from: From::Made(0),
            looks: looks(&lesions, "a+b").unwrap(),
            lesions,
            texts: [text.clone(), text],
            sides,
        }
    }

    #[test]
    fn shares_of_halves_are_those_of_the_side() {
        let picture = picture(Sides::Halves { columns: true });
        // Three quarters of the mask on the left.
        let mask = block(56, 7..35, 0..56);
        let [left, right] = [0, 1].map(|lesion| picture.shares(&mask, lesion));
        assert_eq!((left.side, right.side), (0.75, 0.25));
        assert_eq!(picture.shares(&Mask::empty(56, 56), 0), Shares { side: 0.0, inside: 0.0 });
        let rows = Picture { sides: Sides::Halves { columns: false }, ..picture };
        assert_eq!(rows.shares(&mask, 1).side, 0.5);
    }

    #[test]
    fn beside_both_lesions_counts_as_no_other_but_not_as_inside() {
        let picture = picture(Sides::Rest);
        let first = block(56, 4..16, 4..16);
        assert_eq!(picture.shares(&first, 0), Shares { side: 1.0, inside: 1.0 });
        assert_eq!(picture.shares(&first, 1), Shares { side: 0.0, inside: 0.0 });
        assert_eq!((picture.unchosen(&first), picture.unchosen(&block(56, 40..44, 24..28))), (1, 0));
        let nowhere = block(56, 0..56, 50..56);
        assert_eq!(picture.shares(&nowhere, 0), Shares { side: 1.0, inside: 0.0 });
    }

    #[test]
    fn a_second_lesion_must_be_large_enough() {
        let both = |a: &Mask, b: &Mask| {
            Mask::from_vec(a.width, a.height, a.data.iter().zip(&b.data).map(|(a, b)| *a || *b).collect())
        };
        let large = block(100, 10..50, 10..50);
        let found = two_of(&both(&large, &block(100, 70..90, 70..90))).unwrap();
        assert_eq!(found.map(|lesion| lesion.area()), [1600, 400]);
        // Less than 15 % of the larger; less than .3 % of the image; alone.
        assert!(two_of(&both(&large, &block(100, 70..80, 70..80))).is_none());
        assert!(two_of(&both(&block(100, 0..5, 0..5), &block(100, 70..75, 70..75))).is_none());
        assert!(two_of(&large).is_none());
    }
}
