//! `cargo xtask capture`: a minute of the real page as an animated picture, for the README.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::cargo::{cargo, run as run_command};
use crate::step::Steps;
use crate::system::ensure_webp;
use crate::{page, paths};

/// The options of `capture`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Take the page as it was built last
    #[arg(long)]
    no_build: bool,
    /// The picture to write
    #[arg(long, value_name = "FILE", default_value = "docs/demo.webp")]
    out: PathBuf,
    /// Quality, 0 to 100: larger is sharper and heavier
    #[arg(long, default_value_t = 55)]
    quality: u8,
}

/// Builds the page, uses it for a minute and writes what was seen.
///
/// # Errors
/// A step fails.
pub fn run(args: &Args) -> Result<ExitCode> {
    let mut steps = Steps::default();
    ensure_webp()?;
    page::ready(&mut steps, !args.no_build)?;
    steps.run("compile the camera", |_| run_command(&mut cargo(["build", "--workspace", "--bin", "fovea-capture"])))?;
    let folder = paths::target().join("capture");
    steps.run("use the page", |_| {
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        let mut camera = Command::new(paths::target().join("debug/fovea-capture"));
        run_command(camera.current_dir(paths::root()).arg(&folder))
    })?;
    let out = paths::root().join(&args.out);
    steps.run("put together", |_| assemble(&folder, &out, args.quality))?;
    steps.print_table();
    println!("\n{}: {:.1} MB", out.display(), fs::metadata(&out)?.len() as f64 / 1e6);
    Ok(ExitCode::SUCCESS)
}

/// Makes one animated picture of the frames that `frames.txt` lists with their times.
fn assemble(folder: &Path, out: &Path, quality: u8) -> Result<()> {
    let list = folder.join("frames.txt");
    let frames = fs::read_to_string(&list).with_context(|| format!("cannot read {}", list.display()))?;
    // With so many frames the command line would be too long for some systems: img2webp reads it from a file.
    let mut arguments = format!("-loop 0 -lossy -q {quality} -m 4");
    for line in frames.lines() {
        let Some((name, ms)) = line.split_once(' ') else { bail!("{}: not a frame: {line}", list.display()) };
        arguments += &format!(" -d {ms} {}", folder.join(name).display());
    }
    if let Some(parent) = out.parent() {
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    }
    arguments += &format!(" -o {}", out.display());
    let file = folder.join("arguments.txt");
    fs::write(&file, arguments).with_context(|| format!("cannot write {}", file.display()))?;
    run_command(Command::new("img2webp").arg(&file))
}
