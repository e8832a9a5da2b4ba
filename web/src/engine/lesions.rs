//! Which of several lesions a visitor looks at. An outline of these is then compared with these alone:
//! who looks at one polyp of two does not ask for both.

use fovea_shared::{gaze::Fixation, plane::Mask};

/// A part of the true mask counts as a lesion from this share of the image on, as in `fovea eval
/// --interact`. Smaller specks belong to whatever is looked at.
const SMALLEST: f64 = 0.003;

/// A look hits a lesion within this share of the image's longer side: nobody points to the pixel.
const NEAR: f32 = 0.03;

/// The lesions of a true mask.
pub struct Lesions(Vec<Mask>);

/// Some lesions of several.
#[derive(Debug, PartialEq)]
pub struct LookedAt {
    /// The true mask without the lesions that nobody looks at.
    pub truth: Mask,
    /// Lesions that are looked at.
    pub lesions: u32,
    /// Lesions of the image.
    pub of: u32,
}

impl Lesions {
    /// Of a true mask.
    pub fn of(truth: &Mask) -> Self {
        let smallest = SMALLEST * truth.data.len() as f64;
        Self(truth.parts().into_iter().filter(|part| part.area() as f64 >= smallest).collect())
    }

    /// What is looked at of `truth`, where that is some lesions and not all. Nothing where there are
    /// fewer than two, or no fixation hits any: then the whole truth is what is meant.
    pub fn looked_at(&self, truth: &Mask, fixations: &[Fixation]) -> Option<LookedAt> {
        let (others, hit): (Vec<&Mask>, Vec<&Mask>) =
            self.0.iter().partition(|lesion| !fixations.iter().any(|fixation| hits(lesion, fixation)));
        if hit.is_empty() || others.is_empty() {
            return None;
        }
        let mut meant = truth.clone();
        for other in &others {
            meant.data.iter_mut().zip(&other.data).for_each(|(inside, other)| *inside &= !other);
        }
        Some(LookedAt { truth: meant, lesions: hit.len() as u32, of: self.0.len() as u32 })
    }
}

/// Whether a pixel of the lesion lies near the fixation.
fn hits(lesion: &Mask, fixation: &Fixation) -> bool {
    let (width, height) = (lesion.width as f32, lesion.height as f32);
    let (x, y) = (fixation.x * width, fixation.y * height);
    let reach = NEAR * width.max(height);
    // Pixels whose middle is no further away; at the image's edge there are fewer.
    let range = |middle: f32, size: usize| {
        let first = (middle - reach - 0.5).ceil().max(0.0) as usize;
        let last = (middle + reach - 0.5).floor();
        if last < 0.0 { 0..0 } else { first..(last as usize + 1).min(size) }
    };
    let near = |column: usize, row: usize| {
        let (dx, dy) = (column as f32 + 0.5 - x, row as f32 + 0.5 - y);
        dx * dx + dy * dy <= reach * reach
    };
    range(y, lesion.height).any(|row| range(x, lesion.width).any(|column| lesion.at(column, row) && near(column, row)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(x: f32, y: f32) -> Fixation {
        Fixation { x, y, duration_ms: 300.0, start_ms: 0.0 }
    }

    /// Two squares on 100 x 100 and a speck: at (10..30, 10..30), (60..80, 60..80) and one pixel.
    fn two() -> Mask {
        let inside = |x: usize, y: usize| {
            let square = |from: usize| (from..from + 20).contains(&x) && (from..from + 20).contains(&y);
            square(10) || square(60) || (x, y) == (95, 5)
        };
        Mask::from_vec(100, 100, (0..10_000).map(|i| inside(i % 100, i / 100)).collect())
    }

    #[test]
    fn a_look_at_one_of_two_means_that_one_and_specks_stay() {
        let truth = two();
        let lesions = Lesions::of(&truth);
        let LookedAt { truth: meant, lesions: hit, of } = lesions.looked_at(&truth, &[at(0.2, 0.2)]).unwrap();
        assert_eq!((hit, of, meant.area()), (1, 2, 401));
        assert!(meant.at(15, 15) && !meant.at(70, 70) && meant.at(95, 5));
    }

    #[test]
    fn all_of_them_none_of_them_and_a_single_one_mean_the_whole_truth() {
        let truth = two();
        let lesions = Lesions::of(&truth);
        assert_eq!(lesions.looked_at(&truth, &[at(0.2, 0.2), at(0.7, 0.7)]), None);
        assert_eq!(lesions.looked_at(&truth, &[at(0.5, 0.1)]), None);
        assert_eq!(lesions.looked_at(&truth, &[]), None);
        let one = Mask::from_vec(100, 100, (0..10_000).map(|i| i % 100 < 40).collect());
        assert_eq!(Lesions::of(&one).looked_at(&one, &[at(0.2, 0.2)]), None);
        let none = Mask::empty(10, 10);
        assert_eq!(Lesions::of(&none).looked_at(&none, &[at(0.5, 0.5)]), None);
    }

    #[test]
    fn a_look_just_beside_hits_and_one_outside_of_the_image_does_not() {
        let truth = two();
        let lesions = Lesions::of(&truth);
        assert!(lesions.looked_at(&truth, &[at(0.32, 0.2)]).is_some());
        assert!(lesions.looked_at(&truth, &[at(0.34, 0.2)]).is_none());
        assert!(lesions.looked_at(&truth, &[at(-0.5, 0.2), at(1.5, 3.0)]).is_none());
    }
}
