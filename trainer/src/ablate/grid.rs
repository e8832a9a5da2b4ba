//! The TOML file of a grid: what is the same for all cells, and one table a row.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use fovea_shared::description::Modality;
use serde::Deserialize;
use toml::{Table, Value};

use crate::{
    config::{Settings, TrainConfig},
    data::{Dataset, text},
};

/// The row that others are compared with unless the file names another.
const REFERENCE: &str = "gaze-baseline";

/// A grid, with every row's configuration resolved.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    /// Name of the study and of its files.
    pub(crate) study: String,
    /// Data set folder.
    pub(crate) data: PathBuf,
    /// Split.
    pub(crate) split: String,
    /// Folders whose images all train too.
    pub(crate) extra: Vec<PathBuf>,
    /// File of descriptions, for rows whose text is `import` or `shuffled`.
    pub(crate) descriptions: Option<PathBuf>,
    /// Backbone of every row's first round, where it is not the built-in one.
    pub(crate) backbone: Option<PathBuf>,
    /// Seeds of every row.
    pub(crate) seeds: Vec<u64>,
    /// Name of the row that the others are compared with; `None` where the grid has no such row.
    pub(crate) reference: Option<String>,
    /// The rows, in the order of the file.
    pub(crate) rows: Vec<GridRow>,
}

/// One configuration.
#[derive(Clone, Debug)]
pub(crate) struct GridRow {
    /// Its name.
    pub(crate) name: String,
    /// What a reader must know.
    pub(crate) note: String,
    /// The resolved configuration; its seed is set cell by cell.
    pub(crate) config: TrainConfig,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    study: String,
    data: Option<PathBuf>,
    #[serde(default = "gaze")]
    split: String,
    #[serde(default)]
    extra: Vec<PathBuf>,
    descriptions: Option<PathBuf>,
    backbone: Option<PathBuf>,
    seeds: Vec<u64>,
    reference: Option<String>,
    #[serde(default)]
    base: Table,
    row: Vec<Table>,
}

fn gaze() -> String {
    "gaze".into()
}

impl Grid {
    /// Reads a grid. `data` takes the place of the file's own folder, which may then be missing.
    ///
    /// # Errors
    /// An unreadable file, a wrong key or value, two rows of one name: the row is named.
    pub(crate) fn read(path: &Path, data: Option<&Path>) -> Result<Self> {
        let text = text::read(path).with_context(|| format!("the grid {}", path.display()))?;
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Self::parse(&text, folder, data, |data| Ok(Dataset::open(data)?.modality()?))
            .with_context(|| format!("invalid grid {}", path.display()))
    }

    /// Paths of the file are relative to `folder`. What the data shows decides the defaults of the pseudo-masks.
    fn parse(
        text: &str,
        folder: &Path,
        data: Option<&Path>,
        shows: impl FnOnce(&Path) -> Result<Modality>,
    ) -> Result<Self> {
        let file: File = toml::from_str(text)?;
        let within = |path: &PathBuf| folder.join(path);
        let data = match (data, &file.data) {
            (Some(data), _) => data.to_path_buf(),
            (None, Some(data)) => within(data),
            (None, None) => bail!("`data` is missing: name the data set's folder there or with --data"),
        };
        name_is_usable(&file.study).context("`study`")?;
        ensure!(!file.seeds.is_empty(), "`seeds` is empty: name one at least, like seeds = [1, 2, 3]");
        ensure!(!file.row.is_empty(), "there is no [[row]]");
        let mut seeds = file.seeds.clone();
        seeds.sort_unstable();
        seeds.dedup();
        ensure!(seeds.len() == file.seeds.len(), "a seed stands twice in `seeds`: that would be one training, not two");
        let modality = shows(&data)?;
        resolve(modality, &file.base, Table::new()).context("[base]")?;
        let mut rows: Vec<GridRow> = Vec::with_capacity(file.row.len());
        for (index, table) in file.row.into_iter().enumerate() {
            let row = GridRow::of(modality, &file.base, table, index)?;
            // Folders are named by rows, and some file systems do not tell A from a.
            if let Some(twin) = rows.iter().find(|r| r.name.eq_ignore_ascii_case(&row.name)) {
                bail!(
                    "two rows are called `{}` (upper and lower case are the same here): give each its own name",
                    twin.name
                );
            }
            rows.push(row);
        }
        if let (Some(_), Some(row)) = (&file.backbone, rows.iter().find(|row| !row.config.is_lite())) {
            bail!("row `{}`: the networks of its preset have no backbone, so leave `backbone` out", row.name);
        }
        let known = |name: &String| rows.iter().any(|row| row.name == *name);
        if let Some(name) = file.reference.as_ref().filter(|name| !known(name)) {
            bail!("`reference` is `{name}`, but no row has that name");
        }
        Ok(Self {
            study: file.study,
            data,
            split: file.split,
            extra: file.extra.iter().map(within).collect(),
            descriptions: file.descriptions.as_ref().map(within),
            backbone: file.backbone.as_ref().map(within),
            seeds: file.seeds,
            reference: file.reference.or(Some(REFERENCE.into())).filter(known),
            rows,
        })
    }

    /// Every row with every seed, rows one after the other.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (&GridRow, TrainConfig)> {
        let of_row = |row| self.seeds.iter().map(move |seed| (row, *seed));
        let seeded = |(row, seed): (_, u64)| {
            let row: &GridRow = row;
            (row, TrainConfig { seed, ..row.config.clone() })
        };
        self.rows.iter().flat_map(of_row).map(seeded)
    }
}

impl GridRow {
    /// The row of one `[[row]]`, the `index`-th from 0.
    fn of(modality: Modality, base: &Table, mut table: Table, index: usize) -> Result<Self> {
        let mut text = |key: &str| match table.remove(key) {
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => bail!("`{key}` must be a text, not {}", other.type_str()),
            None => Ok(None),
        };
        let number = || format!("[[row]] number {}", index + 1);
        let name = text("name").with_context(number)?.with_context(|| format!("{} has no `name`", number()))?;
        let row = || format!("row `{name}`");
        name_is_usable(&name).with_context(row)?;
        let note = text("note").with_context(row)?.unwrap_or_default();
        let config = TrainConfig::try_from(resolve(modality, base, table).with_context(row)?).with_context(row)?;
        Ok(Self { name, note, config })
    }
}

/// Names become file names everywhere, and stand in tables.
fn name_is_usable(name: &str) -> Result<()> {
    let usable = |c: char| c.is_ascii_alphanumeric() || "+-_.".contains(c);
    ensure!(
        !name.is_empty() && name.len() <= 100 && name.chars().all(usable) && !name.starts_with('.'),
        "`{name}` cannot be a name: use at most 100 letters, digits and + - _ ., without a dot in front"
    );
    Ok(())
}

/// The defaults of a training with the preset that row or base names, on data that shows
/// `modality`; `base` over them, `row` over both.
fn resolve(modality: Modality, base: &Table, row: Table) -> Result<Settings> {
    for table in [base, &row] {
        ensure!(!table.contains_key("seed"), "`seed` is set by `seeds`, for all rows alike: leave it out");
    }
    Ok(Settings::layered(modality, &[base.clone(), row])?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs;

    const GRID: &str = r#"
        study = "tiny"
        data = "../data"
        seeds = [3, 1]
        [base]
        student-epochs = 4
        distill.ema = 0.9
        pseudo-masks.iterations = 5
        [[row]]
        name = "gaze-baseline"
        [[row]]
        name = "+ema"
        note = "slower"
        distill = { ema = 0.95, student_dice = 0.25 }
        pseudo-masks.refinement = "none"
    "#;

    fn parse(text: &str) -> Result<Grid> {
        Grid::parse(text, Path::new("grids"), None, |_| Ok(Modality::Polyp))
    }

    fn refused(text: &str) -> String {
        format!("{:#}", parse(text).unwrap_err())
    }

    #[test]
    fn tables_merge_key_by_key() {
        let grid = parse(GRID).unwrap();
        assert_eq!(grid.data, Path::new("grids/../data"));
        assert_eq!((grid.split.as_str(), grid.reference.as_deref()), ("gaze", Some("gaze-baseline")));
        assert_eq!(grid.backbone, None);
        let adapted = parse(&GRID.replace("[base]", "backbone = \"x\"\n[base]")).unwrap().backbone;
        assert_eq!(adapted.as_deref(), Some(Path::new("grids/x")));
        let [first, second] = &grid.rows[..] else { panic!("two rows") };
        let default = Settings::default();
        let epochs = Settings::from(first.config.clone());
        assert_eq!((epochs.student_epochs, epochs.teacher_epochs), (4, default.teacher_epochs));
        assert_eq!((first.config.distill.ema, second.config.distill.ema), (0.9, 0.95));
        // What neither names stays as a training's default has it, inside of tables too.
        assert_eq!(second.config.distill.weight_decay, default.distill.weight_decay);
        assert_eq!(second.config.pseudo_masks.side, default.pseudo_masks.side);
        assert_eq!(second.config.pseudo_masks.iterations, 5);
        assert_ne!(second.config.pseudo_masks.refinement, first.config.pseudo_masks.refinement);
        assert_eq!(second.note, "slower");
        let cells: Vec<_> = grid.cells().map(|(row, config)| (row.name.as_str(), config.seed)).collect();
        assert_eq!(cells, [("gaze-baseline", 3), ("gaze-baseline", 1), ("+ema", 3), ("+ema", 1)]);
        let prostates = |data: &Path| {
            assert_eq!(data, Path::new("/data"));
            Ok(Modality::Prostate)
        };
        let elsewhere = Grid::parse(GRID, Path::new("grids"), Some(Path::new("/data")), prostates).unwrap();
        assert_eq!(elsewhere.data, Path::new("/data"));
        // The defaults are those of what the data shows.
        let masks = &elsewhere.rows[0].config.pseudo_masks;
        assert_eq!((masks.broad, masks.iterations), (Settings::of(Modality::Prostate).pseudo_masks.broad, 5));
        assert_ne!(masks.broad, first.config.pseudo_masks.broad);
    }

    #[test]
    fn every_grid_of_the_repository_is_read() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../grids");
        let mut read = 0;
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            if name.starts_with("gallery") {
                continue;
            }
            let modality = match name.as_str() {
                name if name.contains("prostate") => Modality::Prostate,
                name if name.contains("skin") || name.contains("isic") => Modality::SkinLesion,
                _ => Modality::Polyp,
            };
            let grid = Grid::parse(&fs::read_to_string(&path).unwrap(), &folder, None, |_| Ok(modality)).unwrap();
            for (row, config) in grid.cells() {
                let written = serde_json::to_value(&config).unwrap();
                let again: TrainConfig = serde_json::from_value(written.clone()).unwrap();
                assert_eq!((serde_json::to_value(&again).unwrap(), &again), (written, &config), "{name}, {}", row.name);
            }
            read += 1;
        }
        assert!(read >= 9, "{read} grids");
    }

    #[test]
    fn what_is_wrong_names_the_row() {
        let with = |row: &str| refused(&format!("{GRID}\n[[row]]\n{row}"));
        for (row, words) in [
            ("name = \"x\"\nsede = 3", vec!["row `x`", "sede"]),
            ("name = \"x\"\ndistill.emma = 3", vec!["row `x`", "emma"]),
            ("name = \"x\"\nbatch = 0", vec!["row `x`", "`batch`"]),
            ("name = \"x\"\nbatch = \"many\"", vec!["row `x`", "many"]),
            ("name = \"x\"\nseed = 3", vec!["row `x`", "`seeds`"]),
            ("name = \"x\"\nnote = 3", vec!["row `x`", "`note`", "integer"]),
            ("name = \"gaze-baseline\"", vec!["two rows", "gaze-baseline"]),
            ("name = \"Gaze-Baseline\"", vec!["two rows"]),
            ("name = \"../x\"", vec!["../x", "cannot be a name"]),
            ("note = \"x\"", vec!["number 3", "name"]),
        ] {
            let message = with(row);
            assert!(words.iter().all(|word| message.contains(word)), "{row}: {message}");
        }
        for (text, word) in [
            (GRID.replace("[3, 1]", "[]"), "seeds"),
            (GRID.replace("[3, 1]", "[1, 1]"), "twice"),
            (GRID.replace("data = \"../data\"", ""), "--data"),
            (GRID.replace("data =", "dat ="), "dat"),
            (GRID.replace("distill.ema = 0.9\n", "distil.ema = 0.9\n"), "[base]"),
            (GRID.replace("[base]", "reference = \"none\"\n[base]"), "reference"),
            (
                GRID.replace("[base]", "backbone = \"x\"\n[base]") + "[[row]]\nname = \"p\"\npreset = \"paper\"",
                "row `p`",
            ),
        ] {
            let message = refused(&text);
            assert!(message.contains(word), "{message}");
        }
        let lone = GRID.replace("gaze-baseline", "other");
        assert_eq!(parse(&lone).unwrap().reference, None);
    }
}
