//! `cargo xtask claims`: the gains that a paper claims and the ones that this project measured, for
//! the page's comparison.
//!
//! Published numbers come from `published.rs` alone, ours from `results/*.json` alone; an entry of
//! the file holds either the one or the other.

mod file;
mod measured;
mod published;

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::paths;
use file::Claims;

/// Where the page reads them.
const FILE: &str = "web/src/app/compare/claims.json";

/// The options of `claims`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Write nothing: fail if the committed file is not what the results say
    #[arg(long)]
    check: bool,
}

/// Writes the file, or checks it.
///
/// # Errors
/// As [`check`] and when it is made, and when the file cannot be written.
pub fn run(args: &Args) -> Result<ExitCode> {
    if args.check {
        check()?;
    } else {
        let path = paths::root().join(FILE);
        fs::write(&path, made()?).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Compares the committed file with what the results say.
///
/// # Errors
/// When they differ, with the remedy.
pub fn check() -> Result<()> {
    let path = paths::root().join(FILE);
    let committed = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    if committed != made()? {
        bail!("{FILE} does not say what results/*.json say\nremedy: cargo xtask claims");
    }
    Ok(())
}

/// The text of the file.
///
/// # Errors
/// A study that cannot be read.
fn made() -> Result<String> {
    let mut gains = published::gains();
    let (ours, pairs) = measured::read(&paths::root().join("results"))?;
    gains.extend(ours);
    gains.sort_by_key(|gain| (gain.data, gain.question));
    let claims = Claims { written_by: "cargo xtask claims", gains, pairs };
    Ok(serde_json::to_string_pretty(&claims)? + "\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_committed_file_says_what_the_results_say() {
        check().unwrap();
    }
}
