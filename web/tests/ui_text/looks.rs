//! Words and looks: which words follow a look, and which stay.

use fovea_shared::description::{Field, Source};
use fovea_web::protocol::Response;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stand::{OVAL, Stand, attention, chips, choose, click, js, nothing_seen, pointer, said, seen, text};

#[wasm_bindgen_test]
async fn words_that_were_measured_before_a_look_are_measured_again_from_it() {
    let stand = Stand::described().await;
    click(100.0, 200.0);
    stand.expect(&format!("look 1 after 0{OVAL}"));
    assert_eq!(text("document.querySelector('#phrases').hasAttribute('data-awaited')"), "true");
    assert_eq!(
        text("document.querySelector('#sentence').textContent"),
        "The words are being measured from your looks."
    );
    // Those that are still to be seen are on their way out: nobody edits them.
    choose("#phrases [data-field=shape] select", "round");
    assert_eq!(
        (chips().as_str(), text("document.querySelector('#phrases [data-field=shape] select').value").as_str()),
        ("Location: upper left; Shape: oval", "oval")
    );
    stand.seen("alone");
    stand.expect("describe 1");
    assert_eq!(text("document.documentElement.dataset.state"), "busy", "one look is one answer");
    let lower = said(Source::Measured, &[(Field::Location, "lower_right"), (Field::Shape, "round")], Some("Again."));
    stand.described_as(vec![said(Source::Distilled("LLaVA".into()), &[(Field::Colour, "red")], None), lower]);
    stand.expect(&format!("look 1 location=lower_right shape=round after 0{OVAL}"));
    stand.answer_last(seen("both", attention(&[("location", "lower_right", 3)]), None));
    assert_eq!(text("document.documentElement.dataset.state"), "ready");
    let status = text("document.querySelector('#status').textContent");
    assert!(status.starts_with("Point 1 added") && status.contains("Words measured from your looks."), "{status}");
    assert_eq!(chips(), "Location: lower right; Shape: round");
    assert_eq!(text("document.querySelector('#description-caveat').textContent"), "Again.");
    assert_eq!(
        text("[fovea.state().description.choices, document.querySelector('#description-choice').value]"),
        "measured,distilled:LLaVA,0",
        "it is the same source"
    );
    let shown = "(({touched, fromLooks, awaited}) => [touched, fromLooks, awaited])(fovea.state().description)";
    assert_eq!(text(shown), "false,true,false");
    assert_eq!(text("fovea.clickLatencies.length"), "1");

    // One step back are the words from before, one step forward those of the look, and nothing is measured for it.
    js("", "document.querySelector('#undo').click()", &[]);
    stand.expect(&format!("look 0{OVAL} after 1 location=lower_right shape=round"));
    stand.seen("oval");
    assert_eq!(text("fovea.state().canUndo"), "false", "the words are no step of their own");
    js("", "document.querySelector('#redo').click()", &[]);
    stand.expect(&format!("look 1 location=lower_right shape=round after 0{OVAL}"));
    stand.seen("both");
    stand.expect(&format!("look 1 location=lower_right shape=round after 0{OVAL}"));
    js("", "document.querySelector('#clear').click()", &[]);
    stand.expect(&format!("look 0{OVAL} after 1 location=lower_right shape=round"));
    stand.seen("oval");
    stand.expect(&format!("look 0{OVAL} after 1 location=lower_right shape=round"));
}

#[wasm_bindgen_test]
async fn the_newest_looks_are_described_and_none_while_they_move() {
    let stand = Stand::described().await;
    let round = || vec![said(Source::Measured, &[(Field::Shape, "round")], None)];
    click(100.0, 200.0);
    click(140.0, 200.0);
    stand.seen("one");
    stand.expect(&format!("look 2 after 0{OVAL}"));
    stand.seen("two");
    stand.expect("describe 2");
    // A look comes while its forerunner is described.
    click(180.0, 200.0);
    stand.described_as(round());
    stand.expect("look 3 after 2");
    stand.seen("three");
    stand.expect("describe 3");
    stand.described_as(round());
    stand.expect("look 3 shape=round after 2");
    stand.seen("round");

    pointer("pointerdown", 100.0, 200.0);
    pointer("pointermove", 200.0, 300.0);
    stand.expect("look 3 after 3 shape=round");
    stand.seen("moving");
    stand.expect("look 3 after 3 shape=round");
    assert_eq!(text("document.documentElement.dataset.state"), "ready");
    pointer("pointerup", 200.0, 300.0);
    stand.expect("describe 3");
    // What cannot be described leaves no words, and is not asked for without end.
    stand.answer_last(Response::Refused("the device failed".into()));
    stand.expect("describe 3");
    assert_eq!(text("document.documentElement.dataset.state"), "ready");
    assert_eq!(text("document.querySelector('#description-note').textContent"), "the device failed");
    assert_eq!(chips(), "");
    choose("#add-phrase", "shape.oval");
    stand.expect("look 3 shape=oval after");
}

#[wasm_bindgen_test]
async fn words_of_a_person_or_of_a_model_stay_when_the_visitor_looks() {
    let stand = Stand::described().await;
    choose("#phrases [data-field=location] select", "centre");
    stand.seen("centre");
    click(100.0, 200.0);
    stand.expect("look 1 location=centre shape=oval after 0 location=centre shape=oval");
    stand.seen("click");
    stand.expect("look 1 location=centre shape=oval after 0 location=centre shape=oval");
    assert_eq!(text("fovea.state().description.touched"), "true");

    let model = said(Source::Vlm("tester".into()), &[(Field::Shape, "lobulated")], None);
    let stand = Stand::open_with(vec![model]).await;
    stand.seen("lobulated");
    click(100.0, 200.0);
    stand.expect("look 1 shape=lobulated after 0 shape=lobulated");
    stand.seen("click");
    stand.expect("look 1 shape=lobulated after 0 shape=lobulated");
}

#[wasm_bindgen_test]
async fn a_look_at_nothing_is_said_and_has_no_words() {
    let stand = Stand::described().await;
    let note = || text("document.querySelector('#no-lesion').hidden");
    assert_eq!(note(), "true");
    click(100.0, 200.0);
    stand.answer_last(nothing_seen());
    assert_eq!(note(), "false");
    assert_eq!(text("document.querySelector('#no-lesion').textContent"), "The teacher sees no lesion where you look");
    let status = text("document.querySelector('#status').textContent");
    assert!(status.contains("The teacher sees no lesion where you look, Dice 0.00."), "{status}");
    stand.expect("describe 1");
    stand.described_as(vec![]);
    stand.expect("describe 1");
    assert_eq!(text("document.documentElement.dataset.state"), "ready", "the mask is that without words already");
    assert_eq!(text("[fovea.maskArea('teacher'), fovea.state().description.awaited]"), "0,false");
    assert_eq!((chips().as_str(), text("document.querySelector('#sentence').textContent").as_str()), ("", ""));
    assert_eq!(
        text("document.querySelector('#description-note').textContent"),
        "Nothing could be measured where you look."
    );
    choose("#language", "zh");
    assert_eq!(text("document.querySelector('#no-lesion').textContent"), "教师网络在您注视的地方没有看到病变");
    choose("#language", "en");
    js("", "document.querySelector('#undo').click()", &[]);
    assert_eq!(note(), "true", "nobody looks there any more");
    stand.expect(&format!("look 0{OVAL} after 1"));
    stand.seen("oval");
    assert_eq!(chips(), "Location: upper left; Shape: oval");
}
