//! NCI-ISBI 2013 (Bloch et al., TCIA): T2-weighted MR of the prostate, DICOM series with NRRD
//! labels; and series of other collections with NRRD or NIfTI labels.
//!
//! Read as TCIA distributes it (series and labels anywhere below the folder), and as GazeMedSeg
//! prepares it (`images/<case>_<slice>.dcm`, `masks/<case>_<slice>.png`). A case here is one slice,
//! `<case>_<slice>` with the slice number of GazeMedSeg, which is z + 1 of the label volume,
//! counted along the normal of the slices; see [`series`] for which file that is. Labels of at
//! least 1 (1 peripheral zone, 2 central gland) are merged to the gland. Sides are 256 to 432
//! pixels; nothing is resampled.
//!
//! **Slices without prostate are not cases**, as in the published data set and its split lists.
//! Where the labels are, they are asked for that one bit; where only the images are, every slice is
//! a case and the split lists choose. Nothing else of a label is read before
//! [`Case::load_mask`](crate::Case::load_mask).

pub mod dicom;
mod distributed;
pub mod labels;
mod prepared;
pub mod series;

#[cfg(test)]
#[path = "../../../../tests/trainer/dicom_file.rs"]
pub(crate) mod dicom_file;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::found::Found;
use crate::MaskFile;
use crate::defect::{Defect, DefectKind};
use crate::error::Result;
use crate::files::{Naming, add_files, file_name};
use crate::roots::Roots;

/// Whether this is a name that GazeMedSeg gives a slice.
pub(crate) fn is_slice_name(stem: &str) -> bool {
    (stem.starts_with("Prostate3T-") || stem.starts_with("ProstateDx-")) && split_id(stem).is_some()
}

/// `<case>_<slice>` in its parts.
pub(crate) fn split_id(id: &str) -> Option<(&str, usize)> {
    let (case, slice) = id.rsplit_once('_')?;
    Some((case, slice.parse().ok().filter(|_| !case.is_empty())?))
}

/// The images and masks of a set.
///
/// # Errors
/// A folder that cannot be listed.
pub(crate) fn list(roots: &Roots, defects: &mut Vec<Defect>) -> Result<Found> {
    let volumes = volumes(roots, defects)?;
    let mut pictures = BTreeMap::new();
    let mask_folder = roots.folder("masks");
    if let Some(folder) = &mask_folder {
        let mut others = Vec::new();
        add_files(folder, Naming::PLAIN, &mut pictures, &mut others)?;
        // Label volumes may lie there too.
        others.retain(|defect| !labels::is_volume(&defect.subject));
        defects.extend(others);
    }
    let mut found = Found { has_masks: mask_folder.is_some() || !volumes.is_empty(), ..Found::default() };
    found.masks = pictures.into_iter().map(|(id, path)| (id, MaskFile::Picture(path))).collect();
    match roots.folder("images") {
        Some(folder) => prepared::list(&folder, &volumes, &mut found, defects)?,
        None => distributed::list(roots, &volumes, &mut found, defects)?,
    }
    Ok(found)
}

/// The label volumes by case.
fn volumes(roots: &Roots, defects: &mut Vec<Defect>) -> Result<BTreeMap<String, PathBuf>> {
    let mut volumes: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut files = Vec::new();
    for root in roots.all() {
        files.extend(labels::below(root)?);
    }
    for path in files {
        let (case, corrected) = labels::case(&path);
        if let Some(first) = volumes.get(&case) {
            let message =
                format!("labels of {case} are also in {}; corrected labels count, else the first", first.display());
            defects.push(Defect::warning(DefectKind::DuplicateId, file_name(&path), message));
            if !corrected {
                continue;
            }
        }
        volumes.insert(case, path);
    }
    Ok(volumes)
}

/// That the origin of a volume was taken as the corner of its first voxel.
fn say_corner(case: &str, defects: &mut Vec<Defect>) {
    let message = "the origin of its labels is the corner of the first voxel and not the centre, as in all labels of \
                   NCI-ISBI: they were moved by half a voxel, and then every slice fits";
    defects.push(Defect::warning(DefectKind::SliceMatch, case, message));
}
