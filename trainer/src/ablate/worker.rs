//! Carries one cell out: its teacher, its student, its evaluation.

use std::{fs, path::Path, time::Instant};

use anyhow::{Result, bail, ensure};

use super::{
    cell::{Cell, CellResult, Changed, ImageResult, State, begun, discard},
    claim::{Attempt, Claims},
    plan::Plan,
    teachers::{Teachers, Trained},
};
use crate::{
    config::TrainConfig,
    evaluate::{Choice, TestImages, Texts},
    lock::Holder,
    run::{Beginning, Outcome, Provenance, RunFolder, Session, TeacherFrom},
    version::git_sha,
};

/// What trains and measures cells, one after the other.
pub(crate) struct Worker<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) session: Session<'a>,
    pub(crate) claims: &'a Claims,
    pub(crate) teachers: &'a Teachers,
    pub(crate) changed: Changed,
    pub(crate) any_version: bool,
    /// The test images, opened when the first cell is measured: they are the same for all cells of one preset.
    pub(crate) images: Option<TestImages>,
}

/// How a cell's turn ended.
pub(crate) enum Turn {
    /// Its result is on disk.
    Finished(Box<CellResult>),
    /// It was asked to stop, and saved.
    Stopped,
    /// Another process trains its teacher.
    TeacherBusy(Option<Holder>),
}

/// A teacher that a cell may start from, or why not yet.
enum Teacher {
    Ready(Trained),
    Busy(Option<Holder>),
    Stopped,
}

impl Worker<'_> {
    /// Carries out a cell that the caller has claimed.
    ///
    /// # Errors
    /// Whatever keeps the cell from being trained or measured.
    pub(crate) fn carry_out(&mut self, cell: &Cell) -> Result<Turn> {
        match cell.state(self.any_version)? {
            State::Finished(result) => return Ok(Turn::Finished(result)),
            State::Changed(_) if self.changed == Changed::Retrain => {
                remove(&cell.run())?;
                cell.discard()?;
            }
            State::Changed(what) => bail!("changed since it was begun: {}", what.join("; ")),
            State::New | State::Begun { .. } => {}
        }
        let begin = Instant::now();
        let run = cell.run();
        let (run, from) = match begun(&run)? {
            Some(_) => own(&run)?,
            None => {
                let shared = match &cell.teacher {
                    Some((stage, key)) => match self.teacher(cell, stage, key)? {
                        Teacher::Ready(trained) => Some((key.as_str(), trained)),
                        Teacher::Busy(holder) => return Ok(Turn::TeacherBusy(holder)),
                        Teacher::Stopped => return Ok(Turn::Stopped),
                    },
                    None => None,
                };
                remove(&run)?;
                let teacher =
                    shared.as_ref().map(|(key, trained)| self.teachers.reference(key, trained)).transpose()?;
                self.begin(cell, &run, &cell.config, teacher)?
            }
        };
        if self.train(cell, &run, &cell.config, &from)? == Outcome::Stopped {
            return Ok(Turn::Stopped);
        }
        let result = self.measure(cell, &run, &from, begin)?;
        cell.finish(&result)?;
        Ok(Turn::Finished(Box::new(result)))
    }

    /// Makes the folder of a run that was not begun.
    fn begin(
        &self,
        cell: &Cell,
        path: &Path,
        config: &TrainConfig,
        teacher: Option<TeacherFrom>,
    ) -> Result<(RunFolder, Provenance)> {
        let source = self.plan.source(cell);
        let material = source.open(config)?;
        let sha256 = material.sha256(&self.plan.store)?;
        let from = source.provenance(&material, sha256, &self.session.device.name, teacher)?;
        Ok((Beginning::claim(path)?.create(config, &from, source.encoder.as_ref())?, from))
    }

    /// Goes on with a run until it is over.
    fn train(&self, cell: &Cell, run: &RunFolder, config: &TrainConfig, from: &Provenance) -> Result<Outcome> {
        let material = self.plan.source(cell).open(config)?;
        let sha256 = material.sha256(&self.plan.store)?;
        ensure!(
            sha256 == cell.identity.data_sha256 && from.data_sha256 == sha256,
            "the data has changed while the grid was at work"
        );
        let ready = self.session.prepare(&material, config, from.descriptions.as_ref(), run.encoder()?)?;
        Ok(self.session.train(run, config, from, ready, &|| Ok(self.session.progress.stopping()))?.0)
    }

    /// The cell's teacher, trained if need be.
    fn teacher(&self, cell: &Cell, stage: &TrainConfig, key: &str) -> Result<Teacher> {
        let usable = || -> Result<Option<Trained>> {
            let other = if self.any_version { None } else { self.teachers.made_by_another(key)? };
            Ok(self.teachers.trained(key).filter(|_| other.is_none()))
        };
        if let Some(trained) = usable()? {
            return Ok(Teacher::Ready(trained));
        }
        let _claim = match self.claims.take(&format!("teacher-{key}"))? {
            Attempt::Mine(claim) => claim,
            Attempt::Held(holder) => return Ok(Teacher::Busy(holder)),
        };
        // Another may have come to its end in between.
        if let Some(trained) = usable()? {
            return Ok(Teacher::Ready(trained));
        }
        let folder = self.teachers.folder(key);
        if !self.any_version
            && let Some(other) = self.teachers.made_by_another(key)?
        {
            ensure!(
                self.changed == Changed::Retrain,
                "its teacher in {} is of the program {other}, and this is {}",
                folder.display(),
                git_sha()
            );
            remove(&folder)?;
        }
        let begin = Instant::now();
        let (run, from) = match begun(&folder)? {
            Some(_) => own(&folder)?,
            None => {
                remove(&folder)?;
                self.begin(cell, &folder, stage, None)?
            }
        };
        self.session.progress.say(&format!("teacher {key}, for every cell that can share it"));
        match self.train(cell, &run, stage, &from)? {
            Outcome::Stopped => Ok(Teacher::Stopped),
            Outcome::Finished => {
                let seconds = begin.elapsed().as_secs_f64();
                Ok(Teacher::Ready(self.teachers.finish(key, &from.git_sha, seconds)?))
            }
        }
    }

    /// Measures a finished run on the test images, as `fovea eval` does.
    fn measure(&mut self, cell: &Cell, run: &RunFolder, from: &Provenance, begin: Instant) -> Result<CellResult> {
        let trained = begin.elapsed().as_secs_f64();
        let Session { device, cache, progress, .. } = &self.session;
        let images = match self.images.take().filter(|images| images.serve(&cell.config)) {
            Some(images) => images,
            None => {
                let grid = &self.plan.grid;
                let choice = Choice { data: &grid.data, split: &grid.split, validation: false, flip_average: false };
                TestImages::open(choice, &cell.config, cache, device, progress)?
            }
        };
        let images = self.images.insert(images);
        let texts = Texts::of(images, &cell.config, from.descriptions.as_ref(), cache, progress)?;
        let scored = images.measure(&run.path, &cell.config, &texts, device, progress)?.scored;
        let mut git_sha = vec![from.git_sha.clone(), git_sha().to_owned()];
        if let Some((_, key)) = &cell.teacher {
            git_sha.extend(self.teachers.trained(key).map(|t| t.git_sha).unwrap_or_default());
        }
        git_sha.sort();
        git_sha.dedup();
        // What a failure left behind is over.
        let _ = fs::remove_file(cell.folder.join("failure.txt"));
        let this = Holder::this();
        Ok(CellResult {
            row: cell.row.clone(),
            seed: cell.config.seed,
            identity: super::cell::Identity { git_sha, ..cell.identity.clone() },
            device: device.name.clone(),
            made_by: format!("process {} on {}", this.pid, this.host),
            teacher: from.teacher.clone(),
            data: images.about.clone(),
            seconds: [trained, begin.elapsed().as_secs_f64() - trained],
            images: images
                .cases
                .iter()
                .zip(scored)
                .map(|(case, scores)| ImageResult { id: case.id.clone(), scores })
                .collect(),
        })
    }
}

/// A run that was begun, to go on with.
fn own(run: &Path) -> Result<(RunFolder, Provenance)> {
    let (folder, _, from) = RunFolder::own(run)?;
    Ok((folder, from))
}

/// Removes a run, unless another process (`fovea train --resume`, `fovea export`) uses it.
fn remove(run: &Path) -> Result<()> {
    // Kept until the folder is gone.
    let _lock = RunFolder::free(run)?;
    discard(run)
}
