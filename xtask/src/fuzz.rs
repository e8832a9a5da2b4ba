//! `cargo xtask fuzz`: the fuzz targets of the native tests, each for some minutes.

use std::process::ExitCode;

use anyhow::{Result, ensure};

use crate::cargo::{cargo, run as run_command};

/// The options of `fuzz`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Minutes for each target; as many targets run at once as there are cores
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    minutes: f64,
    /// Only targets whose name holds this, such as `gaze_csv`
    #[arg(long, value_name = "TEXT", default_value = "fuzz::")]
    target: String,
}

/// Runs the targets. An input that breaks one is written to a file, whose path is printed.
///
/// # Errors
/// A time that is none, tests that cannot be built, a target that fails.
pub fn run(args: &Args) -> Result<ExitCode> {
    ensure!(
        args.minutes.is_finite() && args.minutes > 0.0,
        "--minutes {} is not a time\nremedy: --minutes 5",
        args.minutes
    );
    let mut command = cargo([
        "test",
        "--workspace",
        "--lib",
        "--test",
        "trainer",
        "--test",
        "medical",
        "--no-fail-fast",
        "--",
        &args.target,
    ]);
    run_command(command.env("FOVEA_FUZZ_SECONDS", (60.0 * args.minutes).to_string()))?;
    Ok(ExitCode::SUCCESS)
}
