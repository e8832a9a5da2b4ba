//! The servers themselves, met by a browser on a small page: what the tests of the built page rely on.

use std::{
    fs::{self, File},
    path::Path,
    time::SystemTime,
};

use fovea_test_support::chat::{ChatServer, Reply};
use fovea_tests::{
    page::Page,
    relay::{Fault, Relay},
    webdriver::{Adapter, Options},
};
use serde_json::{Value, json};

const MOUNT: &str = "/demos/probe/";

fn options() -> Options {
    Options { adapter: Adapter::None, ..Options::default() }
}

/// A page, and a file of a megabyte that holds one byte over and over.
fn fill(folder: &Path, byte: u8) {
    fs::write(folder.join("index.html"), "<!doctype html><title>probe</title><link rel=icon href=data:,>").unwrap();
    fs::write(folder.join("large.bin"), vec![byte; 1 << 20]).unwrap();
}

/// What the page gets from an address: the status, how many bytes, the last of them, and whether they came to their end.
fn fetched(page: &Page, address: &str) -> Value {
    let script = "return (async address => {
        let answer, count = 0, last = null;
        try { answer = await fetch(address) } catch { return 'nobody' }
        const reader = answer.body.getReader();
        try {
            for (;;) {
                const { done, value } = await reader.read();
                if (done) return [answer.status, count, last, 'end'];
                count += value.length, last = value.at(-1);
            }
        } catch { return [answer.status, count, last, 'broken'] }
    })(arguments[0])";
    page.browser.script(script, &[json!(address)]).unwrap()
}

#[test]
fn a_host_counts_refuses_breaks_off_and_goes_away() {
    let [folder, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    fill(folder.path(), 1);
    fill(other.path(), 2);
    // As old as can be: a browser that asked for changes since its copy would keep that.
    File::options()
        .write(true)
        .open(other.path().join("large.bin"))
        .unwrap()
        .set_modified(SystemTime::UNIX_EPOCH)
        .unwrap();
    let relay = Relay::start(folder.path(), MOUNT).unwrap();
    let page = Page::elsewhere(&relay.url, &options()).unwrap();
    page.go("x=1").unwrap();
    let whole = |byte: u8| json!([200, 1 << 20, byte, "end"]);
    assert_eq!(fetched(&page, "large.bin?a"), whole(1));
    assert_eq!(fetched(&page, "/large.bin"), json!([404, 0, null, "end"]), "outside of the mount");
    relay.fault(Some(Fault::NotFound("large".into())));
    assert_eq!(fetched(&page, "large.bin"), json!([404, 0, null, "end"]));
    relay.fault(Some(Fault::Cut("large".into(), 200_000)));
    assert_eq!(fetched(&page, "large.bin"), json!([200, 200_000, 1, "broken"]));
    relay.fault(None);
    assert_eq!(fetched(&page, "large.bin"), whole(1));
    assert_eq!(relay.asked(), ["?x=1", "large.bin?a", "large.bin", "large.bin", "large.bin"]);

    let port = relay.port();
    drop(relay);
    assert_eq!(fetched(&page, "large.bin"), "nobody");
    let _relay = Relay::start_on(other.path(), MOUNT, port).unwrap();
    assert_eq!(fetched(&page, "large.bin"), whole(2));
}

#[test]
fn many_files_come_at_once_beside_one_that_nobody_reads() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), 1);
    File::options().write(true).open(folder.path().join("large.bin")).unwrap().set_len(64 << 20).unwrap();
    let page = Page::open_folder(folder.path(), &options(), "").unwrap();
    let script = "window.slow = fetch('large.bin?slow').then(answer => answer.body.getReader().read());
        await slow;
        const all = await Promise.all(Array.from({ length: 40 }, (_, i) => fetch('index.html?' + i).then(a => a.text())));
        return all.every(text => text.includes('probe')) && all.length";
    assert_eq!(page.browser.script(&format!("return (async () => {{ {script} }})()"), &[]).unwrap(), 40);
}

#[test]
fn a_model_server_is_read_where_it_lets_the_page() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), 1);
    let page = Page::open_folder(folder.path(), &options(), "").unwrap();
    let ask = "return fetch(arguments[0] + '/chat/completions', { method: 'POST', body: '{\"model\": \"m\"}',
            headers: { 'Content-Type': 'application/json', Authorization: 'Bearer x' } })
        .then(answer => answer.json()).then(json => json.choices[0].message.content, () => 'forbidden')";
    let knock = "return fetch(arguments[0] + '/models', { mode: 'no-cors' }).then(() => 'there', () => 'gone')";
    let run = |script: &str, server: &ChatServer| page.browser.script(script, &[json!(server.url())]).unwrap();
    let open = ChatServer::start_with_cors(|_, _| Reply::says("hello")).unwrap();
    assert_eq!((run(ask, &open), run(knock, &open)), (json!("hello"), json!("there")));
    assert_eq!(open.questions(), [json!({"model": "m"})]);
    assert_eq!(open.requests()[0].authorization.as_deref(), Some("Bearer x"));
    let closed = ChatServer::start(|_, _| Reply::says("hello")).unwrap();
    assert_eq!((run(ask, &closed), run(knock, &closed)), (json!("forbidden"), json!("there")));
    assert!(closed.questions().is_empty(), "the browser asks for leave first");
    let silent = ChatServer::start_with_cors(|_, _| Reply::says("").never()).unwrap();
    let late = "return fetch(arguments[0] + '/models', { signal: AbortSignal.timeout(50) }).catch(error => error.name)";
    assert_eq!(run(late, &silent), "TimeoutError");
}
