//! What the built page may load and whom it asks, in real Chromium.

use std::time::Duration;

use fovea_tests::{
    page::{Page, dist},
    webdriver::{Adapter, Options},
};

use crate::common::{settled, value};

/// Notes what the policy has refused.
const WATCH: &str = "window.refused = [];
    addEventListener('securitypolicyviolation', e => refused.push(e.violatedDirective + ' ' + e.blockedURI), true);";

#[test]
fn nobody_else_is_asked_for_anything_and_the_policy_has_nothing_to_refuse() {
    let page =
        Page::unopened(&dist().unwrap(), &Options { adapter: Adapter::None, network: true, ..Options::default() })
            .unwrap();
    page.browser.before_scripts(WATCH).unwrap();
    page.go("device=cpu").unwrap();
    settled(&page, "the page", "document.querySelector('#offline').dataset.state === 'ready'");
    page.browser.script("document.querySelectorAll('#gallery button')[1].click()", &[]).unwrap();
    settled(
        &page,
        "another case",
        "window.fovea.state().case === document.querySelectorAll('#gallery button')[1].dataset.case",
    );
    page.browser.script("document.querySelectorAll('details').forEach(d => d.open = true)", &[]).unwrap();
    page.browser.script("document.querySelector('#use-gaze').click()", &[]).unwrap();
    settled(&page, "gaze", "window.fovea.state().fixations.length > 0");
    let switch = "const other = [...document.querySelectorAll('#domains input')].find(i => !i.checked);
        other.closest('label').click(); return other.value";
    let other = page.browser.script(switch, &[]).unwrap();
    settled(&page, "another domain", &format!("window.fovea.state().domain === {other} && window.fovea.state().case"));
    page.expect_no_errors().unwrap();
    assert_eq!(value(&page, "refused"), serde_json::json!([]));
    let asked = page.browser.requests().unwrap();
    assert!(asked.len() > 20, "{asked:?}");
    // `chrome:` is the empty tab that the browser starts with.
    let own = |address: &&String| {
        address.starts_with(&page.url())
            || ["data:", "about:", "chrome:"].iter().any(|scheme| address.starts_with(scheme))
    };
    let others: Vec<&String> = asked.iter().filter(|address| !own(address)).collect();
    assert!(others.is_empty(), "{others:?}");

    // The policy is at work: no script or style from elsewhere or from the text of the page, no frame, no form.
    let attack =
        "const add = (tag, set) => { const e = document.createElement(tag); set(e); document.body.append(e); };
        add('script', e => e.textContent = 'window.broken = 1');
        add('style', e => e.textContent = 'body { --broken: 1 }');
        add('script', e => e.src = 'https://127.0.0.1:9/x.js');
        add('img', e => e.src = 'https://127.0.0.1:9/x.png');
        add('iframe', e => e.src = 'https://127.0.0.1:9/');
        add('div', e => e.setAttribute('onclick', 'window.broken = 1')); document.body.lastChild.click();
        try { new Worker(URL.createObjectURL(new Blob(['1']))) } catch {}";
    page.browser.script(attack, &[]).unwrap();
    let kinds = ["script-src", "style-src", "img-src", "frame-src", "worker-src"];
    let all = kinds.map(|kind| format!("refused.some(r => r.startsWith('{kind}'))")).join(" && ");
    page.wait_for("the policy's refusals", &format!("({all}) || (refused.length > 99)"), Duration::from_secs(10))
        .unwrap();
    assert_eq!(value(&page, "window.broken ?? getComputedStyle(document.body).getPropertyValue('--broken')"), "");
    let headers = value(&page, "fetch('./').then(answer => [...answer.headers].join('; '))");
    assert!(headers.as_str().unwrap().contains("frame-ancestors 'none'"), "{headers}");
}
