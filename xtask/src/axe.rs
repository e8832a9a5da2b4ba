//! axe-core, the accessibility rules that a test of the built page applies. It comes from npm for
//! the tests and is never shipped.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo::run;
use crate::seal::sha256;
use crate::{paths, python, system};

const VERSION: &str = "4.14.1";

/// The SHA-256 of its `axe.min.js`.
const SHA256: &str = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c";

/// The script, which is fetched when it is not there or not the right one.
///
/// # Errors
/// npm is missing and cannot be installed, or the package cannot be had or is another one.
pub fn ensure() -> Result<PathBuf> {
    let dir = paths::tools().join(format!("axe-core-{VERSION}"));
    let script = dir.join("package/axe.min.js");
    fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let _lock = python::lock(&dir)?;
    let right = || fs::read(&script).is_ok_and(|bytes| sha256(&bytes) == SHA256);
    if right() {
        return Ok(script);
    }
    system::ensure_npm()?;
    let mut npm = Command::new("npm");
    npm.args(["pack", &format!("axe-core@{VERSION}"), "--pack-destination"]).arg(&dir);
    run(npm.current_dir(&dir)).context("cannot fetch axe-core from npm")?;
    let mut tar = Command::new("tar");
    tar.args(["--extract", "--gzip", "--file", &format!("axe-core-{VERSION}.tgz"), "package/axe.min.js"]);
    run(tar.current_dir(&dir)).context("cannot unpack axe-core")?;
    if !right() {
        bail!("{} is not the file that is expected\nremedy: delete {}", script.display(), dir.display());
    }
    Ok(script)
}
