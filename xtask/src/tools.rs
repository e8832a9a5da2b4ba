//! Pinned command-line tools, in a folder of their own: other projects' versions are neither used nor touched.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo::{cargo, output, run};
use crate::paths;

/// 0.22 needs a newer rustc than burn's.
const TRUNK: &str = "0.21.14";
/// The driver of Firefox, which Debian does not package.
const GECKODRIVER: &str = "0.36.0";

/// The folder of the tools, all of them present.
pub struct Tools {
    dir: PathBuf,
}

/// A program that `cargo install` builds.
pub(crate) struct Tool {
    /// Its name on crates.io.
    pub(crate) package: &'static str,
    /// The version, and no other.
    pub(crate) version: String,
    /// The executables to build; the first one tells its version.
    pub(crate) bins: &'static [&'static str],
    /// What that one writes before its version.
    pub(crate) says: &'static str,
    /// What it does decides how well it must be optimised.
    pub(crate) opt_level: &'static str,
    /// Further arguments of `cargo install`.
    pub(crate) args: &'static [&'static str],
}

impl Tools {
    /// Installs what is missing or of another version.
    ///
    /// # Errors
    /// A tool cannot be built, or the folder cannot be written.
    pub fn ensure() -> Result<Tools> {
        let (tools, _lock) = Tools::open()?;
        for tool in [
            Tool {
                package: "wasm-bindgen-cli",
                version: wasm_bindgen_version()?,
                bins: &["wasm-bindgen", "wasm-bindgen-test-runner"],
                says: "wasm-bindgen ",
                // It rewrites tens of megabytes of wasm for every test and every page.
                opt_level: "1",
                // Not `--locked`: its lock file names a version of webpki-roots that is not to be
                // had. No TLS: the runner speaks to chromedriver on this machine only.
                args: &["--no-default-features"],
            },
            Tool {
                package: "trunk",
                version: TRUNK.to_owned(),
                bins: &["trunk"],
                says: "trunk ",
                // It only calls the others and copies files.
                opt_level: "0",
                // No TLS and no update check: it only ever builds, with the tools on the path.
                args: &["--locked", "--no-default-features"],
            },
        ] {
            tools.ensure_one(&tool)?;
        }
        Ok(tools)
    }

    /// Installs the driver of Firefox when it is missing or of another version.
    ///
    /// # Errors
    /// As [`Tools::ensure`].
    pub fn ensure_geckodriver() -> Result<PathBuf> {
        Tools::ensure_alone(&Tool {
            package: "geckodriver",
            version: GECKODRIVER.to_owned(),
            bins: &["geckodriver"],
            says: "geckodriver ",
            // It only passes messages on.
            opt_level: "0",
            args: &["--locked"],
        })
    }

    /// Installs one tool more when it is missing or of another version; its program.
    ///
    /// # Errors
    /// As [`Tools::ensure`].
    pub(crate) fn ensure_alone(tool: &Tool) -> Result<PathBuf> {
        let (tools, _lock) = Tools::open()?;
        tools.ensure_one(tool)?;
        Ok(tools.dir.join("bin").join(tool.bins[0]))
    }

    /// The folder, and a lock of it: when two clones start at once, the second waits and finds the work done.
    fn open() -> Result<(Tools, File)> {
        let tools = Tools { dir: paths::tools() };
        fs::create_dir_all(&tools.dir)
            .with_context(|| format!("cannot make the tools folder {}", tools.dir.display()))?;
        let path = tools.dir.join(".lock");
        let lock = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        lock.lock().context("cannot lock the tools folder")?;
        Ok((tools, lock))
    }

    /// The tools' folder.
    pub fn dir(&self) -> &PathBuf {
        &self.dir
    }

    /// Lets `command` find the tools before anything else of their name.
    ///
    /// # Errors
    /// `$PATH` cannot be written with the folder in it (a colon in its name).
    pub fn on_path(&self, command: &mut Command) -> Result<()> {
        let old = env::var_os("PATH").unwrap_or_default();
        let all = std::iter::once(self.dir.join("bin")).chain(env::split_paths(&old));
        let path: OsString = env::join_paths(all).context("the tools folder cannot be put on PATH")?;
        command.env("PATH", path);
        Ok(())
    }

    fn ensure_one(&self, tool: &Tool) -> Result<()> {
        let bin = self.dir.join("bin");
        let there = tool.bins.iter().all(|name| bin.join(name).is_file());
        let wanted = format!("{}{}", tool.says, tool.version);
        // Some say more behind it.
        let same = |said: String| said.split(['\n', '(']).next().is_some_and(|version| version.trim_end() == wanted);
        if there && output(bin.join(tool.bins[0]), &["--version"]).is_some_and(same) {
            println!("    {wanted}: there");
            return Ok(());
        }
        println!("    {wanted}: building it, once (a few minutes)");
        // Its own target folder: it is thrown away, and cargo's lock on the workspace's is left alone.
        let target = self.dir.join(format!("build-{}", tool.package));
        let mut command = cargo(["install", tool.package, "--version", &tool.version, "--force"]);
        command.args(tool.args).args(tool.bins.iter().flat_map(|name| ["--bin", name]));
        command.arg("--root").arg(&self.dir).arg("--target-dir").arg(&target);
        // Tools that run for seconds: what counts is how long they take to build.
        for (key, value) in [("OPT_LEVEL", tool.opt_level), ("LTO", "off"), ("CODEGEN_UNITS", "16"), ("DEBUG", "0")] {
            command.env(format!("CARGO_PROFILE_RELEASE_{key}"), value);
        }
        for key in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
            command.env_remove(key);
        }
        run(&mut command).with_context(|| format!("cannot install {wanted}"))?;
        fs::remove_dir_all(&target).with_context(|| format!("cannot remove {}", target.display()))?;
        Ok(())
    }
}

/// The version of wasm-bindgen that the workspace links: the tool must be of the same one.
fn wasm_bindgen_version() -> Result<String> {
    let path = paths::root().join("Cargo.lock");
    let lock = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    match locked_version(&lock, "wasm-bindgen") {
        Some(version) => Ok(version),
        None => bail!("{} does not name wasm-bindgen\nremedy: restore the committed file", path.display()),
    }
}

/// The version of `package` in the text of a Cargo.lock.
fn locked_version(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    Some(lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_locked_version() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
