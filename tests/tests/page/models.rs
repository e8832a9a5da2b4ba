//! The choice of a domain and of a student in the built page, in real Chromium.

use std::fs;

use fovea_tests::{
    page::{Page, copy_folder, dist},
    webdriver::{Adapter, Options},
};
use serde_json::{Value, json};

use crate::common::{LIMIT, bundle_json, families, open_tab, settled, shipped, show_largest_family, unfold, value};

fn options() -> Options {
    Options { adapter: Adapter::None, ..Options::default() }
}

/// Waits until everything is on the screen and `condition` is true too.
/// Clicks on the label of a choice, as a visitor does.
fn press(page: &Page, input: &str) {
    let label =
        value(page, &format!("document.querySelector('{input}').closest('label').getBoundingClientRect().height"));
    assert!(label.as_f64().unwrap() >= 24.0, "{input} is {label} px high: too low for a mouse");
    page.browser.script("document.querySelector(arguments[0]).closest('label').click()", &[json!(input)]).unwrap();
}

/// Names of the files below bundle/ that the page has asked for since the last call.
fn fetched(page: &Page) -> Vec<String> {
    let script = "const names = performance.getEntriesByType('resource').map(e => new URL(e.name).pathname).filter(p => p.includes('/bundle/'));
        performance.clearResourceTimings(); return names.map(p => p.split('/bundle/')[1])";
    let names = page.browser.script(script, &[]).unwrap();
    names.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

/// The folders of the shipped bundles, in their order.
fn folders() -> Vec<String> {
    let index = bundle_json("index.json");
    index.as_array().unwrap().iter().map(|entry| entry["folder"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn another_domain_brings_its_gallery_and_words_and_fetches_nothing_twice() {
    let page = Page::open(&options(), "device=cpu").unwrap();
    settled(&page, "the page", "true");
    let first = value(&page, "window.fovea.state().domain").as_str().unwrap().to_owned();
    let domains = value(&page, "window.fovea.state().domains");
    let other = domains.as_array().unwrap().iter().filter_map(Value::as_str).find(|d| *d != first).unwrap().to_owned();
    let before = value(&page, "[...document.querySelectorAll('#gallery img')].map(i => i.getAttribute('src')).join()");
    let asked = fetched(&page);
    assert!(asked.iter().any(|name| name.ends_with("backbone.safetensors")), "{asked:?}");
    assert!(
        !asked.iter().any(|name| name.starts_with(&format!("{other}/"))),
        "only the first domain is loaded: {asked:?}"
    );
    page.browser.script("document.querySelector('#use-gaze').click()", &[]).unwrap();
    settled(&page, "gaze", "window.fovea.state().fixations.length > 0");

    press(&page, &format!("#domains input[value={other}]"));
    settled(&page, &other, &format!("window.fovea.state().domain === '{other}' && window.fovea.state().case"));
    let asked = fetched(&page);
    assert!(asked.iter().any(|name| *name == format!("{other}/teacher.safetensors")), "{asked:?}");
    // What the two have in common is there already: the words, and the backbone unless one of them has adapted its own.
    for name in ["backbone.safetensors", "phrases.safetensors"] {
        let common = shipped(&first, name) == shipped(&other, name);
        assert_eq!(asked.iter().any(|asked| asked.ends_with(name)), !common, "{name}: {asked:?}");
    }
    assert_eq!(shipped(&first, "phrases.safetensors"), shipped(&other, "phrases.safetensors"));
    assert_ne!(
        value(&page, "[...document.querySelectorAll('#gallery img')].map(i => i.getAttribute('src')).join()"),
        before
    );
    assert_eq!(value(&page, "window.fovea.state().fixations.length"), 0);
    assert_eq!(value(&page, "location.hash"), json!(format!("#domain={other}")));
    assert!(value(&page, "window.fovea.maskHash('teacher')").is_string());
    page.browser.script("document.querySelector('#use-gaze').click()", &[]).unwrap();
    settled(&page, "gaze", "window.fovea.state().fixations.length > 0");

    // The address brings a visitor there at once; the way back needs nothing but the gallery.
    page.browser.reload().unwrap();
    settled(&page, &other, &format!("window.fovea.state().domain === '{other}'"));
    press(&page, &format!("#domains input[value={first}]"));
    settled(&page, &first, &format!("window.fovea.state().domain === '{first}' && window.fovea.state().case"));
    fetched(&page);
    press(&page, &format!("#domains input[value={other}]"));
    settled(&page, &other, &format!("window.fovea.state().domain === '{other}' && window.fovea.state().case"));
    let asked = fetched(&page);
    assert!(!asked.iter().any(|name| name.ends_with(".safetensors")), "{asked:?}");
    // A third one brings its heads only, where its backbone is that of one before.
    let third =
        domains.as_array().unwrap().iter().filter_map(Value::as_str).find(|d| *d != first && *d != other).unwrap();
    assert_eq!(shipped(third, "backbone.safetensors"), shipped(&other, "backbone.safetensors"));
    press(&page, &format!("#domains input[value={third}]"));
    settled(&page, third, &format!("window.fovea.state().domain === '{third}' && window.fovea.state().case"));
    let asked = fetched(&page);
    assert!(asked.iter().any(|name| *name == format!("{third}/teacher.safetensors")), "{asked:?}");
    assert!(!asked.iter().any(|name| name.ends_with("backbone.safetensors")), "{asked:?}");
    page.expect_no_errors().unwrap();
}

#[test]
fn the_switches_lead_to_all_eight_students_of_a_family() {
    let eight = |folder: &String| families(folder).values().any(|size| *size == 8);
    let folder = folders().into_iter().rfind(eight).expect("a bundle with a family of eight");
    let page = Page::open(&options(), &format!("device=cpu#domain={folder}")).unwrap();
    settled(&page, &folder, &format!("window.fovea.state().domain === '{folder}'"));
    open_tab(&page, "compare");
    unfold(&page, "#students");
    assert_eq!(show_largest_family(&page), 8);
    let teacher = value(&page, "window.fovea.maskHash('teacher')");
    let mut seen = vec![];
    // A Gray code: from whichever it is, one switch at a time, through all eight.
    for strategy in ["", "afc", "cwc", "afc", "darm", "afc", "cwc", "afc"] {
        if !strategy.is_empty() {
            press(&page, &format!("#strategy-{strategy}"));
        }
        settled(&page, strategy, "window.fovea.maskHash('student')");
        let note = page.browser.find("#student-note").unwrap().text().unwrap();
        let dice = value(&page, "document.querySelector('#dice-student').textContent");
        let dice = dice.as_str().unwrap();
        assert!(note.contains("Dice") && dice.parse::<f64>().is_ok(), "{note} {dice}");
        seen.push((
            value(&page, "window.fovea.state().student").as_str().unwrap().to_owned(),
            value(&page, "window.fovea.maskHash('student')").as_str().unwrap().to_owned(),
        ));
    }
    let mut names: Vec<&String> = seen.iter().map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 8, "{seen:?}");
    let mut masks: Vec<&String> = seen.iter().map(|(_, mask)| mask).collect();
    masks.sort();
    masks.dedup();
    assert!(masks.len() > 4, "eight networks draw more than four masks: {seen:?}");
    assert_eq!(value(&page, "window.fovea.maskHash('teacher')"), teacher, "the teacher does not care");
    assert_eq!(value(&page, "window.fovea.state().canUndo"), false);
    page.expect_no_errors().unwrap();
}

#[test]
fn a_domain_that_cannot_be_downloaded_is_named_and_the_old_one_works_on() {
    let folder = tempfile::TempDir::new().unwrap();
    copy_folder(&dist().unwrap(), folder.path()).unwrap();
    let folders = folders();
    assert!(folders.len() > 1, "the bundle that is broken here is not the first one");
    let other = folders.last().unwrap().clone();
    let goldens = folder.path().join(format!("bundle/{other}/goldens.safetensors"));
    let whole = fs::read(&goldens).unwrap();
    fs::remove_file(&goldens).unwrap();
    let page = Page::open_folder(folder.path(), &options(), "device=cpu").unwrap();
    settled(&page, "the page", "true");
    let first = value(&page, "window.fovea.state().domain");
    let refused = |words: [&str; 2]| {
        press(&page, &format!("#domains input[value={other}]"));
        let said = "!document.querySelector('#message').hidden && window.fovea.state().message";
        let message = page.wait_for("the message", said, LIMIT).unwrap();
        let message = message.as_str().unwrap();
        assert!(words.iter().all(|word| message.contains(word)), "the message says: {message}");
        settled(
            &page,
            "the old domain",
            "document.querySelector('#domains input:checked').value === window.fovea.state().domain",
        );
        assert_eq!(value(&page, "window.fovea.state().domain"), first);
        page.browser.find("#message-close").unwrap().click().unwrap();
        let before = value(&page, "window.fovea.clickLatencies.length").as_u64().unwrap();
        page.browser.script("document.querySelector('#use-gaze').click()", &[]).unwrap();
        settled(&page, "a look", &format!("window.fovea.clickLatencies.length > {before}"));
    };
    refused([format!("bundle/{other}/goldens.safetensors").as_str(), "404"]);
    let mut bad = whole.clone();
    let middle = bad.len() / 2;
    bad[middle] ^= 0x10;
    fs::write(&goldens, bad).unwrap();
    refused(["goldens.safetensors", "SHA-256"]);
    // Mended, it can be had without loading the page again.
    fs::write(&goldens, whole).unwrap();
    press(&page, &format!("#domains input[value={other}]"));
    settled(&page, &other, &format!("window.fovea.state().domain === '{other}' && window.fovea.state().case"));
}

#[test]
fn the_domain_is_chosen_with_the_keyboard_and_missing_students_have_a_reason() {
    let page = Page::open(&options(), "device=cpu").unwrap();
    settled(&page, "the page", "true");
    open_tab(&page, "compare");
    unfold(&page, "#students");
    let students = show_largest_family(&page);
    let off = value(&page, "document.querySelectorAll('.switches input:disabled').length").as_u64().unwrap();
    let note = page.browser.find("#student-note").unwrap().text().unwrap();
    assert!((students == 8) != note.contains("have not been trained"), "{students} students: {note}");
    assert!(students != 1 || off == 3, "{off} switches are off");
    page.browser.script("document.querySelector('#domains input:checked').focus()", &[]).unwrap();
    let first = value(&page, "window.fovea.state().domain");
    page.browser.keys(&["ArrowRight"]).unwrap();
    settled(&page, "the next domain", &format!("window.fovea.state().domain !== {first} && window.fovea.state().case"));
    assert_eq!(value(&page, "document.activeElement.value"), value(&page, "window.fovea.state().domain"));
    page.expect_no_errors().unwrap();
}
