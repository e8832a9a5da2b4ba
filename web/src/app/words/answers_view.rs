//! What a vision-language model answered, as a table beside what was measured.

use fovea_shared::description::{Field, Word};
use web_sys::{Document, Element};

use super::{
    answers::{Answers, Verdict},
    parts::{append, element, set},
};
use crate::text::{self, say};

/// Writes the table into `container`, in the place of what is in it. Nothing where the browser refuses.
pub fn show(d: &Document, container: &Element, answers: &Answers) -> Option<()> {
    container.set_text_content(None);
    let (same, both) = answers.agreement();
    let count = say!("answers-agree", same = same.to_string(), both = both.to_string());
    let table = element(d, "table", "", &[("class", "answers")])?;
    append(&table, &element(d, "caption", &count, &[])?);
    let head = element(d, "thead", "", &[])?;
    let titles = [say!("answers-field"), say!("answers-measured"), say!("answers-model", model = &answers.model)];
    append(&head, &line(d, "th", &[("scope", "col")], titles.into_iter().chain([say!("answers-verdict")]))?);
    append(&table, &head);
    let body = element(d, "tbody", "", &[])?;
    for row in &answers.rows {
        let (name, text) = match row.verdict() {
            Verdict::Same => ("same", say!("answers-same")),
            Verdict::Different => ("different", say!("answers-different")),
            Verdict::OneSide => ("one-side", say!("answers-one-side")),
        };
        let words = [row.measured, row.model].map(|word| said(row.field, word));
        let cells = line(d, "td", &[], words.into_iter().chain([text]))?;
        let field = element(d, "th", &text::field(row.field), &[("scope", "row")])?;
        cells.insert_before(&field, cells.first_child().as_ref()).ok()?;
        set(&cells, "data-verdict", name);
        append(&body, &cells);
    }
    append(&table, &body);
    append(container, &table);
    if let Some(caveat) = &answers.caveat {
        // Bundles are written in English.
        append(container, &element(d, "p", caveat, &[("class", "note"), ("lang", "en")])?);
    }
    Some(())
}

/// A word, or a dash where nothing is said.
fn said(field: Field, word: Option<&Word>) -> String {
    word.map_or_else(|| "–".to_string(), |word| text::word(field, Some(word)))
}

fn line(d: &Document, tag: &str, attributes: &[(&str, &str)], texts: impl Iterator<Item = String>) -> Option<Element> {
    let row = element(d, "tr", "", &[])?;
    for text in texts {
        append(&row, &element(d, tag, &text, attributes)?);
    }
    Some(row)
}
