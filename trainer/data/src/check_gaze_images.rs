//! Gaze against the images that it is of.

use super::check_gaze::GazeFinding;
use super::defect::{Defect, DefectKind};
use super::scan::Scan;

/// How much wider or narrower an image may be for its height than its gaze says: that of rounding a scaled copy.
const SAME_ASPECT: f32 = 0.02;

/// Whether the images are of the size that their gaze says. Where all sizes differ by a scale the
/// images are a copy of another size,
/// for which the fractions still hold; where some do, and others fit, the gaze of those is in doubt.
pub(super) fn check_sizes(found: &Scan) -> Vec<Defect> {
    let (mut fit, mut scaled, mut other) = (0, Vec::new(), Vec::new());
    for case in &found.dataset.cases {
        // An image that cannot be read is reported as such.
        let (Some(said), Ok(is)) = (found.gaze_sizes.get(&case.id), case.image_size()) else { continue };
        let [width, height] = [0, 1].map(|side| is[side] as f32 / said[side]);
        let one = (&case.id, is, *said);
        match (width, height) {
            (1.0, 1.0) => fit += 1,
            _ if (width / height - 1.0).abs() <= SAME_ASPECT => scaled.push(one),
            _ => other.push(one),
        }
    }
    let of = fit + scaled.len() + other.len();
    if fit > scaled.len() {
        other.extend(scaled);
    }
    let finding = other.first().map(|(id, is, said)| GazeFinding::OtherSize {
        images: other.len(),
        of,
        first: (*id).clone(),
        is: *is,
        said: *said,
    });
    finding.map(|finding| finding.defect("gaze")).into_iter().collect()
}

/// The gaze of images that are not there, with the image that may be meant.
pub(super) fn check_strangers(found: &Scan) -> Vec<Defect> {
    let meant = |id: &String| found.dataset.cases.iter().find(|case| case.id.to_lowercase() == id.to_lowercase());
    let message = |id: &String| match meant(id) {
        Some(case) => {
            format!("has gaze and no image; there is an image `{}`: names must agree in upper and lower case", case.id)
        }
        None => "has gaze and no image".into(),
    };
    let defect = |id: &String| Defect::warning(DefectKind::GazeWithoutImage, id.clone(), message(id));
    found.gaze_without_image.iter().map(defect).collect()
}
