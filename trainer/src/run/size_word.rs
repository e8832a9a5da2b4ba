//! A size word that is not the label's: the target is the lesion at the size that is said.
//!
//! An image's own size word says what the image shows anyway, so a teacher need not read it.
//! Another word is the only thing that says how large the target is.

use fovea_shared::{
    description::{Description, Field},
    metrics::distances_to,
    plane::{Mask, Plane},
};
use rand::{Rng, RngExt};

/// The size words, by what they say of the area.
const WORDS: [&str; 3] = ["small", "medium", "large"];
/// Area of the target over that of the label, one word up and two; down it is the inverse. Chosen
/// by hand: for polyps `small` ends at .080 of the image and `large` begins at .165, twice as much.
const UP: [f32; 2] = [1.8, 2.6];

/// How far the word that is said lies from the label's, in words: -2 to 2, never 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SizeStep(i8);

impl SizeStep {
    /// Exchanges the size word of a description for another one, drawn; `None` where it has none.
    pub(super) fn exchange(text: &mut Description, rng: &mut impl Rng) -> Option<Self> {
        let own = text.get(Field::Size)?;
        let own = WORDS.iter().position(|word| *word == own.name)?;
        let other = (own + rng.random_range(1..WORDS.len())) % WORDS.len();
        text.set(Field::Size, Some(WORDS[other])).ok()?;
        Some(Self(other as i8 - own as i8))
    }

    /// Area of the target over that of the label.
    pub(super) fn factor(self) -> f32 {
        let up = UP[usize::from(self.0.unsigned_abs()) - 1];
        if self.0 > 0 { up } else { up.recip() }
    }
}

/// A lesion `[side, side]`, 0..1, with `factor` times its area: the pixels that are deepest in its
/// outline, or nearest to it. At most half of the image where it grows. An empty one stays empty.
pub(super) fn resized(lesion: &Plane, factor: f32) -> Plane {
    let mask = lesion.at_least(0.5);
    let outside = Mask::from_vec(mask.width, mask.height, mask.data.iter().map(|inside| !inside).collect());
    let (Some(near), Some(deep)) = (distances_to(&mask), distances_to(&outside)) else { return lesion.clone() };
    let area = mask.area();
    let most = (mask.data.len() / 2).max(area);
    let wanted = ((area as f32 * factor).round() as usize).clamp(1, most);
    let distance: Vec<f32> = near.data.iter().zip(&deep.data).map(|(near, deep)| near - deep).collect();
    let mut order: Vec<usize> = (0..distance.len()).collect();
    order.sort_by(|a, b| distance[*a].total_cmp(&distance[*b]));
    let mut value = vec![0.0; distance.len()];
    order[..wanted].iter().for_each(|pixel| value[*pixel] = 1.0);
    Plane::from_vec(lesion.width, lesion.height, value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use fovea_shared::description::{Modality, Source};
    use rand::SeedableRng;
    use rand_pcg::Pcg64Mcg;

    use super::*;

    #[test]
    fn every_other_word_is_drawn_and_says_how_the_area_changes() {
        let mut rng = Pcg64Mcg::seed_from_u64(1);
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..50 {
            let mut text = Description::new(Modality::Polyp, Source::Measured);
            assert!(SizeStep::exchange(&mut text, &mut rng).is_none());
            text.set(Field::Size, Some("small")).unwrap();
            let factor = SizeStep::exchange(&mut text, &mut rng).unwrap().factor();
            seen.insert(text.get(Field::Size).unwrap().name, factor);
        }
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [("large", 2.6), ("medium", 1.8)]);
        assert_eq!(SizeStep(-1).factor(), 1.0 / 1.8);
    }

    #[test]
    fn a_lesion_grows_and_shrinks_around_its_outline() {
        let disc = |radius: f32| {
            let inside = |i: usize| ((i % 56) as f32 - 20.0).hypot((i / 56) as f32 - 30.0) <= radius;
            Plane::from_vec(56, 56, (0..56 * 56).map(|i| if inside(i) { 1.0 } else { 0.0 }).collect())
        };
        let area = |plane: &Plane| plane.at_least(0.5).area() as f32;
        let lesion = disc(10.0);
        let (small, large) = (resized(&lesion, 0.5), resized(&lesion, 2.0));
        assert!((area(&small) / area(&lesion) - 0.5).abs() < 0.01 && (area(&large) / area(&lesion) - 2.0).abs() < 0.01);
        assert!(small.data.iter().zip(&lesion.data).all(|(small, own)| small <= own));
        assert!(lesion.data.iter().zip(&large.data).all(|(own, large)| own <= large));
        assert_eq!(small.at(20, 30), 1.0);
        assert_eq!(area(&resized(&disc(30.0), 2.6)), area(&disc(30.0)).max(56.0 * 28.0));
        assert_eq!(resized(&Plane::filled(56, 56, 0.2), 2.0), Plane::filled(56, 56, 0.2));
    }
}
