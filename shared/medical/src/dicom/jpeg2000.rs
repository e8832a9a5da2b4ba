//! JPEG 2000, lossless and lossy.

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

use super::layout::Layout;

/// Pixels of a byte of code; real pictures have far fewer, and more would be a claim.
const MAX_PIXELS_A_BYTE: usize = 4096;

/// The words of a frame, colours pixel by pixel.
pub(super) fn unpack(packed: &[u8], layout: &Layout) -> Result<Vec<u16>, String> {
    let settings = DecodeSettings { resolve_palette_indices: false, ..DecodeSettings::default() };
    let image = Image::new(packed, &settings).map_err(|e| e.to_string())?;
    let size = [image.width() as usize, image.height() as usize];
    if size != layout.size {
        return Err(format!(
            "it is {}x{} pixels, the file says {}x{}",
            size[0], size[1], layout.size[0], layout.size[1]
        ));
    }
    if layout.pixels() > packed.len().saturating_mul(MAX_PIXELS_A_BYTE) {
        return Err(format!("{} bytes cannot hold {}x{} pixels", packed.len(), size[0], size[1]));
    }
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(|e| e.to_string())?;
    let components = decoded.components();
    if components.len() != layout.samples {
        return Err(format!("it has {} samples a pixel, the file says {}", components.len(), layout.samples));
    }
    let signed = signed(packed);
    let mut words = vec![0; layout.pixels() * layout.samples];
    for (which, component) in components.iter().enumerate() {
        let depth = component.bit_depth();
        if usize::from(depth) > layout.allocated || component.samples().len() != layout.pixels() {
            return Err(format!("its samples have {depth} bits or another size than the picture"));
        }
        // The decoder lifts signed samples as it lifts unsigned ones.
        let lift = if signed { 1i32 << (depth - 1) } else { 0 };
        let own = words.iter_mut().skip(which).step_by(layout.samples);
        for (word, sample) in own.zip(component.samples()) {
            let top = (1i32 << depth) - 1;
            *word = ((sample.round() as i32).clamp(0, top) - lift) as u16;
        }
    }
    Ok(words)
}

/// Whether the code says that its samples are signed: the byte Ssiz of the marker SIZ.
fn signed(packed: &[u8]) -> bool {
    let code = packed.windows(4).position(|w| w == [0xff, 0x4f, 0xff, 0x51]).unwrap_or(0);
    packed.get(code + 42).is_some_and(|byte| byte & 0x80 != 0)
}
