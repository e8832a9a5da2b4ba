//! What `fovea predict` is asked to segment: pictures, and the stacks that some of them belong to.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use fovea_medical::{nifti, volume::Voxels};
use fovea_shared::plane::Mask;

use crate::{
    data::stack::{self, Stack},
    run::write_atomic,
};

/// Whose masks the volumes hold, in the order of the masks.
const WHO: [&str; 2] = ["student", "teacher"];

/// One picture.
pub(super) struct Input {
    /// What its results are named after.
    pub(super) name: String,
    /// Its file.
    pub(super) path: PathBuf,
    /// The frame, from 0.
    pub(super) frame: usize,
    /// The stack that it belongs to and its slice there, from 0.
    slice_of: Option<(usize, usize)>,
}

/// All pictures in order.
pub(super) struct Inputs {
    /// The pictures.
    pub(super) pictures: Vec<Input>,
    /// The masks of stacks, slice by slice.
    pub(super) volumes: Volumes,
}

/// Masks of student and teacher for every stack.
pub(super) struct Volumes(Vec<(Stack, [Vec<u8>; 2])>);

impl Inputs {
    /// Looks at what was named: files, folders with a series, files of several frames.
    ///
    /// # Errors
    /// What is none of these; two pictures of one name.
    pub(super) fn open(paths: &[PathBuf]) -> Result<Self> {
        let (mut pictures, mut stacks) = (Vec::new(), Vec::new());
        for path in paths {
            match stack::open(path)? {
                Some(stack) => {
                    for (slice, (path, frame)) in stack.pictures.iter().enumerate() {
                        let (name, path) = (format!("{}_{}", stack.name, slice + 1), path.clone());
                        pictures.push(Input { name, path, frame: *frame, slice_of: Some((stacks.len(), slice)) });
                    }
                    let values = stack.geometry.map_or(0, |_| stack.sizes.iter().product());
                    stacks.push((stack, [vec![0; values], vec![0; values]]));
                }
                None => pictures.push(Input { name: stem(path)?, path: path.clone(), frame: 0, slice_of: None }),
            }
        }
        let mut names: Vec<&str> = pictures.iter().map(|input| input.name.as_str()).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            bail!("two images are called `{}`: their results would overwrite each other", pair[0]);
        }
        Ok(Self { pictures, volumes: Volumes(stacks) })
    }

    /// Says what is in doubt about the order of slices.
    pub(super) fn warn(&self) {
        for warning in self.volumes.0.iter().flat_map(|(stack, _)| &stack.warnings) {
            log::warn!("{warning}");
        }
    }
}

impl Volumes {
    /// Keeps the masks of a picture, where it belongs to a stack that makes a volume.
    pub(super) fn keep(&mut self, input: &Input, masks: &[Mask; 2]) {
        let Some((which, slice)) = input.slice_of else { return };
        for (volume, mask) in self.0[which].1.iter_mut().zip(masks) {
            let start = slice * mask.data.len();
            for (value, inside) in volume.iter_mut().skip(start).zip(&mask.data) {
                *value = u8::from(*inside);
            }
        }
    }

    /// Writes a volume of masks, 1 inside, for every stack whose slices say where they lie.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(super) fn write(&self, out: &Path) -> Result<()> {
        for (stack, masks) in self.0.iter().filter(|(stack, _)| stack.geometry.is_some()) {
            for (who, values) in WHO.iter().zip(masks) {
                let file = out.join(format!("{}-{who}.nii", stack.name));
                write_atomic(&file, &nifti::write(&Voxels { sizes: stack.sizes, values }, stack.geometry))?;
            }
        }
        Ok(())
    }
}

fn stem(path: &Path) -> Result<String> {
    Ok(path.file_stem().with_context(|| format!("{} has no file name", path.display()))?.to_string_lossy().into_owned())
}
