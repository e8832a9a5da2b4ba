#![allow(clippy::unwrap_used)]
mod pictures;

use std::fs;
use std::path::{Path, PathBuf};

use image::{
    DynamicImage, ExtendedColorType, GrayAlphaImage, ImageEncoder, LumaA, Rgb, RgbImage, Rgba, RgbaImage,
    codecs::png::PngEncoder,
};

use self::pictures::*;
use super::*;

#[test]
fn what_it_looks_like_is_what_it_means() {
    use png::BitDepth::{Eight, Four, One, Two};
    let viridis = ([68, 1, 84], [253, 231, 37]);
    let alpha = |colour: [u8; 3]| rgba([colour[0], colour[1], colour[2], 0], [colour[0], colour[1], colour[2], 255]);
    let la = |outside, inside| {
        GrayAlphaImage::from_fn(WIDTH, HEIGHT, |x, y| LumaA(if lesion(x, y) { inside } else { outside }))
    };
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("0 and 255", png(two(0, 255))),
        ("0 and 1", png(two(0, 1))),
        ("0 and 38", png(two(0, 38))),
        ("0 and 255 in three channels", png(colours(BLACK, WHITE))),
        ("0 and 1 in three channels", png(colours(BLACK, [1; 3]))),
        ("0 and 1 in 16 bits", png(grey16(0, 1))),
        ("0 and 255 in 16 bits", png(grey16(0, 255))),
        ("0 and 65535", png(grey16(0, 65_535))),
        ("palette of VOC", palette(Eight, &[BLACK, DARK_RED, [0, 128, 0]], None, one)),
        ("palette, one bit", palette(One, &[BLACK, DARK_RED], None, one)),
        ("palette, two bits", palette(Two, &[BLACK, DARK_RED, WHITE], None, |x, y| 2 * one(x, y))),
        ("palette, four bits, on white", palette(Four, &[WHITE, RED], None, one)),
        ("palette of greys, white first", palette(One, &[WHITE, BLACK], None, |x, y| 1 - one(x, y))),
        ("palette that was never set", palette(Eight, &[BLACK; 3], None, one)),
        ("palette that is shorter than its labels", palette(Eight, &[BLACK], None, |x, y| 7 * one(x, y))),
        ("palette with a transparent background", palette(Eight, &[RED, RED], Some(&[0, 255]), one)),
        ("red on black", png(colours(BLACK, RED))),
        ("red on white", png(colours(WHITE, RED))),
        ("black on black, opaque", png(alpha(BLACK))),
        ("white everywhere, opaque inside", png(alpha(WHITE))),
        ("white on hidden black", png(rgba([0, 0, 0, 0], [255; 4]))),
        ("red on hidden green", png(rgba([0, 255, 0, 0], [230, 30, 20, 255]))),
        ("half opaque on nothing", png(rgba([255, 255, 255, 0], [255, 255, 255, 128]))),
        ("grey with alpha", png(la([255, 0], [255, 255]))),
        ("grey with alpha that is opaque", png(la([0, 255], [1, 255]))),
        ("RGBA, opaque", png(rgba([0, 0, 0, 255], [255; 4]))),
        ("RGBA of 16 bits", png(DynamicImage::ImageRgba16(DynamicImage::from(alpha(WHITE)).into_rgba16()))),
        ("JPEG", jpeg(two(0, 255), 75)),
        ("JPEG, 0 and 60", jpeg(two(0, 60), 90)),
        ("JPEG, 3 and 250", jpeg(two(3, 250), 50)),
        ("JPEG, yellow on black", jpeg(colours(BLACK, [240, 220, 40]), 95)),
    ];
    for (name, bytes) in cases {
        let found = read(&bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        let wrong = found.mask.data.iter().zip(&expected(lesion).data).filter(|(a, b)| a != b).count();
        // Compression may move an edge of JPEG by a pixel here and there, and in so small a mask
        // its noise is a large share.
        let lossy = name.starts_with("JPEG");
        assert!(wrong <= if lossy { 12 } else { 0 }, "{name}: {wrong} pixels are wrong");
        assert!(found.cautions.is_empty() || lossy, "{name}: {:?}", found.cautions);
    }
    let (outside, inside) = viridis;
    let found = read(&png(colours(outside, inside))).unwrap();
    assert_eq!(found.mask, expected(lesion), "the yellow of a plot is inside");
    assert_eq!(found.cautions.len(), 1);
}

#[test]
fn values_without_a_zero_are_read_and_named() {
    for (outside, inside) in [(1, 2), (128, 255), (254, 255)] {
        let found = read(&png(two(outside, inside))).unwrap();
        assert_eq!(found.mask, expected(lesion));
        let said = found.cautions.iter().map(Caution::to_string).collect::<String>();
        assert!(said.contains(&format!("{inside} is taken as inside")), "{said}");
    }
    // Two entries of a palette, neither of them the background.
    let entries = palette(png::BitDepth::Eight, &[BLACK, WHITE, RED], None, |x, y| 1 + one(x, y));
    let found = read(&entries).unwrap();
    assert_eq!(found.mask, expected(lesion));
    assert!(found.cautions[0].to_string().contains("index 2 (colour 230, 30, 20) is taken as inside"), "{found:?}");
}

#[test]
fn labels_are_taken_together_and_named() {
    let both = |x, y| lesion(x, y) || second(x, y);
    let label = |x, y| if lesion(x, y) { 1 } else { 2 * u8::from(second(x, y)) };
    let voc = [BLACK, DARK_RED, [0, 128, 0], [128, 128, 0]];
    let drawn = |x, y| voc[usize::from(label(x, y))];
    let cases = [
        ("greys", png(grey(label)), "1 and 2 are taken as inside"),
        ("greys of VOC", png(grey(|x, y| [0, 38, 75][usize::from(label(x, y))])), "38 and 75"),
        (
            "two bits",
            packed(
                png::ColorType::Grayscale,
                png::BitDepth::Two,
                |x, y| label(x, y) + 1 - u8::from(!both(x, y)),
                |_| (),
            ),
            "2 and 3 are taken",
        ),
        ("palette", palette(png::BitDepth::Eight, &voc, None, label), "index 1 (colour 128, 0, 0) and index 2"),
        ("colours", png(RgbImage::from_fn(WIDTH, HEIGHT, |x, y| Rgb(drawn(x, y)))), "colour (0, 128, 0)"),
    ];
    for (name, bytes, words) in cases {
        let found = read(&bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(found.mask, expected(both), "{name}");
        assert!(found.cautions[0].to_string().contains(words), "{name}: {:?}", found.cautions);
    }
}

#[test]
fn soft_edges_are_cut_in_the_middle_and_named() {
    // One row of pixels between the lesion and the rest, as an antialiased brush leaves it.
    let edge = |x: u32, y: u32| (10..26).contains(&x) && y == 21;
    for (half, inside) in [(128, true), (120, false)] {
        let found = read(&png(grey(|x, y| {
            if lesion(x, y) {
                255
            } else if edge(x, y) {
                half
            } else {
                0
            }
        })))
        .unwrap();
        assert_eq!(found.mask, expected(|x, y| lesion(x, y) || (inside && edge(x, y))), "{half}");
        assert!(matches!(found.cautions[..], [Caution::Soft { share }] if (share - 16.0 / 1200.0).abs() < 1e-9));
    }
    let faint = read(&png(grey(|x, y| {
        if lesion(x, y) {
            40
        } else if edge(x, y) {
            19
        } else {
            0
        }
    })))
    .unwrap();
    assert_eq!(faint.mask, expected(lesion));
    let red = |x, y| {
        Rgb(if lesion(x, y) {
            RED
        } else if edge(x, y) {
            [115, 15, 10]
        } else {
            BLACK
        })
    };
    let found = read(&png(RgbImage::from_fn(WIDTH, HEIGHT, red))).unwrap();
    assert_eq!((found.mask, found.cautions.len()), (expected(lesion), 1));
    // A JPEG mask that was saved as PNG: noise around both extremes, cut where the JPEG is.
    let noisy = image::load_from_memory(&jpeg(two(0, 255), 60)).unwrap().into_luma8();
    assert!(noisy.pixels().any(|p| (1..20).contains(&p.0[0])));
    let wrong = read(&png(noisy)).unwrap().mask.data.iter().zip(&expected(lesion).data).filter(|(a, b)| a != b).count();
    assert!(wrong <= 12, "{wrong}");
}

#[test]
fn what_can_be_read_in_two_ways_is_refused_with_the_remedy() {
    let three =
        |values: [u8; 3]| png(grey(move |x, y| values[if lesion(x, y) { 2 } else { usize::from(second(x, y)) }]));
    let eight = png::BitDepth::Eight;
    let mut voc = [BLACK; 256];
    (voc[1], voc[255]) = (DARK_RED, [224, 224, 192]);
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("a trimap", three([0, 128, 255]), "only 255 is inside"),
        ("labels and void", three([0, 1, 255]), "everything but 0 is inside"),
        ("labels without 0", three([1, 2, 3]), "no 0"),
        (
            "a palette with void",
            palette(eight, &voc, None, |x, y| if lesion(x, y) { 1 } else { 255 * u8::from(second(x, y)) }),
            "void",
        ),
        ("red on green", png(colours([0, 140, 0], [250, 10, 10])), "two ways"),
        ("red on light grey", png(colours([200; 3], [180, 10, 10])), "two ways"),
        ("index 0 is red on black", palette(eight, &[RED, BLACK], None, |x, y| 1 - one(x, y)), "two ways"),
        (
            "colours without black",
            png(RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
                Rgb(if lesion(x, y) {
                    RED
                } else if second(x, y) {
                    [0, 0, 200]
                } else {
                    [0, 150, 0]
                })
            })),
            "no 0",
        ),
        (
            "alpha against white",
            png(RgbaImage::from_fn(WIDTH, HEIGHT, |x, y| {
                let v = if lesion(x, y) { 255 } else { 0 };
                Rgba([v, v, v, if x < 20 { 255 } else { 0 }])
            })),
            "transparency",
        ),
        ("nothing is opaque", png(rgba([0, 0, 0, 0], [255, 255, 255, 0])), "transparency"),
        ("a ramp", png(grey(|x, _| 6 * x as u8)), "map of shades"),
        ("a JPEG of 0 and 1", jpeg(two(0, 2), 60), "JPEG"),
        (
            "a JPEG of labels",
            jpeg(
                grey(|x, y| {
                    if lesion(x, y) {
                        255
                    } else if x > 28 {
                        128
                    } else {
                        0
                    }
                }),
                90,
            ),
            "shades",
        ),
        ("text", b"mask".to_vec(), "text file"),
    ];
    for (name, bytes, words) in cases {
        match read(&bytes) {
            Ok(found) => panic!("{name} was read: {:?}", found.cautions),
            Err(e) => assert!(e.to_string().contains(words), "{name}: {e}"),
        }
    }
}

#[test]
fn a_cut_out_picture_is_read_by_its_alpha() {
    let picture = RgbaImage::from_fn(WIDTH, HEIGHT, |x, y| {
        Rgba([40 + 5 * x as u8, 200 - 5 * y as u8, (x * y % 200) as u8, if lesion(x, y) { 255 } else { 0 }])
    });
    assert_eq!(read(&png(picture)).unwrap().mask, expected(lesion));
    // The greys of this one tell nothing of a mask.
    let opaque = |x: u32| (3..38).contains(&x);
    let ramp = |x, _| LumaA([6 * x as u8, if opaque(x) { 255 } else { 0 }]);
    let found = read(&png(GrayAlphaImage::from_fn(WIDTH, HEIGHT, ramp))).unwrap();
    assert_eq!((found.mask, found.cautions), (expected(|x, _| opaque(x)), vec![Caution::ColoursUnread]));
}

#[test]
fn one_value_is_nothing_or_everything() {
    let uniform = |bytes: &[u8]| {
        let data = read(bytes).unwrap().mask.data;
        (data.iter().all(|v| *v) || !data.iter().any(|v| *v)).then_some(data[0])
    };
    let eight = png::BitDepth::Eight;
    for (name, bytes, full) in [
        ("black", png(two(0, 0)), false),
        ("white", png(two(255, 255)), true),
        ("1 alone", png(two(1, 1)), true),
        ("index 0", palette(eight, &[BLACK, RED], None, |_, _| 0), false),
        ("index 1", palette(eight, &[BLACK, RED], None, |_, _| 1), true),
        ("white of a palette of greys", palette(eight, &[WHITE, BLACK], None, |_, _| 0), true),
        ("nothing opaque", png(rgba([255, 255, 255, 0], [255, 255, 255, 0])), false),
        ("black JPEG", jpeg(two(0, 0), 75), false),
        ("white JPEG", jpeg(two(255, 255), 75), true),
    ] {
        assert_eq!(uniform(&bytes), Some(full), "{name}");
    }
}

#[test]
fn masks_are_turned_as_images_are() {
    let exif = |o: u8| [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", &[o, 0, 0, 0, 0, 0, 0, 0][..]].concat();
    for orientation in 1..=8 {
        let mut bytes = Vec::new();
        let mut encoder = PngEncoder::new(&mut bytes);
        encoder.set_exif_metadata(exif(orientation)).unwrap();
        encoder.write_image(&two(0, 1), WIDTH, HEIGHT, ExtendedColorType::L8).unwrap();
        let found = read(&bytes).unwrap();
        let bright = grey(|x, y| 255 * one(x, y));
        let mut file = Vec::new();
        let mut encoder = PngEncoder::new(&mut file);
        encoder.set_exif_metadata(exif(orientation)).unwrap();
        encoder.write_image(&bright, WIDTH, HEIGHT, ExtendedColorType::L8).unwrap();
        let shown = fovea_shared::image::decode(&file).unwrap();
        let inside: Vec<bool> = shown.pixels().map(|p| p.0[0] > 127).collect();
        assert_eq!((found.mask.data, found.orientation), (inside, orientation));
        assert_eq!((found.mask.width as u32, found.mask.height as u32), shown.dimensions());
    }
}

#[test]
#[ignore = "needs the real data: FOVEA_DATA, or shared/data beside the checkout"]
fn real_masks_are_read_as_bright_is_inside() {
    let data = std::env::var_os("FOVEA_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    for (set, count) in [("kvasir-seg", 1000), ("isic", 1000), ("prostate", 805)] {
        let files = crate::files::sorted_files(&data.join(set).join("masks")).unwrap();
        assert_eq!(files.len(), count, "{set}");
        let said = crate::parallel::map(
            &files,
            |path| {
                let bytes = fs::read(path).unwrap();
                let found = read(&bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
                let picture = fovea_shared::image::decode(&bytes).unwrap();
                let bright = picture.pixels().map(|p| p.0.iter().map(|v| u32::from(*v)).sum::<u32>() / 3 > 127);
                assert!(bright.eq(found.mask.data.iter().copied()), "{}", path.display());
                found.cautions.into_iter().map(|caution| format!("{}: {caution}", path.display())).collect::<Vec<_>>()
            },
            || (),
        );
        let said = said.concat();
        println!("{set}: {} of {count} masks with a caution", said.len());
        assert!(said.len() <= 10, "{said:#?}");
    }
}
