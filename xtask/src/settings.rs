//! The book's chapter of settings, whose tables the trainer writes.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::cargo::{cargo, output_of};
use crate::paths;

/// The chapter.
const CHAPTER: &str = "docs/book/src/configuration.md";

/// What stands around the tables; a test of the trainer (`trainer/tests/trainer/book_cli.rs`) looks for the same.
const BEGIN: &str = "<!-- settings: begin -->\n";
const END: &str = "<!-- settings: end -->\n";

/// Builds the trainer and writes the tables that it prints into the chapter.
///
/// # Errors
/// The trainer cannot be built, or the chapter has no place for the tables.
pub fn write() -> Result<()> {
    let args = ["run", "--quiet", "--bin", "fovea", "--", "train", "--list-settings"];
    let tables = output_of(&mut cargo(args))?;
    let path = paths::root().join(CHAPTER);
    let old = fs::read_to_string(&path).with_context(|| format!("cannot read {CHAPTER}"))?;
    let new = between(&old, &tables)?;
    if new != old {
        fs::write(&path, new).with_context(|| format!("cannot write {CHAPTER}"))?;
        println!("    wrote {CHAPTER}");
    }
    Ok(())
}

/// A text with something else between the two marks.
fn between(text: &str, tables: &str) -> Result<String> {
    let Some((before, rest)) = text.split_once(BEGIN) else { bail!("{CHAPTER} lacks the line {BEGIN}") };
    let Some((_, behind)) = rest.split_once(END) else { bail!("{CHAPTER} lacks the line {END}") };
    Ok(format!("{before}{BEGIN}\n{tables}\n{END}{behind}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_changes() {
        let text = format!("# Title\n{BEGIN}old\n{END}after\n");
        let once = between(&text, "| new |\n").unwrap();
        assert_eq!(once, format!("# Title\n{BEGIN}\n| new |\n\n{END}after\n"));
        assert_eq!(between(&once, "| new |\n").unwrap(), once);
        assert!(between("nothing", "x").is_err() && between(BEGIN, "x").is_err());
    }
}
