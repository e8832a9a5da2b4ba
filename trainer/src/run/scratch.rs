//! What a training makes of its images and needs again, in a file without a name: it takes no
//! memory and goes with the process.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
    sync::{Mutex, PoisonError},
};

use anyhow::{Context, Result, ensure};
use fovea_shared::plane::{Mask, Plane};

/// Records by number.
pub(super) struct Scratch {
    file: Mutex<File>,
    /// Where every record ends, in bytes.
    ends: Vec<u64>,
}

impl Scratch {
    /// An empty file in a folder.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub(super) fn new(folder: &Path) -> Result<Self> {
        let file = tempfile::tempfile_in(folder)
            .with_context(|| format!("{} cannot be written; name another folder with --cache", folder.display()))?;
        Ok(Self { file: Mutex::new(file), ends: Vec::new() })
    }

    /// Appends some planes as one record.
    ///
    /// # Errors
    /// A full disk.
    pub(super) fn push_planes(&mut self, planes: &[&Plane]) -> Result<()> {
        let values = planes.iter().flat_map(|plane| plane.data.iter().flat_map(|v| v.to_le_bytes()));
        self.push(&values.collect::<Vec<u8>>())
    }

    /// The square planes of a record, as many as were put there.
    ///
    /// # Errors
    /// A disk that fails.
    pub(super) fn planes<const N: usize>(&self, record: usize) -> Result<[Plane; N]> {
        let bytes = self.get(record)?;
        let pixels = bytes.len() / 4 / N;
        let side = pixels.isqrt();
        ensure!(side * side * N * 4 == bytes.len(), "a record of another kind was read: a programming error");
        let values: Vec<f32> = bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
        Ok(std::array::from_fn(|i| Plane::from_vec(side, side, values[i * pixels..(i + 1) * pixels].to_vec())))
    }

    /// Appends a mask of any size, a bit a pixel.
    ///
    /// # Errors
    /// A full disk.
    pub(super) fn push_mask(&mut self, mask: &Mask) -> Result<()> {
        let mut bytes: Vec<u8> = [mask.width as u32, mask.height as u32].iter().flat_map(|v| v.to_le_bytes()).collect();
        let byte = |bits: &[bool]| bits.iter().enumerate().fold(0, |byte, (i, inside)| byte | u8::from(*inside) << i);
        bytes.extend(mask.data.chunks(8).map(byte));
        self.push(&bytes)
    }

    /// The mask of a record.
    ///
    /// # Errors
    /// A disk that fails.
    pub(super) fn mask(&self, record: usize) -> Result<Mask> {
        let bytes = self.get(record)?;
        let ([width, height], bits) = (sizes(&bytes), bytes.get(8..).unwrap_or_default());
        ensure!(bits.len() == (width * height).div_ceil(8), "a record of another kind was read: a programming error");
        let inside = (0..width * height).map(|i| bits[i / 8] >> (i % 8) & 1 == 1).collect();
        Ok(Mask::from_vec(width, height, inside))
    }

    fn push(&mut self, bytes: &[u8]) -> Result<()> {
        let end = self.ends.last().copied().unwrap_or(0);
        let file = self.file.get_mut().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(end))
            .and_then(|_| file.write_all(bytes))
            .context("the folder of the cache cannot be written: is the disk full? Name another with --cache")?;
        self.ends.push(end + bytes.len() as u64);
        Ok(())
    }

    fn get(&self, record: usize) -> Result<Vec<u8>> {
        let start = record.checked_sub(1).map_or(0, |before| self.ends[before]);
        let mut bytes = vec![0; (self.ends[record] - start) as usize];
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(start))
            .and_then(|_| file.read_exact(&mut bytes))
            .context("the folder of the cache cannot be read")?;
        Ok(bytes)
    }
}

/// The two numbers of 32 bits at the start.
fn sizes(bytes: &[u8]) -> [usize; 2] {
    let numbers = bytes.as_chunks::<4>().0;
    std::array::from_fn(|i| numbers.get(i).map_or(0, |b| u32::from_le_bytes(*b) as usize))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn planes_come_back_bit_for_bit_in_any_order() {
        let folder = tempfile::tempdir().unwrap();
        let mut scratch = Scratch::new(folder.path()).unwrap();
        let plane = |n: usize| Plane::from_vec(3, 3, (0..9).map(|i| (i as f32 / 7.0 + n as f32).sin()).collect());
        for n in 0..4 {
            scratch.push_planes(&[&plane(n), &plane(n + 10)]).unwrap();
        }
        for n in [3, 0, 2, 1] {
            assert_eq!(scratch.planes::<2>(n).unwrap(), [plane(n), plane(n + 10)]);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the file has no name");
    }

    proptest! {
        #[test]
        fn masks_of_any_size_come_back(masks in prop::collection::vec((1..9usize, prop::collection::vec(any::<bool>(), 1..9)), 1..5)) {
            let folder = tempfile::tempdir().unwrap();
            let mut scratch = Scratch::new(folder.path()).unwrap();
            let masks: Vec<Mask> = masks.into_iter().map(|(rows, row)| Mask::from_vec(row.len(), rows, row.repeat(rows))).collect();
            masks.iter().for_each(|mask| scratch.push_mask(mask).unwrap());
            for (record, mask) in masks.iter().enumerate().rev() {
                prop_assert_eq!(&scratch.mask(record).unwrap(), mask);
            }
        }
    }
}
