//! The files of an image: the image itself, its mask and its gaze, and its picture for the screen.

use fovea_shared::{
    gaze::{Fixation, parse_csv},
    image::{Decoded, RgbImage, read, resize_rgb},
    plane::Mask,
    text_file,
};

use crate::{
    engine::masks,
    errors::{self, of_file},
    protocol::{Blob, NamedFile, Picture},
    text::{Message, message},
};

/// Largest side of the picture that is sent to the screen, in pixels.
const PICTURE_SIDE: usize = 1600;

/// The image in a file.
///
/// # Errors
/// Why it cannot be read, with its name.
pub(super) fn decode_named(file: &NamedFile) -> Result<Decoded, Message> {
    read(&file.bytes.0).map_err(|e| of_file(&file.name, errors::decode(&e)))
}

/// A mask file: inside where it is brighter than the middle, which also fits masks that were saved as JPEG.
///
/// # Errors
/// A file that cannot be read, or of another size than the image, with its name.
pub(super) fn read_mask(file: &NamedFile, native: (usize, usize)) -> Result<Mask, Message> {
    let image = decode_named(file)?.image;
    let size = (image.width() as usize, image.height() as usize);
    if size != native {
        let (mask, image) = (pixels(size), pixels(native));
        return Err(of_file(&file.name, message!("mask-size", mask = mask, image = image)));
    }
    Ok(Mask::from_vec(size.0, size.1, image.pixels().map(|p| p.0[0] > 127).collect()))
}

fn pixels((width, height): (usize, usize)) -> String {
    format!("{width} × {height}")
}

/// The fixations of a gaze file with one image in it.
///
/// # Errors
/// A file that is not a text or holds no gaze, with its name.
pub(super) fn read_gaze(file: &NamedFile) -> Result<Vec<Fixation>, Message> {
    let text = text_file::decode(&file.bytes.0).map_err(|e| of_file(&file.name, errors::text_file(&e)))?;
    let scanpaths = parse_csv(&text).map_err(|e| of_file(&file.name, errors::gaze_csv(&e)))?;
    Ok(scanpaths.into_values().next().unwrap_or_default().fixations)
}

/// An image as it is sent to the screen, with no side above [`PICTURE_SIDE`].
pub(super) fn picture(number: u64, image: &RgbImage, fixations: Vec<Fixation>) -> Picture {
    let native = (image.width() as usize, image.height() as usize);
    let shown = masks::fit(native, PICTURE_SIDE);
    let small = if shown == native { None } else { Some(resize_rgb(image, shown.0, shown.1)) };
    let pixels = small.as_ref().unwrap_or(image).pixels();
    Picture {
        image: number,
        native: (image.width(), image.height()),
        shown: (shown.0 as u32, shown.1 as u32),
        rgba: Blob(pixels.flat_map(|p| [p.0[0], p.0[1], p.0[2], 255]).collect()),
        fixations,
        notes: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn file(name: &str, bytes: &[u8]) -> NamedFile {
        NamedFile { name: name.into(), bytes: Blob(bytes.to_vec()) }
    }

    #[test]
    fn a_text_named_png_is_refused_with_its_name() {
        let error = decode_named(&file("notes.png", b"this is a text\n")).unwrap_err().to_string();
        assert!(error.starts_with("notes.png: "), "{error}");
    }

    #[test]
    fn a_gaze_file_must_be_text_with_the_right_header() {
        assert!(read_gaze(&file("g.csv", b"a,b,c,d,e,f\ng\0h")).unwrap_err().to_string().contains("not a text"));
        assert!(read_gaze(&file("g.csv", b"a,b\n1,2\n")).unwrap_err().to_string().starts_with("g.csv: "));
    }

    #[test]
    fn a_large_picture_is_made_small_and_a_pixel_stays_a_pixel() {
        let large = picture(1, &RgbImage::new(3200, 800), vec![]);
        assert_eq!((large.native, large.shown), ((3200, 800), (1600, 400)));
        assert_eq!(large.rgba.0.len(), 1600 * 400 * 4);
        assert_eq!(picture(1, &RgbImage::new(1, 1), vec![]).rgba.0.len(), 4);
    }
}
