//! The app on the real `index.html`: the question to a vision-language model of the visitor’s, with a fetch of the test’s own.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

mod stand;

use stand::{OVAL, Stand, chips, js, key, text, wait};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Puts a fetch in the place of the browser's, which keeps what it is asked and answers with `answer` (the body of a function of
/// address and options).
fn fetch(answer: &str) {
    js(
        "",
        &format!(
            "window.asked = []; window.fetch = async (address, options) => {{ asked.push({{ address, ...options }}); {answer} }}"
        ),
        &[],
    );
}

fn ask(base: &str) {
    let body = "document.querySelector('#ask').open = true;
        const put = (id, value) => { const e = document.querySelector(id); e.value = value; e.dispatchEvent(new Event('input', { bubbles: true })); };
        put('#ask-base', base); put('#ask-model', 'tester'); put('#ask-key', 'secret');
        document.querySelector('#ask-go').click()";
    js("base", body, &[base.into()]);
}

const ANSWER: &str = r#"
    const fields = "count location size shape border colour contrast texture edge cover paris nice".split(" ");
    const said = { ...Object.fromEntries(fields.map(f => [f, "not_assessable"])), shape: "lobulated", free_text: "", confidence: 0.9 };
    return new Response(JSON.stringify({ choices: [{ message: { content: JSON.stringify(said) }, finish_reason: "stop" }] }));"#;

#[wasm_bindgen_test]
async fn the_visitors_own_model_is_asked_once_and_its_answer_says_who_wrote_it() {
    let stand = Stand::described().await;
    fetch(ANSWER);
    ask("http://127.0.0.1:9/v1/");
    wait(100).await;
    stand.expect(&format!("look 0 shape=lobulated after{OVAL}"));
    stand.seen("lobulated");
    assert_eq!(text("fovea.state().description.source"), "vlm:tester");
    assert_eq!(text("document.querySelector('#description-source').textContent"), "written by tester");
    assert!(text("document.querySelector('#description-caveat').textContent").contains("Nobody has checked it"));
    assert!(
        text("document.querySelector('#source').textContent").contains("sent to http://127.0.0.1:9/v1 as you asked")
    );
    assert_eq!(
        text("asked.map(a => [a.address, a.method, a.redirect, a.credentials, a.headers.Authorization])"),
        "http://127.0.0.1:9/v1/chat/completions,POST,error,omit,Bearer secret"
    );
    let image = text("JSON.parse(asked[0].body).messages[0].content.find(c => c.type === 'image_url').image_url.url");
    assert!(image.starts_with("data:image/jpeg;base64,"), "{image}");
    key("body", "key: 'z', ctrlKey: true");
    assert_eq!(chips(), "Location: upper left; Shape: oval");
}

#[wasm_bindgen_test]
async fn an_image_leaves_this_computer_only_with_leave() {
    let _stand = Stand::described().await;
    fetch(ANSWER);
    ask("https://models.example.org/v1");
    assert!(text("document.querySelector('#ask-status').textContent").contains("not on this computer"));
    assert_eq!(text("[asked.length, document.querySelector('#ask-far').hidden]"), "0,false");
    js("", "document.querySelector('#ask-agree').click(); document.querySelector('#ask-go').click()", &[]);
    wait(100).await;
    assert_eq!(text("asked.length"), "1");
    // Leave for one address is none for another.
    ask("http://127.0.0.1.example.org/v1");
    wait(100).await;
    assert_eq!(text("asked.length"), "1");
}

#[wasm_bindgen_test]
async fn what_goes_wrong_with_a_model_is_said_in_plain_words() {
    let stand = Stand::described().await;
    let said = || text("document.querySelector('#ask-status').textContent");
    // The browser says the same of a server that is not there and of one that does not let the page read.
    fetch("if (options.mode === 'no-cors') return new Response(); throw new TypeError('Failed to fetch');");
    ask("http://127.0.0.1:9/v1");
    wait(100).await;
    assert!(said().contains("CORS") && said().contains("OLLAMA_ORIGINS"), "{}", said());
    fetch("throw new TypeError('Failed to fetch');");
    ask("http://127.0.0.1:9/v1");
    wait(100).await;
    assert!(said().contains("Nothing answers at http://127.0.0.1:9/v1"), "{}", said());
    fetch("return new Response('{\"error\": {\"message\": \"bad key\"}}', { status: 401 });");
    ask("http://127.0.0.1:9/v1");
    wait(100).await;
    assert!(said().contains("bad key") && said().contains("the field above"), "{}", said());
    stand.expect(&format!("look 0{OVAL}"));
    fetch(&format!(
        "if (JSON.parse(options.body).response_format) return new Response('no schemas', {{ status: 400 }}); {ANSWER}"
    ));
    ask("http://127.0.0.1:9/v1");
    wait(100).await;
    assert_eq!(text("asked.length"), "2", "a server without schemas is asked without one");
    stand.expect(&format!("look 0 shape=lobulated after{OVAL}"));
    stand.seen("lobulated");
    fetch(
        "return new Promise((_, no) => options.signal.addEventListener('abort', () => no(new DOMException('gone', 'AbortError'))));",
    );
    ask("http://127.0.0.1:9/v1");
    wait(50).await;
    assert_eq!(
        text(
            "[fovea.state().asking, document.querySelector('#ask-cancel').hidden, document.querySelector('#ask-go').disabled]"
        ),
        "true,false,true"
    );
    js("", "document.querySelector('#ask-cancel').click()", &[]);
    wait(50).await;
    assert!(said().starts_with("Cancelled"), "{}", said());
    ask("ftp://127.0.0.1/v1");
    assert!(text("[fovea.state().asking, asked.length]") == "false,1" && said().contains("http://"), "{}", said());
    stand.expect(&format!("look 0 shape=lobulated after{OVAL}"));
}
