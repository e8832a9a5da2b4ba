//! The outline of a mask as line segments, and what follows from it.

use super::working::blur;
use crate::plane::{Mask, Plane};

/// One piece of the outline, in pixels, with the mask on its left (y downwards: on the right as seen).
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub(super) from: (f32, f32),
    pub(super) to: (f32, f32),
}

impl Segment {
    pub(super) fn length(&self) -> f32 {
        let (dx, dy) = (self.to.0 - self.from.0, self.to.1 - self.from.1);
        (dx * dx + dy * dy).sqrt()
    }
}

/// Outline of a mask, and figures of the region it encloses.
pub(super) struct Outline {
    pub(super) segments: Vec<Segment>,
    /// Length, pixels.
    pub(super) perimeter: f32,
    /// Enclosed area, pixels.
    pub(super) area: f32,
    /// Area of the convex hull, pixels.
    pub(super) hull_area: f32,
    /// Greatest distance of two points of the outline, pixels.
    pub(super) feret: f32,
    /// The mask smoothed, 0..1, padded by [`PAD`] pixels on each side; its level one half is the outline.
    pub(super) field: Plane,
}

/// Room around the mask so that the outline is closed where the image's edge cuts the mask.
pub(super) const PAD: usize = 4;

/// Marching squares (Lorensen and Cline 1987 in two dimensions) at one half of the smoothed mask.
/// Smoothing takes away the stairs of the mask's grid, which would lengthen the outline by up to a
/// quarter. `None` where nothing is left of the mask.
pub(super) fn outline(mask: &Mask) -> Option<Outline> {
    let (width, height) = (mask.width + 2 * PAD, mask.height + 2 * PAD);
    let mut padded = Plane::filled(width, height, 0.0);
    for y in 0..mask.height {
        for x in 0..mask.width {
            padded.data[(y + PAD) * width + x + PAD] = f32::from(u8::from(mask.at(x, y)));
        }
    }
    // Two means over 5 pixels: nearly a Gaussian of 2 pixels.
    let field = blur(&blur(&padded, 2), 2);
    let segments = march(&field);
    if segments.is_empty() {
        return None;
    }
    let perimeter = segments.iter().map(Segment::length).sum();
    // Gauss's formula needs the segments' directions only, not their order.
    let area = segments.iter().map(|s| 0.5 * (s.from.0 * s.to.1 - s.to.0 * s.from.1)).sum::<f32>().abs();
    let hull = convex_hull(segments.iter().map(|s| s.from).collect());
    let twice: f32 = (0..hull.len()).map(|i| cross((0.0, 0.0), hull[i], hull[(i + 1) % hull.len()])).sum();
    let mut feret = 0.0f32;
    for (i, a) in hull.iter().enumerate() {
        for b in &hull[i + 1..] {
            feret = feret.max((a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1));
        }
    }
    let hull_area = twice.abs() / 2.0;
    Some(Outline { segments, perimeter, area, hull_area, feret: feret.sqrt(), field })
}

/// Segments in image pixels (the padding taken off), pixel centres at halves.
fn march(field: &Plane) -> Vec<Segment> {
    let mut segments = Vec::new();
    for y in 0..field.height - 1 {
        for x in 0..field.width - 1 {
            let v = [field.at(x, y), field.at(x + 1, y), field.at(x + 1, y + 1), field.at(x, y + 1)];
            let inside = v.map(|v| v >= 0.5);
            if inside == [false; 4] || inside == [true; 4] {
                continue;
            }
            let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
            let place = |(dx, dy): (f32, f32)| (x as f32 + dx + 0.5 - PAD as f32, y as f32 + dy + 0.5 - PAD as f32);
            // Once round the cell: where the outline comes in and where it goes out.
            let (mut into, mut out) = (Vec::new(), Vec::new());
            for i in 0..4 {
                let j = (i + 1) % 4;
                if inside[i] != inside[j] {
                    let t = (0.5 - v[i]) / (v[j] - v[i]);
                    let (a, b) = (corners[i], corners[j]);
                    let point = place((a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t));
                    if inside[i] { out.push((i, point)) } else { into.push((i, point)) }
                }
            }
            // A saddle has two of each. Its corners belong together if the middle of the cell is inside.
            let joined = v.iter().sum::<f32>() >= 2.0;
            for (i, to) in &out {
                let mate = |n: usize| into.iter().find(|(j, _)| *j == (i + n) % 4).map(|(_, p)| *p);
                let from = if into.len() == 1 {
                    Some(into[0].1)
                } else if joined {
                    mate(1)
                } else {
                    mate(3)
                };
                segments.extend(from.map(|from| Segment { from, to: *to }));
            }
        }
    }
    segments
}

fn cross(o: (f32, f32), a: (f32, f32), b: (f32, f32)) -> f32 {
    (a.0 - o.0) * (b.1 - o.1) - (a.1 - o.1) * (b.0 - o.0)
}

/// Andrew's monotone chain (1979).
fn convex_hull(mut points: Vec<(f32, f32)>) -> Vec<(f32, f32)> {
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let chain = |points: &mut dyn Iterator<Item = (f32, f32)>| {
        let mut hull: Vec<(f32, f32)> = Vec::new();
        for p in points {
            while hull.len() >= 2 && cross(hull[hull.len() - 2], hull[hull.len() - 1], p) <= 0.0 {
                hull.pop();
            }
            hull.push(p);
        }
        hull.pop();
        hull
    };
    let mut hull = chain(&mut points.iter().copied());
    hull.extend(chain(&mut points.iter().rev().copied()));
    hull
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::f32::consts::PI;

    fn drawn(inside: impl Fn(f32, f32) -> bool) -> Mask {
        let data = (0..200 * 200).map(|i| inside((i % 200) as f32 + 0.5 - 100.0, (i / 200) as f32 + 0.5 - 100.0));
        Mask::from_vec(200, 200, data.collect())
    }

    #[test]
    fn a_disc_has_the_perimeter_of_a_circle() {
        for r in [12.0f32, 30.0, 70.0] {
            let o = outline(&drawn(|x, y| x * x + y * y <= r * r)).unwrap();
            assert!((o.perimeter / (2.0 * PI * r) - 1.0).abs() < 0.02, "{r}: {}", o.perimeter);
            // Smoothing takes a little of a small disc: 4 % at a radius of 12.
            assert!((o.area / (PI * r * r) - 1.0).abs() < 0.05, "{r}: {}", o.area);
            assert!((o.hull_area / o.area - 1.0).abs() < 0.01);
            assert!((o.feret / (2.0 * r) - 1.0).abs() < 0.03);
        }
    }

    #[test]
    fn a_ring_sector_is_not_convex_and_a_cut_disc_is_closed() {
        let o = outline(&drawn(|x, y| (50.0..80.0).contains(&(x * x + y * y).sqrt()) && x > 0.0)).unwrap();
        assert!(o.area / o.hull_area < 0.75, "{}", o.area / o.hull_area);
        let cut = outline(&drawn(|x, y| (x + 100.0).powi(2) + y * y <= 3600.0)).unwrap();
        assert!((cut.area / (PI * 1800.0) - 1.0).abs() < 0.05, "{}", cut.area);
        assert!((cut.perimeter / (PI * 60.0 + 120.0) - 1.0).abs() < 0.05, "{}", cut.perimeter);
    }

    #[test]
    fn two_squares_that_touch_at_a_corner_are_no_trouble() {
        let o = outline(&drawn(|x, y| (x > 0.0) == (y > 0.0) && x.abs() < 30.0 && y.abs() < 30.0)).unwrap();
        assert!((o.area / 1800.0 - 1.0).abs() < 0.05, "{}", o.area);
        assert!(outline(&Mask::empty(20, 10)).is_none());
    }
}
