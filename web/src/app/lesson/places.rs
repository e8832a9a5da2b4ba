//! Where a place lies in an outline. Pure: no browser in here.

use crate::protocol::Outline;

/// The closed lines of an outline, each as its points in fractions of the image.
fn parts(outline: &Outline) -> Vec<Vec<(f32, f32)>> {
    let mut parts: Vec<Vec<(f32, f32)>> = Vec::new();
    outline.for_each_point(|x, y, first| {
        if first {
            parts.push(Vec::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push((x, y));
        }
    });
    parts
}

/// Whether a closed line runs around a place: a ray from there to the right crosses it an odd number of times.
fn around(part: &[(f32, f32)], (x, y): (f32, f32)) -> bool {
    let next = part.iter().cycle().skip(1);
    let crossed = part.iter().zip(next).filter(|((ax, ay), (bx, by))| {
        let beside = (*ay > y) != (*by > y);
        beside && x < ax + (y - ay) / (by - ay) * (bx - ax)
    });
    crossed.count() % 2 == 1
}

/// Whether a place is inside of an outline (even-odd rule).
pub(super) fn inside(outline: &Outline, place: (f32, f32)) -> bool {
    parts(outline).iter().filter(|part| around(part, place)).count() % 2 == 1
}

/// Which closed line of an outline runs around a place: the first of them, by its number.
pub(super) fn part_at(outline: &Outline, place: (f32, f32)) -> Option<usize> {
    parts(outline).iter().position(|part| around(part, place))
}

/// An outline of rectangles, each as left, top, right, bottom in fractions of the image.
#[cfg(test)]
pub(super) fn rectangles(of: &[[f32; 4]]) -> Outline {
    let points = of.iter().flat_map(|[l, t, r, b]| [*l, *t, *r, *t, *r, *b, *l, *b]);
    Outline {
        loops: vec![4; of.len()],
        points: crate::protocol::Blob(points.flat_map(f32::to_le_bytes).collect()),
        size: (100, 100),
        area: of.iter().map(|[l, t, r, b]| ((r - l) * (b - t) * 1e4).round() as u32).sum(),
        hash: String::new(),
        dice: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_in_parts_and_not_in_their_holes() {
        let two = rectangles(&[[0.1, 0.1, 0.3, 0.3], [0.5, 0.5, 0.9, 0.9], [0.6, 0.6, 0.7, 0.7]]);
        assert_eq!(part_at(&two, (0.2, 0.2)), Some(0));
        assert_eq!(part_at(&two, (0.55, 0.8)), Some(1));
        assert_eq!(part_at(&two, (0.4, 0.4)), None);
        assert!(inside(&two, (0.8, 0.8)) && !inside(&two, (0.65, 0.65)) && !inside(&two, (0.2, 0.6)));
        assert!(!inside(&rectangles(&[]), (0.5, 0.5)));
    }
}
