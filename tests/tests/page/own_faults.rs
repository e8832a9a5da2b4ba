//! The visitor's own pictures when something goes wrong, in real Chromium: no room, a lost graphics device, very many large pictures.

use fovea_tests::{
    page::Page,
    webdriver::{Adapter, Options},
};
use serde_json::{Value, json};

use crate::{
    common::{CATCH, message, open_tab, page_is_ready, press, saved, value},
    failures::{lose_the_device, on_a_device_that_can_be_lost},
    own_lab::{CASES, count, drop_files, gallery_file, glance, text, wait},
};

/// Opens the flow of own pictures and brings some of the gallery's.
fn bring(page: &Page, cases: &[&str]) {
    open_tab(page, "teach");
    press(page, "#own-open");
    let files: Vec<String> =
        cases.iter().enumerate().map(|(i, case)| gallery_file(case, ".jpg", &format!("{i}.jpg"))).collect();
    drop_files(page, &files.join(", "));
    taken_in(page, cases.len());
}

/// Waits until so many pictures are in the collection.
fn taken_in(page: &Page, pictures: usize) {
    let grid = format!("document.querySelectorAll('#own-grid .thumb').length === {pictures}");
    wait(page, "the pictures", &format!("{grid} && !document.querySelector('#own-go').disabled"));
}

/// Ends the looking, wherever it is.
fn look_no_more(page: &Page) {
    wait(page, "the viewing", "document.querySelector('#stage').hasAttribute('data-viewing')");
    let escape = "document.querySelector('#stage-canvas').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))";
    page.browser.script(escape, &[]).unwrap();
    let ended =
        "!document.querySelector('#stage').hasAttribute('data-viewing') && !document.querySelector('#own-go').disabled";
    wait(page, "the end of the viewing", ended);
}

#[test]
fn without_room_the_work_goes_on_and_is_kept_once_there_is_room() {
    let page = Page::open(&Options { adapter: Adapter::None, ..Options::default() }, "device=cpu").unwrap();
    page_is_ready(&page);
    page.browser.script(CATCH, &[]).unwrap();
    let origin = page.url().trim_end_matches('/').to_owned();
    let quota = |room: Value| page.browser.devtools("Storage.overrideQuotaForOrigin", &room).unwrap();
    quota(json!({"origin": origin, "quotaSize": 1}));
    bring(&page, &CASES[..3]);
    let kept = |id: &str| format!("document.querySelector('#own-kept').textContent === {}", json!(message(id)));
    wait(&page, "the note that there is no room", &kept("own-kept-full"));
    press(&page, "#own-go");
    glance(&page, CASES[0], 1);
    look_no_more(&page);
    wait(&page, "the note that there is no room", &kept("own-kept-full"));
    assert_eq!(count(&page, "#own-grid [data-state=taken]"), 1, "the glance stays");
    // The way out that the note names: what is saved is a whole ZIP.
    let (name, size) = saved(&page, "#own-save", "return blob.size");
    assert_eq!(name, "fovea-own-pictures.zip");
    assert!(size.as_u64().unwrap() > 50_000, "{size}");
    quota(json!({"origin": origin}));
    press(&page, "#own-go");
    glance(&page, CASES[1], 2);
    wait(&page, "the note that it is kept", &kept("own-kept"));
    page.expect_no_errors().unwrap();
    // Another tab finds what was done without room too.
    page.go("device=cpu").unwrap();
    page_is_ready(&page);
    open_tab(&page, "teach");
    wait(&page, "the offer", "!document.querySelector('#own-stored').hidden");
    press(&page, "#own-stored-go");
    taken_in(&page, 3);
    assert_eq!(count(&page, "#own-grid [data-state=taken]"), 2);
}

#[test]
fn a_graphics_device_that_is_lost_while_a_student_learns_costs_no_glance() {
    let (_folder, page) = on_a_device_that_can_be_lost();
    bring(&page, &CASES[..3]);
    press(&page, "#own-go");
    glance(&page, CASES[0], 1);
    glance(&page, CASES[1], 2);
    look_no_more(&page);
    press(&page, "#own-learn");
    // Its first steps take minutes where WebGPU runs on the CPU, so the device goes while it begins.
    wait(&page, "the learning", "!document.querySelector('#own-progress').hidden");
    lose_the_device(&page);
    wait(&page, "the CPU", "window.fovea.state().device === 'CPU'");
    let said = value(&page, "window.fovea.state().message");
    assert!(said.as_str().unwrap_or_default().contains("The CPU computes instead"), "{said}");
    assert_eq!(count(&page, "#own-grid [data-state=taken]"), 2, "the glances stay");
    let result = "document.querySelector('#own-result').textContent && document.querySelector('#own-progress').hidden";
    wait(&page, "the result, learnt on the CPU from the same glances", result);
}

/// Large pictures that are brought at once: 16, or as many as `FOVEA_OWN_LARGE` says.
fn how_many() -> usize {
    std::env::var("FOVEA_OWN_LARGE").ok().and_then(|text| text.parse().ok()).unwrap_or(16)
}

/// Makes JPEGs of 4000 x 3000 pixels, which differ, and brings them a few at a time.
const LARGE: &str = "const canvas = new OffscreenCanvas(4000, 3000), pen = canvas.getContext('2d');
    const data = new DataTransfer();
    for (let i = arguments[0]; i < arguments[1]; i++) {
        const fill = pen.createLinearGradient(0, 0, 4000, 3000);
        fill.addColorStop(0, `hsl(${i * 7 % 360} 60% 40%)`); fill.addColorStop(1, `hsl(${(i * 7 + 90) % 360} 60% 70%)`);
        pen.fillStyle = fill; pen.fillRect(0, 0, 4000, 3000);
        pen.fillStyle = 'brown'; pen.beginPath(); pen.ellipse(1500 + i * 5, 1500, 500, 400, 0, 0, 7); pen.fill();
        const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
        data.items.add(new File([blob], `large-${i}.jpg`));
    }
    for (const kind of ['dragenter', 'dragover', 'drop']) document.querySelector('#stage').dispatchEvent(
        new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));";

#[test]
fn many_pictures_of_twelve_megapixels_take_a_bounded_memory() {
    let page = Page::open(&Options { adapter: Adapter::None, ..Options::default() }, "device=cpu").unwrap();
    page_is_ready(&page);
    open_tab(&page, "teach");
    press(&page, "#own-open");
    let megabytes = || page.browser.memory().unwrap() / 1_000_000;
    let before = megabytes();
    let (many, mut most, mut after_first) = (how_many(), 0, 0);
    for start in (0..many).step_by(8) {
        let end = (start + 8).min(many);
        let script = format!("return (async (...arguments) => {{ {LARGE} }})(...arguments)");
        page.browser.script(&script, &[json!(start), json!(end)]).unwrap();
        taken_in(&page, end);
        most = most.max(megabytes());
        if start == 0 {
            after_first = megabytes();
        }
    }
    assert_eq!(text(&page, "own-refused"), "", "none is refused");
    let overlap = "(all => all.some((a, i) => all.slice(i + 1).some(b => a.left === b.left && a.bottom > b.top)))(
        [...document.querySelectorAll('#own-grid .thumb')].map(thumb => thumb.getBoundingClientRect()))";
    assert_eq!(value(&page, overlap), json!(false), "no small picture lies over another");
    let after = megabytes();
    eprintln!(
        "{many} pictures of 12 MP: {before} MB before, {after_first} MB after eight, {after} MB after all, at most {most} MB"
    );
    // Uncompressed, each would take 36 MB; what is held of each is its file and a small copy.
    let each = after.saturating_sub(after_first) as f64 / (many.max(9) - 8) as f64;
    assert!(each < 12.0, "every picture takes {each:.1} MB: {before}, {after_first}, {after}, at most {most} MB");
    // A picture of the set can be looked at as any other.
    press(&page, "#own-go");
    look_no_more(&page);
    page.expect_no_errors().unwrap();
}
