//! `cargo xtask test`: everything that must hold, in the order that finds mistakes early and builds nothing twice.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::cargo::{cargo, run as run_command, run_tests};
use crate::page::{self, Build};
use crate::step::{Count, Steps};
use crate::tools::Tools;
use crate::{book, claims, paths, python, structure, system, text_encoder};

/// What tools/protocol_server.py needs: llama.cpp ready built, and what writes models for it.
const PROTOCOL: [&str; 3] = ["xllamacpp==2026.10.11549", "gguf==0.19.0", "numpy==2.4.6"];

/// The options of `test`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Only these steps, in the usual order
    #[arg(long, value_delimiter = ',', value_name = "STEP")]
    only: Vec<Step>,
    /// Only fmt, structure, book, clippy and lib: under 5 minutes once the dependencies are built.
    ///
    /// It leaves out the rendering of the book, the lints of the wasm build, the documentation, the
    /// tests of the command line, the tests on real data, the examples, and everything that needs a
    /// browser: wasm tests, the build of the page and the tests of the built page.
    #[arg(long, conflicts_with = "only")]
    fast: bool,
}

/// What there is to check.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// Format
    Fmt,
    /// Structure: circles between files, features of single crates, texts and claims of the page
    Structure,
    /// Documents: links, commands, words, sizes; and the book, rendered
    Book,
    /// Lints of the native build, all targets
    Clippy,
    /// Lints of the wasm build, all targets
    ClippyWasm,
    /// Documentation without warnings
    Doc,
    /// Unit and property tests of the libraries: a part of `unit`
    Lib,
    /// Unit, property and command-line tests
    Unit,
    /// Tests in headless Chromium, on the CPU and on WebGPU
    Wasm,
    /// Build of the page
    Page,
    /// Tests of the built page in Chromium (a few also in Firefox and WebKit), and across the crates on native wgpu
    Built,
    /// The commands of the documents, run on small drawn data: minutes, and only where it is asked for
    Commands,
}

impl Step {
    /// What `--fast` runs.
    const FAST: [Step; 5] = [Step::Fmt, Step::Structure, Step::Book, Step::Clippy, Step::Lib];

    /// All of them, but for `Lib`, which `Unit` holds, and `Commands`.
    const ALL: [Step; 10] = [
        Step::Fmt,
        Step::Structure,
        Step::Book,
        Step::Clippy,
        Step::ClippyWasm,
        Step::Doc,
        Step::Unit,
        Step::Wasm,
        Step::Page,
        Step::Built,
    ];

    /// What the options ask for, in the usual order.
    fn wanted(args: &Args) -> Vec<Step> {
        if args.fast {
            return Step::FAST.into();
        }
        if args.only.is_empty() {
            return Step::ALL.into();
        }
        let mut wanted = args.only.clone();
        wanted.sort();
        wanted.dedup();
        wanted
    }
}

/// Runs the steps; the last line is `<n> passed, <n> failed`. `xtask` is the command line of this
/// program, for the check of documents.
///
/// # Errors
/// Only what keeps the steps from being run at all: a failing step ends in a table, its error and exit code 1.
pub fn run(args: &Args, xtask: &clap::Command) -> Result<ExitCode> {
    let mut steps = Steps::default();
    let done = run_steps(&mut steps, args, xtask);
    steps.print_table();
    if let Err(error) = &done {
        println!("\nFAILED: {error:#}");
    }
    let Count { passed, failed } = steps.total();
    println!("\n{passed} passed, {failed} failed");
    Ok(if done.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_steps(steps: &mut Steps, args: &Args, xtask: &clap::Command) -> Result<()> {
    let wanted = Step::wanted(args);
    let needs = |any: &[Step]| wanted.iter().any(|step| any.contains(step));
    let mut tools = None;
    let (mut encoder, mut protocol) = (None, None);
    steps.run("tools", |_| {
        system::ensure_rust(true)?;
        if needs(&[Step::Unit, Step::Wasm, Step::Built]) {
            system::ensure_browser()?;
        }
        if needs(&[Step::Wasm, Step::Page]) {
            tools = Some(Tools::ensure()?);
        }
        if needs(&[Step::Built]) {
            system::ensure_other_browsers()?;
            Tools::ensure_geckodriver()?;
        }
        if needs(&[Step::Unit]) {
            encoder = Some(text_encoder::ensure()?);
            protocol = Some(python::venv("protocol", &PROTOCOL)?);
        }
        Ok(())
    })?;
    for step in wanted {
        if step == Step::Book {
            steps.run("documents", |_| book::check(xtask))?;
        }
        // What `--fast` leaves out of the book.
        if step != Step::Book || !args.fast {
            run_step(steps, step, tools.as_ref(), encoder.as_deref(), protocol.as_deref())?;
        }
    }
    Ok(())
}

fn run_step(
    steps: &mut Steps,
    step: Step,
    tools: Option<&Tools>,
    encoder: Option<&Path>,
    protocol: Option<&Path>,
) -> Result<()> {
    match step {
        Step::Fmt => steps.run("format", |_| run_command(&mut cargo(["fmt", "--all", "--check"]))),
        Step::Structure => steps.run("structure", |_| {
            structure::check()?;
            claims::check()
        }),
        Step::Book => book::make(steps, &paths::target().join("book")),
        Step::Clippy => steps.run("clippy", |_| {
            run_command(&mut cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
        }),
        // `dev` and not `wasm`, whose artefacts a check cannot use anyway: this way the procedural
        // macros and build scripts of the step before are shared. fovea-shared is linted along, as
        // a dependency in the workspace.
        Step::ClippyWasm => steps.run("clippy (wasm)", |_| {
            let target = "--target=wasm32-unknown-unknown";
            run_command(&mut cargo(["clippy", "-p", "fovea-web", "--all-targets", target, "--", "-D", "warnings"]))
        }),
        // Uses what clippy checked of the dependencies.
        Step::Doc => steps.run("documentation", |_| {
            run_command(cargo(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
        }),
        Step::Lib => steps.run("unit and property tests", |count| {
            run_tests(workspace_tests(&BTreeSet::new()).args(["--lib", "--no-fail-fast"]), count)
        }),
        Step::Unit => {
            let tests = Targets::find()?;
            steps.run("unit, property and command-line tests", |count| {
                let mut command = workspace_tests(&tests.early);
                command.env("FOVEA_MINILM", encoder.context("no text encoder")?);
                command.env("FOVEA_PROTOCOL_PYTHON", protocol.context("no Python for the protocol test")?);
                run_tests(command.args(["--lib", "--bins"]).arg("--no-fail-fast"), count)
            })?;
            real_data_tests(steps)?;
            steps.run("documentation tests", |count| {
                run_tests(&mut cargo(["test", "--workspace", "--doc", "--no-fail-fast"]), count)
            })?;
            steps.run("examples", |_| {
                for example in ["read_bundle", "predict_one_image", "train_on_phantoms"] {
                    run_command(&mut cargo(["run", "--package", "fovea-trainer", "--example", example]))?;
                }
                Ok(())
            })
        }
        Step::Wasm => steps.run("wasm tests in Chromium", |count| wasm_tests(tools.context("no tools")?, count)),
        Step::Page => page::build(steps, tools.context("no tools")?, Build::Test),
        Step::Commands => book::run_commands(steps, &[]),
        Step::Built => {
            let tests = Targets::find()?;
            steps.run("tests of the built page and across the crates", |count| {
                let mut command = workspace_tests(&tests.built);
                command.arg("--no-fail-fast").env("FOVEA_DIST", paths::dist());
                // One browser at a time: two of them, each drawing and computing on the CPU, only run into time limits.
                run_tests(command.env("RUST_TEST_THREADS", "1"), count)
            })
        }
    }
}

/// The tests that are ignored because they need real data, where there is some: in `FOVEA_DATA`,
/// else beside the checkout.
fn real_data_tests(steps: &mut Steps) -> Result<()> {
    let data = paths::data();
    if !data.is_dir() {
        println!("\nTests on real data are not run: there is no folder {} (set FOVEA_DATA)", data.display());
        return Ok(());
    }
    steps.run("tests on real data", |count| {
        let mut command = cargo(["test", "--workspace", "--lib", "--test", "trainer", "--no-fail-fast"]);
        run_tests(
            command.env("FOVEA_DATA", data.canonicalize()?).args(["--", "--ignored", "--skip", "write_the_corpora"]),
            count,
        )
    })
}

/// `cargo test` of the given integration tests, with the features of the whole workspace: see the
/// crate's documentation.
fn workspace_tests(names: &BTreeSet<String>) -> Command {
    let mut command = cargo(["test", "--workspace"]);
    // The same cases in every run, so that a run can be repeated; other seeds are for `PROPTEST_RNG_SEED=… cargo test`.
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        command.env("PROPTEST_RNG_SEED", "20261130");
    }
    // A text that differs from its snapshot fails and writes nothing.
    command.env("INSTA_UPDATE", "no");
    command.args(names.iter().flat_map(|name| ["--test", name]));
    command
}

/// The native integration tests, `<crate>/tests/<name>.rs` or `<crate>/tests/<name>/main.rs`.
struct Targets {
    /// Those that need no page.
    early: BTreeSet<String>,
    /// Those of fovea-tests, which need the built page.
    built: BTreeSet<String>,
}

impl Targets {
    fn find() -> Result<Targets> {
        let names = |folder: &str| -> BTreeSet<String> {
            let entries = fs::read_dir(paths::root().join(folder).join("tests")).into_iter().flatten().flatten();
            let programs = entries.map(|entry| entry.path()).filter(|path| {
                path.join("main.rs").is_file() || path.extension().is_some_and(|extension| extension == "rs")
            });
            programs.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect()
        };
        // The tests of `web` run in the browser, but for one that reads pictures of the repository.
        let early: BTreeSet<String> =
            ["shared", "shared/grabcut", "shared/medical", "trainer", "trainer/paper", "trainer/phantom", "xtask"]
                .into_iter()
                .flat_map(names)
                .chain(["likeness".to_owned()])
                .collect();
        let built = names("tests");
        // Cargo selects them by name alone.
        if let Some(name) = early.intersection(&built).next() {
            bail!("the test {name} of tests/ has a namesake in another crate\nremedy: rename one of them");
        }
        Ok(Targets { early, built })
    }
}

/// The tests of `web` in the browser, whose flags web/webdriver.json holds.
fn wasm_tests(tools: &Tools, count: &mut Count) -> Result<()> {
    let driver = system::chromedriver().context("no chromedriver\nremedy: apt-get install chromium-driver")?;
    let mut command = cargo(["test", "-p", "fovea-web", "--target", "wasm32-unknown-unknown", "--profile", "wasm"]);
    // No documentation tests, which cargo would hand to the browser too; no test build of the page's empty `main`.
    command.args(["--lib", "--test", "*", "--no-fail-fast"]);
    command.env("CHROMEDRIVER", driver).env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", webdriver_json()?);
    // For test files that do not say where they run; and long enough for WebGPU on a CPU to compile its first shaders.
    command.env("WASM_BINDGEN_USE_BROWSER", "1").env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    tools.on_path(&mut command)?;
    run_tests(&mut command, count)
}

/// web/webdriver.json, with the browser of this machine in it when that is not Debian's.
fn webdriver_json() -> Result<PathBuf> {
    let path = paths::root().join("web/webdriver.json");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut json: serde_json::Value =
        serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))?;
    let chromium = system::chromium().context("no browser\nremedy: apt-get install chromium")?;
    let binary = &mut json["goog:chromeOptions"]["binary"];
    if binary.as_str().is_some_and(|binary| chromium == Path::new(binary)) {
        return Ok(path);
    }
    *binary = chromium.to_string_lossy().into_owned().into();
    let copy = paths::target().join("webdriver.json");
    fs::write(&copy, json.to_string()).with_context(|| format!("cannot write {}", copy.display()))?;
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_runs_in_the_usual_order() {
        let args = |only: &[Step], fast| Args { only: only.to_vec(), fast };
        assert_eq!(Step::wanted(&args(&[], false)), Step::ALL);
        assert_eq!(Step::wanted(&args(&[], true)), Step::FAST);
        assert_eq!(Step::wanted(&args(&[Step::Built, Step::Fmt, Step::Built], false)), [Step::Fmt, Step::Built]);
        assert!(Step::ALL.is_sorted() && Step::FAST.is_sorted());
    }
}
