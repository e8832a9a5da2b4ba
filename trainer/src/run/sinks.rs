//! `events.jsonl` and `metrics.csv` of a run.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::Path,
};

use anyhow::{Context, Result, ensure};

use super::event::TrainEvent;
use crate::data::durable::{self, Appender};

/// The files that events go to.
pub(crate) struct Sinks {
    jsonl: Appender,
    csv: Appender,
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
            if let Some(row) = csv_row(event) {
                csv.push_str(&row);
                csv.push('\n');
            }
        }
        let csv_path = folder.join("metrics.csv");
        let write = |path: &Path, text: &str| -> Result<Appender> {
            durable::write(path, text.as_bytes())?;
            Ok(Appender::open(path, |_| false)?)
        };
        Ok(Self { jsonl: write(&path, &jsonl)?, csv: write(&csv_path, &csv)? })
    }

    /// Writes one event.
    ///
    /// # Errors
    /// A full disk, or a number that is not finite: JSON has none, and would say that there is no number.
    pub(crate) fn write(&mut self, event: &TrainEvent) -> Result<()> {
        ensure!(
            event.is_finite(),
            "the training has diverged: a number of step {} is not finite ({event:?}). Start a new run with a lower learning rate (--rate)",
            event.step()
        );
        // What is told of before a checkpoint is on the disk when the checkpoint is.
        self.jsonl.append(&serde_json::to_string(event)?, matches!(event, TrainEvent::Checkpoint { .. }))?;
        if let Some(row) = csv_row(event) {
            self.csv.append(&row, false)?;
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
                "{step},{epoch:.3},{rate:.3e},{},{},{},{},,,,",
                number(teacher_loss),
                number(student_loss),
                number(alignment_loss),
                number(consistency_loss)
            ))
        }
        TrainEvent::Validation { step, epoch, teacher_dice, teacher_dice_with_gaze, student_dice, best, .. } => {
            Some(format!(
                "{step},{epoch},,,,,,{},{},{},{best}",
                number(teacher_dice),
                number(teacher_dice_with_gaze),
                number(student_dice)
            ))
        }
        TrainEvent::Stage { .. } | TrainEvent::Checkpoint { .. } => None,
    }
}
