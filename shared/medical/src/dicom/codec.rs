//! The stored words of one frame, unpacked where they are packed.

use dicom_dictionary_std::uids;

use super::{
    DicomError, jpeg, jpeg2000,
    layout::{Layout, Photometric},
    read::unread,
    rle,
    source::Source,
};

/// The words of a frame. Colours of packed frames come pixel by pixel, in RGB where the compression
/// knows colours.
pub(super) struct Words {
    pub(super) words: Vec<u16>,
    /// Whether colours are RGB already.
    pub(super) rgb: bool,
    /// Whether all of one colour come before the next.
    pub(super) planar: bool,
}

/// Reads the words of a frame.
pub(super) fn words(source: &Source, layout: &Layout, syntax: &str, frame: usize) -> Result<Words, DicomError> {
    let fragments = match source {
        Source::Plain(bytes) => return plain(bytes, layout, frame),
        Source::Packed(frames) => frames.get(frame).copied().unwrap_or_default(),
    };
    let joined: Vec<u8>;
    let packed = match fragments {
        [one] => one.as_slice(),
        several => {
            joined = several.concat();
            &joined
        }
    };
    let failed = |codec| move |reason| DicomError::Codec { codec, frame, reason };
    match syntax {
        uids::RLE_LOSSLESS => {
            let words = rle::unpack(packed, layout).map_err(failed("RLE"))?;
            Ok(Words { words, rgb: false, planar: true })
        }
        uids::JPEG_BASELINE8_BIT | uids::JPEG_EXTENDED12_BIT | uids::JPEG_LOSSLESS | uids::JPEG_LOSSLESS_SV1 => {
            let words = jpeg::unpack(packed, layout).map_err(failed("JPEG"))?;
            Ok(Words { words, rgb: true, planar: false })
        }
        uids::JPEG2000_LOSSLESS | uids::JPEG2000 => {
            let words = jpeg2000::unpack(packed, layout).map_err(failed("JPEG 2000"))?;
            let rgb = layout.photometric == Photometric::YbrInside;
            Ok(Words { words, rgb, planar: false })
        }
        "1.2.840.10008.1.2.1.98" => plain_words(packed, layout, 0),
        other => Err(unread(other)),
    }
}

fn plain(bytes: &[u8], layout: &Layout, frame: usize) -> Result<Words, DicomError> {
    let samples = match layout.photometric {
        // Two pixels share their colours.
        Photometric::YbrFull422 => 2,
        _ => layout.samples,
    };
    let length = layout.pixels() * samples * layout.allocated / 8;
    let start = length.saturating_mul(frame);
    match bytes.get(start..).and_then(|rest| rest.get(..length)) {
        Some(own) => plain_words(own, layout, frame),
        None => Err(DicomError::Short { found: bytes.len().saturating_sub(start).min(length), wanted: length, frame }),
    }
}

fn plain_words(bytes: &[u8], layout: &Layout, frame: usize) -> Result<Words, DicomError> {
    let words: Vec<u16> = match layout.allocated {
        8 => bytes.iter().map(|b| u16::from(*b)).collect(),
        _ => bytes.chunks_exact(2).map(|b| u16::from_ne_bytes([b[0], b[1]])).collect(),
    };
    let half = layout.photometric == Photometric::YbrFull422;
    let wanted = layout.pixels() * if half { 2 } else { layout.samples };
    if words.len() < wanted {
        let each = layout.allocated / 8;
        return Err(DicomError::Short { found: words.len() * each, wanted: wanted * each, frame });
    }
    if half {
        let full = words[..wanted].chunks_exact(4).flat_map(|w| [w[0], w[2], w[3], w[1], w[2], w[3]]).collect();
        return Ok(Words { words: full, rgb: false, planar: false });
    }
    Ok(Words { words, rgb: false, planar: layout.planar })
}
