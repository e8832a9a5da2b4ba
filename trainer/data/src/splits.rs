//! Which case is for training, for validation and for the test.
//!
//! Validation is drawn from the training list, never from the test list, so that nothing is chosen on the test.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::Dataset;
use super::error::{Leaked, Result, SplitError};
use super::files::{IMAGE_EXTENSIONS, sorted_files};
use super::text;
pub use role::Role;
pub(crate) use shown::{SHOWN, names};
pub use stranger::{Stranger, Why};

mod role;
mod shown;
mod stranger;

/// The name of a split whose lists are called `train.txt`, `val.txt` and `test.txt`.
const UNNAMED: &str = "default";

/// The split that gaze papers report on, of Kvasir-SEG and of NCI-ISBI.
const GAZE: &str = "gaze";

/// A split: ids of the data set, sorted, no id twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Its name in results.
    pub name: String,
    /// The cases to learn from.
    pub train: Vec<String>,
    /// The cases to choose on.
    pub validation: Vec<String>,
    /// The cases to report on.
    pub test: Vec<String>,
    /// Whether `validation` was drawn from the training list (rather than read from a list of its own).
    pub drawn: bool,
}

/// One list file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// The file.
    pub path: PathBuf,
    /// Line number, from 1, and id of every entry.
    pub entries: Vec<(usize, String)>,
}

impl List {
    /// Reads a list: one id a line; blank lines and lines from `#` on are passed over, and an image
    /// extension is dropped. Ids are
    /// in Unicode's composed form.
    ///
    /// # Errors
    /// A file that cannot be read, or that is not text.
    pub fn read(path: &Path) -> Result<Self> {
        let text = text::read(path).map_err(|source| SplitError::List { path: path.to_path_buf(), source })?;
        let entries = text
            .lines()
            .enumerate()
            .map(|(i, line)| (i + 1, text::composed(without_extension(line.trim()))))
            .filter(|(_, id)| !id.is_empty() && !id.starts_with('#'))
            .collect();
        Ok(Self { path: path.to_path_buf(), entries })
    }

    /// The entries that occur earlier in the list already.
    pub fn repeated(&self) -> Vec<&(usize, String)> {
        let mut seen = BTreeSet::new();
        self.entries.iter().filter(|(_, id)| !seen.insert(id)).collect()
    }

    /// The entries that are not in the data set.
    pub fn unknown(&self, dataset: &Dataset) -> Vec<Stranger> {
        let strange = self.entries.iter().filter(|(_, id)| dataset.case(id).is_none());
        strange.map(|(line, id)| Stranger::of(*line, id, dataset)).collect()
    }

    /// The file and the line of an id, for a message; `root` is left out of the path.
    pub(super) fn place(&self, id: &str, root: &Path) -> String {
        let file = self.path.strip_prefix(root).unwrap_or(&self.path).display();
        match self.entries.iter().find(|(_, entry)| entry == id) {
            Some((line, _)) => format!("{file}, line {line}"),
            None => file.to_string(),
        }
    }

    fn ids(&self) -> BTreeSet<&str> {
        self.entries.iter().map(|(_, id)| id.as_str()).collect()
    }
}

/// The lists of one split, by role.
pub type Lists = BTreeMap<Role, List>;

/// The ids that stand in two lists of a split, with the two roles.
pub fn leaks(lists: &Lists) -> Vec<(Role, Role, Vec<&str>)> {
    let mut found = Vec::new();
    for (i, a) in Role::ALL.iter().enumerate() {
        for b in &Role::ALL[i + 1..] {
            if let (Some(first), Some(second)) = (lists.get(a), lists.get(b)) {
                let both: Vec<&str> = first.ids().intersection(&second.ids()).copied().collect();
                if !both.is_empty() {
                    found.push((*a, *b, both));
                }
            }
        }
    }
    found
}

/// The files `<name>-<role>.txt` of a folder, by name and role; the name of plain `train.txt`, `val.txt` and `test.txt`
/// is `default`.
///
/// # Errors
/// A folder that cannot be listed.
pub fn list_files(folder: &Path) -> Result<BTreeMap<String, BTreeMap<Role, PathBuf>>> {
    let mut found: BTreeMap<String, BTreeMap<Role, PathBuf>> = BTreeMap::new();
    for path in sorted_files(folder)? {
        let Some(file) = path.file_name().and_then(|n| n.to_str()).and_then(|n| n.strip_suffix(".txt")) else {
            continue;
        };
        for role in Role::ALL {
            let name =
                if file == role.word() { Some(UNNAMED) } else { file.strip_suffix(&format!("-{}", role.word())) };
            if let Some(name) = name {
                found.entry(name.to_owned()).or_default().insert(role, path.clone());
            }
        }
    }
    Ok(found)
}

/// The split that `text` means:
/// - a name, like `gaze`: the lists `splits/gaze-train.txt`, `-val.txt` and `-test.txt` of the data set
///   (`default` means `splits/train.txt` and its like);
/// - a folder with `train.txt`, `val.txt`, `test.txt`, or with one set of `<name>-train.txt` ...;
/// - files, like `train=a.txt,test=b.txt,val=c.txt`.
///
/// Only the training list must exist. It may be empty where a test list is there: images to measure
/// on alone. With a `-val` list and no `-test` list (Kvasir-SEG's own `official` split) the `-val`
/// list is what papers report on, and so it is the test here. Where no list is left for validation,
/// `validation_fraction` (0 up to 1) of the training list is drawn with `seed`: the ids with the
/// smallest SHA-256 of seed and id, which does not depend on the order of the list nor on a
/// library's generator.
///
/// # Errors
/// Lists that are not there, an id in two lists or twice in one, ids that are not in the data (the first few are named
/// with file and line), and a fraction that leaves nothing to train on.
pub fn split(dataset: &Dataset, text: &str, validation_fraction: f64, seed: u64) -> Result<Split> {
    let (name, files) = resolve(dataset, text)?;
    let mut lists = Lists::new();
    for (role, path) in files {
        lists.insert(role, List::read(&path)?);
    }
    validate(dataset, &name, &lists)?;
    if !lists.contains_key(&Role::Test)
        && let Some(list) = lists.remove(&Role::Validation)
    {
        log::info!("split `{name}` has no test list: {} is its test", list.path.display());
        lists.insert(Role::Test, list);
    }
    let take = |role| -> Vec<String> {
        lists.get(&role).map_or_else(Vec::new, |l: &List| l.ids().into_iter().map(str::to_owned).collect())
    };
    let (mut train, mut validation, test) = (take(Role::Train), take(Role::Validation), take(Role::Test));
    // Images to measure on alone have an empty training list.
    let measures_only = train.is_empty() && !test.is_empty();
    if train.is_empty() && !measures_only {
        let path = lists.remove(&Role::Train).map(|list| list.path);
        return Err(SplitError::Empty { split: name, path }.into());
    }
    let drawn = !lists.contains_key(&Role::Validation) && !measures_only;
    if drawn {
        (train, validation) = draw(train, validation_fraction, seed)?;
    }
    Ok(Split { name, train, validation, test, drawn })
}

/// The split that a command means where none is named: `gaze`, or else the only one that there is.
///
/// # Errors
/// No split, or several of which none is `gaze`; they are named.
pub fn default_name(dataset: &Dataset) -> Result<String> {
    let mut sets = if dataset.split_folder.is_dir() { list_files(&dataset.split_folder)? } else { BTreeMap::new() };
    sets.retain(|_, roles| roles.contains_key(&Role::Train));
    if sets.is_empty() || sets.contains_key(GAZE) {
        return Ok(GAZE.into());
    }
    let mut sets: Vec<String> = sets.into_keys().collect();
    if sets.len() > 1 {
        return Err(SplitError::Unnamed(sets).into());
    }
    Ok(sets.pop().unwrap_or_default())
}

/// The name and the files of the split that `text` means.
fn resolve(dataset: &Dataset, text: &str) -> Result<(String, BTreeMap<Role, PathBuf>)> {
    let files = if text.contains('=') {
        explicit(text)?
    } else {
        let folder = dataset.split_folder.clone();
        let mut own = if folder.is_dir() { list_files(&folder)? } else { BTreeMap::new() };
        // The data set's own splits come first: a folder of the same name may lie wherever the command is given.
        match own.remove(text) {
            Some(roles) => roles,
            None if Path::new(text).is_dir() => {
                let mut sets = list_files(Path::new(text))?;
                sets.retain(|_, roles| roles.contains_key(&Role::Train));
                if sets.len() > 1 {
                    let splits = sets.into_keys().collect();
                    return Err(SplitError::Several { folder: text.to_owned(), splits }.into());
                }
                sets.into_values().next().unwrap_or_default()
            }
            None => {
                let (file, known) = (folder.join(format!("{text}-train.txt")), own.into_keys().collect());
                return Err(SplitError::Unknown { split: text.to_owned(), file, known }.into());
            }
        }
    };
    if !files.contains_key(&Role::Train) {
        return Err(SplitError::NoTraining { split: text.to_owned() }.into());
    }
    Ok((text.to_owned(), files))
}

/// The files of `train=a.txt,test=b.txt`.
fn explicit(text: &str) -> Result<BTreeMap<Role, PathBuf>, SplitError> {
    let mut files = BTreeMap::new();
    for part in text.split(',') {
        let role = part.split_once('=').and_then(|(word, path)| {
            Role::ALL.into_iter().find(|r| r.word() == word.trim()).map(|r| (r, PathBuf::from(path.trim())))
        });
        let Some((role, path)) = role else {
            return Err(SplitError::Part { part: part.to_owned(), text: text.to_owned() });
        };
        if files.insert(role, path).is_some() {
            return Err(SplitError::NamedTwice { text: text.to_owned(), role });
        }
    }
    Ok(files)
}

fn validate(dataset: &Dataset, name: &str, lists: &Lists) -> Result<(), SplitError> {
    for list in lists.values() {
        let lines = list.unknown(dataset);
        if !lines.is_empty() {
            return Err(SplitError::Strangers { list: list.path.clone(), folder: dataset.root.clone(), lines });
        }
        let lines: Vec<(usize, String)> = list.repeated().into_iter().cloned().collect();
        if !lines.is_empty() {
            return Err(SplitError::Repeated { list: list.path.clone(), lines });
        }
    }
    let Some((first, second, ids)) = leaks(lists).into_iter().next() else { return Ok(()) };
    let place = |role, id: &str| lists.get(&role).map_or_else(String::new, |list: &List| list.place(id, &dataset.root));
    let leaked = |id: &str| Leaked { id: id.to_owned(), places: [place(first, id), place(second, id)] };
    let ids = ids.into_iter().map(leaked).collect();
    Err(SplitError::Leak { split: name.to_owned(), first, second, ids })
}

/// Parts sorted ids into (training, validation).
fn draw(ids: Vec<String>, fraction: f64, seed: u64) -> Result<(Vec<String>, Vec<String>), SplitError> {
    if !(0.0..1.0).contains(&fraction) {
        return Err(SplitError::Fraction(fraction));
    }
    let wanted = (ids.len() as f64 * fraction).round() as usize;
    let count = if fraction > 0.0 { wanted.max(1) } else { 0 };
    if count >= ids.len() {
        return Err(SplitError::TooFew { ids: ids.len(), validation: count });
    }
    let mut order: Vec<(Vec<u8>, &String)> =
        ids.iter().map(|id| (Sha256::digest(format!("fovea-validation-1 {seed} {id}")).to_vec(), id)).collect();
    order.sort();
    let chosen: BTreeSet<&String> = order[..count].iter().map(|(_, id)| *id).collect();
    Ok(ids.iter().cloned().partition(|id| !chosen.contains(id)))
}

fn without_extension(line: &str) -> &str {
    match line.rsplit_once('.') {
        Some((id, extension)) if IMAGE_EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str()) => id,
        _ => line,
    }
}

#[cfg(test)]
mod tests;
