//! Label volumes on disk: NRRD with its data inside or beside, and NIfTI.

use std::fs;
use std::path::{Path, PathBuf};

use fovea_medical::nrrd::DataFiles;
use fovea_medical::volume::Volume;
use fovea_medical::{nifti, nrrd};

use crate::error::{DataError, Result, VolumeError};
use crate::files::{file_name, files_below};

/// The endings of label volumes.
const ENDINGS: [&str; 4] = [".nrrd", ".nhdr", ".nii", ".nii.gz"];

/// What people add to the name of a case for its mask.
const SUFFIXES: [&str; 8] =
    ["_correctedlabels", "_segmentation", "_mask", "_seg", "_labels", "_label", "_gt", "_groundtruth"];

/// The label volumes below a folder, sorted.
///
/// # Errors
/// A folder that cannot be listed.
pub(crate) fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for extension in ["nrrd", "nhdr", "nii", "gz"] {
        files.extend(files_below(folder, extension, &[])?);
    }
    files.retain(|path| ending(&file_name(path)).is_some());
    files.sort();
    Ok(files)
}

/// Whether a file is a label volume by its name.
pub(crate) fn is_volume(name: &str) -> bool {
    ending(name).is_some()
}

fn ending(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    ENDINGS.iter().rev().copied().find(|ending| name.ends_with(ending))
}

/// The case that a volume's file is named after, and whether its labels were corrected later, as
/// TCIA marks one volume.
pub(crate) fn case(path: &Path) -> (String, bool) {
    let name = file_name(path);
    let stem = &name[..name.len() - ending(&name).map_or(0, str::len)];
    let lower = stem.to_ascii_lowercase();
    match SUFFIXES.iter().find(|suffix| lower.len() == stem.len() && lower.ends_with(*suffix)) {
        Some(suffix) => (stem[..stem.len() - suffix.len()].to_owned(), *suffix == SUFFIXES[0]),
        None => (stem.to_owned(), false),
    }
}

/// Reads a label volume.
///
/// # Errors
/// A file that cannot be read, that is not such a volume, or one in a form that is not read; the form
/// is named.
pub fn read(path: &Path) -> Result<Volume> {
    let bytes = fs::read(path).map_err(|source| DataError::Read { path: path.to_path_buf(), source })?;
    if matches!(ending(&file_name(path)), Some(".nii" | ".nii.gz")) {
        let volume = nifti::read(&bytes);
        return Ok(volume.map_err(|source| VolumeError::Nifti { path: path.to_path_buf(), source })?);
    }
    let wrong = |source| VolumeError::Nrrd { path: path.to_path_buf(), source };
    let (header, _) = nrrd::header(&bytes).map_err(wrong)?;
    let DataFiles::Detached(names) = header.files else { return Ok(nrrd::read(&bytes).map_err(wrong)?) };
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut parts = Vec::new();
    for name in &names {
        let data = folder.join(name);
        match fs::read(&data) {
            Ok(part) => parts.push(part),
            Err(source) => return Err(VolumeError::Data { path: path.to_path_buf(), data, source }.into()),
        }
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    Ok(nrrd::read_detached(&bytes, &parts).map_err(wrong)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::error::told;

    #[test]
    fn names_tell_the_case() {
        let of = |name: &str| case(Path::new(name));
        assert_eq!(of("x/Prostate3T-01-0001.nrrd"), ("Prostate3T-01-0001".into(), false));
        assert_eq!(of("ProstateDx-01-0006_correctedLabels.nrrd"), ("ProstateDx-01-0006".into(), true));
        assert_eq!(of("ProstateX-0000_mask.nii.gz"), ("ProstateX-0000".into(), false));
        assert_eq!(of("a.b.NII"), ("a.b".into(), false));
    }

    #[test]
    fn volumes_are_found_and_read_with_their_data_beside() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let header = "NRRD0004\ntype: uchar\ndimension: 3\nsizes: 2 1 2\nencoding: raw\n";
        fs::write(at("a.nhdr"), format!("{header}data file: a.raw\n")).unwrap();
        fs::write(at("b.nrrd"), format!("{header}data file: LIST\nb1.raw\nb2.raw\n")).unwrap();
        fs::write(at("other.gz"), "").unwrap();
        assert_eq!(below(folder.path()).unwrap(), [at("a.nhdr"), at("b.nrrd")]);
        let error = read(&at("a.nhdr")).unwrap_err();
        assert!(
            matches!(&error, DataError::Volume(VolumeError::Data { data, .. }) if data.ends_with("a.raw")),
            "{error:?}"
        );
        let missing = told(&error);
        assert!(missing.contains("a.raw") && missing.contains("beside the header"), "{missing}");
        fs::write(at("a.raw"), [0, 1, 2, 0]).unwrap();
        fs::write(at("b1.raw"), [0, 1]).unwrap();
        fs::write(at("b2.raw"), [2, 0]).unwrap();
        for name in ["a.nhdr", "b.nrrd"] {
            let volume = read(&at(name)).unwrap();
            assert_eq!((volume.label([1, 0, 0]), volume.label([0, 0, 1])), (Ok(1), Ok(2)), "{name}");
        }
        fs::write(at("a.raw"), [0, 1, 2]).unwrap();
        assert!(told(&read(&at("a.nhdr")).unwrap_err()).contains("3 of 4 bytes"));
    }
}
