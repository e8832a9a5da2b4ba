//! Builds the page: cargo, wasm-bindgen and the assets, put together by trunk.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cargo::{cargo, run};
use crate::step::Steps;
use crate::tools::Tools;
use crate::{audit, paths, seal, system, wasm_opt};

/// How the page's wasm is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// Quick to build; the wasm tests use the very same artefacts.
    Test,
    /// Small and fast: link-time optimisation, to be followed by wasm-opt.
    Release,
}

impl Build {
    /// The profile in Cargo.toml.
    pub fn profile(self) -> &'static str {
        match self {
            Build::Test => "wasm",
            Build::Release => "wasm-release",
        }
    }
}

/// Gets the tools that a build needs.
///
/// # Errors
/// One cannot be had.
pub fn tools(steps: &mut Steps, build: Build) -> Result<Tools> {
    let mut tools = None;
    steps.run("tools", |_| {
        system::ensure_rust(false)?;
        let got = tools.insert(Tools::ensure()?);
        if build == Build::Release { wasm_opt::ensure(got) } else { Ok(()) }
    })?;
    tools.context("no tools")
}

/// Gets the tools and the browser and, where `wanted`, builds the page: what comes before looking at it.
///
/// # Errors
/// A step fails.
pub fn ready(steps: &mut Steps, wanted: bool) -> Result<()> {
    let mut tools = None;
    steps.run("tools", |_| {
        system::ensure_rust(false)?;
        system::ensure_browser()?;
        tools = Some(Tools::ensure()?);
        Ok(())
    })?;
    if wanted { build(steps, &tools.context("no tools")?, Build::Test) } else { Ok(()) }
}

/// Makes the complete page in [`paths::dist`].
///
/// # Errors
/// As [`assemble`] and [`finish`].
pub fn build(steps: &mut Steps, tools: &Tools, build: Build) -> Result<()> {
    assemble(steps, tools, build)?;
    finish(steps)
}

/// Compiles the page and puts it together in [`paths::dist`]; a release's wasm is shrunk. Files may
/// be added before [`finish`].
///
/// # Errors
/// A build fails, or the page that came out is not complete.
pub fn assemble(steps: &mut Steps, tools: &Tools, build: Build) -> Result<()> {
    // trunk would do this too, but silently and without the network: this way the progress is seen
    // and crates are fetched.
    steps.run("compile the page", |_| {
        let args = ["build", "--package", "fovea-web", "--bin", "fovea-page", "--target", "wasm32-unknown-unknown"];
        run(cargo(args).args(["--profile", build.profile()]))
    })?;
    steps.run("assemble the page", |_| {
        // trunk works in a folder of the target folder, which several clones may share.
        let lock = paths::target().join(".fovea-page.lock");
        let lock = File::create(&lock).with_context(|| format!("cannot write {}", lock.display()))?;
        lock.lock().context("cannot lock the page build")?;
        let mut command = std::process::Command::new(tools.dir().join("bin/trunk"));
        tools.on_path(&mut command)?;
        command.args(["build", "--cargo-profile", build.profile(), "--dist"]).arg(paths::dist());
        command.current_dir(paths::root()).env("CARGO_TARGET_DIR", paths::target());
        // trunk refuses the values that CI systems like to set, such as NO_COLOR=1.
        command.env_remove("NO_COLOR");
        run(&mut command)?;
        check()
    })?;
    if build == Build::Release {
        steps.run("wasm-opt (single-threaded: some minutes)", |_| wasm_opt::shrink(tools, &wasm(&paths::dist())?))?;
    }
    Ok(())
}

/// Seals the page: see [`seal`](mod@seal).
///
/// # Errors
/// The page is not complete, or refers to something outside of its folder.
pub fn finish(steps: &mut Steps) -> Result<()> {
    steps.run("seal the page", |_| {
        let build = seal::seal(&paths::dist(), &paths::root().join("www"))?;
        println!("    build {}", build.id);
        audit::audit(&paths::dist())
    })
}

/// Whether what lies in [`paths::dist`] can be a page.
fn check() -> Result<()> {
    let wasm = wasm(&paths::dist())?;
    let size = fs::metadata(&wasm).with_context(|| format!("cannot read {}", wasm.display()))?.len();
    println!("    {}: {:.1} MB", wasm.file_name().unwrap_or_default().to_string_lossy(), size as f64 / 1e6);
    Ok(())
}

/// The wasm file of the page in a folder.
///
/// # Errors
/// There is none, or the folder cannot be read.
pub fn wasm(dist: &Path) -> Result<PathBuf> {
    let entries = fs::read_dir(dist).with_context(|| format!("cannot read {}", dist.display()))?;
    let mut paths = entries.flatten().map(|entry| entry.path());
    paths.find(|path| path.extension().is_some_and(|extension| extension == "wasm")).with_context(|| {
        format!("no wasm file in {}\nremedy: look at the link rel=\"rust\" in www/index.html", dist.display())
    })
}
