//! Contours by marching squares, so that a mask is drawn as a crisp line at any size of the screen.

use fovea_shared::plane::Plane;

/// A closed line; points are fractions of width and height.
pub type Loop = Vec<[f32; 2]>;

/// The lines where `plane` crosses `level`, each closed, with the higher side always on the same hand. Positions are interpolated
/// linearly between the centres of the pixels; what touches the border is closed along the border.
pub fn contours(plane: &Plane, level: f32) -> Vec<Loop> {
    let grid = Grid { plane, level };
    let (columns, rows) = (plane.width + 1, plane.height + 1);
    // Where the line goes on from each crossed edge: every such edge starts exactly one segment.
    let mut next = vec![NONE; (columns + 1) * (rows + 1) * 2];
    for y in 0..rows {
        for x in 0..columns {
            for (from, to) in grid.segments(x, y).into_iter().flatten() {
                next[from] = to;
            }
        }
    }
    let mut loops = Vec::new();
    for start in 0..next.len() {
        let mut line = Loop::new();
        let mut edge = start;
        while next[edge] != NONE {
            line.push(grid.crossing(edge));
            edge = std::mem::replace(&mut next[edge], NONE);
        }
        if line.len() > 2 {
            loops.push(line);
        }
    }
    loops
}

const NONE: usize = usize::MAX;

/// The plane with a ring of one sample around it, whose values put the crossing exactly on the border of the image.
struct Grid<'a> {
    plane: &'a Plane,
    level: f32,
}

impl Grid<'_> {
    /// Value of sample `(x, y)` of the ringed grid, minus the level.
    fn value(&self, x: usize, y: usize) -> f32 {
        let (w, h) = (self.plane.width, self.plane.height);
        let inner = self.plane.at(x.clamp(1, w) - 1, y.clamp(1, h) - 1) - self.level;
        let on_ring = x == 0 || y == 0 || x > w || y > h;
        if on_ring && inner > 0.0 { -inner } else { inner }
    }

    fn inside(&self, x: usize, y: usize) -> bool {
        self.value(x, y) > 0.0
    }

    /// Number of the edge that leaves sample `(x, y)` to the right (`down` false) or downwards.
    fn edge(&self, x: usize, y: usize, down: bool) -> usize {
        (y * (self.plane.width + 2) + x) * 2 + usize::from(down)
    }

    /// The one or two segments through the cell whose top left sample is `(x, y)`, each from edge to edge with the inside on its
    /// left (seen with y downwards).
    fn segments(&self, x: usize, y: usize) -> [Option<(usize, usize)>; 2] {
        let (top, left) = (self.edge(x, y, false), self.edge(x, y, true));
        let (bottom, right) = (self.edge(x, y + 1, false), self.edge(x + 1, y, true));
        let corner = |dx, dy| self.inside(x + dx, y + dy);
        let case = usize::from(corner(0, 0))
            | usize::from(corner(1, 0)) << 1
            | usize::from(corner(1, 1)) << 2
            | usize::from(corner(0, 1)) << 3;
        match case {
            1 => [Some((left, top)), None],
            2 => [Some((top, right)), None],
            3 => [Some((left, right)), None],
            4 => [Some((right, bottom)), None],
            6 => [Some((top, bottom)), None],
            7 => [Some((left, bottom)), None],
            8 => [Some((bottom, left)), None],
            9 => [Some((bottom, top)), None],
            11 => [Some((bottom, right)), None],
            12 => [Some((right, left)), None],
            13 => [Some((right, top)), None],
            14 => [Some((top, left)), None],
            // Two opposite corners: the middle of the cell says whether they are joined.
            5 if self.middle_inside(x, y) => [Some((left, bottom)), Some((right, top))],
            5 => [Some((left, top)), Some((right, bottom))],
            10 if self.middle_inside(x, y) => [Some((top, left)), Some((bottom, right))],
            10 => [Some((top, right)), Some((bottom, left))],
            _ => [None, None],
        }
    }

    fn middle_inside(&self, x: usize, y: usize) -> bool {
        self.value(x, y) + self.value(x + 1, y) + self.value(x, y + 1) + self.value(x + 1, y + 1) > 0.0
    }

    /// Where the line crosses an edge, in fractions of the image.
    fn crossing(&self, edge: usize) -> [f32; 2] {
        let stride = self.plane.width + 2;
        let (x, y, down) = (edge / 2 % stride, edge / 2 / stride, edge % 2 == 1);
        let a = self.value(x, y);
        let b = if down { self.value(x, y + 1) } else { self.value(x + 1, y) };
        let t = a / (a - b);
        let (dx, dy) = if down { (0.0, t) } else { (t, 0.0) };
        let place =
            |sample: usize, step: f32, size: usize| ((sample as f32 - 0.5 + step) / size as f32).clamp(0.0, 1.0);
        [place(x, dx, self.plane.width), place(y, dy, self.plane.height)]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Area inside, holes counted off (shoelace formula), as a fraction of the image.
    fn area(loops: &[Loop]) -> f32 {
        let one = |l: &Loop| {
            (0..l.len())
                .map(|i| (l[i], l[(i + 1) % l.len()]))
                .map(|(a, b)| (b[0] * a[1] - a[0] * b[1]) / 2.0)
                .sum::<f32>()
        };
        loops.iter().map(one).sum()
    }

    fn disc(side: usize, radius: f32, hole: f32) -> Plane {
        let value = |i: usize| {
            let (x, y) = ((i % side) as f32 + 0.5, (i / side) as f32 + 0.5);
            let r = (x / side as f32 - 0.5).hypot(y / side as f32 - 0.5);
            (radius - r).min(r - hole)
        };
        Plane::from_vec(side, side, (0..side * side).map(value).collect())
    }

    #[test]
    fn a_disc_is_one_loop_of_its_area() {
        let loops = contours(&disc(64, 0.3, -1.0), 0.0);
        assert_eq!(loops.len(), 1);
        let expected = std::f32::consts::PI * 0.09;
        assert!((area(&loops) - expected).abs() < 0.002, "{} instead of {expected}", area(&loops));
    }

    #[test]
    fn a_hole_is_a_loop_of_the_other_direction() {
        let loops = contours(&disc(64, 0.4, 0.2), 0.0);
        assert_eq!(loops.len(), 2);
        assert!((area(&loops) - std::f32::consts::PI * (0.16 - 0.04)).abs() < 0.003);
    }

    #[test]
    fn a_full_plane_is_closed_along_the_border() {
        let loops = contours(&Plane::filled(5, 3, 1.0), 0.5);
        assert_eq!(loops.len(), 1);
        // The four corners are cut at half a pixel.
        assert!(area(&loops) > 0.9 && area(&loops) <= 1.0, "{}", area(&loops));
        assert!(loops[0].iter().all(|p| p[0].min(p[1]) <= 0.0 || p[0].max(p[1]) >= 1.0));
    }

    #[test]
    fn nothing_inside_gives_nothing_and_one_pixel_gives_a_loop() {
        assert!(contours(&Plane::filled(7, 7, 0.0), 0.5).is_empty());
        assert_eq!(contours(&Plane::filled(1, 1, 1.0), 0.5).len(), 1);
    }

    #[test]
    fn random_planes_give_closed_loops_in_range() {
        let mut state = 7_u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32
        };
        for _ in 0..50 {
            let plane = Plane::from_vec(9, 6, (0..54).map(|_| random()).collect());
            for line in contours(&plane, 0.5) {
                assert!(line.iter().flatten().all(|v| (0.0..=1.0).contains(v)));
                let last = line.last().unwrap();
                let gap = ((last[0] - line[0][0]) * 9.0).hypot((last[1] - line[0][1]) * 6.0);
                assert!(gap <= 1.5, "a loop must end next to its start, gap {gap}");
            }
        }
    }
}
