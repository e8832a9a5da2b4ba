//! DICOM files on the built page, in real Chromium: opened, segmented, refused, and nothing of the patient kept.

use std::io::Cursor;

use fovea_tests::{
    page::Page,
    webdriver::{Adapter, Options},
};
use image::{GrayImage, ImageFormat, imageops::FilterType};
use serde_json::{Value, json};

use crate::{
    common::{LIMIT, bundle_file, message, open_tab, page_is_ready, press, settled, value},
    incoming::{drop_on, said, title},
};

/// A slice that a bundle ships, made small: what a prostate looks like.
const SLICE: &str = "prostate/gallery/phantom-16.jpg";
const SIDE: u16 = 224;

/// A file of JPEG-LS, which is not read.
const UNREAD: &[u8] = include_bytes!("../../../shared/medical/tests/medical/__fuzz__/fuzz__dicom/corpus/jpeg-ls.dcm");

fn open(hash: &str) -> Page {
    let options = Options { adapter: Adapter::None, ..Options::default() };
    let page = Page::open(&options, &format!("device=cpu{hash}")).unwrap();
    page_is_ready(&page);
    page
}

fn slice() -> GrayImage {
    let whole = image::load_from_memory(&bundle_file(SLICE)).unwrap().to_luma8();
    image::imageops::resize(&whole, SIDE.into(), SIDE.into(), FilterType::Triangle)
}

/// What a scanner might store for a level.
fn stored(level: u8) -> u16 {
    40 + 9 * u16::from(level)
}

/// An element of group, number, type and value, which is padded to an even length (Explicit VR Little Endian).
fn element(group: u16, number: u16, vr: &str, value: &[u8]) -> Vec<u8> {
    let mut value = value.to_vec();
    if value.len() % 2 == 1 {
        value.push(if vr == "UI" { 0 } else { b' ' });
    }
    let tag = [group.to_le_bytes(), number.to_le_bytes()].concat();
    let length = match vr {
        "OW" => [&[0, 0][..], &(value.len() as u32).to_le_bytes()].concat(),
        _ => (value.len() as u16).to_le_bytes().to_vec(),
    };
    [tag, vr.as_bytes().to_vec(), length, value].concat()
}

/// A DICOM file of three MR frames, of which the middle one is the slice and the others are empty.
fn dicom(slice: &GrayImage) -> Vec<u8> {
    let short = |number, value: u16| element(0x28, number, "US", &value.to_le_bytes());
    let frame: Vec<u8> = slice.pixels().flat_map(|pixel| stored(pixel.0[0]).to_le_bytes()).collect();
    let empty = vec![0; frame.len()];
    let meta = element(2, 0x10, "UI", b"1.2.840.10008.1.2.1");
    let head = [vec![0; 128], b"DICM".to_vec(), element(2, 0, "UL", &(meta.len() as u32).to_le_bytes()), meta];
    let patient = [
        element(8, 0x60, "CS", b"MR"),
        element(0x10, 0x10, "PN", b"SECRET^PATIENT"),
        element(0x10, 0x20, "LO", b"SECRET-4711"),
    ];
    let image = [
        short(2, 1),
        element(0x28, 4, "CS", b"MONOCHROME2"),
        element(0x28, 8, "IS", b"3"),
        short(0x10, SIDE),
        short(0x11, SIDE),
        short(0x100, 16),
        short(0x101, 12),
        short(0x102, 11),
        short(0x103, 0),
        element(0x7fe0, 0x10, "OW", &[&empty[..], &frame, &empty].concat()),
    ];
    [&head[..], &patient, &image].concat().concat()
}

/// What the trainer makes of the slice: from its least to its largest value.
fn stretched(slice: &GrayImage) -> Vec<u8> {
    let values = || slice.pixels().map(|pixel| stored(pixel.0[0]));
    let (low, high) = (values().min().unwrap(), values().max().unwrap());
    let mut levels = slice.clone();
    for pixel in levels.pixels_mut() {
        let share = f64::from(stored(pixel.0[0]) - low) / f64::from(high - low);
        pixel.0[0] = (255.0 * share) as u8;
    }
    let mut png = Cursor::new(Vec::new());
    levels.write_to(&mut png, ImageFormat::Png).unwrap();
    png.into_inner()
}

fn hash(page: &Page) -> Value {
    value(page, "window.fovea.maskHash('student')")
}

#[test]
fn a_slice_is_outlined_as_the_picture_that_the_trainer_makes_of_it() {
    let page = open("#domain=prostate");
    let slice = slice();
    drop_on(&page, &[("IM000001", &dicom(&slice))], &[]);
    settled(&page, "the slice", "window.fovea.state().title === 'IM000001'");
    assert_eq!(value(&page, "window.fovea.state().size"), json!([SIDE, SIDE]));
    let note = value(&page, "document.querySelector('#own-note').textContent");
    let note = note.as_str().unwrap();
    assert!(note.contains("3 frames") && note.contains("frame 2"), "{note}");
    assert!(note.contains(&message("dicom-pixels")), "{note}");
    assert!(value(&page, "window.fovea.maskArea('student')").as_u64().unwrap() > 100);
    let outlined = hash(&page);
    let html = value(&page, "document.documentElement.outerHTML + location.href");
    assert!(!html.as_str().unwrap().contains("SECRET"), "the page shows who the patient is");

    drop_on(&page, &[("same.png", &stretched(&slice))], &[]);
    settled(&page, "the same picture", "window.fovea.state().title === 'same.png'");
    assert_eq!(hash(&page), outlined);
    page.expect_no_errors().unwrap();
}

#[test]
fn dicom_that_is_not_read_is_named_with_what_to_do() {
    let page = open("");
    let before = title(&page);
    drop_on(&page, &[("IM2", UNREAD)], &[]);
    let text = said(&page);
    assert!(text.starts_with("IM2: ") && text.contains("JPEG-LS") && text.contains("as PNG"), "{text}");
    drop_on(&page, &[("IM3.dcm", &[8, 0, 5, 0, 10])], &[]);
    assert!(said(&page).contains("DICM"));
    assert_eq!(title(&page), before);
    page.expect_no_errors().unwrap();
}

#[test]
fn of_own_dicom_pictures_the_browser_keeps_the_pixels_alone() {
    let page = open("");
    open_tab(&page, "teach");
    press(&page, "#own-open");
    drop_on(&page, &[("IM000001", &dicom(&slice())), ("IM2", UNREAD)], &[]);
    settled(
        &page,
        "the picture",
        "document.querySelectorAll('#own-grid .thumb').length === 1 && window.fovea.state().message",
    );
    assert!(said(&page).contains("IM000001"));
    let refused = value(&page, "document.querySelector('#own-refused').textContent");
    assert!(refused.as_str().unwrap().contains("JPEG-LS"), "{refused}");
    let look = "window.kept = null; (async () => {
        const result = request => new Promise((ok, no) => { request.onsuccess = () => ok(request.result); request.onerror = () => no(request.error); });
        const database = await result(indexedDB.open('fovea-own', 1)), all = name => result(database.transaction(name).objectStore(name).getAll());
        for (;;) {
            const files = await all('files');
            if (files.length) { window.kept = [await files[0].text(), JSON.stringify(await all('items'))]; break; }
            await new Promise(done => setTimeout(done, 50));
        }
        database.close() })()";
    page.browser.script(look, &[]).unwrap();
    let kept = page.wait_for("what is kept", "window.kept", LIMIT).unwrap();
    let [file, item] = [0, 1].map(|place| kept[place].as_str().unwrap());
    assert!(file.contains("PNG") && item.contains("IM000001"), "{item}");
    assert!(!file.contains("SECRET") && !item.contains("SECRET"), "the browser keeps who the patient is");
    page.expect_no_errors().unwrap();
}
