//! Works through the cells: takes what nobody has, says how long it will take, and goes on when one fails.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow};

use super::{
    cell::{Cell, State},
    claim::Attempt,
    shard::Shard,
    worker::{Turn, Worker},
};
use crate::{config::Preset, evaluate::Scored, lock::Holder, run::write_atomic, signals::Stopped};

/// How long to wait before looking again for a teacher that another process trains.
const PATIENCE: Duration = Duration::from_millis(500);

/// The cells of one process.
pub(crate) struct Queue<'a> {
    worker: Worker<'a>,
    cells: Vec<&'a Cell>,
    pending: Vec<&'a Cell>,
    pace: Pace,
    ended: Ended,
}

/// How it ended.
#[derive(Debug, Default)]
pub(crate) struct Ended {
    /// Cells that this process finished.
    pub(crate) done: usize,
    /// Cells that were finished, or that others finished meanwhile.
    pub(crate) before: usize,
    /// Cells that failed, and why.
    pub(crate) failed: Vec<(String, String)>,
    /// Cells that another process is at work on.
    pub(crate) elsewhere: Vec<(String, Option<Holder>)>,
    /// Whether it was asked to stop.
    pub(crate) stopped: bool,
}

/// Seconds a pass over the training images takes, as far as this process has seen.
#[derive(Debug, Default)]
struct Pace {
    passes: usize,
    seconds: f64,
}

impl<'a> Queue<'a> {
    /// The cells of a shard.
    pub(crate) fn new(worker: Worker<'a>, shard: Shard) -> Self {
        let cells: Vec<&Cell> = worker.plan.cells.iter().filter(|cell| shard.holds(cell.index)).collect();
        Self { worker, pending: cells.clone(), cells, pace: Pace::default(), ended: Ended::default() }
    }

    /// Works until nothing is left that this process could do, or it is to stop.
    ///
    /// # Errors
    /// A folder in which nothing can be claimed. A cell that fails is not an error: see [`Ended`].
    pub(crate) fn run(mut self) -> Result<Ended> {
        let progress = self.worker.session.progress;
        let mut told = BTreeSet::new();
        loop {
            let (mut moved, mut waits) = (false, false);
            self.ended.elsewhere.clear();
            for cell in std::mem::take(&mut self.pending) {
                if progress.stopping() {
                    self.ended.stopped = true;
                    return Ok(self.ended);
                }
                if let Ok(State::Finished(_)) = cell.state(self.worker.any_version) {
                    self.ended.before += 1;
                    moved = true;
                    continue;
                }
                match self.worker.claims.take(&cell.name())? {
                    Attempt::Held(holder) => {
                        self.ended.elsewhere.push((cell.name(), holder));
                        self.pending.push(cell);
                    }
                    Attempt::Mine(claim) => {
                        let begin = Instant::now();
                        let passes = self.passes_of(cell);
                        let turn = guarded(|| self.worker.carry_out(cell));
                        drop(claim);
                        match turn {
                            Ok(Turn::Finished(result)) => {
                                moved = true;
                                self.ended.done += 1;
                                self.pace.passes += passes;
                                self.pace.seconds += begin.elapsed().as_secs_f64();
                                let scores: Vec<Scored> = result.images.iter().map(|image| image.scores).collect();
                                self.say(cell, &dice(&scores), begin.elapsed());
                            }
                            Ok(Turn::Stopped) => {
                                self.ended.stopped = true;
                                return Ok(self.ended);
                            }
                            Ok(Turn::TeacherBusy(holder)) => {
                                waits = true;
                                if told.insert(cell.name()) {
                                    let whose = holder.map(|h| h.words()).unwrap_or_else(|| "another process".into());
                                    let line = format!("{} waits for its teacher, which {whose} trains", cell.name());
                                    self.worker.session.progress.say(&line);
                                }
                                self.pending.push(cell);
                            }
                            Err(error) if error.is::<Stopped>() => {
                                self.ended.stopped = true;
                                return Ok(self.ended);
                            }
                            Err(error) => {
                                moved = true;
                                self.fail(cell, &error)?;
                            }
                        }
                    }
                }
            }
            if !moved && !waits {
                return Ok(self.ended);
            }
            if !moved {
                std::thread::sleep(PATIENCE);
            }
        }
    }

    fn fail(&mut self, cell: &Cell, error: &anyhow::Error) -> Result<()> {
        let text = format!("{error:#}");
        // Even a quiet process says this.
        eprintln!("{} failed: {text}", cell.name());
        std::fs::create_dir_all(&cell.folder)?;
        write_atomic(&cell.folder.join("failure.txt"), format!("{}\n{text}\n", jiff::Timestamp::now()).as_bytes())?;
        self.ended.failed.push((cell.name(), text));
        Ok(())
    }

    fn say(&self, cell: &Cell, dice: &str, took: Duration) {
        let at = self.ended.done + self.ended.before + self.ended.failed.len();
        // Teachers that several cells wait for are trained once.
        let mut keys = BTreeSet::new();
        let left = self.cells.iter().filter(|c| self.is_pending(c)).map(|c| match &c.teacher {
            Some((_, key)) if !keys.insert(key) => passes(c, true),
            _ => self.passes_of(c),
        });
        self.worker.session.progress.say(&format!(
            "{} finished in {}: Dice {dice}; {at} of {} cells{}",
            cell.name(),
            time(took.as_secs_f64()),
            self.cells.len(),
            self.pace.words(left.sum())
        ));
    }

    /// Whether a cell is still to be done, by this process or by those it shares the folder with.
    fn is_pending(&self, cell: &Cell) -> bool {
        !matches!(cell.state(self.worker.any_version), Ok(State::Finished(_)))
            && !self.ended.failed.iter().any(|(name, _)| *name == cell.name())
    }

    /// Passes that a cell needs from here.
    fn passes_of(&self, cell: &Cell) -> usize {
        let trained = cell.teacher.as_ref().is_some_and(|(_, key)| self.worker.teachers.is_trained(key));
        passes(cell, trained)
    }
}

/// Passes over the training images that a cell needs, with its first teacher trained before or not;
/// steps, for the preset `paper`.
fn passes(cell: &Cell, trained: bool) -> usize {
    match &cell.config.preset {
        Preset::Paper(paper) => paper.iterations,
        Preset::Lite(lite) => {
            let (teacher, rest) = lite.schedule.passes();
            (teacher + rest) * lite.schedule.rounds() - if trained { teacher } else { 0 }
        }
    }
}

impl Pace {
    /// What is left, if it can be told.
    fn words(&self, passes: usize) -> String {
        if passes == 0 || self.passes == 0 {
            return String::new();
        }
        format!("; about {} left for one process", time(self.seconds / self.passes as f64 * passes as f64))
    }
}

/// "40 s", "12 min" or "3.5 h".
fn time(seconds: f64) -> String {
    match seconds {
        s if s < 90.0 => format!("{s:.0} s"),
        s if s < 5400.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
}

/// Mean Dice of the student, or of the teacher where there is none.
fn dice(images: &[Scored]) -> String {
    let of = |s: &Scored| s.shown().map_or(0.0, |score| score.dice);
    let whose = if images.iter().any(|s| s.student.is_some()) { "student" } else { "teacher" };
    format!("{:.4} ({whose})", images.iter().map(of).sum::<f64>() / images.len().max(1) as f64)
}

/// Runs something so that a panic, too, is only this cell's failure.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|t| (*t).to_owned()));
        Err(anyhow!("it panicked: {}", text.unwrap_or_else(|| "no reason given".into())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_paces_are_for_people() {
        assert_eq!([time(40.0), time(700.0), time(12_600.0)], ["40 s", "12 min", "3.5 h"]);
        let pace = Pace { passes: 10, seconds: 50.0 };
        assert_eq!(pace.words(4), "; about 20 s left for one process");
        assert_eq!((pace.words(0), Pace::default().words(4)), (String::new(), String::new()));
    }

    #[test]
    fn a_panic_is_a_failure() {
        let failed = guarded::<()>(|| panic!("at {}", 3)).map_err(|e| e.to_string());
        assert_eq!(failed, Err("it panicked: at 3".into()));
        assert_eq!(guarded(|| Ok(3)).ok(), Some(3));
    }
}
