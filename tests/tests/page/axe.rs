//! Accessibility of the built page, in real Chromium: the rules of axe-core, and targets that are large enough for a finger.

use std::fs;

use fovea_tests::{
    page::Page,
    webdriver::{Adapter, Options, Screen},
};
use serde_json::{Value, json};

use crate::common::settled;

/// Least side of what one presses, in CSS pixels: with a mouse (WCAG 2.5.8), and with a finger.
const MOUSE: f64 = 24.0;
const FINGER: f64 = 44.0;

const DESKTOP: Screen = Screen { width: 1280, height: 800, scale: 1.0, phone: false };
const PHONE: Screen = Screen { width: 360, height: 740, scale: 1.0, phone: true };

/// Everything that axe-core finds wrong: the rule, and the first elements that break it.
const RUN: &str = "const found = await axe.run(document, { resultTypes: ['violations'] });
    return found.violations.map(v => v.id + ' (' + v.help + '): ' + v.nodes.slice(0, 6).map(n => n.target.join(' ') + ' ' +
        (n.any[0]?.message ?? n.all[0]?.message ?? n.none[0]?.message ?? '')).join(' | ')).join('\\n');";

/// Elements that one presses whose box is lower or narrower than a number of px. What takes the press for an element (its label, the button that a
/// menu lies over) counts as its box; links in running text have none of their own.
const SMALL: &str = "const seen = [...document.querySelectorAll('a[href], button, input, select, summary, textarea, [role=button], canvas[tabindex]')];
    return seen.filter(e => e.checkVisibility({ visibilityProperty: true })).filter(e => !(e.matches('a') && getComputedStyle(e).display === 'inline')).map(e => {
        const boxes = [e, ...(e.labels ?? []), e.closest('.menu')].filter(Boolean).map(b => b.getBoundingClientRect());
        return [e.tagName + '#' + e.id + '.' + e.className, Math.max(...boxes.map(b => b.width)), Math.max(...boxes.map(b => b.height))];
    }).filter(([, width, height]) => Math.min(width, height) < arguments[0] - .01).map(row => row.join(' '));";

fn open() -> Page {
    let page = Page::open(&Options { adapter: Adapter::None, ..Options::default() }, "device=cpu").unwrap();
    settled(&page, "the page", "document.querySelector('#offline').dataset.state === 'ready'");
    page
}

#[test]
fn axe_finds_nothing_on_any_screen_in_any_light_and_every_target_is_large_enough() {
    let axe = fs::read_to_string(xtask::axe::ensure().unwrap()).unwrap();
    let page = open();
    page.browser.script(&format!("{axe}; window.axe = axe"), &[]).unwrap();
    let run = format!("return (async () => {{ {RUN} }})()");
    // Each on top of the one before.
    let stands = [
        ("fresh", "", "true"),
        ("with gaze", "document.querySelector('#use-gaze').click()", "window.fovea.state().fixations.length > 0"),
        ("with all pictures", "document.querySelector('#gallery-more').click()", "document.querySelector('#gallery').dataset.open !== undefined"),
        ("with all layers", "document.querySelector('#gallery-more').click(); document.querySelector('#layers-more').open = true", "true"),
        ("with the form", "document.querySelector('#tab-words').click(); document.querySelector('#words-more').open = true;
            document.querySelector('#ask').open = true; document.querySelector('#ask-base').value = 'https://example.org/v1';
            document.querySelector('#ask-base').dispatchEvent(new Event('input', { bubbles: true }))", "!document.querySelector('#ask-far').hidden"),
        ("with details", "document.querySelectorAll('details').forEach(d => d.open = true); document.querySelector('#tab-look').click()",
            "document.querySelector('#fixations li')"),
        ("about", "document.querySelector('#about-open').click()", "document.querySelector('#about').open"),
        ("for teachers", "document.querySelector('#teachers-open').click()", "document.querySelector('#teachers').open"),
        ("side by side", "document.querySelector('#teachers-close').click(); document.querySelector('#about-close').click(); document.querySelector('#tab-compare').click();
            document.querySelector('#compare-toggle').click()", "window.fovea.state().compare?.students.length > 0"),
        ("learning", "document.querySelector('#tab-teach').click(); document.querySelector('#distil-once').click()", "window.fovea.state().live.step === 1"),
        ("a class", "const text = JSON.stringify({ kind: 'fovea-glances', version: 1, domain: 'polyp', gaze: 'pointer', pictures: [
            { case: 'x', fixations: [{ x: .5, y: .5, start_ms: 0, duration_ms: 300 }] }] }); const files = new DataTransfer();
            for (const [name, of] of [['a', text], ['b', text], ['c', '{']]) files.items.add(new File([of], name + '.fovea-glances.json'));
            document.querySelector('#stage').dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: files }))",
            "document.querySelectorAll('#class-table tr').length === 2 && document.querySelector('#class-refused li')"),
        ("own pictures", "document.querySelector('#own-open').click(); const canvas = document.createElement('canvas'); canvas.width = 90; canvas.height = 70;
            canvas.getContext('2d').fillRect(9, 9, 40, 40); canvas.toBlob(blob => { const data = new DataTransfer();
            for (const name of ['a.png', 'b.png', 'notes.txt']) data.items.add(name.endsWith('txt') ? new File(['x'], name) : new File([blob], name));
            document.querySelector('#stage').dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data })); })",
            "document.querySelectorAll('#own-grid .thumb').length === 2 && !document.querySelector('#own-go').disabled"),
        ("an own picture", "document.querySelector('#own-grid .thumb').click()", "!document.querySelector('#own-redraw').disabled"),
        ("the brush", "document.querySelector('#own-redraw').click()", "!document.querySelector('#brush').hidden"),
        ("throwing away", "document.querySelector('#brush-cancel').click(); document.querySelector('#own-away').click()", "!document.querySelector('#own-really').hidden"),
        ("with the lesson", "document.querySelector('#own-really-yes').click(); document.querySelector('#lesson-start').click(); document.querySelector('[data-answer]').click()", "!document.querySelector('#lesson').hidden"),
        ("saving and sharing", "document.querySelector('#share-open').click()", "document.querySelector('#share').open"),
        ("taking a picture", "document.querySelector('#share-close').click(); document.querySelector('#camera-open').click()",
            "!document.querySelector('#camera-take').disabled"),
        ("with an own image", "document.querySelector('#camera-take').click()", "window.fovea.state().title === 'camera.jpg'"),
        ("with a message", "location.hash = 'domain=nothing'", "window.fovea.state().message"),
    ];
    let mut wrong = Vec::new();
    for (stand, script, condition) in stands {
        page.browser.script(script, &[]).unwrap();
        settled(&page, stand, condition);
        for (screen, name, least) in [(DESKTOP, "desktop", MOUSE), (PHONE, "phone", FINGER)] {
            page.browser.screen(screen).unwrap();
            for scheme in ["light", "dark"] {
                page.browser.media(&[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")]).unwrap();
                let found = page.browser.script(&run, &[]).unwrap();
                if found != "" {
                    wrong.push(format!("{stand}, {name}, {scheme}:\n{}", found.as_str().unwrap()));
                }
            }
            let small = page.browser.script(SMALL, &[json!(least)]).unwrap();
            for element in small.as_array().unwrap().iter().filter_map(Value::as_str) {
                wrong.push(format!("{stand}, {name}: smaller than {least} px: {element}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));

    // Both would have seen something.
    let plant = "const spot = document.querySelector('.below'); spot.append(Object.assign(new Image(), { src: 'icon.svg' }));
        spot.append(Object.assign(document.createElement('button'), { id: 'planted', style: 'all: unset; width: 20px; color: #888; background: #999', textContent: 'planted' }))";
    page.browser.script(plant, &[]).unwrap();
    let found = page.browser.script(&run, &[]).unwrap();
    assert!(
        found.as_str().unwrap().contains("image-alt") && found.as_str().unwrap().contains("color-contrast"),
        "{found}"
    );
    let small = page.browser.script(SMALL, &[json!(MOUSE)]).unwrap();
    assert!(small.to_string().contains("planted"), "{small}");
}
