//! How like an image is to those of a kind, in three steps, and which kind it is most like. Plain
//! data. Every number is the bundle's own; nothing is chosen here.

use crate::protocol::Resemblance;

/// How like an image is to those that a model has learnt from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// Nearer than the images of training themselves are on average.
    Like,
    /// As far as unseen images of the kind may be: 99 of 100 are not farther.
    Somewhat,
    /// Farther.
    Unlike,
}

impl Likeness {
    /// Of a distance, and of the one below which 99 of 100 unseen images of the kind lie. The distance
    /// counts in standard deviations of the training images, so theirs is 1 (root mean square).
    pub(super) fn of((distance, usual): (f32, f32)) -> Self {
        match distance {
            d if d > usual => Self::Unlike,
            d if d > 1.0 => Self::Somewhat,
            _ => Self::Like,
        }
    }

    /// A word for the style sheet.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Like => "like",
            Self::Somewhat => "somewhat",
            Self::Unlike => "unlike",
        }
    }
}

/// The place of the other bundle whose kind an image is like, if it is less like the kind of the bundle in use,
/// whose distances are `here`. Distances of two bundles are compared as parts of what is usual for each.
pub(super) fn suggestion(here: (f32, f32), others: &[Resemblance]) -> Option<usize> {
    let part = |one: &Resemblance| one.distance / one.usual;
    let like = others.iter().filter(|one| part(one) <= 1.0 && part(one) < here.0 / here.1);
    like.min_by(|a, b| part(a).total_cmp(&part(b))).map(|one| one.place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other(place: usize, distance: f32) -> Resemblance {
        Resemblance { place, distance, usual: 1.5 }
    }

    #[test]
    fn three_steps_between_the_numbers_of_the_bundle() {
        let of = |distance| Likeness::of((distance, 1.5));
        assert_eq!(
            [0.2, 1.0, 1.1, 1.5, 1.6].map(of),
            [Likeness::Like, Likeness::Like, Likeness::Somewhat, Likeness::Somewhat, Likeness::Unlike]
        );
        // Where even the usual lies below 1, nothing is in between.
        assert_eq!(Likeness::of((0.95, 0.9)), Likeness::Unlike);
    }

    #[test]
    fn the_kind_that_an_image_is_most_like_is_suggested() {
        let here = (2.4, 1.6);
        assert_eq!(suggestion(here, &[other(1, 3.0), other(2, 1.2)]), Some(2));
        assert_eq!(suggestion(here, &[other(1, 1.1), other(2, 1.2)]), Some(1));
        assert_eq!(suggestion(here, &[other(1, 1.6), other(2, 4.0)]), None, "it is unlike all of them");
        assert_eq!(suggestion(here, &[]), None);
    }

    #[test]
    fn nothing_is_suggested_for_an_image_that_is_nearer_here() {
        assert_eq!(suggestion((0.8, 1.6), &[other(1, 1.2)]), None);
        assert_eq!(suggestion((1.42, 1.5), &[other(1, 0.9)]), Some(1), "usual here, and more so there");
    }
}
