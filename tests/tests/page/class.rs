//! Glances that leave the page as a link and as a file, two students beside each other, and the
//! chart of a class, in real Chromium.

use fovea_shared::{
    description::Modality,
    gaze::{Fixation, GazeOrigin},
};
use fovea_tests::{
    page::Page,
    webdriver::{Adapter, Options},
};
use fovea_web::glances::{GlanceSet, PictureGlance, code};
use serde_json::{Value, json};

use crate::{
    common::{CATCH, LIMIT, bundle_json, open_tab, page_is_ready, press, saved, settled, value},
    incoming::drop_on,
    teach::{glance, said},
};

fn open(address: &str) -> Page {
    let page = Page::open(&Options { adapter: Adapter::None, ..Options::default() }, address).unwrap();
    page_is_ready(&page);
    page
}

fn count(page: &Page, selector: &str) -> usize {
    let found = value(page, &format!("document.querySelectorAll('{selector}').length"));
    found.as_u64().unwrap() as usize
}

/// Another person's glance at each of these pictures, as a code.
fn code_of(domain: Modality, cases: &[&str]) -> String {
    let look = [Fixation { x: 0.5, y: 0.5, duration_ms: 900.0, start_ms: 0.0 }];
    let glances = cases.iter().map(|case| PictureGlance::of(case, &look).unwrap()).collect();
    code::write(&GlanceSet::new(domain, GazeOrigin::Pointer, glances).unwrap())
}

/// The first real picture of a bundle, which its lesson teaches.
fn first_case(domain: &str) -> String {
    bundle_json(&format!("{domain}/manifest.json"))["gallery"][0]["id"].as_str().unwrap().to_owned()
}

/// The numbers in a text.
fn numbers(text: &str) -> Vec<f64> {
    let parts = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    parts.filter_map(|part| part.trim_end_matches('.').parse().ok()).collect()
}

#[test]
fn a_link_carries_glances_that_teach_a_second_student_and_files_of_a_class_give_one_chart() {
    let page = open("device=cpu");
    page.browser.script(CATCH, &[]).unwrap();
    open_tab(&page, "teach");
    let buttons = "['copy', 'save'].map(id => document.querySelector(`#links-${id}`).disabled)";
    assert_eq!(value(&page, buttons), json!([true, true]), "there is no glance yet");
    press(&page, "#teach-go");
    glance(&page);
    while value(&page, "!document.querySelector('#teach-skip').hidden") == true {
        press(&page, "#teach-skip");
    }
    let still = "!document.querySelector('#stage').hasAttribute('data-viewing') && !document.querySelector('#teach-go').disabled";
    page.wait_for("the end of looking", still, LIMIT).unwrap();
    let taken = count(&page, "#teach-pictures [data-state=taken]");
    press(&page, "#links-copy");
    page.wait_for("an answer", "document.querySelector('#links-said').textContent", LIMIT).unwrap();
    let link = said_link(&page);
    let (_, glances) = link.split_once("glances=").unwrap();
    let set = code::read(glances).unwrap();
    assert_eq!((set.origin(), set.pictures().len()), (GazeOrigin::Pointer, taken));
    assert!(link.contains("#domain=polyp&") || link.contains("&domain=polyp&"), "{link}");

    // Opened beside the visitor's own glances, which here are the same.
    page.browser.script("location.href = arguments[0]", &[json!(link)]).unwrap();
    page.wait_for("their glances", "!document.querySelector('#links-teach').hidden", LIMIT).unwrap();
    assert!(said(&page, "links-theirs").contains("Pointer gaze"), "{}", said(&page, "links-theirs"));
    assert_eq!(count(&page, "#teach-pictures [data-state=taken]"), taken, "the visitor's own are still there");
    page.wait_for("them in the address", "location.hash.includes('glances=')", LIMIT).unwrap();
    settled(&page, "the picture", "!document.querySelector('#teach-go').disabled");
    press(&page, "#teach-go");
    page.wait_for("both students", "!document.querySelector('#teach-two').hidden", LIMIT * 2).unwrap();
    let fits = numbers(&said(&page, "teach-two"));
    assert!((fits[0] - fits[1]).abs() < 0.1 && fits[0] <= 1.0, "the same glances, two students: {fits:?}");
    let dots = ["yours", "theirs"].map(|whose| count(&page, &format!("#class-chart .dot.{whose}")));
    assert_eq!((dots, count(&page, "#class-table tr"), count(&page, "#teach-chart polyline")), ([1, 1], 2, 2));

    // A class: the file of this student, as others have saved theirs.
    let (name, text) = saved(&page, "#links-save", "return await blob.text()");
    assert_eq!(name, "polyp-pointer.fovea-glances.json");
    let file: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
    assert_eq!((&file["gaze"], &file["result"]["glances"]), (&json!("pointer"), &json!(taken)));
    assert!((file["result"]["fit"].as_f64().unwrap() - fits[0]).abs() < 0.006, "{}", file["result"]);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut file = file.clone();
        change(&mut file);
        file.to_string().into_bytes()
    };
    let result = |fit: f64, seconds: f64| {
        with(&|file| {
            file["result"]["fit"] = json!(fit);
            file["result"]["looked_seconds"] = json!(seconds);
            file["result"]["simulated"] = json!(0.7);
        })
    };
    let without = with(&|file| drop(file.as_object_mut().unwrap().remove("result")));
    let elsewhere = with(&|file| file["result"]["basis"]["backbone"] = json!("another"));
    let (ann, ben) = (result(0.61, 22.0), result(0.55, 18.0));
    drop_on(
        &page,
        &[
            ("ann.fovea-glances.json", &ann),
            ("ben.fovea-glances.json", &ben),
            ("early.fovea-glances.json", &without),
            ("elsewhere.fovea-glances.json", &elsewhere),
            ("broken.fovea-glances.json", b"{"),
        ],
        &[],
    );
    page.wait_for("the class", "document.querySelectorAll('#class-table tr').length === 6", LIMIT).unwrap();
    assert_eq!(count(&page, "#class-chart .dot"), 4, "the tab's own two, and two of the class");
    let cells = "[...document.querySelectorAll('#class-table tr')].map(r => [...r.cells].map(c => c.textContent))";
    let rows: Vec<Vec<String>> = serde_json::from_value(value(&page, cells)).unwrap();
    assert_eq!(rows[2], ["ann", "22", &taken.to_string(), "0.61", ""]);
    assert!(rows[4][0] == "early" && rows[4][3] == "–" && !rows[4][4].is_empty(), "{:?}", rows[4]);
    assert!(rows[5][0] == "elsewhere" && !rows[5][4].is_empty() && rows[5][4] != rows[4][4], "{:?}", rows[5]);
    let refused = said(&page, "class-refused");
    assert!(refused.starts_with("broken.fovea-glances.json: line 1"), "{refused}");
    let lines = count(&page, "#class-chart .level");
    assert_eq!(lines, 2, "untrained, and simulated gaze, which ann and ben know");
    let label = value(&page, "document.querySelector('#class-chart').getAttribute('aria-label')");
    assert!(label.as_str().unwrap().contains(&said(&page, "class-summary")), "{label}");
    press(&page, "#class-away");
    assert_eq!((count(&page, "#class-table tr"), count(&page, "#class-refused li")), (2, 0));
    page.expect_no_errors().unwrap();
}

fn said_link(page: &Page) -> String {
    value(page, "document.querySelector('#links-link').value").as_str().unwrap().to_owned()
}

#[test]
fn glances_at_other_pictures_are_named_and_wait_for_their_kind() {
    let skin = code_of(Modality::SkinLesion, &[&first_case("skin")]);
    let page = open(&format!("device=cpu#glances={skin}"));
    page.wait_for("the answer", "window.fovea.state().message?.includes('skin lesion')", LIMIT).unwrap();
    assert_eq!(value(&page, "document.querySelector('#panel-teach').checkVisibility()"), json!(true));
    assert!(said(&page, "links-theirs").contains("skin lesion"), "it stays there when the message is closed");
    assert_eq!(value(&page, "document.querySelector('#links-teach').hidden"), json!(true));
    // The other kind is chosen: there they are.
    press(&page, "#domains input[value=skin]");
    settled(&page, "the other kind", "window.fovea.state().domain === 'skin'");
    assert_eq!(value(&page, "document.querySelector('#links-teach').hidden"), json!(false));
    page.wait_for("the address", &format!("location.hash.includes('glances={skin}')"), LIMIT).unwrap();

    // Pictures that this gallery lacks are named, and so is a code that was cut on its way.
    let go = |hash: String| page.browser.script("location.hash = arguments[0]", &[json!(hash)]).unwrap();
    let mixed = code_of(Modality::SkinLesion, &["nobodys-picture", &first_case("skin")]);
    go(format!("domain=skin&glances={mixed}"));
    settled(&page, "the name", "window.fovea.state().message?.includes('nobodys-picture')");
    assert_eq!(value(&page, "document.querySelector('#links-teach').hidden"), json!(false), "the other one is here");
    go(format!("domain=skin&glances={}", &mixed[..mixed.len() - 3]));
    settled(&page, "the pair", "window.fovea.state().message?.includes(': glances')");

    // A file that cannot be read is named, and nothing else changes.
    go(format!("domain=skin&glances={mixed}"));
    settled(&page, "the glances", "!document.querySelector('#links-forget').hidden");
    let newer = br#"{ "kind": "fovea-glances", "version": 2 }"#;
    drop_on(&page, &[("new.json", newer)], &[]);
    settled(&page, "the version", "window.fovea.state().message?.includes('new.json')");
    assert_eq!(value(&page, "document.querySelector('#links-teach').hidden"), json!(false));
    press(&page, "#links-forget");
    page.wait_for("an address without them", "!location.hash.includes('glances=')", LIMIT).unwrap();
    assert_eq!(said(&page, "links-theirs"), "");
    page.expect_no_errors().unwrap();
}
