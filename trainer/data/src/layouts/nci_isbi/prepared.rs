//! `images/<case>_<slice>.dcm`, as GazeMedSeg prepares the set.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fovea_medical::plane::Section;
use fovea_medical::volume::Volume;

use super::series::{Match, SeriesError, Slice, match_volume};
use super::{dicom, labels, say_corner, split_id};
use crate::MaskFile;
use crate::defect::{Defect, DefectKind};
use crate::error::{Result, told};
use crate::files::{IMAGE_EXTENSIONS, Naming, add_files};
use crate::layouts::found::Found;

/// A slice of a case: its id, the number in its name, its file.
type Named = (String, usize, PathBuf);

/// Names are exact. A slice without a picture of its mask has that of its label volume, whose place
/// must say the same.
pub(super) fn list(
    folder: &Path,
    volumes: &BTreeMap<String, PathBuf>,
    found: &mut Found,
    defects: &mut Vec<Defect>,
) -> Result<()> {
    add_files(folder, Naming { extensions: &IMAGE_EXTENSIONS, ..Naming::PLAIN }, &mut found.images, defects)?;
    found.looked_in.push(folder.to_path_buf());
    let mut cases: BTreeMap<&str, Vec<Named>> = BTreeMap::new();
    for (id, path) in found.images.iter().filter(|(id, _)| !found.masks.contains_key(*id)) {
        if let Some((case, number)) = split_id(id).filter(|(case, _)| volumes.contains_key(*case)) {
            cases.entry(case).or_default().push((id.clone(), number, path.clone()));
        }
    }
    let mut masks = Vec::new();
    for (case, slices) in cases {
        match labelled(case, &slices, &volumes[case], defects) {
            Ok(own) => masks.extend(own),
            Err(message) => defects.push(Defect::error(DefectKind::SliceMatch, case, message)),
        }
    }
    found.masks.extend(masks);
    Ok(())
}

fn labelled(
    case: &str,
    slices: &[Named],
    path: &Path,
    defects: &mut Vec<Defect>,
) -> Result<Vec<(String, MaskFile)>, String> {
    let volume = labels::read(path).map_err(|e| told(&e))?;
    let sections = match place(slices, &volume)? {
        Some(placed) => {
            if placed.corner {
                say_corner(case, defects);
            }
            for slice in &placed.slices {
                let (_, named, path) = &slices[slice.file];
                if slice.number != *named {
                    let error = SeriesError::Named { path: path.clone(), lies: slice.number, named: *named };
                    return Err(error.to_string());
                }
            }
            placed.slices.into_iter().map(|slice| (slice.file, slice.section)).collect()
        }
        None => {
            let message = "nothing but the names of its images says which slice of the labels is whose: they or the \
                           labels say no position in the patient";
            defects.push(Defect::warning(DefectKind::SliceMatch, case, message));
            by_name(slices, &volume)?
        }
    };
    let mask = |(file, section): (usize, Section)| {
        let (id, number, _) = &slices[file];
        (id.clone(), MaskFile::Label { path: path.to_path_buf(), slice: number.saturating_sub(1), section })
    };
    Ok(sections.into_iter().map(mask).collect())
}

/// Where the slices lie in the volume; `None` where files or volume do not say.
fn place(slices: &[Named], volume: &Volume) -> Result<Option<Match>, String> {
    let mut headers = Vec::new();
    for (_, _, path) in slices {
        // Pictures and damaged files say nothing; the check names the latter.
        let Ok(header) = dicom::header(path) else { return Ok(None) };
        headers.push(Slice { path: path.clone(), header });
    }
    match match_volume(&headers, volume, true) {
        Ok(found) => Ok(Some(found)),
        Err(SeriesError::NoPosition | SeriesError::NoGeometry) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

fn by_name(slices: &[Named], volume: &Volume) -> Result<Vec<(usize, Section)>, String> {
    let depth = volume.sizes[2];
    let section = |(file, (id, number, _)): (usize, &Named)| match number.checked_sub(1).filter(|z| *z < depth) {
        Some(z) => Ok((file, Section::stored(volume.sizes, z))),
        None => Err(format!("the labels have {depth} slices; there is none for {id}")),
    };
    slices.iter().enumerate().map(section).collect()
}
