//! All settings as a page: what each means, its defaults and its values.

use super::flags::{SETTINGS, Setting};

/// Markdown with a table of settings for every table of a configuration file.
pub(crate) fn list() -> String {
    let mut text = String::new();
    let mut open = None;
    for setting in SETTINGS.iter() {
        let (table, name) = setting.key.rsplit_once('.').unwrap_or(("", &setting.key));
        if open != Some(table) {
            text += &heading(table, open.is_some());
            open = Some(table);
        }
        text += &row(setting, name);
    }
    text
}

/// The head of a table of settings.
fn heading(table: &str, further: bool) -> String {
    let title = if table.is_empty() { "At the top of the file".into() } else { format!("`[{table}]`") };
    let space = if further { "\n" } else { "" };
    format!("{space}### {title}\n\n| key | default | values | meaning |\n|---|---|---|---|\n")
}

fn row(setting: &Setting, name: &str) -> String {
    let words: Vec<String> = setting.words.iter().map(|word| format!("`{word}`")).collect();
    let comment = setting.comment.replace('|', "\\|");
    // A file that names no preset is of `lite`, so that default is never written.
    let defaults = if name == "preset" { "`lite`".into() } else { defaults(&setting.defaults) };
    format!("| `{name}` | {defaults} | {} | {comment} |\n", words.join(", "))
}

/// The defaults of both presets; one where they are the same.
fn defaults(values: &[Option<String>; 2]) -> String {
    let code = |value: &String| format!("`{}`", value.trim_matches('"').replace('|', "\\|"));
    match values {
        [Some(lite), Some(paper)] if lite == paper => code(lite),
        [Some(lite), Some(paper)] => format!("{}; `paper`: {}", code(lite), code(paper)),
        [Some(lite), None] => code(lite),
        [None, Some(paper)] => format!("`paper`: {}", code(paper)),
        // Left out of files while it has its default, which the comment names.
        [None, None] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_its_row_below_its_table() {
        let text = list();
        assert_eq!(text.lines().filter(|line| line.starts_with("| `")).count(), SETTINGS.len());
        let below = |title: &str, row: &str| {
            let part = text.split(&format!("### {title}\n")).nth(1).unwrap_or_default();
            let part = part.split("\n### ").next().unwrap_or_default();
            assert!(part.lines().any(|line| line.starts_with(row)), "{row} below {title}: {part}");
        };
        below("At the top of the file", "| `batch` | `16`; `paper`: `8` |  | Images a step. |");
        below("`[distill.masking]`", "| `region` | `prediction` | `prediction`, `gaze` |");
        below("`[paper]`", "| `iterations` | `paper`: `15000` |");
        for line in text.lines().filter(|line| line.starts_with('|')) {
            assert_eq!(line.replace("\\|", "").matches('|').count(), 5, "{line}");
        }
    }
}
