#![doc = include_str!("../README.md")]
//!
//! # The road of a folder
//!
//! ```text
//! folder ──► layouts::recognise ──► scan::scan ──► Dataset { cases } ──► splits::split ──► Split { train, validation, test }
//!                                    └──► defects (fovea data check)       └──► hash::data_hash ──► one SHA-256 for results and caches
//! ```
//! Masks are never opened by any of these: only [`Case::load_mask`] reads one, and training does
//! not call it. (The label volumes of NCI-ISBI say which slices are cases at all: see
//! [`nci_isbi`].)

pub mod check;
mod check_case;
pub mod check_gaze;
mod check_gaze_images;
mod check_lists;
mod check_mask;
pub mod defect;
pub mod domain;
pub mod durable;
pub mod error;
mod files;
#[cfg(test)]
pub(crate) mod fixture;
mod gaze;
pub mod hash;
pub mod image_store;
pub mod info;
pub mod layout;
mod layouts;
pub mod mask;
mod mask_file;
pub mod masks;
mod new_folder;
mod pairing;
pub mod parallel;
pub mod phantom;
pub mod picture;
mod roots;
pub mod samples;
pub mod scan;
pub mod simulate;
pub mod splits;
pub mod stack;
pub mod stats;
pub mod text;
mod text_form;
pub mod truth;
pub mod verdict;

use std::path::{Path, PathBuf};

use fovea_shared::description::Modality;
pub use fovea_shared::gaze::GazeOrigin;
use fovea_shared::gaze::Scanpath;
use fovea_shared::image::RgbImage;
use fovea_shared::plane::Mask;

use self::defect::Severity;
use self::domain::UnknownDomain;
pub use self::error::DataError;
use self::error::Result;
use self::image_store::ImageStore;
use self::layout::Layout;
pub use self::layouts::nci_isbi;
use self::mask::SizeMismatch;
pub use self::mask_file::MaskFile;
use self::text::composed;

/// One image with whatever is known about it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The image's file name without its extension; unique in a data set.
    pub id: String,
    /// The image file.
    pub image: PathBuf,
    /// The mask file, where there is one. It may exist without being readable: nothing has opened it yet.
    pub mask: Option<MaskFile>,
    /// The fixations, where there are any.
    pub gaze: Option<Scanpath>,
    /// Where the gaze comes from.
    pub origin: GazeOrigin,
    /// What the image shows, where that is known; see [`Self::modality`].
    pub modality: Option<Modality>,
}

impl Case {
    /// What the image shows.
    ///
    /// # Errors
    /// Nobody has said it; says where to write it.
    pub fn modality(&self) -> Result<Modality, UnknownDomain> {
        self.modality.ok_or_else(|| UnknownDomain::of_image(&self.image))
    }

    /// Reads and decodes the image; a DICOM slice becomes a grey picture (see [`nci_isbi::dicom::decode`]).
    ///
    /// # Errors
    /// A file that cannot be read or decoded, named together with the reason.
    pub fn load_image(&self) -> Result<RgbImage> {
        picture::read(&self.image).map_err(|source| self.of_image(source))
    }

    /// Width and height of the image in pixels, from its header.
    ///
    /// # Errors
    /// A file that cannot be read or that is not an image, named.
    pub fn image_size(&self) -> Result<[u32; 2]> {
        ImageStore::default().open(&self.image)?.size().map_err(|source| self.of_image(source))
    }

    /// Reads the true mask at the size of the image, which is taken from the image's header.
    ///
    /// # Errors
    /// As [`Self::load_mask`].
    pub fn load_truth(&self) -> Result<Mask> {
        let [width, height] = self.image_size()?;
        self.load_mask(width as usize, height as usize)
    }

    /// Reads the mask, which must have the image's size, `width` x `height` pixels. Which of its
    /// values are inside, [`mask`] says.
    ///
    /// # Errors
    /// No mask file, a file that cannot be read or that can be read in more than one way, or
    /// another size than the image's.
    pub fn load_mask(&self, width: usize, height: usize) -> Result<Mask> {
        let Some(file) = &self.mask else { return Err(DataError::NoMask { case: self.id.clone() }) };
        let wrong = |source| {
            let file = Box::new(file.clone());
            DataError::WrongMask { case: self.id.clone(), file, source: Box::new(source) }
        };
        let mask = file.read().map_err(wrong)?.mask;
        if (mask.width, mask.height) != (width, height) {
            let [mask, image] = [[mask.width, mask.height], [width, height]].map(|size| size.map(|side| side as u32));
            let mismatch = SizeMismatch { mask, image, header: picture::header(&self.image) };
            return Err(DataError::MaskSize { file: Box::new(file.clone()), image: self.image.clone(), mismatch });
        }
        Ok(mask)
    }

    /// An error of its image.
    fn of_image(&self, source: DataError) -> DataError {
        DataError::Image { case: self.id.clone(), source: Box::new(source) }
    }
}

/// A folder of cases.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// The data set's name: that of its `dataset.json`, or else the folder's.
    pub name: String,
    /// The folder.
    pub root: PathBuf,
    /// The folder of the split lists. It may not exist.
    pub split_folder: PathBuf,
    /// The cases, sorted by id, every id once.
    pub cases: Vec<Case>,
    /// Whether the images were drawn by `fovea data phantom`.
    pub drawn: bool,
    /// How its files are named and where they lie.
    pub layout: Layout,
    /// What its images show, where that is known; see [`Self::modality`].
    pub modality: Option<Modality>,
}

impl Dataset {
    /// What its images show: what `dataset.json` says, or what the layout is known for.
    ///
    /// # Errors
    /// Nobody has said it; says where to write it.
    pub fn modality(&self) -> Result<Modality, UnknownDomain> {
        self.modality.ok_or_else(|| UnknownDomain::of_folder(&self.root))
    }

    /// Opens a folder of any [`Layout`]; see [`scan::scan`]. Reads file names, gaze and, of DICOM series, headers.
    ///
    /// # Errors
    /// [`DataError::Folder`] without images; [`DataError::Defects`] where names or gaze files are ambiguous or wrong.
    /// Its message names the first few; `fovea data check` names all.
    pub fn open(folder: &Path) -> Result<Self> {
        let scan::Scan { dataset, mut defects, .. } = scan::scan(folder)?;
        defects.retain(|defect| defect.severity == Severity::Error);
        if !defects.is_empty() {
            return Err(DataError::Defects { folder: folder.to_path_buf(), defects });
        }
        Ok(dataset)
    }

    /// Where the gaze of these cases comes from: simulated where any of it is, else from a pointer where any of it is;
    /// `None` without gaze.
    pub fn gaze_origin<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Option<GazeOrigin> {
        cases.into_iter().filter(|c| c.gaze.is_some()).map(|c| c.origin).max()
    }

    /// The case with this id.
    pub fn case(&self, id: &str) -> Option<&Case> {
        self.place(id).map(|place| &self.cases[place])
    }

    /// The place of the case with this id among the cases.
    pub(crate) fn place(&self, id: &str) -> Option<usize> {
        let id = composed(id);
        self.cases.binary_search_by(|case| case.id.cmp(&id)).ok()
    }

    /// The cases with these ids, in their order.
    ///
    /// # Errors
    /// An id that is not in the data set.
    pub fn select<'a>(&'a self, ids: &[String]) -> Result<Vec<&'a Case>> {
        let unknown = |id: &String| DataError::UnknownImage { id: id.clone(), folder: self.root.clone() };
        ids.iter().map(|id| self.case(id).ok_or_else(|| unknown(id))).collect()
    }

    /// [`Dataset::select`], for those who keep the cases longer than the data set.
    ///
    /// # Errors
    /// An id that is not in the data set.
    pub fn owned(&self, ids: &[String]) -> Result<Vec<Case>> {
        Ok(self.select(ids)?.into_iter().cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs;

    #[test]
    fn opens_sorts_and_loads() {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["b", "a"]);
        let data = Dataset::open(folder.path()).unwrap();
        assert_eq!(data.cases.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        let case = data.case("b").unwrap();
        assert_eq!(case.origin, GazeOrigin::Recorded);
        assert_eq!(case.gaze.as_ref().unwrap().fixations.len(), 2);
        assert_eq!(case.load_image().unwrap().dimensions(), (24, 16));
        assert_eq!(case.load_mask(24, 16).unwrap().area(), 64);
        let error = case.load_mask(25, 16).unwrap_err();
        assert!(matches!(&error, DataError::MaskSize { mismatch, .. } if mismatch.mask == [24, 16]), "{error:?}");
        let message = error.to_string();
        assert!(message.contains("24x16") && message.contains("25x16") && message.contains("b.png"), "{message}");
        assert!(data.select(&["a".into(), "zz".into()]).unwrap_err().to_string().contains("zz"));
    }

    #[test]
    fn masks_are_optional_and_never_opened() {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a", "b"]);
        fs::write(folder.path().join("masks/a.png"), "not an image").unwrap();
        fs::remove_file(folder.path().join("masks/b.png")).unwrap();
        let data = Dataset::open(folder.path()).unwrap();
        let error = data.cases[0].load_mask(24, 16).unwrap_err();
        assert!(matches!(error, DataError::WrongMask { .. }) && error.to_string().contains("a.png"), "{error:?}");
        assert!(data.cases[1].load_mask(24, 16).unwrap_err().to_string().contains("no mask"));
        fs::remove_dir_all(folder.path().join("masks")).unwrap();
        assert!(Dataset::open(folder.path()).unwrap().cases.iter().all(|c| c.mask.is_none()));
    }
}
