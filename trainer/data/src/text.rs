//! Text files of others: split lists, gaze tables, `dataset.json`, configurations, lists of descriptions.

use std::fs;
use std::io;
use std::path::Path;

use fovea_shared::text_file::{TextError, decode};
use thiserror::Error;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Why a text file cannot be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// What the operating system says.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// Its bytes are not text.
    #[error(transparent)]
    Text(#[from] TextError),
}

/// The text of a file in UTF-8 or UTF-16, with or without byte order mark, its line ends as `\n`.
/// The error does not name the
/// file.
///
/// # Errors
/// A file that cannot be read, or whose bytes are not text: what they are and what to do.
pub fn read(path: &Path) -> Result<String, ReadError> {
    Ok(decode(&fs::read(path)?)?)
}

/// A name in Unicode's composed form (NFC). macOS and some archives write `ü` as two characters,
/// and the two look the same.
pub fn composed(name: &str) -> String {
    if is_nfc_quick(name.chars()) == IsNormalized::Yes { name.to_owned() } else { name.nfc().collect() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_have_one_form() {
        assert_eq!(composed("bi\u{308}ld"), "bïld");
        assert_eq!(composed("bïld_图"), "bïld_图");
    }

    #[test]
    fn errors_say_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("train.txt");
        assert!(matches!(read(&path), Err(ReadError::Io(_))));
        fs::write(&path, b"\xff\xfea\0\r\0\n\0").unwrap();
        assert_eq!(read(&path).unwrap(), "a\n");
        fs::write(&path, b"a\nb\xef\n").unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("UTF-8"), "{error}");
    }
}
