//! Colour pixels.

use dicom_dictionary_std::tags;

use super::{
    Attributes, DicomError, Pixels,
    codec::Words,
    layout::{Layout, Photometric},
    lut::Lut,
};

/// The levels of a frame.
pub(super) fn levels(attributes: Attributes, layout: &Layout, words: Words) -> Result<Pixels, DicomError> {
    let count = layout.pixels();
    if layout.photometric == Photometric::Palette {
        return palette(attributes, layout, &words.words[..count.min(words.words.len())]);
    }
    let pixel = |i: usize| -> [u8; 3] {
        std::array::from_fn(|c| {
            let at = if words.planar { c * count + i } else { 3 * i + c };
            layout.value(words.words.get(at).copied().unwrap_or(0)).clamp(0, 255) as u8
        })
    };
    let rgb = words.rgb || matches!(layout.photometric, Photometric::Rgb | Photometric::YbrInside);
    let levels = (0..count).flat_map(|i| if rgb { pixel(i) } else { from_ybr(pixel(i)) });
    Ok(Pixels::Rgb(levels.collect()))
}

/// PS3.3, C.7.6.3.1.2.
fn from_ybr(pixel: [u8; 3]) -> [u8; 3] {
    let [y, b, r] = pixel.map(f64::from);
    let (b, r) = (b - 128.0, r - 128.0);
    [y + 1.402 * r, y - 0.344_136 * b - 0.714_136 * r, y + 1.772 * b].map(|v| v.round().clamp(0.0, 255.0) as u8)
}

fn palette(attributes: Attributes, layout: &Layout, words: &[u16]) -> Result<Pixels, DicomError> {
    let names = [
        [tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA],
        [tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA],
        [tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA],
    ];
    let mut tables = Vec::new();
    for name in names {
        tables.push(Lut::of(attributes, name, "palette", layout)?);
    }
    // Tables of 16 bits whose entries all fit in a byte were meant as bytes.
    let wide = tables.iter().any(|table| table.largest() > 255);
    let level = |entry: u16| if wide { (entry >> 8) as u8 } else { entry as u8 };
    let levels = words.iter().flat_map(|word| {
        let value = layout.value(*word);
        tables.iter().map(move |table| level(table.at(value)))
    });
    Ok(Pixels::Rgb(levels.collect()))
}
