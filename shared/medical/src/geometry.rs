//! Where voxels lie in the patient: millimetres, left-posterior-superior as in DICOM.

/// A grid of voxels in the patient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometry {
    /// Centre of the first voxel, mm.
    pub origin: [f64; 3],
    /// The step to the next column, row and slice, mm.
    pub steps: [[f64; 3]; 3],
}

impl Geometry {
    /// The place of an index, which may lie between voxels, mm.
    pub fn at(&self, index: [f64; 3]) -> [f64; 3] {
        [0, 1, 2]
            .map(|axis| self.origin[axis] + index.iter().zip(&self.steps).map(|(i, step)| i * step[axis]).sum::<f64>())
    }

    /// Centre of the first voxel of slice `z`, mm.
    pub fn slice_origin(&self, z: usize) -> [f64; 3] {
        self.at([0.0, 0.0, z as f64])
    }

    /// The index of a place, between voxels where it lies there; `None` where the steps span no
    /// volume.
    pub fn index_of(&self, place: [f64; 3]) -> Option<[f64; 3]> {
        let [a, b, c] = self.steps;
        let volume = dot(a, cross(b, c));
        let longest = norm(a) * norm(b) * norm(c);
        if !volume.is_finite() || volume.abs() <= 1e-9 * longest || longest == 0.0 {
            return None;
        }
        let d = difference(place, self.origin);
        Some([dot(d, cross(b, c)), dot(d, cross(c, a)), dot(d, cross(a, b))].map(|v| v / volume))
    }

    /// The same grid, read as if its origin were the outer corner of the first voxel.
    #[must_use]
    pub fn from_corner(&self) -> Self {
        Self { origin: self.at([0.5; 3]), steps: self.steps }
    }
}

/// The cross product.
pub fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// The scalar product.
pub fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The length.
pub fn norm(a: [f64; 3]) -> f64 {
    dot(a, a).sqrt()
}

/// `a` minus `b`.
pub fn difference(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_index_goes_to_a_place_and_back() {
        let grid =
            Geometry { origin: [-10.0, 20.0, 30.5], steps: [[0.5, 0.0, 0.0], [0.0, 0.4, -0.1], [0.0, -0.3, 2.9]] };
        assert_eq!(grid.slice_origin(2), [-10.0, 19.4, 36.3]);
        let index = [3.0, 1.5, -2.0];
        let back = grid.index_of(grid.at(index)).unwrap();
        assert!(back.iter().zip(index).all(|(a, b)| (a - b).abs() < 1e-9), "{back:?}");
        let corner = grid.from_corner();
        assert!(grid.index_of(corner.origin).unwrap().iter().all(|i| (i - 0.5).abs() < 1e-9));
    }

    #[test]
    fn steps_in_one_plane_have_no_index() {
        let flat = Geometry { origin: [0.0; 3], steps: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 1.0, 0.0]] };
        assert_eq!(flat.index_of([0.0; 3]), None);
        assert_eq!(Geometry { steps: [[0.0; 3]; 3], ..flat }.index_of([0.0; 3]), None);
    }
}
