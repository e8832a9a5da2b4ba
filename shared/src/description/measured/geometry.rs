//! Components, distances and moments of masks.

use crate::plane::Mask;

/// The connected components of a mask.
pub(super) struct Components {
    width: usize,
    height: usize,
    labels: Vec<u32>,
    /// Pixels of each.
    pub(super) sizes: Vec<usize>,
}

/// The label of pixels outside the mask.
const NONE: u32 = u32::MAX;

impl Components {
    pub(super) fn label(&self, pixel: usize) -> Option<usize> {
        Some(self.labels[pixel]).filter(|l| *l != NONE).map(|l| l as usize)
    }

    /// The mask of the components that `wanted` names.
    pub(super) fn select(&self, wanted: impl Fn(usize) -> bool) -> Mask {
        let data = self.labels.iter().map(|l| *l != NONE && wanted(*l as usize)).collect();
        Mask::from_vec(self.width, self.height, data)
    }
}

/// Finds the components, with diagonal neighbours connected or not.
pub(super) fn components(mask: &Mask, diagonal: bool) -> Components {
    let (width, height) = (mask.width, mask.height);
    let mut labels = vec![NONE; mask.data.len()];
    let mut sizes = Vec::new();
    let mut stack = Vec::new();
    for start in 0..mask.data.len() {
        if !mask.data[start] || labels[start] != NONE {
            continue;
        }
        let label = sizes.len() as u32;
        let mut size = 0;
        labels[start] = label;
        stack.push(start);
        while let Some(i) = stack.pop() {
            size += 1;
            let (x, y) = (i % width, i / width);
            for ny in y.saturating_sub(1)..=(y + 1).min(height - 1) {
                for nx in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                    let n = ny * width + nx;
                    if mask.data[n] && labels[n] == NONE && (diagonal || nx == x || ny == y) {
                        labels[n] = label;
                        stack.push(n);
                    }
                }
            }
        }
        sizes.push(size);
    }
    Components { width, height, labels, sizes }
}

/// Distances to a mask, pixels.
pub(super) struct Distances {
    /// From every pixel to the nearest pixel inside; 0 inside.
    pub(super) outside: Vec<f32>,
    /// From every pixel to the nearest pixel outside; 0 outside. What lies beyond the image's edge does not count.
    pub(super) inside: Vec<f32>,
}

/// Chamfer distances 3-4 (Borgefors 1986), within 8 % of the Euclidean ones and equal for mirrored masks.
pub(super) fn distances(mask: &Mask) -> Distances {
    let outer: Vec<bool> = mask.data.iter().map(|v| !v).collect();
    Distances { outside: chamfer(&mask.data, mask.width), inside: chamfer(&outer, mask.width) }
}

fn chamfer(seeds: &[bool], width: usize) -> Vec<f32> {
    // Far enough for every use, and far from overflow.
    let mut d: Vec<u32> = seeds.iter().map(|s| if *s { 0 } else { 100_000 }).collect();
    let height = seeds.len().checked_div(width).unwrap_or(0);
    for y in 0..height {
        for x in 0..width {
            let i = y * width + x;
            let mut best = d[i];
            if x > 0 {
                best = best.min(d[i - 1] + 3);
            }
            if y > 0 {
                best = best.min(d[i - width] + 3);
                if x > 0 {
                    best = best.min(d[i - width - 1] + 4);
                }
                if x + 1 < width {
                    best = best.min(d[i - width + 1] + 4);
                }
            }
            d[i] = best;
        }
    }
    for y in (0..height).rev() {
        for x in (0..width).rev() {
            let i = y * width + x;
            let mut best = d[i];
            if x + 1 < width {
                best = best.min(d[i + 1] + 3);
            }
            if y + 1 < height {
                best = best.min(d[i + width] + 3);
                if x > 0 {
                    best = best.min(d[i + width - 1] + 4);
                }
                if x + 1 < width {
                    best = best.min(d[i + width + 1] + 4);
                }
            }
            d[i] = best;
        }
    }
    d.into_iter().map(|v| v as f32 / 3.0).collect()
}

/// First and second moments of a mask.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments {
    /// Centre, pixels from the image's upper left corner.
    pub(super) centre: (f32, f32),
    /// Minor over major axis of the ellipse with the same second moments, 0..1.
    pub(super) axis_ratio: f32,
    /// Unit vector along the major axis.
    pub(super) major: (f32, f32),
}

/// `None` for an empty mask.
pub(super) fn moments(mask: &Mask) -> Option<Moments> {
    let area = mask.area() as f64;
    if area == 0.0 {
        return None;
    }
    let pixels = || {
        let inside = mask.data.iter().enumerate().filter(|(_, v)| **v);
        inside.map(|(i, _)| ((i % mask.width) as f64 + 0.5, (i / mask.width) as f64 + 0.5))
    };
    let (sx, sy) = pixels().fold((0.0, 0.0), |(sx, sy), (x, y)| (sx + x, sy + y));
    let (cx, cy) = (sx / area, sy / area);
    // A pixel is a square, with a variance of 1/12 of its own.
    let (mut xx, mut yy, mut xy) = (area / 12.0, area / 12.0, 0.0);
    for (x, y) in pixels() {
        let (dx, dy) = (x - cx, y - cy);
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    let (half, difference) = ((xx + yy) / 2.0, (xx - yy) / 2.0);
    let root = (difference * difference + xy * xy).sqrt();
    let (long, short) = (half + root, (half - root).max(0.0));
    // Of the two rows of the eigenvector's equation the one that is not zero.
    let (vx, vy) = if xx >= yy { (long - yy, xy) } else { (xy, long - xx) };
    let length = (vx * vx + vy * vy).sqrt();
    let major = if length > 0.0 { ((vx / length) as f32, (vy / length) as f32) } else { (1.0, 0.0) };
    Some(Moments { centre: (cx as f32, cy as f32), axis_ratio: (short / long).sqrt() as f32, major })
}

/// The share of a mask that lies outside its own mirror image at the line through `centre` along
/// the unit vector `axis`, 0 (symmetric) to 1.
pub(super) fn asymmetry(mask: &Mask, centre: (f32, f32), axis: (f32, f32)) -> f32 {
    let (mut all, mut missed) = (0usize, 0usize);
    for (i, _) in mask.data.iter().enumerate().filter(|(_, v)| **v) {
        let (dx, dy) = ((i % mask.width) as f32 + 0.5 - centre.0, (i / mask.width) as f32 + 0.5 - centre.1);
        let along = dx * axis.0 + dy * axis.1;
        let (x, y) = (2.0 * along * axis.0 - dx + centre.0, 2.0 * along * axis.1 - dy + centre.1);
        all += 1;
        let inside = x >= 0.0
            && y >= 0.0
            && (x as usize) < mask.width
            && (y as usize) < mask.height
            && mask.at(x as usize, y as usize);
        missed += usize::from(!inside);
    }
    missed as f32 / all.max(1) as f32
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn mask(rows: &[&str]) -> Mask {
        let data = rows.iter().flat_map(|r| r.bytes().map(|b| b == b'#')).collect();
        Mask::from_vec(rows[0].len(), rows.len(), data)
    }

    #[test]
    fn components_with_and_without_diagonals() {
        let m = mask(&["#..#", ".#..", "...#"]);
        assert_eq!(components(&m, true).sizes, [2, 1, 1]);
        assert_eq!(components(&m, false).sizes, [1, 1, 1, 1]);
    }

    #[test]
    fn distances_are_nearly_euclidean() {
        let mut m = Mask::empty(41, 31);
        m.data[15 * 41 + 20] = true;
        let d = distances(&m);
        for (i, found) in d.outside.iter().enumerate() {
            let exact = (((i % 41) as f32 - 20.0).powi(2) + ((i / 41) as f32 - 15.0).powi(2)).sqrt();
            assert!((found - exact).abs() <= 0.081 * exact, "{i}: {found} {exact}");
        }
        assert_eq!(d.inside[15 * 41 + 20], 1.0);
    }

    #[test]
    fn moments_of_a_slanted_ellipse() {
        let (c, s) = (0.8f32, 0.6f32);
        let data = (0..200 * 160).map(|i| {
            let (x, y) = ((i % 200) as f32 + 0.5 - 90.0, (i / 200) as f32 + 0.5 - 80.0);
            ((x * c + y * s) / 60.0).powi(2) + ((y * c - x * s) / 30.0).powi(2) <= 1.0
        });
        let m = Mask::from_vec(200, 160, data.collect());
        let found = moments(&m).unwrap();
        assert!((found.axis_ratio - 0.5).abs() < 0.01, "{found:?}");
        assert!((found.centre.0 - 90.0).abs() < 0.1 && (found.centre.1 - 80.0).abs() < 0.1);
        assert!((found.major.0 * c + found.major.1 * s).abs() > 0.999);
        assert!(asymmetry(&m, found.centre, found.major) < 0.02);
        assert!(asymmetry(&m, found.centre, (1.0, 0.0)) > 0.2);
        assert!(moments(&Mask::empty(3, 3)).is_none());
    }
}
