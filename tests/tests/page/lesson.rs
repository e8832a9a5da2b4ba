//! The lesson, in real Chromium: each step's deed is done, and what the step says happens is held to what the page shows.

use fovea_tests::{
    page::Page,
    webdriver::{Adapter, Options, Pointer, Screen},
};
use serde_json::{Value, json};

use crate::{
    common::{LIMIT, READY, inside_lesion, message, on_image, open_tab, press, settled, value},
    teach::glance,
};

fn open(query: &str) -> Page {
    let page = Page::open(&Options { adapter: Adapter::None, ..Options::default() }, query).unwrap();
    settled(&page, "the page", "true");
    page
}

fn said(page: &Page, id: &str) -> String {
    value(page, &format!("document.querySelector('#{id}').textContent")).as_str().unwrap().to_owned()
}

fn number(page: &Page, expression: &str) -> f64 {
    value(page, expression).as_f64().unwrap_or_else(|| panic!("{expression} is {}", value(page, expression)))
}

/// Words of the lesson that are seen.
fn seen_words(page: &Page) -> f64 {
    number(page, "document.querySelector('#lesson').innerText.split(/\\s+/).filter(Boolean).length")
}

/// The step is open and its picture is drawn.
fn at_step(page: &Page, step: usize, shown: &str) {
    let count = format!("document.querySelector('#lesson-count').textContent === 'Step {step} of 6'");
    settled(page, &format!("step {step}"), &format!("{count} && ({shown})"));
    assert_eq!(value(page, "document.activeElement.id"), "lesson-title", "the keyboard is where the text is");
    assert_eq!(said(page, "lesson-figure"), "", "nothing is told before the guess");
    assert_eq!(value(page, "document.querySelector('.tabs').checkVisibility()"), false);
    let stage =
        "(r => r.top >= 0 && r.bottom <= innerHeight)(document.querySelector('#stage').getBoundingClientRect())";
    assert_eq!(value(page, stage), true, "the picture is in view");
}

fn guess(page: &Page, answer: usize) {
    press(page, &format!("[data-answer=\"{answer}\"]"));
    assert_eq!(value(page, "document.activeElement.id"), "lesson-task", "the keyboard goes on at what is to be done");
    assert_eq!(value(page, "document.querySelector('#lesson-answers').checkVisibility()"), false);
}

/// What the card says, once it is there, and whether it came as guessed.
fn card(page: &Page) -> (String, bool) {
    page.wait_for("the card", &format!("{READY} && document.querySelector('#lesson-figure').textContent"), LIMIT)
        .unwrap();
    let right = value(page, "document.querySelector('#lesson-card').hasAttribute('data-right')") == true;
    let verdict = message(if right { "lesson-right" } else { "lesson-wrong" });
    assert!(said(page, "lesson-why").starts_with(&verdict), "{}", said(page, "lesson-why"));
    assert!(seen_words(page) <= 60.0, "{} words on a card", seen_words(page));
    (said(page, "lesson-figure"), right)
}

/// The numbers in a text.
fn numbers(text: &str) -> Vec<f64> {
    let parts = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    parts.filter_map(|part| part.trim_end_matches('.').parse().ok()).collect()
}

fn hash(page: &Page, layer: &str) -> Value {
    value(page, &format!("window.fovea.maskHash('{layer}')"))
}

fn look_step(page: &Page) {
    at_step(page, 1, "document.documentElement.hasAttribute('data-bare')");
    let alone = hash(page, "teacher");
    guess(page, 0);
    let place = inside_lesion(page)[0];
    page.browser.find("#stage-canvas").unwrap().tap(Pointer::Mouse, on_image(page, place)).unwrap();
    let (figure, right) = card(page);
    let dice = value(page, "window.fovea.state().dice");
    let [with, student] = [0, 1].map(|of| dice[of].as_f64().unwrap());
    println!("step 1: {figure}");
    assert_eq!(numbers(&figure), [student, with].map(|of| (of * 100.0).round() / 100.0), "{figure} {dice}");
    assert_ne!(hash(page, "teacher"), alone, "the outline has changed");
    assert!(right && with > student + 0.02, "{figure}");
    assert_eq!(value(page, "document.documentElement.hasAttribute('data-bare')"), false);
}

fn drag_step(page: &Page) {
    at_step(page, 2, "window.fovea.state().fixations.length === 1");
    let (teacher, student) = (hash(page, "teacher"), hash(page, "student"));
    let from = value(page, "window.fovea.state().fixations[0]");
    let from = (from["x"].as_f64().unwrap(), from["y"].as_f64().unwrap());
    guess(page, 0);
    let canvas = page.browser.find("#stage-canvas").unwrap();
    // Beside both lesions is not an answer.
    canvas.drag(Pointer::Mouse, on_image(page, from), on_image(page, (0.15, 0.8))).unwrap();
    settled(page, "the look beside", "window.fovea.state().fixations[0].y > 0.7");
    assert_eq!(said(page, "lesson-figure"), "");
    canvas.drag(Pointer::Mouse, on_image(page, (0.15, 0.8)), on_image(page, from)).unwrap();
    settled(page, "the look back", "window.fovea.state().fixations[0].y < 0.3");
    assert_eq!(said(page, "lesson-figure"), "");
    canvas.drag(Pointer::Mouse, on_image(page, from), on_image(page, (0.741, 0.716))).unwrap();
    let (figure, right) = card(page);
    let lost = number(page, "window.fovea.state().change.lostShare");
    println!("step 2: {figure}");
    assert!((numbers(&figure)[0] - lost * 100.0).abs() <= 0.5, "{figure} {lost}");
    assert!(right && lost > 0.5 && number(page, "window.fovea.state().change.gained") > 0.0, "{figure}");
    assert_ne!(hash(page, "teacher"), teacher);
    assert_eq!(hash(page, "student"), student, "the student has not moved");
}

fn heat_step(page: &Page) {
    at_step(page, 3, "window.fovea.state().fixations.length === 2");
    assert_eq!(value(page, "window.fovea.state().layers.includes('heat')"), false);
    guess(page, 0);
    assert_eq!(said(page, "lesson-figure"), "");
    press(page, "#layer-heat");
    let (figure, right) = card(page);
    let shown = numbers(&figure);
    println!("step 3: {figure}");
    assert!(right && shown[0] > 2.0 * shown[1] && shown[0] <= 1.0, "{figure}");
    assert_eq!(value(page, "window.fovea.state().layers.includes('heat')"), true);
}

fn words_step(page: &Page) {
    let small = "window.fovea.state().description?.phrases.some(p => p.field === 'size' && p.word === 'small')";
    at_step(page, 4, &format!("window.fovea.state().fixations.length === 0 && {small}"));
    let before = number(page, "window.fovea.maskArea('teacher')");
    guess(page, 0);
    assert_eq!(value(page, "document.querySelector('#size-slider').checkVisibility()"), true);
    let large = "const slider = document.querySelector('#size-slider'); slider.value = 2;
        slider.dispatchEvent(new Event('input', { bubbles: true }))";
    page.browser.script(large, &[]).unwrap();
    let (figure, right) = card(page);
    let now = number(page, "window.fovea.maskArea('teacher')");
    let shown = numbers(&figure);
    println!("step 4: {figure}");
    // Whole per cents are rounded.
    assert!((shown[1] / shown[0] / (now / before) - 1.0).abs() < 0.1, "{figure}: {before} {now}");
    assert!(right && now > before * 1.05, "{figure}");
}

fn compare_step(page: &Page) {
    at_step(page, 5, "window.fovea.state().compare?.students.length > 1");
    guess(page, 1);
    assert_eq!(said(page, "lesson-figure"), "");
    page.browser.script("document.querySelector('#compare-wipe .wipe').focus()", &[]).unwrap();
    page.browser.keys(&["ArrowRight"]).unwrap();
    let (figure, right) = card(page);
    let dice = |place: usize| {
        number(page, &format!("window.fovea.state().compare.students.find(s => s.place === {place}).dice"))
    };
    println!("step 5: {figure}");
    let shown = [dice(0), dice(1)].map(|of| (of * 100.0).round() / 100.0);
    assert_eq!(numbers(&figure), shown, "{figure}");
    assert!(right && dice(1) > dice(0) + 0.02, "{figure}");
    // Beside it stands what was published of the two.
    let published = said(page, "lesson-why");
    for student in crate::common::bundle_json("polyp/manifest.json")["students"].as_array().unwrap().iter().take(2) {
        let mean = format!("{:.2}", student["dice"]["mean"].as_f64().unwrap());
        assert!(published.contains(&mean), "{published} lacks {mean}");
    }
}

fn teach_step(page: &Page) {
    at_step(page, 6, "true");
    guess(page, 1);
    press(page, "#teach-go");
    // One glance teaches now something, now nothing (results/teach-polyp.md); four teach something each time.
    for _ in 0..4 {
        glance(page);
    }
    let waiting = "document.querySelectorAll('#teach-pictures :is([data-state=waiting], [data-state=current])').length";
    let skip = "document.querySelector('#teach-skip').checkVisibility()";
    while number(page, waiting) > 0.0 {
        let before = number(page, waiting);
        page.wait_for("the skip button", skip, LIMIT).unwrap();
        press(page, "#teach-skip");
        page.wait_for("the skip", &format!("{waiting} < {before}"), LIMIT).unwrap();
    }
    let learn = message("teach-learn");
    let ready =
        format!("(go => !go.disabled && go.innerText.trim() === '{learn}')(document.querySelector('#teach-go'))");
    page.wait_for("the button", &ready, LIMIT).unwrap();
    press(page, "#teach-go");
    let (figure, _) = card(page);
    let shown = numbers(&figure);
    println!("step 6: {figure} {}", said(page, "lesson-why"));
    assert!(shown[1] > shown[0] + 0.1, "the student has learnt: {figure}");
    assert!(said(page, "teach-fit").contains(&format!("{:.2}", shown[1])), "{figure} {}", said(page, "teach-fit"));
}

/// What comes back after the lesson.
const STATE: &str = "(s => ({ domain: s.domain, case: s.case, title: s.title, points: s.fixations, layers: s.layers,
    said: s.description?.sentence, undo: s.canUndo, teacher: window.fovea.maskHash('teacher'),
    tab: document.querySelector('[role=tab][aria-selected=true]').id }))(window.fovea.state())";

#[test]
fn each_steps_deed_does_what_the_step_says_and_the_end_puts_all_back() {
    let page = open("device=cpu");
    page.browser.screen(Screen { width: 1440, height: 900, scale: 1.0, phone: false }).unwrap();
    press(&page, "#gallery button:nth-of-type(3)");
    settled(
        &page,
        "another picture",
        "document.querySelector('#gallery button:nth-of-type(3)').ariaPressed === 'true'",
    );
    let canvas = page.browser.find("#stage-canvas").unwrap();
    for place in [(0.5, 0.3), (0.6, 0.35)] {
        canvas.tap(Pointer::Mouse, on_image(&page, place)).unwrap();
    }
    press(&page, "#layer-student");
    open_tab(&page, "words");
    // With the words that are measured from them.
    let described = "window.fovea.state().fixations.length === 2 && !window.fovea.state().description.awaited";
    settled(&page, "two looks", described);
    let before = value(&page, STATE);
    press(&page, "#lesson-start");
    let steps: [fn(&Page); 6] = [look_step, drag_step, heat_step, words_step, compare_step, teach_step];
    for step in steps {
        step(&page);
        press(&page, "#lesson-next");
    }
    let back = format!("window.fovea.state().case === {} && {described}", before["case"]);
    settled(&page, "what was there before", &back);
    assert_eq!(value(&page, STATE), before);
    assert_eq!(value(&page, "document.querySelector('#lesson').hidden"), true);
    assert_eq!(value(&page, "document.activeElement.id"), "lesson-start");
    press(&page, "#undo");
    settled(&page, "one look less", "window.fovea.state().fixations.length === 1");
    page.expect_no_errors().unwrap();
}

#[test]
fn a_link_opens_a_step_in_its_own_model_and_escape_leads_back() {
    let page = open("device=cpu#domain=skin");
    press(&page, "#use-gaze");
    settled(&page, "gaze", "window.fovea.state().fixations.length > 0");
    let before = value(&page, STATE);
    page.browser.script("location.hash = '#lesson=3'", &[]).unwrap();
    at_step(&page, 3, "window.fovea.state().domain === 'polyp' && window.fovea.state().fixations.length === 2");
    page.wait_for("the address", "new URLSearchParams(location.hash.slice(1)).get('lesson') === '3'", LIMIT).unwrap();
    let step = value(&page, "window.fovea.state().case");
    page.browser.script("location.reload()", &[]).unwrap();
    settled(&page, "the step again", "window.fovea?.state().fixations.length === 2");
    assert_eq!(value(&page, "window.fovea.state().case"), step);
    // What was there before the reload is not known any more; from here the way back is to the page's beginning.
    page.browser.keys(&["Escape"]).unwrap();
    settled(
        &page,
        "the first picture",
        "document.querySelector('#lesson').hidden && window.fovea.state().fixations.length === 0",
    );
    let first = value(&page, "document.querySelector('#gallery button').dataset.case");
    assert_eq!(value(&page, "window.fovea.state().case"), first);

    page.go("device=cpu#domain=skin").unwrap();
    settled(&page, "skin", "window.fovea.state().domain === 'skin'");
    press(&page, "#use-gaze");
    settled(&page, "gaze", "window.fovea.state().fixations.length > 0");
    press(&page, "#lesson-start");
    at_step(&page, 1, "window.fovea.state().domain === 'polyp' && window.fovea.state().fixations.length === 0");
    // Before the guess, with a look already taken, nothing is told.
    page.browser.keys(&["Escape"]).unwrap();
    settled(&page, "skin again", "window.fovea.state().domain === 'skin' && window.fovea.state().fixations.length > 0");
    assert_eq!(value(&page, STATE), before);
    assert_eq!(value(&page, "document.activeElement.id"), "lesson-start");
    page.expect_no_errors().unwrap();
}

#[test]
fn a_picture_of_the_visitors_ends_the_lesson_and_stays() {
    let page = open("device=cpu");
    press(&page, "#layer-student");
    press(&page, "#lesson-start");
    at_step(&page, 1, "true");
    let own = "return (async () => { const bytes = await (await fetch(document.querySelector('#gallery img').src)).blob();
        const files = new DataTransfer(); files.items.add(new File([bytes], 'mine.jpg', { type: bytes.type }));
        const input = document.querySelector('#file'); input.files = files.files; input.dispatchEvent(new Event('change')) })()";
    page.browser.script(own, &[]).unwrap();
    settled(
        &page,
        "the picture",
        "window.fovea.state().title === 'mine.jpg' && document.querySelector('#lesson').hidden",
    );
    assert_eq!(value(&page, "window.fovea.state().layers.includes('student')"), false, "layers come back");
    // From one's own picture the lesson leads back to it.
    press(&page, "#lesson-start");
    at_step(&page, 1, "window.fovea.state().title !== 'mine.jpg'");
    press(&page, "#lesson-close");
    settled(&page, "the picture again", "window.fovea.state().title === 'mine.jpg'");
    page.expect_no_errors().unwrap();
}

#[test]
fn on_a_phone_the_lesson_is_below_the_picture_and_no_step_is_wide_or_long() {
    let page = open("device=cpu");
    page.browser.screen(Screen { width: 360, height: 740, scale: 1.0, phone: true }).unwrap();
    press(&page, "#lesson-start");
    let mut titles = Vec::new();
    for step in 1..=6 {
        at_step(&page, step, "true");
        titles.push(said(&page, "lesson-title"));
        for stage in ["guess", "deed"] {
            assert!(number(&page, "document.documentElement.scrollWidth") <= 360.0, "step {step}, {stage}");
            let words = seen_words(&page);
            assert!((15.0..=60.0).contains(&words), "step {step}, {stage}: {words} words");
            let below = "document.querySelector('#lesson').getBoundingClientRect().top
                >= document.querySelector('#stage').getBoundingClientRect().bottom - 1 || scrollY > 0";
            assert_eq!(value(&page, below), true, "step {step}, {stage}: over the picture");
            if stage == "guess" {
                guess(&page, 0);
            }
        }
        press(&page, "#lesson-next");
    }
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), 6);
    settled(&page, "the end", "document.querySelector('#lesson').hidden");
    page.expect_no_errors().unwrap();
}

#[test]
fn teachers_find_a_code_for_each_step_and_a_plan_to_print() {
    let page = open("device=cpu");
    press(&page, "#about-open");
    press(&page, "#teachers-open");
    let codes = "[...document.querySelectorAll('#teachers-list li')].map(li => [li.querySelector('img').alt.length > 10, li.querySelector('a').hash])";
    let expected: Vec<Value> = (1..=6).map(|step| json!([true, format!("#lesson={step}")])).collect();
    assert_eq!(value(&page, codes), json!(expected));
    let drawn = "[...document.querySelectorAll('#teachers-list img')].every(i => i.complete && i.naturalWidth > 0)";
    page.wait_for("the codes", drawn, LIMIT).unwrap();
    for (file, other, lang) in
        [("teaching.html", "teaching.zh.html", "en"), ("teaching.zh.html", "teaching.html", "zh-Hans")]
    {
        page.browser.go(&format!("{}{file}", page.url())).unwrap();
        let steps = "[...document.querySelectorAll('h2 a')].map(a => a.getAttribute('href'))";
        let links: Vec<String> = (1..=6).map(|step| format!("./#lesson={step}")).collect();
        assert_eq!(value(&page, steps), json!(links), "{file}");
        assert_eq!(value(&page, "document.documentElement.lang"), lang);
        assert_eq!(value(&page, "getComputedStyle(document.body).maxWidth !== 'none'"), true, "{file} has its style");
        assert_eq!(value(&page, &format!("!!document.querySelector('nav [href=\"{other}\"]')")), true);
        page.browser.screen(Screen { width: 360, height: 740, scale: 1.0, phone: true }).unwrap();
        assert!(number(&page, "document.documentElement.scrollWidth") <= 360.0, "{file} is wider than a phone");
    }
    page.expect_no_errors().unwrap();
}
