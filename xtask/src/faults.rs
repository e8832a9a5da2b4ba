//! `cargo xtask faults`: many faults of the file system, kills, stops and simultaneous starts, of
//! which the tests try a few.

use std::process::ExitCode;

use anyhow::Result;

use crate::cargo::{cargo, run as run_command};

/// The options of `faults`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Faults of the file system, over train, resume, ablate, describe and export
    #[arg(long, value_name = "N", default_value_t = 100)]
    count: usize,
    /// Only faults of one of these commands
    #[arg(long, value_name = "NAME", value_parser = ["train", "resume", "ablate", "describe", "export"])]
    command: Option<String>,
    /// Trainings that get SIGKILL at random moments until they come to their end
    #[arg(long, value_name = "N", default_value_t = 10)]
    kills: usize,
    /// Trainings that get SIGTERM at random moments until they come to their end
    #[arg(long, value_name = "N", default_value_t = 10)]
    terms: usize,
    /// Pairs of simultaneous starts, and of simultaneous resumes
    #[arg(long, value_name = "N", default_value_t = 10)]
    pairs: usize,
    /// Another seed strikes at other places
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

/// Runs them. Each kind ends with a line that says what was done and what was seen.
///
/// # Errors
/// Tests that cannot be built, or something that was lost.
pub fn run(args: &Args) -> Result<ExitCode> {
    let mut command =
        cargo(["test", "--package", "fovea-trainer", "--test", "trainer", "--", "--nocapture", "durability::"]);
    let counts = [("FAULTS", args.count), ("KILLS", args.kills), ("TERMS", args.terms), ("PAIRS", args.pairs)];
    for (name, count) in counts {
        command.env(format!("FOVEA_{name}"), count.to_string());
    }
    if let Some(only) = &args.command {
        command.env("FOVEA_FAULTS_COMMAND", only);
    }
    run_command(command.env("FOVEA_FAULTS_SEED", args.seed.to_string()))?;
    Ok(ExitCode::SUCCESS)
}
