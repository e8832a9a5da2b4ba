//! What the machine itself must have: Debian packages, the Rust components, the wasm target.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo::{cargo, output, run};
use crate::paths;

/// Something a Debian package provides, and how to see that it is there.
struct Need {
    package: &'static str,
    found: fn() -> bool,
}

/// A browser, its driver, and a Vulkan driver without a GPU for the native wgpu tests.
const BROWSER: &[Need] = &[
    Need { package: "chromium", found: || chromium().is_some() },
    Need { package: "chromium-driver", found: || chromedriver().is_some() },
    Need { package: "libvulkan1", found: || has_file("/usr/lib", "libvulkan.so.1") },
    Need { package: "mesa-vulkan-drivers", found: || has_file("/usr/share/vulkan/icd.d", "_icd") },
];

/// Two other engines, for a smoke test: Firefox, and WebKit with the screen and the bus that it needs.
const OTHER_BROWSERS: &[Need] = &[
    Need { package: "firefox-esr", found: || firefox().is_some() },
    Need { package: "webkit2gtk-driver", found: || paths::program("WebKitWebDriver").is_some() },
    Need { package: "xvfb", found: || paths::program("xvfb-run").is_some() },
    Need { package: "xauth", found: || paths::program("xauth").is_some() },
    Need { package: "dbus", found: || paths::program("dbus-run-session").is_some() },
];

/// wasm-opt comes through npm.
const NPM: &[Need] = &[
    Need { package: "nodejs", found: || paths::program("node").is_some() },
    Need { package: "npm", found: || paths::program("npm").is_some() },
];

/// What makes virtual environments. Debian's python3 cannot do it without the second package.
const PYTHON: &[Need] = &[
    Need { package: "python3", found: || paths::program("python3").is_some() },
    Need { package: "python3-venv", found: || python().is_some() },
];

/// What puts animated pictures together.
const WEBP: &[Need] = &[Need { package: "webp", found: || paths::program("img2webp").is_some() }];

/// What the bench compares with: Debian's PyTorch, because the one of PyPI brings gigabytes of CUDA.
const TORCH: &[Need] =
    &[Need { package: "python3-torch", found: || output(TORCH_PYTHON, &["-c", "import torch"]).is_some() }];
/// The Python that Debian's packages are for.
pub const TORCH_PYTHON: &str = "/usr/bin/python3";

/// The browser: `$FOVEA_CHROMIUM`, else Chromium or Chrome on the path.
pub fn chromium() -> Option<PathBuf> {
    match std::env::var("FOVEA_CHROMIUM") {
        Ok(path) => paths::program(&path),
        Err(_) => ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(paths::program),
    }
}

/// The browser's driver: `$CHROMEDRIVER`, else `chromedriver` on the path.
pub fn chromedriver() -> Option<PathBuf> {
    paths::program(&std::env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".into()))
}

/// Firefox: Debian's, else another on the path.
pub fn firefox() -> Option<PathBuf> {
    ["firefox-esr", "firefox"].into_iter().find_map(paths::program)
}

/// The driver of Firefox: the pinned one, else one on the path.
pub fn geckodriver() -> Option<PathBuf> {
    let pinned = paths::tools().join("bin/geckodriver");
    if pinned.is_file() { Some(pinned) } else { paths::program("geckodriver") }
}

/// The small browser that WebKit's driver starts. Debian keeps it out of the path.
pub fn mini_browser() -> Option<PathBuf> {
    let folders = |dir: &Path| fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    let machines = folders(Path::new("/usr/lib")).filter(|path| path.to_string_lossy().contains("-linux-"));
    let versions = machines.flat_map(|path| folders(&path).collect::<Vec<_>>());
    let webkit = versions.filter(|path| path.to_string_lossy().contains("/webkit2gtk-"));
    webkit.map(|path| path.join("MiniBrowser")).find(|path| path.is_file())
}

/// A Python 3 that can make virtual environments: the one on the path, else Debian's.
pub fn python() -> Option<PathBuf> {
    let able = |program: &PathBuf| output(program, &["-c", "import venv, ensurepip"]).is_some();
    ["python3", "/usr/bin/python3"].into_iter().filter_map(paths::program).find(able)
}

/// Makes sure that the browser tests can run.
///
/// # Errors
/// A package is missing and cannot be installed; the message names the packages.
pub fn ensure_browser() -> Result<()> {
    ensure(BROWSER)
}

/// Makes sure that the smoke tests of other browsers can run; Firefox's driver is one of the tools.
///
/// # Errors
/// As [`ensure_browser`].
pub fn ensure_other_browsers() -> Result<()> {
    ensure(OTHER_BROWSERS)
}

/// Makes sure that npm can run.
///
/// # Errors
/// As [`ensure_browser`].
pub fn ensure_npm() -> Result<()> {
    ensure(NPM)
}

/// Makes sure that `img2webp` can run.
///
/// # Errors
/// As [`ensure_browser`].
pub fn ensure_webp() -> Result<()> {
    ensure(WEBP)
}

/// Makes sure that [`python`] finds one.
///
/// # Errors
/// As [`ensure_browser`].
pub fn ensure_python() -> Result<()> {
    ensure(PYTHON)
}

/// Makes sure that [`TORCH_PYTHON`] has PyTorch.
///
/// # Errors
/// As [`ensure_browser`].
pub fn ensure_torch() -> Result<()> {
    ensure(TORCH)
}

fn ensure(needs: &[Need]) -> Result<()> {
    let missing: Vec<&str> = needs.iter().filter(|need| !(need.found)()).map(|need| need.package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if paths::program("apt-get").is_none() {
        bail!("these Debian packages are needed and there is no apt-get: {list}\nremedy: install their like by hand");
    }
    println!("    Debian packages to install: {list}");
    // A stale package list is no reason to stop: the install says what it lacks.
    if let Err(error) = run(&mut apt(&["update", "-q"])?) {
        println!("    {error:#}; going on with the package list as it is");
    }
    let mut args = vec!["install", "-y", "-q", "--no-install-recommends"];
    args.extend(&missing);
    run(&mut apt(&args)?).with_context(|| format!("cannot install {list}\nremedy: sudo apt-get install {list}"))?;
    let still: Vec<&str> = needs.iter().filter(|need| !(need.found)()).map(|need| need.package).collect();
    if !still.is_empty() {
        bail!("installed, and yet what they provide is not found: {}", still.join(" "));
    }
    Ok(())
}

/// An apt-get call, through sudo for people who are not root.
fn apt(args: &[&str]) -> Result<Command> {
    let root = output("id", &["-u"]).is_some_and(|id| id == "0");
    let mut command = if root {
        Command::new("apt-get")
    } else if paths::program("sudo").is_some() {
        let mut sudo = Command::new("sudo");
        sudo.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    } else {
        bail!(
            "packages are missing, and this is neither root nor is there sudo\nremedy: as root: apt-get {}",
            args.join(" ")
        );
    };
    command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}

/// Makes sure that the toolchain can build wasm, and that `cargo fmt` and `cargo clippy` exist when `lints` is set.
///
/// # Errors
/// Something is missing and rustup is not there or cannot add it.
pub fn ensure_rust(lints: bool) -> Result<()> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let std_lib = output(rustc, &["--print", "target-libdir", "--target", "wasm32-unknown-unknown"]);
    // rustc names the folder even when it is not there.
    if !std_lib.is_some_and(|dir| Path::new(&dir).is_dir()) {
        rustup(&["target", "add", "wasm32-unknown-unknown"])?;
    }
    for (component, tool) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        let works = || cargo([tool, "--version"]).output().is_ok_and(|output| output.status.success());
        if lints && !works() {
            rustup(&["component", "add", component])?;
        }
    }
    Ok(())
}

/// rustup acts on the toolchain of rust-toolchain.toml, as it runs in the repository.
fn rustup(args: &[&str]) -> Result<()> {
    let text = args.join(" ");
    run(Command::new("rustup").args(args).current_dir(paths::root())).with_context(|| {
        format!("the toolchain lacks a part\nremedy: with rustup: rustup {text}; else from where your Rust comes")
    })
}

/// Whether `dir`, or a folder in it, has a file whose name contains `part`.
fn has_file(dir: &str, part: &str) -> bool {
    let entries = |dir: &Path| fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect::<Vec<_>>();
    let named = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().contains(part));
    let top = entries(Path::new(dir));
    top.iter().any(|path| named(path))
        // Only the folders of architectures: /usr/lib has thousands of others.
        || top.iter().filter(|path| path.to_string_lossy().contains("-linux-")).any(|dir| entries(dir).iter().any(|p| named(p)))
}
