//! The built page in real Chromium: students side by side, distillation in the tab, and gaze in time.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use fovea_tests::{
    page::{Page, dist},
    webdriver::{Adapter, Options, Pointer},
};
use serde_json::{Value, json};

use crate::common::{LIMIT, READY, message, open_tab, page_is_ready, press, value};

fn open(hash: &str) -> Page {
    let page =
        Page::open(&Options { adapter: Adapter::None, ..Options::default() }, &format!("device=cpu{hash}")).unwrap();
    page_is_ready(&page);
    page
}

fn number(page: &Page, expression: &str) -> f64 {
    value(page, expression).as_f64().unwrap_or_else(|| panic!("{expression} is {}", value(page, expression)))
}

fn choose(page: &Page, menu: &str, option: &str) {
    let script = format!(
        "const menu = document.querySelector('{menu}'); menu.value = '{option}';
         menu.dispatchEvent(new Event('change', {{bubbles: true}})); return menu.value"
    );
    assert_eq!(page.browser.script(&script, &[]).unwrap(), option);
}

#[test]
fn students_are_compared_side_by_side_with_shared_zoom_and_cursor() {
    let page = open("#domain=prostate");
    press(&page, "#use-gaze");
    open_tab(&page, "compare");
    press(&page, "#compare-toggle");
    let answered =
        "window.fovea.state().compare?.students.length > 1 && document.documentElement.dataset.state === 'ready'";
    page.wait_for("the comparison", answered, LIMIT).unwrap();
    let tiles = number(&page, "document.querySelectorAll('#compare-tiles figure').length");
    let students = number(&page, "window.fovea.state().compare.students.length");
    assert_eq!(tiles, students + 1.0, "the teacher has a tile too");
    // Dice and IoU are of one mask: dice = 2 iou / (1 + iou).
    for i in 0..students as usize {
        let of = |what: &str| number(&page, &format!("window.fovea.state().compare.students[{i}].{what}"));
        assert!((of("dice") - 2.0 * of("iou") / (1.0 + of("iou"))).abs() < 1e-3 && of("hd95") >= 0.0);
    }
    let rows = number(&page, "document.querySelectorAll('#compare-table tr').length");
    assert_eq!(rows, number(&page, "window.fovea.state().students.length"), "every student has a published number");
    assert!(value(&page, "document.querySelector('#compare-table td').textContent").as_str().unwrap().contains("seed"));

    // All of them, by their boxes.
    page.browser
        .script(
            "for (const box of document.querySelectorAll('#compare-choice input')) if (!box.checked) box.click()",
            &[],
        )
        .unwrap();
    let all = "window.fovea.state().compare.students.length === window.fovea.state().students.length";
    page.wait_for("all of them", all, LIMIT).unwrap();

    // A pointer over one tile is seen in all, and zoom is one for all.
    let tile = page.browser.find("#compare-tiles figure[data-who=teacher] canvas").unwrap();
    tile.hover((0.25, 0.5)).unwrap();
    page.wait_for("the cursor", "window.fovea.state().compare.cursor", LIMIT).unwrap();
    assert!((number(&page, "window.fovea.state().compare.cursor[1]") - 0.5).abs() < 0.05);
    press(&page, "#compare-in");
    assert!(number(&page, "window.fovea.state().compare.scale") > 1.0);
    press(&page, "#compare-whole");
    assert_eq!(number(&page, "window.fovea.state().compare.scale"), 1.0);

    // What the strategies see, in words beside the pictures.
    for (look, word) in [("cwc", "surely background"), ("darm", "disagree"), ("afc16", "adapters")] {
        choose(&page, "#compare-look", look);
        let says = value(&page, "document.querySelector('#compare-tiles figure[data-who=\"0\"] small').textContent");
        let legend = value(&page, "document.querySelector('#compare-legend').textContent");
        assert!(says.as_str().unwrap().contains(word), "{look}: {says}");
        assert!(!legend.as_str().unwrap().is_empty());
    }
    choose(&page, "#compare-look", "masks");
    choose(&page, "#compare-against", "teacher");
    page.wait_for("another difference", "window.fovea.state().compare.teacher?.extra === null", LIMIT).unwrap();
    press(&page, "#compare-toggle");
    assert_eq!(value(&page, "window.fovea.state().compare"), Value::Null);
    page.expect_no_errors().unwrap();
}

/// Beside the live Dice stands what was published: the ablation's Dice where the bundle quotes one, else that of these very weights.
#[test]
fn the_chart_says_whose_figures_it_shows_and_they_are_those_of_the_bundle() {
    let folder = dist().unwrap().join("bundle");
    let read = |path: &Path| -> Value { serde_json::from_slice(&fs::read(path).unwrap()).unwrap() };
    for entry in read(&folder.join("index.json")).as_array().unwrap() {
        let name = entry["folder"].as_str().unwrap();
        let manifest = read(&folder.join(name).join("manifest.json"));
        let students = manifest["students"].as_array().unwrap();
        let page = open(&format!("#domain={name}"));
        press(&page, "#compare-toggle");
        page.wait_for("the comparison", "window.fovea.state().compare?.students.length > 0", LIMIT).unwrap();
        let cells = value(
            &page,
            "[...document.querySelectorAll('#compare-table tr')].map(r => r.querySelector('td').textContent)",
        );
        let quotes = students.iter().any(|s| s["ablation"].is_object());
        assert_eq!(cells.as_array().unwrap().len(), students.len());
        let mut compared = 0;
        for (student, cell) in students.iter().zip(cells.as_array().unwrap()) {
            let score = if quotes { &student["ablation"] } else { &student["dice"] };
            let Some(mean) = score["mean"].as_f64() else { continue };
            let (cell, seeds) = (cell.as_str().unwrap(), score["seeds"].as_u64().unwrap());
            assert!(
                cell.starts_with(&format!("{mean:.3}")) && cell.contains(&format!("{seeds} seed")),
                "{name}: {cell}"
            );
            compared += 1;
        }
        assert!(compared > 1, "{name} quotes no figures to compare with");
        let caption = value(&page, "document.querySelector('#compare-caption').textContent");
        let on = students.iter().find_map(|s| s["ablation"]["on"].as_str());
        assert_eq!(caption.as_str().unwrap().contains("other trainings"), quotes, "{name}: {caption}");
        assert!(on.is_none_or(|on| caption.as_str().unwrap().contains(on)), "{name}: {caption}");
        page.expect_no_errors().unwrap();
    }
}

#[test]
fn a_student_learns_in_the_tab_and_follows_gaze_that_is_given_while_it_does() {
    let page = open("");
    open_tab(&page, "teach");
    press(&page, "#distil-play");
    assert_eq!(value(&page, "window.fovea.state().live.halted"), json!(message("distil-needs-gaze")));
    assert_eq!(value(&page, "window.fovea.state().live.playing"), false);

    press(&page, "#use-gaze");
    page.wait_for(
        "the gaze",
        "document.documentElement.dataset.state === 'ready' && window.fovea.state().fixations.length > 0",
        LIMIT,
    )
    .unwrap();
    // The heat map as it is: in the refined mask looks at the wall may be refined away.
    choose(&page, "#distil-target", "heat");
    press(&page, "#distil-play");
    page.wait_for("the learners", "window.fovea.state().live.step === 0 || window.fovea.state().live.step > 0", LIMIT)
        .unwrap();
    let begun = Instant::now();
    let before = number(&page, "window.fovea.state().live.students[0].dice");
    page.wait_for("six steps", "window.fovea.state().live.step >= 6", LIMIT).unwrap();
    let took = begun.elapsed();
    let dice = number(&page, "window.fovea.state().live.students[0].dice");
    println!("Dice {before:.3} to {dice:.3}; six steps of two students in {:.1} s", took.as_secs_f64());
    assert!(dice > before + 0.1, "the student has learnt nothing visible: {before} to {dice}");
    assert!(number(&page, "window.fovea.state().live.speed") > 0.0);
    assert!(number(&page, "window.fovea.state().live.points") > 5.0);
    assert_eq!(number(&page, "document.querySelectorAll('#distil-loss polyline').length"), 2.0);

    // More gaze while it runs changes what is learnt, at once.
    let target = value(&page, "window.fovea.state().live.target");
    let canvas = page.browser.find("#stage-canvas").unwrap();
    // Long looks, so that they weigh as much as the case's own gaze.
    for look in 0..6 {
        canvas.press(Pointer::Mouse, (0.2 + 0.01 * f64::from(look), 0.8), Duration::from_millis(1100)).unwrap();
    }
    page.wait_for("another target", &format!("window.fovea.state().live.target !== {target}"), LIMIT).unwrap();
    assert_eq!(value(&page, "window.fovea.state().live.playing"), true);

    press(&page, "#distil-play");
    page.wait_for(
        "a pause",
        "!window.fovea.state().live.playing && document.documentElement.dataset.state === 'ready'",
        LIMIT,
    )
    .unwrap();
    // Time for a step that should not come; too little of it can hide a mistake and not make one.
    std::thread::sleep(Duration::from_millis(600));
    let step = number(&page, "window.fovea.state().live.step");
    press(&page, "#distil-once");
    page.wait_for("one step", &format!("window.fovea.state().live.step === {}", step + 1.0), LIMIT).unwrap();
    press(&page, "#distil-reset");
    assert_eq!(value(&page, "window.fovea.state().live.step"), Value::Null);

    // One learner alone, from trained weights, on several images, from what the teacher draws.
    choose(&page, "#distil-second", "nobody");
    choose(&page, "#distil-from", "trained");
    choose(&page, "#distil-target", "teacher");
    choose(&page, "#distil-images", "1");
    press(&page, "#distil-once");
    page.wait_for("a first step", "window.fovea.state().live.step === 1", LIMIT).unwrap();
    assert_eq!(number(&page, "window.fovea.state().live.students.length"), 1.0);
    page.expect_no_errors().unwrap();
}

#[test]
fn a_scanpath_is_replayed_in_time_and_simulated_gaze_says_what_it_is() {
    let page = open("");
    choose(&page, "#replay-speed", "4");
    press(&page, "#replay-play");
    page.wait_for("some gaze", "window.fovea.state().fixations.length > 2", LIMIT).unwrap();
    let early = number(&page, "window.fovea.state().fixations.length");
    page.wait_for("more gaze", &format!("window.fovea.state().fixations.length > {}", early + 3.0), LIMIT).unwrap();
    page.wait_for("the end", "document.querySelector('#replay-play').ariaPressed === 'false'", LIMIT).unwrap();
    page.wait_for("its masks", READY, LIMIT).unwrap();
    let all = number(&page, "window.fovea.state().fixations.length");
    assert!(all > early);
    // The whole replay is one step of the history.
    press(&page, "#undo");
    assert_eq!(number(&page, "window.fovea.state().fixations.length"), 0.0);
    press(&page, "#redo");
    assert_eq!(number(&page, "window.fovea.state().fixations.length"), all);

    press(&page, "#simulate");
    let said = "document.querySelector('#status').textContent.includes('with the true outline in view')";
    page.wait_for("simulated gaze", said, LIMIT).unwrap();
    page.wait_for("its replay", "window.fovea.state().fixations.length > 3", LIMIT).unwrap();
    // A click ends the replay and counts.
    page.browser.find("#stage-canvas").unwrap().tap(Pointer::Mouse, (0.2, 0.2)).unwrap();
    let count = number(&page, "window.fovea.state().fixations.length");
    // As above: time for gaze that should not come.
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(number(&page, "window.fovea.state().fixations.length"), count);
    page.expect_no_errors().unwrap();
}
