//! Running programs: the exact command on the screen, its output passed on, its tests counted.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::step::Count;

/// A cargo call in the repository, by the same cargo that runs this.
pub fn cargo<I, A>(args: I) -> Command
where
    I: IntoIterator<Item = A>,
    A: AsRef<OsStr>,
{
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args).current_dir(paths::root()).env("CARGO_TARGET_DIR", paths::target());
    // What `cargo xtask` says of xtask's own package. ring's build script looks at these variables:
    // with them passed on, each change between `cargo xtask test` and a plain `cargo test` would
    // build it again, and all that uses it.
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_of_a_package(name)) {
        command.env_remove(name);
    }
    command
}

/// Whether cargo sets a variable for the one package that it builds or runs.
fn is_of_a_package(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

/// Runs a command and passes its output on.
///
/// # Errors
/// Names the command when it cannot be started or ends badly.
pub fn run(command: &mut Command) -> Result<()> {
    let text = announce(command);
    let status = command.status().with_context(|| format!("cannot start `{text}`"))?;
    if !status.success() {
        bail!("`{text}` ended with {status}");
    }
    Ok(())
}

/// Runs a command whose output holds libtest's result lines, passes the output on as it comes and adds up the lines.
///
/// # Errors
/// As [`run`].
pub fn run_tests(command: &mut Command, count: &mut Count) -> Result<()> {
    let text = announce(command);
    // Only the standard output is read: cargo reports its progress on the other one, which stays the terminal's.
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start `{text}`"))?;
    let stdout = child.stdout.take().context("no standard output")?;
    let mut reader = BufReader::new(stdout);
    let mut line = Vec::new();
    // Bytes and not lines of text: a test may print anything.
    while reader.read_until(b'\n', &mut line).with_context(|| format!("cannot read the output of `{text}`"))? > 0 {
        let mut out = std::io::stdout().lock();
        // A closed pipe on our side is no reason to stop the tests.
        let _ = out.write_all(&line).and_then(|()| out.flush());
        if let Some(part) = Count::parse(&String::from_utf8_lossy(&line)) {
            count.add(part);
        }
        line.clear();
    }
    let status = child.wait().with_context(|| format!("cannot wait for `{text}`"))?;
    if !status.success() {
        bail!("`{text}` ended with {status}");
    }
    Ok(())
}

/// The standard output of a command; its other output is passed on.
///
/// # Errors
/// As [`run`].
pub fn output_of(command: &mut Command) -> Result<String> {
    let text = announce(command);
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start `{text}`"))?;
    if !output.status.success() {
        bail!("`{text}` ended with {}", output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The output of a short command that succeeded, or nothing.
pub fn output(program: impl AsRef<OsStr>, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).current_dir(paths::root()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Prints a command as one could type it, and returns that.
fn announce(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or(command.get_program()).to_string_lossy();
    let text = command.get_args().fold(name.into_owned(), |text, arg| format!("{text} {}", arg.to_string_lossy()));
    println!("    {text}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_is_called_as_from_a_shell() {
        // Set for this very test by the cargo that runs it.
        assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
        let command = cargo(["--version"]);
        let removed = |name: &str| command.get_envs().any(|(key, value)| key == name && value.is_none());
        assert!(removed("CARGO_MANIFEST_DIR") && removed("CARGO_PKG_NAME"));
        assert!(!removed("CARGO_TARGET_DIR"));
    }
}
