//! Which DICOM file shows which slice of a label volume.
//!
//! Slices are matched by where they lie in the patient, and by nothing else. GazeMedSeg's released
//! preparation (`notebooks/preprocess/process_nci-isbi.ipynb`) numbers slice z of the NRRD, counted
//! from 0, as z + 1 and takes the first file that the pattern `*{z+1}.dcm` finds: for slice 1 any
//! of 1, 11, 21 and 31, in no fixed order. Here no file name counts.
//!
//! The numbers mean what they mean there: all 805 masks of 60 cases that were cut from the NRRDs
//! are slice z of the volume under the number z + 1, upright. That the images which the recorded
//! eyes saw were numbered likewise shows in the gaze: its heat maps agree best with the mask of the
//! same number (Dice .793; mirrored order .683; of the first nine, 10 further on .599 against
//! .762).
//!
//! **Centre or corner.** In the NRRD labels of NCI-ISBI `space origin` is the outer corner of the
//! first voxel: half a voxel off ImagePositionPatient on all three axes. The format says the
//! centre. So both are tried, the centre first, and the one that fits all slices of a case is
//! taken.

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use fovea_medical::dicom::Header;
use fovea_medical::geometry::{Geometry, cross, dot};
use fovea_medical::plane::{Misfit, Plane, Section, section};
use fovea_medical::volume::Volume;

/// Slices that lie closer than this, mm, lie at one place.
const SAME_PLACE: f64 = 1e-3;

/// A distance of neighbours above this many usual distances is a gap.
const GAP: f64 = 1.5;

/// One file of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    /// The file.
    pub path: PathBuf,
    /// What it says of itself.
    pub header: Header,
}

impl Slice {
    /// Where its pixels lie; `None` where the file does not say.
    pub fn plane(&self) -> Option<Plane> {
        let place = self.header.places.first()?;
        let Header { spacing, size, .. } = self.header;
        Some(Plane { position: place.position?, directions: place.orientation?, spacing, size })
    }

    /// Its place along the normal of its plane, mm.
    fn along(&self) -> Option<f64> {
        self.plane().map(|plane| dot(normal(&plane), plane.position))
    }
}

fn normal(plane: &Plane) -> [f64; 3] {
    cross(plane.directions[0], plane.directions[1])
}

/// Why files make no series, or why they do not fit labels.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SeriesError {
    /// Nothing to order by.
    #[error("{} has neither a position (ImagePositionPatient) nor an InstanceNumber", .0.display())]
    Mute(PathBuf),
    /// Files in different planes.
    #[error("{} and {} are turned differently, as in a scout: keep the files of one plane", .0.display(), .1.display())]
    Turned(PathBuf, PathBuf),
    /// Two files in one place.
    #[error("{} and {} have the same {what}{why}: keep one file a slice", .first.display(), .second.display())]
    Twice {
        /// One file.
        first: PathBuf,
        /// Another file.
        second: PathBuf,
        /// Position or InstanceNumber.
        what: &'static str,
        /// In what else they differ.
        why: String,
    },
    /// A slice that is missing.
    #[error(
        "a slice is missing between {} and {}: they are {apart:.2} mm apart, its other slices {usual:.2} mm",
        .first.display(), .second.display()
    )]
    Gap {
        /// The file before.
        first: PathBuf,
        /// The file behind.
        second: PathBuf,
        /// Their distance.
        apart: f64,
        /// The usual distance.
        usual: f64,
    },
    /// Slices that do not say where they lie.
    #[error(
        "its slices say no position (ImagePositionPatient), and InstanceNumbers do not tell at which end of the labels \
         they begin: take the original files, or give masks as pictures masks/<case>_<slice>.png"
    )]
    NoPosition,
    /// Labels that do not say where they lie.
    #[error(
        "the labels do not say where they lie in the patient (NRRD: `space` and `space origin`; NIfTI: sform or \
         qform): save them with their geometry, or give masks as pictures masks/<case>_<slice>.png"
    )]
    NoGeometry,
    /// A slice of the labels without a file.
    #[error("no file lies where slice {number} of the labels lies ({nearest})")]
    NoFile {
        /// The slice, from 1.
        number: usize,
        /// How near the nearest is.
        nearest: String,
    },
    /// A file that lies elsewhere.
    #[error("{} does not lie in the labels: {why}", .path.display())]
    Elsewhere {
        /// The file.
        path: PathBuf,
        /// How far away.
        why: Misfit,
    },
    /// A file whose name says another slice than its position.
    #[error("{} lies at slice {lies} of the labels and is named after slice {named}", .path.display())]
    Named {
        /// The file.
        path: PathBuf,
        /// Where it lies, from 1.
        lies: usize,
        /// What its name says.
        named: usize,
    },
}

/// What the files are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Position along the normal.
    Position,
    /// InstanceNumber, where no file says a position.
    Number,
}

/// The files in the order of the slices, from number 1 on: along the normal of their plane, which
/// is how the volumes were built from them (ITK orders a series so); by InstanceNumber where a
/// position is missing.
///
/// # Errors
/// Two files at one place or of one InstanceNumber, files in different planes, files that say
/// neither.
pub fn order(mut slices: Vec<Slice>) -> Result<(Vec<Slice>, By), SeriesError> {
    let by = if slices.iter().all(|s| s.along().is_some()) { By::Position } else { By::Number };
    let key = |s: &Slice| match by {
        By::Position => s.along(),
        By::Number => s.header.instance.map(|i| i as f64),
    };
    if let Some(mute) = slices.iter().find(|s| key(s).is_none()) {
        return Err(SeriesError::Mute(mute.path.clone()));
    }
    slices.sort_by(|a, b| key(a).unwrap_or(0.0).total_cmp(&key(b).unwrap_or(0.0)));
    let planes: Vec<Option<[f64; 3]>> = slices.iter().map(|s| s.plane().map(|p| normal(&p))).collect();
    for (slice, own) in slices.iter().zip(&planes).skip(1).filter(|_| by == By::Position) {
        if let (Some(first), Some(own)) = (planes[0], own)
            && dot(first, *own) < 0.99
        {
            return Err(SeriesError::Turned(slices[0].path.clone(), slice.path.clone()));
        }
    }
    let what = if by == By::Position { "position" } else { "InstanceNumber" };
    for pair in slices.windows(2) {
        if key(&pair[0]).zip(key(&pair[1])).is_some_and(|(a, b)| (a - b).abs() < SAME_PLACE) {
            let (first, second) = (pair[0].path.clone(), pair[1].path.clone());
            return Err(SeriesError::Twice { first, second, what, why: differ(&pair[0].header, &pair[1].header) });
        }
    }
    Ok((slices, by))
}

/// In what two images of one slice differ, for the message.
fn differ(a: &Header, b: &Header) -> String {
    let differing = a.kinds.iter().find_map(|(name, value)| {
        let other = b.kinds.iter().find(|(other, _)| other == name)?;
        (*value != other.1).then(|| format!(" and differ in {name} ({value} and {})", other.1))
    });
    differing.unwrap_or_default()
}

/// Slices that lie further apart than the others, in [`order`] by position.
///
/// # Errors
/// The first gap.
pub fn complete(slices: &[Slice]) -> Result<(), SeriesError> {
    let places: Option<Vec<f64>> = slices.iter().map(Slice::along).collect();
    let Some(places) = places else { return Ok(()) };
    let gaps: Vec<f64> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mut sorted = gaps.clone();
    sorted.sort_by(f64::total_cmp);
    // The lower middle: of two distances the shorter is the usual one.
    let Some(usual) = sorted.get(sorted.len().saturating_sub(1) / 2).copied() else { return Ok(()) };
    match gaps.iter().position(|apart| *apart > GAP * usual) {
        Some(at) => {
            let (first, second) = (slices[at].path.clone(), slices[at + 1].path.clone());
            Err(SeriesError::Gap { first, second, apart: gaps[at], usual })
        }
        None => Ok(()),
    }
}

/// Whether the InstanceNumbers rise with the order of the slices; true where they are missing.
pub fn numbered_in_order(slices: &[Slice]) -> bool {
    let numbers: Vec<i64> = slices.iter().filter_map(|s| s.header.instance).collect();
    numbers.is_sorted()
}

/// A slice of the labels with its file.
#[derive(Clone, Debug, PartialEq)]
pub struct Matched {
    /// The slice's number, from 1 along the normal of the files.
    pub number: usize,
    /// The file, as an index into the slices.
    pub file: usize,
    /// The voxels under it.
    pub section: Section,
}

/// How a series lies in a volume.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// Whether the volume's origin is the corner of its first voxel.
    pub corner: bool,
    /// By number.
    pub slices: Vec<Matched>,
}

/// For every slice of the volume its file, by position. The series may be longer than the volume.
/// Where `chosen`, the files are a choice of slices and the volume may be longer.
///
/// # Errors
/// What does not fit.
pub fn match_volume(slices: &[Slice], volume: &Volume, chosen: bool) -> Result<Match, SeriesError> {
    let planes: Option<Vec<Plane>> = slices.iter().map(Slice::plane).collect();
    let planes = planes.ok_or(SeriesError::NoPosition)?;
    let centre = volume.geometry.ok_or(SeriesError::NoGeometry)?;
    let fit = |corner: bool| {
        let geometry = if corner { centre.from_corner() } else { centre };
        lay(slices, &planes, volume.sizes, &geometry, chosen).map(|slices| Match { corner, slices })
    };
    // The message is that of the centre, as the formats say.
    fit(false).or_else(|error| fit(true).map_err(|_| error))
}

fn lay(
    slices: &[Slice],
    planes: &[Plane],
    sizes: [usize; 3],
    geometry: &Geometry,
    chosen: bool,
) -> Result<Vec<Matched>, SeriesError> {
    let mut matched = Vec::new();
    let mut misfits = Vec::new();
    for (file, plane) in planes.iter().enumerate() {
        match section(geometry, sizes, plane) {
            Ok(section) => {
                let number = number(geometry, sizes, plane, &section);
                matched.push(Matched { number, file, section });
            }
            Err(why) if chosen => return Err(SeriesError::Elsewhere { path: slices[file].path.clone(), why }),
            Err(why) => misfits.push((file, why)),
        }
    }
    matched.sort_by_key(|m| m.number);
    if chosen {
        return Ok(matched);
    }
    if let (true, Some((file, why))) = (matched.is_empty(), misfits.first()) {
        return Err(SeriesError::Elsewhere { path: slices[*file].path.clone(), why: *why });
    }
    let depth = matched.first().map_or(sizes[2], |m| sizes[m.section.through()]);
    let missing = (1..=depth).find(|number| !matched.iter().any(|m| m.number == *number));
    match missing {
        Some(number) => {
            let nearest = misfits.first().map_or_else(|| "its files end there".to_owned(), |(_, why)| why.to_string());
            Err(SeriesError::NoFile { number, nearest })
        }
        None => Ok(matched),
    }
}

/// The number of a slice of the labels: from 1, along the normal of the files.
fn number(geometry: &Geometry, sizes: [usize; 3], plane: &Plane, section: &Section) -> usize {
    let through = section.through();
    let rising = dot(geometry.steps[through], normal(plane)) > 0.0;
    if rising { section.slice() + 1 } else { sizes[through] - section.slice() }
}
