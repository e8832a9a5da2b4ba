//! A file of descriptions: JSON lines, one image a line, appended and flushed one by one, so that nothing is lost when
//! the program is killed.

use std::{collections::BTreeMap, path::Path};

use fovea_shared::description::{Description, vlm::Canary};
use serde::{Deserialize, Serialize};

use super::DescribeError;
use crate::data::{durable, text};

/// One image's description and how it came about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The image's id: its file name without extension.
    pub id: String,
    /// SHA-256 of the image file, lower-case hexadecimal, where the image was at hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_sha256: Option<String>,
    /// What is said.
    pub description: Description,
    /// What must be said wherever the description is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caveat: Option<String>,
    /// For a model's answer: who was asked, where and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<ModelQuery>,
}

/// Who gave an answer, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelQuery {
    /// The model as the server names it.
    pub model: String,
    /// The server's address, without credentials.
    pub server: String,
    /// When, RFC 3339 in UTC.
    pub date: String,
    /// Version of the prompt.
    pub prompt: String,
    /// What the server did with the schema that the answer was to be held to; absent where none was
    /// sent, or where the server did
    /// not show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Canary>,
}

/// The descriptions of a file by image id; a later line replaces an earlier one of the same image.
/// A last line that a kill cut short is left out.
///
/// # Errors
/// A file that cannot be read, or a line that is not a record: its number and what is wrong with it.
pub fn read(path: &Path) -> Result<BTreeMap<String, Record>, DescribeError> {
    let text = text::read(path).map_err(|source| DescribeError::Read { path: path.to_path_buf(), source })?;
    let whole = text.ends_with('\n');
    let count = text.lines().count();
    let mut records = BTreeMap::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str::<Record>(line) {
            Ok(record) => drop(records.insert(record.id.clone(), record)),
            Err(_) if index + 1 == count && !whole => {}
            Err(source) => return Err(DescribeError::Line { path: path.to_path_buf(), line: index + 1, source }),
        }
    }
    Ok(records)
}

/// A file that descriptions are appended to.
#[derive(Debug)]
pub struct Appender {
    file: durable::Appender,
}

impl Appender {
    /// Opens or makes the file. A line that a kill cut short is cut away; a last record whose line
    /// only lacks its end stays.
    ///
    /// # Errors
    /// A file that cannot be written, or that another process writes to.
    pub fn open(path: &Path) -> Result<Self, DescribeError> {
        let whole = |line: &str| serde_json::from_str::<Record>(line).is_ok();
        let file = durable::Appender::open(path, whole).map_err(|source| DescribeError::Open { source })?;
        Ok(Self { file })
    }

    /// Appends a record and hands it to the disk.
    ///
    /// # Errors
    /// A full disk, for instance.
    pub fn append(&mut self, record: &Record) -> Result<(), DescribeError> {
        let line = serde_json::to_string(record).map_err(DescribeError::Json)?;
        self.file.append(&line, true).map_err(|source| DescribeError::Append { source })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;
    use fovea_shared::description::{Field, Modality, Source};

    fn record(id: &str, shape: &str) -> Record {
        let mut description = Description::new(Modality::Polyp, Source::Measured);
        description.set(Field::Shape, Some(shape)).unwrap();
        Record { id: id.into(), image_sha256: None, description, caveat: None, asked: None }
    }

    #[test]
    fn what_a_kill_cut_short_is_done_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/descriptions.jsonl");
        let mut file = Appender::open(&path).unwrap();
        file.append(&record("a", "round")).unwrap();
        file.append(&record("b", "oval")).unwrap();
        drop(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, &text[..text.len() - 9]).unwrap();
        assert_eq!(read(&path).unwrap().into_keys().collect::<Vec<_>>(), ["a"]);
        let mut file = Appender::open(&path).unwrap();
        file.append(&record("b", "irregular")).unwrap();
        file.append(&record("a", "lobulated")).unwrap();
        let all = read(&path).unwrap();
        assert_eq!(all["a"], record("a", "lobulated"));
        assert_eq!(all["b"], record("b", "irregular"));
    }

    #[test]
    fn a_wrong_line_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("d.jsonl");
        fs::write(&path, "{\"id\":\"a\"}\n").unwrap();
        let error = read(&path).unwrap_err();
        let DescribeError::Line { line: 1, source, .. } = &error else { panic!("{error:?}") };
        assert!(error.to_string().contains("line 1") && source.to_string().contains("description"), "{error:?}");
    }
}
