//! The heads to ship: those of one run, or a teacher and its students out of the folder of an ablation.

use std::path::Path;

use anyhow::{Context, Result};
use burn::tensor::Device;
use fovea_shared::{
    bundle::StudentKind,
    description::Modality,
    distill::{Adapters, Strategies},
    model::{StudentHead, TeacherHead},
};

use super::grid::{Cell, Wanted, choose};
use crate::{
    config::TrainConfig,
    features::Encoder,
    run::{Provenance, RunFolder, load_adapters, load_best, load_student},
};

/// A teacher, its students, and where they come from.
pub(super) struct Heads {
    /// The backbone that they share.
    pub(super) encoder: Encoder,
    /// The teacher.
    pub(super) teacher: TeacherHead,
    /// The students, in the order of [`StudentKind::every`].
    pub(super) students: Vec<Student>,
    /// The configuration of the student with the most strategies.
    pub(super) config: TrainConfig,
    /// Where that run's numbers come from.
    pub(super) from: Provenance,
    /// What its images show.
    pub(super) domain: Modality,
}

/// A trained student.
pub(super) struct Student {
    /// What it was told, and what directed it.
    pub(super) kind: StudentKind,
    /// Its row in a study; `None` where the command line names it.
    pub(super) row: Option<String>,
    /// The head.
    pub(super) head: StudentHead,
    /// AFC's adapters, where it was trained with them.
    pub(super) adapters: Option<Adapters>,
}

impl Heads {
    /// Those of one run of `fovea train`.
    ///
    /// # Errors
    /// What is not a run, or has a backbone that teacher and student do not share.
    pub(super) fn of_run(run: &Path, device: &Device) -> Result<Self> {
        let (folder, config, from) = RunFolder::open(run)?;
        config.needs_lite("a bundle holds")?;
        let encoder = folder.shared_encoder()?;
        let heads = load_best(&folder.path, device)?;
        let adapters = load_adapters(&folder.path, device)?;
        let kind = config.student_kind().context("a pair of students was refused before")?;
        let student = Student { kind, row: None, head: heads.student.head, adapters };
        let domain = folder.modality(&from)?;
        Ok(Self { encoder, teacher: heads.teacher, students: vec![student], config, from, domain })
    }

    /// Those of an ablation's folder that are asked for.
    ///
    /// # Errors
    /// Rows that are missing, or that cannot be in one bundle: they are named.
    pub(super) fn of_grid(grid: &Path, wanted: Wanted<'_>, device: &Device) -> Result<Self> {
        let cells = choose(grid, wanted).with_context(|| format!("the ablation in {}", grid.display()))?;
        let student = |cell: &Cell| {
            cell.run.shared_encoder()?;
            let head = load_student(&cell.run.path, device)?.head;
            let adapters = load_adapters(&cell.run.path, device)?;
            Ok(Student { kind: cell.kind, row: Some(cell.row.clone()), head, adapters })
        };
        let students = cells.iter().map(student).collect::<Result<_>>()?;
        // The most strategies, in the method's form: what it says of them holds for the others too.
        let most = |cell: &&Cell| (cell.kind.strategies.distance(Strategies::default()), !cell.kind.released);
        let most = cells.iter().max_by_key(most).context("an ablation has a row at least")?;
        let encoder = most.run.shared_encoder()?;
        let teacher = load_best(&most.run.path, device)?.teacher;
        let (config, from) = (most.config.clone(), most.from.clone());
        let domain = most.run.modality(&from)?;
        Ok(Self { encoder, teacher, students, config, from, domain })
    }
}
