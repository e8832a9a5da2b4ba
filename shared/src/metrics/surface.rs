//! Surface distances by an exact Euclidean distance transform.

use crate::plane::{Mask, Plane};

/// A mask's boundary pixels as (column, row), row by row.
fn boundary(mask: &Mask) -> Vec<(usize, usize)> {
    let (width, height) = (mask.width, mask.height);
    let mut found = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let inner = |at: usize| mask.data[at];
            let here = y * width + x;
            let enclosed = x > 0
                && x + 1 < width
                && y > 0
                && y + 1 < height
                && inner(here - 1)
                && inner(here + 1)
                && inner(here - width)
                && inner(here + width);
            if inner(here) && !enclosed {
                found.push((x, y));
            }
        }
    }
    found
}

/// For every boundary pixel of `a` the distance to the boundary of `b`, then the same from `b` to `a`; in pixels.
/// Neither mask may be empty.
pub(super) fn surface_distances(a: &Mask, b: &Mask) -> Vec<f64> {
    let (a, b) = (boundary(a), boundary(b));
    // Nothing outside the box around both boundaries is ever asked for, so the transform is made inside it alone.
    let all = || a.iter().chain(&b);
    let left = all().map(|p| p.0).min().unwrap_or(0);
    let right = all().map(|p| p.0).max().unwrap_or(0);
    let top = all().map(|p| p.1).min().unwrap_or(0);
    let bottom = all().map(|p| p.1).max().unwrap_or(0);
    let (width, height) = (right - left + 1, bottom - top + 1);
    let index = |p: &(usize, usize)| (p.1 - top) * width + p.0 - left;
    let mut distances = Vec::with_capacity(a.len() + b.len());
    for (from, to) in [(&a, &b), (&b, &a)] {
        let squared = squared_distances(&to.iter().map(index).collect::<Vec<_>>(), width, height);
        distances.extend(from.iter().map(|p| squared[index(p)].sqrt()));
    }
    distances
}

/// The exact Euclidean distance from every pixel to the nearest pixel inside `mask`, in pixels: 0
/// inside. None for an empty mask.
pub fn distances_to(mask: &Mask) -> Option<Plane> {
    let sites: Vec<usize> = mask.data.iter().enumerate().filter(|(_, inside)| **inside).map(|(i, _)| i).collect();
    if sites.is_empty() {
        return None;
    }
    let squared = squared_distances(&sites, mask.width, mask.height);
    Some(Plane::from_vec(mask.width, mask.height, squared.into_iter().map(|d| d.sqrt() as f32).collect()))
}

/// The squared distance from every pixel of a `width` x `height` raster to the nearest of `sites` (at least one).
///
/// Felzenszwalb and Huttenlocher, "Distance transforms of sampled functions", Theory of Computing 2012: exact, in
/// time linear in the number of pixels. Down the columns the nearest site of the same column is a plain two-way scan.
fn squared_distances(sites: &[usize], width: usize, height: usize) -> Vec<f64> {
    let mut distances = vec![f64::INFINITY; width * height];
    for &site in sites {
        distances[site] = 0.0;
    }
    for here in width..distances.len() {
        distances[here] = distances[here].min(distances[here - width] + 1.0);
    }
    for here in (0..distances.len() - width).rev() {
        distances[here] = distances[here].min(distances[here + width] + 1.0);
    }
    let mut envelope = Envelope::new(width);
    for row in distances.chunks_exact_mut(width) {
        for value in row.iter_mut() {
            *value *= *value;
        }
        envelope.transform(row);
    }
    distances
}

/// The lower envelope of the parabolas `f(q) + (x - q)^2` over one row, with its buffers.
struct Envelope {
    /// Where each parabola of the envelope has its vertex, and its height there.
    vertices: Vec<(f64, f64)>,
    /// Left end of the stretch where each is lowest.
    starts: Vec<f64>,
}

impl Envelope {
    fn new(width: usize) -> Self {
        Self { vertices: Vec::with_capacity(width), starts: Vec::with_capacity(width) }
    }

    /// Replaces `row[x]` by `min over q of row[q] + (x - q)^2`.
    fn transform(&mut self, row: &mut [f64]) {
        self.vertices.clear();
        self.starts.clear();
        for (q, height) in row.iter().enumerate() {
            // A column without any site has no parabola.
            if height.is_finite() {
                self.add(q as f64, *height);
            }
        }
        let mut current = 0;
        for (x, value) in row.iter_mut().enumerate() {
            let x = x as f64;
            while current + 1 < self.starts.len() && self.starts[current + 1] < x {
                current += 1;
            }
            // There is a site somewhere, so every row has at least one parabola.
            let (vertex, height) = self.vertices[current];
            *value = (x - vertex) * (x - vertex) + height;
        }
    }

    fn add(&mut self, q: f64, height: f64) {
        let mut start = f64::NEG_INFINITY;
        while let (Some(&(vertex, lower)), Some(&since)) = (self.vertices.last(), self.starts.last()) {
            start = ((height + q * q) - (lower + vertex * vertex)) / (2.0 * (q - vertex));
            if start > since {
                break;
            }
            self.vertices.pop();
            self.starts.pop();
            start = f64::NEG_INFINITY;
        }
        self.vertices.push((q, height));
        self.starts.push(start);
    }
}
