#![allow(clippy::unwrap_used)]
use fovea_shared::gaze::Fixation;
use image::Rgb;
use proptest::prelude::*;
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

use super::*;

/// A picture of one colour with a disc of another, its map and a gaze on it and around it.
#[derive(Debug)]
struct Made {
    image: RgbImage,
    lesion: Plane,
    gaze: Scanpath,
}

impl Made {
    /// A disc of radius `r` about (`x`, `y`), fractions of the side; the lesion map has `side` cells a side.
    fn disc(x: f32, y: f32, r: f32, side: usize, around: u8) -> Self {
        let inside = |u: f32, v: f32| (u - x).hypot(v - y) <= r;
        let centre = |i: usize, side: usize| (i as f32 + 0.5) / side as f32;
        let image = RgbImage::from_fn(INPUT_SIDE as u32, INPUT_SIDE as u32, |a, b| {
            let here = inside(centre(a as usize, INPUT_SIDE), centre(b as usize, INPUT_SIDE));
            if here { Rgb([220, 90, 60]) } else { Rgb([around, 60, 80]) }
        });
        let value = |i: usize| if inside(centre(i % side, side), centre(i / side, side)) { 1.0 } else { 0.0 };
        let lesion = Plane::from_vec(side, side, (0..side * side).map(value).collect());
        let look = |dx: f32, dy: f32| Fixation {
            x: (x + dx).clamp(0.0, 1.0),
            y: (y + dy).clamp(0.0, 1.0),
            duration_ms: 300.0,
            start_ms: 0.0,
        };
        let gaze = vec![look(0.0, 0.0), look(0.5 * r, 0.0), look(0.0, -0.5 * r), look(-0.6, 0.0), look(0.0, 0.6)];
        Self { image, lesion, gaze: Scanpath { fixations: gaze } }
    }

    fn piece(&self) -> Piece<'_> {
        Piece { image: &self.image, lesion: &self.lesion, gaze: &self.gaze }
    }
}

fn disc(side: usize, around: u8) -> impl Strategy<Value = Made> {
    (0.15f32..0.85, 0.15f32..0.85, 0.07f32..0.2).prop_map(move |(x, y, r)| Made::disc(x, y, r, side, around))
}

fn in_the_picture(gaze: &Scanpath) -> bool {
    gaze.fixations.iter().all(|f| (0.0..=1.0).contains(&f.x) && (0.0..=1.0).contains(&f.y))
}

/// The lesion map's value where a fixation lies.
fn under(plane: &Plane, f: &Fixation) -> f32 {
    let cell = |place: f32| ((place * plane.width as f32) as usize).min(plane.width - 1);
    plane.at(cell(f.x), cell(f.y))
}

fn overlap(two: &TwoLesions) -> usize {
    let [a, b] = &two.parts;
    a.lesion.data.iter().zip(&b.lesion.data).filter(|(a, b)| **a > INSIDE && **b > INSIDE).count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn halves_keep_their_lesions_apart_and_their_gaze(a in disc(56, 150), b in disc(56, 170), columns: bool) {
        // A lesion this small always fits into a half.
        let two = side_by_side(&a.piece(), &b.piece(), columns).unwrap();
        prop_assert!(two.parts[0].lesion.data.iter().zip(&two.parts[1].lesion.data).all(|(a, b)| a * b == 0.0));
        for (index, (part, from)) in two.parts.iter().zip([&a, &b]).enumerate() {
            let shown = part.lesion.data.iter().sum::<f32>() / from.lesion.data.iter().sum::<f32>();
            prop_assert!((0.8..=1.0).contains(&shown));
            prop_assert!(in_the_picture(&part.gaze));
            // The first three looks are on the lesion, before and after.
            prop_assert!(part.gaze.fixations.len() >= 3);
            prop_assert!(part.gaze.fixations[..3].iter().all(|f| under(&part.lesion, f) == 1.0));
            let on_side = |f: &Fixation| (if columns { f.x } else { f.y } >= 0.5) == (index == 1);
            prop_assert!(part.gaze.fixations.iter().all(on_side));
            // The picture moved as far as the map did.
            let red = |i: usize| {
                let middle = |i: usize| (4 * i + 2) as u32;
                two.image.get_pixel(middle(i % 56), middle(i / 56)).0[0] == 220
            };
            let differ = (0..56 * 56).filter(|i| part.lesion.data[*i] == 1.0 && !red(*i)).count();
            prop_assert!(differ * 10 <= part.lesion.data.iter().filter(|v| **v == 1.0).count());
        }
        prop_assert_eq!(&two, &side_by_side(&a.piece(), &b.piece(), columns).unwrap());
        let swapped = side_by_side(&b.piece(), &a.piece(), columns).unwrap();
        prop_assert_eq!(&swapped.parts[1].lesion.data.iter().sum::<f32>(), &two.parts[0].lesion.data.iter().sum::<f32>());
    }

    #[test]
    fn a_blended_lesion_stands_free_and_leaves_the_rest_as_it_was(a in disc(112, 150), b in disc(56, 170), seed: u64) {
        let made = |seed| blended(&a.piece(), &b.piece(), &mut Pcg64Mcg::seed_from_u64(seed));
        let two = made(seed);
        prop_assert_eq!(&two, &made(seed));
        if let Some(two) = two {
            let [host, guest] = &two.parts;
            prop_assert_eq!((host.lesion.width, guest.lesion.width), (112, 56));
            let (on_host, on_guest) = (on_pixels(&host.lesion), on_pixels(&guest.lesion));
            let distance = fovea_shared::metrics::distances_to(&on_host.above(INSIDE)).unwrap();
            let placed = on_guest.above(INSIDE);
            prop_assert!(placed.area() > 200, "{}", placed.area());
            // 10 px at 224, of which coarse maps may hide two cells.
            prop_assert!(placed.data.iter().zip(&distance.data).all(|(inside, d)| !inside || *d >= 4.0));
            prop_assert_eq!(host.lesion.at_least(0.99), a.lesion.at_least(0.99));
            prop_assert!(in_the_picture(&host.gaze) && in_the_picture(&guest.gaze));
            // Looks at the middle of a lesion go with it, and none of the other's lies on it.
            prop_assert!(guest.gaze.fixations.len() >= 3 && host.gaze.fixations.len() >= 3);
            prop_assert!(guest.gaze.fixations[..3].iter().all(|f| under(&guest.lesion, f) > INSIDE));
            prop_assert!(host.gaze.fixations.iter().all(|f| under(&guest.lesion, f) == 0.0));
            prop_assert!(guest.gaze.fixations.iter().all(|f| under(&a.lesion, f) < 1.0));
            let near = fovea_shared::metrics::distances_to(&placed).unwrap();
            let far = near.max().min(100.0);
            let (mut changed, mut inside) = (0, 0);
            for (x, y, pixel) in two.image.enumerate_pixels() {
                let d = near.at(x as usize, y as usize);
                if pixel != a.image.get_pixel(x, y) {
                    changed += 1;
                    prop_assert!(d < 60.0 && a.lesion.at(x as usize / 2, y as usize / 2) < 1.0, "{x} {y} {d} {far}");
                }
                inside += usize::from(d <= 0.0);
            }
            prop_assert!(changed * 2 > inside, "{changed} of {inside}");
        }
    }
}

#[test]
fn most_pairs_find_a_place_and_sizes_spread() {
    let (a, b) = (Made::disc(0.3, 0.4, 0.15, 56, 150), Made::disc(0.6, 0.5, 0.2, 56, 170));
    let made = (0..60).filter_map(|seed| blended(&a.piece(), &b.piece(), &mut Pcg64Mcg::seed_from_u64(seed)));
    let areas: Vec<usize> = made.map(|two| on_pixels(&two.parts[1].lesion).above(INSIDE).area()).collect();
    assert!(areas.len() >= 40, "{}", areas.len());
    let (least, most) = (areas.iter().min().unwrap(), areas.iter().max().unwrap());
    // Discs of 30 and 110 px would have 707 and 9503.
    assert!(*least < 1500 && *most > 5500 && *most < 10500, "{least} {most}");
}

#[test]
fn nothing_is_made_of_what_does_not_fit() {
    let (small, dot) = (Made::disc(0.5, 0.5, 0.1, 56, 150), Made::disc(0.5, 0.5, 0.02, 56, 150));
    let mut full = Made::disc(0.5, 0.5, 0.1, 56, 150);
    full.lesion.data.fill(1.0);
    let mut empty = Made::disc(0.5, 0.5, 0.1, 56, 150);
    empty.lesion.data.fill(0.0);
    let rng = || Pcg64Mcg::seed_from_u64(3);
    assert!(side_by_side(&small.piece(), &full.piece(), true).is_none());
    assert!(side_by_side(&empty.piece(), &small.piece(), false).is_none());
    assert!(blended(&full.piece(), &small.piece(), &mut rng()).is_none(), "no place is free");
    assert!(blended(&small.piece(), &dot.piece(), &mut rng()).is_none(), "too small to be shown");
    assert!(blended(&small.piece(), &empty.piece(), &mut rng()).is_none());
    // All but a corner is black: no place for a lesion.
    let mut dark = Made::disc(0.5, 0.5, 0.1, 56, 150);
    for pixel in dark.image.pixels_mut() {
        *pixel = Rgb([4, 2, 3]);
    }
    assert!(blended(&dark.piece(), &small.piece(), &mut rng()).is_none());
    // A host without a lesion has room everywhere.
    let two = blended(&empty.piece(), &small.piece(), &mut rng()).unwrap();
    assert_eq!(overlap(&two), 0);
    assert!(two.parts[0].lesion.data.iter().all(|v| *v == 0.0));
}
