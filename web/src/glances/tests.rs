#![allow(clippy::unwrap_used)]

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use proptest::{collection::vec, option, prelude::*};

use super::{
    code::LONGEST,
    file::{Basis, GlanceFile, GlanceFileError, Outcome},
    *,
};

fn fixation() -> impl Strategy<Value = Quantised> {
    let places = (0..=STEPS, 0..=STEPS);
    let times = (prop_oneof![0..400_u32, 0..=LONGEST_MS], prop_oneof![1..900_u32, 1..=LONGEST_MS]);
    (places, times).prop_map(|((x, y), (pause_ms, ms))| Quantised { x, y, pause_ms, ms })
}

fn set_of(most: usize) -> impl Strategy<Value = GlanceSet> {
    let picture = ("[a-zA-Z0-9_é图-]{1,25}", vec(fixation(), 1..=most));
    let domain = prop::sample::select(Modality::ALL.to_vec());
    let origin = prop::sample::select(GazeOrigin::ALL.to_vec());
    (domain, origin, vec(picture, 1..=6)).prop_map(|(domain, origin, mut pictures)| {
        pictures.sort();
        pictures.dedup_by(|a, b| a.0 == b.0);
        let glances = pictures.into_iter().map(|(case, fixations)| PictureGlance::new(case, fixations).unwrap());
        GlanceSet::new(domain, origin, glances.collect()).unwrap()
    })
}

impl Ord for Quantised {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.x, self.y, self.pause_ms, self.ms).cmp(&(other.x, other.y, other.pause_ms, other.ms))
    }
}

impl PartialOrd for Quantised {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let fit = || 0.0..=1.0_f32;
    let basis = ("[0-9a-f]{64}", vec("[a-z0-9]{1,25}", 0..9));
    // Whole ms, which JSON gives back to the last bit.
    let looked = (0..200_000_u32).prop_map(|ms| f64::from(ms) / 1e3);
    (fit(), looked, 1..7_usize, [option::of(fit()), option::of(fit()), option::of(fit())], basis).prop_map(
        |(fit, looked_seconds, glances, [untrained, simulated, outlines], (backbone, unseen))| Outcome {
            fit,
            looked_seconds,
            glances,
            untrained,
            simulated,
            outlines,
            basis: Basis { backbone, unseen },
            made: "2026-12-01T12:00:00.000Z".into(),
        },
    )
}

proptest! {
    #[test]
    fn a_code_gives_the_same_glances_back(set in set_of(20)) {
        let code = code::write(&set);
        prop_assert!(code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{}", code);
        prop_assert_eq!(code::read(&code), Some(set).filter(|_| code.len() <= LONGEST));
    }

    #[test]
    fn a_code_that_is_changed_or_cut_is_refused(set in set_of(6), at in any::<prop::sample::Index>(), other in "[A-Za-z0-9_-]") {
        let code = code::write(&set);
        let at = at.index(code.len());
        let changed = format!("{}{other}{}", &code[..at], &code[at + 1..]);
        prop_assert_eq!(code::read(&changed).is_some(), changed == code);
        prop_assert_eq!(code::read(&code[..at]), None);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[A-Za-z0-9_=. -]{0,80}", bytes in vec(any::<u8>(), 0..80)) {
        drop(code::read(&text));
        drop(code::read(&BASE64_URL_SAFE_NO_PAD.encode(&bytes)));
        drop(GlanceFile::read(&bytes));
    }

    #[test]
    fn a_file_gives_the_same_glances_and_the_same_result_back(set in set_of(20), result in option::of(outcome())) {
        let file = GlanceFile { set, result };
        prop_assert_eq!(GlanceFile::read(file.write().as_bytes()), Ok(file));
    }

    #[test]
    fn a_glance_is_kept_to_half_a_step(fixations in vec((0.0..=1.0_f32, 0.0..=1.0_f32, 1.0..900.0_f32, 0.0..300.0_f32), 1..30)) {
        let mut end = 0.0;
        let timed = fixations.into_iter().map(|(x, y, duration_ms, pause)| {
            let start_ms = end + pause;
            end = start_ms + duration_ms;
            Fixation { x, y, duration_ms, start_ms }
        });
        let fixations: Vec<Fixation> = timed.collect();
        let glance = PictureGlance::of("a", &fixations).unwrap();
        for (kept, given) in glance.fixations().iter().zip(&fixations) {
            prop_assert!((kept.x - given.x).abs() < 6e-5 && (kept.y - given.y).abs() < 6e-5);
            prop_assert!((kept.duration_ms - given.duration_ms).abs() <= 1.01, "{:?} {:?}", kept, given);
            // Rounding does not add up over a glance.
            prop_assert!((kept.start_ms - given.start_ms).abs() <= 0.51, "{:?} {:?}", kept, given);
        }
        prop_assert_eq!(PictureGlance::of("a", &glance.fixations()), Some(glance));
    }
}

fn glance(case: &str, count: usize) -> PictureGlance {
    let at = |i: usize| Fixation { x: 0.25, y: 0.75, duration_ms: 300.0, start_ms: 100.0 + 350.0 * i as f32 };
    PictureGlance::of(case, &(0..count).map(at).collect::<Vec<_>>()).unwrap()
}

fn six() -> GlanceSet {
    let pictures = (0..6).map(|i| glance(&format!("cju0qkwl35piu0993l0dewei{i}"), 12)).collect();
    GlanceSet::new(Modality::Polyp, GazeOrigin::Pointer, pictures).unwrap()
}

#[test]
fn a_lesson_fits_into_an_address_and_a_long_one_does_not() {
    let code = code::write(&six());
    assert!(code.len() < 1000, "{} letters for six glances", code.len());
    let long = GlanceSet::new(Modality::Polyp, GazeOrigin::Pointer, vec![glance("a", 500), glance("b", 500)]).unwrap();
    let code = code::write(&long);
    assert!(code.len() > LONGEST && code::read(&code).is_none());
    assert!((six().seconds() - 6.0 * (12.0 * 0.35 - 0.05)).abs() < 1e-9, "{}", six().seconds());
}

#[test]
fn glances_out_of_range_are_refused() {
    let at = |x, y, duration_ms, start_ms| PictureGlance::of("a", &[Fixation { x, y, duration_ms, start_ms }]);
    assert!(at(0.0, 1.0, 0.2, 0.0).is_some(), "a short one lasts a ms");
    for (x, y, ms, start) in [
        (1.01, 0.5, 9.0, 0.0),
        (0.5, -0.01, 9.0, 0.0),
        (f32::NAN, 0.5, 9.0, 0.0),
        (0.5, 0.5, 60_001.0, 0.0),
        (0.5, 0.5, f32::INFINITY, 0.0),
        (0.5, 0.5, 9.0, -1.0),
        (0.5, 0.5, 9.0, 4e9),
    ] {
        assert_eq!(at(x, y, ms, start), None, "{x} {y} {ms} {start}");
    }
    assert_eq!(PictureGlance::of("a", &[]), None);
    assert_eq!(PictureGlance::of("a\nb", &glance("a", 1).fixations()), None);
    let of = |pictures| GlanceSet::new(Modality::Polyp, GazeOrigin::Pointer, pictures);
    assert!(of(vec![]).is_none() && of(vec![glance("a", 1), glance("a", 2)]).is_none());
}

#[test]
fn a_file_says_what_is_wrong_with_it() {
    let text = GlanceFile { set: six(), result: None }.write();
    assert!(text.find(file::KIND).is_some_and(|at| at < 40), "its kind stands at its beginning");
    assert!(text.contains("\"gaze\": \"pointer\"") && !text.contains("result"));
    let why = |from: &str, to: &str| GlanceFile::read(text.replacen(from, to, 1).as_bytes()).unwrap_err();
    assert_eq!(why("\"version\": 1", "\"version\": 2"), GlanceFileError::Version(2));
    assert_eq!(why("fovea-glances", "something"), GlanceFileError::Kind);
    assert_eq!(why("\"polyp\"", "\"retina\""), GlanceFileError::Domain("retina".into()));
    assert_eq!(why("\"pointer\"", "\"thought\""), GlanceFileError::Gaze("thought".into()));
    assert_eq!(why("0.25", "7.25"), GlanceFileError::Picture("cju0qkwl35piu0993l0dewei0".into()));
    assert!(matches!(why("\"x\"", "\"z\""), GlanceFileError::Form { line: 10..=15, .. }));
    assert_eq!(why("dewei1", "dewei0"), GlanceFileError::Pictures);
    assert_eq!(why("{\n", "{\n,"), GlanceFileError::Json { line: 2 });
    assert_eq!(GlanceFile::read(b"[1, 2]").unwrap_err(), GlanceFileError::Kind);
    assert!(matches!(GlanceFile::read(&[0xff, 0xfe, 0, 0]).unwrap_err(), GlanceFileError::Text(_)));

    let basis = Basis { backbone: "b".into(), unseen: vec!["u".into()] };
    let result = Outcome {
        fit: 0.5,
        looked_seconds: 24.0,
        glances: 6,
        untrained: Some(0.125),
        simulated: None,
        outlines: None,
        basis,
        made: "2026-12-01T12:00:00.000Z".into(),
    };
    let text = GlanceFile { set: six(), result: Some(result) }.write();
    for (from, to) in [("\"fit\": 0.5", "\"fit\": 1.5"), ("0.125", "-1.0"), ("\"glances\": 6", "\"glances\": 0")] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        assert_eq!(GlanceFile::read(changed.as_bytes()).unwrap_err(), GlanceFileError::Result, "{to}");
    }
}

#[test]
fn a_code_is_what_another_program_writes() {
    // Written by hand in Python after the table in `code.rs`.
    let glance = PictureGlance::new("a".into(), vec![Quantised { x: 5000, y: 2500, pause_ms: 40, ms: 285 }]).unwrap();
    let set = GlanceSet::new(Modality::Polyp, GazeOrigin::Pointer, vec![glance]).unwrap();
    assert_eq!(code::write(&set), "AQEFcG9seXABAWEBAIcnKJ0CGjipcw");
}
