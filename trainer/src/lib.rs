#![doc = include_str!("../README.md")]
//!
//! # The road of a training
//!
//! ```text
//! data ──► features (cached) ──► run::Trainer ──► TrainEvent ──► progress, events.jsonl, metrics.csv
//!                                     └──► checkpoints, best heads ──► evaluate ──► results ──► report
//!                                                                 └──► command::{predict, export}
//! grid of configurations x seeds ──► ablate ──► that road, cell by cell ──► one study
//! ```

mod ablate;
pub mod api;
mod cli;
mod command;
pub mod config;
pub mod describe;
mod describer;
mod device;
mod evaluate;
mod features;
mod interact;
pub mod measure;
mod networks;
pub mod per_model;
pub mod report;
mod run;
mod teach;
pub mod text;
mod two_lesions;
mod version;

#[cfg(test)]
#[path = "../data/src/fixture.rs"]
mod data_fixture;

pub use fovea_data as data;

use std::process::ExitCode;

use clap::Parser;

/// burn reads an optimiser's saved state through its default device before moving it where the weights are. That device is
/// a GPU unless `BURN_DEVICE` says otherwise, and a CPU run must neither need nor wake one.
fn keep_off_the_gpu() {
    if std::env::var_os("BURN_DEVICE").is_none() {
        // SAFETY: first thing in `main`, before any other thread could read the environment.
        unsafe { std::env::set_var("BURN_DEVICE", "flex") };
    }
}

/// Parses the command line, runs the command and reports what went wrong. Exit codes: 0 done, 1 failed, 2 wrong usage,
/// 130 stopped by Ctrl-C with everything saved. `commit` is what the program was built from, as results name it.
pub fn main(commit: &'static str) -> ExitCode {
    version::set(commit);
    keep_off_the_gpu();
    let cli = cli::Cli::parse();
    let level = if cli.verbose { "debug" } else { "warn" };
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or(format!("off,fovea={level}")))
        .format_target(false)
        .init();
    match cli.command.run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("fovea: {error:#}");
            ExitCode::FAILURE
        }
    }
}
