//! Rules about the structure of the workspace that a test enforces.
//!
//! - Data flows one way: the source files of a crate take no names from each other in a circle (`circles.rs`). What a module
//!   takes from its parents does not count.
//! - A crate alone is built of the same dependencies as the whole workspace (`features.rs`), so that `cargo test -p CRATE` finds burn built.

mod circles;
mod features;
mod modules;

use anyhow::{Result, bail};

use crate::paths;

/// The folders of source code, and the parts of them whose circles are known and have an issue of their own.
const SOURCES: [(&str, &[&str]); 9] = [
    ("shared/src", &[]),
    ("shared/grabcut/src", &[]),
    ("tests/support/src", &[]),
    ("trainer/src", &[]),
    ("trainer/commit/src", &[]),
    ("trainer/paper/src", &[]),
    ("trainer/phantom/src", &[]),
    ("web/src", &["app"]),
    ("xtask/src", &[]),
];

/// Checks all rules.
///
/// # Errors
/// Lists the circles with the names that tie them, or the dependencies that `-p` would build again.
pub fn check() -> Result<()> {
    let mut wrong = Vec::new();
    for (folder, excepted) in SOURCES {
        for circle in circles::circles(&paths::root().join(folder))? {
            if !circle.lies_in(excepted) {
                wrong.push(format!("{folder}: files take names from each other:\n{circle}"));
            }
        }
    }
    wrong.extend(features::differences()?);
    if wrong.is_empty() {
        return Ok(());
    }
    bail!("{}", wrong.join("\n"))
}
