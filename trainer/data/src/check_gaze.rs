//! The gaze of a file as a whole: what no single row shows, but all together do.

mod finding;
mod places;
mod times;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use fovea_shared::gaze::{GazeTable, Scanpath};

use super::error::{GazeError, Result};
use super::text;

pub use finding::{GazeFinding, Short};

/// The scanpaths of one gaze file by the image's name without extension, and what is to be said about them.
///
/// # Errors
/// A file that cannot be read, a row that is wrong, and gaze from which nothing can be learnt. The file is not named.
pub fn gaze_file(path: &Path) -> Result<(BTreeMap<String, Scanpath>, Vec<GazeFinding>)> {
    let text = text::read(path).map_err(GazeError::from)?;
    let table = GazeTable::read(&text).map_err(GazeError::from)?;
    if let Some(error) = table.wrong.first().cloned().or_else(|| table.units()) {
        return Err(GazeError::from(error).into());
    }
    let findings = judge(&table);
    if let Some(error) = findings.iter().find(|finding| finding.is_error()) {
        return Err(GazeError::from(error.clone()).into());
    }
    let paths = table.scanpaths().into_iter().map(|(image, path)| (text::composed(&image), path)).collect();
    Ok((paths, findings))
}

/// What is wrong with the gaze of a table as a whole.
pub fn judge(table: &GazeTable) -> Vec<GazeFinding> {
    let (rows, lost, outside, repeated) =
        (table.rows.len(), table.lost.len(), table.outside.len(), table.repeated.len());
    let of = rows + lost + outside + repeated;
    if rows == 0 {
        let empty = of > 0 && table.wrong.is_empty();
        return if empty { vec![GazeFinding::NothingLeft { rows: of }] } else { Vec::new() };
    }
    let mut found = Vec::new();
    if let Some((line, _)) = table.lost.first() {
        found.push(GazeFinding::Lost { rows: lost, of, line: *line });
    }
    if let Some(first) = table.outside.first() {
        found.push(GazeFinding::Outside { rows: outside, of: rows + outside, line: first.line });
    }
    if let Some(line) = table.repeated.first() {
        // All rows of the first copy come before those of the second.
        let whole = repeated.is_multiple_of(rows) && table.rows.iter().all(|row| row.line < *line);
        found.push(GazeFinding::Repeated { rows: repeated, of, line: *line, whole });
    }
    found.extend(times::findings(table));
    found.extend(places::findings(table));
    found
}
