//! `fovea data`: look at data sets, draw one, and look at one in the place of an eye.

mod check;
mod fixations;
mod gaze;
mod masks;
mod phantom;
mod progress;
mod stats;
mod table;

pub(super) use phantom::size;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};

/// Arguments of `fovea data`.
#[derive(Debug, Args)]
pub(crate) struct DataArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Check(check::CheckArgs),
    Stats(stats::StatsArgs),
    Masks(masks::MasksArgs),
    Phantom(phantom::PhantomArgs),
    Gaze(gaze::GazeArgs),
    Fixations(fixations::FixationsArgs),
}

/// Runs `fovea data`. The exit code is 1 where `check` found errors.
///
/// # Errors
/// A folder that is not a data set, and whatever the file system refuses.
pub(crate) fn run(args: &DataArgs) -> Result<ExitCode> {
    match &args.action {
        Action::Check(args) => check::run(args),
        Action::Stats(args) => stats::run(args).map(|()| ExitCode::SUCCESS),
        Action::Masks(args) => masks::run(args).map(|()| ExitCode::SUCCESS),
        Action::Phantom(args) => phantom::run(args).map(|()| ExitCode::SUCCESS),
        Action::Gaze(args) => gaze::run(args).map(|()| ExitCode::SUCCESS),
        Action::Fixations(args) => fixations::run(args).map(|()| ExitCode::SUCCESS),
    }
}
