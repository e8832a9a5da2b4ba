//! Checkpoints: the whole state of a run, written beside and renamed, the last two kept.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use fovea_paper::PaperDistiller;
use fovea_shared::{
    distill::{Distiller, Trainee},
    model::Backbone,
};
use serde::{Deserialize, Serialize};

use super::{
    best::best,
    manifest::{self, Files, Known, list},
    trainees::{head, load_trainee, load_weights, save_trainee, save_weights},
};
use crate::{data::durable, signals};

/// How many checkpoints are kept.
const KEPT: usize = 2;
/// Where they are, in the folder of a run.
const FOLDER: &str = "checkpoints";
/// The file of a [`State`].
const STATE: &str = "state.json";

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
    /// Whether an epoch has ended whose validation is still to come, since a stop came in between.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) validates_next: bool,
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

/// Writes the state of the run in the folder `run`, which was made with the configuration `config`
/// (TOML); `write` adds everything that learns.
pub(super) fn save(
    run: &Path,
    config: &str,
    state: &State,
    write: impl FnOnce(&mut Files) -> Result<()>,
) -> Result<()> {
    let _saving = signals::saving();
    let folder = run.join(FOLDER);
    let mut files = Files::begin(&folder, state.step)?;
    write(&mut files)?;
    files.put(STATE, &serde_json::to_vec_pretty(state)?)?;
    files.commit(config)?;
    for old in list(&folder)?.into_iter().rev().skip(KEPT) {
        durable::remove_folder(&old).context("an old checkpoint cannot be removed")?;
    }
    Ok(())
}

/// Reads the newest checkpoint of a run that is whole; `None` when there is none yet. One that is
/// damaged is named and set aside, and the one
/// before it is taken.
///
/// # Errors
/// A run all of whose checkpoints are damaged.
fn load_newest(run: &Path, mut load: impl FnMut(&Path) -> Result<State>) -> Result<Option<State>> {
    let folder = run.join(FOLDER);
    manifest::recover(&folder)?;
    let mut damaged: Vec<(PathBuf, anyhow::Error)> = Vec::new();
    for path in list(&folder)?.into_iter().rev() {
        let loaded = match manifest::verify(&path) {
            Err(damage) => Err(damage.into()),
            Ok(known) => match load(&path) {
                // Every byte is right: it is not the checkpoint that fails.
                Err(error) if known == Known::Whole => return Err(error),
                loaded => loaded,
            },
        };
        match loaded {
            Ok(state) => {
                for (bad, why) in &damaged {
                    let aside = manifest::set_aside(bad)?;
                    eprintln!(
                        "warning: {why:#}. The training goes on from the checkpoint before it, step {}; the damaged \
                         one is now {}",
                        state.step,
                        aside.display()
                    );
                }
                return Ok(Some(state));
            }
            Err(why) => damaged.push((path, why)),
        }
    }
    if damaged.is_empty() {
        return Ok(None);
    }
    let whys: Vec<String> = damaged.iter().map(|(_, why)| format!("  {why:#}")).collect();
    bail!(
        "no checkpoint of {} can be used:\n{}\nNothing was changed. Put a copy of one back, or start a new run with \
         another --out; to let this one begin again at step 0, remove the folders in {}",
        run.display(),
        whys.join("\n"),
        folder.display()
    )
}

/// Writes the heads and whatever learns with them.
pub(super) fn save_distiller(files: &mut Files, distiller: &Distiller) -> Result<()> {
    save_trainee(files, "teacher", &distiller.teacher)?;
    save_trainee(files, "student", &distiller.student)?;
    if let Some(partner) = &distiller.partner {
        save_trainee(files, "partner", partner)?;
    }
    if let Some(adapters) = &distiller.adapters {
        save_trainee(files, "adapters", adapters)?;
    }
    if let Some(backbone) = &distiller.adapted {
        save_trainee(files, "backbone", backbone)?;
    }
    Ok(())
}

/// Writes the networks of the preset `paper`.
pub(super) fn save_paper(files: &mut Files, distiller: &PaperDistiller) -> Result<()> {
    save_weights(files, "teacher", &distiller.teacher)?;
    save_weights(files, "student", &distiller.student)
}

/// Reads the newest whole checkpoint into the networks of the preset `paper`; `None` when there is none yet.
pub(super) fn load_paper(run: &Path, distiller: &mut PaperDistiller) -> Result<Option<State>> {
    load_newest(run, |path| {
        load_weights(path, "teacher", &mut distiller.teacher)?;
        load_weights(path, "student", &mut distiller.student)?;
        state(path)
    })
}

/// Reads the newest whole checkpoint into `distiller`; `None` when there is none yet. `backbone`
/// makes the network that an adapting student's weights go into.
pub(super) fn load(
    run: &Path,
    distiller: &mut Distiller,
    backbone: impl Fn() -> Result<Backbone>,
) -> Result<Option<State>> {
    load_newest(run, |path| {
        load_trainee(path, "teacher", &mut distiller.teacher)?;
        load_trainee(path, "student", &mut distiller.student)?;
        if let Some(partner) = &mut distiller.partner {
            load_trainee(path, "partner", partner)?;
        }
        if let Some(adapters) = &mut distiller.adapters {
            load_trainee(path, "adapters", adapters)?;
        }
        distiller.adapted = None;
        if fs::exists(path.join(head("backbone")))? {
            let mut adapted = Trainee::new(backbone()?, &distiller.config);
            load_trainee(path, "backbone", &mut adapted)?;
            distiller.adapted = Some(adapted);
        }
        state(path)
    })
}

fn state(checkpoint: &Path) -> Result<State> {
    let file = checkpoint.join(STATE);
    let text =
        fs::read_to_string(&file).with_context(|| format!("the checkpoint {} cannot be read", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("invalid checkpoint {}", file.display()))
}

/// Takes over what a teacher's stage left in the folder of another `run`: its best teacher and its
/// events go to `into`, its teacher as it stands into `distiller`. The student stays as it was
/// drawn. `stages` is how many stages the teacher has.
///
/// # Errors
/// A run whose teacher's stage is not over, or whose files are damaged.
pub(super) fn take_over(run: &Path, into: &Path, stages: usize, distiller: &mut Distiller) -> Result<State> {
    let newest = newest(run)?.map(|path| Ok::<_, anyhow::Error>((state(&path)?, path))).transpose()?;
    let Some((state, path)) = newest.filter(|(state, _)| state.stage == stages && state.stage_step == 0) else {
        bail!("{} has not finished its teacher's stage: there is nothing to go on from yet", run.display());
    };
    manifest::verify(&path)?;
    load_trainee(&path, "teacher", &mut distiller.teacher)?;
    for file in [best(run, "teacher"), run.join("events.jsonl")] {
        let bytes = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        durable::write(&into.join(file.file_name().unwrap_or_default()), &bytes)?;
    }
    Ok(State { best_student: None, ..state })
}

/// The newest checkpoint of a run; `None` when there is none yet.
pub(super) fn newest(run: &Path) -> Result<Option<PathBuf>> {
    Ok(list(&run.join(FOLDER))?.pop())
}
