//! The heads to ship: those of one run, or a teacher and its eight students out of the folder of an ablation.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use burn::tensor::Device;
use fovea_shared::{
    distill::{Adapters, DistillConfig, Strategies},
    model::{StudentHead, TeacherHead},
};
use serde::Deserialize;

use crate::{
    config::TrainConfig,
    data::hash::file_sha256,
    features::Encoder,
    run::{Provenance, RunFolder, load_adapters, load_best, load_student},
};

/// A teacher, its students, and where they come from.
pub(super) struct Heads {
    /// The backbone that they share.
    pub(super) encoder: Encoder,
    /// The teacher.
    pub(super) teacher: TeacherHead,
    /// The students, in the order of [`Strategies::every`].
    pub(super) students: Vec<Student>,
    /// The configuration of the last student, the one with the most strategies.
    pub(super) config: TrainConfig,
    /// Where that run's numbers come from.
    pub(super) from: Provenance,
}

/// A trained student.
pub(super) struct Student {
    /// What directed it.
    pub(super) strategies: Strategies,
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
    /// What is no run, or has a backbone that teacher and student do not share.
    pub(super) fn of_run(run: &Path, device: &Device) -> Result<Self> {
        let (folder, config, from) = RunFolder::open(run)?;
        config.needs_lite("a bundle holds")?;
        let heads = load_best(&folder.path, device)?;
        let adapters = load_adapters(&folder.path, device)?;
        let student = Student { strategies: config.distill.strategies, row: None, head: heads.student.head, adapters };
        Ok(Self { encoder: folder.shared_encoder()?, teacher: heads.teacher, students: vec![student], config, from })
    }

    /// The eight of an ablation's folder with this seed, or with the first that all eight have.
    ///
    /// # Errors
    /// Rows that are missing, or that do not share teacher, data, split and backbone: they are named.
    pub(super) fn of_grid(grid: &Path, seed: Option<u64>, device: &Device) -> Result<Self> {
        let cells = choose(finished(grid)?, seed).with_context(|| format!("the ablation in {}", grid.display()))?;
        let first = &cells[0];
        first.config.needs_lite("a bundle holds")?;
        let teacher = first.shared()?;
        for cell in &cells[1..] {
            for ((what, theirs), (_, ours)) in cell.shared()?.iter().zip(&teacher) {
                ensure!(
                    theirs == ours,
                    "the rows `{}` and `{}` do not share their {what} ({ours} and {theirs}): train them in one grid, so that \
                     they differ in their strategies only",
                    first.row,
                    cell.row
                );
            }
        }
        let student = |cell: &Cell| {
            cell.run.shared_encoder()?;
            let head = load_student(&cell.run.path, device)?.head;
            let adapters = load_adapters(&cell.run.path, device)?;
            Ok(Student { strategies: cell.config.distill.strategies, row: Some(cell.row.clone()), head, adapters })
        };
        let students = cells.iter().map(student).collect::<Result<_>>()?;
        let encoder = first.run.shared_encoder()?;
        let teacher = load_best(&first.run.path, device)?.teacher;
        let last = cells.into_iter().next_back().context("an ablation has a row at least")?;
        Ok(Self { encoder, teacher, students, config: last.config, from: last.from })
    }
}

/// A finished cell of an ablation.
struct Cell {
    row: String,
    run: RunFolder,
    config: TrainConfig,
    from: Provenance,
}

impl Cell {
    /// What the eight must have in common, by name.
    fn shared(&self) -> Result<[(&'static str, String); 4]> {
        let backbone = self.from.backbone_sha256.clone().unwrap_or_else(|| "built in".into());
        Ok([
            ("teacher", file_sha256(&self.run.path.join("best-teacher.safetensors"))?),
            ("data", self.from.data_sha256.clone()),
            ("split", self.from.split.clone()),
            ("backbone", backbone),
        ])
    }
}

/// The finished cells of a folder, by name.
fn finished(grid: &Path) -> Result<Vec<Cell>> {
    /// What is read of `cell.json` here.
    #[derive(Deserialize)]
    struct Named {
        row: String,
    }
    let folder = grid.join("cells");
    let entries = fs::read_dir(&folder).with_context(|| {
        format!("{} cannot be read: name the folder that `fovea ablate --out` made", folder.display())
    })?;
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    let mut cells = Vec::new();
    for folder in folders {
        let file = folder.join("cell.json");
        if !fs::exists(&file)? {
            continue;
        }
        let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        let Named { row } =
            serde_json::from_str(&text).with_context(|| format!("{} is no result of a cell", file.display()))?;
        let (run, config, from) = RunFolder::open(&folder.join("run"))?;
        cells.push(Cell { row, run, config, from });
    }
    Ok(cells)
}

/// The settings of the three strategies, as text: the weight of AFC, the form of CWC, the form of DARM.
type Forms = [String; 3];

/// Whether a cell is one of the eight of these forms: each strategy that it has is of the form named. What it says of a strategy that it
/// does not have changes nothing.
fn is_of(cell: &Cell, own: &Forms, forms: &Forms) -> bool {
    let Strategies { afc, cwc, darm } = cell.config.distill.strategies;
    [afc, cwc, darm].into_iter().zip(own.iter().zip(forms)).all(|(on, (own, form))| !on || own == form)
}

/// The cells, by what those in one family have in common: everything but seed and strategies.
fn families(cells: &[Cell]) -> Result<BTreeMap<(String, Forms), Vec<&Cell>>> {
    let mut described = Vec::new();
    for cell in cells {
        let mut rest = cell.config.clone();
        let plain = DistillConfig::default();
        let distill = &mut rest.distill;
        let forms = [
            serde_json::to_string(&std::mem::replace(&mut distill.afc_weight, plain.afc_weight))?,
            serde_json::to_string(&std::mem::replace(&mut distill.consistency, plain.consistency))?,
            serde_json::to_string(&std::mem::replace(&mut distill.masking, plain.masking))?,
        ];
        (distill.strategies, rest.seed) = (Strategies::default(), 0);
        described.push((cell, serde_json::to_string(&rest)?, forms));
    }
    let mut families = BTreeMap::new();
    for (_, rest, forms) in &described {
        let alike = described.iter().filter(|(cell, of, own)| of == rest && is_of(cell, own, forms));
        families.insert((rest.clone(), forms.clone()), alike.map(|(cell, ..)| *cell).collect());
    }
    Ok(families)
}

/// Among cells of any configuration, the eight that differ in nothing but their strategies, in the order of
/// [`Strategies::every`].
fn choose(mut cells: Vec<Cell>, seed: Option<u64>) -> Result<Vec<Cell>> {
    cells.retain(|cell| seed.is_none_or(|seed| cell.config.seed == seed));
    let families = families(&cells)?;
    let wanted: BTreeSet<String> = Strategies::every().map(Strategies::row_name).into();
    // Of every family and seed: the strategies that are not there.
    let mut missing: Vec<(usize, u64, &(String, Forms))> = Vec::new();
    for (family, cells) in &families {
        let seeds: BTreeSet<u64> = cells.iter().map(|cell| cell.config.seed).collect();
        missing.extend(seeds.into_iter().map(|seed| (wanted.difference(&there(cells, seed)).count(), seed, family)));
    }
    missing.sort();
    let Some((lacking, seed, family)) = missing.first().copied() else {
        let of = seed.map(|seed| format!(" of seed {seed}")).unwrap_or_default();
        bail!("it holds no finished cell{of}: run `fovea ablate` to its end first");
    };
    if lacking > 0 {
        let names: Vec<String> = wanted.difference(&there(&families[family], seed)).cloned().collect();
        bail!("no seed has all eight students; seed {seed} has the most and lacks {}", names.join(", "));
    }
    let other = missing.iter().find(|(lacking, _, other)| *lacking == 0 && *other != family);
    ensure!(
        other.is_none(),
        "it holds two sets of eight that differ in more than strategies: export from a folder with one of them"
    );
    let paths: BTreeSet<PathBuf> =
        families[family].iter().filter(|cell| cell.config.seed == seed).map(|cell| cell.run.path.clone()).collect();
    let mut chosen: Vec<Cell> = cells.into_iter().filter(|cell| paths.contains(&cell.run.path)).collect();
    let place = |cell: &Cell| Strategies::every().iter().position(|s| *s == cell.config.distill.strategies);
    chosen.sort_by_key(place);
    ensure!(chosen.len() == 8, "two of its rows have the same configuration: export from a folder without such twins");
    Ok(chosen)
}

/// The strategies that a family has with this seed, by the names of their rows.
fn there(cells: &[&Cell], seed: u64) -> BTreeSet<String> {
    cells.iter().filter(|c| c.config.seed == seed).map(|c| c.config.distill.strategies.row_name()).collect()
}
