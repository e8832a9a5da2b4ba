//! `cargo xtask shots`: pictures of the built page to look at.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::cargo::{cargo, run as run_command};
use crate::step::Steps;
use crate::{page, paths};

/// The options of `shots`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Take the page as it was built last
    #[arg(long)]
    no_build: bool,
    /// The ways of three people instead: a visitor of a stand, an annotator with thirty pictures, a
    /// teacher with the files of a class. They need ISIC in `FOVEA_DATA` or ../shared/data
    #[arg(long, conflicts_with = "query")]
    ways: bool,
    /// What to add to the address, such as device=cpu
    #[arg(long, default_value = "")]
    query: String,
}

/// Builds the page and leaves screenshots in `<target>/shots`, those of ways in `<target>/ways`.
///
/// # Errors
/// A step fails.
pub fn run(args: &Args) -> Result<ExitCode> {
    let mut steps = Steps::default();
    page::ready(&mut steps, !args.no_build)?;
    // The browser's client lives in the tests, so that this program stays quick to build.
    let program = if args.ways { "fovea-ways" } else { "fovea-shots" };
    steps.run("compile the photographer", |_| run_command(&mut cargo(["build", "--workspace", "--bin", program])))?;
    steps.run("screenshots", |_| {
        let mut shots = Command::new(paths::target().join("debug").join(program));
        shots.current_dir(paths::root());
        if args.ways {
            shots.arg(paths::target().join("ways")).arg(paths::data());
        } else {
            shots.arg(paths::target().join("shots")).arg(&args.query);
        }
        run_command(&mut shots)
    })?;
    Ok(ExitCode::SUCCESS)
}
