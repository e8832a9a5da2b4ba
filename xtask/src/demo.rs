//! `cargo xtask demo`: from a fresh clone to a page one can open.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::cargo::{cargo, run as run_command};
use crate::page::{self, Build};
use crate::step::Steps;
use crate::{paths, serve};

/// The options of `demo`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The port on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Build as for shipping: link-time optimisation and wasm-opt. Many minutes more for less than half the size
    #[arg(long)]
    release: bool,
    /// A data set folder (images/, masks/, gaze): some of its images join the gallery of what they
    /// show, in this build and in no commit
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Build only
    #[arg(long)]
    no_serve: bool,
}

/// Builds the page and serves it until it is stopped.
///
/// # Errors
/// The port is taken, or a step fails.
pub fn run(args: &Args) -> Result<ExitCode> {
    // First, as it is a pity to learn of a taken port or a mistyped folder after minutes of building.
    let listener = if args.no_serve { None } else { Some(serve::bind(args.port)?) };
    let data = match &args.data {
        Some(data) if !data.is_dir() => bail!("--data {}: there is no such folder", data.display()),
        Some(data) => Some(data.canonicalize().with_context(|| format!("cannot read --data {}", data.display()))?),
        None => None,
    };
    let mut steps = Steps::default();
    let done = build(&mut steps, args.release, data);
    steps.print_table();
    done?;
    let Some(listener) = listener else {
        println!("\nThe page is in {}", paths::dist().display());
        return Ok(ExitCode::SUCCESS);
    };
    let server = serve::spawn_on(&paths::dist(), listener)?;
    println!("\nCtrl-C stops. Fovea is at\n{}", server.url());
    server.wait();
    Ok(ExitCode::SUCCESS)
}

/// Everything up to a complete page in [`paths::dist`].
fn build(steps: &mut Steps, release: bool, data: Option<PathBuf>) -> Result<()> {
    let build = if release { Build::Release } else { Build::Test };
    let tools = page::tools(steps, build)?;
    page::assemble(steps, &tools, build)?;
    if let Some(data) = data {
        steps.run("compile the trainer", |_| run_command(&mut cargo(["build", "--workspace", "--bin", "fovea"])))?;
        steps.run("gallery", |_| {
            let mut fovea = Command::new(paths::target().join("debug/fovea"));
            fovea.current_dir(paths::root()).args(["gallery", "--data"]).arg(data);
            run_command(fovea.arg("--bundles").arg(paths::dist().join("bundle")))
        })?;
    }
    page::finish(steps)
}
