//! Headlines of made up and of shipped bundles.
#![allow(clippy::unwrap_used)]
use std::{fs, path::Path};

use fovea_shared::bundle::{Manifest, Score};

use super::{super::claims::Claims, *};

const ON: &str = "kvasir-seg, split gaze, test images";

fn student(name: &str, mean: f64, interval: Option<[f64; 2]>) -> StudentVariant {
    let score = Score { mean, sd: 0.0, seeds: 1, interval, on: ON.into() };
    StudentVariant::new(name.parse().unwrap(), Some(score))
}

fn one(students: &[StudentVariant], pairs: &[Pair]) -> Headline {
    let mut all = headlines(students, Modality::Polyp, pairs);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn pair(student: &str, dice: f64, reference_dice: f64, interval: [f64; 2]) -> Pair {
    let (student, reference) = (student.to_owned(), "heat".to_owned());
    Pair { student, dice, reference, reference_dice, difference: dice - reference_dice, interval, images: 100 }
}

/// Eight students of one family, whose Dice grows evenly from `low` to `high`.
fn eight(low: f64, high: f64) -> Vec<StudentVariant> {
    let mean = |i: usize| low + (high - low) * i as f64 / 7.0;
    let all = Strategies::every().into_iter().enumerate();
    all.map(|(i, on)| {
        let name = StudentKind::new(Told::Teacher, on).to_string();
        student(&name, mean(i), Some([mean(i) - 0.04, mean(i) + 0.04]))
    })
    .collect()
}

#[test]
fn eight_that_are_alike_are_called_alike() {
    let headline = one(&eight(0.805, 0.806), &[]);
    assert_eq!(headline.title(), "On test images (Kvasir-SEG), the 8 are alike: Dice 0.805 to 0.806.");
    assert_eq!(headline.lines(), ["One training each; intervals are 95 % over the images."]);
}

#[test]
fn eight_that_lie_wider_apart_than_alike_are_not_called_alike() {
    let title = one(&eight(0.78, 0.81), &[]).title();
    assert!(title.contains("cannot tell") && title.contains("0.780 to 0.810"), "{title}");
}

#[test]
fn a_strategy_that_helps_or_harms_is_named_with_its_difference() {
    let students = [student("heat", 0.65, None), student("heat+cwc", 0.71, None), student("heat+darm", 0.64, None)];
    let pairs = [pair("heat+cwc", 0.71, 0.65, [0.05, 0.07]), pair("heat+darm", 0.64, 0.65, [-0.02, 0.01])];
    let headline = one(&students, &pairs);
    let title = headline.title();
    assert_eq!(
        title,
        "On 100 test images (Kvasir-SEG), training with CWC changes Dice by +0.060; the 3 have 0.640 to 0.710."
    );
    let harm = [pair("heat+darm", 0.64, 0.65, [-0.02, -0.005])];
    assert!(one(&students, &harm).title().contains("DARM changes Dice by −0.010"));
}

#[test]
fn what_was_told_comes_before_the_strategies_and_true_masks_are_a_bound() {
    let students =
        [student("heat", 0.709, None), student("teacher", 0.806, None), student("full-supervision", 0.842, None)];
    let pairs = [pair("teacher", 0.806, 0.709, [0.08, 0.116]), pair("full-supervision", 0.842, 0.709, [0.107, 0.161])];
    let headline = one(&students, &pairs);
    assert_eq!(
        headline.title(),
        "On 100 test images (Kvasir-SEG), learning from the teacher’s labels gives Dice 0.806, from the heat map 0.709."
    );
    let lines = headline.lines();
    assert_eq!(lines[1], "True masks, an upper bound: 0.842, +0.133 (+0.107 to +0.161) over the heat map.");
    // Without a comparison image by image, nothing is claimed of single trainings.
    let open = one(&students, &[]);
    assert!(open.title().contains("cannot tell"), "{}", open.title());
    assert!(open.lines()[0].contains("no difference shown"), "{:?}", open.lines());
}

#[test]
fn true_masks_alone_are_never_the_best_of_gaze() {
    let students = [student("heat", 0.7, None), student("full-supervision", 0.9, None)];
    let headline = one(&students, &[]);
    assert!(headline.title().contains("0.700") && !headline.title().contains("0.900"), "{}", headline.title());
    assert!(headline.lines()[0].contains("upper bound"));
}

#[test]
fn other_trainings_have_a_headline_of_their_own() {
    let mut students = eight(0.805, 0.806);
    let score = Score { mean: 0.76, sd: 0.005, seeds: 3, interval: None, on: ON.into() };
    students.iter_mut().for_each(|student| student.ablation = Some(score.clone()));
    let all = headlines(&students, Modality::Polyp, &[]);
    assert_eq!([all[0].source, all[1].source], [Source::Shipped, Source::Ablation]);
    let lines = all[1].lines();
    assert!(lines[0].contains("3 trainings each") && lines[1].contains("other trainings"), "{lines:?}");
    assert!(headlines(&[], Modality::Polyp, &[]).is_empty());
}

#[test]
fn every_shipped_bundle_has_a_headline_that_rests_on_comparisons_image_by_image() {
    let claims = Claims::shipped();
    for folder in ["polyp", "prostate", "skin"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/bundle").join(folder).join("manifest.json");
        let manifest = Manifest::parse(&fs::read(path).unwrap()).unwrap();
        let all = headlines(&manifest.students, manifest.domain, &claims.pairs);
        let headline = all.iter().find(|headline| headline.source == Source::Shipped).unwrap();
        assert!(headline.on.count.is_some(), "{folder}: {:?}", headline.on);
        let told = headline.told.iter().map(|one| one.difference);
        let strategies = headline.families.iter().filter_map(|family| Some(family.farthest?.1));
        for difference in told.chain(strategies) {
            assert!(difference.interval.is_some(), "{folder}: cargo xtask claims is due: {difference:?}");
        }
        let means: Vec<f64> = manifest.students.iter().filter_map(|s| Some(s.dice.as_ref()?.mean)).collect();
        let named = |mean: f64| headline.title().contains(&written(mean));
        assert!(means.into_iter().any(named), "{folder}: {}", headline.title());
    }
}
