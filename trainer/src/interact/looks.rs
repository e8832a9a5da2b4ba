//! Which looks a careful person would give, drawn from the true mask: the rule is in
//! [`crate::report::interact::RULES`].

use fovea_shared::{
    bundle::sha256,
    gaze::{Fixation, Scanpath},
    plane::{Mask, Plane},
};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::shapes::{deepest, depth};

/// How long a look at a lesion lasts, ms.
const LOOK_MS: f32 = 300.0;
/// How long a look beside it lasts, ms.
const OFF_MS: f32 = 600.0;
/// The eye needs so long from one look to the next, ms.
const SACCADE_MS: f32 = 50.0;
/// Looks after the first lie at least so deep, as a share of the deepest.
const DEEP: f32 = 0.4;

/// The looks at one lesion, as many as are asked for; fewer are the beginning of more.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    first: usize,
    deep: Vec<usize>,
    width: usize,
    height: usize,
    seed: u64,
}

impl Rule {
    /// The rule for a lesion; `name` seeds what is drawn. None for an empty mask.
    pub(super) fn of(lesion: &Mask, name: &str) -> Option<Self> {
        let depth = depth(lesion);
        let first = deepest(&depth)?;
        let least = DEEP * depth.data[first];
        let deep = depth.data.iter().enumerate().filter(|(_, d)| **d >= least).map(|(i, _)| i).collect();
        Some(Self { first, deep, width: lesion.width, height: lesion.height, seed: seed(name) })
    }

    /// So many looks.
    pub(super) fn looks(&self, count: usize) -> Scanpath {
        let mut rng = Pcg64Mcg::seed_from_u64(self.seed);
        let mut drawn = || self.deep[rng.random_range(0..self.deep.len())];
        let mut places = vec![self.first];
        places.extend((1..count).map(|_| drawn()));
        let mut path = Scanpath::default();
        places.into_iter().take(count).for_each(|place| add(&mut path, point(place, self.width, self.height), LOOK_MS));
        path
    }

    /// The look after `path`: at the deepest point of what is `missing` most, or, where nothing is,
    /// at the next drawn point.
    pub(super) fn next(&self, path: &Scanpath, missing: Option<&Mask>) -> Scanpath {
        let place = missing.and_then(|mask| deepest(&depth(mask)));
        let mut path = path.clone();
        let at = match place {
            Some(place) => point(place, self.width, self.height),
            None => {
                let drawn = self.looks(path.fixations.len() + 1).fixations;
                drawn.last().map_or((0.5, 0.5), |f| (f.x, f.y))
            }
        };
        add(&mut path, at, LOOK_MS);
        path
    }
}

/// One look beside the lesion, at the farthest of the pixels that `lit` allows; none where that is
/// nearer than `least` pixels.
pub(super) fn beside(distances: &Plane, lit: impl Fn(usize) -> bool, least: f32) -> Option<Scanpath> {
    let allowed = distances.data.iter().enumerate().filter(|(i, d)| **d >= least && lit(*i));
    // The first of equals.
    let (place, _) = allowed.rev().max_by(|a, b| a.1.total_cmp(b.1))?;
    let mut path = Scanpath::default();
    add(&mut path, point(place, distances.width, distances.height), OFF_MS);
    Some(path)
}

/// A seed that is a name's own.
pub(super) fn seed(name: &str) -> u64 {
    u64::from_str_radix(&sha256(name.as_bytes())[..16], 16).unwrap_or_default()
}

/// The middle of a pixel, as fractions of the sides.
fn point(pixel: usize, width: usize, height: usize) -> (f32, f32) {
    (((pixel % width) as f32 + 0.5) / width as f32, ((pixel / width) as f32 + 0.5) / height as f32)
}

fn add(path: &mut Scanpath, (x, y): (f32, f32), duration_ms: f32) {
    let start_ms = path.fixations.last().map_or(0.0, |f| f.start_ms + f.duration_ms + SACCADE_MS);
    path.fixations.push(Fixation { x, y, duration_ms, start_ms });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use fovea_shared::metrics::distances_to;
    use proptest::prelude::*;

    /// An ellipse on 224 x 224 pixels.
    fn ellipse(cx: f32, cy: f32, rx: f32, ry: f32) -> Mask {
        let inside = |i: usize| {
            let (x, y) = point(i, 224, 224);
            ((x - cx) / rx).powi(2) + ((y - cy) / ry).powi(2) <= 1.0
        };
        Mask::from_vec(224, 224, (0..224 * 224).map(inside).collect())
    }

    fn pixel(f: &Fixation) -> usize {
        (f.y * 224.0) as usize * 224 + (f.x * 224.0) as usize
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn looks_lie_deep_inside_and_fewer_are_the_beginning_of_more(
            (cx, cy) in (0.1f32..0.9, 0.1f32..0.9), (rx, ry) in (0.03f32..0.4, 0.03f32..0.4), name in "[a-z]{1,8}"
        ) {
            let lesion = ellipse(cx, cy, rx, ry);
            let rule = Rule::of(&lesion, &name).unwrap();
            let depth = depth(&lesion);
            let looks = rule.looks(5).fixations;
            prop_assert_eq!(looks.len(), 5);
            prop_assert!(looks.iter().all(|f| lesion.data[pixel(f)] && f.duration_ms == 300.0));
            prop_assert_eq!(depth.data[pixel(&looks[0])], depth.max());
            prop_assert!(looks.iter().all(|f| depth.data[pixel(f)] >= 0.4 * depth.max()));
            prop_assert!(looks.windows(2).all(|w| w[1].start_ms > w[0].start_ms + w[0].duration_ms));
            for count in [0, 1, 3] {
                prop_assert_eq!(&rule.looks(count).fixations[..], &looks[..count]);
            }
            let off = distances_to(&lesion).unwrap();
            if let Some(path) = beside(&off, |i| i % 224 > 20, 20.0) {
                let at = pixel(&path.fixations[0]);
                prop_assert!(off.data[at] >= 20.0 && at % 224 > 20 && path.fixations[0].duration_ms == 600.0);
                prop_assert!((0..224 * 224).all(|i| i % 224 <= 20 || off.data[i] <= off.data[at]));
            }
        }
    }

    #[test]
    fn a_name_draws_its_own_looks_and_nothing_gives_none() {
        let lesion = ellipse(0.5, 0.5, 0.3, 0.2);
        let looks = |name: &str| Rule::of(&lesion, name).unwrap().looks(5);
        assert_eq!(looks("a"), looks("a"));
        assert_ne!(looks("a"), looks("b"));
        assert_eq!(looks("a").fixations[0], looks("b").fixations[0]);
        assert!(Rule::of(&Mask::empty(224, 224), "a").is_none());
        let full = Mask::from_vec(224, 224, vec![true; 224 * 224]);
        assert!(beside(&distances_to(&full).unwrap(), |_| true, 20.0).is_none());
    }

    #[test]
    fn the_next_look_goes_to_what_is_missing() {
        let rule = Rule::of(&ellipse(0.5, 0.5, 0.3, 0.3), "a").unwrap();
        let missing = ellipse(0.7, 0.5, 0.05, 0.05);
        let path = rule.next(&rule.looks(1), Some(&missing));
        assert_eq!(path.fixations[..1], rule.looks(1).fixations[..]);
        assert!((path.fixations[1].x - 0.7).abs() < 0.01 && (path.fixations[1].y - 0.5).abs() < 0.01);
        assert_eq!(rule.next(&rule.looks(2), None), rule.looks(3));
    }
}
