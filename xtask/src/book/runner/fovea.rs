//! The program `fovea`, as a person with an empty cache and no keys would run it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::cargo::{cargo, run};
use crate::paths;

/// Variables of this shell that a command must not see.
const REMOVED: [&str; 10] = [
    "FOVEA_API_KEY",
    "OPENAI_API_KEY",
    "RUST_LOG",
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "FOVEA_DATA",
];

/// The built program and its cache.
#[derive(Clone)]
pub(super) struct Fovea {
    program: PathBuf,
    cache: PathBuf,
}

impl Fovea {
    /// Builds it, by the command of CONTRIBUTING.md.
    ///
    /// # Errors
    /// It does not build.
    pub(super) fn build(cache: &Path) -> Result<Fovea> {
        run(&mut cargo(["build", "--workspace", "--bin", "fovea"]))?;
        Ok(Fovea { program: paths::target().join("debug/fovea"), cache: cache.to_owned() })
    }

    /// Runs it in a folder with these words behind its name; whether it succeeded, and what it printed.
    ///
    /// # Errors
    /// It cannot be started.
    pub(super) fn run(&self, words: &[String], folder: &Path) -> Result<(bool, String)> {
        self.finish(Command::new(&self.program).args(words), folder)
    }

    /// Lets a shell run a line.
    ///
    /// # Errors
    /// There is no shell.
    pub(super) fn shell(&self, line: &str, folder: &Path) -> Result<(bool, String)> {
        self.finish(Command::new("sh").args(["-ec", line]), folder)
    }

    fn finish(&self, command: &mut Command, folder: &Path) -> Result<(bool, String)> {
        for name in REMOVED {
            command.env_remove(name);
        }
        command.current_dir(folder).env("XDG_CACHE_HOME", &self.cache).stdin(Stdio::null());
        let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        Ok((output.status.success(), said))
    }
}
