//! `cargo xtask phrases`: the table of phrase embeddings, from the package on PyPI to the committed file.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::cargo::{cargo, run as run_command};
use crate::step::Steps;
use crate::{paths, text_encoder};

/// The options of `phrases`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Write nothing: fail if the committed table is not what the encoder makes
    #[arg(long)]
    check: bool,
}

/// Writes `shared/weights/phrases.safetensors`, or checks it.
///
/// # Errors
/// A step fails.
pub fn run(args: &Args) -> Result<ExitCode> {
    let mut steps = Steps::default();
    let mut encoder = None;
    steps.run("text encoder", |_| {
        encoder = Some(text_encoder::ensure()?);
        Ok(())
    })?;
    steps.run("compile", |_| run_command(&mut cargo(["build", "--workspace", "--bin", "fovea"])))?;
    steps.run("phrases", |_| {
        let mut fovea = Command::new(paths::target().join("debug/fovea"));
        fovea.current_dir(paths::root()).arg("phrases").arg("--encoder").args(&encoder);
        if args.check {
            fovea.arg("--check");
        }
        run_command(&mut fovea)
    })?;
    Ok(ExitCode::SUCCESS)
}
