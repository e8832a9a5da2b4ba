//! Teach a network: glances at a few pictures, and how the student does on others, in real Chromium.

use fovea_tests::{
    page::Page,
    webdriver::{Adapter, Options},
};

use crate::common::{LIMIT, inside_lesion, on_image, open_tab, page_is_ready, press, value};

/// What a shown text says.
pub(crate) fn said(page: &Page, id: &str) -> String {
    value(page, &format!("document.querySelector('#{id}').textContent")).as_str().unwrap().to_owned()
}

/// Looks at the open picture of the lesson until the next one opens.
pub(crate) fn glance(page: &Page) {
    let case = value(page, "window.fovea.state().case");
    let done = "document.querySelectorAll('#teach-pictures [data-state=taken]').length";
    let before = value(page, done).as_u64().unwrap();
    page.wait_for("the viewing", "document.querySelector('#stage').hasAttribute('data-viewing')", LIMIT).unwrap();
    let canvas = page.browser.find("#stage-canvas").unwrap();
    for place in inside_lesion(page) {
        canvas.hover(on_image(page, place)).unwrap();
    }
    page.wait_for(&format!("the glance at {case}"), &format!("{done} === {}", before + 1), LIMIT).unwrap();
}

#[test]
fn glances_at_eight_pictures_teach_a_student_that_draws_pictures_it_has_never_seen() {
    let page = Page::open(&Options { adapter: Adapter::None, ..Options::default() }, "device=cpu").unwrap();
    page_is_ready(&page);
    open_tab(&page, "teach");
    let count = value(&page, "document.querySelectorAll('#teach-pictures .thumb').length").as_u64().unwrap();
    assert_eq!(count, 8);
    press(&page, "#teach-go");
    // A glance can be taken back, and a picture can be skipped.
    glance(&page);
    press(&page, "#teach-undo");
    let none = "document.querySelectorAll('#teach-pictures [data-state=taken]').length === 0";
    page.wait_for("the glance to be gone", none, LIMIT).unwrap();
    press(&page, "#teach-skip");
    let skipped = "document.querySelectorAll('#teach-pictures [data-state=skipped]').length === 1";
    page.wait_for("the skipped picture", skipped, LIMIT).unwrap();
    for _ in 1..count {
        glance(&page);
    }
    let learn = "!document.querySelector('#stage').hasAttribute('data-viewing') && !document.querySelector('#teach-go').disabled";
    page.wait_for("the end of looking", learn, LIMIT).unwrap();
    press(&page, "#teach-go");
    page.wait_for("the first steps", "document.querySelector('#teach-progress').value > 0.05", LIMIT).unwrap();
    // It waits for as long as the visitor wants.
    press(&page, "#teach-go");
    let paused = value(&page, "document.querySelector('#teach-go-text').textContent");
    press(&page, "#teach-go");
    assert_ne!(value(&page, "document.querySelector('#teach-go-text').textContent"), paused);
    page.wait_for("the result", "document.querySelector('#teach-figures').textContent !== ''", LIMIT).unwrap();
    let (fit, beside) = (said(&page, "teach-fit"), said(&page, "teach-figures"));
    let figure = |text: &str| text.split(|c: char| !c.is_ascii_digit() && c != '.').find_map(|t| t.parse::<f64>().ok());
    let untrained = beside.rsplit(": ").next().and_then(|text| text.trim_end_matches('.').parse::<f64>().ok());
    let (fit, untrained) = (figure(&fit).unwrap(), untrained.unwrap());
    // Far above a fresh student, and far from what a wrong target would teach.
    assert!(fit > untrained + 0.2 && fit > 0.45, "{fit} {untrained}: {beside}");
    let drawn = value(&page, "document.querySelectorAll('#teach-unseen .thumb small:not(:empty)').length");
    assert_eq!(drawn, 8);
    press(&page, "#teach-again");
    assert_eq!(value(&page, "document.querySelector('#teach-result').hidden"), true);
    assert_eq!(value(&page, "window.fovea.state().message"), serde_json::Value::Null);
}

#[test]
fn the_lesson_of_another_domain_shows_that_domains_pictures() {
    let page = Page::open(&Options { adapter: Adapter::None, ..Options::default() }, "device=cpu").unwrap();
    page_is_ready(&page);
    open_tab(&page, "teach");
    for domain in ["skin", "polyp"] {
        press(&page, &format!("#domains input[value={domain}]"));
        let open =
            format!("document.documentElement.dataset.state === 'ready' && window.fovea.state().domain === '{domain}'");
        page.wait_for(domain, &open, LIMIT).unwrap();
        let all = "[...document.querySelectorAll('#teach-pictures img')]";
        let own = format!("{all}.length > 4 && {all}.every(image => image.src.includes('/bundle/{domain}/'))");
        page.wait_for("its pictures alone", &own, LIMIT).unwrap();
    }
}
