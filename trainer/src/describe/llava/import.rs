//! LLaVA's answers about Kvasir-SEG, as published with CoTexNet (`llava.csv`), read into the schema.
//!
//! Every row holds one JSON object `{number, location, shape, size, color}` in free words. What has
//! a word in our vocabulary is taken over; what has none is `not_assessable` and kept in
//! [`Imported::unmapped`], so that nothing is bent into a meaning that it does not have:
//!
//! | field | taken over | left out |
//! |---|---|---|
//! | count | 1 is `single`, 2 to 9 are `several` | 0, fractions, dates and other large numbers |
//! | location | words of place alone ("top left corner", "left side of the image", "middle"), and boxes | anything with another word in it ("belly button", "lower lip", "middle of the stomach") |
//! | size | small, medium, large | |
//! | shape | round and circle; oval; irregular; heart and heart-shaped are `lobulated` (an outline of two lobes with a notch); carrot is `elongated` | curved, polyp, polygon, rectangular, colours: they name no outline of the vocabulary |
//! | colour | the seven colours | |

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use fovea_shared::description::{Description, DescriptionError, Field, Modality, Source};

/// What must be said wherever these answers, or anything learnt from them, are used.
pub const CAVEAT: &str = "LLaVA's published answers about Kvasir-SEG: the table's column `roi_name` suggests that it \
                          may have \
                          seen lesion crops, so they may know of the true masks. Never clean weak supervision.";

/// The model's name in [`Source::Vlm`] and [`Source::Distilled`].
pub const MODEL: &str = "llava";

/// The fields that these answers speak of.
pub const FIELDS: [Field; 5] = [Field::Count, Field::Location, Field::Size, Field::Shape, Field::Colour];

/// One row, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The image's id: its file name without extension.
    pub id: String,
    /// What is said, from source `vlm:llava`. The answers state no confidence, so it is 1.
    pub description: Description,
    /// The answers that have no word in the vocabulary, as they stand in the file.
    pub unmapped: Vec<(Field, String)>,
}

/// A table that is not LLaVA's.
#[derive(Debug, thiserror::Error)]
pub enum LlavaError {
    /// A column that must be there and is not.
    #[error("the table has no column `{0}`: is it the `llava.csv` that is published with CoTexNet?")]
    Column(&'static str),
    /// A row that is not a row of the table.
    #[error("line {line}: {cause}")]
    Row {
        /// Line in the file, from 1.
        line: u64,
        /// What is wrong with it.
        cause: String,
    },
}

/// Reads the table.
///
/// # Errors
/// [`LlavaError`], naming the column or the line: a missing column, a row of another length, a text
/// that is no JSON object, or an image that comes twice.
pub fn import(csv_text: &str) -> Result<Vec<Imported>, LlavaError> {
    let mut reader = csv::Reader::from_reader(csv_text.as_bytes());
    let row = |error: csv::Error| LlavaError::Row {
        line: error.position().map_or(1, csv::Position::line),
        cause: error.to_string(),
    };
    let header = reader.headers().map_err(row)?.clone();
    let column = |name| header.iter().position(|h| h == name).ok_or(LlavaError::Column(name));
    let (name, text) = (column("roi_name")?, column("text")?);
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for record in reader.records() {
        let record = record.map_err(row)?;
        let bad = |cause| LlavaError::Row { line: record.position().map_or(1, csv::Position::line), cause };
        let file = record[name].trim();
        let id = file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_string();
        if id.is_empty() {
            return Err(bad("`roi_name` is empty: it must name the image file".into()));
        }
        if !seen.insert(id.clone()) {
            return Err(bad(format!("the image `{id}` was described in an earlier line already; keep one of them")));
        }
        let answer: Map<String, Value> = serde_json::from_str(&record[text])
            .map_err(|e| bad(format!("`text` of the image `{id}` is not a JSON object: {e}")))?;
        all.push(one(id, &answer).map_err(|e| bad(e.to_string()))?);
    }
    Ok(all)
}

fn one(id: String, answer: &Map<String, Value>) -> Result<Imported, DescriptionError> {
    let mut description = Description::new(Modality::Polyp, Source::Vlm(MODEL.into()));
    let mut unmapped = Vec::new();
    for field in FIELDS {
        let (key, word): (_, fn(&Value) -> Option<String>) = match field {
            Field::Count => ("number", count),
            Field::Location => ("location", location),
            Field::Size => ("size", size),
            Field::Shape => ("shape", shape),
            _ => ("color", colour),
        };
        let Some(value) = answer.get(key).filter(|v| !v.is_null()) else { continue };
        let word = word(value);
        description.set(field, word.as_deref())?;
        if word.is_none() {
            unmapped.push((field, value.as_str().map_or_else(|| value.to_string(), str::to_string)));
        }
    }
    Ok(Imported { id, description, unmapped })
}

fn words(value: &Value) -> Option<String> {
    value.as_str().map(|text| text.trim().to_ascii_lowercase())
}

fn count(value: &Value) -> Option<String> {
    match value.as_u64()? {
        1 => Some("single".into()),
        2..=9 => Some("several".into()),
        _ => None,
    }
}

fn size(value: &Value) -> Option<String> {
    words(value).filter(|word| ["small", "medium", "large"].contains(&word.as_str()))
}

fn shape(value: &Value) -> Option<String> {
    let word = match words(value)?.as_str() {
        "round" | "circle" => "round",
        "oval" => "oval",
        "irregular" => "irregular",
        "heart" | "heart-shaped" => "lobulated",
        "carrot" => "elongated",
        _ => return None,
    };
    Some(word.into())
}

fn colour(value: &Value) -> Option<String> {
    let words = words(value)?;
    Field::Colour.words(Modality::Polyp).iter().find(|w| w.name == words).map(|w| w.name.into())
}

fn location(value: &Value) -> Option<String> {
    match value {
        Value::Array(numbers) => boxed(numbers),
        _ => placed(&words(value)?),
    }
}

/// The cell of the centre of a box `[x0, y0, x1, y1]` in fractions of the image, from its top left.
fn boxed(numbers: &[Value]) -> Option<String> {
    let numbers: Vec<f64> = numbers.iter().map(Value::as_f64).collect::<Option<_>>()?;
    let [x0, y0, x1, y1] = numbers[..] else { return None };
    let inside = numbers.iter().all(|v| (0.0..=1.0).contains(v)) && x0 < x1 && y0 < y1;
    let third = |low: f64, high: f64| (((low + high) / 2.0 * 3.0) as usize).min(2);
    inside.then(|| cell(third(y0, y1), third(x0, x1)).to_string())
}

/// The location word of a row and a column of the 3x3 grid, from the top left.
fn cell(row: usize, column: usize) -> &'static str {
    Field::Location.words(Modality::Polyp)[3 * row + column].name
}

/// The cell that words of place name. A place that also names a part of the body is none in the image.
fn placed(text: &str) -> Option<String> {
    let (mut rows, mut columns, mut middle) = (Vec::new(), Vec::new(), false);
    for word in text.split_whitespace() {
        match word {
            "top" | "upper" => rows.push(0),
            "lower" | "bottom" => rows.push(2),
            "left" => columns.push(0),
            "right" => columns.push(2),
            "center" | "centre" | "middle" => middle = true,
            "side" | "corner" | "of" | "the" | "image" => {}
            _ => return None,
        }
    }
    let named = middle || !rows.is_empty() || !columns.is_empty();
    let once = rows.len() <= 1 && columns.len() <= 1;
    (named && once).then(|| cell(rows.pop().unwrap_or(1), columns.pop().unwrap_or(1)).to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn table(rows: &[(&str, &str)]) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["", "roi_name", "text", "text_prompt"]).unwrap();
        for (index, (name, text)) in rows.iter().enumerate() {
            writer.write_record([&index.to_string(), *name, *text, "words"]).unwrap();
        }
        String::from_utf8(writer.into_inner().unwrap()).unwrap()
    }

    #[test]
    fn a_plain_answer_is_taken_over_whole() {
        let text =
            r#"{"number": 1, "location": "lower right corner", "shape": "circle", "size": "Small", "color": "red"}"#;
        let all = import(&table(&[("a.b.jpg", text)])).unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].id, "a.b");
        assert_eq!(all[0].unmapped, []);
        let d = &all[0].description;
        assert_eq!((d.modality, d.source.to_string()), (Modality::Polyp, "vlm:llava".into()));
        let said: Vec<_> = d.iter().map(|(field, word)| (field, word.name)).collect();
        let expected = FIELDS.into_iter().zip(["single", "lower_right", "small", "round", "red"]).collect::<Vec<_>>();
        assert_eq!(said, expected);
    }

    #[test]
    fn what_has_no_word_is_kept_beside() {
        let text =
            r#"{"number": 20140904, "location": "belly button", "shape": "curved", "size": null, "color": "pink"}"#;
        let all = import(&table(&[("x.jpg", text)])).unwrap();
        let unmapped: Vec<_> = all[0].unmapped.iter().map(|(field, text)| (*field, text.as_str())).collect();
        let expected = [(Field::Count, "20140904"), (Field::Location, "belly button"), (Field::Shape, "curved")];
        assert_eq!(unmapped, expected);
        assert_eq!(all[0].description.iter().map(|(f, w)| (f, w.name)).collect::<Vec<_>>(), [(Field::Colour, "pink")]);
    }

    #[test]
    fn places() {
        for (words, cell) in [
            ("top left corner", "upper_left"),
            ("left side of the image", "centre_left"),
            ("left", "centre_left"),
            ("middle", "centre"),
            ("Center of the image ", "centre"),
            ("top center", "upper_centre"),
            ("bottom", "lower_centre"),
            ("lower left side of the image", "lower_left"),
            ("middle right", "centre_right"),
        ] {
            assert_eq!(location(&json!(words)).as_deref(), Some(cell), "{words}");
        }
        for words in ["", "image", "mouth", "lower lip", "middle of the stomach", "left right", "polyp area"] {
            assert_eq!(location(&json!(words)), None, "{words}");
        }
    }

    #[test]
    fn boxes_and_numbers() {
        assert_eq!(location(&json!([0.0, 0.5, 0.3, 1.0])).as_deref(), Some("lower_left"));
        assert_eq!(location(&json!([0.4, 0.4, 0.6, 0.6])).as_deref(), Some("centre"));
        assert_eq!(location(&json!([0.9, 0.9, 1.0, 1.0])).as_deref(), Some("lower_right"));
        for no_box in
            [json!([0.5, 0.5, 0.4, 0.6]), json!([0.1, 0.2, 0.3]), json!([0, 0, 300, 200]), json!(["a"]), json!(3)]
        {
            assert_eq!(location(&no_box), None, "{no_box}");
        }
        for (number, word) in [(json!(1), "single"), (json!(2), "several"), (json!(9), "several")] {
            assert_eq!(count(&number).as_deref(), Some(word));
        }
        for number in [json!(0), json!(0.08), json!(12), json!(2014), json!("0014"), json!(-1)] {
            assert_eq!(count(&number), None, "{number}");
        }
    }

    #[test]
    fn shapes_and_colours() {
        for (word, mapped) in [("heart-shaped", "lobulated"), ("carrot", "elongated"), ("irregular", "irregular")] {
            assert_eq!(shape(&json!(word)).as_deref(), Some(mapped));
        }
        assert_eq!((shape(&json!("Polyp")), shape(&json!("pink and yellow"))), (None, None));
        assert_eq!(colour(&json!("Yellow")).as_deref(), Some("yellow"));
        assert_eq!((colour(&json!("green")), colour(&json!(3))), (None, None));
    }

    #[test]
    fn wrong_tables_are_named() {
        let error = |text: &str| import(text).unwrap_err().to_string();
        assert!(error("a,b\n1,2\n").contains("roi_name"));
        assert!(error("roi_name\nx.jpg\n").contains("`text`"));
        let message = error(&table(&[("x.jpg", "{}"), ("y.jpg", "[1]")]));
        assert!(message.contains("line 3") && message.contains("`y`"), "{message}");
        let message = error(&table(&[("x.jpg", "{}"), ("x.png", "{}")]));
        assert!(message.contains("line 3") && message.contains("earlier"), "{message}");
        assert!(error("roi_name,text\nx.jpg,{},3\n").contains("line 2"));
        assert!(error(&table(&[(" ", "{}")])).contains("empty"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        /// A box mirrored left to right is the mirrored word, unless its centre lies on the border of two cells.
        #[test]
        fn mirrored_boxes_are_mirrored_words(x in 0.0f64..0.9, y in 0.0f64..0.9, w in 0.01f64..0.1, h in 0.01f64..0.1) {
            let centre = x + w / 2.0;
            prop_assume!([1.0 / 3.0, 2.0 / 3.0].iter().all(|border| (centre - border).abs() > 1e-9));
            let mut d = Description::new(Modality::Polyp, Source::Measured);
            d.set(Field::Location, location(&json!([x, y, x + w, y + h])).as_deref()).unwrap();
            let mirrored = location(&json!([1.0 - x - w, y, 1.0 - x, y + h])).unwrap();
            prop_assert_eq!(d.flip(true, false).get(Field::Location).unwrap().name, mirrored);
        }
    }
}
