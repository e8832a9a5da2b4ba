//! What all files of results are written with.

use std::{fs, path::Path};

use serde::Serialize;

use super::ReportError;

/// Makes the folder of a file, where it is not there.
///
/// # Errors
/// A folder that cannot be made.
pub(super) fn make_folder_of(path: &Path) -> Result<(), ReportError> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|source| ReportError::MakeFolder { path: folder.to_path_buf(), source })
}

/// A result as JSON with a line end.
///
/// # Errors
/// A value that JSON has no form of.
pub(super) fn json_of(result: &impl Serialize) -> Result<String, ReportError> {
    Ok(serde_json::to_string_pretty(result).map_err(ReportError::Json)? + "\n")
}

/// Whether there is a file.
///
/// # Errors
/// A folder above it that cannot be looked into.
pub(super) fn is_there(path: &Path) -> Result<bool, ReportError> {
    fs::exists(path).map_err(|source| ReportError::Read { path: path.to_path_buf(), source })
}

/// The text of a file.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn text_of(path: &Path) -> Result<String, ReportError> {
    fs::read_to_string(path).map_err(|source| ReportError::Read { path: path.to_path_buf(), source })
}

/// The bytes of a table. `what` is the table in an error.
///
/// # Errors
/// A table that cannot be finished.
pub(super) fn finished(writer: csv::Writer<Vec<u8>>, what: &'static str) -> Result<Vec<u8>, ReportError> {
    writer.into_inner().map_err(|error| ReportError::Unfinished { what, source: error.into_error() })
}
