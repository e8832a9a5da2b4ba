//! What the tests of the built page share.

use std::{collections::BTreeMap, fs, time::Duration};

use fovea_tests::{
    gallery,
    page::{Page, dist},
};
use fovea_web::text::Message;
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

/// Opens a tab of the panel, as a visitor does: `look`, `words`, `teach` or `compare`.
pub(crate) fn open_tab(page: &Page, name: &str) {
    page.browser.find(&format!("#tab-{name}")).unwrap().click().unwrap();
    assert_eq!(value(page, &format!("document.querySelector('#panel-{name}').checkVisibility()")), true);
}

/// Unfolds a part of the page, such as `#details-gaze` or `#layers-more`.
pub(crate) fn unfold(page: &Page, selector: &str) {
    page.browser.script(&format!("document.querySelector('{selector}').open = true"), &[]).unwrap();
}

/// What an element of the dialog "About" says, which is opened for it.
pub(crate) fn about(page: &Page, selector: &str) -> String {
    press(page, "#about-open");
    let said = page.browser.find(selector).unwrap().text().unwrap();
    press(page, "#about-close");
    said
}

/// Waits until the page has drawn its first case, or the one it was asked for.
pub(crate) fn page_is_ready(page: &Page) {
    page.wait_for("the page", READY, LIMIT).unwrap();
}

/// What the page says in English: a message that has no arguments.
pub(crate) fn message(id: &str) -> String {
    let text = Message::named(id.to_owned()).to_string();
    assert_ne!(text, id, "there is no such message");
    text
}

/// Files that the page hands out from now on are kept in `saved` as `{name, blob}` and not written to a folder.
pub(crate) const CATCH: &str = "window.saved = []; let last;
    const address = URL.createObjectURL;
    URL.createObjectURL = blob => { last = blob; return address.call(URL, blob); };
    HTMLAnchorElement.prototype.click = function () { saved.push({ name: this.download, blob: last }); };";

/// Presses a button of the dialog; gives the name of the file and what `read` makes of the `blob`.
pub(crate) fn saved(page: &Page, button: &str, read: &str) -> (String, Value) {
    page.browser.script("saved.length = 0", &[]).unwrap();
    press(page, button);
    page.wait_for("the file", "saved.length === 1", LIMIT).unwrap();
    let body = format!("const {{ name, blob }} = saved[0]; return [name, await (async () => {{ {read} }})()]");
    let found = page.browser.script(&format!("return (async () => {{ {body} }})()"), &[]).unwrap();
    (found[0].as_str().unwrap().to_owned(), found[1].clone())
}

/// A JSON file of the shipped bundles.
pub(crate) fn bundle_json(name: &str) -> Value {
    serde_json::from_slice(&bundle_file(name)).unwrap()
}

/// A file of the shipped bundles.
pub(crate) fn bundle_file(name: &str) -> Vec<u8> {
    fs::read(dist().unwrap().join("bundle").join(name)).unwrap()
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

/// A place of the open image as a place of the stage's canvas, both in fractions.
pub(crate) fn on_image(page: &Page, place: (f64, f64)) -> (f64, f64) {
    gallery::on_image(page, place).unwrap()
}

/// Three places inside the lesion of the open case, in fractions of the image.
pub(crate) fn inside_lesion(page: &Page) -> Vec<(f64, f64)> {
    let domain = value(page, "window.fovea.state().domain").as_str().unwrap().to_owned();
    let case = value(page, "window.fovea.state().case").as_str().unwrap().to_owned();
    gallery::cases(&domain).unwrap().into_iter().find(|one| one.id == case).unwrap().inside_lesion().unwrap()
}

/// The same of a mask file.
pub(crate) fn inside_mask(mask: &[u8]) -> Vec<(f64, f64)> {
    gallery::inside(&image::load_from_memory(mask).unwrap().to_luma8())
}
