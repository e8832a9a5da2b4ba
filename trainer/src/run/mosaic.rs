//! Two lesions in one picture, one of them described: a sample that can only be answered by reading.
//!
//! An image of this data shows one lesion, so a teacher can find it without its text, and what it need not read it may
//! ignore. Here a part of one image's features stands beside a part of another's, the text is that of the first, and the
//! target is the first's lesion alone (text-conditioned target; our extension). Everything comes from gaze: no mask is read.

use fovea_shared::{
    description::{Description, Field},
    distill::Target,
    model::{CHANNELS, Pyramid, SIDES},
    plane::Plane,
};
use half::f16;

/// Columns (or rows) at stride 32 of the larger part; the other gets the rest of the seven.
pub(crate) const LARGER: usize = 4;
/// Least share of an image's target that its part must show, for its description still to hold.
const LEAST: f32 = 0.8;

/// An image of a mosaic, upright or mirrored.
pub(crate) struct Part<'a> {
    /// Its features, [`Pyramid::LEN`] values.
    pub(crate) features: &'a [f16],
    /// The teacher's target, `[28, 28]`.
    pub(crate) target: Target,
}

/// How the picture is divided.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    /// Side by side, or one above the other.
    pub(crate) columns: bool,
    /// Whether the described image comes first (left or above).
    pub(crate) first: bool,
    /// How many columns (or rows) at stride 32 the described image keeps: [`LARGER`], or the rest.
    pub(crate) kept: usize,
}

impl Cut {
    /// Whether a column (or row) of a plane of `side` belongs to the described image.
    pub(crate) fn describes(self, place: usize, side: usize) -> bool {
        let place = place * SIDES[3] / side;
        if self.first { place < self.kept } else { place >= SIDES[3] - self.kept }
    }

    /// The same division when the other image is the described one.
    pub(crate) fn of_the_other(self) -> Self {
        Self { first: !self.first, kept: SIDES[3] - self.kept, ..self }
    }
}

/// Features, target and description of a mosaic; `None` where too much of the described lesion, or of the other, would be
/// cut away, or where nothing is described.
pub(crate) fn mosaic(
    described: &Part<'_>,
    description: &Description,
    other: &Part<'_>,
    cut: Cut,
) -> Option<(Vec<f16>, Target, Description)> {
    let (kept, rest) = (cut.kept, SIDES[3] - cut.kept);
    let (from, shown) = window(&described.target.value, kept, cut.columns);
    let (from_other, shown_other) = window(&other.target.value, rest, cut.columns);
    if shown < LEAST || shown_other < LEAST {
        return None;
    }
    let to = if cut.first { 0 } else { rest };
    let to_other = if cut.first { kept } else { 0 };
    let mut features = Vec::with_capacity(Pyramid::LEN);
    let mut start = 0;
    for (level, side) in SIDES.iter().enumerate() {
        let scale = side / SIDES[3];
        for channel in 0..CHANNELS[level] {
            let at = start + channel * side * side;
            let plane = at..at + side * side;
            let mut out = vec![f16::ZERO; side * side];
            paste(&described.features[plane.clone()], &mut out, *side, (from, to, kept), scale, cut.columns);
            paste(&other.features[plane], &mut out, *side, (from_other, to_other, rest), scale, cut.columns);
            features.extend(out);
        }
        start += Pyramid::level_len(level);
    }
    let side = described.target.value.width;
    let scale = side / SIDES[3];
    let moved = |plane: &Plane, fill: f32| {
        let mut out = vec![fill; side * side];
        paste(&plane.data, &mut out, side, (from, to, kept), scale, cut.columns);
        Plane::from_vec(side, side, out)
    };
    let value = moved(&described.target.value, 0.0);
    let text = relocated(description, &value)?;
    let weight = moved(&described.target.weight, 1.0);
    Some((features, Target { value, weight }, text))
}

/// The window of `width` columns (or rows) at stride 32 that shows most of a target, and the share it shows.
fn window(target: &Plane, width: usize, columns: bool) -> (usize, f32) {
    let scale = target.width / SIDES[3];
    let mut mass = [0.0f32; SIDES[3]];
    for (index, value) in target.data.iter().enumerate() {
        let place = if columns { index % target.width } else { index / target.width };
        mass[place / scale] += value;
    }
    let total: f32 = mass.iter().sum();
    let shown = |from: usize| mass[from..from + width].iter().sum::<f32>() / total.max(1e-6);
    (0..=SIDES[3] - width).map(|from| (from, shown(from))).max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0, 0.0))
}

/// Copies columns (or rows) `from..from + width` of a square plane to `to..`, all counted at stride 32.
fn paste<T: Copy>(
    source: &[T],
    out: &mut [T],
    side: usize,
    (from, to, width): (usize, usize, usize),
    scale: usize,
    columns: bool,
) {
    let (from, to, width) = (from * scale, to * scale, width * scale);
    if columns {
        for row in 0..side {
            out[row * side + to..][..width].copy_from_slice(&source[row * side + from..][..width]);
        }
    } else {
        out[to * side..(to + width) * side].copy_from_slice(&source[from * side..(from + width) * side]);
    }
}

/// The description with the location that the lesion now has; count and edge are not true any more.
fn relocated(description: &Description, target: &Plane) -> Option<Description> {
    let (mut x, mut y, mut total) = (0.0, 0.0, 0.0);
    for (index, value) in target.data.iter().enumerate() {
        x += value * (index % target.width) as f32;
        y += value * (index / target.width) as f32;
        total += value;
    }
    let third = |sum: f32, side: usize| (((sum / total + 0.5) / side as f32 * 3.0) as usize).min(2);
    if total <= 0.0 || description.is_empty() {
        return None;
    }
    let mut text = description.clone();
    let words = Field::Location.words(text.modality);
    let cell = third(y, target.height) * 3 + third(x, target.width);
    text.set(Field::Location, Some(words[cell].name)).ok()?;
    for field in [Field::Count, Field::Edge] {
        if text.modality.fields().contains(&field) {
            text.set(field, None).ok()?;
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use fovea_shared::{
        description::{Modality, Source},
        model::TEACHER_SIDE,
    };

    /// Features that are all `value`, and a target with a square around (`x`, `y`).
    fn part(features: &[f16], x: usize, y: usize) -> Part<'_> {
        let near = |i: usize| (i % TEACHER_SIDE).abs_diff(x) < 4 && (i / TEACHER_SIDE).abs_diff(y) < 4;
        let value = (0..TEACHER_SIDE * TEACHER_SIDE).map(|i| if near(i) { 1.0 } else { 0.0 }).collect();
        let target = Target {
            value: Plane::from_vec(TEACHER_SIDE, TEACHER_SIDE, value),
            weight: Plane::filled(TEACHER_SIDE, TEACHER_SIDE, 1.0),
        };
        Part { features, target }
    }

    #[test]
    fn the_described_lesion_keeps_its_area_and_gets_its_new_place() {
        let (ones, twos) = (vec![f16::from_f32(1.0); Pyramid::LEN], vec![f16::from_f32(2.0); Pyramid::LEN]);
        let (a, b) = (part(&ones, 20, 14), part(&twos, 6, 14));
        let mut text = Description::new(Modality::Polyp, Source::Measured);
        text.set(Field::Location, Some("centre_right")).unwrap();
        text.set(Field::Shape, Some("round")).unwrap();
        text.set(Field::Count, Some("single")).unwrap();
        for (first, expected) in [(true, "centre_left"), (false, "centre_right")] {
            let cut = Cut { columns: true, first, kept: LARGER };
            let (features, target, told) = mosaic(&a, &text, &b, cut).unwrap();
            assert_eq!(features.len(), Pyramid::LEN);
            let share = features.iter().filter(|v| v.to_f32() == 1.0).count() as f32 / Pyramid::LEN as f32;
            assert!((share - 4.0 / 7.0).abs() < 1e-6);
            assert_eq!(target.value.data.iter().sum::<f32>(), a.target.value.data.iter().sum::<f32>());
            assert_eq!(told.get(Field::Location).unwrap().name, expected);
            assert_eq!(told.get(Field::Shape).unwrap().name, "round");
            assert!(told.get(Field::Count).is_none());
            // The same picture, asked for the other lesion.
            let (same, swapped, _) = mosaic(&b, &text, &a, cut.of_the_other()).unwrap();
            assert_eq!(same, features);
            assert!(swapped.value.data.iter().zip(&target.value.data).all(|(ours, theirs)| ours * theirs == 0.0));
            assert_eq!(swapped.value.data.iter().sum::<f32>(), b.target.value.data.iter().sum::<f32>());
            let places = |cut: Cut| (0..TEACHER_SIDE).filter(|place| cut.describes(*place, TEACHER_SIDE)).count();
            assert_eq!((places(cut), places(cut.of_the_other())), (16, 12));
        }
    }

    #[test]
    fn a_lesion_that_would_be_cut_is_not_taken() {
        let ones = vec![f16::from_f32(1.0); Pyramid::LEN];
        let mut wide = part(&ones, 14, 14);
        wide.target.value.data.fill(1.0);
        let mut text = Description::new(Modality::Polyp, Source::Measured);
        text.set(Field::Shape, Some("round")).unwrap();
        assert!(mosaic(&wide, &text, &part(&ones, 6, 6), Cut { columns: false, first: true, kept: LARGER }).is_none());
        let nothing = Description::new(Modality::Polyp, Source::Measured);
        assert!(
            mosaic(&part(&ones, 6, 6), &nothing, &part(&ones, 6, 6), Cut { columns: true, first: true, kept: LARGER })
                .is_none()
        );
    }
}
