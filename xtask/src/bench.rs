//! `cargo xtask bench`: the native and the page's numbers in one file, `results/bench.json`, and what
//! glances teach in the page, in `results/teach-page.json`.
//!
//! The trainer is measured as the book (train.md) builds it for long trainings: optimised for this
//! processor, and keeping freed memory. Its peer, Debian's PyTorch, chooses its kernels by the
//! processor too.

use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::cargo::{cargo, run as run_command};
use crate::step::Steps;
use crate::system::{TORCH_PYTHON, ensure_torch};
use crate::{page, paths, teach_bench};

/// glibc gives large blocks back to the system at once and asks for them again a moment later; these make it keep them.
const KEEP_FREED_MEMORY: [(&str, &str); 2] =
    [("MALLOC_MMAP_THRESHOLD_", "2000000000"), ("MALLOC_TRIM_THRESHOLD_", "4000000000")];

/// The options of `bench`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Measure the page as it was built last, for instance by `demo --release --no-serve`
    #[arg(long)]
    no_build: bool,
    /// Only this part
    #[arg(long, value_enum)]
    only: Option<Part>,
}

/// What is measured.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// The trainer, and PyTorch beside it
    Native,
    /// The page: first mask, clicks, steps, sizes
    Page,
    /// What glances teach in the page
    Teach,
}

/// Measures and updates `results/bench.json`.
///
/// # Errors
/// A step fails.
pub fn run(args: &Args) -> Result<ExitCode> {
    let mut steps = Steps::default();
    let wants = |part| args.only.is_none_or(|only| only == part);
    if wants(Part::Page) || wants(Part::Teach) {
        page::ready(&mut steps, !args.no_build)?;
    }
    steps.run("compile", |_| {
        let programs = ["fovea", "fovea-page-bench", "fovea-teach-bench"].iter().flat_map(|name| ["--bin", name]);
        run_command(cargo(["build", "--workspace"]).args(programs))
    })?;
    if wants(Part::Native) {
        native(&mut steps)?;
    }
    if wants(Part::Page) {
        in_the_page(&mut steps)?;
    }
    if wants(Part::Teach) {
        steps.run("teach in the page", |_| teach_bench::run())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn program(name: &str) -> Command {
    let mut command = Command::new(paths::target().join("debug").join(name));
    command.current_dir(paths::root());
    command
}

/// The trainer, then PyTorch.
fn native(steps: &mut Steps) -> Result<()> {
    // A folder of its own: other flags in the same one would build everything again at each change between the two.
    let fast = paths::target().join("native");
    steps.run("compile for this processor (a quarter of an hour the first time)", |_| {
        let mut build = cargo(["build", "--release", "--workspace", "--bin", "fovea"]);
        run_command(build.env("CARGO_TARGET_DIR", &fast).env("RUSTFLAGS", "-C target-cpu=native"))
    })?;
    steps.run("native", |_| {
        let mut bench = Command::new(fast.join("release").join("fovea"));
        run_command(bench.args(["bench", "--device", "cpu"]).current_dir(paths::root()).envs(KEEP_FREED_MEMORY))
    })?;
    // The same steps in another framework, on the same cores, in the same run.
    let peers = paths::target().join("peer-bench.json");
    steps.run("peer (PyTorch)", |_| {
        ensure_torch()?;
        let mut bench = Command::new(TORCH_PYTHON);
        bench.arg("tools/bench_peer.py").current_dir(paths::root());
        let output = bench.stderr(Stdio::inherit()).output().context("cannot start tools/bench_peer.py")?;
        if !output.status.success() {
            bail!("tools/bench_peer.py ended with {}", output.status);
        }
        std::fs::write(&peers, &output.stdout).with_context(|| format!("cannot write {}", peers.display()))?;
        run_command(program("fovea").args(["bench", "--device", "cpu", "--peers"]).arg(&peers))
    })
}

/// The page's numbers.
fn in_the_page(steps: &mut Steps) -> Result<()> {
    let rows = paths::target().join("page-bench.json");
    steps.run("page", |_| {
        let mut bench = program("fovea-page-bench");
        let output = bench.stderr(Stdio::inherit()).output().context("cannot start fovea-page-bench")?;
        if !output.status.success() {
            bail!("fovea-page-bench ended with {}", output.status);
        }
        std::fs::write(&rows, &output.stdout).with_context(|| format!("cannot write {}", rows.display()))?;
        run_command(program("fovea").args(["bench", "--device", "cpu", "--import"]).arg(&rows))
    })
}
