#![doc = include_str!("../README.md")]

pub mod dicom;
pub mod geometry;
mod gzip;
pub mod nifti;
pub mod nrrd;
pub mod plane;
mod sample;
pub mod volume;

/// Longest accepted side of a picture, in pixels; the same bound holds for the sides of a volume.
pub const MAX_SIDE: usize = 16_384;
