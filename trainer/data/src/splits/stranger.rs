//! Lines of a list that are not the id of an image, and what may be meant.

use std::fmt;

use crate::Dataset;

/// What people put between the columns of a list.
const BETWEEN: [char; 5] = [' ', '\t', ',', ';', '|'];

/// A line that names no image of the data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// Line number, from 1.
    pub line: usize,
    /// What stands there, without an image's extension.
    pub text: String,
    /// What it is.
    pub why: Why,
}

/// What a line is in place of an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nothing that is known.
    Unknown,
    /// The path of this image.
    Path(String),
    /// Several columns, of which the first names this image.
    Columns(String),
    /// This image in quotes.
    Quotes(String),
    /// This image in other upper and lower case.
    Case(String),
    /// This image with an extension that no image of the data set can have.
    Extension(String),
}

impl Stranger {
    /// What is wrong with a line that is not an id of the data set.
    pub(super) fn of(line: usize, text: &str, dataset: &Dataset) -> Self {
        let known = |name: &str| dataset.case(name).map(|case| case.id.clone());
        let unquoted = text.trim_matches(['"', '\'', '`']);
        let first = text.split(BETWEEN).find(|part| !part.is_empty()).unwrap_or_default();
        let why = if let Some(id) = image_of(first, dataset).filter(|_| first.len() < text.len()) {
            Why::Columns(id)
        } else if let Some(id) = known(unquoted).or_else(|| known(super::without_extension(unquoted))) {
            Why::Quotes(id)
        } else if let Some(id) = image_of(unquoted, dataset) {
            if unquoted.contains(['/', '\\']) {
                Why::Path(id)
            } else if id.to_lowercase() == super::without_extension(unquoted).to_lowercase() {
                Why::Case(id)
            } else {
                Why::Extension(id)
            }
        } else {
            Why::Unknown
        };
        Self { line, text: text.to_owned(), why }
    }
}

/// The image whose name stands in a text, with folders, extension and in any case.
fn image_of(text: &str, dataset: &Dataset) -> Option<String> {
    let name = text.trim_matches(['"', '\'', '`']).rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let known = |name: &str| dataset.case(name).map(|case| case.id.clone());
    let folded = |wanted: &str| {
        let wanted = wanted.to_lowercase();
        dataset.cases.iter().find(|case| case.id.to_lowercase() == wanted).map(|case| case.id.clone())
    };
    known(name).or_else(|| known(stem)).or_else(|| folded(name)).or_else(|| folded(stem))
}

impl fmt::Display for Stranger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        match &self.why {
            Why::Unknown => write!(f, "`{text}` is not in the data: a line must be the id of an image"),
            Why::Path(id) => write!(f, "`{text}` is a path: a line must be the id of an image alone, here `{id}`"),
            Why::Columns(id) => {
                write!(f, "`{text}` has several columns: a line must be the id of an image alone, here `{id}`")
            }
            Why::Quotes(id) => write!(f, "`{text}` is in quotes: a line must be the id of an image alone, here `{id}`"),
            Why::Case(id) => write!(f, "`{text}` is `{id}` in the data: ids must agree in upper and lower case"),
            Why::Extension(id) => write!(f, "`{text}` has an extension that no image has here: write the id, `{id}`"),
        }
    }
}
