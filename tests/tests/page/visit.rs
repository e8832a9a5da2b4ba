//! The built page in real Chromium: what a visitor can do, and what a visitor can do wrong.

use std::{collections::BTreeMap, fs, path::Path, time::Duration};

use fovea_shared::{bundle::Manifest, image::decode, metrics, plane::Mask};
use fovea_tests::{
    page::{Page, copy_folder, dist},
    webdriver::{Adapter, Options, Pointer},
};
use fovea_web::{
    engine::session::Session,
    protocol::{Backend, Blob, NamedFile, OpenRequest},
};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::Value;

use crate::common::{CATCH, LIMIT, READY, about, bundle_file, bundle_json, page_is_ready, press, saved, unfold, value};

/// A page that computes on the CPU, with its first case drawn.
fn open() -> Page {
    open_with(Adapter::None, "device=cpu")
}

fn open_with(adapter: Adapter, query: &str) -> Page {
    let page = Page::open(&Options { adapter, ..Options::default() }, query).unwrap();
    page_is_ready(&page);
    page
}

fn hash(page: &Page, layer: &str) -> Value {
    value(page, &format!("window.fovea.maskHash('{layer}')"))
}

fn fixations(page: &Page) -> usize {
    value(page, "window.fovea.state().fixations.length").as_u64().unwrap() as usize
}

/// Clicks and waits until that many fixations are there and their masks are drawn.
fn click(page: &Page, at: (f64, f64), expected: usize) {
    page.browser.find("#stage-canvas").unwrap().tap(Pointer::Mouse, at).unwrap();
    settled(page, expected);
}

fn settled(page: &Page, expected: usize) {
    let condition = format!("{READY} && window.fovea.state().fixations.length === {expected}");
    page.wait_for("the masks of the new gaze", &condition, LIMIT).unwrap();
}

#[test]
fn three_clicks_move_the_teacher_and_undo_brings_it_back() {
    let page = open();
    assert_eq!(fixations(&page), 0);
    let (before, student) = (hash(&page, "teacher"), hash(&page, "student"));
    assert!(before.is_string() && student.is_string(), "{before} {student}");
    let mut seen = vec![before.clone()];
    for (count, at) in [(1, (0.3, 0.3)), (2, (0.6, 0.45)), (3, (0.5, 0.6))] {
        click(&page, at, count);
        seen.push(hash(&page, "teacher"));
    }
    assert_ne!(seen[3], before, "three clicks left the teacher's mask as it was");
    assert_eq!(hash(&page, "student"), student, "the student sees the image only");
    for count in (0..3).rev() {
        page.browser.find("#undo").unwrap().click().unwrap();
        settled(&page, count);
        assert_eq!(hash(&page, "teacher"), seen[count], "undo to {count} fixations");
    }
    page.browser.keys(&["Control", "Shift", "z"]).unwrap();
    settled(&page, 1);
    assert_eq!(hash(&page, "teacher"), seen[1], "redo");
    page.browser.find("#clear").unwrap().click().unwrap();
    settled(&page, 0);
    assert_eq!(hash(&page, "teacher"), before, "clear");
    page.expect_no_errors().unwrap();
}

#[test]
fn fixations_can_be_held_dragged_removed_tapped_and_typed() {
    let page = open();
    let canvas = page.browser.find("#stage-canvas").unwrap();
    canvas.press(Pointer::Mouse, (0.3, 0.4), Duration::from_millis(900)).unwrap();
    settled(&page, 1);
    let held = value(&page, "window.fovea.state().fixations[0].duration_ms").as_f64().unwrap();
    click(&page, (0.7, 0.4), 2);
    let short = value(&page, "window.fovea.state().fixations[1].duration_ms").as_f64().unwrap();
    assert!(held > short + 200.0, "a long press dwells longer: {held} ms against {short} ms");
    canvas.drag(Pointer::Mouse, (0.7, 0.4), (0.6, 0.6)).unwrap();
    settled(&page, 2);
    let x = value(&page, "window.fovea.state().fixations[1].x").as_f64().unwrap();
    assert!((x - 0.6).abs() < 0.05, "dragged to x = {x}");
    canvas.right_click((0.6, 0.6)).unwrap();
    settled(&page, 1);
    canvas.tap(Pointer::Touch, (0.5, 0.5)).unwrap();
    settled(&page, 2);
    page.browser.script("document.querySelector('#stage-canvas').focus()", &[]).unwrap();
    page.browser.keys(&["ArrowRight"]).unwrap();
    page.browser.keys(&["Enter"]).unwrap();
    settled(&page, 3);
    page.browser.keys(&["Delete"]).unwrap();
    settled(&page, 2);
    page.expect_no_errors().unwrap();
}

/// The mask in an image file.
fn mask(bytes: &[u8]) -> Mask {
    let image = decode(bytes).unwrap();
    let inside = image.pixels().map(|pixel| pixel.0[0] > 127).collect();
    Mask::from_vec(image.width() as usize, image.height() as usize, inside)
}

/// Dice of a student on the first case of a bundle, computed by the engine outside of the browser.
fn native_student_dice(domain: &str, student: &str) -> f64 {
    let manifest = Manifest::parse(&bundle_file(&format!("{domain}/manifest.json"))).unwrap();
    let file = |name: &String| Blob(bundle_file(&format!("{domain}/{name}")));
    let mut files: BTreeMap<_, _> = manifest.files.keys().map(|name| (name.clone(), file(name))).collect();
    files.insert("manifest.json".into(), file(&"manifest.json".into()));
    let named = |name: &String| NamedFile { name: name.clone(), bytes: files[name].clone() };
    let case = &manifest.gallery[0];
    let request = OpenRequest {
        image: 1,
        file: named(&case.image),
        mask: case.mask.as_ref().map(named),
        gaze: None,
        from_bundle: true,
        student: manifest.students.iter().position(|one| one.name == student).unwrap(),
    };
    let (mut session, _) = pollster::block_on(Session::load(Backend::Cpu, files.clone())).unwrap();
    pollster::block_on(session.open(request, |_| ())).unwrap().student.dice.unwrap().into()
}

#[test]
fn recorded_or_simulated_gaze_can_be_used_and_dice_is_shown() {
    let page = open();
    page.browser.script(CATCH, &[]).unwrap();
    let domain = value(&page, "window.fovea.state().domain").as_str().unwrap().to_owned();
    let case = &bundle_json(&format!("{domain}/manifest.json"))["gallery"][0];
    let truth = mask(&bundle_file(&format!("{domain}/{}", case["mask"].as_str().unwrap())));
    // What a visitor reads, against the mask that the page hands out and the true one.
    let dice = |layer: &str| -> f64 {
        press(&page, "#share-open");
        let bytes = "return [...new Uint8Array(await blob.arrayBuffer())]";
        let (_, png) = saved(&page, &format!("#save-{layer}"), bytes);
        press(&page, "#share-close");
        let dice = metrics::dice(&mask(&serde_json::from_value::<Vec<u8>>(png).unwrap()), &truth);
        let shown = value(&page, &format!("document.querySelector('#dice-{layer}').textContent"));
        assert_eq!(shown, Value::from(format!("{dice:.2}")), "Dice of the {layer}");
        dice
    };
    let student = dice("student");
    let native = native_student_dice(&domain, value(&page, "window.fovea.state().student").as_str().unwrap());
    // A pixel at the border may fall to the other side.
    assert!((student - native).abs() < 0.01, "Dice of the student: {student} here, {native} natively");
    unfold(&page, "#details-gaze");
    page.browser.find("#use-gaze").unwrap().click().unwrap();
    page.wait_for("the case's gaze", "window.fovea.state().fixations.length > 5", LIMIT).unwrap();
    page_is_ready(&page);
    dice("teacher");
    let source = page.browser.find("#source").unwrap().text().unwrap().to_lowercase();
    let origin = case["origin"].as_str().unwrap().to_lowercase();
    assert!(source.contains(&origin) && source.contains("simulated"), "the source says: {source}");
    // Whose the picture is stands with it, with its terms.
    let said = page.browser.find("#attribution").unwrap().text().unwrap();
    match case["attribution"]["licence"].as_str() {
        Some(licence) => assert!(said.contains(licence), "{said}"),
        None => assert_eq!(said, ""),
    }
    page.browser.find("#layers-more summary").unwrap().click().unwrap();
    for layer in ["high-confidence", "broad", "background", "truth"] {
        let label = page.browser.find(&format!("label[for=layer-{layer}]")).unwrap();
        label.click().unwrap();
        let condition = format!("window.fovea.maskHash('{layer}') !== null");
        page.wait_for(layer, &condition, LIMIT).unwrap();
    }
    page.expect_no_errors().unwrap();
}

#[test]
fn every_case_of_the_gallery_opens() {
    let page = open();
    let count = page.browser.find_all("#gallery button[data-case]").unwrap().len();
    assert!(count >= 4, "{count} cases");
    let mut students = Vec::new();
    for button in page.browser.find_all("#gallery button[data-case]").unwrap() {
        let case = button.attribute("data-case").unwrap().unwrap();
        if page.browser.script("return arguments[0].checkVisibility()", &[button.reference()]).unwrap() == false {
            page.browser.find("#gallery-more").unwrap().click().unwrap();
        }
        button.click().unwrap();
        let condition = format!("{READY} && window.fovea.state().case === '{case}'");
        page.wait_for(&case, &condition, LIMIT).unwrap();
        students.push(hash(&page, "student").to_string());
    }
    students.sort();
    students.dedup();
    assert_eq!(students.len(), count, "two cases have the same mask");
    page.expect_no_errors().unwrap();
}

/// A picture of two colours with a disc, as bytes of a file.
fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let (cx, cy, radius) = (f64::from(width) / 2.0, f64::from(height) / 2.0, f64::from(height) / 5.0);
    let image = RgbImage::from_fn(width, height, |x, y| {
        let inside = (f64::from(x) - cx).hypot(f64::from(y) - cy) < radius;
        Rgb(if inside { [205, 90, 80] } else { [150, (x % 64) as u8 + 40, 50] })
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(image).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[test]
fn own_images_get_a_result_or_a_plain_message_and_the_page_lives_on() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let large = picture(4000, 3000, ImageFormat::Jpeg);
    let page = open();
    let upload = |path: &Path| page.browser.find("#file").unwrap().upload(path).unwrap();
    let opened = |size: &str| {
        let condition = format!("{READY} && String(window.fovea.state().size) === '{size}'");
        page.wait_for("the own image", &condition, LIMIT).unwrap();
        assert!(hash(&page, "student").is_string() && hash(&page, "teacher").is_string());
    };
    let refused = |words: &str| {
        let message = page
            .wait_for("a message", "window.fovea.state().message && !document.querySelector('#message').hidden && window.fovea.state().message", LIMIT)
            .unwrap();
        assert!(message.as_str().unwrap().contains(words), "the message says: {message}");
        page.browser.find("#message-close").unwrap().click().unwrap();
        page_is_ready(&page);
    };
    upload(&file("large.jpg", &large));
    opened("4000,3000");
    click(&page, (0.5, 0.5), 1);
    upload(&file("text.png", b"this is a text, whatever its name says\n"));
    refused("a text file");
    upload(&file("dot.png", &picture(1, 1, ImageFormat::Png)));
    opened("1,1");
    upload(&file("short.jpg", &large[..large.len() / 2]));
    refused("cut short");
    upload(&file("last.png", &picture(300, 200, ImageFormat::Png)));
    opened("300,200");
    click(&page, (0.4, 0.5), 1);
    page.expect_no_errors().unwrap();
}

#[test]
fn clicks_during_a_run_do_not_queue() {
    let page = open();
    // Fifteen changes in one task of the main thread: far more than can be computed in between.
    let script = "const canvas = document.querySelector('#stage-canvas'); canvas.focus();
        window.before = window.fovea.clickLatencies.length;
        for (let i = 0; i < 15; i++) {
            canvas.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));
            canvas.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}));
            canvas.dispatchEvent(new KeyboardEvent('keyup', {key: 'Enter', bubbles: true}));
        }";
    page.browser.script(script, &[]).unwrap();
    settled(&page, 15);
    let drawn = value(&page, "window.fovea.clickLatencies.length - window.before").as_u64().unwrap();
    assert!((1..15).contains(&drawn), "{drawn} masks were drawn for fifteen changes at once");
    page.expect_no_errors().unwrap();
}

#[test]
fn webgpu_reproduces_the_goldens_and_follows_clicks() {
    let page = open_with(Adapter::SwiftShader, "device=webgpu");
    let report = page
        .wait_for("WebGPU", "window.fovea.state().device === 'WebGPU' && window.fovea.state().reports[1]", LIMIT)
        .unwrap();
    let device = about(&page, "#device");
    assert!(device.contains("WebGPU"), "the page says {device}; WebGPU reports {report}");
    let check = about(&page, "#selfcheck");
    assert!(!check.is_empty() && check != "–", "the self-check says nothing");
    page_is_ready(&page);
    let before = hash(&page, "teacher");
    click(&page, (0.25, 0.3), 1);
    click(&page, (0.3, 0.3), 2);
    assert_ne!(hash(&page, "teacher"), before);
}

#[test]
fn without_webgpu_the_page_says_so_and_computes_on_the_cpu() {
    let page = open_with(Adapter::None, "device=webgpu");
    let state = value(&page, "window.fovea.state()");
    assert_eq!(state["device"], "CPU", "{state}");
    let text = value(&page, "document.body.innerText").as_str().unwrap().to_lowercase();
    assert!(text.contains("webgpu"), "the page does not say that WebGPU is missing");
    click(&page, (0.5, 0.5), 1);
}

#[test]
fn a_damaged_bundle_is_named() {
    let folder = tempfile::TempDir::new().unwrap();
    copy_folder(&dist().unwrap(), folder.path()).unwrap();
    let file = folder.path().join("bundle/polyp/teacher.safetensors");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    fs::write(&file, bytes).unwrap();
    let options = Options { adapter: Adapter::None, ..Options::default() };
    let page = Page::open_folder(folder.path(), &options, "device=cpu").unwrap();
    page.wait_for("the error", "document.documentElement.dataset.state === 'error'", LIMIT).unwrap();
    let message = page.browser.find("#message").unwrap().text().unwrap();
    assert!(message.contains("teacher.safetensors") && message.contains("SHA-256"), "the message says: {message}");
    let students = folder.path().join("bundle/polyp/students");
    let student = fs::read_dir(&students).unwrap().next().unwrap().unwrap().path();
    fs::remove_file(&student).unwrap();
    fs::copy(dist().unwrap().join("bundle/polyp/teacher.safetensors"), &file).unwrap();
    // Another browser: what this one has kept would do.
    let page = Page::open_folder(folder.path(), &options, "device=cpu").unwrap();
    page.wait_for("the error", "document.documentElement.dataset.state === 'error'", LIMIT).unwrap();
    let message = page.browser.find("#message").unwrap().text().unwrap();
    let name = student.file_name().unwrap().to_string_lossy();
    assert!(message.contains(&format!("bundle/polyp/students/{name}")), "the message says: {message}");
}
