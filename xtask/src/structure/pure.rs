//! Shared code knows no files, sockets, threads, processes or clocks: it must run in a browser, and
//! give the same everywhere.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::seal;

/// The folders of this code.
pub(super) const FOLDERS: [&str; 4] = ["shared/src", "shared/grabcut/src", "shared/medical/src", "shared/teach/src"];

/// Parts of the standard library that reach for the machine.
const MODULES: [&str; 5] = ["fs", "net", "thread", "process", "env"];

/// Types that read a clock.
const CLOCKS: [&str; 2] = ["Instant", "SystemTime"];

/// What some sources take from the machine: file, and the name.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn impure(src: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for name in seal::files(src)?.into_iter().filter(|name| name.ends_with(".rs")) {
        let text = fs::read_to_string(src.join(&name)).with_context(|| format!("cannot read {name}"))?;
        found.extend(reaches(&text).into_iter().map(|what| format!("{name} uses {what}")));
    }
    Ok(found)
}

/// The names of [`MODULES`] and [`CLOCKS`] in a source.
fn reaches(text: &str) -> Vec<String> {
    let code: String =
        text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("std::") {
        let rest = &code[at + "std::".len()..];
        let parts = rest.strip_prefix('{').map_or_else(|| vec![rest], group);
        let names = parts.iter().map(|part| word(part.trim_start()));
        found.extend(names.filter(|name| MODULES.contains(name)).map(|name| format!("std::{name}")));
    }
    let words = code.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    found.extend(words.filter(|word| CLOCKS.contains(word)).map(str::to_owned));
    found
}

/// The parts of a group, up to the brace that closes it.
fn group(text: &str) -> Vec<&str> {
    let (mut parts, mut from, mut depth) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&text[from..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts
}

/// The word that a text begins with.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_for_the_machine_is_found_in_every_form() {
        let text = "use std::{\n    collections::{BTreeMap, fs},\n    fs, fmt,\n};\nuse std::env;\nlet t = \
                    std::time::Instant::now();\n// std::net\nlet n = std::f32::consts::PI;\n";
        assert_eq!(reaches(text), ["std::fs", "std::env", "Instant"]);
        assert!(reaches("use std::{fmt, time::Duration};\nlet environment = 1;").is_empty());
    }
}
