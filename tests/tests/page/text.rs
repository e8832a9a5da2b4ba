//! The description in the built page, in real Chromium: phrases, attention, edits, sources.

use fovea_tests::{
    page::Page,
    webdriver::{Adapter, Options, Screen},
};
use serde_json::{Value, json};

use crate::common::{LIMIT, message, open_tab, page_is_ready, press, unfold, value};

/// A page that computes on the CPU, with its first case drawn and its words in view.
pub(crate) fn open() -> Page {
    let page = Page::open(&Options { adapter: Adapter::None, ..Options::default() }, "device=cpu").unwrap();
    page_is_ready(&page);
    open_tab(&page, "words");
    unfold(&page, "#words-more");
    page
}

pub(crate) fn hash(page: &Page) -> Value {
    value(page, "window.fovea.maskHash('teacher')")
}

/// The chip of a field, or a part of it.
pub(crate) fn chip(field: &str, part: &str) -> String {
    format!("#phrases [data-field={field}] {part}")
}

/// The first phrase that the teacher is told.
pub(crate) fn first(page: &Page) -> String {
    let field = value(page, "window.fovea.state().description.phrases.find(p => p.on && p.offered).field");
    field.as_str().unwrap().to_owned()
}

pub(crate) fn click(page: &Page, css: &str) {
    page.browser.find(css).unwrap().click().unwrap();
}

/// Chooses in a menu by typing, as the keyboard does.
fn choose(page: &Page, css: &str, value: &str) {
    let script = "const menu = document.querySelector(arguments[0]); menu.value = arguments[1];
        menu.dispatchEvent(new Event('change', {bubbles: true})); return menu.value";
    page.browser.script(script, &[json!(css), json!(value)]).unwrap();
}

/// Waits until an edit is answered, and gives what it changed.
pub(crate) fn changed(page: &Page) -> Value {
    page_is_ready(page);
    page.wait_for("what the edit changed", "window.fovea.state().change", LIMIT).unwrap()
}

#[test]
fn the_first_case_comes_described_and_says_by_whom() {
    let page = open();
    let shown = value(&page, "window.fovea.state().description");
    assert_eq!(shown["source"], "measured", "{shown}");
    assert!(
        shown["phrases"].as_array().unwrap().iter().all(|p| p["on"] == true && p["attention"].is_number()),
        "{shown}"
    );
    unfold(&page, "#words-more");
    let card = page.browser.find("#description").unwrap().text().unwrap();
    for id in ["source-measured", "student-deaf"] {
        assert!(card.contains(&message(id)), "{id} is missing in: {card}");
    }
    assert!(!page.browser.find("#text-verdict").unwrap().text().unwrap().is_empty());
    page.expect_no_errors().unwrap();
}

#[test]
fn words_move_the_mask_and_one_undo_takes_back_words_and_gaze() {
    let page = open();
    let original = hash(&page);
    let student = value(&page, "window.fovea.maskHash('student')");
    let words = value(&page, "window.fovea.state().description");
    // Every shape there is, but the one that is said: the teacher was trained to listen. Place and size are offered only where they steer.
    let said = words["phrases"].as_array().unwrap().iter().find(|p| p["field"] == "shape").unwrap()["word"].clone();
    let mut results = Vec::new();
    for shape in ["round", "elongated", "lobulated", "irregular", "oval"] {
        if said == shape {
            continue;
        }
        choose(&page, &chip("shape", "select"), shape);
        let change = changed(&page);
        assert!(change["result"].as_str().is_some_and(|r| !r.is_empty()), "{change}");
        results.push((shape, hash(&page), change));
    }
    let moved = results.iter().any(|(_, h, _)| *h != original);
    println!("{results:?}");
    assert!(moved, "the teacher's mask does not listen to any shape: {results:?}");
    assert_eq!(value(&page, "window.fovea.maskHash('student')"), student, "the student reads no text");

    // Gaze on top, then everything back with the same key.
    page.browser.find("#stage-canvas").unwrap().tap(Default::default(), (0.4, 0.4)).unwrap();
    page.wait_for("the point", "window.fovea.state().fixations.length === 1", LIMIT).unwrap();
    page_is_ready(&page);
    for _ in 0..20 {
        page.browser.keys(&["Control", "z"]).unwrap();
    }
    page.wait_for("undo", "!window.fovea.state().canUndo", LIMIT).unwrap();
    page_is_ready(&page);
    assert_eq!(hash(&page), original, "undo brings the former mask back");
    assert_eq!(value(&page, "window.fovea.state().description"), words);
    page.expect_no_errors().unwrap();
}

#[test]
fn a_look_has_words_of_its_own_and_without_looks_those_from_before_are_back() {
    let page = open();
    let (original, words) = (hash(&page), value(&page, "window.fovea.state().description"));
    assert_eq!((&words["fromLooks"], &words["awaited"]), (&json!(false), &json!(false)));
    // The gaze that the case comes with is what its words were measured from.
    press(&page, "#use-gaze");
    page.wait_for("the case's gaze", "window.fovea.state().fixations.length > 5", LIMIT).unwrap();
    page_is_ready(&page);
    let taken = value(&page, "window.fovea.state().description");
    assert_eq!((&taken["fromLooks"], &taken["sentence"]), (&json!(false), &words["sentence"]));
    // The middle of that gaze, as a place on the canvas, which the image fills in one direction.
    let mean = "(({fixations: f, size: [w, h]}, {width, height}) => {
            const middle = c => f.reduce((sum, p) => sum + p[c], 0) / f.length - .5, scale = Math.min(width / w, height / h);
            return [.5 + middle('x') * w * scale / width, .5 + middle('y') * h * scale / height];
        })(window.fovea.state(), document.querySelector('#stage-canvas').getBoundingClientRect())";
    let middle = value(&page, mean);
    click(&page, "#clear");
    page_is_ready(&page);
    assert_eq!(hash(&page), original);

    let at = (middle[0].as_f64().unwrap(), middle[1].as_f64().unwrap());
    page.browser.find("#stage-canvas").unwrap().tap(Default::default(), at).unwrap();
    page.wait_for("words of the look", "window.fovea.state().description.fromLooks", LIMIT).unwrap();
    page_is_ready(&page);
    let looked = value(&page, "window.fovea.state().description");
    assert_eq!(
        (&looked["source"], &looked["awaited"], &looked["touched"]),
        (&json!("measured"), &json!(false), &json!(false))
    );
    assert!(looked["caveat"].as_str().is_some_and(|c| c.contains("your gaze")), "{looked}");
    let status = value(&page, "document.querySelector('#status').textContent");
    assert!(status.as_str().unwrap().contains(&message("words-measured")), "{status}");

    // A link holds the looks, and its reader measures the same words.
    page.wait_for("the address", "location.hash.includes('gaze=')", LIMIT).unwrap();
    assert_eq!(value(&page, "location.hash.includes('words=')"), false);
    let mut linked = Vec::new();
    for _ in 0..2 {
        page.browser.reload().unwrap();
        page_is_ready(&page);
        page.wait_for("words of the look", "window.fovea.state().description?.fromLooks", LIMIT).unwrap();
        page_is_ready(&page);
        assert_eq!(value(&page, "window.fovea.state().description.sentence"), looked["sentence"]);
        linked.push(hash(&page));
    }
    assert_eq!(linked[0], linked[1]);

    click(&page, "#clear");
    page.wait_for("no looks", "window.fovea.state().fixations.length === 0", LIMIT).unwrap();
    page_is_ready(&page);
    assert_eq!(value(&page, "window.fovea.state().description"), words);
    assert_eq!(hash(&page), original);
    page.browser.keys(&["Control", "z"]).unwrap();
    page.wait_for("undo", "window.fovea.state().description.fromLooks", LIMIT).unwrap();
    page_is_ready(&page);
    assert_eq!(hash(&page), linked[0], "the words are those of the step");
    page.expect_no_errors().unwrap();
}

#[test]
fn a_phrase_that_is_switched_off_and_on_leaves_no_trace() {
    let page = open();
    let original = hash(&page);
    let fields = value(&page, "window.fovea.state().description.phrases.filter(p => p.offered).map(p => p.field)");
    for field in fields.as_array().unwrap() {
        click(&page, &chip(field.as_str().unwrap(), ".phrase-toggle"));
    }
    page_is_ready(&page);
    assert_eq!(value(&page, "window.fovea.state().description.phrases.some(p => p.on && p.offered)"), false);
    let silent = hash(&page);
    for field in fields.as_array().unwrap() {
        click(&page, &chip(field.as_str().unwrap(), ".phrase-toggle"));
    }
    page_is_ready(&page);
    assert_eq!(hash(&page), original);
    println!("without text: {silent}, with: {original}");
    page.expect_no_errors().unwrap();
}

#[test]
fn pointing_shows_attention_without_moving_anything_and_leaving_hides_it() {
    let page = open();
    let field = first(&page);
    let toggle = page.browser.find(&chip(&field, ".phrase-toggle")).unwrap();
    let layout = "[...document.querySelectorAll('section, .tab-panel, #stage, #phrases li')].map(e => JSON.stringify(e.getBoundingClientRect())).join()";
    let pixels = "document.querySelector('#stage-canvas').toDataURL().length + ':' + document.querySelector('#stage-canvas').toDataURL().slice(-4000)";
    // The driver scrolls to what it points at, which moves the panel's inside.
    page.browser
        .script(
            &format!(
                "document.querySelector('{}').scrollIntoView({{ block: 'center' }})",
                chip(&field, ".phrase-toggle")
            ),
            &[],
        )
        .unwrap();
    let (before, drawn) = (value(&page, layout), value(&page, pixels));
    toggle.hover((0.3, 0.5)).unwrap();
    let shown = page.wait_for("attention", "window.fovea.state().attention", LIMIT).unwrap();
    assert_eq!(shown["field"], field.as_str());
    assert!(shown["max"].as_f64().unwrap() > 0.0, "{shown}");
    assert_eq!(value(&page, layout), before, "nothing on the page has moved");
    assert_ne!(value(&page, pixels), drawn, "the stage shows something else");
    let said = value(&page, &format!("document.querySelector('#about-{field}').textContent"));
    assert!(said.as_str().unwrap().starts_with("Attention"), "{said}");
    page.browser.find("#case-title").unwrap().hover((0.5, 0.5)).unwrap();
    page.wait_for("the end of attention", "window.fovea.state().attention === null", LIMIT).unwrap();
    assert_eq!(value(&page, pixels), drawn, "the stage is as it was");
    page.expect_no_errors().unwrap();
}

#[test]
fn the_keyboard_alone_reaches_everything() {
    let page = open();
    let original = hash(&page);
    let field = first(&page);
    // From the button before the chips, as somebody would who has come so far.
    let focused =
        |css: &str| value(&page, &format!("document.activeElement === document.querySelector('{css}')")) == true;
    page.browser.script("document.querySelector('#file').focus()", &[]).unwrap();
    let toggle = chip(&field, ".phrase-toggle");
    for _ in 0..40 {
        if focused(&toggle) {
            break;
        }
        page.browser.keys(&["Tab"]).unwrap();
    }
    assert!(focused(&toggle), "Tab does not lead to the first phrase");
    page.wait_for("attention by focus", &format!("window.fovea.state().attention?.field === '{field}'"), LIMIT)
        .unwrap();
    page.browser.keys(&["Space"]).unwrap();
    assert!(changed(&page)["edit"].as_str().unwrap().contains("not read any more"));
    assert!(focused(&toggle), "the focus has moved");
    assert_eq!(value(&page, "window.fovea.state().attention"), Value::Null, "it is not read, so it gets no attention");
    page.browser.keys(&["Space"]).unwrap();
    page_is_ready(&page);
    page.browser.keys(&["Tab"]).unwrap();
    assert!(focused(&chip(&field, "select")), "the menu of the words comes next");
    page.wait_for("attention by focus", &format!("window.fovea.state().attention?.field === '{field}'"), LIMIT)
        .unwrap();
    page.browser.keys(&["ArrowDown"]).unwrap();
    let edited = "window.fovea.state().description.phrases.find(p => p.edited)";
    page.wait_for("another word", edited, LIMIT).unwrap();
    page_is_ready(&page);
    page.browser.keys(&["Control", "z"]).unwrap();
    page.wait_for("undo", "!window.fovea.state().description.touched", LIMIT).unwrap();
    page_is_ready(&page);
    assert_eq!(hash(&page), original);
    page.expect_no_errors().unwrap();
}

#[test]
fn a_finger_sees_attention_on_the_image_which_stays_in_view() {
    let page = open();
    page.browser.screen(Screen { width: 390, height: 844, scale: 2.0, phone: true }).unwrap();
    let field = first(&page);
    let toggle = page.browser.find(&chip(&field, ".phrase-toggle")).unwrap();
    page.browser.script("arguments[0].scrollIntoView({block: 'end'})", &[toggle.reference()]).unwrap();
    let seen = "(r => r.top >= 0 && r.bottom <= innerHeight && r.height > 0.4 * innerHeight)(document.querySelector('#stage').getBoundingClientRect())";
    assert_eq!(value(&page, seen), true, "the image is in view beside the words");
    // While the finger is down: pressed from a script's promise, since a gesture ends with its command.
    let script = "const [toggle] = arguments; const at = { pointerType: 'touch', isPrimary: true, bubbles: true, cancelable: true };
        toggle.dispatchEvent(new PointerEvent('pointerdown', at));
        return new Promise(done => setTimeout(() => {
            const seen = [window.fovea.state().attention?.field, document.querySelector('#peek').hidden];
            toggle.dispatchEvent(new PointerEvent('pointerup', at));
            done([...seen, window.fovea.state().attention]);
        }, 600));";
    let seen = page.browser.script(script, &[toggle.reference()]).unwrap();
    assert_eq!(seen, json!([field, true, null]));
    let wide = value(&page, "document.documentElement.scrollWidth");
    assert!(wide.as_f64().unwrap() <= 390.0, "the page is {wide} wide");
    let small = "[...document.querySelectorAll('#description button, #description select, #description input, #description summary')]
        .filter(e => e.offsetParent && e.type !== 'checkbox').map(e => [e.id || e.className, e.getBoundingClientRect().width, e.getBoundingClientRect().height])
        .filter(([, w, h]) => w < 43.5 || h < 43.5)";
    assert_eq!(value(&page, small), json!([]), "targets too small for a finger");
    page.expect_no_errors().unwrap();
}

#[test]
fn an_own_image_is_described_from_its_outline() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("own.png");
    let image = image::RgbImage::from_fn(400, 300, |x, y| {
        let inside = (f64::from(x) - 120.0).hypot(f64::from(y) - 100.0) < 60.0;
        image::Rgb(if inside { [205, 90, 80] } else { [150, (x % 64) as u8 + 40, 50] })
    });
    image.save(&path).unwrap();
    let page = open();
    page.browser.find("#file").unwrap().upload(&path).unwrap();
    page.wait_for("the own image", "String(window.fovea.state().size) === '400,300'", LIMIT).unwrap();
    page_is_ready(&page);
    // Whatever the networks see in it, the page says what it knows and from where, and the visitor can begin.
    let shown = value(&page, "window.fovea.state().description");
    if shown.is_null() {
        assert!(!value(&page, "document.querySelector('#description-note').textContent").as_str().unwrap().is_empty());
    } else {
        assert_eq!(shown["source"], "measured");
        assert!(shown["caveat"].as_str().unwrap().contains("student’s outline"));
        assert_eq!(value(&page, "window.fovea.state().canUndo"), false);
    }
    choose(&page, "#add-phrase", "paris.0-Is");
    page_is_ready(&page);
    assert_eq!(value(&page, "window.fovea.state().description.touched"), true);
    page.browser.find("#stage-canvas").unwrap().tap(Default::default(), (0.3, 0.33)).unwrap();
    page.wait_for("the point", "window.fovea.state().fixations.length === 1", LIMIT).unwrap();
    page_is_ready(&page);
    let unlike = value(&page, "document.querySelector('[data-unlike]') !== null") == true;
    if unlike {
        // What an outline on an unlike image holds is not described.
        assert_eq!(value(&page, "document.querySelector('#describe-again').disabled"), true);
    } else {
        click(&page, "#describe-again");
        page.wait_for("a description", "!document.querySelector('#describe-again').disabled", LIMIT).unwrap();
    }
    page_is_ready(&page);
    page.expect_no_errors().unwrap();
}
