//! The section of a study.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::part::{details, details_of, facts, sentence, table};
use crate::report::{
    results::{Row, Study},
    study_figure::figure,
    svg::escape,
};

/// Its figure, table, notes, settings and origin.
pub(super) fn study(study: &Study) -> String {
    let d = &study.data;
    let columns = study.columns();
    let heads: Vec<String> = columns.iter().map(|c| c.heading.clone()).collect();
    let lines = study.distinct_lines();
    let rows = lines.iter().map(|line| columns.iter().map(|c| ((c.text)(line), (c.value)(line))).collect());
    let about = facts([
        ("data", format!("{}, split {}, {} images, SHA-256 {}", d.name, d.split, d.images, d.sha256)),
        ("chosen on", study.selection.clone()),
        ("device", study.device.clone()),
        ("commit", study.git_sha.clone()),
        ("command", study.command.clone()),
    ]);
    let mut out = format!(
        "<figure class=\"plot\"><div class=\"scroll\" tabindex=\"0\">\n{}</div></figure>\n{}<p \
         class=\"legend\">{}</p>\n",
        figure(study),
        table(&heads, rows),
        escape(&study.legend().replace('`', "")),
    );
    out += &missing(study);
    out += &notes(study);
    out += &paired(study);
    out += &referring(study);
    out += &settings(study);
    out + &details_of("Where it comes from", &about)
}

/// Rows that have fewer seeds than others, or none of a score that they should have.
fn missing(study: &Study) -> String {
    let most = study.rows.iter().map(|row| row.seeds.len()).max().unwrap_or(0);
    let fewer = study.rows.iter().filter(|row| row.seeds.len() < most);
    let lines: Vec<String> = fewer.map(|row| format!("{} has {} of {most} seeds", row.name, row.seeds.len())).collect();
    if lines.is_empty() { String::new() } else { sentence(&format!("Incomplete: {}.", lines.join("; "))) }
}

fn notes(study: &Study) -> String {
    let line = |row: &Row| format!("<li><b>{}</b>: {}</li>\n", escape(&row.name), escape(&row.note));
    let lines: String = study.rows.iter().filter(|row| !row.note.is_empty()).map(line).collect();
    if lines.is_empty() { lines } else { format!("<h3>Notes</h3>\n<ul>\n{lines}</ul>\n") }
}

/// The comparisons with all their numbers.
fn paired(study: &Study) -> String {
    let mut rows = Vec::new();
    for row in &study.rows {
        for p in &row.paired {
            let number = |v: f64, decimals: usize| (format!("{v:.decimals$}"), Some(v));
            let text = |text: String| (text, None);
            rows.push(vec![
                text(row.name.clone()),
                text(p.model.replace('_', " ")),
                text(p.reference.clone()),
                (p.seeds.len().to_string(), Some(p.seeds.len() as f64)),
                (p.images.to_string(), Some(p.images as f64)),
                number(p.dice.mean, 4),
                number(p.dice.low, 4),
                number(p.dice.high, 4),
                number(p.dice.p_value, 4),
            ]);
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    let heads = ["row", "model", "minus", "seeds", "images", "\u{394} Dice", "low, 95 %", "high, 95 %", "p"];
    details_of("Paired differences", &table(&heads.map(String::from), rows))
}

/// Where the mask goes when a picture shows two lesions and one is described.
fn referring(study: &Study) -> String {
    let mut rows = Vec::new();
    for row in &study.rows {
        for (seed, r) in row.seeds.iter().zip(&row.referring) {
            rows.push(vec![
                (row.name.clone(), None),
                (seed.to_string(), Some(*seed as f64)),
                (format!("{:.3}", r.told), Some(r.told)),
                (format!("{:.3}", r.untold), Some(r.untold)),
                (r.other_told.map_or("-".into(), |share| format!("{share:.3}")), r.other_told),
                (r.mosaics.to_string(), Some(r.mosaics as f64)),
            ]);
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    let heads = [
        "row",
        "seed",
        "share of the mask in the described part",
        "without text",
        "when the other lesion is described",
        "pictures",
    ];
    details_of("Two lesions in one picture, one described", &table(&heads.map(String::from), rows))
}

/// What differs between the rows, then every row's whole configuration.
fn settings(study: &Study) -> String {
    let flat: Vec<BTreeMap<String, String>> = study.rows.iter().map(|row| flatten(&row.config)).collect();
    let keys: BTreeSet<&String> = flat.iter().flat_map(BTreeMap::keys).collect();
    let differing: Vec<&String> = keys
        .into_iter()
        .filter(|key| flat.iter().map(|row| row.get(*key)).collect::<BTreeSet<_>>().len() > 1)
        .collect();
    let mut out = String::new();
    if !differing.is_empty() {
        let heads: Vec<String> =
            ["row".to_owned()].into_iter().chain(differing.iter().map(|key| (*key).clone())).collect();
        let rows = study.rows.iter().zip(&flat).map(|(row, flat)| {
            let value = |key: &&String| (flat.get(*key).cloned().unwrap_or_else(|| "-".into()), None);
            [(row.name.clone(), None)].into_iter().chain(differing.iter().map(value)).collect()
        });
        out += &details_of("Settings that differ between the rows", &table(&heads, rows));
    }
    for row in &study.rows {
        let text = serde_json::to_string_pretty(&row.config).unwrap_or_default();
        out += &details(&format!("Configuration of {}", row.name), &text);
    }
    out
}

/// Every key with its value, a dot between a table and its key.
fn flatten(config: &Value) -> BTreeMap<String, String> {
    let mut into = BTreeMap::new();
    let mut left = vec![(String::new(), config)];
    while let Some((prefix, value)) = left.pop() {
        match value {
            Value::Object(map) => left.extend(map.iter().map(|(key, value)| {
                let dot = if prefix.is_empty() { "" } else { "." };
                (format!("{prefix}{dot}{key}"), value)
            })),
            Value::String(text) => {
                into.insert(prefix, text.clone());
            }
            other => {
                into.insert(prefix, other.to_string());
            }
        }
    }
    into
}
