//! Files of a folder by the id in their name.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::defect::{Defect, DefectKind};
use super::error::{DataError, Result};
use super::text::composed;

/// The extensions of image and mask files, in lower case.
pub(super) const EXTENSIONS: [&str; 4] = ["jpg", "jpeg", "png", "webp"];

/// The extensions of image files, DICOM included.
pub(super) const IMAGE_EXTENSIONS: [&str; 5] = ["jpg", "jpeg", "png", "webp", "dcm"];

/// The extensions of pictures that other programs read.
const OTHER_PICTURES: [&str; 12] =
    ["tif", "tiff", "bmp", "gif", "heic", "heif", "avif", "jp2", "jxl", "psd", "svg", "ppm"];

/// How deep folders are looked through for scattered files.
const MAX_DEPTH: usize = 8;

/// How file names are read.
#[derive(Clone, Copy)]
pub(super) struct Naming {
    /// The extensions that count.
    pub(super) extensions: &'static [&'static str],
    /// The id in a name without its extension; `None` for a file that is known and not wanted.
    pub(super) id: fn(&str) -> Option<&str>,
}

impl Naming {
    /// `<id>.<extension>`.
    pub(super) const PLAIN: Self = Self { extensions: &EXTENSIONS, id: |stem| Some(stem) };
}

/// Adds the files of a folder to `files`, by id. Of several files with one id the first by name is kept.
///
/// # Errors
/// A folder that cannot be listed.
pub(super) fn add_files(
    folder: &Path,
    naming: Naming,
    files: &mut BTreeMap<String, PathBuf>,
    defects: &mut Vec<Defect>,
) -> Result<()> {
    let label = file_name(folder);
    for path in sorted_files(folder)? {
        let name = file_name(&path);
        let subject = format!("{label}/{name}");
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        if !naming.extensions.contains(&extension.as_str()) {
            let remedy = if OTHER_PICTURES.contains(&extension.as_str()) { "; save it as PNG" } else { "" };
            let message = format!("passed over: not .{}{remedy}", naming.extensions.join(", ."));
            defects.push(Defect::warning(DefectKind::ForeignFile, subject, message));
            continue;
        }
        let Some(stem) = path.file_stem().and_then(|s| s.to_str()) else {
            let message = "the name is not valid UTF-8; rename the file";
            defects.push(Defect::error(DefectKind::ForeignFile, subject, message));
            continue;
        };
        let Some(id) = (naming.id)(stem).map(composed) else { continue };
        if let Some(first) = files.get(&id) {
            let folder = first.parent().map(file_name).unwrap_or_default();
            let message = format!("has the same id as {folder}/{}; remove or rename one of them", file_name(first));
            defects.push(Defect::error(DefectKind::DuplicateId, subject, message));
        } else {
            files.insert(id, path);
        }
    }
    Ok(())
}

/// The files of a folder, sorted by path, without folders and hidden files.
///
/// # Errors
/// A folder that cannot be listed.
pub(super) fn sorted_files(folder: &Path) -> Result<Vec<PathBuf>> {
    Ok(entries(folder)?.into_iter().filter(|path| path.is_file()).collect())
}

/// The folders in a folder, sorted by path, without hidden ones.
///
/// # Errors
/// A folder that cannot be listed.
pub(super) fn sorted_folders(folder: &Path) -> Result<Vec<PathBuf>> {
    Ok(entries(folder)?.into_iter().filter(|path| path.is_dir()).collect())
}

/// The files with an extension anywhere below a folder, sorted, but not in folders of the names in `without`.
///
/// # Errors
/// A folder that cannot be listed.
pub(super) fn files_below(folder: &Path, extension: &str, without: &[&str]) -> Result<Vec<PathBuf>> {
    let mut files = all_below(folder, without)?;
    files.retain(|path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(extension)));
    Ok(files)
}

/// All files anywhere below a folder, as [`files_below`].
///
/// # Errors
/// A folder that cannot be listed.
pub(super) fn all_below(folder: &Path, without: &[&str]) -> Result<Vec<PathBuf>> {
    fn walk(folder: &Path, depth: usize, without: &[&str], found: &mut Vec<PathBuf>) -> Result<()> {
        found.extend(sorted_files(folder)?);
        for inner in sorted_folders(folder)? {
            if depth < MAX_DEPTH && !without.contains(&file_name(&inner).as_str()) {
                walk(&inner, depth + 1, without, found)?;
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(folder, 0, without, &mut found)?;
    Ok(found)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    let unlisted = |source| DataError::List { path: folder.to_path_buf(), source };
    for entry in fs::read_dir(folder).map_err(unlisted)? {
        let path = entry.map_err(unlisted)?.path();
        if !file_name(&path).starts_with('.') {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The last part of a path, for messages.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
