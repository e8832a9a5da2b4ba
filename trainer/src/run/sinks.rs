//! `events.jsonl` and `metrics.csv` of a run.

use std::{
    cmp::Ordering,
    fs::{self, File},
    io::{BufRead, BufReader},
    path::Path,
};

use anyhow::{Context, Result, ensure};

use super::{checkpoint::State, event::TrainEvent};
use crate::data::durable::{self, Appender};

/// The files that events go to.
pub(crate) struct Sinks {
    jsonl: Appender,
    csv: Appender,
}

const CSV_HEADER: &str = "step,epoch,rate,teacher_loss,student_loss,alignment_loss,consistency_loss,teacher_dice,teacher_dice_with_gaze,student_dice,best";

impl Sinks {
    /// Opens the files of a run that stands at `state`: whatever a killed run wrote after its last
    /// checkpoint is dropped,
    /// because that is done again.
    ///
    /// # Errors
    /// An unwritable folder.
    pub(super) fn open(folder: &Path, state: &State) -> Result<Self> {
        let path = folder.join("events.jsonl");
        let kept = kept_events(&path, state)?;
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
            "the training has diverged: a number of step {} is not finite ({event:?}). Start a new run with a lower \
             learning rate (--rate)",
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

/// Whether a run that stands at `state` has come past an event. A stage begins, and an epoch that
/// waits for it is validated, at a step that
/// a checkpoint may have been written at before.
fn is_past(event: &TrainEvent, state: &State) -> bool {
    match event.step().cmp(&state.step) {
        Ordering::Less => true,
        Ordering::Greater => false,
        Ordering::Equal => match event {
            TrainEvent::Stage { .. } => false,
            TrainEvent::Validation { .. } => !state.validates_next,
            TrainEvent::Step { .. } | TrainEvent::Checkpoint { .. } => true,
        },
    }
}

/// The events that a run has come past, each with its line: read and written again, a number may lose its last digit.
fn kept_events(path: &Path, state: &State) -> Result<Vec<(String, TrainEvent)>> {
    if !fs::exists(path)? {
        return Ok(Vec::new());
    }
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let event = |line: String| serde_json::from_str(&line).ok().map(|event| (line, event));
    // A kill can cut the last line; what cannot be read is after the last checkpoint by construction.
    let events = BufReader::new(file).lines().map_while(Result::ok).map_while(event);
    Ok(events.take_while(|(_, event): &(String, TrainEvent)| is_past(event, state)).collect())
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn stage(step: usize) -> TrainEvent {
        TrainEvent::Stage { step, learner: "teacher".into(), steps: 4 }
    }

    fn validation(step: usize) -> TrainEvent {
        TrainEvent::Validation {
            step,
            epoch: 1,
            teacher_dice: Some(0.5),
            teacher_dice_with_gaze: None,
            student_dice: None,
            against: "masks".into(),
            uniform_truths: None,
            best: true,
        }
    }

    #[test]
    fn what_is_done_again_is_told_once() {
        let at = |step, validates_next| State { step, validates_next, ..State::default() };
        let all = [
            stage(0),
            TrainEvent::Checkpoint { step: 2 },
            validation(2),
            TrainEvent::Checkpoint { step: 2 },
            stage(2),
            TrainEvent::Checkpoint { step: 3 },
        ];
        for (state, kept) in [(at(0, false), 0), (at(2, true), 2), (at(2, false), 4), (at(3, false), 6)] {
            let folder = tempfile::tempdir().unwrap();
            let mut sinks = Sinks::open(folder.path(), &State::default()).unwrap();
            all.iter().for_each(|event| sinks.write(event).unwrap());
            drop(sinks);
            drop(Sinks::open(folder.path(), &state).unwrap());
            let text = fs::read_to_string(folder.path().join("events.jsonl")).unwrap();
            assert_eq!(text.lines().count(), kept, "{state:?}");
        }
    }
}
