//! DARM: squares, and what hiding leaves.

use proptest::prelude::*;
use rand::SeedableRng;
use rand_pcg::Pcg32;

use super::{super::*, noise, toy_batch, values};
use crate::{image::INPUT_SIDE, model::SIDES, plane::Mask};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn squares_cover_the_share_and_nothing_of_an_empty_region(
        seed in 0u64..500,
        cells in proptest::collection::vec(any::<bool>(), 64),
        share in 0.0f64..1.0,
    ) {
        let region = Mask::from_vec(8, 8, cells);
        let form = Masking { share, ..Masking::default() };
        let hidden = squares(&region, INPUT_SIDE, &form, &mut Pcg32::seed_from_u64(seed));
        prop_assert_eq!((hidden.width, hidden.height), (INPUT_SIDE, INPUT_SIDE));
        let inside = |i: usize| region.at(i % INPUT_SIDE * 8 / INPUT_SIDE, i / INPUT_SIDE * 8 / INPUT_SIDE);
        let of_region = (0..hidden.data.len()).filter(|i| inside(*i)).count();
        let covered = (0..hidden.data.len()).filter(|i| inside(*i) && hidden.data[*i]).count();
        prop_assert!(covered as f64 >= share * of_region as f64);
        // One square's area at most beyond what was asked for.
        prop_assert!(covered as f64 <= share * of_region as f64 + 100.0);
        if region.is_empty() {
            prop_assert!(hidden.is_empty());
        }
        // Whatever is hidden lies within half a square of the region.
        for i in (0..hidden.data.len()).filter(|i| hidden.data[*i]) {
            let (x, y) = (i % INPUT_SIDE, i / INPUT_SIDE);
            let near = (y.saturating_sub(10)..(y + 11).min(INPUT_SIDE))
                .any(|y| (x.saturating_sub(10)..(x + 11).min(INPUT_SIDE)).any(|x| inside(y * INPUT_SIDE + x)));
            prop_assert!(near, "({x}, {y}) is hidden, far from the region");
        }
    }
}

#[test]
fn hidden_pixels_are_the_mean_and_the_others_as_they_were() {
    let images = noise(4, [2, 3, INPUT_SIDE, INPUT_SIDE]);
    let mut mask = Mask::empty(INPUT_SIDE, INPUT_SIDE);
    mask.data[5 * INPUT_SIDE + 7] = true;
    let masks = [mask, Mask::empty(INPUT_SIDE, INPUT_SIDE)];
    let before = values(images.clone());
    let pixels = INPUT_SIDE * INPUT_SIDE;
    for (target, channel) in [(MaskingTarget::Exclude, 1), (MaskingTarget::Zero, 2)] {
        let after = values(hide_pixels(images.clone(), &masks, target));
        let at = channel * pixels + 5 * INPUT_SIDE + 7;
        let mean = before[channel * pixels..(channel + 1) * pixels].iter().sum::<f32>() / pixels as f32;
        let expected = if target == MaskingTarget::Zero { 0.0 } else { mean };
        assert!((after[at] - expected).abs() < 1e-5);
        assert_eq!(
            before.iter().zip(&after).filter(|(a, b)| a != b).count(),
            3,
            "one pixel of one image, three channels"
        );
    }
}

#[test]
fn hidden_features_are_those_under_the_squares() {
    let batch = toy_batch();
    let mut mask = Mask::empty(INPUT_SIDE, INPUT_SIDE);
    // The first cell at stride 32, whole.
    (0..32).for_each(|y| mask.data[y * INPUT_SIDE..y * INPUT_SIDE + 32].fill(true));
    let hidden = hide_features(&batch.features, &[mask], MaskingTarget::Zero);
    for (level, side) in SIDES.into_iter().enumerate() {
        let (before, after) = (values(batch.features.levels[level].clone()), values(hidden.levels[level].clone()));
        let cells = 32 * side / INPUT_SIDE;
        for (i, (a, b)) in before.iter().zip(&after).enumerate() {
            let (x, y) = (i % side, i / side % side);
            assert_eq!(*b, if x < cells && y < cells { 0.0 } else { *a });
        }
    }
}

#[test]
fn disagreement_needs_more_than_the_difference() {
    let found = disagreement(&[0.9, 0.5, 0.2, 0.0], &[0.1, 0.45, 0.51, 0.25], 2, 0.3);
    assert_eq!(found.data, [true, false, true, false]);
}

#[test]
fn squares_scale_with_the_image() {
    let everywhere = Mask::from_vec(4, 4, vec![true; 16]);
    let form = Masking { share: 1e-9, smallest: 8, largest: 8, ..Masking::default() };
    // One square each, which the image's border may cut.
    let area = |size: usize| {
        let areas = (0..40).map(|seed| squares(&everywhere, size, &form, &mut Pcg32::seed_from_u64(seed)).area());
        areas.max().unwrap()
    };
    assert_eq!((area(INPUT_SIDE), area(INPUT_SIDE / 2), area(INPUT_SIDE / 4)), (64, 16, 4));
    assert_eq!(area(INPUT_SIDE / 56), 1, "a square has a pixel at least");
}

/// A region of one cell in the corner, of 8 x 8.
fn corner() -> Mask {
    Mask::from_vec(8, 8, (0..64).map(|i| i == 0).collect())
}

#[test]
fn decoys_lie_outside_of_the_region_and_leave_the_squares_over_it_as_they_were() {
    let cell = INPUT_SIDE / 8;
    let (plain, decoyed) = (Masking::default(), Masking { decoys: 2.0, ..Masking::default() });
    for seed in 0..20 {
        let draw = |form| squares(&corner(), INPUT_SIDE, form, &mut Pcg32::seed_from_u64(seed));
        let (plain, decoyed) = (draw(&plain), draw(&decoyed));
        let far = |i: &usize| i % INPUT_SIDE > cell + 10 || i / INPUT_SIDE > cell + 10;
        let hidden_far = |mask: &Mask| (0..mask.data.len()).filter(far).filter(|i| mask.data[*i]).count();
        assert_eq!(hidden_far(&plain), 0);
        assert!(hidden_far(&decoyed) > 0);
        assert!(plain.data.iter().zip(&decoyed.data).all(|(a, b)| !a || *b), "what was hidden stays hidden");
    }
    // Where the region is everything there is no room for decoys.
    let everywhere = Mask::from_vec(2, 2, vec![true; 4]);
    let draw = |form| squares(&everywhere, INPUT_SIDE, form, &mut Pcg32::seed_from_u64(3));
    assert_eq!(draw(&plain), draw(&decoyed));
}

#[test]
fn as_many_images_are_masked_as_was_asked_for() {
    let masked = |often: f64| {
        let form = Masking { often, ..Masking::default() };
        let mut rng = Pcg32::seed_from_u64(1);
        (0..200).filter(|_| !squares(&corner(), INPUT_SIDE, &form, &mut rng).is_empty()).count()
    };
    assert_eq!((masked(1.0), masked(0.0)), (200, 0));
    assert!((70..130).contains(&masked(0.5)), "{}", masked(0.5));
}
