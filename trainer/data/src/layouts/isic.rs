//! The names of the ISIC challenges' segmentation tasks (2016: Gutman et al., arXiv 1605.01397;
//! 2017: Codella et al., arXiv 1710.05006; 2018: Codella et al., arXiv 1902.03368).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::found::Found;
use crate::MaskFile;
use crate::defect::Defect;
use crate::error::Result;
use crate::files::{EXTENSIONS, Naming, add_files, file_name, sorted_folders};
use crate::roots::Roots;

/// 2017 and 2018 write `_segmentation`, 2016 `_Segmentation`.
const MASK_SUFFIX: &str = "_segmentation";

/// Pictures of superpixels that 2017 keeps among the images.
const SUPERPIXELS: &str = "_superpixels";

/// Folders of images and of masks.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Folders {
    /// Folders of images.
    pub(super) images: Vec<PathBuf>,
    /// Folders of masks.
    pub(super) masks: Vec<PathBuf>,
}

/// Whether this is the name of an ISIC image, without its extension.
pub(crate) fn is_name(stem: &str) -> bool {
    let digits = stem.strip_prefix("ISIC_").map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    digits == 7
}

/// The images and masks of a set: `images/` and `masks/`, or all parts of the archive that are there.
///
/// # Errors
/// A folder that cannot be listed.
pub(crate) fn list(roots: &Roots, defects: &mut Vec<Defect>) -> Result<Found> {
    let mut folders = Folders::default();
    match roots.folder("images") {
        Some(images) => folders = Folders { images: vec![images], masks: roots.folder("masks").into_iter().collect() },
        None => {
            for root in roots.all() {
                let found = archive_folders(root)?;
                folders.images.extend(found.images);
                folders.masks.extend(found.masks);
            }
        }
    }
    let (mut images, mut masks) = (BTreeMap::new(), BTreeMap::new());
    for folder in &folders.images {
        let naming = Naming { extensions: &EXTENSIONS, id: image_id };
        add_without_papers(folder, naming, &mut images, defects)?;
    }
    for folder in &folders.masks {
        let naming = Naming { extensions: &EXTENSIONS, id: mask_id };
        add_without_papers(folder, naming, &mut masks, defects)?;
    }
    let has_masks = !folders.masks.is_empty();
    let masks = masks.into_iter().map(|(id, path)| (id, MaskFile::Picture(path))).collect();
    Ok(Found { images, masks, has_masks, looked_in: folders.images })
}

/// Adds files; the archive's own papers and tables among them are not a defect.
fn add_without_papers(
    folder: &Path,
    naming: Naming,
    files: &mut BTreeMap<String, PathBuf>,
    defects: &mut Vec<Defect>,
) -> Result<()> {
    let mut found = Vec::new();
    add_files(folder, naming, files, &mut found)?;
    let paper = |d: &Defect| [".txt", ".csv", ".pdf"].iter().any(|e| d.subject.to_ascii_lowercase().ends_with(e));
    defects.extend(found.into_iter().filter(|d| !paper(d)));
    Ok(())
}

fn image_id(stem: &str) -> Option<&str> {
    (!stem.to_ascii_lowercase().ends_with(SUPERPIXELS)).then_some(stem)
}

fn mask_id(stem: &str) -> Option<&str> {
    let stem = image_id(stem)?;
    let split = stem.len().checked_sub(MASK_SUFFIX.len()).filter(|at| stem.is_char_boundary(*at));
    let (id, suffix) = split.map_or((stem, ""), |at| stem.split_at(at));
    Some(if suffix.eq_ignore_ascii_case(MASK_SUFFIX) { id } else { stem })
}

/// The archive's folders in `root`, as they unpack:
///
/// ```text
/// 2016  ISBI2016_ISIC_Part1_Training_Data         ISBI2016_ISIC_Part1_Training_GroundTruth          also _Test_
/// 2017  ISIC-2017_Training_Data                   ISIC-2017_Training_Part1_GroundTruth              also _Validation_, _Test_v2_
/// 2018  ISIC2018_Task1-2_Training_Input           ISIC2018_Task1_Training_GroundTruth               also _Validation_, _Test_
/// ```
/// Folders of other tasks are passed over.
///
/// # Errors
/// A folder that cannot be listed.
pub(crate) fn archive_folders(root: &Path) -> Result<Folders> {
    let mut folders = Folders::default();
    for folder in sorted_folders(root)? {
        let name = file_name(&folder).to_ascii_lowercase();
        let other_task = ["part2", "part3", "task2", "task3"].iter().any(|task| name.contains(task));
        if !name.contains("isic") || other_task {
            continue;
        }
        if name.ends_with("_data") || name.ends_with("_input") {
            folders.images.push(folder);
        } else if name.ends_with("groundtruth") {
            folders.masks.push(folder);
        }
    }
    Ok(folders)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::scan::scan;
    use std::fs;

    /// Writes an empty file below `root`; nothing is opened by a scan.
    fn touch(root: &Path, path: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }

    #[test]
    fn names_of_all_years() {
        assert!(is_name("ISIC_0000000") && is_name("ISIC_0000000_superpixels"));
        assert!(!is_name("ISIC_000") && !is_name("isic") && !is_name("ISIC_00000001"));
        assert_eq!(mask_id("ISIC_0000000_segmentation"), Some("ISIC_0000000"));
        assert_eq!(mask_id("ISIC_0000000_Segmentation"), Some("ISIC_0000000"));
        assert_eq!(mask_id("ISIC_0000000"), Some("ISIC_0000000"));
        assert_eq!(mask_id("ä"), Some("ä"));
        assert_eq!((mask_id("ISIC_0000000_superpixels"), image_id("ISIC_0000000_superpixels")), (None, None));
    }

    #[test]
    fn archives_of_all_years_open_as_they_unpack() {
        for (images, masks, suffix) in [
            ("ISBI2016_ISIC_Part1_Training_Data", "ISBI2016_ISIC_Part1_Training_GroundTruth", "_Segmentation"),
            ("ISIC-2017_Training_Data", "ISIC-2017_Training_Part1_GroundTruth", "_segmentation"),
            ("ISIC2018_Task1-2_Training_Input", "ISIC2018_Task1_Training_GroundTruth", "_segmentation"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let root = folder.path();
            for id in ["ISIC_0000000", "ISIC_0000001"] {
                touch(root, &format!("{images}/{id}.jpg"));
                touch(root, &format!("{images}/{id}_superpixels.png"));
                touch(root, &format!("{masks}/{id}{suffix}.png"));
            }
            touch(root, &format!("{images}/ATTRIBUTION.txt"));
            touch(root, "ISIC2018_Task2_Training_GroundTruth_v3/ISIC_0000000_attribute_streaks.png");
            let scan = scan(root).unwrap();
            assert_eq!(scan.defects, [], "{images}");
            let pairs: Vec<_> = scan.dataset.cases.iter().map(|c| (c.id.as_str(), c.mask.is_some())).collect();
            assert_eq!(pairs, [("ISIC_0000000", true), ("ISIC_0000001", true)], "{images}");
        }
    }

    #[test]
    fn two_parts_make_one_set_and_an_id_in_both_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["Training_Input/ISIC_0000000.jpg", "Test_Input/ISIC_0000001.jpg", "Test_Input/ISIC_0000000.jpg"] {
            touch(folder.path(), &format!("ISIC2018_Task1-2_{file}"));
        }
        let scan = scan(folder.path()).unwrap();
        assert_eq!((scan.dataset.cases.len(), scan.has_masks), (2, false));
        assert_eq!(scan.defects.len(), 1);
        assert!(scan.defects[0].message.contains("Test_Input/ISIC_0000000.jpg"), "{:?}", scan.defects);
    }
}
