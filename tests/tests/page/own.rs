//! The visitor's own pictures, in real Chromium: brought, looked at, taught with, judged, saved, trained with, kept.

use std::{fs, io::Cursor, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use fovea_tests::{
    fovea,
    page::Page,
    webdriver::{Adapter, Options},
};
use serde_json::{Value, json};

use crate::{
    common::{CATCH, open_tab, page_is_ready, press, saved, value},
    own_lab::{CASES, count, drop_files, gallery_file, glance, text, wait},
};

/// Files that are not pictures: HEIC, a text, half a JPEG's head, the mark of DICOM and no more.
const OTHERS: &str = "new File([Uint8Array.from([0,0,0,24,...'ftypheic'].map(c => typeof c === 'string' ? c.charCodeAt(0) : c))], 'phone.heic'),
    new File(['no picture'], 'notes.txt'), new File([Uint8Array.from([255,216,255,224,0,16])], 'broken.jpg'),
    new File([new Uint8Array(128), 'DICM'], 'slice.dcm')";

/// Presses keys on the brush's canvas.
fn keys(page: &Page, keys: &[(&str, bool, usize)]) {
    let script = "for (const [key, shiftKey, count] of arguments[0]) for (let i = 0; i < count; i++)
        document.querySelector('#brush-canvas').dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, cancelable: true }))";
    page.browser.script(script, &[json!(keys)]).unwrap();
}

const VIEWING: &str = "document.querySelector('#stage').hasAttribute('data-viewing')";

#[test]
fn own_pictures_are_taught_with_judged_saved_trained_with_and_kept() {
    let page = Page::open(&Options { adapter: Adapter::None, ..Options::default() }, "device=cpu").unwrap();
    page_is_ready(&page);
    page.browser.script(CATCH, &[]).unwrap();
    open_tab(&page, "teach");
    press(&page, "#own-open");
    let mut files: Vec<String> =
        CASES.iter().enumerate().map(|(i, case)| gallery_file(case, ".jpg", &format!("Case {i}.JPG"))).collect();
    files.push(gallery_file(CASES[3], "-mask.png", "Case 3_mask.png"));
    drop_files(&page, &format!("{}, {OTHERS}", files.join(", ")));
    wait(
        &page,
        "the pictures",
        "document.querySelectorAll('#own-grid .thumb').length === 4 && !document.querySelector('#own-go').disabled",
    );
    let refused = text(&page, "own-refused");
    for name in ["4", "phone.heic", "notes.txt", "broken.jpg", "slice.dcm"] {
        assert!(refused.contains(name), "{name}: {refused}");
    }

    press(&page, "#own-go");
    glance(&page, CASES[0], 1);
    press(&page, "#own-undo");
    wait(&page, "no glance", "document.querySelectorAll('#own-grid [data-state=taken]').length === 0");
    wait(&page, "the end of the viewing", &format!("!{VIEWING} && !document.querySelector('#own-go').disabled"));
    press(&page, "#own-go");
    glance(&page, CASES[0], 1);
    glance(&page, CASES[1], 2);
    // The third is drawn by hand, with the keyboard alone; the pointer rests on it and must not glance.
    wait(&page, "the viewing", VIEWING);
    let escape = "document.querySelector('#stage-canvas').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))";
    page.browser.script(escape, &[]).unwrap();
    wait(&page, "the end of the viewing", &format!("!{VIEWING} && !document.querySelector('#own-hand').disabled"));
    press(&page, "#own-hand");
    wait(&page, "the brush", "document.activeElement.id === 'brush-canvas'");
    keys(
        &page,
        &[
            (" ", false, 1),
            ("ArrowRight", true, 3),
            (" ", false, 1),
            ("ArrowDown", true, 4),
            (" ", false, 1),
            ("ArrowLeft", true, 3),
            (" ", false, 1),
            ("Enter", false, 1),
        ],
    );
    press(&page, "#brush-done");
    wait(&page, "the outline", "document.querySelectorAll('#own-grid [data-state=taken]').length === 3");
    assert!(text(&page, "own-times").contains("by hand"), "{}", text(&page, "own-times"));

    press(&page, "#own-learn");
    wait(&page, "the first steps", "document.querySelector('#own-progress').value > 0.05");
    press(&page, "#own-go");
    wait(&page, "the pause", "document.querySelector('#own-go-text').textContent === 'Go on'");
    press(&page, "#own-go");
    wait(
        &page,
        "the result",
        "document.querySelector('#own-result').textContent && document.querySelector('#own-progress').hidden",
    );
    assert!(text(&page, "own-result").contains("1 picture"), "{}", text(&page, "own-result"));

    // The last picture's mask is accepted, the first one's mended.
    let thumb = |i: usize| format!("#own-grid .thumb:nth-child({})", i + 1);
    press(&page, &thumb(3));
    press(&page, "#own-accept");
    wait(&page, "the accepted mask", "document.querySelectorAll('#own-grid [data-state=settled]').length === 1");
    press(&page, &thumb(0));
    wait(&page, "the picture", "!document.querySelector('#own-mend').disabled");
    press(&page, "#own-mend");
    wait(&page, "the brush", "document.activeElement.id === 'brush-canvas'");
    keys(&page, &[(" ", false, 1)]);
    press(&page, "#brush-done");
    wait(&page, "the mended mask", "document.querySelectorAll('#own-grid [data-state=settled]').length === 2");

    let read = "return await new Promise(done => { const reader = new FileReader();
        reader.onload = () => done(reader.result.split(',')[1]); reader.readAsDataURL(blob); })";
    let (name, zip) = saved(&page, "#own-go", read);
    assert_eq!(name, "fovea-own-pictures.zip");
    through_the_trainer(&zip);

    // Another tab finds the work as it was.
    page.go("device=cpu").unwrap();
    page_is_ready(&page);
    open_tab(&page, "teach");
    wait(&page, "the offer", "!document.querySelector('#own-stored').hidden");
    assert!(text(&page, "own-stored-text").contains('4'));
    press(&page, "#own-stored-go");
    wait(&page, "the pictures", "document.querySelectorAll('#own-grid .thumb').length === 4");
    assert_eq!(states(&page), json!(["settled", "taken", "taken", "settled"]));

    // Thrown away, and back from the ZIP.
    press(&page, "#own-away");
    press(&page, "#own-really-yes");
    press(&page, "#own-open");
    assert_eq!(count(&page, "#own-grid .thumb"), 0);
    page.browser.script("window.zip = arguments[0]", &[zip]).unwrap();
    drop_files(&page, "new File([Uint8Array.from(atob(window.zip), c => c.charCodeAt(0))], 'own.zip')");
    wait(
        &page,
        "the pictures",
        "document.querySelectorAll('#own-grid .thumb').length === 4 && !document.querySelector('#own-go').disabled",
    );
    assert_eq!(states(&page), json!(["settled", "taken", "taken", "settled"]));
    assert_eq!(value(&page, "window.fovea.state().message"), Value::Null);
}

fn states(page: &Page) -> Value {
    value(page, "[...document.querySelectorAll('#own-grid .thumb')].map(thumb => thumb.dataset.state)")
}

/// Unpacks the ZIP and gives it to `fovea data check`, `train` and `predict`.
fn through_the_trainer(zip: &Value) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let set = at("set");
    let bytes = STANDARD.decode(zip.as_str().unwrap()).unwrap();
    zip::ZipArchive::new(Cursor::new(bytes)).unwrap().extract(&set).unwrap();
    let coco: Value = serde_json::from_slice(&fs::read(format!("{set}/annotations.coco.json")).unwrap()).unwrap();
    let sources: Vec<&str> =
        coco["annotations"].as_array().unwrap().iter().map(|one| one["fovea_source"].as_str().unwrap()).collect();
    assert_eq!(sources, ["mended", "drawn", "accepted"]);
    let checked = fovea::run(&["data", "check", &set]).unwrap();
    assert!(checked.contains("No errors") && checked.contains("POINTER"), "{checked}");
    let train = ["train", "--data", &set, "--split", "own", "--out", &at("run"), "--cache", &at("cache")];
    let short = ["--device", "cpu", "--quiet", "--batch", "1", "--teacher-epochs", "1", "--student-epochs", "1"];
    fovea::run(&[&train[..], &short].concat()).unwrap();
    let (picture, student) = (format!("{set}/images/Case_3.jpg"), format!("{set}/student.safetensors"));
    let bundle = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/bundle/polyp").to_string_lossy().into_owned();
    let with = ["predict", "--bundle", &bundle, "--student-file", &student, "--out", &at("out"), "--device", "cpu"];
    fovea::run(&[&with[..], &["--quiet", &picture]].concat()).unwrap();
    // The student draws outside of the page what it drew there.
    let mask = |path: String| image::open(path).unwrap().to_luma8();
    let (out, kept) = (mask(at("out/Case_3-student.png")), mask(format!("{set}/masks/Case_3.png")));
    let inside = |image: &image::GrayImage| image.pixels().filter(|pixel| pixel.0[0] > 127).count();
    let both = out.pixels().zip(kept.pixels()).filter(|(a, b)| a.0[0] > 127 && b.0[0] > 127).count();
    let dice = 2.0 * both as f64 / (inside(&out) + inside(&kept)) as f64;
    assert!(dice > 0.97, "{dice}");
}
