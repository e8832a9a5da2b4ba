#![allow(clippy::unwrap_used)]
use std::io::Cursor;

use image::{
    DynamicImage, GrayAlphaImage, ImageBuffer, ImageEncoder, ImageFormat, Luma, LumaA, Rgb, RgbaImage,
    codecs::jpeg::JpegEncoder, codecs::png::PngEncoder, codecs::webp::WebPEncoder,
};

use super::*;
use crate::image::{Format, fits};

fn bytes(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn png(image: impl Into<DynamicImage>) -> Vec<u8> {
    bytes(image, ImageFormat::Png)
}

fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([(x * 3) as u8, (y * 5) as u8, (x * y) as u8]))
}

fn jpeg() -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new(&mut bytes).encode_image(&picture(64, 48)).unwrap();
    bytes
}

fn pixels(image: &RgbImage) -> Vec<[u8; 3]> {
    image.pixels().map(|p| p.0).collect()
}

fn grey16(values: &[u16]) -> (Vec<u8>, Vec<Note>) {
    let image = ImageBuffer::<Luma<u16>, _>::from_raw(values.len() as u32, 1, values.to_vec()).unwrap();
    let Decoded { image, notes } = read(&png(DynamicImage::ImageLuma16(image))).unwrap();
    (image.pixels().map(|p| p.0[0]).collect(), notes)
}

fn colour16(values: &[[u16; 3]]) -> (Vec<[u8; 3]>, Vec<Note>) {
    let image = ImageBuffer::<Rgb<u16>, _>::from_raw(values.len() as u32, 1, values.concat()).unwrap();
    let Decoded { image, notes } = read(&png(DynamicImage::ImageRgb16(image))).unwrap();
    (pixels(&image), notes)
}

#[test]
fn decodes_and_names_what_is_wrong() {
    assert_eq!(decode(&png(picture(5, 3))).unwrap(), picture(5, 3));
    assert!(read(&png(picture(5, 3))).unwrap().notes.is_empty());
    assert_eq!(size(&png(picture(5, 3))).unwrap(), [5, 3]);
    for (file, format) in [(&b"hello, I am a text"[..], Format::Text), (b"", Format::Empty), (b"GIF89a", Format::Gif)] {
        assert_eq!(decode(file), Err(DecodeError::OtherFormat(format)));
        assert_eq!(size(file), Err(DecodeError::OtherFormat(format)));
    }
    assert_eq!(decode(&[1, 2, 0xff, 3]), Err(DecodeError::UnknownFormat));
    let whole = png(picture(50, 50));
    assert!(matches!(decode(&whole[..whole.len() / 2]), Err(DecodeError::Cut | DecodeError::Damaged(_))));
    assert_eq!(size(&whole[..whole.len() / 2]), Ok([50, 50]), "the header is enough");
    let text = decode(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").unwrap_err().to_string();
    assert!(text.contains("HEIC") && text.contains("PNG or JPEG"), "{text}");
}

#[test]
fn what_does_not_fit_into_memory_is_refused_before_it_is_decoded() {
    assert_eq!(fits([16_384, 2_000], 11), Ok(()));
    assert_eq!(fits([16_385, 1], 1), Err(DecodeError::TooLarge { width: 16_385, height: 1 }));
    // A header alone, of 16,000 x 16,000 pixels.
    let mut claim = png(picture(4, 4));
    claim[16..24].copy_from_slice(&[0, 0, 0x3e, 0x80, 0, 0, 0x3e, 0x80]);
    let error = decode(&claim).unwrap_err();
    assert!(matches!(error, DecodeError::TooLarge { .. } | DecodeError::Damaged(_)), "{error:?}");
}

#[test]
fn a_jpeg_cut_short_anywhere_is_refused_and_one_with_a_tail_is_read() {
    let whole = jpeg();
    let plain = decode(&whole).unwrap();
    assert_eq!(plain.dimensions(), (64, 48));
    for percent in [10, 40, 60, 90, 99] {
        assert_eq!(decode(&whole[..whole.len() * percent / 100]), Err(DecodeError::Cut), "{percent} %");
    }
    // A thumbnail with an end mark of its own, inside EXIF.
    let head = [&whole[..2], &[0xff, 0xe1], &(whole.len() as u16 + 2).to_be_bytes(), &whole].concat();
    let thumbnail = [head, whole[2..].to_vec()].concat();
    assert_eq!(decode(&thumbnail).unwrap(), plain);
    assert_eq!(decode(&thumbnail[..thumbnail.len() - 40]), Err(DecodeError::Cut));
    // What phones write behind: a video, a second picture.
    for tail in [&b"MotionPhoto_Data\0\0\0\x18ftypmp42\xff\xda\x00\x0c\x03"[..], &whole, &whole[..whole.len() / 2]] {
        assert_eq!(decode(&[&whole, tail].concat()).unwrap(), plain);
    }
}

#[test]
fn rare_kinds_show_what_viewers_show() {
    let areas = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]];
    let near = |image: &RgbImage| {
        for (place, colour) in areas.iter().enumerate() {
            let found = image.get_pixel(8 * place as u32 + 4, 4).0;
            assert!(found.iter().zip(colour).all(|(a, b)| a.abs_diff(*b) < 12), "{found:?} for {colour:?}");
        }
    };
    for file in
        [&include_bytes!("../../../tests/images/cmyk.jpg")[..], include_bytes!("../../../tests/images/progressive.jpg")]
    {
        let Decoded { image, notes } = read(file).unwrap();
        assert_eq!((image.dimensions(), notes), ((32, 8), vec![]));
        near(&image);
    }
    for file in [
        &include_bytes!("../../../tests/images/animated.png")[..],
        include_bytes!("../../../tests/images/animated.webp"),
    ] {
        let Decoded { image, notes } = read(file).unwrap();
        assert_eq!(notes, [Note::FirstPicture]);
        near(&image);
    }
}

#[test]
fn transparency_of_every_kind_is_laid_on_black() {
    let rgba = RgbaImage::from_raw(3, 1, vec![0, 255, 0, 0, 200, 100, 50, 255, 200, 100, 50, 128]).unwrap();
    let laid = vec![[0, 0, 0], [200, 100, 50], [100, 50, 25]];
    let deep = DynamicImage::ImageRgba16(DynamicImage::ImageRgba8(rgba.clone()).into_rgba16());
    for file in [png(rgba.clone()), bytes(rgba, ImageFormat::WebP), png(deep)] {
        let Decoded { image, notes } = read(&file).unwrap();
        assert_eq!((pixels(&image), notes), (laid.clone(), vec![Note::Transparent]));
    }
    let grey = GrayAlphaImage::from_raw(3, 1, vec![255, 0, 80, 255, 200, 51]).unwrap();
    let deep = DynamicImage::ImageLumaA16(DynamicImage::ImageLumaA8(grey.clone()).into_luma_alpha16());
    for file in [png(grey), png(deep)] {
        let Decoded { image, notes } = read(&file).unwrap();
        assert_eq!((pixels(&image), notes), (vec![[0; 3], [80; 3], [40; 3]], vec![Note::Transparent]));
    }
    // A transparent entry of a palette, and a transparent colour of 16 bits.
    let Decoded { image, notes } = read(include_bytes!("../../../tests/images/palette-key.png")).unwrap();
    assert_eq!((pixels(&image), notes), (vec![[0; 3], [128, 0, 0], [0, 0, 255], [9; 3]], vec![Note::Transparent]));
    let Decoded { image, notes } = read(include_bytes!("../../../tests/images/key-16.png")).unwrap();
    assert_eq!((pixels(&image), notes), (vec![[0; 3], [254, 0, 1]], vec![Note::Transparent]));
    // An alpha channel that hides nothing is not worth a word.
    let opaque = RgbaImage::from_pixel(2, 2, [7, 8, 9, 255].into());
    assert!(read(&png(opaque)).unwrap().notes.is_empty());
}

#[test]
fn sixteen_bits_of_grey_are_stretched_as_dicom_slices_are() {
    assert_eq!(grey16(&[100, 1500, 800, 100]), (vec![0, 255, 127, 0], vec![Note::Stretched { low: 100, high: 1500 }]));
    assert_eq!(grey16(&[0, 65_535, 30_000]).0, [0, 255, 116]);
    assert_eq!(grey16(&[700; 3]), (vec![0; 3], vec![Note::Stretched { low: 700, high: 700 }]));
    // No more than 8 bits are in these.
    assert_eq!(grey16(&[0x2020, 0x9090]), (vec![0x20, 0x90], vec![]));
    assert_eq!(grey16(&[3, 200, 17]), (vec![3, 200, 17], vec![Note::Stretched { low: 0, high: 255 }]));
    // What is hidden does not count.
    let hidden = ImageBuffer::<LumaA<u16>, _>::from_raw(3, 1, vec![60_000, 0, 100, 65_535, 1500, 65_535]).unwrap();
    let Decoded { image, notes } = read(&png(DynamicImage::ImageLumaA16(hidden))).unwrap();
    assert_eq!(pixels(&image), [[0; 3], [0; 3], [255; 3]]);
    assert_eq!(notes, [Note::Stretched { low: 100, high: 1500 }, Note::Transparent]);
}

#[test]
fn sixteen_bits_of_colour_keep_their_look() {
    // A photo that spans most of the range: as before, the upper 8 bits.
    assert_eq!(colour16(&[[60_000, 20_001, 300], [9_000, 400, 1]]), (vec![[233, 78, 1], [35, 2, 0]], vec![]));
    // A sensor of 12 bits: black stays black, and the colours keep their ratios.
    let (found, notes) = colour16(&[[4_000, 2_000, 0], [1_000, 400, 300]]);
    assert_eq!(found, [[255, 127, 0], [63, 25, 19]]);
    assert_eq!(notes, [Note::Stretched { low: 0, high: 4_000 }]);
}

#[test]
fn images_are_turned_by_their_exif_whatever_the_format() {
    for orientation in 1..=8u8 {
        // TIFF header, one entry: tag 0x0112, a short.
        let exif = [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", &[orientation, 0, 0, 0, 0, 0, 0, 0][..]].concat();
        let stored = picture(6, 4);
        let mut upright = DynamicImage::ImageRgb8(stored.clone());
        upright.apply_orientation(Orientation::from_exif(orientation).unwrap());
        let notes = if orientation == 1 { vec![] } else { vec![Note::Turned { orientation }] };
        let (mut png, mut webp, mut jpeg) = (Vec::new(), Vec::new(), Vec::new());
        let mut encoder = PngEncoder::new(&mut png);
        encoder.set_exif_metadata(exif.clone()).unwrap();
        encoder.write_image(&stored, 6, 4, image::ExtendedColorType::Rgb8).unwrap();
        let mut encoder = WebPEncoder::new_lossless(&mut webp);
        encoder.set_exif_metadata(exif.clone()).unwrap();
        encoder.write_image(&stored, 6, 4, image::ExtendedColorType::Rgb8).unwrap();
        let mut encoder = JpegEncoder::new(&mut jpeg);
        encoder.set_exif_metadata(exif).unwrap();
        encoder.encode_image(&stored).unwrap();
        for file in [png, webp] {
            let found = read(&file).unwrap();
            assert_eq!((found.image, found.notes), (upright.to_rgb8(), notes.clone()), "{orientation}");
            assert_eq!(size(&file).unwrap(), [upright.width(), upright.height()]);
        }
        let found = read(&jpeg).unwrap();
        assert_eq!((found.image.dimensions(), found.notes), ((upright.width(), upright.height()), notes));
        assert_eq!(size(&jpeg).unwrap(), [upright.width(), upright.height()]);
    }
}
