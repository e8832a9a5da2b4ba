//! `events.jsonl` and `metrics.csv` of a run.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::event::TrainEvent;

/// The files that events go to.
pub(crate) struct Sinks {
    path: PathBuf,
    jsonl: File,
    csv: File,
}

const CSV_HEADER: &str = "step,epoch,rate,teacher_loss,student_loss,alignment_loss,consistency_loss,teacher_dice,teacher_dice_with_gaze,student_dice,best";

impl Sinks {
    /// Opens the files of a run that stands at `step`: whatever a killed run wrote after its last checkpoint is dropped,
    /// because those steps are taken again.
    ///
    /// # Errors
    /// An unwritable folder.
    pub(crate) fn open(folder: &Path, step: usize) -> Result<Self> {
        let path = folder.join("events.jsonl");
        let kept = kept_events(&path, step)?;
        let mut jsonl = String::new();
        let mut csv = format!("{CSV_HEADER}\n");
        for (line, event) in &kept {
            jsonl.push_str(line);
            jsonl.push('\n');
            csv.push_str(&csv_row(event).unwrap_or_default());
        }
        let csv_path = folder.join("metrics.csv");
        let write = |path: &Path, text: &str| -> Result<File> {
            super::folder::write_atomic(path, text.as_bytes())?;
            OpenOptions::new().append(true).open(path).with_context(|| format!("{} cannot be written", path.display()))
        };
        Ok(Self { jsonl: write(&path, &jsonl)?, csv: write(&csv_path, &csv)?, path })
    }

    /// Writes one event.
    ///
    /// # Errors
    /// A full disk.
    pub(crate) fn write(&mut self, event: &TrainEvent) -> Result<()> {
        let context = || format!("{} cannot be written", self.path.display());
        writeln!(self.jsonl, "{}", serde_json::to_string(event)?).with_context(context)?;
        if let Some(row) = csv_row(event) {
            self.csv.write_all(row.as_bytes()).with_context(context)?;
        }
        Ok(())
    }
}

/// The events up to a step, each with its line: read and written again, a number may lose its last digit.
fn kept_events(path: &Path, step: usize) -> Result<Vec<(String, TrainEvent)>> {
    if !fs::exists(path)? {
        return Ok(Vec::new());
    }
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let event = |line: String| serde_json::from_str(&line).ok().map(|event| (line, event));
    // A kill can cut the last line; what cannot be read is after the last checkpoint by construction.
    let events = BufReader::new(file).lines().map_while(Result::ok).map_while(event);
    Ok(events.take_while(|(_, event): &(String, TrainEvent)| event.step() <= step).collect())
}

fn csv_row(event: &TrainEvent) -> Option<String> {
    let number = |value: &Option<f64>| value.map(|v| format!("{v:.6}")).unwrap_or_default();
    match event {
        TrainEvent::Step { step, epoch, rate, teacher_loss, student_loss, alignment_loss, consistency_loss } => {
            Some(format!(
                "{step},{epoch:.3},{rate:.3e},{},{},{},{},,,,\n",
                number(teacher_loss),
                number(student_loss),
                number(alignment_loss),
                number(consistency_loss)
            ))
        }
        TrainEvent::Validation { step, epoch, teacher_dice, teacher_dice_with_gaze, student_dice, best, .. } => {
            Some(format!(
                "{step},{epoch},,,,,,{},{},{},{best}\n",
                number(teacher_dice),
                number(teacher_dice_with_gaze),
                number(student_dice)
            ))
        }
        TrainEvent::Stage { .. } | TrainEvent::Checkpoint { .. } => None,
    }
}
