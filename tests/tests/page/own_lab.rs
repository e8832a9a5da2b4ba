//! What the tests of the visitor's own pictures share.

use fovea_tests::page::Page;

use crate::common::{LIMIT, bundle_file, inside_mask, on_image, value};

/// Cases of the gallery that are brought as own pictures.
pub(crate) const CASES: [&str; 4] = [
    "cju1cbokpuiw70988j4lq1fpi",
    "cju45v0pungu40871acnwtmu5",
    "cju2wve9v7esz0878mxsdcy04",
    "cju15wdt3zla10801odjiw7sy",
];

/// Drops files on the stage; `files` is a JavaScript list that may wait.
pub(crate) fn drop_files(page: &Page, files: &str) {
    let script = format!(
        "return (async () => {{ const data = new DataTransfer(); for (const file of [{files}]) data.items.add(await file);
        for (const kind of ['dragenter', 'dragover', 'drop']) document.querySelector('#stage').dispatchEvent(
            new DragEvent(kind, {{ bubbles: true, cancelable: true, dataTransfer: data }})); }})()"
    );
    page.browser.script(&script, &[]).unwrap();
}

pub(crate) fn gallery_file(case: &str, end: &str, name: &str) -> String {
    format!("fetch('bundle/polyp/gallery/{case}{end}').then(r => r.blob()).then(b => new File([b], '{name}'))")
}

pub(crate) fn count(page: &Page, selector: &str) -> u64 {
    value(page, &format!("document.querySelectorAll('{selector}').length")).as_u64().unwrap()
}

pub(crate) fn text(page: &Page, id: &str) -> String {
    value(page, &format!("document.querySelector('#{id}').textContent")).as_str().unwrap().to_owned()
}

pub(crate) fn wait(page: &Page, what: &str, condition: &str) {
    page.wait_for(what, condition, LIMIT).unwrap();
}

/// Looks at the own picture that is on the stage, once the viewing has begun.
pub(crate) fn glance(page: &Page, case: &str, taken: u64) {
    wait(page, "the viewing", "document.querySelector('#stage').hasAttribute('data-viewing')");
    let canvas = page.browser.find("#stage-canvas").unwrap();
    for place in inside_mask(&bundle_file(&format!("polyp/gallery/{case}-mask.png"))) {
        canvas.hover(on_image(page, place)).unwrap();
    }
    wait(page, "the glance", &format!("document.querySelectorAll('#own-grid [data-state=taken]').length === {taken}"));
}
