//! From a grid to its cells, with what decides their numbers; and how they stand.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    path::Path,
};

use anyhow::{Result, ensure};

use super::{
    cell::{Cell, Changed, Identity, State},
    claim::Claims,
    grid::Grid,
    shard::Shard,
    teacher::teacher_stage,
    teachers::Teachers,
};
use crate::{
    config::TextSource,
    data::image_store::ImageStore,
    features::Encoder,
    run::{DescriptionFile, Source, description_file},
};

/// A grid with its data looked at.
pub(crate) struct Plan {
    /// The grid.
    pub(crate) grid: Grid,
    /// All cells, in the grid's order.
    pub(crate) cells: Vec<Cell>,
    /// The file of descriptions.
    pub(crate) descriptions: Option<DescriptionFile>,
    /// The backbone that all cells start from, where it is not the built-in one.
    encoder: Option<Encoder>,
    /// The image files, which cells have in common.
    pub(crate) store: ImageStore,
}

impl Plan {
    /// Looks at the data and lays out the cells in `folder`.
    ///
    /// # Errors
    /// Data, lists, descriptions or a backbone that are not in order.
    pub(crate) fn new(grid: Grid, folder: &Path) -> Result<Self> {
        let descriptions = grid.descriptions.as_deref().map(description_file).transpose()?;
        let encoder = grid.backbone.as_deref().map(Encoder::read).transpose()?.filter(|encoder| !encoder.is_built_in());
        let backbone = encoder.as_ref().map(|encoder| encoder.sha256.as_str());
        let source = source(&grid, None, None);
        let store = ImageStore::default();
        // The hash is the same for every seed, but for how much is drawn for validation.
        let mut hashes: BTreeMap<u64, String> = BTreeMap::new();
        let mut cells = Vec::new();
        for (index, (row, config)) in grid.cells().enumerate() {
            let fraction = config.validation_fraction.to_bits();
            let data: &String = match hashes.entry(fraction) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(source.open(&config)?.sha256(&store)?),
            };
            ensure!(
                config.text != TextSource::Import || descriptions.is_some(),
                "row `{}`: text = \"import\" needs a file of descriptions: name it as `descriptions` in the grid",
                row.name
            );
            let read = descriptions.as_ref().filter(|_| reads_file(config.text)).map(|file| file.sha256.as_str());
            let identity = Identity::new(&config, &grid.split, data, read, backbone)?;
            let teacher = teacher_stage(&config, data, read, backbone)?;
            let folder = folder.join("cells").join(format!("{}-s{}", row.name, config.seed));
            cells.push(Cell { index, row: row.name.clone(), config, identity, teacher, folder });
        }
        Ok(Self { grid, cells, descriptions, encoder, store })
    }

    /// Where the images and words of a cell come from.
    pub(crate) fn source(&self, cell: &Cell) -> Source {
        let descriptions = self.descriptions.clone().filter(|_| reads_file(cell.config.text));
        source(&self.grid, descriptions, self.encoder.clone())
    }

    /// SHA-256 of the backbone that the grid names, where it is not the built-in one.
    pub(crate) fn backbone(&self) -> Option<&str> {
        self.encoder.as_ref().map(|encoder| encoder.sha256.as_str())
    }

    /// Refuses cells and teachers that were made under other circumstances, unless they are to be made again.
    ///
    /// # Errors
    /// Names every cell and what changed.
    pub(crate) fn refuse_changed(
        &self,
        shard: Shard,
        teachers: &Teachers,
        changed: Changed,
        any_version: bool,
    ) -> Result<()> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for cell in self.cells.iter().filter(|cell| shard.holds(cell.index)) {
            let state = cell.state(any_version)?;
            if let State::Changed(what) = &state {
                found.push(format!("  {}: {}", cell.folder.display(), what.join("; ")));
            }
            if let (State::New, Some((_, key))) = (&state, &cell.teacher)
                && seen.insert(key)
                && !any_version
                && let Some(other) = teachers.made_by_another(key)?
            {
                found.push(format!("  {}: program: {other} then", teachers.folder(key).display()));
            }
        }
        ensure!(
            changed == Changed::Retrain || found.is_empty(),
            "{} of what is there was made under other circumstances:\n{}\nTrain it again with --changed retrain, or \
             name another folder with --out. Where only the program differs, and you know that the difference does not \
             matter, --any-version takes it as it is",
            found.len(),
            found.join("\n")
        );
        Ok(())
    }
}

fn source(grid: &Grid, descriptions: Option<DescriptionFile>, encoder: Option<Encoder>) -> Source {
    Source { data: grid.data.clone(), split: grid.split.clone(), extra: grid.extra.clone(), descriptions, encoder }
}

/// Whether the text may come from a file.
fn reads_file(text: TextSource) -> bool {
    matches!(text, TextSource::Import | TextSource::Shuffled)
}

/// Prints every cell of the shard and how it stands.
///
/// # Errors
/// A folder that cannot be read.
pub(crate) fn print_plan(
    plan: &Plan,
    shard: Shard,
    claims: &Claims,
    teachers: &Teachers,
    any_version: bool,
) -> Result<()> {
    let width = plan.cells.iter().map(|cell| cell.name().len()).max().unwrap_or(0);
    let mut count = [0usize; 4];
    let mut keys = BTreeSet::new();
    for cell in plan.cells.iter().filter(|cell| shard.holds(cell.index)) {
        let (kind, words) = match cell.state(any_version)? {
            State::Finished(result) => (0, format!("finished by {}", result.made_by)),
            State::Begun { step } => (1, format!("begun, at step {step}")),
            State::New => (2, "to do".into()),
            State::Changed(what) => (3, format!("changed: {}", what.join("; "))),
        };
        count[kind] += 1;
        let teacher = match &cell.teacher {
            Some((_, key)) => {
                keys.insert(key.clone());
                format!("teacher {key}")
            }
            None => "own teacher".into(),
        };
        let held = claims.holder(&cell.name()).map(|h| format!("; at work: {}", h.words())).unwrap_or_default();
        println!("{:width$}  {teacher:24}  {words}{held}", cell.name());
    }
    let trained = keys.iter().filter(|key| teachers.is_trained(key)).count();
    let [finished, begun, new, changed] = count;
    println!(
        "{} cells in part {shard}: {finished} finished, {begun} begun, {new} to do, {changed} changed; {} shared \
         teachers, {trained} of them trained",
        count.iter().sum::<usize>(),
        keys.len(),
    );
    Ok(())
}
