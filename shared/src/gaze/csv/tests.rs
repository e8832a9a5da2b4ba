//! Gaze tables in every dress, and what is wrong with others.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::gaze::Fixation;

fn text(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

fn field_error(row: &str) -> (u64, &'static str) {
    match parse_csv(&text(&["a.jpg,1,0.5,0.5,100,0,0,10,10", row])) {
        Err(GazeCsvError::Field { line, field, .. }) => (line, field),
        other => panic!("expected a field error, got {other:?}"),
    }
}

#[test]
fn reads_the_released_format() {
    let parsed = parse_csv(&text(&[
        "b_14.jpg,2,0.2369791666666666,0.4764322916666666,181,1800,512,529.0,621.0",
        "b_14.jpg,1,0.4825520833333334,0.4541666666666666,455,2670,7,529.0,621.0",
        "c.d.png,1,0,1,60,0,0,10,10",
    ]))
    .unwrap();
    assert_eq!(parsed.keys().collect::<Vec<_>>(), ["b_14", "c.d"]);
    let first = parsed["b_14"].fixations[0];
    assert_eq!(first, Fixation { x: 0.482_552_08, y: 0.454_166_68, duration_ms: 455.0, start_ms: 7.0 });
}

#[test]
fn every_dress_is_the_same_table() {
    let rows = [
        "a.jpg,1,0.25,0.5,100,900,0,10.0,20.0",
        "a.jpg,2,0.75,0.125,250,901,200.5,10.0,20.0",
        "b.jpg,1,1,1,60,0,0,9,9",
    ];
    let plain = text(&rows);
    let expected = GazeTable::read(&plain).unwrap();
    assert_eq!((expected.rows.len(), expected.rows[0].size), (3, Some([20.0, 10.0])));
    let decimal_comma = plain.replace(',', ";").replace('.', ",").replace(",jpg", ".jpg");
    let columns = |order: &[usize]| -> String {
        let pick = |line: &str| {
            let fields: Vec<&str> = line.split(',').collect();
            order.iter().map(|i| fields.get(*i).copied().unwrap_or("x")).collect::<Vec<_>>().join(",") + "\n"
        };
        plain.lines().map(pick).collect()
    };
    for dress in [
        plain.replace('\n', "\r\n"),
        plain.replace('\n', "\r"),
        format!("\u{feff}{plain}"),
        plain.trim_end().to_owned(),
        plain.replace(',', ";"),
        plain.replace(',', "\t"),
        decimal_comma.clone(),
        decimal_comma.replace(';', "\t"),
        plain.replace("a.jpg", "\"a.jpg\""),
        plain.replace("a.jpg", "images/a.jpg").replace("b.jpg", "C:\\images\\b.jpg"),
        plain.replace(HEADER, &HEADER.to_lowercase()),
        plain.replace(HEADER, &HEADER.replace(',', ", ")),
        columns(&[4, 99, 0, 2, 3, 8, 7, 6, 5, 1]),
        // Separators behind the last column, as spreadsheets write them.
        format!("{}\n,,,,,,,,\n", rows.iter().fold(HEADER.to_owned(), |all, row| format!("{all}\n{row},,"))),
    ] {
        let table = GazeTable::read(&dress).unwrap_or_else(|e| panic!("{e}\n{dress}"));
        assert_eq!((&table.wrong, table.scanpaths()), (&vec![], expected.scanpaths()), "{dress}");
        assert_eq!(
            table.rows.iter().map(|r| r.size).collect::<Vec<_>>(),
            expected.rows.iter().map(|r| r.size).collect::<Vec<_>>()
        );
    }
    // A line for Excel before the header moves the others down.
    let table = GazeTable::read(&format!("sep=;\r\n{}", plain.replace(',', ";"))).unwrap();
    assert_eq!((table.rows[0].line, table.scanpaths()), (3, expected.scanpaths()));
    // Decimal commas in quotes between commas.
    let quoted = text(&["a.jpg,1,\"0,25\",\"0,5\",100,900,0,10,20"]);
    assert_eq!(GazeTable::read(&quoted).unwrap().rows[0].fixation, expected.rows[0].fixation);
    // What cannot be known need not be there.
    let least = "IMAGE\tCURRENT_FIX_X\tCURRENT_FIX_Y\tCURRENT_FIX_DURATION\tCURRENT_FIX_START\na\t.25\t.5\t100\t0\n";
    let table = GazeTable::read(least).unwrap();
    assert_eq!((table.rows[0].fixation, table.rows[0].size), (expected.rows[0].fixation, None));
}

#[test]
fn mixed_separators_and_decimals_are_named() {
    let semicolons = HEADER.replace(',', ";");
    let error = parse_csv(&format!("{semicolons}\na.jpg,1,0.5,0.5,100,0,0,10,10\n")).unwrap_err();
    assert_eq!(error, GazeCsvError::Separator { line: 2, header: "semicolons", row: "commas" });
    assert!(error.to_string().contains("separated by semicolons"), "{error}");
    for (row, field) in [
        ("a.jpg;1;0,5;0,5;100;0;0;528.0;10", "IMAGE_HEIGHT"),
        ("a.jpg;1;0.5;0.5;1,234;0;0;10;10", "CURRENT_FIX_DURATION"),
        ("a.jpg;1;0,5;0,5;1.234,5;0;0;10;10", "CURRENT_FIX_DURATION"),
        ("a.jpg;1;0,5;0,5;1,234,567;0;0;10;10", "CURRENT_FIX_DURATION"),
    ] {
        match parse_csv(&format!("{semicolons}\n{row}\n")).unwrap_err() {
            GazeCsvError::Decimal { line: 2, field: found, .. } => assert_eq!(found, field),
            other => panic!("{row}: {other}"),
        }
    }
}

#[test]
fn rows_without_gaze_are_counted_and_stop_nothing() {
    let missing = ["", ".", "-", "NA", "N/A", "NaN", "nan", "null", "None", " "];
    let mut rows: Vec<String> = missing.iter().map(|m| format!("a.jpg,1,{m},{m},100,0,0,10,10")).collect();
    rows.extend(
        ["a.jpg,2,0.5,.,100,0,0,10,10", "a.jpg,3,0.5,0.5,NA,0,0,10,10", "a.jpg,3,0.5,0.5,9,0,.,10,10"]
            .map(String::from),
    );
    let count = rows.len();
    rows.extend(
        ["a.jpg,4,0,0,90,.,0,10,10", "a.jpg,5,-1,-1.0,90,.,0,10,10", "a.jpg,6,0.5,0.5,90,.,1,10,10"].map(String::from),
    );
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let table = GazeTable::read(&text(&rows)).unwrap();
    assert_eq!((&table.wrong, table.rows.len()), (&vec![], 1));
    let reasons: Vec<Lost> = table.lost.iter().map(|(_, why)| *why).collect();
    assert_eq!(reasons, [vec![Lost::NoValue; count], vec![Lost::Zero, Lost::MinusOne]].concat());
    assert_eq!(table.lost[0].0, 2);
    assert_eq!(parse_csv(&text(&rows)).unwrap()["a"].fixations.len(), 1);
    // An image of which nothing is left is known and has no scanpath.
    let table = GazeTable::read(&text(&["b.jpg,1,.,.,.,.,.,.,."])).unwrap();
    assert!(table.images.contains("b") && table.scanpaths().is_empty());
}

#[test]
fn a_row_that_stands_there_already_counts_once() {
    let row = "a.jpg,1,0.5,0.5,100,0,7,10,10";
    let table =
        GazeTable::read(&text(&[row, row, "b.jpg,1,0.5,0.5,100,0,7,10,10", row, "a.jpg,1,0.25,0.5,100,0,7,10,10"]))
            .unwrap();
    assert_eq!(table.repeated, [3, 5]);
    assert_eq!(table.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4, 6]);
}

#[test]
fn positions_that_are_no_fractions_are_known_by_their_kind() {
    let kind = |places: &[(f32, f32)], size: &str| {
        let rows: Vec<String> =
            places.iter().zip(0..).map(|((x, y), i)| format!("a.jpg,1,{x},{y},100,0,{i},{size}")).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        match parse_csv(&text(&rows)) {
            Ok(_) => None,
            Err(GazeCsvError::Outside { cause, line, .. }) => Some((cause, line)),
            Err(other) => panic!("{other}"),
        }
    };
    assert_eq!(kind(&[(320.0, 257.0), (494.0, 238.0), (0.5, 0.5)], "547,626"), Some((Units::Pixels, 2)));
    assert_eq!(kind(&[(12.0, 9.0), (20.0, 3.0)], "16,24"), Some((Units::Pixels, 2)));
    assert_eq!(kind(&[(0.5, 0.5), (50.0, 40.0), (99.5, 12.0)], "547,626"), Some((Units::PerCent, 3)));
    assert_eq!(kind(&[(50.0, 40.0), (99.5, 12.0)], ","), Some((Units::PerCent, 2)));
    assert_eq!(kind(&[(-0.2, 0.1), (0.2, -0.1), (0.1, 0.1)], "547,626"), Some((Units::Origin, 2)));
    assert_eq!(kind(&[(1.2, 0.1), (1.1, 0.3), (0.1, 0.1)], "547,626"), Some((Units::Screen, 2)));
    // A few may be outside: they are left out.
    assert_eq!(kind(&[(0.2, 0.1), (1.1, 0.3), (0.1, 0.1)], "547,626"), None);
    let rows = ["a.jpg,1,0.2,0.1,9,0,0,9,9", "a.jpg,1,1.5,0.1,9,0,1,9,9", "a.jpg,1,0.3,0.1,9,0,2,9,9"];
    let table = GazeTable::read(&text(&rows)).unwrap();
    assert_eq!((table.outside, table.rows.len()), (vec![OutsideRow { line: 3, x: 1.5, y: 0.1 }], 2));
    let message = parse_csv(&text(&["a.jpg,1,320,257,189,0,7,547,626"])).unwrap_err().to_string();
    assert!(
        message.starts_with("line 2: the position `320; 257` is outside of the image, as 1 of 1 are."),
        "{message}"
    );
    assert!(message.contains("pixels"), "{message}");
}

#[test]
fn errors_name_line_and_field() {
    assert_eq!(field_error("a.jpg,1,left,0.5,100,0,0,10,10"), (3, "CURRENT_FIX_X"));
    assert_eq!(field_error("a.jpg,1,inf,0.5,100,0,0,10,10"), (3, "CURRENT_FIX_X"));
    assert_eq!(field_error("a.jpg,1,0.5,1e99,100,0,0,10,10"), (3, "CURRENT_FIX_Y"));
    assert_eq!(field_error("\n\na.jpg,1,0.5,0.1,-1,0,0,10,10"), (5, "CURRENT_FIX_DURATION"));
    assert_eq!(field_error("a.jpg,1,0.5,0.1,inf,0,0,10,10"), (3, "CURRENT_FIX_DURATION"));
    assert_eq!(field_error("a.jpg,1,0.5,0.1,1e99,0,0,10,10"), (3, "CURRENT_FIX_DURATION"));
    assert_eq!(field_error("a.jpg,1,0.5,0.1,5,0,soon,10,10"), (3, "CURRENT_FIX_START"));
    assert_eq!(field_error("a.jpg,1,0.5,0.1,5,0,0,0,10"), (3, "IMAGE_HEIGHT"));
    assert_eq!(field_error("a.jpg,one,0.5,0.1,5,0,0,9,10"), (3, "CURRENT_FIX_INDEX"));
    assert_eq!(field_error(".jpg,1,0.5,0.1,5,0,0,0,10"), (3, "IMAGE"));
    assert_eq!(field_error("\r\na.jpg,1,0.5,0.1,5,0,soon,10,10\r\n\r"), (4, "CURRENT_FIX_START"));
    let windows = text(&["a.jpg,1,0.5,0.5,100,0,0,10,10", "a.jpg,1,0.5,up,100,0,0,10,10"]).replace('\n', "\r\n");
    assert!(matches!(parse_csv(&windows), Err(GazeCsvError::Field { line: 3, .. })));
    let message = parse_csv(&text(&["a.jpg,1,left,0.5,100,0,0,10,10"])).unwrap_err().to_string();
    assert_eq!(message, "line 2, field CURRENT_FIX_X: expected a fraction of the image between 0 and 1, found `left`");
}

#[test]
fn wrong_shapes_have_their_own_errors() {
    for other in ["", "x,y\n1,2\n", "sep=;\n"] {
        assert!(matches!(parse_csv(other), Err(GazeCsvError::Header { .. })), "{other}");
    }
    let lacking = HEADER.replace(",CURRENT_FIX_X,CURRENT_FIX_Y", "");
    let missing = "CURRENT_FIX_X, CURRENT_FIX_Y".into();
    assert_eq!(parse_csv(&lacking), Err(GazeCsvError::Columns { line: 1, missing }));
    assert_eq!(parse_csv(&text(&["a.jpg,1,0.5,0.5,100,0,0,10"])), Err(GazeCsvError::FieldCount { line: 2, found: 8 }));
    let twins = text(&["a.jpg,1,0.5,0.5,100,0,0,10,10", "a.png,1,0.5,0.5,100,0,0,10,10"]);
    assert!(matches!(parse_csv(&twins), Err(GazeCsvError::SameStem { line: 3, .. })));
    assert_eq!(parse_csv(&text(&[])).unwrap(), BTreeMap::new());
}

fn fraction() -> impl Strategy<Value = f32> {
    prop_oneof![Just(0.0f32), Just(1.0f32), 0.0f32..=1.0]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn round_trip(images in prop::collection::btree_map(
        "[a-z0-9_.,;\t\" -]{0,8}[a-z]",
        (prop::collection::vec((fraction(), fraction(), 0.0f32..2e4, 0.0f32..1e6), 1..6), (1u32..9999, 1u32..9999)),
        0..4,
    )) {
        let scanpaths: BTreeMap<_, _> = images.into_iter().map(|(name, (rows, size))| {
            let mut fixations: Vec<_> = rows
                .into_iter()
                .map(|(x, y, duration_ms, start_ms)| Fixation { x, y, duration_ms, start_ms })
                .collect();
            fixations.sort_by(|a, b| a.start_ms.total_cmp(&b.start_ms));
            (name, (Scanpath { fixations }, size))
        }).collect();
        let mut expected: BTreeMap<_, _> = scanpaths.iter().map(|(k, v)| (k.clone(), v.0.clone())).collect();
        // Lost gaze is written as the corner, so a look at the corner is not.
        for fixation in expected.values_mut().flat_map(|path| &mut path.fixations) {
            if (fixation.x, fixation.y) == (0.0, 0.0) {
                fixation.x = 1e-9;
            }
        }
        prop_assert_eq!(parse_csv(&write_csv(&scanpaths)).unwrap(), expected);
    }

    #[test]
    fn never_panics(rubbish in "[a-z0-9,;\t.\"\r\n-]{0,60}") {
        let _ = parse_csv(&rubbish);
        for header in [HEADER.to_owned(), HEADER.replace(',', ";"), HEADER.replace(',', "\t")] {
            let _ = parse_csv(&format!("{header}\n{rubbish}"));
        }
    }
}
