//! Lattice noise: hashed corner values, smoothly interpolated.

use super::math::{V3, split, v3};

/// Multipliers that keep the three axes apart.
const AXES: [u32; 3] = [0x8da6_b343, 0xd816_3841, 0xcb1a_b31f];

/// The corner value of a lattice point, uniform in [-1, 1): its coordinates, each times its multiplier, hashed.
fn corner(x: u32, y: u32, z: u32) -> f32 {
    (hash(x ^ y ^ z) >> 8) as f32 * (1.0 / 8_388_608.0) - 1.0
}

fn hash(mut h: u32) -> u32 {
    h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
    (h ^ (h >> 12)).wrapping_mul(0x297a_2d39)
}

/// The two lattice lines about `x` on an axis, and the eased share of the second.
fn lines(x: f32, axis: usize) -> (u32, u32, f32) {
    let (whole, t) = split(x);
    let first = (whole as u32).wrapping_mul(AXES[axis]);
    (first, first.wrapping_add(AXES[axis]), t * t * (3.0 - 2.0 * t))
}

/// Smooth noise in [-1, 1] that varies over a distance of about 1.
pub(super) fn noise3(p: V3, seed: u32) -> f32 {
    let (x0, x1, u) = lines(p.x, 0);
    let (y0, y1, v) = lines(p.y, 1);
    let (z0, z1, w) = lines(p.z, 2);
    let (z0, z1) = (z0 ^ seed, z1 ^ seed);
    let row = |y: u32, z: u32| {
        let (a, b) = (corner(x0, y, z), corner(x1, y, z));
        a + (b - a) * u
    };
    let (a, b) = (row(y0, z0), row(y1, z0));
    let (c, d) = (row(y0, z1), row(y1, z1));
    let (near, far) = (a + (b - a) * v, c + (d - c) * v);
    near + (far - near) * w
}

/// [`noise3`] with its slope along the three axes.
pub(super) fn noise3_slope(p: V3, seed: u32) -> (f32, V3) {
    let (x0, x1, u) = lines(p.x, 0);
    let (y0, y1, v) = lines(p.y, 1);
    let (z0, z1, w) = lines(p.z, 2);
    let (z0, z1) = (z0 ^ seed, z1 ^ seed);
    // The value and the difference along x on each of the four edges.
    let edge = |y: u32, z: u32| {
        let a = corner(x0, y, z);
        let d = corner(x1, y, z) - a;
        (a + d * u, d)
    };
    let (a, b, c, d) = (edge(y0, z0), edge(y1, z0), edge(y0, z1), edge(y1, z1));
    let (near, far) = (a.0 + (b.0 - a.0) * v, c.0 + (d.0 - c.0) * v);
    let along_x = (a.1 + (b.1 - a.1) * v) * (1.0 - w) + (c.1 + (d.1 - c.1) * v) * w;
    let along_y = (b.0 - a.0) * (1.0 - w) + (d.0 - c.0) * w;
    // The slope of the easing 3t^2 - 2t^3.
    let ease = |x: f32| {
        let t = split(x).1;
        6.0 * t * (1.0 - t)
    };
    (near + (far - near) * w, v3(along_x * ease(p.x), along_y * ease(p.y), (far - near) * ease(p.z)))
}

/// Several octaves of [`noise3`], each twice as fine and half as strong, in about [-1, 1].
pub(super) fn fractal3(p: V3, octaves: u32, seed: u32) -> f32 {
    let (mut sum, mut weight, mut total, mut q) = (0.0, 1.0, 0.0, p);
    for octave in 0..octaves {
        sum += weight * noise3(q, seed.wrapping_add(octave));
        total += weight;
        weight *= 0.5;
        // Turned as well as scaled, so that the lattices of the octaves do not line up.
        q = v3(0.8 * q.x + 0.6 * q.y, 0.8 * q.y - 0.6 * q.x + 0.3 * q.z, q.z - 0.2 * q.x) * 2.03;
    }
    sum / total
}

/// Where a point lies in a cellular pattern of about one cell a unit of area.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    /// The distance to the middle of its cell.
    pub(super) near: f32,
    /// The distance to the middle of the next cell; on the wall between two cells it equals `near`.
    pub(super) next: f32,
    /// A random number of the cell, 0..1.
    pub(super) id: f32,
}

/// Cellular noise (Worley, SIGGRAPH 1996): one middle in each square of a lattice, off its centre
/// by up to `jitter` / 2.
pub(super) fn cell(x: f32, y: f32, jitter: f32, seed: u32) -> Cell {
    let ((column, u), (row, v)) = (split(x), split(y));
    let mut found = Cell { near: f32::INFINITY, next: f32::INFINITY, id: 0.0 };
    for dy in -1..=1 {
        for dx in -1..=1 {
            let (i, j) = ((column + dx) as u32, (row + dy) as u32);
            let h = hash(i.wrapping_mul(AXES[0]) ^ j.wrapping_mul(AXES[1]) ^ seed);
            let off = |bits: u32| 0.5 + jitter * (bits as f32 / 65_536.0 - 0.5);
            let (ex, ey) = (dx as f32 + off(h & 0xffff) - u, dy as f32 + off(h >> 16) - v);
            let d = ex * ex + ey * ey;
            if d < found.near {
                let id = (hash(h ^ 0x9e37_79b9) >> 8) as f32 / 16_777_216.0;
                found = Cell { near: d, next: found.near, id };
            } else if d < found.next {
                found.next = d;
            }
        }
    }
    Cell { near: found.near.sqrt(), next: found.next.sqrt(), ..found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_ordered_bounded_and_seeded() {
        let mut ids = Vec::new();
        for i in 0..2000 {
            let (x, y) = (i as f32 * 0.137 - 100.0, i as f32 * 0.071 - 40.0);
            let c = cell(x, y, 0.8, 3);
            assert!(c.near <= c.next && c.near < 1.3 && (0.0..1.0).contains(&c.id), "{c:?}");
            let beside = cell(x + 1e-3, y, 0.8, 3);
            assert!((c.near - beside.near).abs() < 2e-3 && (c.next - beside.next).abs() < 2e-3);
            ids.push(c.id);
        }
        ids.sort_by(f32::total_cmp);
        assert!(ids[0] < 0.1 && ids[1999] > 0.9);
        assert_ne!(cell(0.3, 0.4, 0.8, 3).near, cell(0.3, 0.4, 0.8, 4).near);
    }

    #[test]
    fn noise_is_bounded_continuous_and_seeded() {
        for i in 0..2000 {
            let t = i as f32 * 0.037 - 30.0;
            let p = v3(t, t * 0.7, -t * 1.3);
            let a = noise3(p, 7);
            assert!((-1.0..=1.0).contains(&a));
            assert!((a - noise3(p + v3(1e-3, 0.0, 0.0), 7)).abs() < 0.01);
            let (value, slope) = noise3_slope(p, 7);
            assert!((value - a).abs() < 1e-6);
            let ahead = |step: V3| (noise3(p + step, 7) - noise3(p - step, 7)) / 0.02;
            let differences = v3(ahead(v3(0.01, 0.0, 0.0)), ahead(v3(0.0, 0.01, 0.0)), ahead(v3(0.0, 0.0, 0.01)));
            assert!((slope - differences).length() < 0.05, "{p:?}");
            assert!(fractal3(p, 4, 7).abs() <= 1.0);
        }
        assert_ne!(noise3(v3(0.3, 0.4, 0.5), 7), noise3(v3(0.3, 0.4, 0.5), 8));
    }
}
