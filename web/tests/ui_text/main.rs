//! The app on the real `index.html`: descriptions, attention, edits and their history.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

mod looks;
#[path = "../stand/mod.rs"]
mod stand;

use std::collections::BTreeMap;

use fovea_shared::{
    bundle::Steering,
    description::{Field, Source},
};
use fovea_web::protocol::Response;
use stand::{
    OVAL, Stand, attention, change, chips, choose, click, js, key, nothing_seen, on_phrase, open_tab, pointer, said,
    seen, text, toggle, wait,
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn a_description_shows_its_source_its_phrases_and_what_was_found_about_text() {
    let _stand = Stand::described().await;
    assert_eq!(chips(), "Location: upper left; Shape: oval");
    let card = text("document.querySelector('#description').innerText");
    for part in [
        "measured from gaze and pixels, no language model",
        "Low confidence: 40 %",
        "A caveat.",
        "It was found to listen.",
        "The student reads no text",
    ] {
        assert!(card.contains(part), "{part} is missing in: {card}");
    }
    assert_eq!(
        text("document.querySelector('#sentence').textContent"),
        "An oval polyp, in the upper left of the image."
    );
    assert_eq!(text("document.querySelector('#description-source').dataset.source"), "measured");
    assert_eq!(text("document.querySelector('#description-edited').hidden"), "true");
    assert_eq!(
        text("document.querySelector('#about-shape').textContent"),
        "Attention is strongest at centre, 25 % at most."
    );
    assert_eq!(text("fovea.state().canUndo"), "false", "what the image comes with is no step");
    assert!(text("document.querySelector('#model-facts').textContent").contains("words for tests"));
}

#[wasm_bindgen_test]
async fn words_and_gaze_share_one_history() {
    let stand = Stand::described().await;
    toggle("shape");
    stand.expect(&format!("look 0 location=upper_left after{OVAL}"));
    assert_eq!(chips(), "Location: upper left; Shape: oval off");
    stand.answer_last(seen("off", attention(&[("location", "upper_left", 0)]), change(40, 8)));
    assert_eq!(text("fovea.clickLatencies.length"), "1", "an answer to words is timed as one to a click is");
    click(100.0, 200.0);
    stand.expect("look 1 location=upper_left after 0 location=upper_left");
    stand.seen("click");
    choose("#phrases [data-field=location] select", "centre");
    stand.expect("look 1 location=centre after location=upper_left");
    stand.answer_last(seen("centre", vec![], change(1, 0)));
    assert_eq!(text("document.querySelector('#description-edited').hidden"), "false");
    assert!(text("document.querySelector('[data-field=location] button').textContent").contains("changed by you"));

    key("body", "key: 'z', ctrlKey: true");
    stand.expect("look 1 location=upper_left after location=centre");
    stand.seen("click");
    assert!(
        text("document.querySelector('#status').textContent")
            .contains("Undone: “Location: centre” became “upper left”")
    );
    key("body", "key: 'z', ctrlKey: true");
    stand.expect("look 0 location=upper_left after 1 location=upper_left");
    stand.seen("off");
    key("body", "key: 'z', ctrlKey: true");
    stand.expect(&format!("look 0{OVAL} after location=upper_left"));
    stand.seen("oval");
    assert_eq!(chips(), "Location: upper left; Shape: oval");
    assert_eq!(text("[fovea.state().canUndo, fovea.state().description.touched]"), "false,false");
    key("body", "key: 'y', ctrlKey: true");
    stand.expect(&format!("look 0 location=upper_left after{OVAL}"));
}

#[wasm_bindgen_test]
async fn edits_before_an_answer_are_compared_with_what_was_drawn() {
    let stand = Stand::described().await;
    let before = stand.recorder.sent.borrow().len();
    toggle("shape");
    choose("#phrases [data-field=location] select", "lower_right");
    choose("#add-phrase", "colour.red");
    assert_eq!(stand.recorder.sent.borrow().len(), before + 1);
    stand.answer_last(seen("old", vec![], change(4, 4)));
    assert_eq!(text("fovea.state().change"), "null", "it is not the state that was asked for");
    stand.expect(&format!("look 0 location=lower_right colour=red after{OVAL}"));
    stand.answer_last(seen("new", vec![], change(40, 20)));
    assert_eq!(text("fovea.state().change.edit"), "3 phrases changed.");
    assert_eq!(chips(), "Location: lower right, changed by you; Shape: oval off; Colour: red, changed by you");
    // There and back before an answer is no edit.
    toggle("colour");
    stand.expect("look 0 location=lower_right after location=lower_right colour=red");
    toggle("colour");
    stand.answer_last(seen("off", vec![], change(1, 1)));
    stand.expect("look 0 location=lower_right colour=red");
}

#[wasm_bindgen_test]
async fn what_an_edit_changed_is_said_until_gaze_moves_or_it_is_closed() {
    let stand = Stand::described().await;
    let shown = || text("document.querySelector('#change').hidden") == "false";
    assert!(!shown());
    toggle("shape");
    stand.answer_last(seen("off", vec![], change(40, 8)));
    assert!(shown());
    assert_eq!(text("document.querySelector('#change-what').textContent"), "“Shape: oval” is not read any more.");
    let result = "The mask gained 10 % and lost 2.0 % of its former area. Dice 0.50 → 0.75.";
    assert_eq!(text("document.querySelector('#change-result').textContent"), result);
    assert!(text("document.querySelector('#status').textContent").ends_with(result));
    assert_eq!(
        text("[document.querySelector('#legend').hidden, document.querySelector('#legend-ramp').hidden]"),
        "false,true"
    );
    open_tab("words");
    // The canvas has a listener of its own for losing the focus.
    js("", "document.querySelector('#stage-canvas').focus(); document.querySelector('#change-close').click()", &[]);
    assert!(!shown() && text("document.querySelector('#legend').hidden") == "true");
    assert_eq!(text("document.activeElement.id"), "add-phrase", "the focus is not lost");

    toggle("shape");
    stand.answer_last(seen("on", vec![], change(1, 1)));
    assert!(text("document.querySelector('#change-result').textContent").contains("did not change the mask"));
    click(100.0, 100.0);
    assert!(!shown());
    stand.seen("click");
    assert_eq!(text("fovea.state().change"), "null");
}

#[wasm_bindgen_test]
async fn what_a_look_changed_is_hatched_and_said_and_a_drag_is_compared_with_its_beginning() {
    let stand = Stand::open().await;
    click(100.0, 100.0);
    stand.expect("look 1 after 0");
    stand.answer_last(seen("click", vec![], change(40, 8)));
    assert_eq!(text("fovea.state().change.edit"), "The teacher sees 1 gaze point.");
    let title =
        || text("document.querySelector('#legend').hidden + document.querySelector('#legend-title').textContent");
    assert_eq!(title(), "falseWhat your look changed");

    pointer("pointerdown", 100.0, 100.0);
    pointer("pointermove", 200.0, 300.0);
    stand.expect("look 1 after 1");
    assert_eq!(text("fovea.state().change.gained"), "40", "what was hatched does not flicker on the way");
    pointer("pointermove", 210.0, 300.0);
    stand.answer_last(seen("way", vec![], change(80, 8)));
    assert_eq!(text("fovea.state().change.gained"), "80", "a mask on the way is compared with the beginning too");
    stand.answer_last(seen("there", vec![], change(20, 8)));
    pointer("pointerup", 210.0, 300.0);
    assert_eq!(text("fovea.state().change.gained"), "20");

    // Where the teacher sees nothing, that is said in place of the legend.
    click(300.0, 50.0);
    assert_eq!(text("fovea.state().change"), "null");
    stand.expect("look 2 after 1");
    let Response::Seen(mut nothing) = nothing_seen() else { unreachable!() };
    nothing.change = change(0, 400);
    stand.answer_last(Response::Seen(nothing));
    assert_eq!(
        text("[document.querySelector('#legend').hidden, document.querySelector('#no-lesion').hidden]"),
        "true,false"
    );
    js("", "document.querySelector('#clear').click()", &[]);
    stand.expect("look 0 after 2");
    stand.answer_last(seen("none", vec![], change(400, 0)));
    assert_eq!(text("fovea.state().change.edit"), "The teacher sees no gaze.");
}

#[wasm_bindgen_test]
async fn pointing_and_holding_show_attention_and_leaving_hides_it() {
    let stand = Stand::described().await;
    let shown = || text("fovea.state().attention && fovea.state().attention.field");
    on_phrase("pointerover", "shape", "mouse");
    assert_eq!(shown(), "shape");
    assert_eq!(text("document.querySelector('#legend').hidden"), "false");
    assert_eq!(text("document.querySelector('#legend-title').textContent"), "Attention to “Shape: oval”");
    assert_eq!(text("document.querySelector('#legend-max').textContent"), "25 %");
    on_phrase("pointerover", "location", "mouse");
    assert_eq!(shown(), "location");
    js(
        "",
        "document.querySelector('#phrases').dispatchEvent(new PointerEvent('pointerleave', { pointerType: 'mouse' }))",
        &[],
    );
    assert_eq!((shown().as_str(), text("document.querySelector('#legend').hidden").as_str()), ("null", "true"));

    on_phrase("pointerover", "location", "mouse");
    key("#phrases [data-field=location] button", "key: 'Escape'");
    assert_eq!(shown(), "null", "it can be sent away without leaving");

    // A finger that stays sees attention and switches nothing; one that taps switches and sees nothing.
    on_phrase("pointerdown", "shape", "touch");
    assert_eq!(shown(), "null");
    wait(500).await;
    assert_eq!(shown(), "shape");
    on_phrase("pointerup", "shape", "touch");
    toggle("shape");
    assert_eq!((shown(), chips()), ("null".into(), "Location: upper left; Shape: oval".into()));
    on_phrase("pointerdown", "shape", "touch");
    on_phrase("pointerup", "shape", "touch");
    toggle("shape");
    wait(500).await;
    assert_eq!((shown(), chips()), ("null".into(), "Location: upper left; Shape: oval off".into()));
    stand.seen("off");
    on_phrase("pointerover", "shape", "mouse");
    assert_eq!(shown(), "null", "the teacher has not read it");
    assert!(text("document.querySelector('#about-shape').textContent").contains("Switched off"));
}

#[wasm_bindgen_test]
async fn descriptions_are_switched_and_made_again_as_steps() {
    let stand = Stand::described().await;
    assert_eq!(text("document.querySelector('#description-pick').hidden"), "false");
    choose("#description-choice", "1");
    stand.expect(&format!("look 0 colour=red after{OVAL}"));
    stand.seen("red");
    assert_eq!(chips(), "Colour: red");
    assert_eq!(text("document.querySelector('#description-source').textContent"), "distilled from LLaVA");
    js("", "document.querySelector('#undo').click()", &[]);
    stand.seen("oval");
    assert_eq!(text("document.querySelector('#description-choice').value"), "0");

    js("", "document.querySelector('#describe-again').click()", &[]);
    stand.expect("describe 0");
    assert_eq!(text("document.querySelector('#describe-again').disabled"), "true");
    let round = || said(Source::Measured, &[(Field::Shape, "round")], None);
    stand.described_as(vec![round()]);
    stand.expect(&format!("look 0 shape=round after{OVAL}"));
    stand.seen("round");
    assert_eq!(text("fovea.state().description.choices"), "distilled:LLaVA,measured");
    js("", "document.querySelector('#undo').click()", &[]);
    assert_eq!(chips(), "Location: upper left; Shape: oval", "the former measurement is back");
    stand.seen("oval");

    // With looks it stands in for what was said without, and that comes back when nobody looks any more.
    toggle("shape");
    stand.seen("off");
    click(100.0, 100.0);
    stand.expect("look 1 location=upper_left after 0 location=upper_left");
    stand.seen("click");
    js("", "document.querySelector('#describe-again').click()", &[]);
    stand.expect("describe 1");
    stand.described_as(vec![round()]);
    stand.expect("look 1 shape=round after location=upper_left");
    stand.seen("round");
    assert_eq!(text("[fovea.state().description.touched, fovea.state().description.fromLooks]"), "false,true");
    js("", "document.querySelector('#clear').click()", &[]);
    stand.expect(&format!("look 0{OVAL} after 1 shape=round"));
}

#[wasm_bindgen_test]
async fn a_field_that_was_measured_not_to_steer_is_shown_and_read_and_cannot_be_changed() {
    let stand = Stand::described().await;
    let steering = |offered| Steering { effect: 0.3, what: "share of pictures".into(), offered };
    stand.page.update(|app| {
        let steers = BTreeMap::from([
            (Field::Location, steering(false)),
            (Field::Size, steering(false)),
            (Field::Shape, steering(true)),
        ]);
        app.model.manifest.as_mut().unwrap().training.steers = Some(steers);
        app.words.phrases.version += 1;
    });
    let of = |field: &str, what: &str| text(&format!("document.querySelector('#phrases [data-field={field}]{what}"));
    assert_eq!(
        (
            of("location", "').hasAttribute('data-fixed')").as_str(),
            of("shape", "').hasAttribute('data-fixed')").as_str()
        ),
        ("true", "false")
    );
    assert!(of("location", "').title").contains("not to steer") && of("shape", "').title").is_empty());
    assert_eq!(
        (of("location", " select').disabled").as_str(), of("shape", " select').disabled").as_str()),
        ("true", "false")
    );
    assert!(text("document.querySelector('#about-location').textContent").contains("not to steer"));
    let offered = "[...document.querySelectorAll('#add-phrase option')].some(o => o.value.startsWith('size'))";
    assert_eq!(text(offered), "false");
    assert_eq!(text("fovea.state().description.phrases.map(p => p.offered)"), "false,true");
    let before = stand.recorder.sent.borrow().len();
    toggle("location");
    assert_eq!((stand.recorder.sent.borrow().len(), chips().as_str()), (before, "Location: upper left; Shape: oval"));
    assert!(text("document.querySelector('#status').textContent").contains("“Location” cannot be changed here"));
    // The teacher reads it, and the others can be changed.
    toggle("shape");
    stand.expect(&format!("look 0 location=upper_left after{OVAL}"));
}

#[wasm_bindgen_test]
async fn where_nothing_is_said_the_visitor_can_say_it() {
    let stand = Stand::open().await;
    assert_eq!(
        text("[fovea.state().description, document.querySelector('#description-source').textContent]"),
        ",No words yet"
    );
    assert!(text("document.querySelector('#description-note').textContent").contains("could say nothing"));
    choose("#add-phrase", "shape.round");
    stand.expect("look 0 shape=round after");
    stand.seen("round");
    assert_eq!(
        (chips(), text("document.querySelector('#description-source').textContent")),
        ("Shape: round, changed by you".into(), "written by you".into())
    );
    open_tab("words");
    let focus = "document.querySelector('#words-more').open = true;
        document.querySelector('#phrases [data-field=shape] select').focus()";
    js("", focus, &[]);
    choose("#phrases [data-field=shape] select", "not_assessable");
    assert_eq!(text("document.activeElement.id"), "add-phrase", "a phrase that goes takes the focus nowhere");
    assert_eq!(chips(), "");
    stand.expect("look 0 after shape=round");
}
