//! Packages of PyPI, for what exists only there: each use has a virtual environment of its own beside the other tools.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo::{output, run};
use crate::{paths, system};

/// Written last into an environment: what is in it.
const STAMP: &str = "fovea-requirements.txt";

/// The Python that makes environments; Debian's packages of it are installed when there is none.
///
/// # Errors
/// As [`system::ensure_browser`].
pub fn ensure_python() -> Result<PathBuf> {
    system::ensure_python()?;
    system::python().context("no Python that can make virtual environments\nremedy: apt-get install python3-venv")
}

/// The Python executable of the environment `name`, with `requirements` in it, each pinned as `package==version`.
///
/// What is there already is used; another list of requirements makes the environment again. Packages come ready to use
/// (wheels): nothing is compiled.
///
/// # Errors
/// A requirement that is not pinned, no Python, or a package that cannot be had.
pub fn venv(name: &str, requirements: &[&str]) -> Result<PathBuf> {
    if let Some(loose) = requirements.iter().find(|r| !r.contains("==")) {
        bail!("the Python package `{loose}` is not pinned\nremedy: write it as `{loose}==version`");
    }
    let tools = paths::tools();
    fs::create_dir_all(&tools).with_context(|| format!("cannot make the tools folder {}", tools.display()))?;
    let dir = tools.join(format!("python-{name}"));
    let _lock = lock(&dir)?;
    let python = dir.join("bin/python");
    let wanted = requirements.join("\n");
    if is_ready(&dir, &wanted) {
        println!("    Python environment `{name}`: there");
        return Ok(python);
    }
    println!(
        "    Python environment `{name}`: {}",
        if wanted.is_empty() { "making it" } else { "fetching its packages" }
    );
    let base = ensure_python()?;
    if dir.exists() {
        fs::remove_dir_all(&dir).with_context(|| format!("cannot remove {}", dir.display()))?;
    }
    run(Command::new(base).args(["-m", "venv"]).arg(&dir)).context("cannot make a Python environment")?;
    if !requirements.is_empty() {
        let mut pip = pip(&python);
        run(pip.args(["install", "--only-binary", ":all:"]).args(requirements))
            .with_context(|| format!("cannot fetch {}", requirements.join(" ")))?;
    }
    let stamp = dir.join(STAMP);
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(python)
}

/// pip of an environment, which asks nothing and does not look for a newer self.
pub fn pip(python: &Path) -> Command {
    let mut command = Command::new(python);
    command.args(["-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"]);
    command
}

/// Two clones that start at once: the second waits until the first lets go of the lock, and finds the work done.
///
/// # Errors
/// A lock file beside `path` that cannot be written.
pub fn lock(path: &Path) -> Result<File> {
    let path = path.with_added_extension("lock");
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    Ok(file)
}

/// Whether an environment holds what is wanted, and its Python (a link to the system's) still runs.
fn is_ready(dir: &Path, wanted: &str) -> bool {
    fs::read_to_string(dir.join(STAMP)).is_ok_and(|found| found == wanted)
        && output(dir.join("bin/python"), &["-c", "import pip"]).is_some()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_pinned_packages_are_fetched() {
        let error = venv("never-made", &["numpy==2.4.6", "gguf"]).unwrap_err().to_string();
        assert!(error.contains("`gguf` is not pinned"), "{error}");
        assert!(!paths::tools().join("python-never-made").exists());
    }

    #[test]
    fn an_environment_without_its_stamp_is_not_ready() {
        assert!(!is_ready(Path::new("/nowhere"), ""));
    }
}
