//! Whether a crate alone has the features of dependencies that the whole workspace has.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::cargo::{cargo, output_of};

/// The crates that are worth testing alone. The others are quick to build, or need everything anyway.
const CRATES: [&str; 4] = ["fovea-shared", "fovea-paper", "fovea-phantom", "fovea-trainer"];

/// The dependencies of a choice of packages, one line each: name, version, features.
fn dependencies(choice: &[&str]) -> Result<BTreeSet<String>> {
    let mut command = cargo(["tree", "--edges", "normal,build,dev", "--format", "{p} {f}", "--prefix", "none"]);
    let text = output_of(command.args(choice))?;
    Ok(text.lines().map(|line| line.trim_end_matches("(*)").trim_end().to_owned()).collect())
}

/// One line for every crate whose dependencies have other features alone than in the workspace.
///
/// # Errors
/// A cargo that cannot say.
pub(super) fn differences() -> Result<Vec<String>> {
    let whole = dependencies(&["--workspace"])?;
    let mut wrong = Vec::new();
    for name in CRATES {
        let alone = dependencies(&["--package", name])?;
        let other: Vec<&str> = alone.difference(&whole).map(String::as_str).collect();
        if !other.is_empty() {
            wrong.push(format!(
                "`cargo test -p {name}` would build again, with fewer features than in the workspace:\n  {}\nremedy: name the \
                 features of the workspace in xtask/workspace-hack/Cargo.toml",
                other.join("\n  ")
            ));
        }
    }
    Ok(wrong)
}
