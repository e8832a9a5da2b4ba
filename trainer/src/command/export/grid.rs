//! The cells of an ablation that make the students of one bundle.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use fovea_shared::{
    bundle::{MOST_STUDENTS, StudentKind},
    distill::Strategies,
};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    config::TrainConfig,
    data::hash::file_sha256,
    run::{Provenance, RunFolder},
};

/// A finished cell of an ablation.
pub(super) struct Cell {
    /// The row's name.
    pub(super) row: String,
    /// Its run.
    pub(super) run: RunFolder,
    /// The resolved configuration.
    pub(super) config: TrainConfig,
    /// Where the run's numbers come from.
    pub(super) from: Provenance,
    /// The student that it has trained.
    pub(super) kind: StudentKind,
}

/// What is asked for of an ablation's folder.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    /// The rows; empty: all.
    pub(super) rows: &'a [String],
    /// The seed; without one, the first that all of the rows have.
    pub(super) seed: Option<u64>,
}

/// The cells of one seed, in the order of [`StudentKind::every`].
///
/// # Errors
/// No such cells, too many, two that differ in more than students of one bundle may, or two
/// students of one kind: the rows are named.
pub(super) fn choose(grid: &Path, wanted: Wanted<'_>) -> Result<Vec<Cell>> {
    let mut cells = of_one_seed(finished(grid, wanted.rows)?, wanted)?;
    cells.iter().try_for_each(|cell| cell.config.needs_lite("a bundle holds"))?;
    ensure!(
        cells.len() <= MOST_STUDENTS,
        "it holds {} rows, and a bundle {MOST_STUDENTS} students at most: name some with --rows",
        cells.len()
    );
    ensure_alike(&cells)?;
    cells.sort_by_key(|cell| StudentKind::every().position(|kind| kind == cell.kind));
    if let Some([a, b]) = cells.array_windows().find(|[a, b]| a.kind == b.kind) {
        bail!("the rows `{}` and `{}` are both the student `{}`: leave one out with --rows", a.row, b.row, a.kind);
    }
    Ok(cells)
}

/// The finished cells of a folder with these row names, or with any where none are asked for, by name.
fn finished(grid: &Path, rows: &[String]) -> Result<Vec<Cell>> {
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
            serde_json::from_str(&text).with_context(|| format!("{} is not the result of a cell", file.display()))?;
        if !rows.is_empty() && !rows.contains(&row) {
            continue;
        }
        let (run, config, from) = RunFolder::open(&folder.join("run"))?;
        let kind = config.student_kind().with_context(|| {
            format!("the student of the row `{row}` is a pair, which no bundle can hold: name the others with --rows")
        })?;
        cells.push(Cell { row, run, config, from, kind });
    }
    Ok(cells)
}

/// Those of the seed that is asked for, or of the first that all rows have.
fn of_one_seed(mut cells: Vec<Cell>, wanted: Wanted<'_>) -> Result<Vec<Cell>> {
    let every: BTreeSet<String> = match wanted.rows {
        [] => cells.iter().map(|cell| cell.row.clone()).collect(),
        rows => rows.iter().cloned().collect(),
    };
    let mut seeds: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
    for cell in &cells {
        seeds.entry(cell.config.seed).or_default().insert(cell.row.clone());
    }
    // Where the rows are named all must be there; a seed that is named brings those that it has.
    let complete = |rows: &BTreeSet<String>| wanted.seed.is_some() && wanted.rows.is_empty() || *rows == every;
    let lacking = |rows: &BTreeSet<String>| every.difference(rows).cloned().collect::<Vec<_>>();
    seeds.retain(|seed, _| wanted.seed.is_none_or(|wanted| *seed == wanted));
    let Some(seed) = seeds.iter().find(|(_, rows)| complete(rows)).map(|(seed, _)| *seed) else {
        let Some((seed, rows)) = seeds.iter().min_by_key(|(_, rows)| lacking(rows).len()) else {
            let of = wanted.seed.map(|seed| format!(" of seed {seed}")).unwrap_or_default();
            bail!("it holds no finished cell{of} of these rows: run `fovea ablate` to its end first");
        };
        bail!("no seed has all rows; seed {seed} has the most and lacks {}", lacking(rows).join(", "));
    };
    cells.retain(|cell| cell.config.seed == seed);
    Ok(cells)
}

/// Keys of a configuration in which students of one bundle may differ, with a dot between a table and its key.
const FREE: [&str; 4] = ["seed", "student-target", "distill.strategies", "distill.masking"];

/// Refuses cells that differ in more than what the student was told, its strategies and the form of DARM.
fn ensure_alike(cells: &[Cell]) -> Result<()> {
    let facts = cells.iter().map(Cell::facts).collect::<Result<Vec<_>>>()?;
    let every: BTreeSet<&String> = facts.iter().flat_map(BTreeMap::keys).collect();
    for key in every {
        let mut first: Option<(&Cell, String)> = None;
        for (cell, facts) in cells.iter().zip(&facts) {
            if cell.does_without(key) {
                continue;
            }
            // Keys that files leave out while they have their defaults.
            let value = facts.get(key).map_or_else(|| "the default".to_owned(), Value::to_string);
            match &first {
                None => first = Some((cell, value)),
                Some((other, theirs)) => ensure!(
                    *theirs == value,
                    "the rows `{}` and `{}` differ in {key} ({theirs} and {value}): the students of a bundle differ in \
                     nothing but what they were told, their strategies and the form of DARM. Train them in one grid, \
                     or leave some out with --rows",
                    other.row,
                    cell.row
                ),
            }
        }
    }
    Ok(())
}

impl Cell {
    /// What the cells of a bundle must have in common, by name.
    fn facts(&self) -> Result<BTreeMap<String, Value>> {
        let backbone = self.from.backbone_sha256.clone().unwrap_or_else(|| "built in".into());
        let mut facts = BTreeMap::from([
            ("teacher".into(), file_sha256(&self.run.path.join("best-teacher.safetensors"))?.into()),
            ("data".into(), self.from.data_sha256.clone().into()),
            ("split".into(), self.from.split.clone().into()),
            ("backbone".into(), backbone.into()),
        ]);
        flatten("", &serde_json::to_value(&self.config)?, &mut facts);
        Ok(facts)
    }

    /// Whether a key says nothing about this cell: that of a strategy that it does without.
    fn does_without(&self, key: &str) -> bool {
        let Strategies { afc, cwc, .. } = self.kind.strategies;
        !afc && key == "distill.afc_weight" || !cwc && key.starts_with("distill.consistency")
    }
}

/// The keys of a configuration that count here, a table's behind its name and a dot.
fn flatten(name: &str, value: &Value, facts: &mut BTreeMap<String, Value>) {
    match value.as_object() {
        _ if FREE.contains(&name) => {}
        Some(table) => table.iter().for_each(|(key, value)| {
            let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
            flatten(&name, value, facts);
        }),
        None => drop(facts.insert(name.into(), value.clone())),
    }
}
