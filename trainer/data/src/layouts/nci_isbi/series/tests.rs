//! Series written by hand: order, gaps, and their place in label volumes.
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
    let header = Header { instance: Some(instance), places: vec![place], size: [8, 6], frames: 1, ..Header::default() };
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
    turned.geometry =
        Some(Geometry { origin: geometry.at([0.0, 5.0, 5.0]), steps: [across, down.map(|v| -v), through.map(|v| -v)] });
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
