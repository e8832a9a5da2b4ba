//! Which DICOM file shows which slice of a label volume.
//!
//! Slices are matched by where they lie in the patient, and by nothing else. GazeMedSeg's released preparation
//! (`notebooks/preprocess/process_nci-isbi.ipynb`) numbers slice z of the NRRD, counted from 0, as z + 1 and takes the first
//! file that the pattern `*{z+1}.dcm` finds: for slice 1 any of 1, 11, 21 and 31, in no fixed order. Here no file name counts.
//!
//! The numbers mean what they mean there: all 805 masks of 60 cases that were cut from the NRRDs are slice z of the volume under
//! the number z + 1, upright. That the images which the recorded eyes saw were numbered likewise shows in the gaze: its heat
//! maps agree best with the mask of the same number (Dice .793; mirrored order .683; of the first nine, 10 further on .599
//! against .762).
//!
//! **Centre or corner.** In the NRRD labels of NCI-ISBI `space origin` is the outer corner of the first voxel: half a voxel off
//! ImagePositionPatient on all three axes. The format says the centre. So both are tried, the centre first, and the one that fits
//! all slices of a case is taken.

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
        "its slices say no position (ImagePositionPatient), and InstanceNumbers do not tell at which end of the labels they begin: \
         take the original files, or give masks as pictures masks/<case>_<slice>.png"
    )]
    NoPosition,
    /// Labels that do not say where they lie.
    #[error(
        "the labels do not say where they lie in the patient (NRRD: `space` and `space origin`; NIfTI: sform or qform): save them \
         with their geometry, or give masks as pictures masks/<case>_<slice>.png"
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

/// The files in the order of the slices, from number 1 on: along the normal of their plane, which is how the volumes were
/// built from them (ITK orders a series so); by InstanceNumber where a position is missing.
///
/// # Errors
/// Two files at one place or of one InstanceNumber, files in different planes, files that say neither.
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

/// For every slice of the volume its file, by position. The series may be longer than the volume. Where `chosen`, the files are
/// a choice of slices and the volume may be longer.
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use fovea_medical::dicom::Place;

    use super::*;

    /// A tilted stack of 0.5 mm pixels, 3 mm apart.
    const ROW: [f64; 3] = [1.0, 0.0, 0.0];
    const COLUMN: [f64; 3] = [0.0, 0.8, -0.6];
    const NORMAL: [f64; 3] = [0.0, 0.6, 0.8];

    fn position(z: f64) -> [f64; 3] {
        [-40.0, -30.0 + 3.0 * z * NORMAL[1], 10.0 + 3.0 * z * NORMAL[2]]
    }

    /// The file of slice `z` with a name of no meaning.
    fn slice(z: usize, instance: i64) -> Slice {
        let place = Place { position: Some(position(z as f64)), orientation: Some([ROW, COLUMN]) };
        let header =
            Header { instance: Some(instance), places: vec![place], size: [8, 6], frames: 1, ..Header::default() };
        Slice { path: format!("{}.dcm", (z * 7 + 11) % 23).into(), header }
    }

    fn volume(depth: usize, first: f64, space: &str) -> Volume {
        let [x, y, z] = position(first);
        let mut text = format!(
            "NRRD0004\ntype: uchar\nsizes: 8 6 {depth}\nencoding: raw\nspace: {space}\n\
             space directions: (0.5,0,0) (0,0.4,-0.3) (0,1.8,2.4)\nspace origin: ({x},{y},{z})\n\n"
        )
        .into_bytes();
        text.extend(vec![0; 48 * depth]);
        fovea_medical::nrrd::read(&text).unwrap()
    }

    fn ordered(slices: Vec<Slice>) -> Vec<Slice> {
        order(slices).unwrap().0
    }

    /// The files of the matched slices, where the numbers are 1, 2 and so on.
    fn files(slices: &[Slice], volume: &Volume) -> Result<Vec<usize>, String> {
        let found = match_volume(slices, volume, false).map_err(|e| e.to_string())?;
        assert!(found.slices.iter().enumerate().all(|(i, m)| m.number == i + 1));
        Ok(found.slices.into_iter().map(|m| m.file).collect())
    }

    #[test]
    fn position_decides_whatever_names_and_numbers_say() {
        let shuffled: Vec<Slice> = [4, 0, 12, 1, 11, 3, 2, 5, 10, 9, 8, 7, 6].map(|z| slice(z, 13 - z as i64)).to_vec();
        let (slices, by) = order(shuffled).unwrap();
        let expected: Vec<Slice> = (0..13).map(|z| slice(z, 13 - z as i64)).collect();
        assert_eq!((&slices, by), (&expected, By::Position));
        assert!(!numbered_in_order(&slices) && complete(&slices).is_ok());
        assert_eq!(files(&slices, &volume(13, 0.0, "LPS")), Ok((0..13).collect()));
        // Labels for the inner part of a longer series, as in ProstateDx-01-0055.
        assert_eq!(files(&slices, &volume(5, 4.0, "LPS")), Ok(vec![4, 5, 6, 7, 8]));
    }

    #[test]
    fn what_lies_between_or_beside_is_no_match() {
        let slices = ordered((0..6).map(|z| slice(z, z as i64)).collect());
        let fails = |slices: &[Slice], volume: &Volume| files(slices, volume).unwrap_err();
        assert!(files(&slices, &volume(6, 0.05, "LPS")).is_ok());
        assert!(fails(&slices, &volume(6, 0.3, "LPS")).contains("does not lie in the labels"));
        assert!(fails(&slices, &volume(7, 0.0, "LPS")).contains("slice 7"));
        let mut beside = slices.clone();
        beside.iter_mut().for_each(|s| s.header.places[0].position.as_mut().unwrap()[0] += 0.4);
        assert!(files(&beside, &volume(6, 0.0, "LPS")).is_err());
        let mut large = slices;
        large.iter_mut().for_each(|s| s.header.size = [16, 6]);
        assert!(fails(&large, &volume(6, 0.0, "LPS")).contains("16x6 pixels, the labels 8x6"));
    }

    #[test]
    fn an_origin_at_the_corner_is_found_and_said() {
        let slices = ordered((0..6).map(|z| slice(z, z as i64)).collect());
        let centre = volume(6, 0.0, "LPS");
        assert!(!match_volume(&slices, &centre, false).unwrap().corner);
        let mut corner = centre;
        let geometry = corner.geometry.unwrap();
        corner.geometry = Some(Geometry { origin: geometry.at([-0.5; 3]), steps: geometry.steps });
        let found = match_volume(&slices, &corner, false).unwrap();
        assert!(found.corner);
        assert_eq!(files(&slices, &corner), Ok((0..6).collect()), "not one further");
        // A single slice of the series, chosen by hand.
        let one = match_volume(&slices[3..4], &corner, true).unwrap();
        assert_eq!((one.corner, one.slices[0].number), (true, 4));
    }

    #[test]
    fn labels_from_the_other_end_get_the_numbers_of_the_files() {
        let slices = ordered((0..6).map(|z| slice(z, z as i64)).collect());
        let mut turned = volume(6, 0.0, "LPS");
        let geometry = turned.geometry.unwrap();
        let [across, down, through] = geometry.steps;
        turned.geometry = Some(Geometry {
            origin: geometry.at([0.0, 5.0, 5.0]),
            steps: [across, down.map(|v| -v), through.map(|v| -v)],
        });
        let found = match_volume(&slices, &turned, false).unwrap().slices;
        assert!(found.iter().enumerate().all(|(i, m)| (m.number, m.file, m.section.slice()) == (i + 1, i, 5 - i)));
        assert_eq!(found[0].section.down, [0, -1, 0]);
    }

    #[test]
    fn without_positions_nothing_is_matched() {
        let bare = |instance| {
            let mut slice = slice(0, instance);
            slice.header.places[0].position = None;
            slice.path = format!("{}.dcm", 100 - instance).into();
            slice
        };
        let (slices, by) = order([10, 2, 1, 11].map(bare).to_vec()).unwrap();
        assert_eq!(slices.iter().map(|s| s.header.instance.unwrap()).collect::<Vec<_>>(), [1, 2, 10, 11]);
        assert!(numbered_in_order(&slices) && by == By::Number);
        assert_eq!(match_volume(&slices, &volume(4, 0.0, "LPS"), false), Err(SeriesError::NoPosition));
        assert!(order([1, 2, 2].map(bare).to_vec()).unwrap_err().to_string().contains("same InstanceNumber"));
        let mut mute = bare(1);
        mute.header.instance = None;
        assert!(matches!(order(vec![mute]), Err(SeriesError::Mute(_))));
        let placed = ordered((0..3).map(|z| slice(z, 9)).collect());
        assert_eq!(match_volume(&placed, &volume(3, 0.0, "none"), false), Err(SeriesError::NoGeometry));
    }

    #[test]
    fn two_files_of_one_place_gaps_and_turned_files_are_named() {
        let mut twice = vec![slice(0, 1), slice(0, 2)];
        let said = |slices: Vec<Slice>| order(slices).unwrap_err().to_string();
        assert!(said(twice.clone()).contains("same position: keep"));
        for (slice, value) in twice.iter_mut().zip(["50", "1400"]) {
            slice.header.kinds = vec![("DiffusionBValue", value.into())];
        }
        assert!(said(twice).contains("DiffusionBValue (50 and 1400)"));
        let gap = ordered([0, 1, 2, 4, 5].map(|z| slice(z, z as i64)).to_vec());
        let message = complete(&gap).unwrap_err().to_string();
        assert!(message.contains("6.00 mm apart, its other slices 3.00 mm"), "{message}");
        let mut scout = slice(1, 2);
        scout.header.places[0].orientation = Some([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);
        assert!(said(vec![slice(0, 1), scout]).contains("turned differently"));
    }
}
