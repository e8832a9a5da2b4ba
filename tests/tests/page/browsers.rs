//! The built page in other browsers: that it loads, follows a look and a word, and opens a file.

use fovea_tests::{
    page::Page,
    webdriver::{Engine, Pointer},
};
use serde_json::Value;

use crate::common::{LIMIT, READY, inside_lesion, on_image, open_tab, settled, value};

fn works_in(engine: Engine) {
    let page = Page::open_in(engine, "device=cpu").unwrap();
    page.wait_for("the page", READY, LIMIT).unwrap();
    let hash = |layer: &str| value(&page, &format!("window.fovea.maskHash('{layer}')"));
    assert!(hash("student").is_string());
    let agreed = value(&page, "window.fovea.state().reports[0].passed");
    assert_eq!(agreed, true, "the self-check: {}", value(&page, "window.fovea.state().reports"));

    // A look.
    let before = hash("teacher");
    let place = on_image(&page, inside_lesion(&page)[0]);
    page.browser.find("#stage-canvas").unwrap().tap(Pointer::Mouse, place).unwrap();
    settled(&page, "the look", "window.fovea.state().fixations.length === 1");
    let looked = hash("teacher");
    assert!(looked.is_string() && looked != before, "{before} {looked}");

    // A word.
    open_tab(&page, "words");
    let add = "const menu = document.querySelector('#add-phrase');
        const word = [...menu.options].find(option => option.value && !option.disabled);
        menu.value = word.value; menu.dispatchEvent(new Event('change', { bubbles: true })); return word.value";
    let word = page.browser.script(add, &[]).unwrap();
    settled(&page, "the word", "window.fovea.state().description?.touched");
    assert!(word.is_string() && hash("teacher").is_string());

    // A file of the visitor's.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.png");
    image::RgbImage::from_fn(320, 200, |x, y| image::Rgb([(x % 256) as u8, 80, (y % 256) as u8])).save(&path).unwrap();
    page.browser.find("#file").unwrap().upload(&path).unwrap();
    settled(&page, "the file", "String(window.fovea.state().size) === '320,200'");
    assert_eq!(value(&page, "window.fovea.state().message"), Value::Null);
}

#[test]
fn firefox_loads_looks_reads_words_and_opens_a_file() {
    works_in(Engine::Firefox);
}

#[test]
fn webkit_loads_looks_reads_words_and_opens_a_file() {
    works_in(Engine::WebKit);
}
