//! Why the picture in a DICOM file is not read.

use fovea_medical::dicom::DicomError;
use fovea_shared::image::Advice;

use super::advice;
use crate::text::{Message, message};

/// The cause and what to do, as sentences without the file's name. What a decoder says of damaged bytes is English and of
/// no use to a visitor, so it goes to the console.
pub fn dicom(error: &DicomError) -> Message {
    log::warn!("{error}");
    let cause = match error {
        DicomError::NotDicom => return message!("dicom-none"),
        DicomError::Damaged(_) | DicomError::Deep(_) | DicomError::NoFrame { .. } => return message!("image-damaged"),
        DicomError::Cut { .. } | DicomError::Short { .. } => return message!("image-cut"),
        DicomError::Large(megabytes) => message!("dicom-large", size = megabytes.to_string()),
        // A syntax without a name in the standard has its number only.
        DicomError::Syntax { name, uid, .. } if name.starts_with("private") => message!("dicom-syntax", name = uid),
        DicomError::Syntax { name, .. } => message!("dicom-syntax", name = name),
        DicomError::Missing { name, .. } => message!("dicom-missing", name = *name),
        DicomError::Value { name, value } => message!("dicom-value", name = *name, value = value),
        DicomError::NoPixels(_) => return message!("dicom-no-pixels"),
        DicomError::FloatPixels => message!("dicom-float"),
        DicomError::Bits { allocated, stored, .. } => {
            message!("dicom-bits", stored = stored.to_string(), allocated = allocated.to_string())
        }
        DicomError::Photometric { found, .. } => message!("dicom-photometric", name = found),
        DicomError::Fragments { frames, .. } => message!("dicom-fragments", frames = frames.to_string()),
        DicomError::Codec { codec, .. } => message!("dicom-codec", name = *codec),
        DicomError::Table(name) => message!("dicom-table", name = *name),
    };
    message!("two-sentences", first = cause, second = advice(Advice::Export))
}
