//! What a mask and a gaze heat map say in plain numbers: place and size are geometry, not appearance.
//!
//! Only additions, multiplications, comparisons and square roots, in a fixed order: every platform gives the same bits.

use crate::{
    image::{pool_plane, resize_plane},
    plane::Plane,
};

/// Side of the grid on which geometry is measured.
pub(super) const GRID: usize = 56;

/// Length of [`geometry`].
pub(super) const GEOMETRY: usize = 31;

/// Index in [`geometry`] of the mask's centroid, x then y.
#[cfg(test)]
pub(super) const CENTROID: usize = 4;

/// Index in [`geometry`] of the nine shares of the mask in the cells of a 3x3 grid, row by row.
#[cfg(test)]
pub(super) const CELLS: usize = 18;

/// Weights of the mask's pixels, [`GRID`] squared: the probability inside (at least one half), 0
/// outside. A mask that is empty everywhere is replaced by the probabilities themselves, so that a
/// faint guess still has a place.
pub(super) fn mask_weights(probabilities: &Plane) -> (Plane, bool) {
    let mut plane = resize_plane(probabilities, GRID, GRID);
    let empty = plane.data.iter().all(|p| *p < 0.5);
    if !empty {
        plane.data.iter_mut().for_each(|p| *p = if *p < 0.5 { 0.0 } else { *p });
    }
    (plane, empty)
}

/// Numbers of a mask and of a heat map:
///
/// | place | what |
/// |---|---|
/// | 0 | 1 where no pixel reaches one half |
/// | 1 | area as a share of the image |
/// | 2 | square root of that |
/// | 3 | sum of all probabilities as a share of the image |
/// | 4, 5 | centroid x, y, 0..1 |
/// | 6, 7 | distance of the centroid from the middle in x, y |
/// | 8, 9 | width and height of the bounding box, 0..1 |
/// | 10, 11 | standard deviations along the longer and the shorter axis of the ellipse of inertia, 0..1 |
/// | 12 | axis ratio of that ellipse, 0..1 (1: round) |
/// | 13 | its eccentricity, `sqrt(1 - ratio^2)` |
/// | 14 | area over the area of the bounding box |
/// | 15 | area over the area of the ellipse of inertia, `4 pi sd1 sd2` (1: an ellipse) |
/// | 16 | length of the outline in grid edges over the square root of the area in grid cells |
/// | 17 | number of pieces, 4-connected, counted up to 4, over 4 |
/// | 18 to 26 | share of the mask in each cell of a 3x3 grid, row by row |
/// | 27 | mean doubt inside, `mean p (1 - p)` |
/// | 28 | 1 where there is gaze |
/// | 29, 30 | centroid of the heat, 0.5 where there is no gaze |
///
/// Lengths are fractions of the image's width or height, so shapes are those of the image squeezed
/// into a square, as the networks see it.
pub(super) fn geometry(weights: &Plane, empty: bool, probabilities: &Plane, heat: Option<&Plane>) -> [f32; GEOMETRY] {
    let cells = (GRID * GRID) as f64;
    let inside = |x: usize, y: usize| !empty && weights.at(x, y) > 0.0;
    let (mut area, mut outline) = (0usize, 0usize);
    let (mut left, mut right, mut top, mut bottom) = (GRID, 0, GRID, 0);
    for y in 0..GRID {
        for x in 0..GRID {
            if !inside(x, y) {
                continue;
            }
            area += 1;
            (left, right, top, bottom) = (left.min(x), right.max(x + 1), top.min(y), bottom.max(y + 1));
            outline += usize::from(x == 0 || !inside(x - 1, y)) + usize::from(x + 1 == GRID || !inside(x + 1, y));
            outline += usize::from(y == 0 || !inside(x, y - 1)) + usize::from(y + 1 == GRID || !inside(x, y + 1));
        }
    }
    let area = area as f64;
    let length = |low: usize, high: usize| high.saturating_sub(low) as f64 / GRID as f64;
    let (width, height) = (length(left, right), length(top, bottom));
    let moments = Moments::of(weights);
    let (long, short) = moments.axes();
    let ratio = short / long.max(1e-6);
    let over = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
    let soft = resize_plane(probabilities, GRID, GRID);
    let total = |plane: &Plane| plane.data.iter().map(|v| f64::from(*v)).sum::<f64>();
    let doubt: f64 = weights.data.iter().map(|p| f64::from(*p)).filter(|p| *p > 0.0).map(|p| p * (1.0 - p)).sum();
    let mut out = [0.0f64; GEOMETRY];
    out[..18].copy_from_slice(&[
        f64::from(u8::from(empty)),
        area / cells,
        (area / cells).sqrt(),
        total(&soft) / cells,
        moments.x,
        moments.y,
        (moments.x - 0.5).abs(),
        (moments.y - 0.5).abs(),
        width,
        height,
        long,
        short,
        ratio,
        (1.0 - ratio * ratio).max(0.0).sqrt(),
        over(area / cells, width * height),
        over(area / cells, 4.0 * std::f64::consts::PI * long * short).min(4.0),
        over(outline as f64, area.sqrt()),
        pieces(&inside) as f64 / 4.0,
    ]);
    let sum = total(weights);
    // Nine equal shares where there is no mask at all.
    let ninths = pool_plane(weights, 3);
    let ninth_sum = total(&ninths);
    for (place, share) in out[18..27].iter_mut().zip(&ninths.data) {
        *place = if ninth_sum > 0.0 { f64::from(*share) / ninth_sum } else { 1.0 / 9.0 };
    }
    out[27] = over(doubt, sum);
    let gaze = heat.filter(|h| h.data.iter().any(|v| *v > 0.0));
    let looked = gaze.map(|h| Moments::of(&resize_plane(h, GRID, GRID)));
    out[28] = f64::from(u8::from(gaze.is_some()));
    out[29] = looked.as_ref().map_or(0.5, |m| m.x);
    out[30] = looked.as_ref().map_or(0.5, |m| m.y);
    out.map(|v| v as f32)
}

/// Weighted mean and covariance of the pixels' places, in fractions of the sides.
struct Moments {
    x: f64,
    y: f64,
    xx: f64,
    yy: f64,
    xy: f64,
}

impl Moments {
    /// The moments of a plane of weights; the middle and no spread where all are 0.
    fn of(weights: &Plane) -> Self {
        let (w, h) = (weights.width as f64, weights.height as f64);
        let each = || {
            weights.data.iter().enumerate().filter(|(_, v)| **v > 0.0).map(move |(i, v)| {
                let (x, y) = ((i % weights.width) as f64 + 0.5, (i / weights.width) as f64 + 0.5);
                (x / w, y / h, f64::from(*v))
            })
        };
        let sum: f64 = each().map(|(_, _, v)| v).sum();
        if sum <= 0.0 {
            return Self { x: 0.5, y: 0.5, xx: 0.0, yy: 0.0, xy: 0.0 };
        }
        let x = each().map(|(x, _, v)| x * v).sum::<f64>() / sum;
        let y = each().map(|(_, y, v)| y * v).sum::<f64>() / sum;
        let second = |f: fn(f64, f64) -> f64| each().map(|(a, b, v)| f(a - x, b - y) * v).sum::<f64>() / sum;
        Self { x, y, xx: second(|a, _| a * a), yy: second(|_, b| b * b), xy: second(|a, b| a * b) }
    }

    /// Standard deviations along the longer and the shorter axis: roots of the covariance's eigenvalues.
    fn axes(&self) -> (f64, f64) {
        let mean = (self.xx + self.yy) / 2.0;
        let half = (((self.xx - self.yy) / 2.0) * ((self.xx - self.yy) / 2.0) + self.xy * self.xy).sqrt();
        ((mean + half).max(0.0).sqrt(), (mean - half).max(0.0).sqrt())
    }
}

/// Number of 4-connected pieces, counted up to 4.
fn pieces(inside: &impl Fn(usize, usize) -> bool) -> usize {
    let mut seen = [false; GRID * GRID];
    let mut count = 0;
    let mut open = Vec::new();
    for start in 0..GRID * GRID {
        if seen[start] || !inside(start % GRID, start / GRID) {
            continue;
        }
        count += 1;
        if count == 4 {
            return count;
        }
        seen[start] = true;
        open.push(start);
        while let Some(at) = open.pop() {
            let (x, y) = (at % GRID, at / GRID);
            let neighbours = [
                (x > 0).then(|| at - 1),
                (x + 1 < GRID).then_some(at + 1),
                (y > 0).then(|| at - GRID),
                (y + 1 < GRID).then_some(at + GRID),
            ];
            for next in neighbours.into_iter().flatten() {
                if !seen[next] && inside(next % GRID, next / GRID) {
                    seen[next] = true;
                    open.push(next);
                }
            }
        }
    }
    count
}
