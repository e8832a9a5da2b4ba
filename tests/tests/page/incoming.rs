//! What visitors bring to the built page, in real Chromium: files, links, texts and folders,
//! dropped, pasted and chosen, before the program
//! is there and after.

use std::{fs, io::Cursor};

use fovea_shared::gaze::{Fixation, HEADER, Scanpath, write_csv};
use fovea_tests::{
    page::{Page, dist},
    webdriver::{Adapter, Options},
};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use serde_json::{Value, json};

use crate::common::{LIMIT, bundle_file, bundle_json, message, page_is_ready, press, settled, value};

fn options() -> Options {
    Options { adapter: Adapter::None, ..Options::default() }
}

fn open() -> Page {
    let page = Page::open(&options(), "device=cpu").unwrap();
    page_is_ready(&page);
    page
}

fn encoded(image: DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A picture of this size.
fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, y| Rgb([150, (x % 64) as u8 + 40, (y % 32) as u8]));
    encoded(DynamicImage::ImageRgb8(image), ImageFormat::Jpeg)
}

/// A gaze CSV with so many fixations on the image of this name.
fn csv(image: &str, count: usize) -> Vec<u8> {
    let fixation = |i| Fixation { x: 0.3, y: 0.4, duration_ms: 200.0, start_ms: 300.0 * i as f32 };
    let path = Scanpath { fixations: (0..count).map(fixation).collect() };
    write_csv(&[(image.to_owned(), (path, (64, 48)))].into()).into_bytes()
}

pub(crate) type Brought<'a> = (&'a str, &'a [u8]);

const DATA: &str = "const data = new DataTransfer();
    for (const [name, bytes] of arguments[0]) data.items.add(new File([Uint8Array.from(bytes)], name));
    for (const [type, text] of arguments[1]) data.setData(type, text);";

fn arguments(files: &[Brought<'_>], texts: &[(&str, &str)]) -> [Value; 2] {
    [json!(files), json!(texts)]
}

/// Drops files and texts on the stage, as browsers tell of it.
pub(crate) fn drop_on(page: &Page, files: &[Brought<'_>], texts: &[(&str, &str)]) {
    let script = format!(
        "{DATA} for (const kind of ['dragenter', 'dragover', 'drop'])
        document.querySelector('#stage').dispatchEvent(new DragEvent(kind, {{ bubbles: true, cancelable: true, dataTransfer: data }}))"
    );
    page.browser.script(&script, &arguments(files, texts)).unwrap();
}

fn paste(page: &Page, into: &str, files: &[Brought<'_>], texts: &[(&str, &str)]) {
    let script = format!(
        "{DATA} document.querySelector('{into}').dispatchEvent(
        new ClipboardEvent('paste', {{ bubbles: true, cancelable: true, clipboardData: data }}))"
    );
    page.browser.script(&script, &arguments(files, texts)).unwrap();
}

/// Waits for rest with a message on the page, gives it and closes it.
pub(crate) fn said(page: &Page) -> String {
    settled(page, "a message", "window.fovea.state().message");
    let text = value(page, "window.fovea.state().message").as_str().unwrap().to_owned();
    press(page, "#message-close");
    text
}

pub(crate) fn title(page: &Page) -> String {
    value(page, "window.fovea.state().title").as_str().unwrap().to_owned()
}

fn fixations(page: &Page) -> u64 {
    value(page, "window.fovea.state().fixations.length").as_u64().unwrap()
}

#[test]
fn a_link_or_a_text_is_answered_and_nothing_is_fetched() {
    let page = open();
    let before = title(&page);
    let url = "https://example.org/pictures/lesion.jpg";
    let html = format!("<p>A page</p><img src=\"{url}\">");
    drop_on(&page, &[], &[("text/uri-list", url), ("text/html", &html), ("text/plain", url)]);
    assert_eq!(said(&page), message("incoming-link"));
    drop_on(&page, &[], &[("text/html", &html)]);
    assert_eq!(said(&page), message("incoming-link"), "as some browsers tell of a picture");
    paste(&page, "body", &[], &[("text/plain", url)]);
    assert_eq!(said(&page), message("incoming-link"));
    paste(&page, "body", &[], &[("text/plain", "a few words")]);
    assert_eq!(said(&page), message("incoming-text"));
    drop_on(&page, &[], &[]);
    assert_eq!(said(&page), message("incoming-nothing"));
    // What is typed into a field is for the field.
    page.browser.script("document.querySelector('#ask').open = true", &[]).unwrap();
    paste(&page, "#ask-base", &[], &[("text/plain", url)]);
    assert_eq!(value(&page, "window.fovea.state().message"), Value::Null);
    assert_eq!((title(&page), value(&page, "document.querySelector('#drop').hidden")), (before, json!(true)));
    page.expect_no_errors().unwrap();
}

#[test]
fn of_several_pictures_the_first_opens_and_the_others_are_named() {
    let page = open();
    let (one, two) = (jpeg(64, 48), jpeg(80, 60));
    drop_on(&page, &[("one.jpg", &one), ("two.jpg", &two), ("one_mask.png", &two)], &[]);
    let text = said(&page);
    assert!(text.contains("two.jpg was left") && text.contains("one_mask.png is a mask"), "{text}");
    assert_eq!((title(&page), value(&page, "window.fovea.state().size")), ("one.jpg".into(), json!([64, 48])));
    let many: Vec<(String, &[u8])> = (0..50).map(|i| (format!("{i}.jpg"), one.as_slice())).collect();
    let many: Vec<Brought<'_>> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    drop_on(&page, &many, &[]);
    let text = said(&page);
    assert!(text.contains("1.jpg, 2.jpg, 3.jpg, 4.jpg, 5.jpg and 44 more were left"), "{text}");
    assert_eq!(title(&page), "0.jpg");
    page.expect_no_errors().unwrap();
}

#[test]
fn a_picture_comes_with_its_gaze_in_either_order() {
    let page = open();
    let (picture, gaze, others) = (jpeg(64, 48), csv("one", 3), csv("another", 5));
    drop_on(&page, &[("one.jpg", &picture), ("one.csv", &gaze)], &[]);
    settled(&page, "both", "window.fovea.state().title === 'one.jpg' && window.fovea.state().fixations.length === 3");
    assert_eq!(value(&page, "window.fovea.state().message"), Value::Null);
    drop_on(&page, &[("gaze.csv", &csv("two", 4)), ("two.jpg", &picture)], &[]);
    settled(&page, "both", "window.fovea.state().title === 'two.jpg' && window.fovea.state().fixations.length === 4");
    // Of two files the one that names the picture is taken.
    drop_on(&page, &[("others.csv", &others), ("mine.csv", &csv("two", 2))], &[]);
    let text = said(&page);
    assert!(text.starts_with("others.csv was left"), "{text}");
    assert_eq!((title(&page), fixations(&page)), ("two.jpg".into(), 2));
    // Gaze that comes while a picture is on its way is for that picture.
    drop_on(&page, &[("one.jpg", &picture)], &[]);
    drop_on(&page, &[("one.csv", &gaze)], &[]);
    settled(&page, "both", "window.fovea.state().title === 'one.jpg' && window.fovea.state().fixations.length === 3");
    page.expect_no_errors().unwrap();
}

#[test]
fn what_cannot_be_opened_is_named_with_what_to_do() {
    let page = open();
    let before = title(&page);
    let dicom = [vec![0; 128], b"DICM".to_vec()].concat();
    for (file, bytes, words) in [
        ("IM000001", &dicom[..], ["IM000001: ", "damaged"]),
        ("IMG_7.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", ["IMG_7.HEIC is a HEIC picture", "PNG or JPEG"]),
        ("report.pdf", b"%PDF-1.7", ["report.pdf is a PDF document", "as PNG"]),
        ("clip.mp4", b"\0\0\0\x18ftypisom\0\0\0\0mp42avc1", ["clip.mp4 is a video", "frame"]),
        ("gaze.xlsx", b"PK\x03\x04", ["gaze.xlsx is a document", "CSV"]),
        ("nothing.jpg", b"", ["nothing.jpg: the file is empty", "0 bytes"]),
    ] {
        drop_on(&page, &[(file, bytes)], &[]);
        let text = said(&page);
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
        assert_eq!(title(&page), before);
    }
    // A folder, as only a real drop brings it.
    let folder = tempfile::TempDir::new().unwrap();
    let inner = folder.path().join("images of today");
    fs::create_dir(&inner).unwrap();
    fs::write(inner.join("one.jpg"), jpeg(64, 48)).unwrap();
    let data = json!({ "items": [], "files": [inner], "dragOperationsMask": 1 });
    for kind in ["dragEnter", "dragOver", "drop"] {
        let event = json!({ "type": kind, "x": 300, "y": 300, "data": data });
        page.browser.devtools("Input.dispatchDragEvent", &event).unwrap();
    }
    let text = said(&page);
    assert!(text.contains("images of today is a folder"), "{text}");
    page.expect_no_errors().unwrap();
}

#[test]
fn the_last_of_two_pictures_is_shown_and_the_other_is_named() {
    let page = open();
    // The first one is large, so that it is still being read when the second comes.
    let (one, two) = (jpeg(1600, 1200), jpeg(80, 60));
    drop_on(&page, &[("one.jpg", &one)], &[]);
    drop_on(&page, &[("two.jpg", &two)], &[]);
    let text = said(&page);
    assert!(text.contains("one.jpg was left before it was shown") && text.contains("two.jpg"), "{text}");
    assert_eq!(title(&page), "two.jpg");
    // A thumbnail that is dragged to the stage opens its case.
    let drag = "const thumb = document.querySelector('#gallery button[data-case]'), data = new DataTransfer();
        const tell = (on, kind) => on.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
        data.setData('text/uri-list', 'https://example.org/thumb.jpg');
        tell(thumb.querySelector('img'), 'dragstart'); for (const kind of ['dragover', 'drop']) tell(document.querySelector('#stage'), kind);
        return thumb.dataset.case";
    let case = page.browser.script(drag, &[]).unwrap();
    settled(&page, "the case", &format!("window.fovea.state().case === {case}"));
    assert_eq!(value(&page, "window.fovea.state().message"), Value::Null);
    page.expect_no_errors().unwrap();
}

#[test]
fn what_is_dropped_before_the_program_is_there_is_kept_and_opened() {
    let page = Page::unopened(&dist().unwrap(), &options()).unwrap();
    // As early as can be: the page is read, and none of its modules has run.
    let early = format!(
        "document.addEventListener('readystatechange', () => {{
            if (document.readyState !== 'interactive') return;
            (function () {{ {DATA}
                const tell = kind => document.body.dispatchEvent(new DragEvent(kind, {{ bubbles: true, cancelable: true, dataTransfer: data }}));
                window.prevented = ['dragover', 'drop'].map(kind => !tell(kind));
            }})({}, []);
        }});",
        json!([["early.jpg", jpeg(64, 48)], ["early.csv", csv("early", 3)]])
    );
    page.browser.before_scripts(&early).unwrap();
    page.go("device=cpu").unwrap();
    page.wait_for("the hint", "document.querySelector('#incoming-note')?.textContent", LIMIT).unwrap();
    let hint = value(&page, "document.querySelector('#incoming-note').textContent");
    assert_eq!(hint, "early.jpg, early.csv will be opened when the program is ready.");
    assert_eq!(value(&page, "window.prevented"), json!([true, true]), "the browser would leave the page for the file");
    settled(
        &page,
        "the picture",
        "window.fovea.state().title === 'early.jpg' && window.fovea.state().fixations.length === 3",
    );
    page.expect_no_errors().unwrap();
}

#[test]
fn a_bad_gaze_file_is_refused_in_the_language_of_the_page_and_the_gaze_stays() {
    let page = Page::open(&options(), "device=cpu#lang=zh").unwrap();
    page_is_ready(&page);
    drop_on(&page, &[("one.jpg", &jpeg(64, 48)), ("one.csv", &csv("one", 3))], &[]);
    settled(&page, "both", "window.fovea.state().title === 'one.jpg' && window.fovea.state().fixations.length === 3");
    let pixels = format!("{HEADER}\none.jpg,1,320,257,189,1503,7,547,626\n");
    let semicolons = String::from_utf8(csv("one", 2)).unwrap().replace(',', ";");
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(HEADER.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for (file, bytes) in [
        ("pixels.csv", pixels.as_bytes()),
        ("cut.csv", format!("{HEADER}\none.jpg,1,0.5\n").as_bytes()),
        ("semicolons.txt", semicolons.as_bytes()),
        ("wide.csv", &wide),
        ("none.csv", format!("{HEADER}\n").as_bytes()),
    ] {
        drop_on(&page, &[(file, bytes)], &[]);
        settled(&page, "an answer", "window.fovea.state().message || window.fovea.state().fixations.length !== 3");
        if fixations(&page) != 3 {
            // A form that is read: then it says what it has taken.
            assert_eq!(fixations(&page), 2, "{file}");
            press(&page, "#undo");
            settled(&page, "the gaze", "window.fovea.state().fixations.length === 3");
            continue;
        }
        let text = said(&page);
        // Names of axes are single letters.
        let english = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
        let words: Vec<&str> = text.split(' ').filter(english).collect();
        assert!(text.starts_with(file) && text.contains('：'), "{text}");
        assert!(words.len() < 2, "English on the Chinese page: {text}");
    }
    // The language of a message follows that of the page.
    drop_on(&page, &[("empty.png", b"")], &[]);
    settled(&page, "the answer", "window.fovea.state().message?.includes('字节')");
    let choose = "const menu = document.querySelector('#language'); menu.value = 'en'; menu.dispatchEvent(new Event('change', { bubbles: true }))";
    page.browser.script(choose, &[]).unwrap();
    assert!(said(&page).contains("the file is empty"));
    page.expect_no_errors().unwrap();
}

#[test]
fn a_transparent_picture_shows_nothing_of_what_is_hidden_and_says_so() {
    let page = open();
    let hidden =
        RgbaImage::from_fn(64, 64, |x, _| if x < 32 { Rgba([0, 255, 0, 0]) } else { Rgba([200, 90, 80, 255]) });
    let png = encoded(DynamicImage::ImageRgba8(hidden), ImageFormat::Png);
    drop_on(&page, &[("cut-out.png", &png)], &[]);
    settled(&page, "the picture", "window.fovea.state().title === 'cut-out.png'");
    let note = value(&page, "document.querySelector('#own-note').textContent");
    assert!(note.as_str().unwrap().starts_with(&message("image-transparent")), "{note}");
    let greenest = value(
        &page,
        "(c => { const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height); let most = 0;
        for (let i = 0; i < data.length; i += 4) most = Math.max(most, data[i + 1] - data[i] - data[i + 2]); return most })
        (document.querySelector('#stage-canvas'))",
    );
    assert!(greenest.as_f64().unwrap() < 120.0, "hidden green shows: {greenest}");
    page.expect_no_errors().unwrap();
}

#[test]
fn notice_and_licence_are_texts_to_be_read() {
    let page = open();
    let kinds = "(async () => { const kinds = [];
        for (const { href } of document.querySelectorAll('[data-t=licences] a')) {
            const answer = await fetch(href); kinds.push([answer.status, answer.headers.get('content-type'), href.endsWith('.txt')]) }
        return kinds })()";
    let text = json!([200, "text/plain; charset=utf-8", true]);
    assert_eq!(value(&page, kinds), json!([text, text]));
}

#[test]
fn a_skin_lesion_on_the_page_of_polyps_is_named_and_its_model_offered() {
    let page = open();
    let manifest = bundle_json("skin/manifest.json");
    let case = &manifest["gallery"][0];
    let picture = bundle_file(&format!("skin/{}", case["image"].as_str().unwrap()));
    drop_on(&page, &[("mine.jpg", &picture)], &[]);
    settled(&page, "the picture", "window.fovea.state().title === 'mine.jpg'");
    let gauge = "document.querySelector('#own-gauge').dataset.step";
    assert_eq!(value(&page, gauge), json!("unlike"));
    // What is outlined there means nothing, and nothing is said of it.
    assert_eq!(value(&page, "window.fovea.state().description"), Value::Null);
    assert_eq!(value(&page, "document.querySelector('#describe-again').disabled"), json!(true));
    page.wait_for("the suggestion", "document.querySelector('#own-switch').checkVisibility()", LIMIT).unwrap();
    let said = value(&page, "document.querySelector('#own-suggestion').textContent");
    assert_eq!(said, json!("This looks like a skin lesion."));
    page.browser.find("#own-switch").unwrap().click().unwrap();
    settled(&page, "the other model", "window.fovea.state().domain === 'skin' && window.fovea.state().likeness");
    assert_eq!(value(&page, "window.fovea.state().title"), json!("mine.jpg"), "the picture stays");
    assert_ne!(value(&page, gauge), json!("unlike"));
    assert_eq!(value(&page, "document.querySelector('#own-switch').checkVisibility()"), json!(false));
    page.expect_no_errors().unwrap();
}
