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
mod lock;
pub mod measure;
mod networks;
pub mod per_model;
pub mod report;
mod run;
mod signals;
mod teach;
pub mod text;
mod two_lesions;
mod version;

#[cfg(test)]
#[path = "../data/src/fixture.rs"]
mod data_fixture;

pub use fovea_data as data;

use std::process::ExitCode;

/// burn reads an optimiser's saved state through its default device before moving it where the
/// weights are. That device is a GPU unless `BURN_DEVICE` says otherwise, and a CPU run must
/// neither need nor wake one.
fn keep_off_the_gpu() {
    if std::env::var_os("BURN_DEVICE").is_none() {
        // SAFETY: first thing in `main`, before any other thread could read the environment.
        unsafe { std::env::set_var("BURN_DEVICE", "flex") };
    }
}

/// Mesa's Vulkan layers look for a Wayland display in `XDG_RUNTIME_DIR`, and print a line that
/// begins with `error:` where that is not set, as in
/// containers, in jobs of a scheduler and under `sudo`; the run works all the same. With a folder
/// in which there is no display they find
/// none and say nothing. Nothing can be made in this one, so no other user can put a display there.
fn no_display() {
    if cfg!(target_os = "linux") && std::env::var_os("XDG_RUNTIME_DIR").is_none_or(|folder| folder.is_empty()) {
        // SAFETY: as above.
        unsafe { std::env::set_var("XDG_RUNTIME_DIR", "/proc/self/no-runtime-folder") };
    }
}

/// Parses the command line, runs the command and reports what went wrong. Exit codes: 0 done, 1 failed, 2 wrong usage,
/// 130 stopped by Ctrl-C (143 by SIGTERM, 129 by SIGHUP) with everything saved. `commit` is what
/// the program was built from, as results name it.
pub fn main(commit: &'static str) -> ExitCode {
    version::set(commit);
    keep_off_the_gpu();
    no_display();
    let cli = cli::Cli::read();
    let level = if cli.verbose { "debug" } else { "warn" };
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or(format!("off,fovea={level}")))
        .format_target(false)
        .init();
    if let Err(error) = signals::watch() {
        eprintln!("warning: {error:#}: the program cannot save when it is stopped");
    }
    match cli.command.run() {
        Err(error) if error.is::<signals::Stopped>() => {
            eprintln!("{error}");
            ExitCode::from(signals::exit_code())
        }
        Ok(code) => code,
        Err(error) => {
            eprintln!("fovea: {error:#}");
            ExitCode::FAILURE
        }
    }
}
