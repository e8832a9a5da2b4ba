//! Lists of ids that cannot be used.

use std::path::{Path, PathBuf};

use crate::splits::{Role, SHOWN, Stranger, names};
use crate::text::ReadError;

/// Why the lists of a split cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SplitError {
    /// A list that cannot be read, or that is not text.
    #[error("the split list {}", path.display())]
    List {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ReadError,
    },
    /// A split that the data set does not have.
    #[error(
        "there is no split `{split}`: no file {} and no folder of that name; splits of this data set: {}",
        file.display(), if known.is_empty() { "none".into() } else { names(known.iter()) }
    )]
    Unknown {
        /// What was asked for.
        split: String,
        /// The training list that it would have.
        file: PathBuf,
        /// The splits that there are.
        known: Vec<String>,
    },
    /// Several splits, none of which was named.
    #[error("name one of the splits with --split: {}", names(.0.iter()))]
    Unnamed(Vec<String>),
    /// A folder of several splits.
    #[error("{folder} holds several splits ({}): name the files", names(splits.iter()))]
    Several {
        /// The folder, as it was named.
        folder: String,
        /// The splits in it.
        splits: Vec<String>,
    },
    /// A split without a training list.
    #[error("split `{split}` has no training list (`-train.txt`)")]
    NoTraining {
        /// The split.
        split: String,
    },
    /// A training list without an id.
    #[error(
        "the training list of split `{split}` is empty{}: write the ids of images into it, one a line",
        in_file(path.as_deref())
    )]
    Empty {
        /// The split.
        split: String,
        /// The list.
        path: Option<PathBuf>,
    },
    /// Files that are not named as they must be.
    #[error("`{part}` in `{text}` is not train=FILE, val=FILE or test=FILE")]
    Part {
        /// The part that is wrong.
        part: String,
        /// The whole.
        text: String,
    },
    /// Two files for one role.
    #[error("`{text}` names {}= twice", role.word())]
    NamedTwice {
        /// What was given.
        text: String,
        /// The role.
        role: Role,
    },
    /// Lines that name no image.
    #[error(
        "{} lines of {} name no image of {}:{}\nA line holds one id: the file name of an image, with or without its \
         extension",
        lines.len(), list.display(), folder.display(), shown(lines)
    )]
    Strangers {
        /// The list.
        list: PathBuf,
        /// The data set.
        folder: PathBuf,
        /// The lines.
        lines: Vec<Stranger>,
    },
    /// Ids that stand more than once in a list.
    #[error("{} ids stand more than once in {}: {}", lines.len(), list.display(), with_lines(lines))]
    Repeated {
        /// The list.
        list: PathBuf,
        /// Line number and id of every further time.
        lines: Vec<(usize, String)>,
    },
    /// Ids in two lists of one split.
    #[error(
        "split `{split}` leaks: {} ids are in its {} list and in its {} list: {}. Leave each in one of them",
        ids.len(), first.word(), second.word(), names(ids.iter().map(Leaked::to_string))
    )]
    Leak {
        /// The split.
        split: String,
        /// One list.
        first: Role,
        /// The other list.
        second: Role,
        /// The ids that are in both.
        ids: Vec<Leaked>,
    },
    /// A fraction for validation that is none.
    #[error("the validation fraction must be at least 0 and below 1, not {0}")]
    Fraction(f64),
    /// A fraction that leaves nothing to train on.
    #[error("a training list of {ids} cannot give {validation} to validation")]
    TooFew {
        /// Ids of the training list.
        ids: usize,
        /// How many would be for validation.
        validation: usize,
    },
}

/// An id in two lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaked {
    /// The id.
    pub id: String,
    /// File and line in either list.
    pub places: [String; 2],
}

impl std::fmt::Display for Leaked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { id, places: [first, second] } = self;
        write!(f, "`{id}` ({first} and {second})")
    }
}

fn in_file(path: Option<&Path>) -> String {
    path.map_or_else(String::new, |path| format!(" ({})", path.display()))
}

/// The first few strangers, a line each, and how many more there are.
fn shown(strangers: &[Stranger]) -> String {
    let mut text = String::new();
    for stranger in strangers.iter().take(SHOWN) {
        text += &format!("\n  line {}: {stranger}", stranger.line);
    }
    match strangers.len().saturating_sub(SHOWN) {
        0 => text,
        rest => text + &format!("\n  and {rest} more"),
    }
}

/// The first few entries with their lines.
fn with_lines(entries: &[(usize, String)]) -> String {
    names(entries.iter().map(|(line, id)| format!("`{id}` (line {line})")))
}
