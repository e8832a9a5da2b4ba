//! The first screen of the built page, in real Chromium: how much there is to read and to press, and that nothing has to be scrolled.

use fovea_tests::{
    page::Page,
    webdriver::{Adapter, Options, Screen},
};
use serde_json::{Value, json};

use crate::common::{open_tab, page_is_ready, value};

const DESKTOP: Screen = Screen { width: 1440, height: 900, scale: 1.0, phone: false };
const PHONE: Screen = Screen { width: 390, height: 844, scale: 2.0, phone: true };
const TABS: [&str; 4] = ["look", "words", "teach", "compare"];

/// Most words and controls that the first screen shows.
const WORDS: usize = 250;
const CONTROLS: usize = 25;

/// Most words that a tab's panel shows as it opens, and most primary buttons.
const WORDS_OF_A_TAB: usize = 60;

/// Most heights of the screen that a tab takes on a phone.
const SCREENS: f64 = 2.5;

/// The words that can be seen inside of an element; labels of charts are none.
pub(crate) const SEEN_WORDS: &str =
    "const words = [], walker = document.createTreeWalker(document.querySelector(arguments[0]), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode, around = node.parentElement, range = document.createRange();
        if (!around.checkVisibility({ visibilityProperty: true }) || around.closest('select, noscript, svg')) continue;
        range.selectNodeContents(node);
        const text = range.getBoundingClientRect(), box = around.getBoundingClientRect();
        if (box.width > 2 && text.bottom > 0) words.push(...node.data.split(/\\s+/).filter(Boolean));
    }
    return words";

/// What can be pressed and be seen, each by what it is called. A radio button and its label are one, and so are a file field and its.
const SEEN_CONTROLS: &str = "const seen = e => e?.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().bottom > 0;
    return [...document.querySelectorAll('a[href], button, input, select, summary, textarea, [tabindex=\"0\"]')].filter(seen)
        .map(e => e.id || e.dataset.case || e.textContent.trim() || e.value)";

fn open(screen: Screen) -> Page {
    let page = Page::open(&Options { adapter: Adapter::None, ..Options::default() }, "device=cpu").unwrap();
    page.browser.screen(screen).unwrap();
    // As a fresh visit finds it, and not one that was resized.
    page.go("device=cpu").unwrap();
    page_is_ready(&page);
    page
}

fn list(page: &Page, script: &str, arguments: &[Value]) -> Vec<String> {
    serde_json::from_value(page.browser.script(script, arguments).unwrap()).unwrap()
}

fn number(page: &Page, expression: &str) -> f64 {
    value(page, expression).as_f64().unwrap_or_else(|| panic!("{expression} is {}", value(page, expression)))
}

#[test]
fn the_first_screen_says_little_and_offers_little() {
    let page = open(DESKTOP);
    let words = list(&page, SEEN_WORDS, &[json!("body")]);
    assert!((60..=WORDS).contains(&words.len()), "{} words: {}", words.len(), words.join(" "));
    let controls = list(&page, SEEN_CONTROLS, &[]);
    assert!((15..=CONTROLS).contains(&controls.len()), "{} controls: {}", controls.len(), controls.join(", "));
    println!("{} words, {} controls", words.len(), controls.len());
    // Real pictures come first, and what was drawn is called so.
    let titles = value(&page, "[...document.querySelectorAll('#gallery button')].map(b => b.title)");
    let titles: Vec<String> = serde_json::from_value(titles).unwrap();
    let drawn = |title: &String| title.starts_with("Drawn practice image");
    assert!(titles.iter().any(drawn) && titles.iter().is_sorted_by_key(drawn), "{titles:?}");
}

#[test]
fn on_a_desktop_no_tab_has_to_be_scrolled_and_each_is_short_with_one_thing_to_do() {
    let page = open(DESKTOP);
    for tab in TABS {
        open_tab(&page, tab);
        let sizes = value(
            &page,
            "[document.documentElement, document.querySelector('.panel')].map(e => [e.scrollHeight - e.clientHeight, e.scrollWidth - e.clientWidth])",
        );
        assert_eq!(sizes, json!([[0, 0], [0, 0]]), "{tab}: what has to be scrolled, page and panel");
        let stage = "(r => r.top >= 0 && r.bottom <= innerHeight && r.height > innerHeight / 2)(document.querySelector('#stage').getBoundingClientRect())";
        assert_eq!(value(&page, stage), json!(true), "{tab}: the image is in view");
        let words = list(&page, SEEN_WORDS, &[json!(format!("#panel-{tab}"))]);
        assert!((5..=WORDS_OF_A_TAB).contains(&words.len()), "{tab}: {} words: {}", words.len(), words.join(" "));
        let first =
            format!("[...document.querySelectorAll('#panel-{tab} .primary')].filter(e => e.checkVisibility()).length");
        assert!(number(&page, &first) <= 1.0, "{tab} has more than one primary button");
    }
}

#[test]
fn on_a_phone_a_tab_is_short_and_the_image_stays_in_view() {
    let page = open(PHONE);
    for tab in TABS {
        open_tab(&page, tab);
        let screens = number(&page, "document.documentElement.scrollHeight / innerHeight");
        assert!(screens <= SCREENS, "{tab}: {screens:.2} screens");
        assert!(number(&page, "document.documentElement.scrollWidth") <= 390.0, "{tab} is wider than the phone");
        for place in ["0", "document.documentElement.scrollHeight"] {
            page.browser.script(&format!("scrollTo(0, {place})"), &[]).unwrap();
            let seen = "(r => Math.min(r.bottom, innerHeight) - Math.max(r.top, 0))(document.querySelector('#stage').getBoundingClientRect()) / innerHeight";
            assert!(number(&page, seen) > 0.35, "{tab}: little of the image is in view");
            let bar = "(r => r.bottom <= innerHeight && r.top > innerHeight - 90)(document.querySelector('.tabs').getBoundingClientRect())";
            assert_eq!(value(&page, bar), json!(true), "{tab}: the tabs are at the lower edge");
        }
    }
}

#[test]
fn without_our_colours_what_is_chosen_still_shows() {
    let page = open(DESKTOP);
    page.browser.media(&[("forced-colors", "active")]).unwrap();
    for (chosen, other) in [
        ("#tab-look", "#tab-words"),
        ("#domains label:has(:checked)", "#domains label:not(:has(:checked))"),
        ("#gallery [aria-pressed=true]", "#gallery [aria-pressed=false]"),
    ] {
        let looks = |css: &str| {
            value(
                &page,
                &format!(
                    "(s => [s.backgroundColor, s.outlineStyle, s.outlineWidth].join())(getComputedStyle(document.querySelector('{css}')))"
                ),
            )
        };
        assert_ne!(looks(chosen), looks(other), "{chosen} looks like {other}");
    }
}
