#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use fovea_shared::gaze::Fixation;

fn look(points: &[(f32, f32, f32)]) -> Scanpath {
    let fixation = |&(x, y, duration_ms): &(f32, f32, f32)| Fixation { x, y, duration_ms, start_ms: 0.0 };
    Scanpath { fixations: points.iter().map(fixation).collect() }
}

/// A fixation in the middle of the pixel (column, row) of a `width` x `height` raster.
fn at(column: usize, row: usize, width: usize, height: usize) -> (f32, f32, f32) {
    ((column as f32 + 0.5) / width as f32, (row as f32 + 0.5) / height as f32, 200.0)
}

fn plane(width: usize, height: usize, data: &[f32]) -> Plane {
    Plane::from_vec(width, height, data.to_vec())
}

fn mask(width: usize, height: usize, inside: &[usize]) -> Mask {
    Mask::from_vec(width, height, (0..width * height).map(|i| inside.contains(&i)).collect())
}

fn near(value: Option<f64>, wanted: f64) {
    let value = value.unwrap();
    assert!((value - wanted).abs() < 1e-9, "{value} instead of {wanted}");
}

/// A disc of `radius` (a share of the side) around the centre.
fn disc(side: usize, radius: f64) -> Mask {
    let off = |i: usize| (i as f64 + 0.5) / side as f64 - 0.5;
    Mask::from_vec(side, side, (0..side * side).map(|i| off(i % side).hypot(off(i / side)) < radius).collect())
}

/// Noise without structure, the same for the same seed (SplitMix64).
fn noise(width: usize, height: usize, seed: u64) -> Plane {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 40) as f32 / (1u32 << 24) as f32
    };
    Plane::from_vec(width, height, (0..width * height).map(|_| next()).collect())
}

#[test]
fn pointing_by_hand() {
    let map = plane(2, 2, &[1.0, 4.0, 2.0, 4.0]);
    assert_eq!(pointing(&map, &mask(2, 2, &[1, 3])), Some(1.0));
    assert_eq!(pointing(&map, &mask(2, 2, &[0, 1])), Some(0.5), "one of two tied maxima");
    assert_eq!(pointing(&map, &mask(2, 2, &[0, 2])), Some(0.0));
    let flat = Plane::filled(2, 2, 0.7);
    assert_eq!(pointing(&flat, &mask(2, 2, &[0])), Some(0.25), "a map that points nowhere must not win");
}

#[test]
fn energy_by_hand() {
    let map = plane(4, 1, &[1.0, 2.0, 3.0, 4.0]);
    let result = energy(&map, &mask(4, 1, &[3])).unwrap();
    assert!((result.share - 0.4).abs() < 1e-12 && result.chance == 0.25);
    assert_eq!(energy(&plane(2, 1, &[-1.0, 2.0]), &mask(2, 1, &[0])), None, "a share of what is below nothing");
}

#[test]
fn cnr_by_hand() {
    // Inside 4 and 6: mean 5, variance 1. Outside 0 and 2: mean 1, variance 1. (5 - 1) / sqrt 2.
    let map = plane(4, 1, &[4.0, 6.0, 0.0, 2.0]);
    near(cnr(&map, &mask(4, 1, &[0, 1])), 4.0 / 2f64.sqrt());
    near(cnr(&map, &mask(4, 1, &[2, 3])), -4.0 / 2f64.sqrt());
    assert_eq!(cnr(&plane(2, 1, &[1.0, 0.0]), &mask(2, 1, &[0])), None, "no noise, no ratio");
}

#[test]
fn nss_by_hand() {
    // Mean 1, population standard deviation sqrt(((1 + 1 + 1 + 9) / 4)) = sqrt 3.
    let map = plane(4, 1, &[0.0, 0.0, 0.0, 4.0]);
    let mut points = [at(3, 0, 4, 1), at(0, 0, 4, 1), at(3, 0, 4, 1)];
    near(nss(&map, &look(&points[..1]), NssWeight::Equal), 3.0 / 3f64.sqrt());
    near(nss(&map, &look(&points), NssWeight::Equal), (3.0 - 1.0 + 3.0) / 3.0 / 3f64.sqrt());
    points[1].2 = 600.0;
    near(nss(&map, &look(&points), NssWeight::Equal), 5.0 / 3.0 / 3f64.sqrt());
    near(nss(&map, &look(&points), NssWeight::Duration), (0.2 * 3.0 - 0.6 + 0.2 * 3.0) / 3f64.sqrt());
    points[0].0 = 1.0;
    near(nss(&map, &look(&points[..1]), NssWeight::Equal), 3.0 / 3f64.sqrt());
}

#[test]
fn auc_by_hand() {
    let map = plane(5, 1, &[0.1, 0.2, 0.3, 0.4, 0.5]);
    let auc = |columns: &[usize]| auc_judd(&map, &look(&columns.iter().map(|c| at(*c, 0, 5, 1)).collect::<Vec<_>>()));
    near(auc(&[4]), 1.0);
    near(auc(&[0]), 0.0);
    // Pairs in order: 0.4 beats three of three, 0.2 beats one of three.
    near(auc(&[3, 1]), 0.5 * (2.0 / 3.0 + 1.0 / 3.0));
    near(auc(&[4, 4, 3]), 1.0);
    // Fixated 1; others 1, 1, 0: one win and two ties.
    near(auc_judd(&plane(4, 1, &[1.0, 1.0, 1.0, 0.0]), &look(&[at(0, 0, 4, 1)])), 2.0 / 3.0);
}

#[test]
fn cc_of_the_heat_map_itself_is_one() {
    let gaze = look(&[(0.3, 0.4, 300.0), (0.35, 0.5, 150.0)]);
    let heat = heat_map(&gaze, &HeatParams::default(), 40, 30);
    near(cc(&heat, &gaze, &HeatParams::default()), 1.0);
    let inverse = Plane::from_vec(40, 30, heat.data.iter().map(|v| 1.0 - v).collect());
    assert!((cc(&inverse, &gaze, &HeatParams::default()).unwrap() + 1.0).abs() < 1e-6);
    // By hand: (0, 1, 2) against (0, 2, 1) has correlation 1/2.
    near(gaze::correlation(&plane(3, 1, &[0.0, 1.0, 2.0]), &plane(3, 1, &[0.0, 2.0, 1.0])), 0.5);
}

#[test]
fn nothing_to_score_is_none() {
    let (whole, half) = (mask(2, 1, &[0, 1]), mask(2, 1, &[0]));
    let gaze = look(&[(0.2, 0.5, 100.0)]);
    let nowhere = [look(&[]), look(&[(1.2, 0.5, 100.0)]), look(&[(f32::NAN, 0.5, 100.0)])];
    let map = plane(2, 1, &[0.0, 1.0]);
    for bad in [Mask::empty(2, 1), whole, Mask::empty(0, 0)] {
        assert_eq!((pointing(&map, &bad), energy(&map, &bad), cnr(&map, &bad)), (None, None, None));
    }
    for none in &nowhere {
        assert_eq!((nss(&map, none, NssWeight::Equal), auc_judd(&map, none)), (None, None));
        assert_eq!(cc(&map, none, &HeatParams::default()), None);
    }
    assert_eq!(nss(&map, &look(&[(0.2, 0.5, 0.0)]), NssWeight::Duration), None);
    assert_eq!(auc_judd(&map, &look(&[at(0, 0, 2, 1), at(1, 0, 2, 1)])), None, "no pixel that was not looked at");
    for value in [0.0, 0.3, 1e-30] {
        let scores = explain(&Plane::filled(2, 1, value), Some(&half), Some(&gaze));
        assert_eq!(scores, Explanation { pointing: Some(0.5), ..Explanation::default() });
    }
    for map in [plane(2, 1, &[f32::NAN, 1.0]), plane(2, 1, &[f32::INFINITY, 1.0]), plane(0, 0, &[])] {
        assert_eq!(explain(&map, Some(&half), Some(&gaze)), Explanation::default());
        assert_eq!((pointing(&map, &half), nss(&map, &gaze, NssWeight::Equal)), (None, None));
    }
    assert_eq!(explain(&map, None, None), Explanation::default());
    assert_eq!(explain(&map, None, None).energy_over_chance(), None);
}

#[test]
fn a_perfect_map_scores_like_one() {
    let truth = disc(300, 0.2);
    let gaze = look(&[(0.5, 0.5, 300.0), (0.45, 0.52, 200.0), (0.55, 0.5, 250.0), (0.5, 0.42, 100.0)]);
    let map = heat_map(&gaze, &HeatParams { sigma: 0.07 }, 28, 28);
    let scores = explain(&map, Some(&truth), Some(&gaze));
    assert_eq!(scores.pointing, Some(1.0));
    assert!(scores.energy.unwrap() > 0.85 && (scores.energy_chance.unwrap() - 0.1257).abs() < 0.002, "{scores:?}");
    assert!(scores.energy_over_chance().unwrap() > 6.0 && scores.cnr.unwrap() > 1.0, "{scores:?}");
    assert!(scores.auc_judd.unwrap() > 0.97 && scores.nss.unwrap() > 2.0 && scores.cc.unwrap() > 0.95, "{scores:?}");
}

#[test]
fn a_map_of_noise_scores_chance() {
    let truth = disc(200, 0.2);
    let points: Vec<_> = (0..40).map(|i| at(i * 7 % 200, i * 31 % 200, 200, 200)).collect();
    let gaze = look(&points);
    let scores: Vec<_> = (0..60).map(|seed| explain(&noise(200, 200, seed), Some(&truth), Some(&gaze))).collect();
    let mean = |score: fn(&Explanation) -> Option<f64>| {
        scores.iter().map(|s| score(s).unwrap()).sum::<f64>() / scores.len() as f64
    };
    // 60 maps x 40 fixations: the standard error of the AUC is .29 / sqrt 2400 = .006.
    assert!((mean(|s| s.auc_judd) - 0.5).abs() < 0.02 && mean(|s| s.nss).abs() < 0.07 && mean(|s| s.cc).abs() < 0.01);
    assert!((mean(Explanation::energy_over_chance) - 1.0).abs() < 0.01 && mean(|s| s.cnr).abs() < 0.01);
}

#[test]
fn sizes_are_brought_together() {
    assert_eq!(
        [working_size(256, 100), working_size(1024, 512), working_size(10, 5000)],
        [(256, 100), (256, 128), (1, 256)]
    );
    // A coarse map of the left quarter, a mask of the left half at 4000 x 1000.
    let map = plane(4, 1, &[1.0, 0.0, 0.0, 0.0]);
    let left = Mask::from_vec(4000, 1000, (0..4_000_000).map(|i| i % 4000 < 2000).collect());
    let reference = Reference::new(Some(&left), None);
    assert_eq!((reference.width, reference.height), (256, 64));
    let scores = reference.explain(&map);
    assert_eq!((scores.pointing, scores.energy_chance), (Some(1.0), Some(0.5)));
    near(scores.energy, 1.0);
    assert_eq!(scores, explain(&map, Some(&left), None));
    // A speck far smaller than a working pixel is still a mask.
    let speck = mask(2000, 2000, &[1_001_000]);
    assert_eq!(shrink(&speck, 256, 256).area(), 1);
    // A map larger than the raster is averaged, not sampled: one bright pixel is not lost.
    let mut large = Plane::filled(512, 512, 0.0);
    large.data[200 * 512 + 201] = 1.0;
    let here = Mask::from_vec(256, 256, (0..65_536).map(|i| i == 100 * 256 + 100).collect());
    near(energy(&large, &here).map(|e| e.share), 1.0);
}

#[test]
fn keeps_its_shape_in_json() {
    let scores = Explanation { pointing: Some(1.0), nss: Some(-0.5), ..Explanation::default() };
    let text = serde_json::to_string(&scores).unwrap();
    assert_eq!(serde_json::from_str::<Explanation>(&text).unwrap(), scores);
    assert!(text.contains("\"auc_judd\":null"), "{text}");
}

/// AUC-Judd from its definition, every pair of a fixated and another pixel.
fn pairs(map: &Plane, fixated: &[(usize, usize)]) -> f64 {
    let is_fixated = |i: usize| fixated.contains(&(i % map.width, i / map.width));
    let (mut sum, mut count) = (0.0, 0.0);
    for i in (0..map.data.len()).filter(|i| is_fixated(*i)) {
        for j in (0..map.data.len()).filter(|j| !is_fixated(*j)) {
            count += 1.0;
            sum += match map.data[i].partial_cmp(&map.data[j]).unwrap() {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    sum / count
}

/// The area under the ROC curve with the map's values at the fixations as thresholds, both "at least" and "above" each.
fn roc(map: &Plane, fixated: &[(usize, usize)]) -> f64 {
    let is_fixated = |i: usize| fixated.contains(&(i % map.width, i / map.width));
    let rate = |wanted: bool, passes: &dyn Fn(f32) -> bool| {
        let chosen = (0..map.data.len()).filter(|i| is_fixated(*i) == wanted);
        chosen.clone().filter(|i| passes(map.data[*i])).count() as f64 / chosen.count() as f64
    };
    let mut curve = vec![(0.0, 0.0), (1.0, 1.0)];
    for threshold in (0..map.data.len()).filter(|i| is_fixated(*i)).map(|i| map.data[i]) {
        curve.push((rate(false, &|v| v > threshold), rate(true, &|v| v > threshold)));
        curve.push((rate(false, &|v| v >= threshold), rate(true, &|v| v >= threshold)));
    }
    curve.sort_by(|a, b| a.partial_cmp(b).unwrap());
    curve.windows(2).map(|w| (w[1].0 - w[0].0) * (w[0].1 + w[1].1) / 2.0).sum()
}

/// A map of few different values, so that ties are common, and pixels that were looked at.
fn maps_and_looks() -> impl Strategy<Value = (Plane, Vec<(usize, usize)>)> {
    (2usize..9, 2usize..9).prop_flat_map(|(width, height)| {
        let values = prop::collection::vec(0u8..12, width * height);
        let looks = prop::collection::vec((0..width, 0..height), 1..8);
        (values, looks).prop_map(move |(values, looks)| {
            (Plane::from_vec(width, height, values.into_iter().map(f32::from).collect()), looks)
        })
    })
}

fn gaze_at(map: &Plane, looks: &[(usize, usize)]) -> Scanpath {
    look(&looks.iter().map(|(x, y)| at(*x, *y, map.width, map.height)).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn auc_equals_brute_force((map, looks) in maps_and_looks()) {
        let Some(auc) = auc_judd(&map, &gaze_at(&map, &looks)) else {
            let distinct: std::collections::BTreeSet<_> = looks.iter().collect();
            prop_assert!(is_constant(&map) || distinct.len() == map.data.len());
            return Ok(());
        };
        prop_assert!((auc - pairs(&map, &looks)).abs() < 1e-12);
        prop_assert!((auc - roc(&map, &looks)).abs() < 1e-12, "{} {}", auc, roc(&map, &looks));
    }

    #[test]
    fn auc_ignores_monotone_changes((map, looks) in maps_and_looks()) {
        let gaze = gaze_at(&map, &looks);
        let warped = |f: fn(f32) -> f32| Plane::from_vec(map.width, map.height, map.data.iter().map(|v| f(*v)).collect());
        for changed in [warped(|v| v * v * v), warped(|v| (v / 4.0).exp()), warped(|v| -1.0 / (v + 1.0))] {
            prop_assert_eq!(auc_judd(&map, &gaze), auc_judd(&changed, &gaze));
        }
        let turned = warped(|v| -v);
        if let (Some(a), Some(b)) = (auc_judd(&map, &gaze), auc_judd(&turned, &gaze)) {
            prop_assert!((a + b - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn affine_changes_are_ignored((map, looks) in maps_and_looks(), a in 0.25f32..8.0, b in 0.0f32..20.0) {
        let gaze = gaze_at(&map, &looks);
        let changed = Plane::from_vec(map.width, map.height, map.data.iter().map(|v| a * v + b).collect());
        let inside = Mask::from_vec(map.width, map.height, (0..map.data.len()).map(|i| i % 3 == 0).collect());
        let both = [explain(&map, Some(&inside), Some(&gaze)), explain(&changed, Some(&inside), Some(&gaze))];
        for score in [|s: &Explanation| s.nss, |s: &Explanation| s.cc, |s: &Explanation| s.cnr] {
            match (score(&both[0]), score(&both[1])) {
                (Some(x), Some(y)) => prop_assert!((x - y).abs() < 1e-3 * x.abs().max(1.0), "{} {}", x, y),
                // Rounding may leave a trace of variance where the ratio was infinite.
                (x, y) => prop_assert!(is_constant(&map) && x == y || both[0].cnr.is_none()),
            }
        }
        prop_assert_eq!(both[0].pointing, both[1].pointing);
    }

    #[test]
    fn scores_keep_their_ranges((map, looks) in maps_and_looks(), radius in 0.0f64..0.8) {
        let scores = explain(&map, Some(&disc(20, radius)), Some(&gaze_at(&map, &looks)));
        for score in [scores.pointing, scores.energy, scores.energy_chance, scores.auc_judd].into_iter().flatten() {
            prop_assert!((0.0..=1.0).contains(&score));
        }
        prop_assert!(scores.cc.is_none_or(|v| (-1.0..=1.0).contains(&v)));
        prop_assert!([scores.nss, scores.cnr].into_iter().flatten().all(f64::is_finite));
    }

    #[test]
    fn mirrors_change_nothing((map, looks) in maps_and_looks()) {
        let (gaze, inside) = (gaze_at(&map, &looks), map.at_least(6.0));
        let turned = explain(
            &map.flip(true, true),
            Some(&Mask { data: inside.data.iter().rev().copied().collect(), ..inside.clone() }),
            Some(&gaze.flip_horizontal().flip_vertical()),
        );
        let straight = explain(&map, Some(&inside), Some(&gaze));
        let close = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() < 1e-4,
            (a, b) => a == b,
        };
        prop_assert!(close(straight.pointing, turned.pointing) && close(straight.energy, turned.energy));
        prop_assert!(close(straight.nss, turned.nss) && close(straight.auc_judd, turned.auc_judd));
        prop_assert!(close(straight.cc, turned.cc));
    }
}
