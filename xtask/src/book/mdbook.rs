//! mdBook, which renders the book.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::cargo::run;
use crate::paths;
use crate::tools::{Tool, Tools};

/// A tool and not a library: as a library it would unite its features with those of the workspace
/// (a feature more of one shared dependency builds burn again), and every `cargo xtask` would wait
/// for it. As a tool it is built once, not optimised, and only where the book is wanted. Without
/// `search` (a stemmer and an HTML cleaner), `serve` and `watch` (tokio) it takes a third of the
/// time.
const MDBOOK: &str = "0.5.4";

/// Installs mdBook when it is not there; the program.
///
/// # Errors
/// It cannot be built.
pub(super) fn ensure() -> Result<PathBuf> {
    let tool = Tool {
        package: "mdbook",
        version: MDBOOK.to_owned(),
        bins: &["mdbook"],
        says: "mdbook v",
        opt_level: "0",
        args: &["--locked", "--no-default-features"],
    };
    Tools::ensure_alone(&tool)
}

/// Renders the book into a folder, with the program that [`ensure`] gives.
///
/// # Errors
/// mdBook fails.
pub(super) fn build(mdbook: &Path, out: &Path) -> Result<()> {
    run(Command::new(mdbook).arg("build").arg(paths::root().join("docs/book")).arg("--dest-dir").arg(out))
}
