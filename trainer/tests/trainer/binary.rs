//! Runs `fovea` as a person would.

use std::process::{Command, Output};

/// Whatever comes of it.
pub(crate) fn fovea(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fovea")).args(arguments).output().unwrap()
}

/// Expects success; what it says on standard output.
pub(crate) fn passes(arguments: &[&str]) -> String {
    let output = fovea(arguments);
    assert!(output.status.success(), "fovea {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Expects exit code 1; what it says on standard error.
pub(crate) fn fails(arguments: &[&str]) -> String {
    let output = fovea(arguments);
    assert_eq!(output.status.code(), Some(1), "fovea {arguments:?} was to fail");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What it says on standard output; as the error, what it says on standard error.
pub(crate) fn tried(arguments: &[&str]) -> Result<String, String> {
    let output = fovea(arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}
