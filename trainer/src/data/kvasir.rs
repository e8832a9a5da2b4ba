//! The layout of Kvasir-SEG (Jha et al., MMM 2020), which every other folder read here follows too:
//!
//! ```text
//! images/<id>.jpg         the cases; .jpg .jpeg .png .webp
//! masks/<id>.jpg          optional, all or some
//! gaze/*.csv              optional; rows as fovea_shared::gaze reads them
//! splits/<name>-{train,val,test}.txt      one id a line
//! dataset.json            optional; see info.rs
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use fovea_shared::gaze::{GazeCsvError, HEADER, Scanpath, parse_csv};

use super::defect::{Defect, DefectKind};
use super::info;
use super::{Case, Dataset, GazeOrigin};

/// The extensions of image and mask files, in lower case.
pub const EXTENSIONS: [&str; 4] = ["jpg", "jpeg", "png", "webp"];

/// What a folder holds and what is wrong with it, as far as can be told without decoding an image.
#[derive(Debug)]
pub struct Scan {
    /// The cases.
    pub dataset: Dataset,
    /// What is wrong with names and gaze files.
    pub defects: Vec<Defect>,
    /// The ids that have gaze and no image.
    pub gaze_without_image: Vec<String>,
    /// The mask files that have no image.
    pub masks_without_image: Vec<PathBuf>,
    /// Whether there is a `masks` folder.
    pub has_masks: bool,
}

/// Looks through a folder. No image or mask is opened.
///
/// # Errors
/// A folder that is not there or has no images. Everything else becomes a [`Defect`].
pub fn scan(root: &Path) -> Result<Scan> {
    let image_folder = root.join("images");
    ensure!(root.is_dir(), "there is no folder {}", root.display());
    ensure!(
        image_folder.is_dir(),
        "{} has no folder `images`: a data set is a folder with images/<id>.jpg, masks/<id>.jpg, gaze/*.csv and splits/*.txt",
        root.display()
    );
    let mut defects = Vec::new();
    let images = files_by_id(&image_folder, "images", &mut defects)?;
    ensure!(!images.is_empty(), "{} holds no .jpg, .jpeg, .png or .webp file", image_folder.display());
    let mask_folder = root.join("masks");
    let has_masks = mask_folder.is_dir();
    let mut masks = if has_masks { files_by_id(&mask_folder, "masks", &mut defects)? } else { BTreeMap::new() };
    let mut gaze = read_gaze(root, &mut defects)?;
    let info = info::read(root).unwrap_or_else(|e| {
        defects.push(Defect::error(DefectKind::Info, info::FILE, format!("{e:#}")));
        None
    });
    let origin = info.as_ref().map_or(GazeOrigin::Recorded, |i| i.gaze);
    let cases = images
        .into_iter()
        .map(|(id, image)| Case { mask: masks.remove(&id), gaze: gaze.remove(&id), id, image, origin })
        .collect();
    let drawn = info.as_ref().is_some_and(|i| i.drawn);
    let name = info.map_or_else(|| folder_name(root), |i| i.name);
    Ok(Scan {
        dataset: Dataset { name, root: root.to_path_buf(), cases, drawn },
        defects,
        gaze_without_image: gaze.into_keys().collect(),
        masks_without_image: masks.into_values().collect(),
        has_masks,
    })
}

/// The last part of a path, also of one like `.` or `data/..`.
fn folder_name(root: &Path) -> String {
    let full = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    full.file_name().map_or_else(|| "data".into(), |n| n.to_string_lossy().into_owned())
}

/// The image files of a folder by id. Of several files with one id the first by name is kept.
fn files_by_id(folder: &Path, label: &str, defects: &mut Vec<Defect>) -> Result<BTreeMap<String, PathBuf>> {
    let mut files: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in sorted_files(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let subject = format!("{label}/{name}");
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        if !EXTENSIONS.contains(&extension.as_str()) {
            defects.push(Defect::warning(
                DefectKind::ForeignFile,
                subject,
                "passed over: not .jpg, .jpeg, .png or .webp",
            ));
            continue;
        }
        let Some(id) = path.file_stem().and_then(|s| s.to_str()) else {
            defects.push(Defect::error(
                DefectKind::ForeignFile,
                subject,
                "the name is not valid UTF-8; rename the file",
            ));
            continue;
        };
        if let Some(first) = files.get(id) {
            let first = first.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let message = format!("has the same id as {label}/{first}; remove or rename one of them");
            defects.push(Defect::error(DefectKind::DuplicateId, subject, message));
        } else {
            files.insert(id.to_owned(), path);
        }
    }
    Ok(files)
}

/// The files of a folder, sorted by path, without folders and hidden files.
pub(super) fn sorted_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry.with_context(|| format!("cannot list {}", folder.display()))?.path();
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if !hidden && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// All scanpaths of `gaze/*.csv`, by id.
fn read_gaze(root: &Path, defects: &mut Vec<Defect>) -> Result<BTreeMap<String, Scanpath>> {
    let folder = root.join("gaze");
    let mut gaze = BTreeMap::new();
    let mut source: BTreeMap<String, String> = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(gaze);
    }
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
        let scanpaths = parse_csv(&text).unwrap_or_else(|error| salvage(&text, &name, error, defects));
        for (id, scanpath) in scanpaths {
            if let Some(first) = source.get(&id) {
                let message = format!("holds gaze of `{id}`, as {first} does; keep it in one of them");
                defects.push(Defect::error(DefectKind::GazeTwice, name.clone(), message));
            } else {
                source.insert(id.clone(), name.clone());
                gaze.insert(id, scanpath);
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
    use super::super::fixture;
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
    fn says_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        assert!(scan(&folder.path().join("no")).unwrap_err().to_string().contains("there is no folder"));
        assert!(scan(folder.path()).unwrap_err().to_string().contains("no folder `images`"));
        fs::create_dir(folder.path().join("images")).unwrap();
        assert!(scan(folder.path()).unwrap_err().to_string().contains("holds no .jpg"));
    }
}
