//! What the tests of the built page share.

use std::{collections::BTreeMap, fs, time::Duration};

use fovea_tests::page::{Page, dist};
use serde_json::Value;

/// The longest that anything on the page may take on a busy machine without a GPU.
pub(crate) const LIMIT: Duration = Duration::from_secs(180);
/// The page has drawn what it was asked for.
pub(crate) const READY: &str = "document.documentElement.dataset.state === 'ready'";

/// What a JavaScript expression is on the page.
pub(crate) fn value(page: &Page, expression: &str) -> Value {
    page.browser.script(&format!("return {expression}"), &[]).unwrap()
}

/// Waits until the page is ready and the condition holds.
pub(crate) fn settled(page: &Page, what: &str, condition: &str) {
    page.wait_for(what, &format!("{READY} && ({condition})"), LIMIT).unwrap();
}

/// Presses a control by script, wherever it is.
pub(crate) fn press(page: &Page, selector: &str) {
    page.browser.script(&format!("document.querySelector('{selector}').click()"), &[]).unwrap();
}

/// Waits until the page has drawn its first case, or the one it was asked for.
pub(crate) fn page_is_ready(page: &Page) {
    page.wait_for("the page", READY, LIMIT).unwrap();
}

/// A JSON file of the shipped bundles.
pub(crate) fn bundle_json(name: &str) -> Value {
    serde_json::from_slice(&fs::read(dist().unwrap().join("bundle").join(name)).unwrap()).unwrap()
}

/// The families of a shipped bundle, as the page's menu names them, each with how many students it has.
pub(crate) fn families(domain: &str) -> BTreeMap<String, usize> {
    let mut families = BTreeMap::new();
    for student in bundle_json(&format!("{domain}/manifest.json"))["students"].as_array().unwrap() {
        let released = if student["released"] == true { "-released" } else { "" };
        *families.entry(format!("{}{released}", student["told"].as_str().unwrap())).or_default() += 1;
    }
    families
}

/// Shows a student of the family that has the most: one whose switches lead somewhere. Gives the family's size.
pub(crate) fn show_largest_family(page: &Page) -> usize {
    let domain = value(page, "window.fovea.state().domain").as_str().unwrap().to_owned();
    let (family, size) = families(&domain).into_iter().max_by_key(|(_, size)| *size).unwrap();
    let choose = "const menu = document.querySelector('#family'); menu.value = arguments[0];
        menu.dispatchEvent(new Event('change', {bubbles: true})); return menu.value";
    assert_eq!(page.browser.script(choose, &[family.as_str().into()]).unwrap(), family.as_str());
    settled(page, "its student", "window.fovea.maskHash('student')");
    size
}

/// The SHA-256 of a shipped bundle's file, out of its manifest.
pub(crate) fn shipped(domain: &str, file: &str) -> String {
    let manifest = bundle_json(&format!("{domain}/manifest.json"));
    manifest["files"][file]["sha256"].as_str().unwrap_or_else(|| panic!("{domain} has no {file}")).to_owned()
}
