//! The best weights of a run so far.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use burn::{module::Module, tensor::Device};
use fovea_shared::{
    distill::Adapters,
    model::{
        Backbone, StudentHead, TeacherHead,
        weights::{self, Precision},
    },
};

use super::folder::ADAPTED;
use crate::{data::durable, features::Encoder};

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

/// Keeps a head as the best so far, every bit of it.
pub(super) fn save_best<M: Module>(run: &Path, name: &str, head: &M) -> Result<()> {
    Ok(durable::write(&best(run, name), &weights::save(head, Precision::Full)?)?)
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

/// Where the best weights of a network are.
pub(super) fn best(run: &Path, name: &str) -> PathBuf {
    run.join(format!("best-{name}.safetensors"))
}

/// The best teacher of a run.
///
/// # Errors
/// Names the missing or damaged file.
pub(crate) fn load_teacher(run: &Path, device: &Device) -> Result<TeacherHead> {
    load_best_head(run, "teacher", TeacherHead::new(0, device))
}

/// The best heads of a run. A run that trained no teacher (`teacher-epochs = 0`) has none to load,
/// which is an error here.
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
