//! Masks as shapes: stretched to a square, widened, how deep.

use fovea_shared::{
    image::{pool_plane, resize_plane},
    metrics::distances_to,
    plane::{Mask, Plane},
};

/// A mask at `side` squared: where at least half of the cell is inside. Of a mask too small for any
/// such cell the fullest cells.
pub(super) fn stretched(mask: &Mask, side: usize) -> Mask {
    let plane = mask.to_plane();
    // Averaged where it is shrunk along both axes: then nothing thin is lost between two samples.
    let shrunk = mask.width >= side && mask.height >= side;
    let cells = if shrunk { pool_plane(&plane, side) } else { resize_plane(&plane, side, side) };
    let level = cells.max().min(0.5);
    if level > 0.0 { cells.at_least(level) } else { Mask::empty(side, side) }
}

/// How deep every pixel lies in a mask: its distance in pixels to the nearest pixel outside, 0
/// outside. The picture's edge is outside.
pub(super) fn depth(mask: &Mask) -> Plane {
    let (width, height) = (mask.width + 2, mask.height + 2);
    let inside = |x: usize, y: usize| x > 0 && y > 0 && x <= mask.width && y <= mask.height && mask.at(x - 1, y - 1);
    let outside = Mask::from_vec(width, height, (0..width * height).map(|i| !inside(i % width, i / width)).collect());
    // The rim is always outside.
    let distances = distances_to(&outside).unwrap_or_else(|| Plane::filled(width, height, 0.0));
    let cut = |i: usize| distances.at(1 + i % mask.width, 1 + i / mask.width);
    Plane::from_vec(mask.width, mask.height, (0..mask.data.len()).map(cut).collect())
}

/// The deepest pixel of a mask, the first of equals row by row; none for an empty mask.
pub(super) fn deepest(depth: &Plane) -> Option<usize> {
    let best = depth.max();
    if best > 0.0 { depth.data.iter().position(|d| *d == best) } else { None }
}

/// A mask with everything within `reach` pixels of it.
pub(super) fn widened(mask: &Mask, reach: f32) -> Mask {
    distances_to(mask).map_or_else(|| mask.clone(), |distances| distances.at_most(reach))
}

/// Inside the first and, as asked, inside or outside the second.
pub(super) fn with(a: &Mask, b: &Mask, inside: bool) -> Mask {
    Mask::from_vec(a.width, a.height, a.data.iter().zip(&b.data).map(|(a, b)| *a && *b == inside).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use fovea_shared::image::INPUT_SIDE;

    fn drawn(rows: &[&str]) -> Mask {
        let data = rows.iter().flat_map(|row| row.chars().map(|c| c == '#')).collect();
        Mask::from_vec(rows[0].len(), rows.len(), data)
    }

    #[test]
    fn the_edge_of_the_picture_is_outside() {
        let mask = drawn(&["####.", "####.", "####."]);
        let depth = depth(&mask);
        assert_eq!((depth.at(0, 0), depth.at(1, 1), depth.at(2, 1), depth.at(4, 1)), (1.0, 2.0, 2.0, 0.0));
        assert_eq!(deepest(&depth), Some(6));
        assert_eq!(deepest(&super::depth(&Mask::empty(3, 2))), None);
    }

    #[test]
    fn nothing_is_lost_by_stretching() {
        let mut dot = Mask::empty(300, 200);
        dot.data[100 * 300 + 150] = true;
        assert_eq!(stretched(&dot, 56).area(), 1);
        assert!(stretched(&Mask::empty(300, 200), 56).is_empty());
        let half = Mask::from_vec(10, 10, (0..100).map(|i| i % 10 < 5).collect());
        assert_eq!(stretched(&half, INPUT_SIDE).area(), INPUT_SIDE * INPUT_SIDE / 2);
        assert_eq!(stretched(&stretched(&half, INPUT_SIDE), 28).area(), 28 * 14);
    }

    #[test]
    fn widening_reaches_as_far_as_said() {
        let mut dot = Mask::empty(9, 9);
        dot.data[4 * 9 + 4] = true;
        assert_eq!(widened(&dot, 2.0).area(), 13);
        assert!(widened(&Mask::empty(9, 9), 2.0).is_empty());
        assert_eq!(with(&widened(&dot, 1.0), &dot, false).area(), 4);
    }
}
