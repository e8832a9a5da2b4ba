//! MR slices as DICOM files with their labels as NRRD volumes, drawn: nothing else of the commands'
//! data is not a phantom of `fovea`.

use std::fmt::Write;

/// Columns and rows of a slice.
const SIDE: usize = 48;
/// Slices of a case.
pub(super) const DEPTH: usize = 6;
/// Millimetres from pixel to pixel, and from slice to slice.
const SPACING: [f64; 2] = [0.6, 4.0];
/// Where the centre of the first voxel lies in the patient, in millimetres.
const ORIGIN: [f64; 3] = [1.0, 2.0, 3.0];
/// Explicit VR, little endian.
const SYNTAX: &str = "1.2.840.10008.1.2.1";
/// MR image storage.
const CLASS: &str = "1.2.840.10008.5.1.4.1.1.4";

/// Whether a pixel is inside the gland: a disc that grows from slice to slice.
fn is_inside(x: usize, y: usize, z: usize) -> bool {
    let from = |v: usize| v.abs_diff(SIDE / 2).pow(2);
    from(x) + from(y) < (8 + z).pow(2)
}

/// The pixels of a slice, row by row.
fn pixels() -> impl Iterator<Item = (usize, usize)> {
    (0..SIDE * SIDE).map(|at| (at % SIDE, at / SIDE))
}

/// Slice `z` of a case as a DICOM file.
pub(super) fn dicom(case: &str, z: usize) -> Vec<u8> {
    let instance = format!("2.25.{}", 100 + z);
    let side = (SIDE as u16).to_le_bytes();
    let decimals = |values: &[f64]| values.iter().map(f64::to_string).collect::<Vec<_>>().join("\\");
    let [x, y, first] = ORIGIN;
    let grey =
        |(x, y): (usize, usize)| if is_inside(x, y, z) { 500 + (x * y) as u16 % 90 } else { 60 + (x * y) as u16 % 40 };
    let grey: Vec<u8> = pixels().flat_map(|at| grey(at).to_le_bytes()).collect();

    let mut meta = Vec::new();
    element(&mut meta, (0x0002, 0x0001), b"OB", &[0, 1]);
    text(&mut meta, (0x0002, 0x0002), b"UI", CLASS);
    text(&mut meta, (0x0002, 0x0003), b"UI", &instance);
    text(&mut meta, (0x0002, 0x0010), b"UI", SYNTAX);
    text(&mut meta, (0x0002, 0x0012), b"UI", "2.25.1");

    let mut file = [&[0; 128][..], &b"DICM"[..]].concat();
    element(&mut file, (0x0002, 0x0000), b"UL", &(meta.len() as u32).to_le_bytes());
    file.extend(meta);
    text(&mut file, (0x0008, 0x0016), b"UI", CLASS);
    text(&mut file, (0x0008, 0x0018), b"UI", &instance);
    text(&mut file, (0x0008, 0x0060), b"CS", "MR");
    text(&mut file, (0x0010, 0x0020), b"LO", case);
    // A series a case.
    text(&mut file, (0x0020, 0x000e), b"UI", &format!("2.25.{}", 7 + case.bytes().map(usize::from).sum::<usize>()));
    text(&mut file, (0x0020, 0x0013), b"IS", &(z + 1).to_string());
    text(&mut file, (0x0020, 0x0032), b"DS", &decimals(&[x, y, first + SPACING[1] * z as f64]));
    text(&mut file, (0x0020, 0x0037), b"DS", "1\\0\\0\\0\\1\\0");
    element(&mut file, (0x0028, 0x0002), b"US", &[1, 0]);
    text(&mut file, (0x0028, 0x0004), b"CS", "MONOCHROME2");
    element(&mut file, (0x0028, 0x0010), b"US", &side);
    element(&mut file, (0x0028, 0x0011), b"US", &side);
    text(&mut file, (0x0028, 0x0030), b"DS", &decimals(&[SPACING[0]; 2]));
    for (tag, value) in [(0x0100, 16), (0x0101, 12), (0x0102, 11), (0x0103, 0)] {
        element(&mut file, (0x0028, tag), b"US", &[value, 0]);
    }
    element(&mut file, (0x7fe0, 0x0010), b"OW", &grey);
    file
}

/// An element of text, of an even length.
fn text(out: &mut Vec<u8>, tag: (u16, u16), kind: &[u8; 2], value: &str) {
    let mut bytes = value.as_bytes().to_vec();
    if bytes.len() % 2 == 1 {
        bytes.push(if kind == b"UI" { 0 } else { b' ' });
    }
    element(out, tag, kind, &bytes);
}

/// An element: its tag, kind, length and bytes.
fn element(out: &mut Vec<u8>, (group, number): (u16, u16), kind: &[u8; 2], value: &[u8]) {
    out.extend(group.to_le_bytes());
    out.extend(number.to_le_bytes());
    out.extend(kind);
    if matches!(kind, b"OB" | b"OW") {
        out.extend([0, 0]);
        out.extend((value.len() as u32).to_le_bytes());
    } else {
        out.extend((value.len() as u16).to_le_bytes());
    }
    out.extend(value);
}

/// The labels of a case as an NRRD volume.
pub(super) fn labels() -> Vec<u8> {
    let [width, depth] = SPACING;
    let [x, y, z] = ORIGIN;
    let header = format!(
        "NRRD0004\ntype: short\nendian: little\nspace: left-posterior-superior\nsizes: {SIDE} {SIDE} \
         {DEPTH}\nencoding: raw\n\
         space directions: ({width},0,0) (0,{width},0) (0,0,{depth})\nspace origin: ({x},{y},{z})\n\n"
    );
    let inside = (0..DEPTH).flat_map(|z| pixels().map(move |(x, y)| u16::from(is_inside(x, y, z))));
    header.into_bytes().into_iter().chain(inside.flat_map(u16::to_le_bytes)).collect()
}

/// Two fixations on every slice of some cases, as a gaze file.
pub(super) fn gaze(cases: &[&str]) -> String {
    let mut text = String::from(
        "IMAGE,CURRENT_FIX_INDEX,CURRENT_FIX_X,CURRENT_FIX_Y,CURRENT_FIX_DURATION,CURRENT_FIX_PUPIL,CURRENT_FIX_START,\
         IMAGE_HEIGHT,IMAGE_WIDTH\n",
    );
    for case in cases {
        for number in 1..=DEPTH {
            for (index, (x, start)) in [(0.48, 7), (0.52, 400)].into_iter().enumerate() {
                let row = format!("{case}_{number}.jpg,{},{x},0.5,300,1000,{start},{SIDE},{SIDE}", index + 1);
                // Writing to a string does not fail.
                let _ = writeln!(text, "{row}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_as_long_as_their_headers_say() {
        let file = dicom("Prostate3T-01-0001", 2);
        assert_eq!(&file[128..132], b"DICM");
        let pixel_bytes = SIDE * SIDE * 2;
        let length = &file[file.len() - pixel_bytes - 4..file.len() - pixel_bytes];
        assert_eq!(length, (pixel_bytes as u32).to_le_bytes());
        assert_ne!(dicom("Prostate3T-01-0001", 3), file);
        let volume = labels();
        let header = volume.windows(2).position(|pair| pair == b"\n\n").map(|at| at + 2);
        assert_eq!(header, Some(volume.len() - pixel_bytes * DEPTH));
        assert_eq!(gaze(&["a", "b"]).lines().count(), 1 + 2 * DEPTH * 2);
    }
}
