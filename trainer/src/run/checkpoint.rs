//! Checkpoints: the whole state of a run, written beside and renamed, the last two kept; and the best heads so far.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use burn::{
    module::Module,
    optim::ModuleOptimizer,
    store::ModuleRecord,
    tensor::{Bytes, Device},
};
use fovea_paper::{PaperDistiller, PaperTrainee};
use fovea_shared::{
    distill::{Adapters, Distiller, Trainee},
    model::{
        Backbone, StudentHead, TeacherHead,
        weights::{self, Precision},
    },
};
use serde::{Deserialize, Serialize};

use super::folder::{ADAPTED, write_atomic};
use crate::features::Encoder;

/// How many checkpoints are kept.
const KEPT: usize = 2;

/// Where a run stands, besides its weights.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    /// Steps taken in the whole run.
    pub(super) step: usize,
    /// The stage at work.
    pub(super) stage: usize,
    /// Steps taken in that stage.
    pub(super) stage_step: usize,
    /// Best validation Dice of the teacher (with all gaze, where it gets a prompt).
    pub(super) best_teacher: Option<f64>,
    /// Best validation Dice of the student.
    pub(super) best_student: Option<f64>,
    /// Losses since the last event.
    pub(super) pending: Sums,
}

/// Sums of losses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Sums {
    pub(super) teacher: f64,
    pub(super) student: f64,
    pub(super) alignment: f64,
    pub(super) consistency: f64,
    /// How many steps were added.
    pub(super) count: f64,
}

/// Trained heads, ready for use.
pub(crate) struct Heads {
    /// The best teacher.
    pub(crate) teacher: TeacherHead,
    /// The best student.
    pub(crate) student: Student,
}

/// A trained student: a head, and the backbone that it has adapted to itself, where it has.
pub(crate) struct Student {
    /// The head.
    pub(crate) head: StudentHead,
    /// The second head of a two-level pair, whose logits are averaged with the first one's.
    pub(crate) partner: Option<StudentHead>,
    /// Its own backbone, of which stages 3 to 6 differ from the run's.
    pub(crate) backbone: Option<Backbone>,
}

/// Writes the state of a run; `write` adds everything that learns.
pub(super) fn save(folder: &Path, state: &State, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let target = folder.join(format!("step-{:07}", state.step));
    let temporary = folder.join(format!("step-{:07}.tmp", state.step));
    if fs::exists(&temporary)? {
        fs::remove_dir_all(&temporary)?;
    }
    fs::create_dir_all(&temporary).with_context(|| format!("{} cannot be made", temporary.display()))?;
    write(&temporary)?;
    write_atomic(&temporary.join("state.json"), &serde_json::to_vec_pretty(state)?)?;
    if fs::exists(&target)? {
        fs::remove_dir_all(&target)?;
    }
    fs::rename(&temporary, &target).with_context(|| format!("{} cannot be written", target.display()))?;
    for old in list(folder)?.into_iter().rev().skip(KEPT) {
        fs::remove_dir_all(&old).with_context(|| format!("the old checkpoint {} cannot be removed", old.display()))?;
    }
    Ok(())
}

/// Writes the heads and whatever learns with them.
pub(super) fn save_distiller(folder: &Path, distiller: &Distiller) -> Result<()> {
    save_trainee(folder, "teacher", &distiller.teacher)?;
    save_trainee(folder, "student", &distiller.student)?;
    if let Some(partner) = &distiller.partner {
        save_trainee(folder, "partner", partner)?;
    }
    if let Some(adapters) = &distiller.adapters {
        save_trainee(folder, "adapters", adapters)?;
    }
    if let Some(backbone) = &distiller.adapted {
        save_trainee(folder, "backbone", backbone)?;
    }
    Ok(())
}

/// Writes the networks of the preset `paper`.
pub(super) fn save_paper(folder: &Path, distiller: &PaperDistiller) -> Result<()> {
    fn one<M: Module>(folder: &Path, name: &str, trainee: &PaperTrainee<M>) -> Result<()> {
        // Asked for its weights, it brings the statistics of its batch norms up to date; a record alone would leave out the last step's.
        let current = trainee.current();
        write_module(folder, &format!("{name}-head.bpk"), current)?;
        write_optimiser(folder, name, &trainee.optimiser)
    }
    one(folder, "teacher", &distiller.teacher)?;
    one(folder, "student", &distiller.student)
}

/// Reads the newest whole checkpoint into the networks of the preset `paper`; `None` when there is none yet.
pub(super) fn load_paper(folder: &Path, distiller: &mut PaperDistiller) -> Result<Option<State>> {
    fn one<M: Module>(folder: &Path, name: &str, trainee: &mut PaperTrainee<M>) -> Result<()> {
        trainee.network = read_module(folder, &format!("{name}-head.bpk"), &trainee.network)?;
        trainee.optimiser = read_optimiser(folder, name, &trainee.optimiser)?;
        Ok(())
    }
    let Some(path) = list(folder)?.pop() else { return Ok(None) };
    let state = state(&path)?;
    one(&path, "teacher", &mut distiller.teacher)?;
    one(&path, "student", &mut distiller.student)?;
    Ok(Some(state))
}

/// Reads the newest whole checkpoint into `distiller`; `None` when there is none yet. `backbone` makes the network that an adapting
/// student's weights go into.
pub(super) fn load(
    folder: &Path,
    distiller: &mut Distiller,
    backbone: impl FnOnce() -> Result<Backbone>,
) -> Result<Option<State>> {
    let Some(path) = list(folder)?.pop() else { return Ok(None) };
    let state = state(&path)?;
    load_trainee(&path, "teacher", &mut distiller.teacher)?;
    load_trainee(&path, "student", &mut distiller.student)?;
    if let Some(partner) = &mut distiller.partner {
        load_trainee(&path, "partner", partner)?;
    }
    if let Some(adapters) = &mut distiller.adapters {
        load_trainee(&path, "adapters", adapters)?;
    }
    if fs::exists(path.join("backbone-head.bpk"))? {
        let mut adapted = Trainee::new(backbone()?, &distiller.config);
        load_trainee(&path, "backbone", &mut adapted)?;
        distiller.adapted = Some(adapted);
    }
    Ok(Some(state))
}

fn state(checkpoint: &Path) -> Result<State> {
    let file = checkpoint.join("state.json");
    let text =
        fs::read_to_string(&file).with_context(|| format!("the checkpoint {} cannot be read", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("the checkpoint {} is not right", file.display()))
}

/// Takes over what a teacher's stage left in the folder of another `run`: its best teacher and its events go to `into`, its
/// teacher as it stands into `distiller`. The student stays as it was drawn. `stages` is how many stages the teacher has.
///
/// # Errors
/// A run whose teacher's stage is not over, or whose files are damaged.
pub(super) fn take_over(run: &Path, into: &Path, stages: usize, distiller: &mut Distiller) -> Result<State> {
    let folder = run.join("checkpoints");
    let over = list(&folder)?.pop().map(|path| Ok::<_, anyhow::Error>((state(&path)?, path))).transpose()?;
    let Some((state, path)) = over.filter(|(state, _)| state.stage == stages && state.stage_step == 0) else {
        bail!("{} has not finished its teacher's stage: there is nothing to go on from yet", run.display());
    };
    load_trainee(&path, "teacher", &mut distiller.teacher)?;
    for file in [best(run, "teacher"), run.join("events.jsonl")] {
        let bytes = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        write_atomic(&into.join(file.file_name().unwrap_or_default()), &bytes)?;
    }
    Ok(State { best_student: None, ..state })
}

/// The newest whole checkpoint; `None` when there is none yet.
pub(super) fn newest(folder: &Path) -> Result<Option<PathBuf>> {
    Ok(list(folder)?.pop())
}

/// Whole checkpoints, oldest first.
fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("the folder {} cannot be read", folder.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("step-") && !name.ends_with(".tmp") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[derive(Serialize, Deserialize)]
struct Steps {
    steps: usize,
}

fn save_trainee<M: Module>(folder: &Path, name: &str, trainee: &Trainee<M>) -> Result<()> {
    write_module(folder, &format!("{name}-head.bpk"), trainee.head.clone())?;
    write_module(folder, &format!("{name}-average.bpk"), trainee.average.clone())?;
    write_optimiser(folder, name, &trainee.optimiser)?;
    write_atomic(&folder.join(format!("{name}-steps.json")), &serde_json::to_vec(&Steps { steps: trainee.steps })?)
}

fn load_trainee<M: Module>(folder: &Path, name: &str, trainee: &mut Trainee<M>) -> Result<()> {
    trainee.head = read_module(folder, &format!("{name}-head.bpk"), &trainee.head)?;
    trainee.average = read_module(folder, &format!("{name}-average.bpk"), &trainee.average)?;
    trainee.optimiser = read_optimiser(folder, name, &trainee.optimiser)?;
    let steps: Steps = serde_json::from_slice(&read(folder, &format!("{name}-steps.json"))?)?;
    trainee.steps = steps.steps;
    Ok(())
}

fn write_module<M: Module>(folder: &Path, file: &str, module: M) -> Result<()> {
    let record = module.into_record().into_bytes().with_context(|| format!("{file} cannot be recorded"))?;
    write_atomic(&folder.join(file), &record)
}

fn write_optimiser(folder: &Path, name: &str, optimiser: &ModuleOptimizer) -> Result<()> {
    let bytes = optimiser.into_bytes().with_context(|| format!("the {name}'s optimiser cannot be recorded"))?;
    write_atomic(&folder.join(format!("{name}-optimiser.bpk")), &bytes)
}

fn read(folder: &Path, file: &str) -> Result<Vec<u8>> {
    fs::read(folder.join(file)).with_context(|| {
        format!(
            "the checkpoint file {}/{file} cannot be read. Remove {} to go back to the one before",
            folder.display(),
            folder.display()
        )
    })
}

/// A module like `module` with the weights of a file.
fn read_module<M: Module>(folder: &Path, file: &str, module: &M) -> Result<M> {
    let record = ModuleRecord::from_bytes(Bytes::from_bytes_vec(read(folder, file)?)).with_context(|| {
        format!(
            "the checkpoint file {}/{file} is damaged. Remove {} to go back to the one before",
            folder.display(),
            folder.display()
        )
    })?;
    Ok(module.clone().try_load_record(record)?)
}

fn read_optimiser(folder: &Path, name: &str, optimiser: &ModuleOptimizer) -> Result<ModuleOptimizer> {
    let file = format!("{name}-optimiser.bpk");
    let bytes = Bytes::from_bytes_vec(read(folder, &file)?);
    let damaged = || format!("the checkpoint file {}/{file} is damaged", folder.display());
    optimiser.clone().from_bytes(bytes).with_context(damaged)
}

/// Keeps a head as the best so far, every bit of it.
pub(super) fn save_best<M: Module>(run: &Path, name: &str, head: &M) -> Result<()> {
    write_atomic(&best(run, name), &weights::save(head, Precision::Full)?)
}

/// Fills a head with the best so far.
pub(super) fn load_best_head<M: Module>(run: &Path, name: &str, mut head: M) -> Result<M> {
    let file = best(run, name);
    if !fs::exists(&file)? {
        bail!("{} is not there: this run has not trained its {name} yet", file.display());
    }
    let bytes = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    weights::load(&mut head, bytes).with_context(|| format!("{} is damaged", file.display()))?;
    Ok(head)
}

fn best(run: &Path, name: &str) -> PathBuf {
    run.join(format!("best-{name}.safetensors"))
}

/// The best teacher of a run.
///
/// # Errors
/// Names the missing or damaged file.
pub(crate) fn load_teacher(run: &Path, device: &Device) -> Result<TeacherHead> {
    load_best_head(run, "teacher", TeacherHead::new(0, device))
}

/// The best heads of a run. A run that trained no teacher (`teacher-epochs = 0`) has none to load, which is an error here.
///
/// # Errors
/// Names the missing or damaged file.
pub(crate) fn load_best(run: &Path, device: &Device) -> Result<Heads> {
    Ok(Heads {
        teacher: load_best_head(run, "teacher", TeacherHead::new(0, device))?,
        student: load_student(run, device)?,
    })
}

/// AFC's adapters of a run's best student, where it was trained with AFC.
///
/// # Errors
/// A damaged file.
pub(crate) fn load_adapters(run: &Path, device: &Device) -> Result<Option<Adapters>> {
    if !fs::exists(best(run, "adapters"))? {
        return Ok(None);
    }
    load_best_head(run, "adapters", Adapters::new(0, device)).map(Some)
}

/// The best student of a run.
///
/// # Errors
/// Names the missing or damaged file.
pub(crate) fn load_student(run: &Path, device: &Device) -> Result<Student> {
    let adapted = run.join(ADAPTED);
    let backbone = if fs::exists(&adapted)? { Some(Encoder::read(&adapted)?.load(device)?) } else { None };
    let head = |name| load_best_head(run, name, StudentHead::new(0, device));
    let partner = if fs::exists(best(run, "partner"))? { Some(head("partner")?) } else { None };
    Ok(Student { head: head("student")?, partner, backbone })
}
