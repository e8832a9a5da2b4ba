//! Which voxels of a volume lie under the pixels of a slice.
//!
//! The axes of the volume may run in any order and direction, as they do in NIfTI files that are
//! written from DICOM series. They must be those of the slice: nothing is interpolated.

use crate::geometry::{Geometry, norm};

/// Largest distance between a slice and the voxels along the normal, as a share of the distance
/// between slices.
const MAX_THROUGH: f64 = 0.1;

/// Largest distance within the slice, in voxels.
const MAX_WITHIN: f64 = 0.25;

/// The pixels of a slice in the patient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    /// Centre of the first pixel, mm.
    pub position: [f64; 3],
    /// Unit vectors along a row and down a column.
    pub directions: [[f64; 3]; 2],
    /// Distance of columns and of rows, mm, where the file says it; else the volume's distances
    /// count.
    pub spacing: Option<[f64; 2]>,
    /// Columns and rows.
    pub size: [usize; 2],
}

/// The voxels under a slice: pixel (x, y) is voxel `start` + x `across` + y `down`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// The voxel under the first pixel.
    pub start: [i64; 3],
    /// The step to the next column: one axis, 1 or -1.
    pub across: [i64; 3],
    /// The step to the next row.
    pub down: [i64; 3],
    /// Columns and rows.
    pub size: [usize; 2],
}

impl Section {
    /// Slice `z` of a volume as it is stored.
    pub fn stored(sizes: [usize; 3], z: usize) -> Self {
        Self { start: [0, 0, z as i64], across: [1, 0, 0], down: [0, 1, 0], size: [sizes[0], sizes[1]] }
    }

    /// The axis of the volume that runs through the slices.
    pub fn through(&self) -> usize {
        (0..3).find(|axis| self.across[*axis] == 0 && self.down[*axis] == 0).unwrap_or(2)
    }

    /// Which slice of the volume this is, counted from 0 along [`Self::through`].
    pub fn slice(&self) -> usize {
        self.start[self.through()].max(0) as usize
    }

    /// The voxels, row by row from the top left.
    pub fn voxels(&self) -> impl Iterator<Item = [i64; 3]> + '_ {
        let [width, height] = self.size;
        (0..height as i64).flat_map(move |y| {
            (0..width as i64)
                .map(move |x| [0, 1, 2].map(|axis| self.start[axis] + x * self.across[axis] + y * self.down[axis]))
        })
    }
}

/// Why a slice does not lie in a volume.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Misfit {
    /// The steps of the volume span none.
    #[error("the axes of the labels span no volume")]
    Flat,
    /// Rows and columns of the slice do not run along the axes of the volume.
    #[error("its rows and columns do not run along the axes of the labels")]
    Turned,
    /// Another number of pixels.
    #[error("its slices are {}x{} pixels, the labels {}x{}", .slice[0], .slice[1], .labels[0], .labels[1])]
    Size {
        /// Columns and rows of the slice.
        slice: [usize; 2],
        /// The same of the volume.
        labels: [usize; 2],
    },
    /// No voxel lies there.
    #[error("the nearest voxels are {through:.2} slices and {within:.2} pixels away")]
    Apart {
        /// Distance along the normal, in slices.
        through: f64,
        /// Distance within the slice, in pixels.
        within: f64,
    },
}

/// The voxels under a slice, which must be within a tenth of the distance of slices and a quarter
/// of a pixel.
///
/// # Errors
/// Why none lie there.
pub fn section(geometry: &Geometry, sizes: [usize; 3], plane: &Plane) -> Result<Section, Misfit> {
    let [width, height] = plane.size;
    let step = |which: usize| -> Result<[i64; 3], Misfit> {
        let direction = plane.directions[which];
        let from = |length: f64| {
            let place = [0, 1, 2].map(|axis| geometry.origin[axis] + length * direction[axis]);
            geometry.index_of(place).ok_or(Misfit::Flat)
        };
        let turned = from(1.0)?;
        let axis = (0..3).max_by(|a, b| turned[*a].abs().total_cmp(&turned[*b].abs())).unwrap_or(0);
        let length = plane.spacing.map_or_else(|| norm(geometry.steps[axis]), |spacing| spacing[which]);
        let steps = from(length)?;
        let whole = steps.map(f64::round);
        let straight = steps.iter().zip(whole).all(|(a, b)| (a - b).abs() < 0.1);
        let one = whole.iter().filter(|v| **v != 0.0).count() == 1 && whole[axis].abs() == 1.0;
        if straight && one { Ok(whole.map(|v| v as i64)) } else { Err(Misfit::Turned) }
    };
    let (across, down) = (step(0)?, step(1)?);
    let axis_of = |step: [i64; 3]| step.iter().position(|v| *v != 0).unwrap_or(0);
    if axis_of(across) == axis_of(down) {
        return Err(Misfit::Turned);
    }
    let labels = [sizes[axis_of(across)], sizes[axis_of(down)]];
    if labels != plane.size {
        return Err(Misfit::Size { slice: plane.size, labels });
    }
    let first = geometry.index_of(plane.position).ok_or(Misfit::Flat)?;
    let start = first.map(|v| v.round() as i64);
    let section = Section { start, across, down, size: plane.size };
    let through = section.through();
    // The far corner lies apart where spacings differ by little.
    let far = plane.spacing.map_or(first, |spacing| {
        let [a, b] = [(width - 1) as f64 * spacing[0], (height - 1) as f64 * spacing[1]];
        let [row, column] = plane.directions;
        let place = [0, 1, 2].map(|axis| plane.position[axis] + a * row[axis] + b * column[axis]);
        geometry.index_of(place).unwrap_or(first)
    });
    let last = match plane.spacing {
        None => start,
        Some(_) => [0, 1, 2].map(|v| start[v] + (width as i64 - 1) * across[v] + (height as i64 - 1) * down[v]),
    };
    let mut off = [0.0f64; 2];
    for axis in 0..3 {
        let apart = (first[axis] - start[axis] as f64).abs().max((far[axis] - last[axis] as f64).abs());
        let which = usize::from(axis != through);
        off[which] = off[which].max(apart);
        let inside = |v: i64| (0..sizes[axis] as i64).contains(&v);
        let end = start[axis] + (width as i64 - 1) * across[axis] + (height as i64 - 1) * down[axis];
        if !inside(start[axis]) || !inside(end) {
            let size = sizes[axis] as f64;
            let beyond = (first[axis] - (size - 1.0)).max(-first[axis]).max(1.0);
            off[which] = off[which].max(beyond);
        }
    }
    let [through, within] = off;
    if through <= MAX_THROUGH && within <= MAX_WITHIN { Ok(section) } else { Err(Misfit::Apart { through, within }) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A tilted stack of 4x3 pixels of 0.5 mm, 3 mm apart, 5 slices.
    fn tilted() -> (Geometry, [usize; 3], Plane) {
        let steps = [[0.5, 0.0, 0.0], [0.0, 0.4, -0.3], [0.0, 1.8, 2.4]];
        let geometry = Geometry { origin: [-40.0, -30.0, 10.0], steps };
        let directions = [[1.0, 0.0, 0.0], [0.0, 0.8, -0.6]];
        let plane = Plane { position: geometry.slice_origin(2), directions, spacing: Some([0.5, 0.5]), size: [4, 3] };
        (geometry, [4, 3, 5], plane)
    }

    #[test]
    fn a_slice_finds_its_voxels() {
        let (geometry, sizes, plane) = tilted();
        let found = section(&geometry, sizes, &plane).unwrap();
        assert_eq!((found, found.slice()), (Section::stored(sizes, 2), 2));
        assert_eq!(section(&geometry, sizes, &Plane { spacing: None, ..plane }), Ok(found));
        assert_eq!(found.voxels().nth(6), Some([2, 1, 2]));
    }

    #[test]
    fn axes_may_run_in_any_order_and_direction() {
        let (geometry, _, plane) = tilted();
        // Slices first, rows from below.
        let [across, down, through] = geometry.steps;
        let turned =
            Geometry { origin: geometry.at([0.0, 2.0, 4.0]), steps: [through.map(|v| -v), across, down.map(|v| -v)] };
        let found = section(&turned, [5, 4, 3], &plane).unwrap();
        assert_eq!((found.start, found.across, found.down), ([2, 0, 2], [0, 1, 0], [0, 0, -1]));
        assert_eq!((found.through(), found.slice()), (0, 2));
    }

    #[test]
    fn what_lies_between_or_beside_does_not_fit() {
        let (geometry, sizes, plane) = tilted();
        let at = |index: [f64; 3]| section(&geometry, sizes, &Plane { position: geometry.at(index), ..plane });
        assert!(at([0.0, 0.0, 2.05]).is_ok());
        assert!(matches!(at([0.0, 0.0, 2.5]), Err(Misfit::Apart { .. })));
        assert!(matches!(at([0.4, 0.0, 2.0]), Err(Misfit::Apart { .. })));
        assert!(matches!(at([0.0, 0.0, 5.0]), Err(Misfit::Apart { .. })));
        assert!(matches!(at([0.0, 1.0, 2.0]), Err(Misfit::Apart { .. })));
        assert_eq!(
            section(&geometry, sizes, &Plane { size: [8, 3], ..plane }),
            Err(Misfit::Size { slice: [8, 3], labels: [4, 3] })
        );
        let coarse = Plane { spacing: Some([1.0, 1.0]), ..plane };
        assert_eq!(section(&geometry, sizes, &coarse), Err(Misfit::Turned));
        let turned = Plane { directions: [[0.8, 0.6, 0.0], [0.0, 0.8, -0.6]], ..plane };
        assert_eq!(section(&geometry, sizes, &turned), Err(Misfit::Turned));
    }

    #[test]
    fn half_a_voxel_is_the_corner() {
        let (geometry, sizes, plane) = tilted();
        let half = Plane { position: geometry.from_corner().slice_origin(2), ..plane };
        assert!(section(&geometry, sizes, &half).is_err());
        assert_eq!(section(&geometry.from_corner(), sizes, &half), Ok(Section::stored(sizes, 2)));
    }
}
