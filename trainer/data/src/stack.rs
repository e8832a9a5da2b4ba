//! Several pictures that belong together: a folder with a DICOM series, or one DICOM file of
//! several frames.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use fovea_medical::dicom::Header;
use fovea_medical::geometry::Geometry;
use fovea_shared::image::Decoded;

use super::error::{DataError, Result, StackError};
use super::files::{file_name, sorted_files};
use super::nci_isbi::dicom;
use super::nci_isbi::series::{self, By, Slice};

/// The pictures of a series in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// What the pictures are named after: PatientID of a series, else the folder's or the file's
    /// name.
    pub name: String,
    /// File and frame, counted from 0, of every picture, along the normal of the slices where they
    /// say where they lie.
    pub pictures: Vec<(PathBuf, usize)>,
    /// Columns, rows and slices of the volume that they make.
    pub sizes: [usize; 3],
    /// Where it lies; `None` where the slices do not say, or lie at unequal distances.
    pub geometry: Option<Geometry>,
    /// What is worth knowing about the order.
    pub warnings: Vec<String>,
}

/// Opens a folder or a file of several frames; `None` for a file with one picture.
///
/// # Errors
/// A folder without DICOM files or with several series, files that are not a series; each says what to
/// do.
pub fn open(path: &Path) -> Result<Option<Stack>> {
    if path.is_dir() {
        return folder(path).map(Some);
    }
    // The decoder names files that cannot be read.
    if !dicom::is_dicom_file(path) {
        return Ok(None);
    }
    let header = dicom::header(path)?;
    if header.frames == 1 {
        return Ok(None);
    }
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    frames(path, header, name).map(Some)
}

fn folder(path: &Path) -> Result<Stack> {
    let files: Vec<PathBuf> = sorted_files(path)?.into_iter().filter(|file| dicom::is_dicom_file(file)).collect();
    let folder = path.to_path_buf();
    if files.is_empty() {
        return Err(StackError::NoDicom(folder).into());
    }
    let mut found: BTreeMap<String, Vec<Slice>> = BTreeMap::new();
    for path in files {
        let header = dicom::header(&path)?;
        if !header.size.contains(&0) {
            found.entry(header.series.clone()).or_default().push(Slice { path, header });
        }
    }
    if found.len() > 1 {
        let series = found.iter().map(|(uid, slices)| tell(uid, slices)).collect();
        return Err(StackError::Several { folder, series }.into());
    }
    let Some(slices) = found.into_values().next() else { return Err(StackError::NoPictures(folder).into()) };
    let name = slices[0].header.patient.clone().map(|name| name.replace(['/', '\\'], "_"));
    let name = name.unwrap_or_else(|| file_name(&path.canonicalize().unwrap_or_else(|_| path.to_path_buf())));
    match slices.as_slice() {
        [one] if one.header.frames > 1 => return frames(&one.path, one.header.clone(), name),
        several => {
            if let Some(slice) = several.iter().find(|slice| slice.header.frames > 1) {
                return Err(StackError::Frames { path: slice.path.clone(), frames: slice.header.frames }.into());
            }
        }
    }
    let ordered = series::order(slices);
    let (slices, by) = ordered.map_err(|error| StackError::Order { folder, source: Box::new(error) })?;
    Ok(stack(name, &slices, by, path))
}

fn tell(uid: &str, slices: &[Slice]) -> String {
    let about = slices[0].header.description.as_ref().map(|text| format!(" `{text}`")).unwrap_or_default();
    format!("{uid}{about} of {} files, such as {}", slices.len(), file_name(&slices[0].path))
}

/// A file of several frames, each as a slice of its own.
fn frames(path: &Path, header: Header, name: String) -> Result<Stack> {
    let slice = |frame: usize| {
        let places = vec![header.places[frame]];
        let header = Header { frames: 1, places, instance: Some(frame as i64), kinds: Vec::new(), ..header.clone() };
        Slice { path: path.to_path_buf(), header }
    };
    let stored: Vec<Slice> = (0..header.frames).map(slice).collect();
    let (slices, by, twice) = match series::order(stored.clone()) {
        Ok((slices, by)) => (slices, by, None),
        // Time points or b-values of one place: the order of the file is theirs.
        Err(error) => (stored, By::Number, Some(error)),
    };
    let mut stack = stack(name, &slices, by, path);
    if let Some(error) = twice {
        stack.warnings = vec![format!("{}: its frames are taken in their stored order: {error}", path.display())];
    }
    for (picture, slice) in stack.pictures.iter_mut().zip(&slices) {
        picture.1 = slice.header.instance.unwrap_or(0) as usize;
    }
    Ok(stack)
}

fn stack(name: String, slices: &[Slice], by: By, path: &Path) -> Stack {
    let mut warnings = Vec::new();
    let shown = path.display();
    let count = slices.len();
    let gap = series::complete(slices).err();
    match (by, &gap) {
        (By::Number, _) => warnings.push(format!(
            "{shown}: its {count} slices or frames say no position and are taken in the order of their numbers; \
             nothing says where they lie"
        )),
        (_, Some(gap)) => warnings.push(format!("{shown}: {gap}")),
        _ if !series::numbered_in_order(slices) && path.is_dir() => warnings.push(format!(
            "{shown}: its InstanceNumbers do not rise with the position, by which its slices are \
                           numbered here"
        )),
        _ => {}
    }
    let size = slices[0].header.size;
    let even = gap.is_none() && by == By::Position && slices.iter().all(|s| s.header.size == size);
    Stack {
        name,
        pictures: slices.iter().map(|slice| (slice.path.clone(), 0)).collect(),
        sizes: [size[0], size[1], count],
        geometry: even.then(|| geometry(slices)).flatten(),
        warnings,
    }
}

/// The grid of slices at equal distances; a single slice has no distance.
fn geometry(slices: &[Slice]) -> Option<Geometry> {
    let (first, last) = (slices.first()?.plane()?, slices.last()?.plane()?);
    let [row, column] = first.directions;
    let [columns, rows] = first.spacing?;
    let count = slices.len().checked_sub(1).filter(|n| *n > 0)? as f64;
    let through = [0, 1, 2].map(|axis| (last.position[axis] - first.position[axis]) / count);
    let steps = [row.map(|v| v * columns), column.map(|v| v * rows), through];
    Some(Geometry { origin: first.position, steps })
}

/// Reads one picture of a stack or a file of its own, with what a person should know of how it was read.
///
/// # Errors
/// A file that cannot be read or decoded.
pub fn decode(path: &Path, frame: usize) -> Result<Decoded> {
    let bytes = fs::read(path).map_err(|source| DataError::ReadImage { path: path.to_path_buf(), source })?;
    super::picture::decode_frame(&bytes, frame)
        .map_err(|source| DataError::WrongImage { path: path.to_path_buf(), source })
}
