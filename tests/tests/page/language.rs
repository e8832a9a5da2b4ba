//! The languages of the built page, in real Chromium.

use fovea_tests::{
    page::Page,
    webdriver::{Adapter, Options, Screen},
};
use serde_json::{Value, json};

use crate::common::{LIMIT, READY, value};

fn options() -> Options {
    Options { adapter: Adapter::None, ..Options::default() }
}

fn ready(page: &Page, language: &str) {
    let condition = format!("{READY} && window.fovea.state().language === '{language}'");
    page.wait_for(language, &condition, LIMIT).unwrap();
}

fn choose(page: &Page, language: &str) {
    let body = "const menu = document.querySelector('#language'); menu.value = arguments[0];
        menu.dispatchEvent(new Event('change', {bubbles: true}))";
    page.browser.script(body, &[json!(language)]).unwrap();
}

/// Takes the case's gaze and waits for its masks.
fn take_gaze(page: &Page) {
    page.browser.script("document.querySelector('#use-gaze').click()", &[]).unwrap();
    page.wait_for(
        "gaze",
        "window.fovea.state().fixations.length > 0 && document.documentElement.dataset.state === 'ready'",
        LIMIT,
    )
    .unwrap();
}

/// Three or more English words in a row, in texts and attributes that are not marked as English. What bundles say in facts is mixed
/// with the page's own words, and a title is a title in any language.
const ENGLISH: &str = r"
    const words = /[A-Za-z]{2,}( [A-Za-z]{2,}){2,}/, found = [];
    const foreign = (e) => e.closest('body [lang=en], #model-facts dd, script, style, noscript') || e.closest('[data-t=about-paper]');
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.currentNode; node; node = walker.nextNode()) {
        if (node.nodeType === Node.TEXT_NODE) {
            if (words.test(node.data) && !foreign(node.parentElement)) found.push(node.data);
        } else if (!foreign(node)) {
            for (const name of ['aria-label', 'aria-roledescription', 'title', 'placeholder', 'label']) {
                const text = node.getAttribute(name);
                if (text && words.test(text)) found.push(`${name}: ${text}`);
            }
        }
    }
    return found";

#[test]
fn the_address_opens_the_page_in_chinese_and_a_choice_survives_a_reload() {
    let page = Page::open(&options(), "device=cpu#lang=zh").unwrap();
    ready(&page, "zh");
    assert_eq!(
        value(&page, "[document.documentElement.lang, document.title]"),
        json!(["zh-Hans", "Fovea：一瞥即成分割"])
    );
    let about = value(&page, "document.querySelector('meta[name=description]').content");
    assert!(about.as_str().unwrap().contains("注视"), "{about}");
    take_gaze(&page);
    let status = page.browser.find("#status").unwrap().text().unwrap();
    assert!(status.contains("已从模拟注视中取用") && status.contains("教师网络勾画了图像的"), "{status}");
    // The last folded texts too.
    page.browser.script("document.querySelectorAll('details').forEach(d => d.open = true)", &[]).unwrap();
    page.wait_for("the list of points", "document.querySelectorAll('#fixations li').length > 0", LIMIT).unwrap();
    let press =
        |button: &str| page.browser.script(&format!("document.querySelector('{button}').click()"), &[]).unwrap();
    for button in ["#compare-toggle", "#distil-once", "#teachers-open", "#teachers-close"] {
        press(button);
    }
    let lab = "window.fovea.state().compare?.students.length > 0 && window.fovea.state().live.step === 1";
    page.wait_for("the lab", lab, LIMIT).unwrap();
    assert_eq!(page.browser.script(ENGLISH, &[]).unwrap(), json!([]), "these were not translated");
    press("#lesson-start");
    page.wait_for("the lesson", &format!("{READY} && !document.querySelector('#lesson').hidden"), LIMIT).unwrap();
    press("[data-answer]");
    // The status line names the picture, and pictures have their names in English.
    let title = value(&page, "window.fovea.state().title").as_str().unwrap().to_owned();
    let mut left = page.browser.script(ENGLISH, &[]).unwrap().as_array().unwrap().clone();
    left.retain(|text| !text.as_str().unwrap().starts_with(&title));
    assert_eq!(left, [] as [Value; 0], "these of the lesson were not translated");
    press("#lesson-close");
    page.wait_for("its end", &format!("{READY} && window.fovea.state().fixations.length > 0"), LIMIT).unwrap();

    let fixations = value(&page, "window.fovea.state().fixations");
    choose(&page, "en");
    ready(&page, "en");
    let said = "[document.documentElement.lang, new URLSearchParams(location.hash.slice(1)).get('lang')]";
    assert_eq!(value(&page, said), json!(["en", "en"]));
    assert_eq!(value(&page, "window.fovea.state().fixations"), fixations);
    assert!(!page.browser.script(ENGLISH, &[]).unwrap().as_array().unwrap().is_empty(), "the search finds English");
    choose(&page, "zh");

    // Without the address it is the choice that counts.
    page.go("device=cpu").unwrap();
    ready(&page, "zh");
    page.browser.reload().unwrap();
    ready(&page, "zh");
    assert_eq!(value(&page, "[location.hash, document.querySelector('#language').value]"), json!(["", "zh"]));
    page.expect_no_errors().unwrap();
}

#[test]
fn on_a_narrow_phone_neither_language_is_wider_than_the_screen() {
    let page = Page::open(&options(), "device=cpu").unwrap();
    page.browser.screen(Screen { width: 360, height: 740, scale: 2.0, phone: true }).unwrap();
    page.go("device=cpu").unwrap();
    ready(&page, "en");
    page.browser.script("document.querySelectorAll('details').forEach(d => d.open = true)", &[]).unwrap();
    take_gaze(&page);
    for language in ["en", "zh"] {
        choose(&page, language);
        ready(&page, language);
        let widths = value(&page, "[document.documentElement.scrollWidth, window.innerWidth]");
        assert!(widths[0].as_f64().unwrap() <= widths[1].as_f64().unwrap(), "{language}: {widths}");
        // The control for it is on the screen, large enough for a finger, and has a name.
        let control = value(
            &page,
            "(r => [r.left >= 0 && r.right <= innerWidth, r.width >= 44 && r.height >= 44])
                (document.querySelector('#language').getBoundingClientRect())",
        );
        assert_eq!(control, json!([true, true]), "{language}");
        assert!(
            value(&page, "document.querySelector('#language').ariaLabel")
                .as_str()
                .is_some_and(|l| l.contains("Language"))
        );
    }
    page.expect_no_errors().unwrap();
}
