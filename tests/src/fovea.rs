//! The program `fovea`, run as a person would.

use std::{
    env,
    path::PathBuf,
    process::{Command, Output},
};

use anyhow::{Context, Result, ensure};

/// The program beside this test; built where it is not there yet.
///
/// # Errors
/// A build that fails.
fn program() -> Result<PathBuf> {
    let test = env::current_exe().context("the test knows its own file")?;
    let folder = test.parent().and_then(|deps| deps.parent()).context("tests lie in target/PROFILE/deps")?;
    let program = folder.join("fovea").with_extension(env::consts::EXE_EXTENSION);
    if !program.is_file() {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo).args(["build", "-p", "fovea-trainer", "--bin", "fovea"]).status();
        ensure!(built.is_ok_and(|status| status.success()), "`fovea` cannot be built");
    }
    Ok(program)
}

/// Runs `fovea` with these arguments; gives what it says on standard output.
///
/// # Errors
/// What it says on standard error where it fails.
pub fn run(arguments: &[&str]) -> Result<String> {
    let Output { status, stdout, stderr } = Command::new(program()?).args(arguments).output()?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    ensure!(status.success(), "fovea {}: {}{}", arguments.join(" "), said(&stdout), said(&stderr));
    Ok(said(&stdout))
}
