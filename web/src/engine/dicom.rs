//! DICOM files of the visitor's, read by the trainer's reader: the same levels as `fovea predict` makes of them.
//!
//! Of a file with several frames the middle one is taken. What else the file says, of the patient above all, ends here.

use fovea_medical::dicom::{Dicom, DicomError, Pixels};
use fovea_shared::image::{DecodeError, fits, levels_png};

use crate::{
    errors::{self, of_file},
    protocol::{Blob, DicomPicture, NamedFile},
    text::Message,
};

/// Bytes that reading takes for every pixel of a frame, beside those of the file: stored words, their values, levels.
const BYTES: u64 = 12;

/// The middle frame of a file as a PNG.
///
/// # Errors
/// In plain words, naming the file: bytes of another format, damaged ones, pixels in a form that is not read, too many of
/// them.
pub fn read(file: &NamedFile) -> Result<DicomPicture, Message> {
    let failed = |error: DicomError| of_file(&file.name, errors::dicom(&error));
    let unfit = |error: DecodeError| of_file(&file.name, errors::decode(&error));
    let dicom = Dicom::read(&file.bytes.0).map_err(failed)?;
    fits(dicom.header().size.map(side), BYTES).map_err(unfit)?;
    let frames = dicom.header().frames;
    let index = frames / 2;
    let frame = dicom.frame(index).map_err(failed)?;
    let [width, height] = frame.size.map(side);
    let (Pixels::Grey(levels) | Pixels::Rgb(levels)) = &frame.pixels;
    // A packed frame may hold fewer pixels than the header says.
    let png = levels_png(levels, (width, height)).map_err(|_| unfit(DecodeError::Cut))?;
    Ok(DicomPicture { png: Blob(png), frame: index + 1, frames })
}

fn side(pixels: usize) -> u32 {
    u32::try_from(pixels).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{fs, path::Path};

    use fovea_shared::image::decode;

    use super::*;

    /// A file of the corpus of `fovea-medical`.
    fn file(name: &str) -> NamedFile {
        let corpus = "../shared/medical/tests/medical/__fuzz__/fuzz__dicom/corpus";
        let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(corpus).join(name)).unwrap();
        NamedFile { name: name.into(), bytes: Blob(bytes) }
    }

    /// The picture as the engine decodes it, and its place among the frames.
    fn opened(name: &str) -> (Vec<u8>, (u32, u32), [usize; 2]) {
        let DicomPicture { png, frame, frames } = read(&file(name)).unwrap();
        let image = decode(&png.0).unwrap();
        let size = image.dimensions();
        (image.into_raw(), size, [frame, frames])
    }

    fn refused(file: &NamedFile) -> String {
        read(file).unwrap_err().to_string()
    }

    #[test]
    fn levels_are_those_of_the_reader_in_every_form_that_it_reads() {
        for name in [
            "plain.dcm",
            "implicit.dcm",
            "big-endian.dcm",
            "deflated.dcm",
            "signed.dcm",
            "bytes.dcm",
            "rle.dcm",
            "jpeg-baseline.dcm",
            "jpeg-lossless.dcm",
            "j2k.dcm",
            "colour.dcm",
            "jpeg-colour.dcm",
            "palette.dcm",
        ] {
            let levels = match Dicom::read(&file(name).bytes.0).unwrap().frame(0).unwrap().pixels {
                Pixels::Grey(levels) => levels.into_iter().flat_map(|level| [level; 3]).collect(),
                Pixels::Rgb(levels) => levels,
            };
            assert_eq!(opened(name), (levels, (24, 16), [1, 1]), "{name}");
        }
        assert_eq!(opened("jpeg-lossless.dcm").0, opened("plain.dcm").0);
    }

    #[test]
    fn of_several_frames_the_middle_one_is_taken_and_says_so() {
        for name in ["frames.dcm", "rle-frames.dcm", "jpeg-lossless-frames.dcm"] {
            let (levels, _, place) = opened(name);
            assert_eq!(place, [2, 3], "{name}");
            let Pixels::Grey(middle) = Dicom::read(&file(name).bytes.0).unwrap().frame(1).unwrap().pixels else {
                panic!("{name} is grey")
            };
            assert!(levels.chunks_exact(3).map(|pixel| pixel[0]).eq(middle), "{name}");
        }
    }

    #[test]
    fn nothing_of_the_patient_is_left() {
        let plain = file("plain.dcm");
        let says = |bytes: &[u8]| bytes.windows(10).any(|part| part == b"Prostate3T");
        assert!(says(&plain.bytes.0), "the file names its patient");
        assert!(!says(&read(&plain).unwrap().png.0));
    }

    #[test]
    fn what_is_not_read_is_named() {
        assert!(refused(&file("jpeg-ls.dcm")).starts_with("jpeg-ls.dcm: its pixels are packed as JPEG-LS"));
        let other = NamedFile { name: "IM1.dcm".into(), bytes: Blob(vec![8, 0, 5, 0, 10]) };
        assert!(refused(&other).contains("DICM"), "{}", refused(&other));
        let plain = file("plain.dcm");
        let cut = NamedFile { bytes: Blob(plain.bytes.0[..900].to_vec()), ..plain.clone() };
        assert!(refused(&cut).contains("cut short"), "{}", refused(&cut));
        // Rows and Columns at their largest, with the pixels of a small picture.
        let mut large = plain;
        for tag in [[0x28, 0, 0x10, 0], [0x28, 0, 0x11, 0]] {
            let at = large.bytes.0.windows(4).position(|four| four == tag).unwrap() + 8;
            large.bytes.0[at..at + 2].copy_from_slice(&16_384_u16.to_le_bytes());
        }
        assert!(refused(&large).contains("16384 × 16384"), "{}", refused(&large));
    }
}
