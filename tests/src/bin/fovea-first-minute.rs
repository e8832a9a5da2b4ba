//! What a first visitor sees, measured on the real pictures of a gallery: see `cargo xtask first-minute`.
//!
//! Each picture is opened bare. One click in the middle of its lesion is the first look; then the
//! outlines are taken back, and the lesion is looked at for the seconds of look mode. Prints JSON.

use std::{io::Write as _, time::Duration};

use anyhow::{Context, Result};
use fovea_tests::{
    gallery::{Case, cases, on_image},
    page::{Page, dist},
    webdriver::{Adapter, Options, Pointer},
};
use serde_json::{Value, json};

const LIMIT: Duration = Duration::from_secs(180);
const READY: &str = "document.documentElement.dataset.state === 'ready'";
/// Notes from the first moment on when the page is ready, and the longest time that its window was busy at once, ms.
const WATCH: &str = "window.longest = 0; new PerformanceObserver(list => list.getEntries().forEach(task =>
        window.longest = Math.max(window.longest, task.duration))).observe({ type: 'longtask', buffered: true });
    const seen = new MutationObserver(() => {
        if (document.documentElement?.dataset.state !== 'ready') return;
        window.readyAt = performance.now(); seen.disconnect();
    });
    seen.observe(document, { subtree: true, attributes: true, attributeFilter: ['data-state'] });";
/// What the first visit has cost: ms until text and until the first mask, bytes over the network, the longest task.
const VISIT: &str = "const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    return { text_ms: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null, first_mask_ms: window.readyAt,
        bytes: entries.reduce((sum, entry) => sum + entry.transferSize, 0), longest_task_ms: window.longest }";

fn main() -> Result<()> {
    let domain = std::env::args().nth(1).unwrap_or_else(|| "polyp".to_owned());
    let page = Page::unopened(&dist()?, &Options { adapter: Adapter::None, ..Options::default() })?;
    page.browser.before_scripts(WATCH)?;
    page.go("device=cpu")?;
    page.wait_for("the page", "window.readyAt", LIMIT)?;
    let visit = page.browser.script(VISIT, &[])?;
    page.browser.script("window.longest = 0", &[])?;
    if domain != "polyp" {
        page.browser.script(&format!("document.querySelector('#domains input[value={domain}]').click()"), &[])?;
        page.wait_for("the domain", &format!("{READY} && window.fovea.state().domain === '{domain}'"), LIMIT)?;
    }
    let mut rows = Vec::new();
    for case in cases(&domain)?.iter().filter(|case| case.origin != "phantom") {
        rows.push(measured(&page, case).with_context(|| format!("the picture {:?}", case.title))?);
        write!(std::io::stderr(), ".")?;
    }
    eprintln!();
    page.expect_no_errors()?;
    let longest = page.browser.script("return window.longest", &[])?;
    let found = json!({ "first_visit": visit, "longest_task_ms": longest, "rows": rows });
    println!("{}", serde_json::to_string_pretty(&found)?);
    Ok(())
}

/// One picture: Dice of the student and of the teacher without a look, with a click, and after looking. Of
/// several lesions, Dice is with those that are looked at.
fn measured(page: &Page, case: &Case) -> Result<Value> {
    let press = |selector: &str| page.browser.script(&format!("document.querySelector('{selector}').click()"), &[]);
    press(&format!("#gallery button[data-case=\"{}\"]", case.id))?;
    let open = format!("{READY} && window.fovea.state().case === '{}'", case.id);
    page.wait_for("the picture", &format!("{open} && window.fovea.state().fixations.length === 0"), LIMIT)?;
    let alone = page.browser.script("return window.fovea.state().dice", &[])?;
    page.browser.script("window.fovea.clickLatencies.length = 0", &[])?;
    let canvas = page.browser.find("#stage-canvas")?;
    let places = case.inside_lesion()?;
    canvas.tap(Pointer::Mouse, on_image(page, places[0])?)?;
    let answered = format!("{READY} && window.fovea.clickLatencies.length > 0");
    page.wait_for("the outline", &answered, LIMIT)?;
    let clicked = page
        .browser
        .script("const s = window.fovea.state(); return [s.dice, window.fovea.clickLatencies[0], s.lesions]", &[])?;
    let said = page.browser.script("return document.querySelector('#result').innerText", &[])?;
    press("#undo")?;
    page.wait_for("no look", &format!("{READY} && window.fovea.state().fixations.length === 0"), LIMIT)?;
    press("#look-begin")?;
    for place in &places {
        // Two small moves at each place: the time between them is what the browser takes for the gesture.
        canvas.hover(on_image(page, *place)?)?;
        canvas.hover(on_image(page, (place.0 + 0.004, place.1))?)?;
    }
    page.wait_for("the end of the look", "!document.querySelector('#stage').hasAttribute('data-viewing')", LIMIT)?;
    page.wait_for("its outline", &format!("{READY} && window.fovea.state().fixations.length > 0"), LIMIT)?;
    let looked = page.browser.script("const s = window.fovea.state(); return [s.dice, s.fixations.length]", &[])?;
    Ok(json!({
        "case": case.id, "title": case.title,
        "student": clicked[0][1], "lesions": clicked[2],
        // Without a look the whole truth is what is compared with: of several lesions that is another figure.
        "teacher_alone": if clicked[2].is_null() { alone[0].clone() } else { Value::Null },
        "teacher_click": clicked[0][0], "click_ms": clicked[1], "said": said,
        "teacher_look": looked[0][0], "fixations": looked[1],
    }))
}
