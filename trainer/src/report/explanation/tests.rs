#![allow(clippy::unwrap_used)]

use std::fs;

use super::*;

fn about(note: &str) -> About {
    About {
        study: "kvasir-text".into(),
        command: "fovea eval --explain".into(),
        git_sha: "0123456789ab".into(),
        data: DataRef {
            name: "kvasir-seg".into(),
            split: "gaze".into(),
            sha256: "f".repeat(64),
            images: 40,
            gaze: None,
            uniform_truths: None,
        },
        text_source: "measured".into(),
        note: note.into(),
    }
}

fn phrase(row: &str, seed: u64, id: &str, field: &str, auc: f64) -> PhraseRow {
    let scores = Explanation {
        pointing: Some(1.0),
        energy: Some(0.3),
        energy_chance: Some(0.1),
        auc_judd: Some(auc),
        ..Explanation::default()
    };
    PhraseRow { row: row.into(), seed, id: id.into(), field: field.into(), word: "w,1".into(), scores }
}

/// What a synthetic teacher does: how much Dice falls and how far the mask moves under another
/// image's text, and how much the fall differs from image to image.
#[derive(Clone, Copy)]
struct Teacher {
    fall: f64,
    scatter: f64,
    moved: f64,
}

fn teacher(row: &str, with_gaze: bool, images: u64, t: Teacher) -> Vec<FaithfulnessRow> {
    let one = |seed: u64, image: u64| {
        // -1 to 1, without a trend over the images.
        let noise = (image * 17 % 29) as f64 / 14.0 - 1.0 + 0.1 * (seed as f64 - 2.0);
        let dice = 0.7 + (image * 7 % 23) as f64 / 100.0;
        let fall = t.fall + t.scatter * noise;
        FaithfulnessRow {
            row: row.into(),
            seed,
            id: format!("image{image:03}"),
            with_gaze,
            dice,
            dice_empty: dice - 0.5 * fall,
            dice_shuffled: dice - fall,
            dice_flipped: dice - 0.25 * fall,
            change_empty: 0.6 * t.moved,
            change_shuffled: t.moved,
            change_flipped: 0.4 * t.moved,
        }
    };
    (1..=3).flat_map(|seed| (0..images).map(move |image| one(seed, image))).collect()
}

const LISTENS: Teacher = Teacher { fall: 0.03, scatter: 0.05, moved: 0.08 };
const DEAF: Teacher = Teacher { fall: 0.0005, scatter: 0.004, moved: 0.006 };

fn summary(faithfulness: &[FaithfulnessRow]) -> Summary {
    let names: BTreeSet<&str> = faithfulness.iter().map(|f| f.row.as_str()).collect();
    let rows = names.into_iter().map(|n| RowSummary::of(n, &about(""))).collect();
    Summary::of(&about(""), rows, &[], faithfulness)
}

#[test]
fn verdicts_follow_the_rule() {
    let cases = [
        (LISTENS, 29, TextUse::Used, "The teacher uses its text: with another image's text Dice changes by -0.030 ["),
        (
            DEAF,
            29,
            TextUse::Ignored,
            "The teacher ignores its text: with another image's text Dice changes by -0.001 [-0.0",
        ),
        (Teacher { fall: -0.03, ..LISTENS }, 29, TextUse::Misled, "The teacher is misled by its text: with "),
        (
            Teacher { fall: 0.0, scatter: 0.1, moved: 0.1 },
            29,
            TextUse::MovedOnly,
            "not shown to be better or worse for it: with ",
        ),
        // A steady effect on masks that hardly move.
        (
            Teacher { fall: 0.004, scatter: 0.0, moved: 0.01 },
            29,
            TextUse::Ignored,
            "told from 0 but is too small to matter",
        ),
        (LISTENS, 9, TextUse::TooFewImages, "There are too few images to tell"),
    ];
    for (made, images, wanted, words) in cases {
        let summary = summary(&teacher("a", false, images, made));
        let text = verdict(&summary);
        assert_eq!(summary.rows[0].faithfulness[0].text_use, wanted, "{text}");
        assert!(text.starts_with("Row `a`, without gaze. ") && text.contains(words) && text.ends_with(RULE), "{text}");
    }
}

#[test]
fn teachers_with_and_without_gaze_are_judged_apart() {
    let rows = [teacher("a", true, 29, DEAF), teacher("a", false, 29, LISTENS)].concat();
    let summary = summary(&rows);
    let [plain, gazed] = &summary.rows[0].faithfulness[..] else { panic!("{summary:?}") };
    assert_eq!((plain.with_gaze, plain.text_use), (false, TextUse::Used));
    assert_eq!((gazed.with_gaze, gazed.text_use), (true, TextUse::Ignored));
    let text = verdict(&summary);
    assert!(
        text.contains("without gaze. The teacher uses") && text.contains("with gaze. The teacher ignores"),
        "{text}"
    );
    assert_eq!(verdict(&Summary { rows: vec![], ..summary }), "Whether a teacher uses its text was not measured.");
}

#[test]
fn means_are_over_images_and_then_over_seeds() {
    // Image a has two fields, b one: over all fields each image counts once.
    let phrases = [
        phrase("r", 1, "a", "shape", 0.6),
        phrase("r", 1, "a", "colour", 0.8),
        phrase("r", 1, "b", "shape", 0.9),
        phrase("r", 2, "a", "shape", 0.4),
        phrase("r", 2, "a", "colour", 0.6),
        phrase("r", 2, "b", "shape", 0.7),
    ];
    let summary = Summary::of(&about(""), vec![RowSummary::of("r", &about(""))], &phrases, &[]);
    let fields = &summary.rows[0].fields;
    assert_eq!(fields.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["all", "shape", "colour"]);
    let auc = |i: usize| fields[i].auc_judd.clone().unwrap();
    // Seed 1: (0.7 + 0.9) / 2, seed 2: (0.5 + 0.7) / 2.
    assert_eq!((auc(0).mean, auc(0).seeds, auc(0).images), (0.7, vec![0.8, 0.6], 2));
    assert_eq!(auc(0).sd, Some(0.141421));
    // Images: a 0.6, b 0.8.
    assert_eq!((auc(0).low, auc(0).high), (0.6, 0.8));
    assert_eq!((auc(1).seeds, auc(2).seeds), (vec![0.75, 0.55], vec![0.8, 0.6]));
    assert_eq!((fields[2].images, auc(2).low, auc(2).high), (1, 0.7, 0.7));
    assert_eq!(fields[0].energy_over_chance.as_ref().unwrap().mean, 3.0);
    assert_eq!(fields[0].nss, None);
}

#[test]
fn differences_are_paired_by_image() {
    let mut rows = teacher("r", false, 29, LISTENS);
    let shuffled = summary(&rows).rows[0].faithfulness[0].shuffled.clone();
    let falls: f64 = rows.iter().map(|f| f.dice_shuffled - f.dice).sum::<f64>() / rows.len() as f64;
    assert!((shuffled.difference.mean - falls).abs() < 1e-6 && shuffled.seeds.len() == 3);
    assert!(shuffled.difference.low < falls && falls < shuffled.difference.high);
    // The order of the rows says nothing.
    rows.reverse();
    assert_eq!(summary(&rows).rows[0].faithfulness[0].shuffled, shuffled);
}

#[test]
fn reads_what_it_writes_and_keeps_other_rows() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("results/kvasir-text-explained.json");
    let phrases = [phrase("old", 1, "x \"y\"", "shape", 1.0 / 3.0), phrase("old", 1, "b", "paris", 0.5)];
    let paths = write(&out, &phrases, &teacher("old", false, 29, DEAF), &about("the first")).unwrap();
    let names: Vec<_> = paths.iter().map(|p| p.file_name().unwrap().to_str().unwrap()).collect();
    let stem = "kvasir-text-explained";
    assert_eq!(names, ["-phrases.csv", "-faithfulness.csv", ".json", ".svg"].map(|e| format!("{stem}{e}")));
    let first = Summary::read(&paths[2]).unwrap();
    assert_eq!(first.rows[0].note, "the first");
    let text = fs::read_to_string(&paths[0]).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "row,seed,id,field,word,pointing,energy,energy_chance,cnr,nss,cc,auc_judd");
    assert_eq!(lines[1], "old,1,\"x \"\"y\"\"\",shape,\"w,1\",1.0,0.3,0.1,,,,0.333333");
    assert_eq!(table::read_phrases(&paths[0]).unwrap(), phrases.each_ref().map(table::rounded_phrase));

    // Another row, by another command: the old one keeps its numbers and says where it came from.
    write(&out, &[], &teacher("new", true, 29, LISTENS), &about("the second")).unwrap();
    let second = Summary::read(&paths[2]).unwrap();
    assert_eq!(second.rows.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["old", "new"]);
    assert_eq!(second.rows[0], first.rows[0]);
    assert_eq!((second.rows[1].note.as_str(), second.rows[1].seeds.len()), ("the second", 3));
    // The same row again: replaced as a whole, its phrases too.
    write(&out, &[], &teacher("old", false, 29, LISTENS), &about("the third")).unwrap();
    let third = Summary::read(&paths[2]).unwrap();
    assert_eq!(third.rows.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["new", "old"]);
    assert_eq!((third.rows[1].fields.len(), third.rows[1].faithfulness[0].text_use), (0, TextUse::Used));
    assert_eq!(fs::read_to_string(&paths[0]).unwrap().lines().count(), 1);
    assert_eq!(fs::read_to_string(&paths[1]).unwrap().lines().count(), 1 + 2 * 3 * 29);
}

#[test]
fn what_cannot_be_kept_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("r.json");
    let rows = teacher("a", false, 12, DEAF);
    let [phrase_file, ..] = &write(&out, &[], &rows, &about("")).unwrap()[..] else { panic!() };
    let mut other = about("");
    other.data.split = "official".into();
    let before = fs::read(&out).unwrap();
    assert!(write(&out, &[], &rows, &other).unwrap_err().to_string().contains("other data"));
    fs::remove_file(phrase_file).unwrap();
    assert!(write(&out, &[], &rows, &about("")).unwrap_err().to_string().contains("put it back"));
    assert_eq!(fs::read(&out).unwrap(), before);
    fs::write(&out, "{\"study\": \"a study of fovea eval\"}").unwrap();
    assert!(write(&out, &[], &rows, &about("")).unwrap_err().to_string().contains("is not a report"));
}

#[test]
fn nonsense_is_refused() {
    let out = Path::new("/nonexistent/r.json");
    let message = |phrases: &[PhraseRow], rows: &[FaithfulnessRow]| {
        write(out, phrases, rows, &about("")).unwrap_err().to_string()
    };
    assert!(message(&[], &[]).contains("nothing was explained"));
    let one = phrase("a", 1, "x", "shape", 0.5);
    assert!(message(&[one.clone(), one.clone()], &[]).contains("scored twice"));
    assert!(message(&[phrase("a", 1, "x", "shape", f64::NAN)], &[]).contains("not a number"));
    assert!(message(&[phrase("a", 1, "x", ALL_FIELDS, 0.5)], &[]).contains("stands for all fields"));
    let mut rows = teacher("a", false, 2, DEAF);
    rows[1] = rows[0].clone();
    assert!(message(&[], &rows).contains("measured twice"));
    rows[1] = FaithfulnessRow { id: "other".into(), dice_empty: f64::INFINITY, ..rows[0].clone() };
    assert!(message(&[], &rows).contains("not a number"));
}

/// Fields of a polyp, the better found the later.
const FIELDS: [&str; 10] =
    ["location", "size", "shape", "border", "colour", "contrast", "texture", "edge", "cover", "paris"];

/// A report as large as a real one: two rows, three seeds.
fn large() -> (Vec<PhraseRow>, Vec<FaithfulnessRow>) {
    let mut phrases = Vec::new();
    for (row, gain) in [("text-measured", 0.0), ("text-vlm", 0.06)] {
        for (seed, image, (index, field)) in (1..=3u64).flat_map(|seed| {
            (0..40u64).flat_map(move |image| FIELDS.iter().enumerate().map(move |field| (seed, image, field)))
        }) {
            let noise = ((image * 13 + index as u64 * 5 + seed * 3) % 31) as f64 / 30.0 - 0.5;
            let auc = 0.5 + gain + 0.02 * index as f64 + 0.2 * noise + 0.01 * seed as f64;
            let mut phrase = phrase(row, seed, &format!("image{image}"), field, auc);
            phrase.scores.energy = Some(0.1 + 0.02 * index as f64 + gain + 0.05 * noise);
            phrases.push(phrase);
        }
    }
    let rows = [
        teacher("text-measured", false, 40, LISTENS),
        teacher("text-measured", true, 40, DEAF),
        teacher("text-vlm", false, 40, Teacher { fall: 0.015, ..LISTENS }),
        teacher("text-vlm", true, 40, Teacher { fall: 0.0, scatter: 0.01, moved: 0.03 }),
    ];
    (phrases, rows.concat())
}

#[test]
fn the_figure_shows_every_mark_and_stays_in_its_frame() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("figure.json");
    let (phrases, rows) = large();
    let svg = fs::read_to_string(&write(&out, &phrases, &rows, &about("")).unwrap()[3]).unwrap();
    // Two rows in the legend, two rows x 11 groups x 2 plots, two rows x 3 texts x 2 plots without and with gaze.
    assert_eq!(svg.matches(r##"stroke="#ffffff""##).count(), 2 + 44 + 12, "dots");
    assert_eq!(svg.matches(r##"fill="#ffffff" stroke=""##).count(), 12, "rings");
    for text in
        ["colour", "all fields", "AUC-Judd against the gaze", "mirrored place", "text-vlm: text measured, 3 seeds"]
    {
        assert!(svg.contains(text), "{text}");
    }
    let numbers = |name: &str| -> Vec<f64> {
        let after = svg.split(name).skip(1);
        after.map(|s| s.split('"').next().unwrap().parse().unwrap()).collect()
    };
    let height: f64 = numbers(r#"<svg xmlns="http://www.w3.org/2000/svg" width="900" height=""#)[0];
    assert!(
        [" x1=\"", " x2=\"", " cx=\"", " x=\""].iter().flat_map(|n| numbers(n)).all(|x| (0.0..=900.0).contains(&x))
    );
    assert!(
        [" y1=\"", " y2=\"", " cy=\"", " y=\""].iter().flat_map(|n| numbers(n)).all(|y| (0.0..=height).contains(&y))
    );
    assert!(numbers("font-size=\"").iter().all(|size| *size >= 12.0), "small print cannot be read");
}

#[test]
fn a_figure_without_a_side_says_so() {
    let figure = |phrases: &[PhraseRow], rows: &[FaithfulnessRow]| {
        figure::figure(&Summary::of(&about(""), vec![RowSummary::of("a", &about(""))], phrases, rows))
    };
    let left = figure(&[phrase("a", 1, "x", "shape", 0.5)], &[]);
    assert!(left.contains("not measured") && !left.contains("no gaze to score"), "{left}");
    let right = figure(&[], &teacher("a", true, 12, DEAF));
    assert!(right.contains("no gaze to score against") && right.contains("no mask to score against"), "{right}");
    assert!(!right.contains("NaN") && !left.contains("inf"), "{right}");
}

#[test]
fn verdict_and_figure_stay_as_they_are() {
    let faithfulness = [teacher("a", false, 29, LISTENS), teacher("b", true, 29, DEAF)].concat();
    let names = ["a", "b"].map(|name| RowSummary::of(name, &about("a | note")));
    let phrases: Vec<PhraseRow> = ["size", "location"]
        .iter()
        .flat_map(|field| {
            (0..5u8).map(move |image| phrase("a", 1, &format!("image{image:03}"), field, 0.5 + f64::from(image) / 10.0))
        })
        .collect();
    let summary = Summary::of(&about("a | note"), names.into(), &phrases, &faithfulness);
    insta::assert_snapshot!("explanation-verdict", verdict(&summary));
    insta::assert_snapshot!("explanation-figure", figure::figure(&summary));
}
