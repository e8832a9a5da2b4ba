//! Words that the glossary of CONTRIBUTING.md retires: names in code, and turns of phrase in texts that people read.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Types and functions that have better names now.
const NAMES: [(&str, &str); 7] = [
    ("TeacherLook", "TeacherOutput"),
    ("StudentLook", "StudentOutput"),
    ("Saw", "StepDiagnostics"),
    ("Moment", "StepContext"),
    ("Tried", "ValidationScores"),
    ("Asked", "Prompt, ModelQuery, InteractQuery, FileRequest or LinkedState"),
    ("Material", "TrainingCases or TargetSource"),
];

/// Phrases of the project's old prose, each with what to write.
const PHRASES: [(&str, &str); 8] = [
    ("told apart", "distinguished"),
    ("tell apart", "distinguish"),
    ("anew", "again"),
    ("whoever", "the process that, the person who"),
    ("of one's own", "your own"),
    ("of its own accord", "by itself"),
    ("be it that", "if"),
    ("the page cannot go on", "something went wrong"),
];

/// Retired names in the code of one source file, comments left out.
pub(super) fn in_code(name: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for (old, new) in NAMES.iter().filter(|(old, _)| is_word_of(code, old)) {
            found.push(format!("{name}:{}: the name `{old}` is retired; use {new}", number + 1));
        }
    }
    found
}

/// Retired phrases in any text: of people, of comments, of messages.
pub(super) fn phrases(name: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let small = line.to_lowercase();
        for (old, new) in PHRASES.iter().filter(|(old, _)| is_word_of(&small, old)) {
            found.push(format!("{name}:{}: “{old}” is retired; write: {new}", number + 1));
        }
    }
    found
}

/// Retired phrases in a text for people, and retired names in its code.
pub(super) fn in_text(name: &str, text: &str) -> Vec<String> {
    let mut found = phrases(name, text);
    for (number, line) in text.lines().enumerate() {
        let code = line.split('`').skip(1).step_by(2);
        for code in code {
            for (old, new) in NAMES.iter().filter(|(old, _)| is_word_of(code, old)) {
                found.push(format!("{name}:{}: the name `{old}` is retired; use {new}", number + 1));
            }
        }
    }
    found
}

/// The texts of a Fluent file, one language of the page.
///
/// # Errors
/// It cannot be read.
pub(super) fn in_messages(root: &Path, name: &str) -> Result<Vec<String>> {
    let text = fs::read_to_string(root.join(name)).with_context(|| format!("cannot read {name}"))?;
    Ok(in_text(name, &text))
}

/// Whether a word or phrase stands in a line by itself.
fn is_word_of(line: &str, word: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let (before, behind) = (line[..at].chars().next_back(), line[at + word.len()..].chars().next());
        !before.is_some_and(inside) && !behind.is_some_and(inside)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retired_words_are_found_where_they_are_names() {
        let code = "let saw = Saw { a };\n// Saw in a comment\nlet seen = Sawmill(SAW);\n";
        assert_eq!(in_code("a.rs", code).len(), 1);
        let text =
            "At that Moment it was seen.\nThe type `Moment` says when.\nWhoever writes, writes anew.\nRenewed.\n";
        let found = in_text("a.md", text);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(
            found[0].contains("anew") && found[1].contains("whoever") && found[2].starts_with("a.md:2: "),
            "{found:?}"
        );
    }
}
