//! One file per subcommand.

pub(crate) mod ablate;
pub(crate) mod agree;
pub(crate) mod bench;
pub(crate) mod data;
pub(crate) mod describe;
pub(crate) mod describer;
pub(crate) mod eval;
mod explain;
pub(crate) mod export;
pub(crate) mod gallery;
mod interact;
pub(crate) mod labels;
mod model;
pub(crate) mod phrases;
pub(crate) mod predict;
pub(crate) mod report;
pub(crate) mod train;

use std::process::ExitCode;

use anyhow::Result;

use crate::args::Command;

/// Runs a command.
pub(crate) fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Data(args) => data::run(&args),
        Command::Describe(args) => describe::run(&args),
        Command::Train(args) => train::run(args),
        Command::Eval(args) => eval::run(args).map(|()| ExitCode::SUCCESS),
        Command::Ablate(args) => ablate::run(args),
        Command::Labels(args) => labels::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Report(args) => report::run(&args),
        Command::Predict(args) => predict::run(args).map(|()| ExitCode::SUCCESS),
        Command::Export(args) => export::run(args).map(|()| ExitCode::SUCCESS),
        Command::Gallery(args) => gallery::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Phrases(args) => phrases::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Describer(args) => describer::run(args).map(|()| ExitCode::SUCCESS),
        Command::Agree(args) => agree::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Bench(args) => bench::run(args).map(|()| ExitCode::SUCCESS),
    }
}
