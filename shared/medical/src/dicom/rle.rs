//! RLE Lossless (PS3.5, annex G): one segment a byte of every sample, each packed like PackBits.
//! The decoder of dicom-rs reserves what the header claims, so these few lines are our own.

use super::layout::Layout;

/// The words of a frame, one colour after the other.
pub(super) fn unpack(packed: &[u8], layout: &Layout) -> Result<Vec<u16>, String> {
    let number = |at: usize| -> Option<usize> {
        packed.get(at..at + 4).and_then(|b| b.try_into().ok()).map(|b| u32::from_le_bytes(b) as usize)
    };
    let (pixels, bytes) = (layout.pixels(), layout.allocated / 8);
    let wanted = layout.samples * bytes;
    let count = number(0).ok_or("its header is cut")?;
    if count != wanted {
        return Err(format!("it has {count} segments, and {} samples of {bytes} bytes need {wanted}", layout.samples));
    }
    let mut words = Vec::new();
    for sample in 0..layout.samples {
        let start = words.len();
        for byte in 0..bytes {
            let segment = sample * bytes + byte;
            let from = number(4 + 4 * segment).ok_or("its header is cut")?;
            let to = if segment + 1 < wanted { number(8 + 4 * segment).unwrap_or(0) } else { packed.len() };
            let plane = packed.get(from..to).ok_or("a segment lies outside of it")?;
            let plane = segment_bytes(plane, pixels);
            if plane.len() < pixels {
                return Err(format!("segment {} holds {} of {pixels} pixels", segment + 1, plane.len()));
            }
            // The high byte comes first.
            match byte {
                0 => words.extend(plane.iter().map(|b| u16::from(*b))),
                _ => words[start..].iter_mut().zip(&plane).for_each(|(word, b)| *word = (*word << 8) | u16::from(*b)),
            }
        }
    }
    Ok(words)
}

/// At most `most` bytes of a segment.
fn segment_bytes(mut packed: &[u8], most: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while bytes.len() < most {
        let Some((control, rest)) = packed.split_first() else { break };
        match *control as i8 {
            literal @ 0.. => {
                let length = (literal as usize + 1).min(rest.len());
                bytes.extend_from_slice(&rest[..length]);
                packed = &rest[length..];
            }
            -128 => packed = rest,
            repeat => {
                let Some((value, rest)) = rest.split_first() else { break };
                bytes.extend(std::iter::repeat_n(*value, 1 + usize::from(repeat.unsigned_abs())));
                packed = rest;
            }
        }
    }
    bytes.truncate(most);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_and_literals() {
        assert_eq!(segment_bytes(&[2, 7, 8, 9, 0xfe, 5, 0x80, 0, 1], 100), [7, 8, 9, 5, 5, 5, 1]);
        assert_eq!(segment_bytes(&[0x81, 3], 10), [3; 10]);
        assert_eq!(segment_bytes(&[5, 1], 10), [1]);
        assert_eq!(segment_bytes(&[0xfe], 10), [0u8; 0]);
    }
}
