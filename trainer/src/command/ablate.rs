//! `fovea ablate`.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::Args;

use crate::{
    ablate::{Attempt, Changed, Claims, Ended, Grid, Plan, Queue, Shard, Teachers, Worker, merge, print_plan},
    command::common::Common,
    features::{Encoder, FeatureCache},
    run::{Progress, Session},
    signals,
};

/// Train and measure a grid of configurations and seeds, and merge what came of it into one study.
///
/// The grid is a TOML file. A cell is a row with a seed:
///
///   study = "kvasir-ablation"        # name of the results
///   data = "../shared/data/kvasir-seg"   # relative to this file; so are `extra` and `descriptions`
///   split = "gaze"
///   seeds = [1, 2, 3]
///   reference = "gaze-baseline"      # the row that others are compared with, image by image
///   #extra = ["phantoms"]            # further folders whose images all train
///   #descriptions = "vlm.jsonl"      # for rows with text = "import" or "shuffled"
///   #backbone = "runs/k1/best-backbone.safetensors"   # one that a student has adapted, for all rows in place of the built-in one
///
///   [base]                           # any keys of a training (fovea train --print-config shows them)
///   teacher-epochs = 8
///   [[row]]
///   name = "gaze-baseline"
///   note = "what a reader must know"
///   [[row]]
///   name = "slow-average"
///   distill.ema = 0.995              # nested tables merge
///
/// Finished cells are skipped, begun ones go on from their last checkpoint, a failing one does not stop the others (the exit
/// code is 1 then). Start the command as often as you like, on one machine or on many that see the same folder: a cell is
/// worked on by one process at a time, and one that was killed leaves its cells to the others. For a job array, --shard 1/4
/// to 4/4 part the cells beforehand; in the end --merge-only merges them all.
///
/// In the two-stage schedule, cells that differ only in what concerns the student start from the same trained teacher
/// (OUT/teachers); a cell's run.json names it. A cell ends with the same weights as `fovea train` with its configuration.
///
/// Rows may have `preset = "paper"`: one that names it starts from that preset's defaults.
///
/// Writes STUDY.json, .md, .csv, .svg, -images.csv and -paired.csv, and keeps the rows that these have and OUT has not, so that
/// a row can be added where the others were trained elsewhere. Ctrl-C saves; the same command goes on.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct AblateArgs {
    /// The grid (TOML).
    #[arg(long, value_name = "FILE")]
    grid: PathBuf,
    /// Folder of cells, teachers and locks; many processes may share it.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Folder that the merged study goes to [default: that of --out].
    #[arg(long, value_name = "DIR")]
    results: Option<PathBuf>,
    /// Data set folder, in place of the one that the grid names.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Only the I-th of N parts of the cells, like 2/8.
    #[arg(long, value_name = "I/N", default_value_t)]
    shard: Shard,
    /// What to do when a cell in the folder was made with another configuration, other data or another program.
    #[arg(long, value_enum, default_value_t)]
    changed: Changed,
    /// Take cells of another version of the program as they are; the study names all versions.
    #[arg(long)]
    any_version: bool,
    /// Say how every cell stands, and do nothing.
    #[arg(long, conflicts_with = "merge_only")]
    dry_run: bool,
    /// Only merge what is finished; the exit code is 1 while cells are missing.
    #[arg(long)]
    merge_only: bool,
    /// Steps between checkpoints [default: 50; preset paper, whose checkpoints take 420 MB: 500].
    #[arg(long, value_name = "STEPS")]
    checkpoint_every: Option<usize>,
    #[command(flatten)]
    common: Common,
}

pub(crate) fn run(args: AblateArgs) -> Result<ExitCode> {
    let grid = Grid::read(&args.grid, args.data.as_deref())?;
    let plan = Plan::new(grid, &args.out)?;
    let claims = Claims::of(args.out.join("locks"));
    let teachers = Teachers::of(args.out.join("teachers"));
    if args.dry_run {
        print_plan(&plan, args.shard, &claims, &teachers, args.any_version)?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.merge_only {
        let complete = write_study(&args, &plan, &claims)?;
        return Ok(if complete { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    plan.refuse_changed(args.shard, &teachers, args.changed, args.any_version)?;
    let progress = Progress::new(args.common.quiet);
    let device = args.common.device.open()?;
    let cache = FeatureCache::open(args.common.cache.as_deref(), Encoder::built_in())?;
    let worker = Worker {
        plan: &plan,
        session: Session {
            device: &device,
            cache: &cache,
            store: &plan.store,
            progress,
            checkpoint_every: args.checkpoint_every,
        },
        claims: &claims,
        teachers: &teachers,
        changed: args.changed,
        any_version: args.any_version,
        images: None,
    };
    let ended = Queue::new(worker, args.shard).run()?;
    if ended.done + ended.before > 0 {
        write_study(&args, &plan, &claims)?;
    }
    report(&ended);
    Ok(if ended.stopped || progress.stopping() {
        eprintln!("stopped and saved. The same command goes on");
        ExitCode::from(signals::exit_code())
    } else if ended.failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Merges, one process at a time, so that the last one's study holds what all have finished. Returns whether no cell is
/// missing.
fn write_study(args: &AblateArgs, plan: &Plan, claims: &Claims) -> Result<bool> {
    let _claim = loop {
        match claims.take("merge")? {
            Attempt::Mine(claim) => break claim,
            Attempt::Held(_) => {
                Progress::new(true).go_on()?;
                std::thread::sleep(std::time::Duration::from_millis(200));
            }
        }
    };
    let merged = merge(plan, args.results.as_deref().unwrap_or(&args.out), args.any_version)?;
    print!("{}", merged.study.markdown_table(&merged.study.distinct_lines()));
    merged.files.iter().for_each(|path| println!("wrote {}", path.display()));
    if !merged.kept.is_empty() {
        println!("kept as they stood there, for want of as many cells here: {}", merged.kept.join(", "));
    }
    if !merged.missing.is_empty() {
        println!("{} cells are missing:", merged.missing.len());
        merged.missing.iter().for_each(|line| println!("  {line}"));
    }
    Ok(merged.missing.is_empty())
}

fn report(ended: &Ended) {
    println!("{} cells finished here, {} before or elsewhere", ended.done, ended.before);
    for (name, holder) in &ended.elsewhere {
        let whose = holder.as_ref().map_or_else(|| "another process".into(), |h| h.words());
        println!("{name}: at work elsewhere ({whose}); it merges when it is done");
    }
    for (name, why) in &ended.failed {
        eprintln!("{name} failed: {why}");
    }
}
