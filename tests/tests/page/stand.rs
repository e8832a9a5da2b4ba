//! The page on a stand, in real Chromium: the loop, the tour, and what is left of a visitor.

use fovea_tests::{
    page::Page,
    webdriver::{Adapter, Options, Pointer, Screen},
};
use serde_json::{Value, json};

use crate::{
    common::{LIMIT, inside_lesion, on_image, press, value},
    screen::SEEN_WORDS,
};

/// Most words that the loop shows.
const WORDS: usize = 20;

fn open(query: &str) -> Page {
    let page = Page::open(&Options { adapter: Adapter::None, ..Options::default() }, query).unwrap();
    page.browser.screen(Screen { width: 1440, height: 900, scale: 1.0, phone: false }).unwrap();
    page.go(query).unwrap();
    page
}

/// Waits until the stand plays this.
fn plays(page: &Page, scene: &str) {
    page.wait_for(scene, &format!("window.fovea?.state().stand === '{scene}'"), LIMIT).unwrap();
}

fn shown(page: &Page, selector: &str) -> bool {
    value(page, &format!("document.querySelector('{selector}').checkVisibility({{ visibilityProperty: true }})"))
        == true
}

fn said(page: &Page, selector: &str) -> String {
    value(page, &format!("document.querySelector('{selector}').textContent")).as_str().unwrap().to_owned()
}

/// Waits for the viewing of a step, looks at a place inside the lesion of its picture, one of
/// [`inside_lesion`], and waits until the stand says something else.
fn look(page: &Page, step: &str, place: usize) {
    plays(page, step);
    page.wait_for("the viewing", "document.querySelector('#stage').hasAttribute('data-viewing')", LIMIT).unwrap();
    let line = serde_json::to_string(&said(page, "#stand-line")).unwrap();
    let (x, y) = inside_lesion(page)[place];
    let canvas = page.browser.find("#stage-canvas").unwrap();
    // Two small moves: the time between them is what the browser takes for the gesture.
    canvas.hover(on_image(page, (x, y))).unwrap();
    canvas.hover(on_image(page, (x + 0.004, y))).unwrap();
    page.wait_for("the look", &format!("document.querySelector('#stand-line').textContent !== {line}"), LIMIT).unwrap();
}

#[test]
fn the_loop_shows_a_picture_alone_then_with_one_glance_in_at_most_twenty_words() {
    let page = open("device=cpu&kiosk");
    let stage = "(r => [r.left, r.top, r.width, r.height])(document.querySelector('#stage').getBoundingClientRect())";
    plays(&page, "alone");
    assert_eq!(value(&page, stage), json!([0, 0, 1440, 900]));
    assert_eq!(value(&page, "window.fovea.state().layers"), json!(["student"]));
    assert!(shown(&page, "#stand-dice-alone") && !shown(&page, "#stand-dice-glance"));
    let first = value(&page, "window.fovea.state().case");
    plays(&page, "both");
    let dice = value(&page, "window.fovea.state().dice");
    for (place, selector) in [(1, "#stand-dice-alone"), (0, "#stand-dice-glance")] {
        assert!(shown(&page, selector));
        assert_eq!(said(&page, selector), format!("{:.2}", dice[place].as_f64().unwrap()));
    }
    assert!(value(&page, "window.fovea.state().fixations.length").as_u64().unwrap() > 0);
    let words = page.browser.script(SEEN_WORDS, &[json!("body")]).unwrap();
    let count = words.as_array().unwrap().len();
    assert!((5..=WORDS).contains(&count), "{count} words: {words}");
    // The address of this computer leads a phone nowhere.
    assert!(!shown(&page, "#stand-code"));
    for hidden in [".top", ".strip", ".panel", ".below"] {
        assert!(!shown(&page, hidden), "{hidden}");
    }
    page.wait_for("the next picture", &format!("window.fovea.state().case !== {first}"), LIMIT).unwrap();
    assert_eq!(value(&page, "window.fovea.state().attracts"), true);
    page.expect_no_errors().unwrap();
}

#[test]
fn a_touch_begins_a_tour_of_three_acts_that_a_visitor_can_follow() {
    let page = open("device=cpu&kiosk=120");
    plays(&page, "alone");
    page.browser.find("#stand-begin").unwrap().tap(Pointer::Touch, (0.3, 0.4)).unwrap();
    // Act 1: one look, both figures.
    look(&page, "look", 0);
    plays(&page, "looked");
    let drawn = "!document.querySelector('#stage').hasAttribute('data-viewing') && document.documentElement.dataset.state === 'ready'";
    let both = format!("{drawn} && document.querySelector('#stand-worth').textContent");
    let worth = page.wait_for("what the look is worth", &both, LIMIT).unwrap();
    let dice = value(&page, "window.fovea.state().dice");
    assert!(worth.as_str().unwrap().contains(&format!("{:.2}", dice[1].as_f64().unwrap())), "{worth} {dice}");
    // Act 2: two lesions, two looks, two outlines.
    let outline = format!("{drawn} && window.fovea.maskHash('teacher')");
    look(&page, "one", 1);
    plays(&page, "one-seen");
    let one = page.wait_for("its outline", &outline, LIMIT).unwrap();
    look(&page, "other", 2);
    plays(&page, "other-seen");
    let other = page.wait_for("its outline", &outline, LIMIT).unwrap();
    assert_ne!(one, other, "the outline follows the look");
    // Act 3: three glances, and a student that learns from them.
    for _ in 0..3 {
        look(&page, "glances", 0);
    }
    plays(&page, "learning");
    page.wait_for("its first outlines", "document.documentElement.dataset.stand === 'learn'", LIMIT).unwrap();
    let thumbs = "document.querySelector('#teach-unseen .thumb')?.checkVisibility()";
    page.wait_for("the pictures that it draws", thumbs, LIMIT).unwrap();
    plays(&page, "learnt");
    let line = said(&page, "#stand-line");
    let fit = line.rsplit(' ').next().and_then(|fit| fit.parse::<f64>().ok());
    assert!(fit.is_some_and(|fit| fit > 0.2), "{line}");
    // Nobody does anything more: the loop begins again.
    page.wait_for("the loop", "window.fovea.state().attracts", LIMIT).unwrap();
    assert_eq!(value(&page, "document.documentElement.dataset.stand"), "loop");
    page.expect_no_errors().unwrap();
}

#[test]
fn a_visitor_who_does_nothing_leaves_nothing_behind() {
    let page = open("device=cpu&kiosk=3");
    plays(&page, "alone");
    let language = "document.documentElement.lang";
    press(&page, "#stand-languages [data-language=zh]");
    page.wait_for("Chinese", &format!("{language} === 'zh-Hans'"), LIMIT).unwrap();
    assert_eq!(value(&page, "window.fovea.state().attracts"), true, "a language is not a tour");
    page.browser.keys(&["Enter"]).unwrap();
    plays(&page, "look");
    assert_eq!(value(&page, language), "zh-Hans");
    press(&page, "#layer-truth");
    press(&page, "#compare-toggle");
    page.browser.script("document.querySelector('#ask-key').value = 'secret'", &[]).unwrap();
    page.wait_for("the loop", "window.fovea.state().attracts && window.fovea.state().stand !== 'opening'", LIMIT)
        .unwrap();
    let left = value(
        &page,
        "[window.fovea.state().layers.includes('truth'), !!window.fovea.state().compare, document.querySelector('#ask-key').value]",
    );
    assert_eq!(left, json!([false, false, ""]), "a key least of all");
    assert_eq!(value(&page, language), "en");
    page.expect_no_errors().unwrap();
}

#[test]
fn acts_can_be_skipped_and_the_tour_left_at_any_time() {
    let page = open("device=cpu&kiosk=120");
    plays(&page, "alone");
    press(&page, "#stand-begin");
    plays(&page, "look");
    press(&page, "#stand-skip");
    plays(&page, "one");
    press(&page, "#stand-skip");
    plays(&page, "glances");
    assert!(!shown(&page, "#stand-skip"), "the last act leads nowhere");
    press(&page, "#stand-leave");
    page.wait_for("the loop", "window.fovea.state().attracts", LIMIT).unwrap();
    plays(&page, "alone");
    page.browser.keys(&["x"]).unwrap();
    plays(&page, "look");
    page.browser.keys(&["Escape"]).unwrap();
    page.wait_for("the loop", "window.fovea.state().attracts", LIMIT).unwrap();
    assert_eq!(value(&page, "window.fovea.state().message"), Value::Null);
    page.expect_no_errors().unwrap();
}

#[test]
fn reduced_motion_shows_the_glance_at_once() {
    let page = open("device=cpu");
    page.browser.media(&[("prefers-reduced-motion", "reduce")]).unwrap();
    page.go("device=cpu&kiosk").unwrap();
    plays(&page, "both");
    assert_eq!(value(&page, "document.querySelector('#replay-time').disabled"), true, "nothing was played");
    assert!(value(&page, "window.fovea.state().fixations.length").as_u64().unwrap() > 0);
}
