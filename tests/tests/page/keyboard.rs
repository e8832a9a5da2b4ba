//! The built page with nothing but a keyboard: every control is reached in the order of the page, and dialogs let go.

use fovea_tests::{
    page::Page,
    webdriver::{Adapter, Options},
};
use serde_json::json;

use crate::common::{LIMIT, settled, value};

const TAB: &str = "Tab";
const ENTER: &str = "Enter";
const ESCAPE: &str = "Escape";
const RIGHT: &str = "ArrowRight";
const LEFT: &str = "ArrowLeft";
const HOME: &str = "Home";
const END: &str = "End";

/// More presses than the page has controls.
const MANY: usize = 160;

/// What has the focus: its id, or what it is; and whether it can be seen.
const FOCUS: &str = "(e => [e.id || e.dataset.case || e.closest('[id]')?.id || e.tagName, e === document.body || (e.checkVisibility() && (r => r.bottom > 0
    && r.top < innerHeight && r.width > 0)(e.getBoundingClientRect()))])(document.activeElement)";

/// Presses Tab until an element has the focus; gives everything that had it on the way.
fn tab_to(page: &Page, id: &str) -> Vec<String> {
    let mut passed = Vec::new();
    for _ in 0..MANY {
        page.browser.keys(&[TAB]).unwrap();
        let found = value(page, FOCUS);
        let name = found[0].as_str().unwrap().to_owned();
        assert_eq!(found[1], true, "{name} has the focus and cannot be seen");
        passed.push(name.clone());
        if name == id {
            return passed;
        }
    }
    panic!("{id} is not reached; passed: {passed:?}");
}

/// These had the focus in this order.
fn assert_order(passed: &[String], ids: &[&str]) {
    let place =
        |id: &&str| passed.iter().position(|name| name == id).unwrap_or_else(|| panic!("{id} is not among {passed:?}"));
    assert!(ids.iter().map(place).is_sorted(), "{passed:?}");
}

/// Goes with a key from the tab that is open to another one.
fn to_tab(page: &Page, from: &str, key: &str, to: &str) {
    page.browser.script(&format!("document.querySelector('#tab-{from}').focus()"), &[]).unwrap();
    page.browser.keys(&[key]).unwrap();
    let seen = format!(
        "[document.activeElement.id, document.querySelector('#tab-{to}').ariaSelected,
          [...document.querySelectorAll('[role=tabpanel]')].filter(p => p.checkVisibility()).map(p => p.id).join()]"
    );
    assert_eq!(value(page, &seen), json!([format!("tab-{to}"), "true", format!("panel-{to}")]));
}

#[test]
fn a_visitor_without_a_mouse_looks_compares_learns_and_shares() {
    let page = Page::open(&Options { adapter: Adapter::None, ..Options::default() }, "device=cpu").unwrap();
    settled(&page, "the page", "true");

    // The first stop leads to the image.
    page.browser.keys(&[TAB]).unwrap();
    page.browser.keys(&[ENTER]).unwrap();
    page.wait_for("the canvas", "document.activeElement.id === 'stage-canvas'", LIMIT).unwrap();
    page.browser.keys(&[RIGHT]).unwrap();
    page.browser.keys(&[ENTER]).unwrap();
    settled(&page, "a point", "window.fovea.state().fixations.length === 1");

    // On through everything, in the order of the page; the tabs are one stop, and arrows lead from one to the next.
    let passed = tab_to(&page, "tab-look");
    let order = ["layer-teacher", "layer-student", "layer-heat", "layers-more", "undo", "clear", "tab-look"];
    assert_order(&passed, &order);
    tab_to(&page, "details-gaze");
    page.browser.keys(&[ENTER]).unwrap();
    tab_to(&page, "use-gaze");
    page.browser.keys(&[ENTER]).unwrap();
    settled(&page, "the case's gaze", "window.fovea.state().fixations.length > 1");
    assert_order(&tab_to(&page, "fixations"), &["simulate", "replay-play", "replay-speed", "fixations"]);

    to_tab(&page, "look", RIGHT, "words");
    assert_order(&tab_to(&page, "words-more"), &["describe-again", "add-phrase", "words-more"]);
    to_tab(&page, "words", END, "compare");
    tab_to(&page, "compare-toggle");
    page.browser.keys(&[ENTER]).unwrap();
    settled(&page, "the comparison", "window.fovea.state().compare?.students.length > 0");
    to_tab(&page, "compare", LEFT, "teach");
    tab_to(&page, "teach-race");
    page.browser.keys(&[ENTER]).unwrap();
    tab_to(&page, "distil-once");
    page.browser.keys(&[ENTER]).unwrap();
    settled(&page, "a step", "window.fovea.state().live.step === 1");
    to_tab(&page, "teach", HOME, "look");

    // The rest of the pictures opens over the image; Escape closes it, and so does a choice.
    page.browser.script("document.querySelector('#gallery-more').focus()", &[]).unwrap();
    let open = "document.querySelector('#gallery').checkVisibility() && document.querySelector('#gallery').dataset.open === ''";
    let closed =
        "document.querySelector('#gallery').dataset.open === undefined && document.activeElement.id === 'gallery-more'";
    page.browser.keys(&[ENTER]).unwrap();
    assert_eq!(value(&page, open), json!(true));
    page.browser.keys(&[ESCAPE]).unwrap();
    assert_eq!(value(&page, closed), json!(true));
    page.browser.keys(&[ENTER]).unwrap();
    page.browser.script("[...document.querySelectorAll('#gallery button')].at(-1).focus()", &[]).unwrap();
    page.browser.keys(&[ENTER]).unwrap();
    settled(
        &page,
        "the last picture",
        &format!(
            "window.fovea.state().case === [...document.querySelectorAll('#gallery button')].at(-1).dataset.case && {closed}"
        ),
    );

    // What is not pressed closes by itself when the keyboard goes on.
    page.browser.script("document.querySelector('#layers-more summary').focus()", &[]).unwrap();
    page.browser.keys(&[ENTER]).unwrap();
    assert_order(&tab_to(&page, "opacity-background"), &["opacity-teacher", "layer-truth", "opacity-background"]);
    tab_to(&page, "tab-look");
    assert_eq!(value(&page, "document.querySelector('#layers-more').open"), json!(false));

    // The dialog keeps the keyboard, lets go with Escape and gives it back.
    page.browser.script("document.querySelector('#share-open').focus()", &[]).unwrap();
    page.browser.keys(&[ENTER]).unwrap();
    page.wait_for("the dialog", "document.querySelector('#share').open", LIMIT).unwrap();
    for _ in 0..30 {
        page.browser.keys(&[TAB]).unwrap();
        let inside = "document.activeElement === document.body || document.querySelector('#share').contains(document.activeElement)";
        assert_eq!(value(&page, inside), json!(true), "{}", value(&page, FOCUS));
    }
    page.browser.keys(&[ESCAPE]).unwrap();
    page.wait_for(
        "its end",
        "!document.querySelector('#share').open && document.activeElement.id === 'share-open'",
        LIMIT,
    )
    .unwrap();
    page.expect_no_errors().unwrap();
}
