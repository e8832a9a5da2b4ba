//! The built page in real Chromium: its state in the address, files out and in, and the camera.

use fovea_tests::{
    page::Page,
    webdriver::{Adapter, Options},
};
use serde_json::{Value, json};

use crate::common::{CATCH, LIMIT, message, press, saved, settled, show_largest_family, value};

fn open(query: &str) -> Page {
    let page = Page::open(&Options { adapter: Adapter::None, ..Options::default() }, query).unwrap();
    settled(&page, "the page", "true");
    page
}

/// Fixations with the precision that they have.
fn single(fixations: &Value) -> Vec<[f32; 4]> {
    let of = |f: &Value| ["x", "y", "duration_ms", "start_ms"].map(|name| f[name].as_f64().unwrap() as f32);
    fixations.as_array().unwrap().iter().map(of).collect()
}

/// What must be the same after the page was loaded again.
const STATE: &str = "(s => ({ case: s.case, points: s.fixations.map(f => [f.x.toFixed(4), f.y.toFixed(4), Math.round(f.duration_ms)]),
    layers: s.layers, student: s.student, said: s.description.sentence, look: s.compare?.look, chosen: s.compare?.chosen,
    teacher: window.fovea.maskHash('teacher') }))(window.fovea.state())";

#[test]
fn the_address_holds_the_state_and_a_link_may_hide_what_distracts() {
    let page = open("device=cpu#domain=prostate");
    assert_eq!(value(&page, "location.hash"), json!("#domain=prostate"), "nothing was done yet");
    press(&page, "#gallery button:nth-of-type(2)");
    settled(
        &page,
        "the second case",
        "document.querySelector('#gallery button:nth-of-type(2)').ariaPressed === 'true'",
    );
    press(&page, "#simulate");
    settled(
        &page,
        "simulated gaze",
        "document.querySelector('#replay-play').ariaPressed === 'false' && window.fovea.state().fixations.length > 2",
    );
    press(&page, "#layer-truth");
    show_largest_family(&page);
    press(&page, "#strategy-afc");
    press(&page, "#phrases li:not([hidden], [data-fixed]) .phrase-toggle");
    press(&page, "#compare-toggle");
    page.browser
        .script("const seed = document.querySelector('#distil-seed'); seed.value = '7'; seed.dispatchEvent(new Event('change'))", &[])
        .unwrap();
    settled(
        &page,
        "all of it",
        "window.fovea.state().compare?.students.length > 1 && location.hash.includes('seed=7')",
    );
    let (before, hash) = (value(&page, STATE), value(&page, "location.hash"));
    page.browser.script("location.reload()", &[]).unwrap();
    settled(&page, "the page once more", "window.fovea?.state().compare?.students.length > 1");
    assert_eq!(value(&page, STATE), before, "{hash}");
    assert_eq!(value(&page, "document.querySelector('#distil-seed').value"), json!("7"));
    page.wait_for("the same address", &format!("location.hash === {hash}"), LIMIT).unwrap();

    // A teacher's link.
    press(&page, "#share-open");
    assert_eq!(value(&page, "document.querySelector('#share').open"), json!(true));
    press(&page, "#share-hide [value=layers]");
    press(&page, "#share-hide [value=description]");
    let link = value(&page, "document.querySelector('#share-link').value");
    assert!(link.as_str().unwrap().ends_with("&hide=description_layers"), "{link}");
    press(&page, "#share-copy");
    page.wait_for("an answer", "document.querySelector('#share-said').textContent", LIMIT).unwrap();
    press(&page, "#share-close");
    page.browser.script("location.href = arguments[0]", &[link]).unwrap();
    settled(&page, "the link", "!document.querySelector('#layers').checkVisibility()");
    assert_eq!(value(&page, "document.querySelector('#description').checkVisibility()"), json!(false));
    assert_eq!(value(&page, "document.querySelector('.bar').checkVisibility()"), json!(true), "not a medical device");
    assert_eq!(value(&page, STATE), before);
    // The same link again, over whatever was done meanwhile: what it does not name is as the page begins with it.
    let link = value(&page, "document.querySelector('#share-link').value");
    for other in ["#clear", "#layer-truth", "#layer-heat", "#compare-toggle", "#strategy-cwc"] {
        press(&page, other);
    }
    page.wait_for("another address", "!location.hash.includes('gaze=')", LIMIT).unwrap();
    page.browser.script("location.href = arguments[0]", &[link]).unwrap();
    settled(&page, "the link again", "window.fovea.state().fixations.length > 2 && window.fovea.state().compare");
    assert_eq!(value(&page, STATE), before);

    // What is hidden stays hidden, whatever is done.
    press(&page, "#clear");
    page.wait_for("a new address", "!location.hash.includes('gaze=') && location.hash.includes('hide=')", LIMIT)
        .unwrap();
    page.expect_no_errors().unwrap();
}

#[test]
fn an_address_from_elsewhere_says_what_it_cannot_show() {
    let page = open("device=cpu#gaze=5000-5000-400&layers=teacher.900&case=nobody");
    let message = value(&page, "window.fovea.state().message");
    assert!(message.as_str().unwrap().contains("layers"), "{message}");
    page.browser.script("location.hash = '#case=nobody'", &[]).unwrap();
    page.wait_for("the case's name", "window.fovea.state().message?.includes('nobody')", LIMIT).unwrap();
    // The skip link is an address too, and changes nothing.
    page.browser
        .script("document.querySelector('#message-close').click(); location.hash = '#stage-canvas'", &[])
        .unwrap();
    settled(&page, "the page", "!window.fovea.state().message");
    page.expect_no_errors().unwrap();
}

#[test]
fn masks_gaze_and_everything_leave_as_files_and_gaze_comes_back() {
    let page = open("device=cpu");
    page.browser.script(CATCH, &[]).unwrap();
    press(&page, "#share-open");
    assert_eq!(value(&page, "document.querySelector('#save-gaze').disabled"), json!(true), "there is no gaze yet");
    press(&page, "#share-close");
    press(&page, "#use-gaze");
    settled(&page, "gaze", "window.fovea.state().fixations.length > 0");
    press(&page, "#share-open");

    let white = "const picture = await createImageBitmap(blob); const c = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
        c.drawImage(picture, 0, 0); const { data } = c.getImageData(0, 0, picture.width, picture.height);
        let white = 0, between = 0; for (let i = 0; i < data.length; i += 4) { white += data[i] === 255; between += data[i] > 0 && data[i] < 255; }
        return { size: [picture.width, picture.height], white, between }";
    for who in ["teacher", "student"] {
        let (name, png) = saved(&page, &format!("#save-{who}"), white);
        assert!(name.ends_with(&format!("-{who}.png")), "{name}");
        assert_eq!(png["size"], value(&page, "window.fovea.state().size"));
        assert_eq!(
            (&png["white"], &png["between"]),
            (&value(&page, &format!("window.fovea.maskArea('{who}')")), &json!(0))
        );
    }
    let (name, size) =
        saved(&page, "#save-picture", "const p = await createImageBitmap(blob); return [p.width, p.height]");
    assert!(name.ends_with("-overlay.png") && size == value(&page, "window.fovea.state().size"), "{name} {size}");

    let (_, record) = saved(&page, "#save-record", "return JSON.parse(await blob.text())");
    let state = value(&page, "window.fovea.state()");
    assert_eq!(single(&record["state"]["fixations"]), single(&state["fixations"]), "JSON has the shortest decimals");
    assert_eq!(record["masks"]["teacher"]["area"], value(&page, "window.fovea.maskArea('teacher')"));
    assert!(record["masks"]["teacher"]["loops"][0].as_array().unwrap().len() > 8);
    assert_eq!(record["notice"], json!(message("record-notice")));
    assert!(record["link"].as_str().unwrap().contains("gaze=case"), "{}", record["link"]);
    assert!(record["model"]["gitSha"].as_str().unwrap().len() >= 7);

    let (name, csv) = saved(&page, "#save-gaze", "return await blob.text()");
    assert!(name.ends_with("-gaze.csv"), "{name}");
    let give = |text: &str| {
        let script = "const files = new DataTransfer(); files.items.add(new File([arguments[0]], 'mine.csv', { type: 'text/csv' }));
            const input = document.querySelector('#gaze-file'); input.files = files.files; input.dispatchEvent(new Event('change'))";
        page.browser.script(script, &[json!(text)]).unwrap();
    };
    press(&page, "#share-close");
    press(&page, "#clear");
    settled(&page, "no gaze", "window.fovea.state().fixations.length === 0");
    give(csv.as_str().unwrap());
    settled(&page, "the gaze of the file", "window.fovea.state().fixations.length > 0");
    assert_eq!(value(&page, "window.fovea.state().fixations"), state["fixations"], "bit for bit");
    assert_eq!(value(&page, "window.fovea.maskHash('teacher')"), record["masks"]["teacher"]["hash"]);

    // What is wrong with a file is said, and nothing is lost.
    give("IMAGE,X\n1,2\n");
    page.wait_for("the message", "window.fovea.state().message?.includes('mine.csv: line 1')", LIMIT).unwrap();
    let two: String = csv.as_str().unwrap().lines().enumerate().fold(String::new(), |all, (i, line)| {
        let (_, rest) = line.split_once(',').unwrap();
        all + &if i == 0 { format!("{line}\n") } else { format!("someone{}.jpg,{rest}\n", i % 2) }
    });
    give(&two);
    page.wait_for("the names", "window.fovea.state().message?.includes('someone0, someone1')", LIMIT).unwrap();
    assert_eq!(value(&page, "window.fovea.state().fixations"), state["fixations"]);
    page.expect_no_errors().unwrap();
}

#[test]
fn a_picture_is_taken_with_the_camera_and_its_outlines_are_said_to_mean_nothing() {
    let page = open("device=cpu");
    assert_eq!(value(&page, "document.querySelector('#own-note').hidden"), json!(true));
    press(&page, "#camera-open");
    page.wait_for("the camera", "!document.querySelector('#camera-take').disabled", LIMIT).unwrap();
    page.browser.script("window.track = document.querySelector('#camera-view').srcObject.getTracks()[0]", &[]).unwrap();
    press(&page, "#camera-take");
    settled(&page, "the picture", "window.fovea.state().title === 'camera.jpg'");
    assert_eq!(value(&page, "[track.readyState, document.querySelector('#camera').open]"), json!(["ended", false]));
    assert_eq!(value(&page, "document.querySelector('#own-note').hidden"), json!(false));
    assert!(value(&page, "location.hash").as_str().unwrap().find("case=").is_none());

    // A test pattern is like nothing that was learnt from, in a distance that can be read; an image of the kind is not.
    let unlike = "(([distance, usual]) => [distance > usual, document.querySelector('#own-note').hasAttribute('data-unlike')])(window.fovea.state().likeness)";
    assert_eq!(value(&page, unlike), json!([true, true]));
    let again = "return (async () => { const bytes = await (await fetch(document.querySelector('#gallery img').src)).blob();
        const files = new DataTransfer(); files.items.add(new File([bytes], 'mine.jpg', { type: bytes.type }));
        const input = document.querySelector('#file'); input.files = files.files; input.dispatchEvent(new Event('change')) })()";
    page.browser.script(again, &[]).unwrap();
    settled(&page, "the other image", "window.fovea.state().title === 'mine.jpg' && window.fovea.state().likeness");
    assert_eq!(value(&page, unlike), json!([false, false]));

    // Refused, it says so; closed, it lets go.
    page.browser
        .script(
            "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError') }",
            &[],
        )
        .unwrap();
    press(&page, "#camera-open");
    page.wait_for("the refusal", "document.querySelector('#camera-said').dataset.state === 'refused'", LIMIT).unwrap();
    press(&page, "#camera-close");
    page.expect_no_errors().unwrap();
}

#[test]
fn the_teachers_confidence_is_a_layer_of_its_own() {
    let page = open("device=cpu");
    // Pictures are red: the veil is what makes a pixel bluer than it was.
    let pixels = "(() => { const c = document.querySelector('#stage-canvas'); return c.getContext('2d').getImageData(0, 0, c.width, c.height).data })()";
    page.browser.script(&format!("window.before = {pixels}"), &[]).unwrap();
    let bluer = format!(
        "(() => {{ const now = {pixels}, old = window.before; let n = 0;
        for (let i = 0; i < now.length; i += 4) n += now[i + 2] - now[i] > old[i + 2] - old[i] + 40; return n }})()"
    );
    assert_eq!(value(&page, &bluer), json!(0));
    press(&page, "#layer-confidence");
    assert!(value(&page, &bluer).as_f64().unwrap() > 200.0, "a veil around the outline");
}
