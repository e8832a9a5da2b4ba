//! Scanpaths as a gaze CSV.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::HEADER;
use crate::gaze::{Fixation, Scanpath};

/// What is written for a fixation in the very corner: a billionth of the image beside it. `0,0` is
/// what trackers write where
/// they have no gaze.
const CORNER: f32 = 1e-9;

/// Writes scanpaths, each with its image's (width, height) in pixels, as a gaze CSV that
/// [`super::parse_csv`] reads back
/// exactly, but for a fixation at exactly (0, 0), which is written 1e-9 beside it, and for
/// fixations that are there twice.
///
/// The pupil size, which a [`Fixation`] does not carry, is written as 0, and names get the extension `.jpg` as in the
/// recorded files. An image without fixations has no row.
pub fn write_csv(scanpaths: &BTreeMap<String, (Scanpath, (u32, u32))>) -> String {
    let mut out = format!("{HEADER}\n");
    for (stem, (path, (width, height))) in scanpaths {
        let image = quoted(&format!("{stem}.jpg"));
        for (index, f) in path.fixations.iter().enumerate() {
            let x = if is_corner(f) { CORNER } else { f.x };
            // `Display` of an f32 is the shortest decimal that reads back as the same number. Writing to a string
            // cannot fail.
            let _ = writeln!(
                out,
                "{image},{},{x},{},{},0,{},{height}.0,{width}.0",
                index + 1,
                f.y,
                f.duration_ms,
                f.start_ms
            );
        }
    }
    out
}

fn is_corner(fixation: &Fixation) -> bool {
    fixation.x == 0.0 && fixation.y == 0.0
}

/// A name as one CSV field (RFC 4180).
fn quoted(name: &str) -> String {
    if name.contains([',', '"', '\r', '\n']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() }
}
