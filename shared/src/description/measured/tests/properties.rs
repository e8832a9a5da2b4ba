//! What holds for any lesion: mirrors, sizes, words that do not contradict each other.

use proptest::prelude::*;

use super::super::*;
use super::drawing::*;

/// Whether every number is so far from its thresholds that rounding cannot change a word.
fn settled(m: &Measurements) -> bool {
    let t = &THRESHOLDS;
    let clear = |value: f32, at: f32, by: f32| (value - at).abs() > by;
    let outline = [t.irregular_solidity.at, t.lobulated.at].iter().all(|at| clear(m.solidity, *at, 0.02))
        && [t.elongated.at, t.round.at].iter().all(|at| clear(m.axis_ratio, *at, 0.02));
    let place = m.centre.iter().all(|c| clear(*c, 1.0 / 3.0, 0.02) && clear(*c, 2.0 / 3.0, 0.02))
        && [t.small.at, t.large.at].iter().all(|at| clear(m.area_share, *at, 0.005));
    let contrast = m.surroundings.is_none_or(|s| {
        let (l, a) = ((m.colour[0] - s[0]).abs(), m.colour[1] - s[1]);
        let kinds = [(t.contrast_lightness, t.contrast_red), (t.skin_contrast_lightness, t.skin_contrast_red)];
        let tinted = |(light, red): (thresholds::Step, thresholds::Step)| {
            clear(l, light.at, 0.7) && clear(a, red.at, 0.7) && clear(l / light.at, a / red.at, 0.15)
        };
        kinds.into_iter().all(tinted) && clear(l, t.grey_contrast.at, 0.7)
    });
    let lead = |prototypes: &[(usize, colour::Lab)], weight| skin::nearest(m.colour, prototypes, weight).1 > 0.7;
    let colour = lead(&thresholds::SKIN_COLOURS, t.skin_lightness_weight)
        && lead(&thresholds::POLYP_COLOURS, t.polyp_lightness_weight)
        // A lesion of one colour has grain, and how much of it another size smooths away decides
        // how many pixels are nearer to the next colour: a share near the threshold is none that
        // two sizes must agree on.
        && m.skin_colours.iter().all(|share| !(0.002..=t.colour_share.at + 0.3).contains(share));
    let border = clear(m.border_step, t.sharp_step.at, 0.6)
        && clear(m.border_step / m.border_beside.max(1e-3), t.sharp_ratio.at, 0.1)
        && clear(m.border_seen, t.border_seen, 0.05);
    let surface = m.roughness.is_none_or(|r| clear(r, t.rough.at, 0.3))
        && clear(m.highlights, t.highlights.at, 0.002)
        && clear(m.at_edge, t.cut.at, 0.03)
        && clear(m.dark_corners, t.vignette.at, 0.05);
    let sides = m.asymmetry.iter().all(|a| clear(*a, t.asymmetric.at, 0.03))
        && clear(m.left_right, t.gland_asymmetric.at, 0.03)
        && clear(m.zone_step, t.zones_clear.at, 0.5)
        && [t.grey.at, t.bright.at].iter().all(|at| clear(m.signal_rank, *at, 0.03));
    // The rank of a lightness that its surroundings share is decided by the grain of the two.
    let rank = m.surroundings.is_some_and(|s| (m.colour[0] - s[0]).abs() > 2.5);
    outline && place && contrast && colour && border && surface && sides && rank
}

prop_compose! {
    fn lesions()(
        width in 120u32..420,
        height in 120u32..420,
        centre in (0.15f32..0.85, 0.15f32..0.85),
        radii in (0.08f32..0.3, 0.08f32..0.3),
        turn in 0.0f32..3.1,
        colour in prop::array::uniform3(40u8..230),
        ground in prop::array::uniform3(60u8..230),
    ) -> Drawn {
        let side = width.min(height) as f32;
        let centre = (centre.0 * width as f32, centre.1 * height as f32);
        draw(width, height, ellipse(centre, (radii.0 * side, radii.1 * side), turn), colour, ground)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, max_global_rejects: 100_000, ..Default::default() })]

    #[test]
    fn a_mirror_changes_the_location_only(drawn in lesions(), horizontal: bool, vertical: bool) {
        let m = measurements(&drawn.image, &drawn.mask).unwrap();
        prop_assume!(settled(&m));
        for modality in Modality::ALL {
            let mirrored = drawn.mirrored(horizontal, vertical).measure(modality);
            let expected = drawn.measure(modality).flip(horizontal, vertical);
            prop_assert!((mirrored.confidence - expected.confidence).abs() < 0.05);
            prop_assert_eq!(Description { confidence: 0.0, ..mirrored }, Description { confidence: 0.0, ..expected });
        }
    }

    #[test]
    fn twice_the_size_is_the_same(drawn in lesions()) {
        let doubled = drawn.doubled();
        // Grain is not the same at both sizes, so the numbers of both have to be far from their thresholds.
        let both = [&drawn, &doubled].map(|d| measurements(&d.image, &d.mask).unwrap());
        prop_assume!(both.iter().all(settled));
        for modality in Modality::ALL {
            let (one, two) = (drawn.measure(modality), doubled.measure(modality));
            prop_assert!((one.confidence - two.confidence).abs() < 0.1);
            prop_assert_eq!(Description { confidence: 0.0, ..one }, Description { confidence: 0.0, ..two });
        }
    }

    #[test]
    fn any_picture_and_mask_are_described_without_contradiction(
        pixels in prop::collection::vec(0u8..=255, 3 * 20 * 16),
        inside in prop::collection::vec(any::<bool>(), 9 * 7),
    ) {
        let image = RgbImage::from_fn(20, 16, |x, y| {
            let at = 3 * (20 * y + x) as usize;
            ::image::Rgb([pixels[at], pixels[at + 1], pixels[at + 2]])
        });
        let mask = Mask::from_vec(9, 7, inside);
        for modality in Modality::ALL {
            let d = measure(&image, &mask, modality);
            prop_assert!(d.check().is_ok());
            prop_assert!(d.iter().all(|(field, _)| field.measurable()));
            prop_assert!(d.is_empty() == (d.confidence == 0.0) && (0.0..=1.0).contains(&d.confidence));
            prop_assert_eq!(&d, &measure(&image, &mask, modality));
        }
    }
}
