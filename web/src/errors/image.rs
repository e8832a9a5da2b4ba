//! What is wrong with the bytes of a picture, and what was done to a picture.

use fovea_shared::image::{Advice, DecodeError, Format, MAX_SIDE, Note};

use crate::text::{Message, message};

/// The cause, as a sentence without the file's name. What a decoder says of a damaged file is
/// English and of no use to a visitor, so it
/// goes to the console.
pub fn decode(error: &DecodeError) -> Message {
    log::warn!("{error}");
    match error {
        DecodeError::OtherFormat(found) => {
            message!("image-other-format", format = format(*found), advice = advice(found.advice()))
        }
        DecodeError::UnknownFormat => message!("image-unknown"),
        DecodeError::TooLarge { width, height } => message!(
            "image-too-large",
            width = width.to_string(),
            height = height.to_string(),
            side = MAX_SIDE.to_string()
        ),
        DecodeError::Cut => message!("image-cut"),
        DecodeError::Unsupported(_) => message!("image-unsupported"),
        DecodeError::Damaged(_) => message!("image-damaged"),
    }
}

/// A format with its article.
pub fn format(format: Format) -> Message {
    match format {
        Format::Empty => message!("format-empty"),
        Format::Heif => message!("format-heif"),
        Format::Avif => message!("format-picture", name = "AVIF"),
        Format::Gif => message!("format-picture", name = "GIF"),
        Format::Tiff => message!("format-tiff"),
        Format::Bmp => message!("format-picture", name = "BMP"),
        Format::Ico => message!("format-picture", name = "ICO"),
        Format::JpegXl => message!("format-picture", name = "JPEG XL"),
        Format::Jpeg2000 => message!("format-picture", name = "JPEG 2000"),
        Format::Psd => message!("format-psd"),
        Format::Pdf => message!("format-pdf"),
        Format::Svg => message!("format-svg"),
        Format::Html => message!("format-html"),
        Format::Dicom => message!("format-dicom"),
        Format::Nifti => message!("format-volume", name = "NIfTI"),
        Format::Nrrd => message!("format-volume", name = "NRRD"),
        Format::Npy => message!("format-array"),
        Format::Video => message!("format-video"),
        Format::Zip => message!("format-zip"),
        Format::Archive => message!("format-archive"),
        Format::LfsPointer => message!("format-lfs"),
        Format::Text => message!("format-text"),
    }
}

/// What to do with a file, as a sentence.
pub fn advice(advice: Advice) -> Message {
    match advice {
        Advice::Save => message!("advice-save"),
        Advice::Export => message!("advice-export"),
        Advice::GetAgain => message!("advice-get-again"),
        Advice::Unpack => message!("advice-unpack"),
        Advice::FetchLfs => message!("advice-lfs"),
    }
}

/// What was done to a picture so that it can be shown.
pub fn note(note: Note) -> Message {
    match note {
        Note::Turned { .. } => message!("image-turned"),
        Note::Transparent => message!("image-transparent"),
        Note::Stretched { low, high } => {
            message!("image-stretched", low = low.to_string(), high = high.to_string())
        }
        Note::FirstPicture => message!("image-first-picture"),
    }
}
