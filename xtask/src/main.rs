//! `cargo xtask <command>`: see the library.

use clap::{CommandFactory, Parser, Subcommand};
use xtask::{bench, book, capture, claims, demo, dist, faults, first_minute, fuzz, phrases, shots, test, texts};

/// The commands of this repository. They fetch what they need: pinned tools go to a folder of their own
/// ($FOVEA_TOOLS, else ~/.cache/fovea/tools), Debian packages come from apt-get.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the page and serve it on this machine
    Demo(demo::Args),
    /// Check everything: format, lints, documentation, native tests, tests in a browser, tests of the built page
    Test(test::Args),
    /// Look for inputs that break what reads bytes of others, for longer than the tests do
    Fuzz(fuzz::Args),
    /// Let files fail, and kill, stop and start trainings at random moments, more often than the tests do
    Faults(faults::Args),
    /// Write the site as one would publish it: page, book and API, a folder for any static host, at any address
    Dist(dist::Args),
    /// Check the documents and render the book of docs/book
    Book(book::Args),
    /// Measure this machine and the built page, into results/bench.json
    Bench(bench::Args),
    /// Measure what looking changes on the real pictures of a gallery, in the built page
    FirstMinute(first_minute::Args),
    /// Take screenshots of the built page: desktop and phone, light and dark
    Shots(shots::Args),
    /// Use the built page for a minute and write an animated picture of it, for the README
    Capture(capture::Args),
    /// Make the table of phrase embeddings again, or check it
    Phrases(phrases::Args),
    /// Write the words of web/text/*.ftl into index.html and the scripts that repeat them, or check them
    Texts(texts::Args),
    /// Write the gains that the page compares, the paper's and ours, or check them
    Claims(claims::Args),
}

fn main() -> std::process::ExitCode {
    let done = match Cli::parse().command {
        Command::Demo(args) => demo::run(&args),
        Command::Test(args) => test::run(&args, &Cli::command()),
        Command::Dist(args) => dist::run(&args),
        Command::Fuzz(args) => fuzz::run(&args),
        Command::Faults(args) => faults::run(&args),
        Command::Book(args) => book::run(&args, &Cli::command()),
        Command::Bench(args) => bench::run(&args),
        Command::FirstMinute(args) => first_minute::run(&args),
        Command::Shots(args) => shots::run(&args),
        Command::Capture(args) => capture::run(&args),
        Command::Phrases(args) => phrases::run(&args),
        Command::Texts(args) => texts::run(&args),
        Command::Claims(args) => claims::run(&args),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
