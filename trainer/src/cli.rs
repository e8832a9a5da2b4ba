//! The command line: its commands, and which code runs each.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand, error::ErrorKind};

use crate::command;

/// Gaze-supervised teacher-student segmentation: train, evaluate, predict, export.
///
/// The usual road:
///
///   fovea data check DATA                       is the folder in order?
///   fovea train --data DATA --split gaze --out runs/a
///   fovea eval --run runs/a --data DATA --out results/a.json
///   fovea export --run runs/a --out bundles     what the demo page loads
///
/// and for a study:
///
///   fovea ablate --grid grid.toml --out runs/study --results results
///   fovea report results --out report.html
///
/// Every command has its own --help. Research and education only; not a medical device.
#[derive(Debug, Parser)]
#[command(name = "fovea", version = crate::version::version(), verbatim_doc_comment)]
pub(crate) struct Cli {
    /// Say more about what is going on (RUST_LOG is obeyed too).
    #[arg(long, global = true)]
    pub(crate) verbose: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look at a data set, or draw one.
    Data(command::data::DataArgs),
    /// Describe images in words: measured, by a vision-language model, or from a file.
    Describe(Box<command::describe::DescribeArgs>),
    /// Train a teacher from gaze, and a student from the teacher.
    Train(command::train::TrainArgs),
    /// Measure trained runs on a split's test images.
    Eval(command::eval::EvalArgs),
    /// Train and measure a grid of configurations and seeds.
    Ablate(command::ablate::AblateArgs),
    /// Hold what a student is told against the true masks of its training images.
    Labels(command::labels::LabelsArgs),
    /// Show a folder of results as one page, or write its tables into a README.
    Report(command::report::ReportArgs),
    /// Segment images with a trained run or a bundle.
    Predict(command::predict::PredictArgs),
    /// Measure what a fresh student learns from a few glances.
    Teach(command::teach::TeachArgs),
    /// Write the bundle that the demo page loads.
    Export(command::export::ExportArgs),
    /// Add a data set's images to the gallery of a built page (never to be published), or make one that may be.
    Gallery(command::gallery::GalleryArgs),
    /// Make or check the table of phrase embeddings, or embed a text.
    Phrases(command::phrases::PhrasesArgs),
    /// Distil a vision-language model's answers into a small head, and measure it.
    Describer(command::describer::DescriberArgs),
    /// Compare descriptions with each other, attribute by attribute.
    Agree(command::agree::AgreeArgs),
    /// Measure this machine: features, training steps, clicks.
    Bench(command::bench::BenchArgs),
}

impl Cli {
    /// The command line of this process. A wrong one is told of, and ends it with exit code 2.
    pub(crate) fn read() -> Self {
        Self::try_parse().unwrap_or_else(|error| {
            if error.kind() == ErrorKind::ArgumentConflict && error.to_string().contains("--resume") {
                // Standard error that is closed is nobody to tell.
                let _ = error.print();
                eprintln!(
                    "\n  tip: a run goes on with the data and settings that it was begun with (config.toml and \
                     run.json in its folder). Leave \
                     the flag out; or start a new run with other settings, with --data and --out"
                );
                std::process::exit(error.exit_code());
            }
            error.exit()
        })
    }
}

impl Command {
    /// Runs it.
    pub(crate) fn run(self) -> Result<ExitCode> {
        match self {
            Self::Data(args) => command::data::run(&args),
            Self::Describe(args) => command::describe::run(&args),
            Self::Train(args) => command::train::run(args),
            Self::Eval(args) => command::eval::run(args).map(|()| ExitCode::SUCCESS),
            Self::Ablate(args) => command::ablate::run(args),
            Self::Labels(args) => command::labels::run(&args).map(|()| ExitCode::SUCCESS),
            Self::Report(args) => command::report::run(&args),
            Self::Predict(args) => command::predict::run(args).map(|()| ExitCode::SUCCESS),
            Self::Teach(args) => command::teach::run(&args).map(|()| ExitCode::SUCCESS),
            Self::Export(args) => command::export::run(args).map(|()| ExitCode::SUCCESS),
            Self::Gallery(args) => command::gallery::run(&args).map(|()| ExitCode::SUCCESS),
            Self::Phrases(args) => command::phrases::run(&args).map(|()| ExitCode::SUCCESS),
            Self::Describer(args) => command::describer::run(args).map(|()| ExitCode::SUCCESS),
            Self::Agree(args) => command::agree::run(&args).map(|()| ExitCode::SUCCESS),
            Self::Bench(args) => command::bench::run(args).map(|()| ExitCode::SUCCESS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
