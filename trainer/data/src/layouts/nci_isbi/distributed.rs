//! Series and label volumes anywhere below a folder, as TCIA distributes them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fovea_medical::volume::Volume;

use super::series::{self, By, Match, SeriesError, Slice};
use super::{dicom, labels, say_corner, split_id};
use crate::defect::{Defect, DefectKind};
use crate::error::{PictureError, Result, told};
use crate::files::file_name;
use crate::layouts::found::Found;
use crate::roots::Roots;
use crate::{MaskFile, parallel};

/// Folders that hold no series.
const NOT_SERIES: [&str; 4] = ["masks", "gaze", "splits", "text"];

/// The series of a case, by SeriesInstanceUID.
type Series = BTreeMap<String, Vec<Slice>>;

/// A series that fits labels: its UID, how it lies, its slices in order.
type Fitting = (String, Match, Vec<Slice>);

/// Series and labels anywhere below the folders.
pub(super) fn list(
    roots: &Roots,
    volumes: &BTreeMap<String, PathBuf>,
    found: &mut Found,
    defects: &mut Vec<Defect>,
) -> Result<()> {
    let mut files = Vec::new();
    for root in roots.all() {
        files.extend(dicom::below(root, &NOT_SERIES)?);
    }
    let mut cases = cases(files, volumes, defects);
    if !cases.is_empty() {
        // Names first: labels of another name must not take a case that has its own.
        let (named, others): (Vec<_>, Vec<_>) = volumes.iter().partition(|(name, _)| cases.contains_key(*name));
        for (name, path) in named {
            let series = cases.remove(name).unwrap_or_default();
            let labelled = labels::read(path)
                .map_err(|e| told(&e))
                .and_then(|volume| labelled(name, series, (path, &volume), found, defects));
            refuse(labelled, name, defects);
        }
        for (name, path) in others {
            let placed = by_place(path, &mut cases, found, defects);
            refuse(placed, name, defects);
        }
    }
    for (case, series) in cases {
        let listed = unlabelled(&case, series, found, defects);
        refuse(listed, &case, defects);
    }
    Ok(())
}

/// Notes why the slices of a case cannot be used.
fn refuse(result: Result<(), String>, case: &str, defects: &mut Vec<Defect>) {
    if let Err(message) = result {
        defects.push(Defect::error(DefectKind::SliceMatch, case, message));
    }
}

/// The files by case and series. Files without a picture, or with several, are named.
fn cases(
    files: Vec<PathBuf>,
    volumes: &BTreeMap<String, PathBuf>,
    defects: &mut Vec<Defect>,
) -> BTreeMap<String, Series> {
    let headers = parallel::map(&files, |path| dicom::header(path), || ());
    let mut cases: BTreeMap<String, Series> = BTreeMap::new();
    for (path, header) in files.into_iter().zip(headers) {
        let subject = path.display().to_string();
        match header {
            Ok(header) if header.size.contains(&0) => {
                let message = "passed over: it holds no picture (a structure set, a report or a directory)";
                defects.push(Defect::warning(DefectKind::ForeignFile, subject, message));
            }
            Ok(header) if header.frames > 1 => {
                let error = PictureError::Frames { frames: header.frames };
                defects.push(Defect::error(DefectKind::UnreadableImage, subject, error.to_string()));
            }
            Ok(header) => {
                let case = case_of(&path, header.patient.as_deref(), volumes);
                cases.entry(case).or_default().entry(header.series.clone()).or_default().push(Slice { path, header });
            }
            Err(e) => defects.push(Defect::error(DefectKind::UnreadableImage, subject, told(&e))),
        }
    }
    cases
}

/// The case of a file: its PatientID, or the folder above it that is named like a label volume.
fn case_of(path: &Path, patient: Option<&str>, volumes: &BTreeMap<String, PathBuf>) -> String {
    let folders = path.ancestors().skip(1).map(file_name);
    let known = patient.map(str::to_owned).into_iter().chain(folders).find(|name| volumes.contains_key(name));
    known.or_else(|| patient.map(str::to_owned)).unwrap_or_else(|| path.parent().map(file_name).unwrap_or_default())
}

/// Labels that are named after no case, by where they lie: they must fit one case alone.
fn by_place(
    path: &Path,
    cases: &mut BTreeMap<String, Series>,
    found: &mut Found,
    defects: &mut Vec<Defect>,
) -> Result<(), String> {
    let volume = labels::read(path).map_err(|e| told(&e))?;
    let fits = |series: &Series| {
        series.values().any(|slices| {
            series::order(slices.clone()).is_ok_and(|(slices, _)| series::match_volume(&slices, &volume, false).is_ok())
        })
    };
    let fitting: Vec<String> = cases.iter().filter(|(_, series)| fits(series)).map(|(case, _)| case.clone()).collect();
    match fitting.as_slice() {
        [] => {
            let message =
                "there is no DICOM series of this case, and none lies where its labels lie: they are not used";
            defects.push(Defect::warning(DefectKind::MaskWithoutImage, labels::case(path).0, message));
            Ok(())
        }
        [case] => {
            let message = format!("named after no case; taken for {case}, the only one that lies there");
            defects.push(Defect::warning(DefectKind::SliceMatch, file_name(path), message));
            let series = cases.remove(case).unwrap_or_default();
            labelled(case, series, (path, &volume), found, defects)
        }
        several => Err(format!(
            "{} is named after no case and fits {} of them ({}): name it <case>.nii.gz or <case>.nrrd",
            path.display(),
            several.len(),
            several.join(", ")
        )),
    }
}

/// The slices of a case that show prostate, from the one series that its labels belong to.
fn labelled(
    case: &str,
    series: Series,
    (path, volume): (&Path, &Volume),
    found: &mut Found,
    defects: &mut Vec<Defect>,
) -> Result<(), String> {
    let (mut fitting, mut reasons) = (Vec::<Fitting>::new(), Vec::new());
    for (uid, slices) in series {
        let names = chosen(case, &slices);
        match fit(slices, volume, names.as_deref()) {
            Ok((placed, slices)) => fitting.push((uid, placed, slices)),
            Err(reason) => reasons.push(format!("series {uid}: {reason}")),
        }
    }
    if fitting.len() > 1 {
        let uids: Vec<&str> = fitting.iter().map(|(uid, ..)| uid.as_str()).collect();
        return Err(format!("{} series fit its labels ({}): keep one", fitting.len(), uids.join(", ")));
    }
    let Some((_, placed, slices)) = fitting.pop() else {
        return Err(format!("no series fits the labels of {}: {}", path.display(), reasons.join("; ")));
    };
    warn_of_numbers(case, &slices, defects);
    if placed.corner {
        say_corner(case, defects);
    }
    for matched in placed.slices {
        // The check names values that are not labels, and every other fault of a mask.
        if volume.occupied(&matched.section).unwrap_or(true) {
            let id = format!("{case}_{}", matched.number);
            let label =
                MaskFile::Label { path: path.to_path_buf(), slice: matched.number - 1, section: matched.section };
            found.masks.entry(id.clone()).or_insert(label);
            found.images.insert(id, slices[matched.file].path.clone());
        }
    }
    Ok(())
}

/// The numbers in the names of files that are a choice of slices, `<case>_<slice>.dcm`, in the
/// order of the files.
fn chosen(case: &str, slices: &[Slice]) -> Option<Vec<(PathBuf, usize)>> {
    let number = |slice: &Slice| {
        let stem = slice.path.file_stem()?.to_str()?;
        let (named, number) = split_id(stem)?;
        (named == case).then(|| (slice.path.clone(), number))
    };
    slices.iter().map(number).collect()
}

fn fit(
    slices: Vec<Slice>,
    volume: &Volume,
    names: Option<&[(PathBuf, usize)]>,
) -> Result<(Match, Vec<Slice>), SeriesError> {
    let (slices, _) = series::order(slices)?;
    let placed = series::match_volume(&slices, volume, names.is_some())?;
    for matched in &placed.slices {
        let path = &slices[matched.file].path;
        let named = names.and_then(|names| names.iter().find(|(named, _)| named == path));
        if let Some((path, named)) = named.filter(|(_, named)| *named != matched.number) {
            return Err(SeriesError::Named { path: path.clone(), lies: matched.number, named: *named });
        }
    }
    Ok((placed, slices))
}

/// All slices of a case without labels, numbered in the order of the series.
fn unlabelled(case: &str, series: Series, found: &mut Found, defects: &mut Vec<Defect>) -> Result<(), String> {
    if series.len() > 1 {
        let uids: Vec<String> = series.into_keys().collect();
        return Err(format!("it has {} series and no labels to choose by ({}): keep one", uids.len(), uids.join(", ")));
    }
    for slices in series.into_values() {
        let names = chosen(case, &slices);
        let (slices, by) = series::order(slices).map_err(|e| e.to_string())?;
        if names.is_none() {
            series::complete(&slices).map_err(|e| e.to_string())?;
        }
        if by == By::Number {
            let message =
                "its slices say no position: they are numbered by InstanceNumber, and nothing says where they lie";
            defects.push(Defect::warning(DefectKind::SliceMatch, case, message));
        }
        warn_of_numbers(case, &slices, defects);
        for (index, slice) in slices.into_iter().enumerate() {
            let named = names.as_ref().and_then(|names| names.iter().find(|(path, _)| *path == slice.path));
            let number = named.map_or(index + 1, |(_, number)| *number);
            found.images.insert(format!("{case}_{number}"), slice.path);
        }
    }
    Ok(())
}

fn warn_of_numbers(case: &str, slices: &[Slice], defects: &mut Vec<Defect>) {
    if !series::numbered_in_order(slices) {
        let message = "its InstanceNumbers do not rise with the position, by which its slices are numbered here: gaze \
                       recorded under InstanceNumbers would belong to other slices";
        defects.push(Defect::warning(DefectKind::SliceMatch, case, message));
    }
}
