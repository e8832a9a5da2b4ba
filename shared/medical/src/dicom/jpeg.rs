//! JPEG: baseline, extended of 8 bits, and lossless.

use jpeg_decoder::{ColorTransform, Decoder, PixelFormat};

use super::layout::{Layout, Photometric};

/// The words of a frame, colours as RGB pixel by pixel.
pub(super) fn unpack(packed: &[u8], layout: &Layout) -> Result<Vec<u16>, String> {
    check_header(packed, layout)?;
    let mut decoder = Decoder::new(packed);
    if layout.samples == 3 {
        // The photometric interpretation decides, as in dcmtk: streams often carry no mark of their
        // own.
        let transform =
            if layout.photometric == Photometric::Rgb { ColorTransform::RGB } else { ColorTransform::YCbCr };
        decoder.set_color_transform(transform);
    }
    decoder.set_max_decoding_buffer_size(layout.pixels() * layout.samples * 2);
    let bytes = decoder.decode().map_err(|e| e.to_string())?;
    let info = decoder.info().ok_or("it says no size")?;
    let samples = match info.pixel_format {
        PixelFormat::L8 | PixelFormat::L16 => 1,
        PixelFormat::RGB24 => 3,
        PixelFormat::CMYK32 => 4,
    };
    if samples != layout.samples {
        return Err(format!("it has {samples} samples a pixel, the file says {}", layout.samples));
    }
    let words: Vec<u16> = match info.pixel_format {
        PixelFormat::L16 => bytes.chunks_exact(2).map(|b| u16::from_ne_bytes([b[0], b[1]])).collect(),
        _ => bytes.into_iter().map(u16::from).collect(),
    };
    let wanted = layout.pixels() * layout.samples;
    if words.len() == wanted { Ok(words) } else { Err(format!("it holds {} of {wanted} samples", words.len())) }
}

/// What the decoder takes on trust: that size and precision are those of the file, and that a
/// scan's point transform is smaller than the precision.
fn check_header(packed: &[u8], layout: &Layout) -> Result<(), String> {
    let (mut at, mut precision) = (2usize, None);
    let word = |at: usize| packed.get(at..at + 2).map(|b| usize::from(b[0]) << 8 | usize::from(b[1]));
    if packed.get(..2) != Some(&[0xff, 0xd8]) {
        return Err("it does not begin as JPEG does".into());
    }
    loop {
        let (Some(0xff), Some(marker)) = (packed.get(at), packed.get(at + 1)) else {
            return Err("it is cut short".into());
        };
        // Bytes 0xff may fill.
        if *marker == 0xff {
            at += 1;
            continue;
        }
        let length = word(at + 2).ok_or("it is cut short")?;
        let body = packed.get(at + 4..(at + 2 + length).max(at + 4)).ok_or("it is cut short")?;
        match marker {
            0xc0..=0xc3 => {
                let [bits, h1, h0, w1, w0, samples, ..] = body else { return Err("it is cut short".into()) };
                let size = [[*w1, *w0], [*h1, *h0]].map(|b| usize::from(u16::from_be_bytes(b)));
                if size != layout.size {
                    return Err(format!(
                        "it is {}x{} pixels, the file says {}x{}",
                        size[0], size[1], layout.size[0], layout.size[1]
                    ));
                }
                if usize::from(*samples) != layout.samples {
                    return Err(format!("it has {samples} samples a pixel, the file says {}", layout.samples));
                }
                let lossless = *marker == 0xc3;
                if !(2..=16).contains(bits) || (!lossless && *bits != 8) || usize::from(*bits) > layout.allocated {
                    return Err(format!("{bits} bits are not read in this form of JPEG"));
                }
                precision = Some((*bits, lossless));
            }
            0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Err("hierarchical and arithmetic JPEG is not read".into());
            }
            0xda => {
                let (bits, lossless) = precision.ok_or("its scan comes before its size")?;
                let transform = body.last().copied().unwrap_or(0) & 15;
                return if lossless && transform >= bits {
                    Err("its point transform cannot be".into())
                } else {
                    Ok(())
                };
            }
            _ => {}
        }
        at += 2 + length.max(2);
    }
}
