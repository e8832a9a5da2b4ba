//! The built page on WebGPU: what is compared, learnt and saved there is what the CPU compares, learns and saves.

use std::time::Duration;

use fovea_tests::{
    page::Page,
    webdriver::{Adapter, Options},
};
use serde_json::json;

use crate::common::{READY, value};

const LIMIT: Duration = Duration::from_secs(240);

/// Clinician's gaze, words switched off, students side by side, one step of live training, and the teacher's mask as a file.
const DO: &str = "const press = id => document.querySelector(id).click();
    press('#use-gaze'); press('#phrases li:not([hidden]) .phrase-toggle'); press('#compare-toggle'); press('#distil-once');
    window.saved = []; const address = URL.createObjectURL; URL.createObjectURL = blob => { saved.push(blob); return address.call(URL, blob); };
    HTMLAnchorElement.prototype.click = () => {};";

const DONE: &str =
    "document.documentElement.dataset.state === 'ready' && window.fovea.state().compare?.students.length > 0
    && window.fovea.state().live.step === 1";

/// Figures of the page on a device, in one list of numbers.
fn figures(adapter: Adapter, device: &str) -> (Vec<f64>, Page) {
    let query = format!("device={}#domain=prostate", device.to_lowercase());
    let page = Page::open(&Options { adapter, ..Options::default() }, &query).unwrap();
    let there = format!("{READY} && window.fovea.state().device === '{device}'");
    page.wait_for(device, &there, LIMIT).unwrap();
    page.browser.script(DO, &[]).unwrap();
    page.wait_for("all of it", DONE, LIMIT).unwrap();
    page.browser
        .script(
            "document.querySelector('#save-teacher').disabled = false; document.querySelector('#save-teacher').click()",
            &[],
        )
        .unwrap();
    page.wait_for("the mask's file", "saved.length === 1", LIMIT).unwrap();
    let found = "(s => [...s.dice, ...s.compare.students.flatMap(c => [c.dice, c.iou]), ...s.live.students.flatMap(l => [l.loss, l.dice])])(window.fovea.state())";
    let numbers = value(&page, found).as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
    (numbers, page)
}

#[test]
fn the_lab_gives_the_same_on_webgpu_as_on_the_cpu() {
    let (cpu, _) = figures(Adapter::None, "CPU");
    let (gpu, page) = figures(Adapter::SwiftShader, "WebGPU");
    assert_eq!(cpu.len(), gpu.len());
    for (place, (a, b)) in cpu.iter().zip(&gpu).enumerate() {
        // A pixel at the border may fall to the other side.
        assert!((a - b).abs() < 0.01, "figure {place}: {a} on the CPU, {b} on WebGPU\n{cpu:?}\n{gpu:?}");
    }
    let white = "const picture = await createImageBitmap(saved[0]); const c = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
        c.drawImage(picture, 0, 0); const { data } = c.getImageData(0, 0, picture.width, picture.height);
        let white = 0; for (let i = 0; i < data.length; i += 4) white += data[i] === 255; return white";
    let found = page.browser.script(&format!("return (async () => {{ {white} }})()"), &[]).unwrap();
    assert_eq!(found, value(&page, "window.fovea.maskArea('teacher')"));
    assert_eq!(value(&page, "window.fovea.state().device"), json!("WebGPU"), "no step has lost the device");
    page.expect_no_errors().unwrap();
}
