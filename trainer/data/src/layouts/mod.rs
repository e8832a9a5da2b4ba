//! Which layout a folder has, and what each layout lists.
//!
//! | layout | images | masks | shows |
//! |---|---|---|---|
//! | Kvasir-SEG (Jha et al., MMM 2020) | `images/<id>.jpg` | `masks/<id>.jpg` | polyps |
//! | ISIC 2016, 2017, 2018 | `images/ISIC_xxxxxxx.jpg`, or the archive's own folders | `ISIC_xxxxxxx_segmentation.png` (2016: `_Segmentation`) | skin lesions |
//! | NCI-ISBI 2013 | `*.dcm` series, or `images/<case>_<slice>.dcm` | `*.nrrd` or `*.nii.gz` labels, or `masks/<case>_<slice>.png` | prostates |
//! | generic folder | `images/<id>.jpg` .jpeg .png .webp | `masks/<id>.*`, optional | what dataset.json says |
//!
//! Beside them, in every layout: `gaze/*.csv`, `splits/*.txt`, `dataset.json` (all optional).

mod folder;
mod found;
mod isic;
pub mod nci_isbi;

use std::path::PathBuf;

pub(super) use folder::list as list_folder;
pub(super) use found::Found;
pub(super) use isic::list as list_isic;
pub(super) use nci_isbi::list as list_nci_isbi;

use super::error::{FolderError, Result};
use super::files::{files_below, sorted_files};
use super::layout::Layout;
use super::roots::Roots;

/// The layout, recognised by names alone.
///
/// # Errors
/// A folder of no known layout; says what the layouts are.
pub(super) fn recognise(roots: &Roots) -> Result<Layout> {
    if let Some(images) = roots.folder("images") {
        let stems: Vec<String> = sorted_files(&images)?
            .iter()
            .filter_map(|path: &PathBuf| path.file_stem().map(|s| s.to_string_lossy().into_owned()))
            .collect();
        let most = |is: fn(&str) -> bool| 2 * stems.iter().filter(|stem| is(stem)).count() > stems.len();
        let dicom = sorted_files(&images)?.iter().any(|p| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("dcm")));
        return Ok(if dicom || most(nci_isbi::is_slice_name) {
            Layout::NciIsbi
        } else if most(isic::is_name) {
            Layout::Isic
        } else if roots.file("kavsir_bboxes.json").is_some() || most(is_kvasir_name) {
            Layout::KvasirSeg
        } else {
            Layout::Folder
        });
    }
    for root in roots.all() {
        if !isic::archive_folders(root)?.images.is_empty() {
            return Ok(Layout::Isic);
        }
    }
    for root in roots.all() {
        let labels = ["nrrd", "nhdr"].iter().any(|e| files_below(root, e, &[]).is_ok_and(|found| !found.is_empty()));
        if labels || nci_isbi::dicom::below(root, &[]).is_ok_and(|found| !found.is_empty()) {
            return Ok(Layout::NciIsbi);
        }
    }
    Err(FolderError::UnknownLayout(roots.own().to_path_buf()).into())
}

/// Kvasir-SEG names its images by collision-resistant ids: a `c` and 24 more letters and digits, in lower case.
fn is_kvasir_name(stem: &str) -> bool {
    stem.len() == 25
        && stem.starts_with('c')
        && stem.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && stem.bytes().any(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs;
    use std::path::Path;

    fn layout(root: &Path) -> Layout {
        recognise(&Roots::open(root).unwrap()).unwrap()
    }

    #[test]
    fn names_tell_the_layout() {
        for (file, expected) in [
            ("images/cju0qkwl35piu0993l0dewei2.jpg", Layout::KvasirSeg),
            ("images/ISIC_0000001.jpg", Layout::Isic),
            ("images/ISIC_0000001_superpixels.png", Layout::Isic),
            ("images/Prostate3T-01-0001_7.dcm", Layout::NciIsbi),
            ("images/ProstateDx-01-0001_17.png", Layout::NciIsbi),
            ("images/photo.jpg", Layout::Folder),
            ("ISIC2018_Task1-2_Training_Input/ISIC_0000001.jpg", Layout::Isic),
            ("ISBI2016_ISIC_Part1_Test_Data/ISIC_0000001.jpg", Layout::Isic),
            ("Prostate3T-01-0001/10-31-1999/t2/1-01.dcm", Layout::NciIsbi),
            ("nrrd/a.nrrd", Layout::NciIsbi),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
            assert_eq!(layout(folder.path()), expected, "{file}");
        }
    }

    #[test]
    fn the_boxes_of_kvasir_seg_count_and_nothing_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("notes.txt"), "").unwrap();
        let error = recognise(&Roots::open(folder.path()).unwrap()).unwrap_err().to_string();
        assert!(error.contains("no folder `images`") && error.contains("ISIC"), "{error}");
        fs::create_dir(folder.path().join("images")).unwrap();
        fs::write(folder.path().join("kavsir_bboxes.json"), "{}").unwrap();
        assert_eq!(layout(folder.path()), Layout::KvasirSeg);
    }
}
