//! The app on the real `index.html`: which student is shown, and the change from one domain to another.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

mod stand;

use fovea_shared::{description::Modality, distill::Strategies};
use fovea_web::protocol::{Opened, Response, StudentSeen};
use stand::{STUDENTS, Stand, click, js, key, manifest, model_file, outline, report, text, wait};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn flip(strategy: &str) {
    js("", &format!("document.querySelector('#strategy-{strategy}').click()"), &[]);
}

fn switches() -> String {
    text("['afc', 'cwc', 'darm'].filter(s => document.querySelector('#strategy-' + s).checked).join('+')")
}

fn student(stand: &Stand, place: usize, hash: &str) {
    stand.answer_last(Response::Student(StudentSeen { image: 1, place, outline: outline(hash, Some(0.25)) }));
}

#[wasm_bindgen_test]
async fn a_switch_shows_another_student_and_is_no_step_of_the_history() {
    let stand = Stand::open().await;
    assert_eq!((switches(), text("fovea.maskHash('student')")), ("afc+cwc+darm".into(), "s".into()));
    assert_eq!(text("document.querySelector('#student-name').textContent"), "With all three strategies");
    assert!(
        text("document.querySelector('#student-note').textContent").starts_with("Test Dice 0.800 ± 0.010 (3 seeds")
    );
    // Of the three students the one with AFC alone is the nearest without CWC.
    flip("cwc");
    stand.expect("student 2");
    assert_eq!(text("[fovea.state().student, fovea.state().phase, fovea.maskHash('student')]"), "refined+afc,busy,");
    student(&stand, 2, "afc");
    assert_eq!(text("[fovea.maskHash('student'), document.querySelector('#dice-student').textContent]"), "afc,0.25");
    assert_eq!(switches(), "afc");
    assert!(text("document.querySelector('#status').textContent").contains("With AFC, the student outlines"));
    assert!(text("document.querySelector('#model-facts').textContent").contains("words for tests"));
    assert!(text("document.querySelector('#student-note').textContent").contains("was not measured"));
    flip("afc");
    stand.expect("student 1");
    student(&stand, 1, "baseline");
    assert_eq!(text("fovea.state().student"), "refined");
    // What has been drawn is shown again without asking, and undo is for gaze and words.
    let asked = stand.recorder.sent.borrow().len();
    flip("afc");
    assert_eq!(text("[fovea.maskHash('student'), fovea.state().phase]"), "afc,ready");
    key("body", "key: 'z', ctrlKey: true");
    assert_eq!((stand.recorder.sent.borrow().len(), text("fovea.state().student")), (asked, "refined+afc".into()));
    assert_eq!(text("fovea.state().canUndo"), "false");
    // Another image opens with the student that is chosen.
    stand.choose("two.png").await;
    stand.picture(2);
    let found =
        Opened { image: 2, embed_ms: 1.0, student: outline("two", None), place: 2, truth: None, likeness: None };
    stand.answer_last(Response::Opened(found));
    assert_eq!(text("fovea.maskHash('student')"), "two");
}

#[wasm_bindgen_test]
async fn a_student_that_is_chosen_while_an_image_opens_is_drawn_after_it() {
    let stand = Stand::open().await;
    stand.choose("two.png").await;
    stand.expect("open two.png");
    stand.picture(2);
    flip("cwc");
    let found =
        Opened { image: 2, embed_ms: 1.0, student: outline("all", None), place: 0, truth: None, likeness: None };
    stand.answer_last(Response::Opened(found));
    assert_eq!(text("fovea.maskHash('student')"), "null", "the outline of another student is not shown as this one's");
    stand.expect("look 0");
    stand.seen("look");
    let sent = stand.recorder.sent.borrow().iter().any(|(_, request)| request == "student 2");
    assert!(sent, "{:?}", stand.recorder.sent.borrow());
}

#[wasm_bindgen_test]
async fn switches_that_lead_nowhere_are_off_and_say_why() {
    let _stand = Stand::of(&STUDENTS[1..2]).await;
    let off = "['afc', 'cwc', 'darm'].filter(s => document.querySelector('#strategy-' + s).disabled).join('+')";
    assert_eq!((text(off), switches()), ("afc+cwc+darm".into(), String::new()));
    let why = text("document.querySelector('#student-note').textContent");
    assert!(why.contains("holds this student only"), "{why}");
    assert_eq!(text("document.querySelector('#strategy-afc').getAttribute('aria-describedby')"), "student-note");
    // There is nothing else that one learnt from.
    assert_eq!(
        text("[document.querySelector('#family').value, document.querySelector('#family').disabled]"),
        "refined,true"
    );
    let _eight = Stand::of(&Strategies::every()).await;
    assert_eq!((text(off), switches()), (String::new(), "afc+cwc+darm".into()));
    assert!(!text("document.querySelector('#student-note').textContent").contains("holds"));
}

/// Serves the prostate bundle, but for one file: answers `broken` with 404.
fn serve(broken: &str) {
    let manifest = manifest(Modality::Prostate, &Strategies::every());
    let body = "window.asked = []; window.fetch = async address => {
        asked.push(address.split('?')[0]);
        const name = address.match(/^bundle\\/prostate\\/(.*)\\?v=[0-9a-f]{12}$/)?.[1];
        if (!name || name === broken) return new Response('', { status: 404 });
        return new Response(name === 'manifest.json' ? manifest : rest.replace('NAME', name));
    }";
    let rest = model_file(Modality::Prostate, "NAME");
    js("manifest, rest, broken", body, &[manifest.into(), rest.into(), broken.into()]);
}

fn choose_domain(folder: &str) {
    js("", &format!("document.querySelector('#domains input[value={folder}]').click()"), &[]);
}

fn chosen() -> String {
    text("document.querySelector('#domains input:checked').value")
}

#[wasm_bindgen_test]
async fn another_domain_brings_its_own_model_gallery_and_vocabulary() {
    let stand = Stand::new().await;
    assert_eq!(text("[fovea.state().domain, fovea.state().domains]"), "polyp,polyp,prostate");
    serve("");
    choose_domain("prostate");
    assert_eq!(
        text("[fovea.state().phase, fovea.state().domain, document.querySelector('#domains').ariaBusy]"),
        "busy,polyp,true"
    );
    stand.expect_soon("load prostate 12").await;
    let asked = text("asked.sort().join(' ')");
    assert!(asked.contains("bundle/prostate/students/refined-afc-cwc.safetensors"), "{asked}");
    assert!(
        !asked.contains("backbone") && !asked.contains("gallery"),
        "what is here already is not asked for: {asked}"
    );
    assert_eq!(text("fovea.state().domain"), "polyp", "until the engine has accepted it");
    stand.answer_last(Response::Loaded(report()));
    assert_eq!(text("[fovea.state().domain, fovea.state().phase, fovea.state().student]"), "prostate,busy,refined-all");
    assert_eq!(text("fovea.state().students.length"), "8");
    assert_eq!(text("location.hash"), "#domain=prostate");
    stand.expect_soon("open gallery/a.png").await;
    assert!(text("document.querySelector('#gallery').textContent").contains("Case a"));
    let notices = text("document.querySelector('#notices').textContent");
    assert!(notices.contains("about prostate") && !notices.contains("about polyp"), "{notices}");
    let image = text("document.querySelector('#gallery img').getAttribute('src')");
    assert!(image.starts_with("bundle/prostate/gallery/a.png?v="), "{image}");
    stand.picture(2);
    let found = Opened { image: 2, embed_ms: 1.0, student: outline("p", None), place: 7, truth: None, likeness: None };
    stand.answer_last(Response::Opened(found));
    assert_eq!(text("fovea.maskHash('student')"), "p");
    stand.expect("look 0");
    // The words to choose from are those of the domain: signals instead of colours.
    let words = text("[...document.querySelectorAll('#add-phrase option')].map(o => o.value).join(' ')");
    assert!(words.contains("colour.dark"), "{words}");
    js("", "history.replaceState(null, '', location.pathname + location.search)", &[]);
}

#[wasm_bindgen_test]
async fn a_download_that_fails_names_the_file_and_leaves_the_old_domain_working() {
    let stand = Stand::open().await;
    serve("teacher.safetensors");
    choose_domain("prostate");
    assert_eq!(chosen(), "prostate");
    wait(100).await;
    let message = text("document.querySelector('#message-text').textContent");
    assert!(message.contains("bundle/prostate/teacher.safetensors") && message.contains("404"), "{message}");
    assert_eq!((chosen(), text("[fovea.state().domain, fovea.state().phase]")), ("polyp".into(), "polyp,ready".into()));
    click(200.0, 200.0);
    stand.expect("look 1 after 0");
    stand.seen("again");
    // What the engine refuses is no better.
    serve("");
    choose_domain("prostate");
    stand.expect_soon("load prostate 12").await;
    stand.answer_last(Response::Refused("bundle file `goldens.safetensors` is damaged: it is short.".into()));
    assert!(text("document.querySelector('#message-text').textContent").contains("goldens.safetensors"));
    assert_eq!((chosen(), text("[fovea.state().domain, fovea.state().phase]")), ("polyp".into(), "polyp,ready".into()));
    assert_eq!(text("fovea.maskHash('teacher')"), "again");
    click(100.0, 100.0);
    stand.expect("look 2 after 1");
}

#[wasm_bindgen_test]
async fn an_image_of_ones_own_stays_and_is_read_by_the_new_model() {
    let stand = Stand::open().await;
    click(200.0, 200.0);
    stand.seen("gaze");
    serve("");
    choose_domain("prostate");
    wait(100).await;
    stand.answer_last(Response::Loaded(report()));
    stand.expect("open one.png");
    assert_eq!(text("fovea.maskHash('teacher')"), "null", "what the former model drew is gone");
    let asked = text("asked.join(' ')");
    assert!(!asked.contains("gallery"), "{asked}");
    js("", "history.replaceState(null, '', location.pathname + location.search)", &[]);
}

#[wasm_bindgen_test]
async fn a_manifest_that_is_not_the_one_of_the_index_is_refused() {
    let stand = Stand::open().await;
    serve("");
    let body = "const old = window.fetch; window.fetch = async address => address.includes('manifest.json') ? new Response('{}') : old(address)";
    js("", body, &[]);
    choose_domain("prostate");
    wait(100).await;
    let message = text("document.querySelector('#message-text').textContent");
    assert!(message.contains("prostate/manifest.json") && message.contains("SHA-256"), "{message}");
    stand.expect("describe 0");
    assert_eq!(chosen(), "polyp");
}
