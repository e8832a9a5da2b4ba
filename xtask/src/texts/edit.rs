//! Replacements in a file that leave everything else byte for byte.

use std::fmt;
use std::ops::Range;

/// A text that takes the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    /// The message that wants it.
    pub(super) id: String,
    /// The bytes that go; empty where something is only put in.
    pub(super) at: Range<usize>,
    /// What comes.
    pub(super) new: String,
}

/// What a file says and what it should say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    file: String,
    line: usize,
    id: String,
    old: String,
    new: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, id, old, new } = self;
        write!(f, "{file}:{line}: `{id}` says “{old}” and should say “{new}”")
    }
}

/// The differences that edits make, for people.
pub(super) fn differences(file: &str, source: &str, edits: &[Edit]) -> Vec<Difference> {
    let describe = |edit: &Edit| Difference {
        file: file.to_owned(),
        line: source[..edit.at.start].matches('\n').count() + 1,
        id: edit.id.clone(),
        old: one_line(&source[edit.at.clone()]),
        new: one_line(&edit.new),
    };
    edits.iter().map(describe).collect()
}

/// A source with its edits, which do not overlap.
pub(super) fn apply(source: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| edit.at.start);
    let mut done = source.to_owned();
    for edit in edits.into_iter().rev() {
        done.replace_range(edit.at, &edit.new);
    }
    done
}

/// A text with single blanks, as a browser shows it.
pub(super) fn one_line(text: &str) -> String {
    text.split([' ', '\n', '\t', '\r']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_change_their_bytes_only() {
        let edit = |at, new: &str| Edit { id: "x".into(), at, new: new.into() };
        assert_eq!(apply("one two three", vec![edit(8..13, "3"), edit(0..3, "1")]), "1 two 3");
        assert_eq!(apply("ab", vec![edit(1..1, "-")]), "a-b");
        let said = differences("f", "a\nb  b\n", &[edit(2..6, "c")])[0].to_string();
        assert_eq!(said, "f:2: `x` says “b b” and should say “c”");
    }
}
