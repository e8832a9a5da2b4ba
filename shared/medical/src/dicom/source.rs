//! Where the bytes of each frame lie.

use dicom_core::value::Value;
use dicom_dictionary_std::tags;

use super::{Attributes, DicomError};

/// The pixels of all frames as they are stored.
pub(super) enum Source<'a> {
    /// One after the other, words in the order of this machine.
    Plain(std::borrow::Cow<'a, [u8]>),
    /// Packed; the pieces of each frame.
    Packed(Vec<&'a [Vec<u8>]>),
}

impl<'a> Source<'a> {
    pub(super) fn of(attributes: Attributes<'a>, syntax: &str, frames: usize) -> Result<Self, DicomError> {
        let Some(element) = attributes.0.get(tags::PIXEL_DATA) else {
            let class = attributes.text(tags::SOP_CLASS_UID).unwrap_or_else(|| "not named".into());
            return Err(DicomError::NoPixels(class));
        };
        match element.value() {
            Value::Primitive(value) => Ok(Self::Plain(value.to_bytes())),
            Value::PixelSequence(sequence) => {
                let offsets: &[u32] = sequence.offset_table();
                Ok(Self::Packed(pieces(sequence.fragments(), offsets, frames)?))
            }
            Value::Sequence(_) => Err(DicomError::Damaged(format!("the pixels of {syntax} are a sequence"))),
        }
    }
}

/// The pieces of each frame: one each, or as the table of offsets says, or all of a single frame.
fn pieces<'a>(fragments: &'a [Vec<u8>], offsets: &[u32], frames: usize) -> Result<Vec<&'a [Vec<u8>]>, DicomError> {
    if frames == 1 {
        return Ok(vec![fragments]);
    }
    if fragments.len() == frames {
        return Ok(fragments.chunks(1).collect());
    }
    let refused = DicomError::Fragments { frames, fragments: fragments.len() };
    if offsets.len() != frames {
        return Err(refused);
    }
    // Offsets count from the first piece, each with the eight bytes of its own header.
    let mut starts = Vec::with_capacity(fragments.len());
    let mut at = 0u64;
    for fragment in fragments {
        starts.push(at);
        at += fragment.len() as u64 + 8;
    }
    let firsts: Option<Vec<usize>> = offsets.iter().map(|o| starts.binary_search(&u64::from(*o)).ok()).collect();
    let Some(firsts) = firsts.filter(|f| f.is_sorted()) else { return Err(refused) };
    let ends = firsts.iter().skip(1).copied().chain([fragments.len()]);
    Ok(firsts.iter().zip(ends).map(|(first, end)| &fragments[*first..end]).collect())
}
