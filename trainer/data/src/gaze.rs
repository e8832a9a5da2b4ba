//! The gaze of a data set: every `gaze/*.csv`, wrong rows named one by one.

use std::collections::BTreeMap;
use std::fs;

use anyhow::Result;
use fovea_shared::gaze::{GazeCsvError, HEADER, Scanpath, parse_csv};

use super::GazeOrigin;
use super::defect::{Defect, DefectKind};
use super::files::sorted_files;
use super::roots::Roots;

/// What a file says of its gaze by its name: nobody may take simulated gaze for recorded because the file was copied.
const SIMULATED: &str = "simulated";

/// All scanpaths of `gaze/*.csv`, by id, with their origin: as `dataset.json` beside the folder says, recorded where it says
/// nothing, and simulated in any case where the file's name says so.
///
/// # Errors
/// A folder that cannot be listed.
pub(super) fn read_gaze(roots: &Roots, defects: &mut Vec<Defect>) -> Result<BTreeMap<String, (Scanpath, GazeOrigin)>> {
    let mut gaze = BTreeMap::new();
    let mut source: BTreeMap<String, String> = BTreeMap::new();
    let Some((folder, info)) = roots.folder_with_info("gaze") else { return Ok(gaze) };
    let said = info.map_or(GazeOrigin::Recorded, |i| i.gaze);
    for path in sorted_files(&folder)? {
        if path.extension().is_none_or(|e| !e.eq_ignore_ascii_case("csv")) {
            continue;
        }
        let name = format!("gaze/{}", path.file_name().unwrap_or_default().to_string_lossy());
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) => {
                defects.push(Defect::error(DefectKind::GazeRow, name, format!("cannot be read: {e}")));
                continue;
            }
        };
        let origin = if name.to_ascii_lowercase().contains(SIMULATED) { GazeOrigin::Simulated } else { said };
        let scanpaths = parse_csv(&text).unwrap_or_else(|error| salvage(&text, &name, error, defects));
        for (id, scanpath) in scanpaths {
            if let Some(first) = source.get(&id) {
                let message = format!("holds gaze of `{id}`, as {first} does; keep it in one of them");
                defects.push(Defect::error(DefectKind::GazeTwice, name.clone(), message));
            } else {
                source.insert(id.clone(), name.clone());
                gaze.insert(id, (scanpath, origin));
            }
        }
    }
    Ok(gaze)
}

/// Reads a gaze file with wrong rows: names every one of them, and returns what the others hold.
fn salvage(text: &str, name: &str, error: GazeCsvError, defects: &mut Vec<Defect>) -> BTreeMap<String, Scanpath> {
    let mut report = |e: GazeCsvError| defects.push(Defect::error(DefectKind::GazeRow, name, e.to_string()));
    if matches!(error, GazeCsvError::Header { .. }) {
        report(error);
        return BTreeMap::new();
    }
    let mut good = format!("{HEADER}\n");
    let mut found = false;
    for (index, row) in text.lines().enumerate().skip(1).filter(|(_, row)| !row.trim().is_empty()) {
        match parse_csv(&format!("{HEADER}\n{row}\n")) {
            Ok(_) => {
                good.push_str(row);
                good.push('\n');
            }
            Err(e) => {
                found = true;
                report(at_line(e, index as u64 + 1));
            }
        }
    }
    match parse_csv(&good) {
        Ok(scanpaths) if found => scanpaths,
        // Every row is right by itself and the file is still wrong (a quoted line break, a name in two forms).
        Ok(_) => {
            report(error);
            BTreeMap::new()
        }
        Err(e) => {
            report(if found { e } else { error });
            BTreeMap::new()
        }
    }
}

/// The error with the line number it has in the whole file.
fn at_line(error: GazeCsvError, line: u64) -> GazeCsvError {
    match error {
        GazeCsvError::FieldCount { found, .. } => GazeCsvError::FieldCount { line, found },
        GazeCsvError::Field { field, expected, found, .. } => GazeCsvError::Field { line, field, expected, found },
        GazeCsvError::SameStem { found, earlier, .. } => GazeCsvError::SameStem { line, found, earlier },
        GazeCsvError::Malformed { reason, .. } => GazeCsvError::Malformed { line, reason },
        header @ GazeCsvError::Header { .. } => header,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{Dataset, fixture, scan::scan};
    use super::*;

    #[test]
    fn names_every_wrong_row_and_keeps_the_others() {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a", "b"]);
        let path = folder.path().join("gaze/all.csv");
        let mut text = fs::read_to_string(&path).unwrap();
        text.push_str("a.jpg,3,1.5,0.5,300,0,900,16,24\nb.jpg,3,0.5,0.5,long,0,900,16,24\nb.jpg,3\n");
        fs::write(&path, text).unwrap();
        let scan = scan(folder.path()).unwrap();
        let messages: Vec<_> = scan.defects.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(messages.len(), 3, "{messages:?}");
        for (message, words) in messages.iter().zip([["line 6", "FIX_X"], ["line 7", "DURATION"], ["line 8", "fields"]])
        {
            assert!(words.iter().all(|w| message.contains(w)), "{message}");
        }
        assert_eq!(scan.dataset.cases[0].gaze.as_ref().unwrap().fixations.len(), 2);
        assert!(Dataset::open(folder.path()).unwrap_err().to_string().contains("line 6"));
    }

    #[test]
    fn a_copied_file_of_simulated_gaze_stays_simulated() {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a"]);
        assert_eq!(Dataset::open(folder.path()).unwrap().cases[0].origin, GazeOrigin::Recorded);
        let gaze = folder.path().join("gaze");
        fs::rename(gaze.join("all.csv"), gaze.join("Simulated-eye-tracker.csv")).unwrap();
        assert_eq!(Dataset::open(folder.path()).unwrap().cases[0].origin, GazeOrigin::Simulated);
    }
}
