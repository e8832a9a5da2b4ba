//! Commands in help texts and at the heads of grids: each names flags and values that exist, as those of documents do.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::commands::Programs;
use super::{help, shell};

/// The folder of grids.
const GRIDS: &str = "grids/";

/// What is wrong with the commands of all help texts and grids; `files` are those of the repository.
///
/// # Errors
/// A file cannot be read.
pub(super) fn wrong(root: &Path, files: &BTreeSet<String>, programs: &Programs) -> Result<Vec<String>> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for (name, text) in help::texts(root)? {
        texts.insert(format!("help of {}", name.replace('-', " ")), text);
    }
    for name in files.iter().filter(|name| name.starts_with(GRIDS)) {
        let text = fs::read_to_string(root.join(name)).with_context(|| format!("cannot read {name}"))?;
        texts.insert(name.clone(), text);
    }
    Ok(texts.iter().flat_map(|(name, text)| of_text(name, text, programs)).collect())
}

fn of_text(name: &str, text: &str, programs: &Programs) -> Vec<String> {
    let commands = shell::commands(&examples(text));
    let wrong = commands.into_iter().filter_map(|(line, words)| {
        let why = programs.check(&words, true)?;
        Some(format!("{name}:{line}: `{}`: {why}", words.join(" ")))
    });
    wrong.collect()
}

/// The indented lines that begin with `fovea`, and those that continue them, each with its number
/// and without what it is commented with.
fn examples(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.strip_prefix('#').unwrap_or(line);
        let said = line.trim_start();
        let begins = line.starts_with("  ") && !line.starts_with("     ") && said.starts_with("fovea ");
        if begins || open {
            // A remark stands behind several blanks, and output goes to a file that is not part of the command.
            let command = said.split("   ").next().and_then(|command| command.split(" > ").next()).unwrap_or_default();
            open = command.ends_with('\\');
            found.push((number + 1, command.to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use clap::Command;

    use super::*;
    use crate::paths;

    #[test]
    fn examples_with_flags_that_do_not_exist_are_named_with_their_line() {
        let programs = Programs { fovea: help::fovea(&paths::root()).unwrap(), xtask: Command::new("xtask") };
        let text = "# Made by `fovea nothing`.\n#\n#   fovea data check set\n#   fovea predict --run r --out \
                    o \\\n#     --nothing a.jpg\n\
                    \nUsage: fovea x\n       fovea y\n\n  fovea data stats DATA --json > x.json\n  fovea data chek \
                    set      is it?\n";
        let found = of_text("grids/a.toml", text, &programs);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("grids/a.toml:4: ") && found[0].contains("--nothing"), "{}", found[0]);
        assert!(found[1].starts_with("grids/a.toml:11: ") && found[1].contains("chek"), "{}", found[1]);
    }
}
