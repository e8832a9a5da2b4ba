//! Gaze that is wrong as a whole, and gaze that is right.
#![allow(clippy::unwrap_used)]

use std::fmt::Write;

use fovea_shared::gaze::{GazeTable, HEADER};
use proptest::prelude::*;

use super::*;
use crate::check::check_folder;
use crate::defect::DefectKind;
use crate::{Dataset, fixture};

/// Rows of images `a`, `b`, ... with six looks each all over the image; `row` writes one of (image, number).
fn table(images: u8, row: impl Fn(char, usize) -> String) -> GazeTable {
    let mut text = format!("{HEADER}\n");
    for image in (b'a'..b'a' + images).map(char::from) {
        for number in 0..6 {
            writeln!(text, "{}", row(image, number)).unwrap();
        }
    }
    GazeTable::read(&text).unwrap()
}

/// A sound row: durations of 200 to 325 ms, 20 ms between looks, another place for every image.
fn sound(image: char, number: usize) -> String {
    row(image, number, 200.0 + 25.0 * number as f32, number as f32 * 350.0 + 7.0)
}

fn row(image: char, number: usize, duration: f32, start: f32) -> String {
    let (x, y) = (0.1 + 0.15 * number as f32, 0.9 - 0.1 * number as f32 - f32::from(image as u8 - b'a') / 100.0);
    format!("{image}.jpg,{number},{x},{y},{duration},900,{start},16,24")
}

#[test]
fn sound_gaze_has_no_finding() {
    assert_eq!(judge(&table(8, sound)), []);
    assert_eq!(judge(&table(1, sound)), []);
    assert_eq!(judge(&GazeTable::read(HEADER).unwrap()), []);
}

#[test]
fn each_fault_is_found_with_its_numbers() {
    let repeated = |times: usize| {
        let once: Vec<String> = (0..12).map(|i| sound(if i < 6 { 'a' } else { 'b' }, i % 6)).collect();
        GazeTable::read(&format!("{HEADER}\n{}\n", vec![once.join("\n"); times].join("\n"))).unwrap()
    };
    let blink = |image, number: usize| {
        if number == 2 { format!("{image}.jpg,9,.,.,90,.,700,16,24") } else { sound(image, number) }
    };
    let beside = |image, number: usize| {
        if number == 2 { format!("{image}.jpg,9,1.2,.5,90,8,700,16,24") } else { sound(image, number) }
    };
    let cases: Vec<(GazeTable, GazeFinding)> = vec![
        (table(2, blink), GazeFinding::Lost { rows: 2, of: 12, line: 4 }),
        (table(2, |_, _| "a.jpg,1,.,.,.,.,.,16,24".into()), GazeFinding::NothingLeft { rows: 12 }),
        (table(2, beside), GazeFinding::Outside { rows: 2, of: 12, line: 4 }),
        (repeated(2), GazeFinding::Repeated { rows: 12, of: 24, line: 14, whole: true }),
        (repeated(3), GazeFinding::Repeated { rows: 24, of: 36, line: 14, whole: true }),
        (
            GazeTable::read(&format!("{HEADER}\n{0}\n{0}\n{1}\n", sound('a', 0), sound('a', 1))).unwrap(),
            GazeFinding::Repeated { rows: 1, of: 3, line: 3, whole: false },
        ),
        (
            table(2, |image, number| row(image, number, 200.0, (number / 2) as f32 * 400.0)),
            GazeFinding::SameStart { fixations: 6, line: 3 },
        ),
        (table(2, |image, number| row(image, number, 200.0, 0.0)), GazeFinding::NoTimes { fixations: 12 }),
        (
            table(2, |image, number| row(image, number, 0.0, number as f32 * 300.0)),
            GazeFinding::NoWeight { images: 2, first: "a".into() },
        ),
        (
            table(2, |image, number| row(image, number, 0.2 + 0.01 * number as f32, number as f32)),
            GazeFinding::Short { median: 0.23, longest: 0.25, unit: Short::Seconds },
        ),
        (
            table(2, |image, number| row(image, number, if number == 5 { 90.0 } else { 4.0 }, number as f32 * 100.0)),
            GazeFinding::Short { median: 4.0, longest: 90.0, unit: Short::Samples },
        ),
        (
            table(2, |image, number| row(image, number, 250_000.0, number as f32 * 300_000.0)),
            GazeFinding::Long { median: 250_000.0 },
        ),
        // Starts in seconds, durations in ms.
        (
            table(2, |image, number| row(image, number, 200.0, number as f32 * 0.25)),
            GazeFinding::Overlap { pairs: 10, of: 10, longest_ms: 199.75, line: 3 },
        ),
        (table(2, |image, number| sound(image, 5 - number)), GazeFinding::Unsorted { images: 2, line: 3 }),
        (
            table(2, |image, number| format!("{image}.jpg,1,.25,.5,200,9,{},16,24", 300 * number)),
            GazeFinding::OnePoint { fixations: 12, x: 0.25, y: 0.5 },
        ),
        (
            table(4, |image, number| {
                let place = 0.05 * number as f32 + f32::from(image as u8 - b'a') / 100.0;
                format!("{image}.jpg,1,{place},{},200,9,{},16,24", 1.0 - place, 300 * number)
            }),
            GazeFinding::OneQuadrant { share: 1.0, fixations: 24, images: 4, quadrant: "lower left" },
        ),
        (
            table(2, |image, number| sound('a', number).replace("a.jpg", &format!("{image}.jpg"))),
            GazeFinding::Shared { images: 1, first: "a".into(), second: "b".into() },
        ),
    ];
    for (table, expected) in cases {
        let found = judge(&table);
        assert!(found.contains(&expected), "{expected:?} is not in {found:?}");
        let text = expected.to_string();
        assert!(text.len() > 30 && !text.contains("  "), "{text}");
        // Nothing but what is wrong; lost and missing times come with what follows from them.
        assert!(found.len() == 1 || matches!(expected, GazeFinding::OnePoint { .. }), "{found:?}");
    }
}

#[test]
fn a_folder_is_judged_and_a_warning_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fixture::write(folder.path(), &["a", "b", "c"]);
    let path = folder.path().join("gaze/all.csv");
    let good = std::fs::read_to_string(&path).unwrap();
    let kinds = |text: &str| {
        std::fs::write(&path, text).unwrap();
        let report = check_folder(folder.path()).unwrap();
        report.defects.iter().map(|d| (d.severity, d.kind)).collect::<Vec<_>>()
    };
    use crate::defect::Severity::{Error, Warning};
    assert_eq!(kinds(&good), []);
    let own = good;
    assert_eq!(kinds(&own.replace(",300,", ",0.3,")), [(Warning, DefectKind::GazeDuration)]);
    assert_eq!(Dataset::open(folder.path()).unwrap().cases.len(), 3);
    assert_eq!(kinds(&own.replace(",300,", ",0,")), [(Error, DefectKind::GazeDuration)]);
    assert!(Dataset::open(folder.path()).unwrap_err().to_string().contains("no weight"));
    // One size that differs, among others that fit: another image's gaze.
    let (a, rest) = own.split_at(own.find("b.jpg").unwrap());
    assert_eq!(kinds(&(a.replace(",16.0,24.0", ",32.0,48.0") + rest)), [(Warning, DefectKind::GazeSize)]);
    assert_eq!(kinds(&own.replace(",16.0,24.0", ",32.0,48.0")), [], "a copy of another size");
    assert_eq!(kinds(&own.replace(",16.0,24.0", ",24.0,24.0")), [(Warning, DefectKind::GazeSize)]);
    // Another name, in another case.
    let found = kinds(&own.replace("a.jpg", "A.jpg"));
    assert!(found.contains(&(Warning, DefectKind::GazeWithoutImage)), "{found:?}");
    // Positions in pixels: an error, and the images have no gaze.
    let pixels = own.replace("0.5", "12").replace("0.1", "3");
    assert!(kinds(&pixels).contains(&(Error, DefectKind::GazePlace)));
    // Another encoding and other separators.
    let utf16: Vec<u8> = own.replace(',', ";").encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(&path, [b"\xff\xfe", &utf16[..]].concat()).unwrap();
    let defects = check_folder(folder.path()).unwrap().defects;
    assert_eq!(defects.iter().map(|d| d.kind).collect::<Vec<_>>(), [DefectKind::TextForm]);
    assert!(defects[0].message.contains("UTF-16"), "{defects:?}");
    std::fs::write(&path, own.replace("b.jpg", "b\u{fc}.jpg").chars().map(|c| c as u8).collect::<Vec<_>>()).unwrap();
    let defects = check_folder(folder.path()).unwrap().defects;
    assert!(defects[0].message.contains("line 4 is not UTF-8"), "{defects:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever durations a tracker may give in ms, they are not taken for another unit; in seconds they are.
    #[test]
    fn units_are_told_by_the_durations(durations in prop::collection::vec(50.0f32..4000.0, 1..40)) {
        let text = |factor: f32| {
            let mut start = 0.0;
            durations.iter().enumerate().fold(format!("{HEADER}\n"), |text, (i, duration)| {
                start += duration + 30.0;
                format!("{text}a.jpg,1,{},{},{},9,{},9,9\n", (i % 7) as f32 / 7.0 + 0.01, (i % 5) as f32 / 5.0, duration * factor, start * factor)
            })
        };
        let kinds = |factor| {
            let found = judge(&GazeTable::read(&text(factor)).unwrap());
            found.iter().map(GazeFinding::kind).collect::<Vec<_>>()
        };
        prop_assert!(!kinds(1.0).contains(&DefectKind::GazeDuration));
        prop_assert!(kinds(1e-3).contains(&DefectKind::GazeDuration));
        prop_assert!(kinds(1e3).contains(&DefectKind::GazeDuration));
    }
}
