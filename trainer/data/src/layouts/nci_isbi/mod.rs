//! NCI-ISBI 2013 (Bloch et al., TCIA): T2-weighted MR of the prostate, DICOM series with NRRD labels.
//!
//! Read as TCIA distributes it (series and labels anywhere below the folder), and as GazeMedSeg prepares it
//! (`images/<case>_<slice>.dcm`, `masks/<case>_<slice>.png`). A case here is one slice, `<case>_<slice>` with the slice number
//! of GazeMedSeg, which is z + 1 of the label volume; see [`series`] for which file that is. Labels of at least 1 (1 peripheral
//! zone, 2 central gland) are merged to the gland. Sides are 256 to 432 pixels; nothing is resampled.
//!
//! **Slices without prostate are no cases**, as in the published data set and its split lists. Where the labels are, they are
//! asked for that one bit; where only the images are, every slice is a case and the split lists choose. Nothing else of a label
//! is read before [`Case::load_mask`](crate::Case::load_mask).

pub mod dicom;
pub mod nrrd;
pub mod series;

#[cfg(test)]
#[path = "../../../../tests/trainer/dicom_file.rs"]
pub(crate) mod dicom_file;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Result;

use self::series::Slice;
use super::found::Found;
use crate::defect::{Defect, DefectKind};
use crate::files::{IMAGE_EXTENSIONS, Naming, add_files, file_name, files_below};
use crate::roots::Roots;
use crate::{MaskFile, parallel};

/// TCIA marks the one volume that was corrected later so.
const CORRECTED: &str = "_correctedlabels";

/// Folders that hold no series.
const NOT_SERIES: [&str; 4] = ["masks", "gaze", "splits", "text"];

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
        add_files(folder, Naming::PLAIN, &mut pictures, defects)?;
    }
    let mut found = Found { has_masks: mask_folder.is_some() || !volumes.is_empty(), ..Found::default() };
    found.masks = pictures.into_iter().map(|(id, path)| (id, MaskFile::Picture(path))).collect();
    match roots.folder("images") {
        Some(folder) => prepared(&folder, &volumes, &mut found, defects)?,
        None => distributed(roots, &volumes, &mut found, defects)?,
    }
    Ok(found)
}

/// The label volumes by case.
fn volumes(roots: &Roots, defects: &mut Vec<Defect>) -> Result<BTreeMap<String, PathBuf>> {
    let mut volumes: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut files = Vec::new();
    for root in roots.all() {
        files.extend(files_below(root, "nrrd", &[])?);
    }
    for path in files {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let case = match stem.len().checked_sub(CORRECTED.len()).filter(|at| stem.is_char_boundary(*at)) {
            Some(at) if stem[at..].eq_ignore_ascii_case(CORRECTED) => stem[..at].to_owned(),
            _ => stem.clone(),
        };
        let corrected = case != stem;
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

/// `images/<case>_<slice>.dcm`: names are exact. A slice without a picture of its mask has that of its label volume.
fn prepared(
    folder: &Path,
    volumes: &BTreeMap<String, PathBuf>,
    found: &mut Found,
    defects: &mut Vec<Defect>,
) -> Result<()> {
    add_files(folder, Naming { extensions: &IMAGE_EXTENSIONS, ..Naming::PLAIN }, &mut found.images, defects)?;
    for id in found.images.keys().filter(|id| !found.masks.contains_key(*id)).cloned().collect::<Vec<_>>() {
        let label = split_id(&id).and_then(|(case, slice)| Some((volumes.get(case)?, slice.checked_sub(1)?)));
        if let Some((path, slice)) = label {
            found.masks.insert(id, MaskFile::Label { path: path.clone(), slice });
        }
    }
    found.looked_in.push(folder.to_path_buf());
    Ok(())
}

/// Series and labels anywhere below the folders.
fn distributed(
    roots: &Roots,
    volumes: &BTreeMap<String, PathBuf>,
    found: &mut Found,
    defects: &mut Vec<Defect>,
) -> Result<()> {
    let mut files = Vec::new();
    for root in roots.all() {
        files.extend(files_below(root, "dcm", &NOT_SERIES)?);
    }
    let headers = parallel::map(&files, |path| dicom::header(path), || ());
    let mut cases: BTreeMap<String, BTreeMap<String, Vec<Slice>>> = BTreeMap::new();
    for (path, header) in files.into_iter().zip(headers) {
        match header {
            Ok(header) => {
                let case = case_of(&path, header.patient.as_deref(), volumes);
                cases.entry(case).or_default().entry(header.series.clone()).or_default().push(Slice { path, header });
            }
            Err(e) => {
                defects.push(Defect::error(DefectKind::UnreadableImage, path.display().to_string(), format!("{e:#}")))
            }
        }
    }
    let unseen: BTreeSet<&String> = volumes.keys().filter(|case| !cases.contains_key(*case)).collect();
    if !cases.is_empty() {
        for case in unseen {
            let message = "there is no DICOM series of this case: its labels are not used";
            defects.push(Defect::warning(DefectKind::MaskWithoutImage, case.clone(), message));
        }
    }
    for (case, series) in cases {
        let result = match volumes.get(&case) {
            Some(path) => labelled(&case, series, path, found, defects),
            None => unlabelled(&case, series, found, defects),
        };
        if let Err(message) = result {
            defects.push(Defect::error(DefectKind::SliceMatch, case, message));
        }
    }
    Ok(())
}

/// The case of a file: its PatientID, or the folder above it that is named like a label volume.
fn case_of(path: &Path, patient: Option<&str>, volumes: &BTreeMap<String, PathBuf>) -> String {
    let folders = path.ancestors().skip(1).map(file_name);
    let known = patient.map(str::to_owned).into_iter().chain(folders).find(|name| volumes.contains_key(name));
    known.or_else(|| patient.map(str::to_owned)).unwrap_or_else(|| path.parent().map(file_name).unwrap_or_default())
}

/// The slices of a case that show prostate, from the one series that its labels belong to.
fn labelled(
    case: &str,
    series: BTreeMap<String, Vec<Slice>>,
    volume: &Path,
    found: &mut Found,
    defects: &mut Vec<Defect>,
) -> Result<(), String> {
    let (header, occupied) = nrrd::occupied(volume).map_err(|e| format!("{e:#}"))?;
    let (mut fitting, mut reasons) = (Vec::new(), Vec::new());
    for (uid, slices) in series {
        let slices = series::order(slices);
        match slices.and_then(|slices| Ok((series::match_volume(&slices, &header)?, slices))) {
            Ok(pair) => fitting.push((uid, pair)),
            Err(reason) => reasons.push(format!("series {uid}: {reason}")),
        }
    }
    if fitting.len() > 1 {
        let uids: Vec<&str> = fitting.iter().map(|(uid, _)| uid.as_str()).collect();
        return Err(format!("{} series fit its labels ({}): keep one", fitting.len(), uids.join(", ")));
    }
    let Some((_, (matched, slices))) = fitting.pop() else {
        return Err(format!("no series fits the labels of {}: {}", volume.display(), reasons.join("; ")));
    };
    warn_of_numbers(case, &slices, defects);
    for (z, file) in matched.into_iter().enumerate().filter(|(z, _)| occupied[*z]) {
        let id = format!("{case}_{}", z + 1);
        let label = MaskFile::Label { path: volume.to_path_buf(), slice: z };
        found.masks.entry(id.clone()).or_insert(label);
        found.images.insert(id, slices[file].path.clone());
    }
    Ok(())
}

/// All slices of a case without labels, numbered in the order of the series.
fn unlabelled(
    case: &str,
    series: BTreeMap<String, Vec<Slice>>,
    found: &mut Found,
    defects: &mut Vec<Defect>,
) -> Result<(), String> {
    if series.len() > 1 {
        let uids: Vec<String> = series.into_keys().collect();
        return Err(format!("it has {} series and no labels to choose by ({}): keep one", uids.len(), uids.join(", ")));
    }
    for slices in series.into_values() {
        let slices = series::order(slices)?;
        warn_of_numbers(case, &slices, defects);
        for (index, slice) in slices.into_iter().enumerate() {
            found.images.insert(format!("{case}_{}", index + 1), slice.path);
        }
    }
    Ok(())
}

fn warn_of_numbers(case: &str, slices: &[Slice], defects: &mut Vec<Defect>) {
    if !series::numbered_in_order(slices) {
        let message = "its InstanceNumbers do not rise with the position, by which its slices are numbered here: gaze recorded \
                       under InstanceNumbers would belong to other slices";
        defects.push(Defect::warning(DefectKind::SliceMatch, case, message));
    }
}
