//! Folders that are not data sets.

use std::path::PathBuf;

use crate::text::ReadError;

/// Why a folder is not a data set.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// There is no such folder.
    #[error("there is no folder {}", .0.display())]
    Missing(PathBuf),
    /// A `dataset.json` that names a folder which is not there.
    #[error(
        "{} names {} as its source, and there is no such folder: correct `source` in it",
        info.display(), folder.display()
    )]
    NoSource {
        /// The `dataset.json`.
        info: PathBuf,
        /// The folder that it names.
        folder: PathBuf,
    },
    /// Folders that name each other as source.
    #[error("the sources of {} do not end", .0.display())]
    EndlessSources(PathBuf),
    /// A `dataset.json` that cannot be read.
    #[error("{}", path.display())]
    InfoText {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ReadError,
    },
    /// A `dataset.json` of another shape.
    #[error("{} is not as expected", path.display())]
    InfoShape {
        /// The file.
        path: PathBuf,
        /// What is not as expected.
        source: serde_json::Error,
    },
    /// A `dataset.json` of another format.
    #[error("{} has format {found}; this program reads {read}", path.display())]
    InfoFormat {
        /// The file.
        path: PathBuf,
        /// The format that it says.
        found: u32,
        /// The format that is read.
        read: u32,
    },
    /// A folder of no layout that is known.
    #[error(
        "{} has no folder `images` and is not as ISIC or NCI-ISBI are distributed: a data set is a folder with \
         images/<id>.jpg, masks/<id>.jpg, gaze/*.csv and splits/*.txt, the unpacked archives of an ISIC challenge, or \
         DICOM series with NRRD labels (`fovea data check --help` shows them all)",
        .0.display()
    )]
    UnknownLayout(PathBuf),
    /// NCI-ISBI without a slice.
    #[error(
        "{} holds no MR slice that can be used (*.dcm): download the DICOM series of ISBI-MR-Prostate-2013 from TCIA \
         and put them below this folder, or write a dataset.json with \"source\": \"{}\" beside them",
        .0.display(), .0.display()
    )]
    NoSlices(PathBuf),
    /// No folder of images.
    #[error("{} has no folder `images`", .0.display())]
    NoImageFolder(PathBuf),
    /// Folders of images without any.
    #[error("{} holds no .jpg, .jpeg, .png or .webp file", listed(.0))]
    NoImages(Vec<PathBuf>),
}

fn listed(folders: &[PathBuf]) -> String {
    let folders: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
    folders.join(", ")
}
