//! Which DICOM file shows which slice of a label volume.
//!
//! Slices are matched by where they lie in the patient. GazeMedSeg's released preparation
//! (`notebooks/preprocess/process_nci-isbi.ipynb`) numbers slice z of the NRRD, counted from 0, as z + 1 and takes the first
//! file that the pattern `*{z+1}.dcm` finds: for slice 1 any of 1, 11, 21 and 31, in no fixed order. Here no file name counts.
//!
//! The numbers mean what they mean there: all 805 masks of 60 cases that were cut from the NRRDs are slice z of the volume under
//! the number z + 1, upright. That the images which the recorded eyes saw were numbered likewise shows in the gaze: its heat
//! maps agree best with the mask of the same number (Dice .793; mirrored order .683; of the first nine, 10 further on .599
//! against .762).

use std::path::PathBuf;

use super::dicom::SliceHeader;
use super::nrrd::{Geometry, Header};

/// Largest distance between a slice and its label along the normal, as a share of the distance between slices.
const MAX_OFF: f64 = 0.1;

/// One file of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    /// The file.
    pub path: PathBuf,
    /// What it says of itself.
    pub header: SliceHeader,
}

/// The files in the order of the slices, from number 1 on: along the normal of their plane, which is how the volumes were
/// built from them (ITK orders a series so); by InstanceNumber where a position is missing.
///
/// # Errors
/// Two files at one position or of one InstanceNumber; a series that says neither for every file.
pub fn order(mut slices: Vec<Slice>) -> Result<Vec<Slice>, String> {
    let normal = slices.first().and_then(|s| s.header.orientation).map(|[row, column]| cross(row, column));
    let place = |s: &Slice| match (normal, s.header.position) {
        (Some(normal), Some(position)) => Some(dot(normal, position)),
        _ => None,
    };
    let by_place = slices.iter().all(|s| place(s).is_some());
    let key = |s: &Slice| if by_place { place(s) } else { s.header.instance.map(|i| i as f64) };
    if let Some(mute) = slices.iter().find(|s| key(s).is_none()) {
        return Err(format!("{} has neither a position nor an InstanceNumber", mute.path.display()));
    }
    slices.sort_by(|a, b| key(a).unwrap_or(0.0).total_cmp(&key(b).unwrap_or(0.0)));
    let what = if by_place { "position" } else { "InstanceNumber" };
    match slices.windows(2).find(|pair| key(&pair[0]).zip(key(&pair[1])).is_some_and(|(a, b)| (a - b).abs() < 1e-3)) {
        Some(pair) => Err(format!("{} and {} have the same {what}", pair[0].path.display(), pair[1].path.display())),
        None => Ok(slices),
    }
}

/// Whether the InstanceNumbers rise with the order of the slices; true where they are missing.
pub fn numbered_in_order(slices: &[Slice]) -> bool {
    let numbers: Vec<i64> = slices.iter().filter_map(|s| s.header.instance).collect();
    numbers.is_sorted()
}

/// For every slice of the volume its file, as an index into `slices`, which are in [`order`].
///
/// By position where the volume and every file give one: the file whose plane is the label's, within a tenth of the distance
/// between slices, and whose first pixel is the label's within half a pixel; the series may be longer than the volume. Else
/// one by one, which needs as many files as slices.
///
/// # Errors
/// What does not fit, in words.
pub fn match_volume(slices: &[Slice], volume: &Header) -> Result<Vec<usize>, String> {
    let [width, height, depth] = volume.sizes;
    if let Some(slice) = slices.iter().find(|s| s.header.size != [width, height]) {
        let [w, h] = slice.header.size;
        return Err(format!("its slices are {w}x{h} pixels, the labels {width}x{height}"));
    }
    let placed = slices.iter().all(|s| s.header.position.is_some());
    match volume.geometry.filter(|_| placed) {
        Some(geometry) => (0..depth).map(|z| at(slices, &geometry, z)).collect(),
        None if slices.len() == depth => Ok((0..depth).collect()),
        None => Err(format!("it has {} slices, the labels {depth}, and nothing says where they lie", slices.len())),
    }
}

/// The file at slice `z`.
fn at(slices: &[Slice], geometry: &Geometry, z: usize) -> Result<usize, String> {
    let [across, down, through] = geometry.steps;
    let normal = cross(across, down);
    let length = dot(normal, normal).sqrt();
    let off = |slice: &Slice| {
        let d = slice.header.position.map_or([f64::INFINITY; 3], |p| difference(p, geometry.slice_origin(z)));
        let gap = (dot(normal, through) / length).abs();
        let in_plane = |step: [f64; 3]| dot(d, step).abs() / dot(step, step);
        // In units of what is allowed: above 1 it is another slice.
        (dot(normal, d).abs() / length / gap / MAX_OFF).max(in_plane(across).max(in_plane(down)) / 0.5)
    };
    let nearest = (0..slices.len()).min_by(|a, b| off(&slices[*a]).total_cmp(&off(&slices[*b])));
    nearest
        .filter(|i| off(&slices[*i]) <= 1.0)
        .ok_or_else(|| format!("no file lies where slice {} of the labels lies", z + 1))
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn difference(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
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
        let header = SliceHeader {
            instance: Some(instance),
            position: Some(position(z as f64)),
            orientation: Some([ROW, COLUMN]),
            size: [8, 6],
            ..SliceHeader::default()
        };
        Slice { path: format!("{}.dcm", (z * 7 + 11) % 23).into(), header }
    }

    fn volume(depth: usize, first: f64, placed: bool) -> Header {
        let text = format!(
            "NRRD0004\ntype: uchar\nsizes: 8 6 {depth}\nencoding: raw\nspace: {}\n\
             space directions: (0.5,0,0) (0,0.4,-0.3) (0,1.8,2.4)\nspace origin: ({},{},{})\n\n",
            if placed { "LPS" } else { "none" },
            position(first)[0],
            position(first)[1],
            position(first)[2]
        );
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        super::super::nrrd::header(file.path()).unwrap()
    }

    #[test]
    fn position_decides_whatever_names_and_numbers_say() {
        let shuffled: Vec<Slice> = [4, 0, 12, 1, 11, 3, 2, 5, 10, 9, 8, 7, 6].map(|z| slice(z, 13 - z as i64)).to_vec();
        let slices = order(shuffled).unwrap();
        let expected: Vec<Slice> = (0..13).map(|z| slice(z, 13 - z as i64)).collect();
        assert_eq!(slices, expected);
        assert!(!numbered_in_order(&slices));
        assert_eq!(match_volume(&slices, &volume(13, 0.0, true)), Ok((0..13).collect()));
        // Labels for the inner part of a longer series, as in ProstateDx-01-0055.
        assert_eq!(match_volume(&slices, &volume(5, 4.0, true)), Ok(vec![4, 5, 6, 7, 8]));
    }

    #[test]
    fn what_lies_between_or_beside_is_no_match() {
        let slices = order((0..6).map(|z| slice(z, z as i64)).collect()).unwrap();
        assert!(match_volume(&slices, &volume(6, 0.05, true)).is_ok());
        assert!(match_volume(&slices, &volume(6, 0.5, true)).unwrap_err().contains("slice 1"));
        assert!(match_volume(&slices, &volume(7, 0.0, true)).unwrap_err().contains("slice 7"));
        let mut beside = slices.clone();
        beside.iter_mut().for_each(|s| s.header.position.as_mut().unwrap()[0] += 0.4);
        assert!(match_volume(&beside, &volume(6, 0.0, true)).is_err());
        let mut large = slices;
        large[2].header.size = [16, 6];
        assert!(match_volume(&large, &volume(6, 0.0, true)).unwrap_err().contains("16x6"));
    }

    #[test]
    fn without_positions_the_numbers_count_and_must_be_complete() {
        let bare = |instance| {
            let mut slice = slice(0, instance);
            slice.header.position = None;
            slice.path = format!("{}.dcm", 100 - instance).into();
            slice
        };
        let slices = order([10, 2, 1, 11].map(bare).to_vec()).unwrap();
        assert_eq!(slices.iter().map(|s| s.header.instance.unwrap()).collect::<Vec<_>>(), [1, 2, 10, 11]);
        assert!(numbered_in_order(&slices));
        assert_eq!(match_volume(&slices, &volume(4, 0.0, true)), Ok(vec![0, 1, 2, 3]));
        assert!(match_volume(&slices, &volume(3, 0.0, true)).unwrap_err().contains("4 slices, the labels 3"));
        assert!(order([1, 2, 2].map(bare).to_vec()).unwrap_err().contains("same InstanceNumber"));
        assert!(order(vec![slice(0, 1), slice(0, 2)]).unwrap_err().contains("same position"));
        let mut mute = bare(1);
        mute.header.instance = None;
        assert!(order(vec![mute]).unwrap_err().contains("neither"));
    }

    #[test]
    fn volumes_that_say_nothing_are_matched_in_order() {
        let slices = order((0..3).rev().map(|z| slice(z, 9)).collect()).unwrap();
        assert_eq!(match_volume(&slices, &volume(3, 50.0, false)), Ok(vec![0, 1, 2]));
        assert!(match_volume(&slices, &volume(2, 50.0, false)).is_err());
    }
}
