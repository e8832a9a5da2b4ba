//! Pictures that make no series.

use std::path::PathBuf;

use crate::nci_isbi::series::SeriesError;

/// Why the pictures of a folder or of a file make no series.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StackError {
    /// No DICOM file.
    #[error(
        "{} is a folder without DICOM files: name the pictures themselves, or the folder that holds one DICOM series",
        .0.display()
    )]
    NoDicom(PathBuf),
    /// More than one series.
    #[error(
        "{} holds {} series: {}; put one into a folder of its own",
        folder.display(), series.len(), series.join("; ")
    )]
    Several {
        /// The folder.
        folder: PathBuf,
        /// Every series: its UID, description and number of files.
        series: Vec<String>,
    },
    /// DICOM files without pictures.
    #[error("the DICOM files of {} hold no pictures", .0.display())]
    NoPictures(PathBuf),
    /// A file of several frames beside others.
    #[error("{} holds {frames} frames beside other files of its series: name it alone", path.display())]
    Frames {
        /// The file.
        path: PathBuf,
        /// Its frames.
        frames: usize,
    },
    /// Slices that cannot be ordered.
    #[error("the series in {}", folder.display())]
    Order {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: Box<SeriesError>,
    },
}
