//! Where the main image of a JPEG file ends (ITU T.81, annex B).
//!
//! A file may hold more than one image: a thumbnail inside its EXIF segment, further pictures (MPF)
//! or a video behind it. So the end is
//! found by walking over the segments, and not by looking for its mark among all bytes.

use super::error::DecodeError;

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const START_OF_SCAN: u8 = 0xda;
/// Start of frame of progressive images, with Huffman and with arithmetic coding.
const PROGRESSIVE: [u8; 2] = [0xc2, 0xca];

/// The main image of a JPEG file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MainImage<'a> {
    /// Its bytes, from the start mark to the end mark.
    pub(super) bytes: &'a [u8],
    /// Whether it is coded in passes over the whole image, so that decoding keeps all coefficients in memory.
    pub(super) progressive: bool,
}

/// Whether bytes are those of a JPEG.
pub(super) fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, START, 0xff])
}

/// The main image.
///
/// # Errors
/// The bytes end before it does.
pub(super) fn main_image(bytes: &[u8]) -> Result<MainImage<'_>, DecodeError> {
    let mut offset = 2;
    let mut progressive = false;
    loop {
        let (mark, after) = next_mark(bytes, offset).ok_or(DecodeError::Cut)?;
        offset = after;
        match mark {
            END => return Ok(MainImage { bytes: &bytes[..offset], progressive }),
            // Marks without a segment.
            0x01 | 0xd0..=START => continue,
            _ => {}
        }
        let length = bytes.get(offset..offset + 2).ok_or(DecodeError::Cut)?;
        let length = usize::from(length[0]) << 8 | usize::from(length[1]);
        offset += length.max(2);
        if offset > bytes.len() {
            return Err(DecodeError::Cut);
        }
        progressive |= PROGRESSIVE.contains(&mark);
        if mark == START_OF_SCAN {
            offset = end_of_scan(bytes, offset).ok_or(DecodeError::Cut)?;
        }
    }
}

/// The next mark and the place after it. A mark may be filled up with `FF` in front; what is not a
/// mark is passed over, as libjpeg does.
fn next_mark(bytes: &[u8], from: usize) -> Option<(u8, usize)> {
    let mut offset = from;
    loop {
        offset += bytes.get(offset..)?.iter().position(|byte| *byte == 0xff)?;
        offset += bytes[offset..].iter().position(|byte| *byte != 0xff)?;
        if bytes[offset] != 0 {
            return Some((bytes[offset], offset + 1));
        }
    }
}

/// The place of the mark that ends entropy-coded data: not a stuffed zero, a restart or a value that T.81 reserves.
fn end_of_scan(bytes: &[u8], from: usize) -> Option<usize> {
    let mut offset = from;
    loop {
        let (mark, after) = next_mark(bytes, offset)?;
        if mark >= 0xc0 && !(0xd0..=0xd7).contains(&mark) {
            return Some(after - 2);
        }
        offset = after;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SCAN: [u8; 6] = [0xff, START_OF_SCAN, 0, 4, 1, 2];

    fn file(parts: &[&[u8]]) -> Vec<u8> {
        [&[0xff, START][..], &parts.concat()].concat()
    }

    #[test]
    fn the_end_is_that_of_the_main_image() {
        let thumbnail: &[u8] = &[0xff, 0xe1, 0, 8, 0xff, START, 1, 2, 0xff, END];
        let end: &[u8] = &[0xff, END];
        let data: &[u8] = &[7, 0xff, 0, 8, 0xff, 0xd3, 9, 0xff, 0x17, 1, 0xff, 0xff];
        for (whole, progressive) in [
            (file(&[thumbnail, &SCAN, data, end]), false),
            // Two scans, with a table in between, and fill bytes before the end mark.
            (file(&[&[0xff, 0xc2, 0, 3, 8], &SCAN, data, &[0xff, 0xc4, 0, 3, 0xff], &SCAN, data, &[0xff], end]), true),
        ] {
            assert_eq!(main_image(&whole), Ok(MainImage { bytes: &whole, progressive }));
            for tail in [&[][..], &[0xff, END], &[0xff, START_OF_SCAN, 1, 2], &[0xff, START, 0xff, 0xe0, 0, 9]] {
                let longer = [&whole, tail].concat();
                assert_eq!(main_image(&longer).unwrap().bytes.len(), whole.len());
            }
            for length in 2..whole.len() {
                assert_eq!(main_image(&whole[..length]), Err(DecodeError::Cut), "{length} of {}", whole.len());
            }
        }
    }
}
