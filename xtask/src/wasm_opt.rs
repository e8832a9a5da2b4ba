//! Shrinks the wasm of a page to be shipped.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::cargo::run;
use crate::tools::Tools;
use crate::{paths, system};

/// The npm package; Debian's binaryen 108 writes a module that validates and then breaks at run time.
const BINARYEN: &str = "132.0.0";

/// What rustc's wasm uses, one by one: `--all-features` makes a module that browsers refuse.
const FLAGS: &[&str] = &[
    "-Oz",
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
];

/// Installs wasm-opt beside the other tools when it is not there.
///
/// # Errors
/// npm is missing and cannot be installed, or cannot fetch the package.
pub fn ensure(tools: &Tools) -> Result<()> {
    let dir = tools.dir().join("binaryen");
    let marker = dir.join("node_modules/binaryen/package.json");
    let there = fs::read_to_string(&marker).is_ok_and(|json| json.contains(&format!("\"version\": \"{BINARYEN}\"")));
    if there {
        println!("    binaryen {BINARYEN}: there");
        return Ok(());
    }
    system::ensure_npm()?;
    fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let mut command = Command::new("npm");
    command.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&dir).arg(format!("binaryen@{BINARYEN}"));
    run(&mut command).context("cannot install wasm-opt")
}

/// Replaces `wasm`, the module of the built page, by a smaller one.
///
/// # Errors
/// wasm-opt fails, or a file cannot be written.
pub fn shrink(tools: &Tools, wasm: &Path) -> Result<()> {
    let out = paths::target().join("fovea-page-opt.wasm");
    let mut command = Command::new(tools.dir().join("binaryen/node_modules/.bin/wasm-opt"));
    run(command.args(FLAGS).arg(wasm).arg("-o").arg(&out))?;
    let megabytes = |path: &Path| Ok::<_, std::io::Error>(fs::metadata(path)?.len() as f64 / 1e6);
    println!("    {:.1} MB -> {:.1} MB", megabytes(wasm)?, megabytes(&out)?);
    fs::copy(&out, wasm).with_context(|| format!("cannot write {}", wasm.display()))?;
    fs::remove_file(&out).with_context(|| format!("cannot remove {}", out.display()))?;
    Ok(())
}
