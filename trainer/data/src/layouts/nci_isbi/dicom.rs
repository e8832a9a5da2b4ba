//! DICOM files as pictures.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use fovea_medical::dicom::{Dicom, Frame, Header, Pixels};
use fovea_shared::image::RgbImage;

use crate::error::{DataError, PictureError, Result};
use crate::files::all_below;

pub use fovea_medical::dicom::is_dicom;

/// Extensions of other formats: such files need not be opened.
const OTHERS: [&str; 12] = ["png", "jpg", "jpeg", "webp", "csv", "txt", "json", "nrrd", "nhdr", "nii", "gz", "zip"];

/// Whether a file is DICOM by its first bytes.
pub(crate) fn is_dicom_file(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(132).read_to_end(&mut head));
    read.is_ok() && is_dicom(&head)
}

/// The DICOM files below a folder, but not in folders of the names in `without`: those called .dcm,
/// and those without a known extension, as archives of hospitals write them, that begin as DICOM
/// does.
///
/// # Errors
/// A folder that cannot be listed.
pub(crate) fn below(folder: &Path, without: &[&str]) -> Result<Vec<PathBuf>> {
    let mut files = all_below(folder, without)?;
    files.retain(|path| {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        extension == "dcm" || (!OTHERS.contains(&extension.as_str()) && is_dicom_file(path))
    });
    Ok(files)
}

/// Reads what a file says of itself.
///
/// # Errors
/// A file that cannot be read or is no DICOM file.
pub fn header(path: &Path) -> Result<Header> {
    let bytes = fs::read(path).map_err(|source| DataError::Read { path: path.to_path_buf(), source })?;
    let dicom = Dicom::read(&bytes).map_err(|source| DataError::Dicom { path: path.to_path_buf(), source })?;
    Ok(dicom.header().clone())
}

/// Columns and rows of a slice in memory.
///
/// # Errors
/// Bytes that are no DICOM, or that do not say.
pub fn size(bytes: &[u8]) -> Result<[u32; 2], PictureError> {
    let size = Dicom::read(bytes)?.header().size;
    if size.contains(&0) { Err(PictureError::NoSize) } else { Ok(size.map(|side| side as u32)) }
}

/// The pixels of a slice as a picture; grey comes as three equal channels.
///
/// An MR slice is stretched from its least to its largest value:
///
/// ```text
/// v = trunc(255 (p - min p) / (max p - min p))
/// ```
/// over the pixels p of this slice: the per-image normalisation with which GazeMedSeg's released
/// code makes pictures of these slices (`generate_gaze_annotation_nci-isbi.ipynb`, section 2). Its
/// networks read the z-score of p, which is an affine function of p as v is, but for the rounding.
/// No window and no percentile: a slice with one very bright spot gets dark, as it does there. How
/// other values become levels stands at [`fovea_medical::dicom`].
///
/// # Errors
/// As [`frame`]; a file of several frames.
pub fn decode(bytes: &[u8]) -> Result<RgbImage, PictureError> {
    let dicom = Dicom::read(bytes)?;
    match dicom.header().frames {
        1 => picture(dicom.frame(0)?),
        frames => Err(PictureError::Frames { frames }),
    }
}

/// One frame, counted from 0, as a picture.
///
/// # Errors
/// Bytes that are no DICOM; pixels in a form that is not read, named with the remedy; fewer pixels
/// than the header says.
pub fn frame(bytes: &[u8], index: usize) -> Result<RgbImage, PictureError> {
    picture(Dicom::read(bytes)?.frame(index)?)
}

fn picture(frame: Frame) -> Result<RgbImage, PictureError> {
    let [width, height] = frame.size.map(|side| side as u32);
    let levels = match frame.pixels {
        Pixels::Grey(levels) => levels.into_iter().flat_map(|level| [level; 3]).collect(),
        Pixels::Rgb(levels) => levels,
    };
    RgbImage::from_raw(width, height, levels).ok_or(PictureError::Short)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::dicom_file::{self, BIG_ENDIAN, DicomSlice, EXPLICIT, IMPLICIT};
    use super::*;
    use dicom_core::{DataElement, VR};
    use dicom_dictionary_std::tags;
    use dicom_object::InMemDicomObject;

    const PIXELS: [u16; 6] = [100, 300, 200, 100, 100, 150];

    fn write(path: &Path, syntax: &str, change: impl FnOnce(&mut InMemDicomObject)) {
        let slice = DicomSlice {
            patient: Some("Prostate3T-01-0001"),
            series: "2.25.7",
            instance: Some(3),
            position: Some([-10.5, 20.0, -30.25]),
            orientation: Some([[1.0, 0.0, 0.0], [0.0, 0.8, -0.6]]),
            size: [3, 2],
            pixels: &PIXELS,
        };
        dicom_file::write(path, &slice, syntax, change);
    }

    #[test]
    fn a_slice_is_a_grey_picture_with_its_place() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for syntax in [EXPLICIT, IMPLICIT, BIG_ENDIAN] {
            write(file.path(), syntax, |_| ());
            let bytes = fs::read(file.path()).unwrap();
            let levels: Vec<[u8; 3]> = decode(&bytes).unwrap().pixels().map(|p| p.0).collect();
            assert_eq!(levels, [0, 255, 127, 0, 0, 63].map(|level| [level; 3]), "{syntax}");
            assert_eq!(size(&bytes).unwrap(), [3, 2]);
        }
        let found = header(file.path()).unwrap();
        assert_eq!((found.patient.as_deref(), found.instance), (Some("Prostate3T-01-0001"), Some(3)));
        assert_eq!(found.places[0].position, Some([-10.5, 20.0, -30.25]));
        let bytes = fs::read(file.path()).unwrap();
        fs::write(file.path(), &bytes[..200]).unwrap();
        assert!(header(file.path()).is_err() && decode(b"nothing").is_err());
    }

    #[test]
    fn several_frames_are_counted_and_refused_where_one_is_wanted() {
        let file = tempfile::NamedTempFile::new().unwrap();
        write(file.path(), EXPLICIT, |o| _ = o.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, "4")));
        let bytes = fs::read(file.path()).unwrap();
        let error = decode(&bytes).unwrap_err();
        assert_eq!(error, PictureError::Frames { frames: 4 });
        let message = error.to_string();
        assert!(message.contains("4 frames") && message.contains("emf2sf"), "{message}");
        assert_eq!(frame(&bytes, 0).unwrap().dimensions(), (3, 2));
        assert!(frame(&bytes, 1).unwrap_err().to_string().contains("end early"));
    }
}
