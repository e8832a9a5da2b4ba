//! The gaze of a data set: every `gaze/*.csv`, wrong rows named one by one.

use std::collections::BTreeMap;
use std::path::Path;

use fovea_shared::gaze::{GazeTable, Scanpath};

use super::GazeOrigin;
use super::check_gaze::judge;
use super::defect::{Defect, DefectKind};
use super::error::Result;
use super::files::sorted_files;
use super::roots::Roots;
use super::text;
use super::text_form::unusual;

/// The gaze of one image.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Look {
    /// The fixations.
    pub(super) scanpath: Scanpath,
    /// Where they come from.
    pub(super) origin: GazeOrigin,
    /// Width and height of the image in pixels, where the file says them.
    pub(super) size: Option<[f32; 2]>,
}

/// All scanpaths of `gaze/*.csv`, by id, with their origin: as `dataset.json` beside the folder
/// says, recorded where it says nothing, and simulated or from a pointer in any case where the
/// file's name says so. Ids are in Unicode's composed form.
///
/// # Errors
/// A folder that cannot be listed.
pub(super) fn read_gaze(roots: &Roots, defects: &mut Vec<Defect>) -> Result<BTreeMap<String, Look>> {
    let mut gaze = BTreeMap::new();
    let mut source: BTreeMap<String, String> = BTreeMap::new();
    let Some((folder, info)) = roots.folder_with_info("gaze") else { return Ok(gaze) };
    let said = info.map_or(GazeOrigin::Recorded, |i| i.gaze);
    for path in sorted_files(&folder)? {
        if path.extension().is_none_or(|e| !e.eq_ignore_ascii_case("csv")) {
            continue;
        }
        let name = format!("gaze/{}", path.file_name().unwrap_or_default().to_string_lossy());
        let Some(table) = read_file(&path, &name, defects) else { continue };
        let origin = GazeOrigin::of_file_name(&name).map_or(said, |named| named.max(said));
        let sizes: BTreeMap<&str, [f32; 2]> =
            table.rows.iter().filter_map(|row| Some((row.image.as_str(), row.size?))).collect();
        for (image, scanpath) in table.scanpaths() {
            let id = text::composed(&image);
            if let Some(first) = source.get(&id) {
                let message = format!("holds gaze of `{id}`, as {first} does; keep it in one of them");
                defects.push(Defect::error(DefectKind::GazeTwice, name.clone(), message));
            } else {
                source.insert(id.clone(), name.clone());
                gaze.insert(id, Look { scanpath, origin, size: sizes.get(image.as_str()).copied() });
            }
        }
    }
    Ok(gaze)
}

/// Reads a gaze file and names every row that is wrong, and what is wrong with all of them
/// together. `None` for a file of which
/// nothing can be used.
fn read_file(path: &Path, name: &str, defects: &mut Vec<Defect>) -> Option<GazeTable> {
    let mut wrong = |message: String| defects.push(Defect::error(DefectKind::GazeRow, name, message));
    let form = unusual(path, name);
    let text = text::read(path).map_err(|e| wrong(e.to_string())).ok()?;
    let table = GazeTable::read(&text).map_err(|e| wrong(e.to_string())).ok()?;
    for error in &table.wrong {
        wrong(error.to_string());
    }
    // Where the positions are not fractions, nothing else about them is worth saying.
    if let Some(error) = table.units() {
        defects.push(Defect::error(DefectKind::GazePlace, name, error.to_string()));
        return None;
    }
    defects.extend(form);
    defects.extend(judge(&table).iter().map(|finding| finding.defect(name)));
    Some(table)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{Dataset, fixture, scan::scan};
    use super::*;
    use std::fs;

    #[test]
    fn names_every_wrong_row_and_keeps_the_others() {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a", "b"]);
        let path = folder.path().join("gaze/all.csv");
        let mut text = fs::read_to_string(&path).unwrap();
        text.push_str("a.jpg,3,left,0.5,300,0,900,16,24\nb.jpg,3,0.5,0.5,long,0,900,16,24\nb.jpg,3\n");
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

    #[test]
    fn pointer_gaze_is_never_taken_for_recorded() {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a"]);
        let origin = || Dataset::gaze_origin(&Dataset::open(folder.path()).unwrap().cases);
        let gaze = folder.path().join("gaze");
        fs::rename(gaze.join("all.csv"), gaze.join("a-pointer-gaze.csv")).unwrap();
        assert_eq!(origin(), Some(GazeOrigin::Pointer));
        let say = |gaze: &str| {
            let info = format!(r#"{{"format": 1, "name": "mine", "gaze": "{gaze}"}}"#);
            fs::write(folder.path().join("dataset.json"), info).unwrap();
        };
        say("simulated");
        assert_eq!(origin(), Some(GazeOrigin::Simulated), "a name does not make it more than it is said to be");
        fs::rename(gaze.join("a-pointer-gaze.csv"), gaze.join("all.csv")).unwrap();
        say("pointer");
        assert_eq!(origin(), Some(GazeOrigin::Pointer));
    }
}
