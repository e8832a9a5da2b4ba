//! The app on the real `index.html`: images, gaze, layers, engines that break down.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

mod stand;

use fovea_web::{
    protocol::{Backend, Blob, DicomPicture, Opened, Response},
    startup,
};
use stand::{Stand, click, js, key, open_tab, outline, pointer, report, text, wait};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn clicks_undo_and_redo_ask_for_the_right_looks() {
    let stand = Stand::open().await;
    assert_eq!(text("document.documentElement.dataset.state"), "ready");
    click(100.0, 200.0);
    stand.expect("look 1 after 0");
    assert_eq!(text("document.documentElement.dataset.state"), "busy");
    stand.seen("first");
    assert_eq!(text("fovea.maskHash('teacher')"), "first");
    assert_eq!(text("fovea.state().fixations.map(f => [f.x, f.y, f.duration_ms])"), "0.25,0.5,250");
    assert_eq!(text("fovea.clickLatencies.length"), "1");
    assert!(text("document.querySelector('#status').textContent").contains("Point 1 added"));
    assert_eq!(text("document.querySelector('#dice-teacher').textContent"), "0.75");

    js("", "document.querySelector('#undo').click()", &[]);
    stand.expect("look 0 after 1");
    stand.seen("none");
    assert_eq!(text("document.querySelector('#undo').disabled"), "true");
    key("body", "key: 'Z', ctrlKey: true, shiftKey: true");
    stand.expect("look 1 after 0");
}

#[wasm_bindgen_test]
async fn an_answer_costs_one_look_for_work_one_refresh_and_one_drawing() {
    let stand = Stand::open().await;
    click(100.0, 200.0);
    stand.seen("first");
    let work = || text("Object.values(fovea.state().work)");
    let count = |work: &str| work.split(',').map(|n| n.parse::<u64>().unwrap()).collect::<Vec<_>>();
    click(200.0, 200.0);
    let before = count(&work());
    stand.seen("second");
    let after = count(&work());
    let cost: Vec<u64> = before.iter().zip(&after).map(|(before, after)| after - before).collect();
    assert_eq!(cost, [1, 1, 1], "pumps, refreshes, paints");
}

#[wasm_bindgen_test]
async fn clicks_during_a_run_are_answered_once_by_the_newest() {
    let stand = Stand::open().await;
    let before = stand.recorder.sent.borrow().len();
    for i in 0..10 {
        click(40.0 + 35.0 * f64::from(i), 200.0);
    }
    assert_eq!(stand.recorder.sent.borrow().len(), before + 1);
    stand.seen("one");
    stand.expect("look 10 after 0");
    stand.seen("ten");
    assert_eq!(stand.recorder.sent.borrow().len(), before + 2);
    assert_eq!(text("fovea.clickLatencies.length"), "1");
}

#[wasm_bindgen_test]
async fn drag_delete_and_right_click_change_points() {
    let stand = Stand::open().await;
    click(100.0, 100.0);
    stand.seen("a");
    pointer("pointerdown", 100.0, 100.0);
    pointer("pointermove", 200.0, 300.0);
    pointer("pointerup", 200.0, 300.0);
    assert_eq!(text("fovea.state().fixations.map(f => [f.x, f.y])"), "0.5,0.75");
    stand.seen("b");
    key("#stage-canvas", "key: 'Delete'");
    assert_eq!(text("fovea.state().fixations.length"), "0");
    js("", "document.querySelector('#undo').click()", &[]);
    let menu = "document.querySelector('#stage-canvas').dispatchEvent(new MouseEvent('contextmenu',
        { clientX: 200, clientY: 300, button: 2, bubbles: true, cancelable: true }))";
    assert!(js("", &format!("return !{menu}"), &[]).is_truthy(), "the browser's own menu must not open");
    assert_eq!(text("fovea.state().fixations.length"), "0");
}

#[wasm_bindgen_test]
async fn the_keyboard_alone_adds_a_point() {
    let stand = Stand::open().await;
    key("#stage-canvas", "key: 'ArrowRight'");
    key("#stage-canvas", "key: 'ArrowRight', shiftKey: true");
    assert!(text("document.querySelector('#status').textContent").contains("60 % from the left"));
    key("#stage-canvas", "key: 'Enter'");
    js("", "document.querySelector('#stage-canvas').dispatchEvent(new KeyboardEvent('keyup', { key: 'Enter' }))", &[]);
    stand.expect("look 1 after 0");
    assert_eq!(text("fovea.state().fixations.map(f => f.x.toFixed(2))"), "0.60");
}

#[wasm_bindgen_test]
async fn of_a_dicom_file_only_the_picture_that_the_engine_makes_is_opened() {
    let stand = Stand::open().await;
    let made_of = "new Uint8Array(128), 'DICM'";
    stand.choose_made_of("IM1", made_of).await;
    stand.expect("dicom IM1");
    assert_eq!(text("fovea.state().phase"), "busy");
    stand.answer_last(Response::DicomRead(DicomPicture { png: Blob(vec![1]), frame: 2, frames: 3 }));
    stand.expect_soon("open IM1").await;
    stand.picture(2);
    assert_eq!(text("fovea.state().title"), "IM1");
    let note = text("document.querySelector('#own-note').textContent");
    assert!(note.contains("3 frames") && note.contains("frame 2"), "{note}");
    // What the engine cannot read is said, and the picture stays.
    stand.choose_made_of("IM2", made_of).await;
    stand.expect("dicom IM2");
    stand.answer_last(Response::Refused("IM2: it is damaged.".into()));
    stand.expect_message_soon("IM2: it is damaged.").await;
    assert_eq!(text("fovea.state().title"), "IM1");
}

#[wasm_bindgen_test]
async fn a_refused_image_gives_a_message_and_the_page_lives_on() {
    let stand = Stand::open().await;
    stand.choose("two.png").await;
    stand.expect("open two.png");
    stand.answer_last(Response::Refused("two.png: this is not an image.".into()));
    assert_eq!(text("document.querySelector('#message-text').textContent"), "two.png: this is not an image.");
    assert_eq!(text("document.querySelector('#message').hidden"), "false");
    assert_eq!(text("[fovea.state().title, fovea.state().phase]"), "one.png,ready");
    click(200.0, 200.0);
    stand.expect("look 1 after 0");
}

#[wasm_bindgen_test]
async fn an_engine_that_breaks_down_is_started_again_with_the_same_gaze() {
    let stand = Stand::open().await;
    click(200.0, 200.0);
    stand.answer(0, Response::Panicked("out of memory".into()));
    stand.expect("start CPU");
    assert!(text("document.querySelector('#message-text').textContent").contains("out of memory"));
    stand.answer(0, Response::Alive);
    stand.expect("load polyp 7");
    let ready = stand.page.read(|app| app.model.devices.status(Backend::Cpu).report().cloned());
    assert_eq!(ready, None);
    stand.answer_last(Response::Loaded(report()));
    stand.expect("open one.png");
    let opens = stand.recorder.sent.borrow().iter().filter(|s| s.1 == "open one.png").count();
    assert_eq!(opens, 2, "once for each engine, never twice for one");
    stand.picture(1);
    stand.answer_last(Response::Opened(Opened {
        image: 1,
        embed_ms: 1.0,
        student: outline("s", None),
        place: 0,
        truth: None,
        likeness: None,
    }));
    stand.expect("look 1 after 0");
}

#[wasm_bindgen_test]
async fn a_bad_bundle_stops_the_page_with_the_reason() {
    startup::ready();
    let stand = Stand::new().await;
    stand
        .page
        .boot(async { Err("bundle/teacher.safetensors could not be loaded: the server answers 404.".into()) })
        .await;
    assert_eq!(text("document.documentElement.dataset.state"), "error");
    assert!(text("document.querySelector('#message-text').textContent").contains("teacher.safetensors"));
}

#[wasm_bindgen_test]
async fn facts_notices_and_layers_are_on_the_page() {
    let stand = Stand::open().await;
    assert!(
        text("document.querySelector('#model-facts').textContent").contains("0.800 ± 0.010 (3 seeds) on 100 images")
    );
    assert!(text("document.querySelector('#notices').textContent").contains("A notice about polyp."));
    assert!(text("document.querySelector('#selfcheck').textContent").contains("matches the reference"));
    assert_eq!(text("fovea.state().layers"), "heat,student,teacher");
    js("", "document.querySelector('#layer-student').click()", &[]);
    assert_eq!(text("fovea.state().layers"), "heat,teacher");
    // Pseudo-masks are asked for when they are to be seen, and not before.
    click(200.0, 200.0);
    stand.seen("look");
    stand.expect("look 1 after 0");
    js("", "document.querySelector('#layer-broad').click()", &[]);
    stand.expect("masks 1");
    assert_eq!(text("[fovea.maskArea('student'), fovea.maskHash('truth')]"), "400,");
}

#[wasm_bindgen_test]
async fn one_tab_is_open_and_what_must_be_seen_opens_its_own() {
    let _stand = Stand::open().await;
    let open = || text("[...document.querySelectorAll('[role=tabpanel]')].filter(p => !p.hidden).map(p => p.id)");
    let stops = || text("[...document.querySelectorAll('[role=tab]')].filter(t => t.tabIndex === 0).map(t => t.id)");
    assert_eq!((open(), stops()), ("panel-look".into(), "tab-look".into()));
    open_tab("teach");
    assert_eq!((open(), stops()), ("panel-teach".into(), "tab-teach".into()));
    key("#tab-teach", "key: 'ArrowRight'");
    assert_eq!((open(), text("document.activeElement.id")), ("panel-compare".into(), "tab-compare".into()));
    // A step of the lesson that speaks of a part of a panel.
    js("", "location.hash = '#lesson=4'", &[]);
    wait(100).await;
    assert_eq!(open(), "panel-words");
    js("", "location.hash = '#compare=masks'", &[]);
    wait(100).await;
    assert_eq!(open(), "panel-compare");
}

#[wasm_bindgen_test]
async fn the_sheet_of_pictures_closes_by_a_choice_by_escape_and_when_one_goes_on() {
    let _stand = Stand::open().await;
    let open = || {
        text(
            "[document.querySelector('#gallery').hasAttribute('data-open'), document.querySelector('#gallery-more').ariaExpanded]",
        )
    };
    let press = || js("", "document.querySelector('#gallery-more').click()", &[]);
    for leave in [
        "document.querySelector('#gallery-more').click()",
        "document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))",
        "document.querySelector('#tab-look').dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))",
        "const one = document.createElement('button'); document.querySelector('#gallery').append(one); one.click(); one.remove()",
    ] {
        assert_eq!(open(), "false,false");
        press();
        assert_eq!(open(), "true,true");
        js("", leave, &[]);
    }
    assert_eq!(open(), "false,false");
    assert_eq!(text("document.activeElement.id"), "gallery-more");
}

#[wasm_bindgen_test]
async fn leaving_the_lesson_brings_an_own_picture_back_with_looks_layers_and_tab() {
    let stand = Stand::open().await;
    click(100.0, 200.0);
    stand.seen("first");
    let press = |selector: &str| js("", &format!("document.querySelector('{selector}').click()"), &[]);
    let lesson = || {
        text(
            "[document.querySelector('#lesson').hidden, fovea.state().layers.includes('student'), document.activeElement.id]",
        )
    };
    press("#layer-student");
    open_tab("words");
    press("#lesson-start");
    assert_eq!(lesson(), "false,true,lesson-title");
    let asked = || text("['answers', 'guess', 'task'].map(id => !document.querySelector(`#lesson-${id}`).hidden)");
    assert_eq!(asked(), "true,false,false");
    press("[data-answer=\"1\"]");
    assert_eq!((asked(), lesson()), ("false,true,true".into(), "false,true,lesson-task".into()));
    // Nothing was measured on this picture.
    assert_eq!(text("document.querySelector('#lesson-figure').textContent"), "");
    // On the canvas Escape first puts down what is selected there.
    key("#stage-canvas", "key: 'Escape', cancelable: true");
    assert_eq!(text("document.querySelector('#lesson').hidden"), "false");
    key("#stage-canvas", "key: 'Escape', cancelable: true");
    assert_eq!(lesson(), "true,false,lesson-start");
    stand.expect("open one.png");
    let image = stand.page.read(|app| app.model.last_image);
    stand.picture(image);
    let student = outline("s", Some(0.5));
    let (truth, likeness) = (None, None);
    stand.answer_last(Response::Opened(Opened { image, embed_ms: 1.0, student, place: 0, truth, likeness }));
    stand.expect("look 1");
    assert_eq!(text("fovea.state().fixations.map(f => [f.x, f.y])"), "0.25,0.5");
    assert_eq!(text("fovea.state().canUndo"), "true");
    assert_eq!(
        text("[...document.querySelectorAll('[role=tabpanel]')].filter(p => !p.hidden).map(p => p.id)"),
        "panel-words"
    );
}
