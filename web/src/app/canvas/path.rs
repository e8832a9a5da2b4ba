//! An outline as the path of an SVG.

use std::fmt::Write as _;

use crate::protocol::Outline;

/// Longer side of a path's box: finer than the pixels of a small picture.
const SIDE: f32 = 1000.0;

/// Width and height of the box that an outline's path is written in, in the proportions of its
/// picture.
pub fn size(outline: &Outline) -> (u32, u32) {
    let (width, height) = (outline.size.0 as f32, outline.size.1 as f32);
    let scale = SIDE / width.max(height).max(1.0);
    ((width * scale).round() as u32, (height * scale).round() as u32)
}

/// An outline as the attribute `d` of a path: absolute corners in whole units of its box, each loop
/// closed.
pub fn written(outline: &Outline) -> String {
    let (width, height) = size(outline);
    // A corner takes nine letters at most.
    let mut path = String::with_capacity(9 * outline.points.0.len() / 8);
    outline.for_each_point(|x, y, first| {
        let [x, y] = [(x, width), (y, height)].map(|(at, side)| (at * side as f32).round() as i32);
        let word = match first {
            true if path.is_empty() => "M",
            true => "ZM",
            false => " ",
        };
        // Writing into a string cannot fail.
        let _ = write!(path, "{word}{x} {y}");
    });
    if !path.is_empty() {
        path.push('Z');
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Blob;

    fn outline(loops: &[u32], points: &[f32], size: (u32, u32)) -> Outline {
        let points = Blob(points.iter().flat_map(|v| v.to_le_bytes()).collect());
        Outline { loops: loops.to_vec(), points, size, area: 1, hash: String::new(), dice: None }
    }

    #[test]
    fn each_loop_is_closed_and_lies_in_a_box_of_the_pictures_proportions() {
        let points = [0.0, 0.0, 1.0, 0.0, 0.5, 1.0, 0.2, 0.2, 0.3, 0.2, 0.25, 0.4];
        let two = outline(&[3, 3], &points, (640, 320));
        assert_eq!(size(&two), (1000, 500));
        assert_eq!(written(&two), "M0 0 1000 0 500 500ZM200 100 300 100 250 200Z");
    }

    #[test]
    fn an_empty_mask_is_an_empty_path() {
        assert_eq!(written(&outline(&[], &[], (0, 0))), "");
        assert_eq!(size(&outline(&[], &[], (30, 60))), (500, 1000));
    }
}
