//! What the tests of the built page share.

use std::{fs, time::Duration};

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

/// The SHA-256 of a shipped bundle's file, out of its manifest.
pub(crate) fn shipped(domain: &str, file: &str) -> String {
    let manifest = bundle_json(&format!("{domain}/manifest.json"));
    manifest["files"][file]["sha256"].as_str().unwrap_or_else(|| panic!("{domain} has no {file}")).to_owned()
}
