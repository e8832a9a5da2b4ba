//! Rules about the structure of the workspace that a test enforces.
//!
//! - Data flows one way: the source files of a crate take no names from each other in a circle
//!   (`circles.rs`). What a module takes from its parents does not count.
//! - Shared code knows no files, sockets, threads or clocks (`pure.rs`).
//! - A crate alone is built of the same dependencies as the whole workspace (`features.rs`), so
//!   that `cargo test -p CRATE` finds burn built.
//! - The page repeats its messages word for word (`texts`).

mod circles;
mod features;
mod modules;
mod pure;

use anyhow::{Result, bail};

use crate::{paths, texts};

/// The folders of source code.
const SOURCES: [&str; 12] = [
    "shared/src",
    "shared/grabcut/src",
    "shared/medical/src",
    "shared/teach/src",
    "tests/support/src",
    "trainer/src",
    "trainer/commit/src",
    "trainer/data/src",
    "trainer/paper/src",
    "trainer/phantom/src",
    "web/src",
    "xtask/src",
];

/// Checks all rules.
///
/// # Errors
/// Lists the circles with the names that tie them, what shared code takes from the machine, the
/// dependencies that `-p` would build again, and the texts that differ.
pub fn check() -> Result<()> {
    let mut wrong = Vec::new();
    for folder in SOURCES {
        for circle in circles::circles(&paths::root().join(folder))? {
            wrong.push(format!("{folder}: files take names from each other:\n{circle}"));
        }
    }
    for folder in pure::FOLDERS {
        let impure = pure::impure(&paths::root().join(folder))?;
        wrong.extend(impure.into_iter().map(|what| format!("{folder}/{what}: shared code must run in a browser")));
    }
    wrong.extend(features::differences()?);
    wrong.extend(texts::check()?);
    if wrong.is_empty() {
        return Ok(());
    }
    bail!("{}", wrong.join("\n"))
}
