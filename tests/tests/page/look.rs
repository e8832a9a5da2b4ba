//! The first look and look mode, in real Chromium.

use fovea_tests::{
    page::Page,
    webdriver::{Adapter, Options, Pointer},
};
use serde_json::Value;

use crate::common::{LIMIT, READY, inside_lesion, message, on_image, page_is_ready, press, value};

fn open() -> Page {
    let page = Page::open(&Options { adapter: Adapter::None, ..Options::default() }, "device=cpu").unwrap();
    page_is_ready(&page);
    page
}

fn bare(page: &Page) -> bool {
    value(page, "document.documentElement.hasAttribute('data-bare')") == true
}

fn fixations(page: &Page) -> u64 {
    value(page, "window.fovea.state().fixations.length").as_u64().unwrap()
}

/// Moves the mouse to places of the image, resting at each for a while.
fn rest_at(page: &Page, places: &[(f64, f64)]) {
    let canvas = page.browser.find("#stage-canvas").unwrap();
    for place in places {
        // Two small moves: the time between them is what the browser takes for the gesture.
        canvas.hover(on_image(page, *place)).unwrap();
        canvas.hover(on_image(page, (place.0 + 0.004, place.1))).unwrap();
    }
}

#[test]
fn a_bare_picture_invites_and_the_first_look_reveals_outlines_and_numbers() {
    let page = open();
    assert!(bare(&page));
    assert_eq!(value(&page, "document.querySelector('#hint').checkVisibility()"), true);
    assert_eq!(value(&page, "document.querySelector('#result').checkVisibility()"), false);
    let first = inside_lesion(&page)[0];
    page.browser.find("#stage-canvas").unwrap().tap(Pointer::Mouse, on_image(&page, first)).unwrap();
    page.wait_for("the outlines", &format!("{READY} && !document.documentElement.hasAttribute('data-bare')"), LIMIT)
        .unwrap();
    let line = value(&page, "document.querySelector('#result').innerText");
    let dice = value(&page, "window.fovea.state().dice");
    for figure in [&dice[0], &dice[1]] {
        let written = format!("{:.2}", figure.as_f64().unwrap());
        assert!(line.as_str().unwrap().contains(&written), "{line} {dice}");
    }
    page.browser.script("document.querySelector('#undo').click()", &[]).unwrap();
    // What has been revealed stays: the picture is bare before the first look only.
    page.wait_for("no look", &format!("{READY} && window.fovea.state().fixations.length === 0"), LIMIT).unwrap();
    assert!(!bare(&page));
}

/// Who looks at one lesion of two does not ask for both.
#[test]
fn a_look_at_one_of_two_lesions_is_compared_with_that_one() {
    let page = open();
    press(&page, "#gallery button[data-case=cju6v1m1xv07w09870ah3njy1]");
    page.wait_for("two lesions", &format!("{READY} && window.fovea.state().title === 'Two at once'"), LIMIT).unwrap();
    let whole = value(&page, "window.fovea.state().dice[1]").as_f64().unwrap();
    assert_eq!(value(&page, "window.fovea.state().lesions"), Value::Null);
    let place = on_image(&page, inside_lesion(&page)[0]);
    page.browser.find("#stage-canvas").unwrap().tap(Pointer::Mouse, place).unwrap();
    page.wait_for("the look", &format!("{READY} && window.fovea.state().lesions !== null"), LIMIT).unwrap();
    assert_eq!(value(&page, "window.fovea.state().lesions"), serde_json::json!([1, 2]));
    assert_ne!(value(&page, "window.fovea.state().dice[1]").as_f64().unwrap(), whole);
    let caption = value(&page, "document.querySelector('#result-caption').textContent");
    assert!(caption.as_str().unwrap().contains("of 2"), "{caption}");
    press(&page, "#undo");
    page.wait_for("no look", &format!("{READY} && window.fovea.state().lesions === null"), LIMIT).unwrap();
    assert_eq!(value(&page, "window.fovea.state().dice[1]").as_f64().unwrap(), whole);
}

#[test]
fn looking_for_some_seconds_becomes_fixations_in_the_lesion() {
    let page = open();
    let places = inside_lesion(&page);
    page.browser.find("#look-begin").unwrap().click().unwrap();
    assert_eq!(value(&page, "document.querySelector('#stage').hasAttribute('data-viewing')"), true);
    rest_at(&page, &places);
    page.wait_for("the end of the viewing", "!document.querySelector('#stage').hasAttribute('data-viewing')", LIMIT)
        .unwrap();
    page.wait_for("the outline", READY, LIMIT).unwrap();
    assert!(fixations(&page) >= 1);
    let found = value(&page, "window.fovea.state().fixations");
    let last = found.as_array().unwrap().last().unwrap();
    let away = |axis: &str, place: f64| (last[axis].as_f64().unwrap() - place).abs();
    let end = places.last().unwrap();
    assert!(away("x", end.0) < 0.05 && away("y", end.1) < 0.05, "{found} {places:?}");
    assert_eq!(value(&page, "window.fovea.state().canUndo"), true, "a viewing is one step");
}

#[test]
fn the_keyboard_moves_the_sharp_disc_and_enter_ends_the_viewing() {
    let page = open();
    page.browser.script("document.querySelector('#look-begin').click()", &[]).unwrap();
    assert_eq!(value(&page, "document.activeElement.id"), "stage-canvas");
    for _ in 0..3 {
        page.browser.keys(&["ArrowLeft"]).unwrap();
    }
    let rested = "await new Promise(done => { let frames = 0; const frame = () => ++frames > 30 ? done() : requestAnimationFrame(frame); frame(); })";
    page.browser.script(&format!("return (async () => {{ {rested} }})()"), &[]).unwrap();
    page.browser.keys(&["Enter"]).unwrap();
    page.wait_for("the outline", &format!("{READY} && window.fovea.state().fixations.length > 0"), LIMIT).unwrap();
    // Escape throws a viewing away.
    let before = fixations(&page);
    page.browser.script("document.querySelector('#look-begin').click()", &[]).unwrap();
    page.browser.keys(&["Escape"]).unwrap();
    assert_eq!(value(&page, "document.querySelector('#stage').hasAttribute('data-viewing')"), false);
    assert_eq!(fixations(&page), before);
}

#[test]
fn a_viewing_beside_the_image_says_what_to_do() {
    let page = open();
    page.browser.find("#tab-look").unwrap().hover((0.5, 0.5)).unwrap();
    page.browser.script("document.querySelector('#look-begin').click()", &[]).unwrap();
    page.wait_for("the message", "document.querySelector('#message-text').textContent !== ''", LIMIT).unwrap();
    let said = value(&page, "document.querySelector('#message-text').textContent");
    assert_eq!(said, Value::from(message("look-outside")));
    assert_eq!(fixations(&page), 0);
}
