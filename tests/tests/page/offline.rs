//! The built page without a network, as an app to install, and when a new build of it arrives, in real Chromium.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use fovea_tests::{
    page::{Page, copy_folder, dist},
    relay::Relay,
    webdriver::{Adapter, Options, Pointer},
};
use serde_json::{Value, json};

use crate::common::{LIMIT, about, message, settled, shipped, value};

const MOUNT: &str = "/demos/fovea/";

fn open(relay: &Relay) -> Page {
    let options = Options { adapter: Adapter::None, ..Options::default() };
    let page = Page::elsewhere(&relay.url, &options).unwrap();
    page.go("device=cpu").unwrap();
    page
}

/// Waits until the page says that it can be used without a network.
fn stored(page: &Page) {
    settled(page, "the files to be stored", "document.querySelector('#offline').dataset.state === 'ready'");
    assert_eq!(about(page, "#offline"), message("offline-ready"));
}

/// Loads the page again once its host is gone.
fn reload_without(relay: Relay, page: &Page) -> u16 {
    let port = relay.port();
    drop(relay);
    page.browser.reload().unwrap();
    port
}

#[test]
fn after_one_visit_the_page_works_without_a_network_and_nothing_was_fetched_twice() {
    let relay = Relay::start(&dist().unwrap(), MOUNT).unwrap();
    let page = open(&relay);
    stored(&page);
    let mut asked = relay.asked();
    asked.sort();
    let twice: Vec<_> = asked.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
    // This server lets nothing be reused unasked, so the worker asks for its script and the stage for the picture that the gallery has; the
    // icon belongs to the tab. Nothing of it is due to the service worker, and everything large comes once.
    let small = |name: &&&String| [".js", "icon.svg", ".jpg?"].iter().any(|part| name.contains(part));
    assert!(twice.iter().all(|name| small(&name)) && twice.len() < 5, "fetched twice: {twice:?}");
    let errors = page.browser.devtools("Page.getInstallabilityErrors", &json!({})).unwrap();
    assert_eq!(errors["installabilityErrors"], json!([]), "the page cannot be installed");
    let domains = value(&page, "window.fovea.state().domains");
    let first = value(&page, "window.fovea.state().domain");
    let other = domains.as_array().unwrap().iter().find(|d| **d != first).unwrap().as_str().unwrap().to_owned();
    assert!(!asked.iter().any(|name| name.contains(&format!("{other}/"))), "a model that nobody wanted: {asked:?}");
    let teacher = value(&page, "window.fovea.maskHash('teacher')");
    page.expect_no_errors().unwrap();

    let port = reload_without(relay, &page);
    settled(&page, "the page without a network", "true");
    assert_eq!(value(&page, "window.fovea.maskHash('teacher')"), teacher);
    stored(&page);
    // Another case, with a picture, a mask and gaze that nobody has looked at before.
    let last = "[...document.querySelectorAll('#gallery button')].at(-1)";
    page.browser.script(&format!("{last}.click()"), &[]).unwrap();
    settled(&page, "another case", &format!("window.fovea.state().case === {last}.dataset.case"));
    assert_eq!(
        value(
            &page,
            "document.querySelectorAll('#gallery img').length > 0 && [...document.querySelectorAll('#gallery img')].every(i => i.naturalWidth > 0)"
        ),
        true
    );
    page.browser.find("#stage-canvas").unwrap().tap(Pointer::Mouse, (0.4, 0.4)).unwrap();
    settled(&page, "a mask", "window.fovea.state().fixations.length === 1");
    // A model that was not opened before cannot be had, and the page says so and goes on.
    let switch = format!("document.querySelector('#domains input[value={other}]').closest('label').click()");
    page.browser.script(&switch, &[]).unwrap();
    let message = page.wait_for("the message", "window.fovea.state().message", LIMIT).unwrap();
    assert!(message.as_str().unwrap().contains("could not be loaded"), "{message}");

    // With its host back it can; and from then on it opens without it, backbone and all.
    let relay = Relay::start_on(&dist().unwrap(), MOUNT, port).unwrap();
    page.browser.script(&switch, &[]).unwrap();
    settled(&page, &other, &format!("window.fovea.state().domain === '{other}' && window.fovea.state().case"));
    stored(&page);
    let (asked, backbone) = (relay.asked(), "backbone.safetensors");
    let own = shipped(first.as_str().unwrap(), backbone) != shipped(&other, backbone);
    let count = asked.iter().filter(|name| name.contains(backbone)).count();
    assert_eq!(count, usize::from(own), "a backbone comes once, and only where it is another: {asked:?}");
    reload_without(relay, &page);
    settled(&page, "the other model without a network", &format!("window.fovea.state().domain === '{other}'"));
}

/// Takes the hashes out of the names again, so that a changed page can be sealed as another build.
fn unseal(dir: &Path) {
    let index = dir.join("index.html");
    let mut html = fs::read_to_string(&index).unwrap();
    let script = fs::read_to_string(dir.join("sw.js")).unwrap();
    let build = script.strip_prefix("const BUILD = ").unwrap().lines().next().unwrap().trim_end_matches(';');
    let build: Value = serde_json::from_str(build).unwrap();
    for name in build["program"].as_object().unwrap().keys() {
        let (stem, extension) = name.rsplit_once('.').unwrap();
        let plain = format!("{}.{extension}", stem.rsplit_once('-').unwrap().0);
        html = html.replace(&format!("\"./{name}\""), &format!("\"./{plain}\""));
        fs::rename(dir.join(name), dir.join(plain)).unwrap();
    }
    for name in ["LICENSE-APACHE", "NOTICE"] {
        fs::rename(dir.join(format!("{name}.txt")), dir.join(name)).unwrap();
    }
    let id = build["id"].as_str().unwrap();
    fs::write(
        index,
        html.replace(&format!("name=\"fovea-build\" content=\"{id}\""), "name=\"fovea-build\" content=\"unsealed\""),
    )
    .unwrap();
}

/// The whole numbers of this build's parts, as the page sees them: of its HTML, style and scripts.
fn parts(page: &Page) -> Value {
    value(
        page,
        "[document.querySelector('meta[name=part]')?.content ?? '1', getComputedStyle(document.body).getPropertyValue('--part') || '1', window.part ?? '1']",
    )
}

#[test]
fn a_new_build_is_seen_at_once_and_never_meets_the_old_one() {
    let folder = tempfile::TempDir::new().unwrap();
    copy_folder(&dist().unwrap(), folder.path()).unwrap();
    unseal(folder.path());
    let change = |name: &str, from: &str, to: &str| {
        let path = folder.path().join(name);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{name}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    };
    change("index.html", "<meta name=\"fovea-build\"", "<meta name=\"part\" content=\"2\"><meta name=\"fovea-build\"");
    change("style.css", ":root {", "body { --part: 2 } :root {");
    change("offline.mjs", "const root", "window.part = '2'; const root");
    let new = xtask::seal::seal(folder.path(), &xtask::paths::root().join("www")).unwrap();

    let relay = Relay::start(&dist().unwrap(), MOUNT).unwrap();
    let page = open(&relay);
    stored(&page);
    assert_eq!(parts(&page), json!(["1", "1", "1"]));
    let port = relay.port();
    drop(relay);
    let relay = Relay::start_on(folder.path(), MOUNT, port).unwrap();
    page.browser.reload().unwrap();
    stored(&page);
    assert_eq!(parts(&page), json!(["2", "2", "2"]));
    let asked = relay.asked();
    assert!(!asked.iter().any(|name| name.contains(".wasm") || name.contains(".safetensors")), "unchanged: {asked:?}");

    // No other tab needs the old build: everything of it goes.
    let start = Instant::now();
    let wanted = json!([format!("fovea {MOUNT} files"), format!("fovea {MOUNT} page {}", new.id)]);
    while value(&page, "caches.keys().then(names => names.sort())") != wanted {
        assert!(start.elapsed() < LIMIT, "{} in place of {wanted}", value(&page, "caches.keys()"));
        std::thread::sleep(Duration::from_millis(200));
    }
    let hashes: Vec<&str> =
        new.program.values().chain(new.bundles.values().flat_map(|b| b.values())).map(|h| &h[..12]).collect();
    let kept = value(
        &page,
        &format!("caches.open('fovea {MOUNT} files').then(c => c.keys()).then(k => k.map(r => r.url.slice(-12)))"),
    );
    let kept: Vec<&str> = kept.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(kept.len() > 10 && kept.iter().all(|hash| hashes.contains(hash)), "{kept:?}");
    let port = reload_without(relay, &page);
    settled(&page, "the new build without a network", "true");
    assert_eq!(parts(&page), json!(["2", "2", "2"]));

    // Another tab gets yet another build, here the first one again. This one still needs its own, and keeps it whole.
    let relay = Relay::start_on(&dist().unwrap(), MOUNT, port).unwrap();
    let here = page.browser.tab().unwrap();
    let there = page.browser.new_tab().unwrap();
    page.browser.switch_to(&there).unwrap();
    page.go("device=cpu").unwrap();
    stored(&page);
    assert_eq!(parts(&page), json!(["1", "1", "1"]));
    page.browser.switch_to(&here).unwrap();
    assert_eq!(parts(&page), json!(["2", "2", "2"]));
    reload_without(relay, &page);
    settled(&page, "the build of this tab without a network", "true");
    assert_eq!(parts(&page), json!(["2", "2", "2"]));
}
