//! Words from a language model of the visitor's own, in the built page, in real Chromium.

use fovea_test_support::chat::{COMPLETIONS, ChatServer, Reply, Request};
use fovea_tests::page::Page;
use serde_json::{Value, json};

use crate::{
    common::{LIMIT, page_is_ready, unfold, value},
    text::{changed, chip, click, first, hash, open},
};

/// An answer in the schema that says one thing of the shape.
fn lobulated() -> Value {
    let fields = "count location size shape border colour contrast texture edge cover paris nice";
    let mut answer: Value =
        fields.split(' ').map(|f| (f.to_string(), json!("not_assessable"))).collect::<serde_json::Map<_, _>>().into();
    answer["shape"] = json!("lobulated");
    answer["free_text"] = json!("Seen by nobody.");
    answer["confidence"] = json!(0.3);
    answer
}

/// A server of the visitor's own whose model answers [`lobulated`]. Without `cors` a page of another
/// origin may not read its answers.
fn chat_server(cors: bool) -> ChatServer {
    let reply = |_, request: &Request| match request.path.as_str() {
        COMPLETIONS => Reply::says(lobulated().to_string()),
        _ => Reply::new(404, "{}"),
    };
    if cors { ChatServer::start_with_cors(reply) } else { ChatServer::start(reply) }.unwrap()
}

fn ask(page: &Page, base: &str) {
    unfold(page, "#words-more");
    let script = "document.querySelector('#ask').open = true;
        const put = (id, text) => { const e = document.querySelector(id); e.value = text; e.dispatchEvent(new Event('input', {bubbles: true})); };
        put('#ask-base', arguments[0]); put('#ask-model', 'some-model')";
    page.browser.script(script, &[json!(base)]).unwrap();
    click(page, "#ask-go");
    page.wait_for("the end of the question", "!window.fovea.state().asking", LIMIT).unwrap();
}

fn said(page: &Page) -> String {
    value(page, "document.querySelector('#ask-status').textContent").as_str().unwrap().to_owned()
}

#[test]
fn the_visitors_own_model_describes_the_image() {
    let page = open();
    let server = chat_server(true);
    ask(&page, &server.url());
    page_is_ready(&page);
    let shown = value(&page, "window.fovea.state().description");
    assert_eq!(shown["source"], "vlm:some-model", "{shown}; the page says: {}", said(&page));
    assert_eq!(shown["sentence"], "A lobulated polyp.");
    let card = page.browser.find("#description").unwrap().text().unwrap();
    for part in ["written by some-model", "Low confidence", "Nobody has checked it", "Seen by nobody."] {
        assert!(card.to_lowercase().contains(&part.to_lowercase()), "{part} is missing in: {card}");
    }
    let asked = server.questions();
    assert_eq!(asked.len(), 1);
    let content = asked[0]["messages"][0]["content"].as_array().unwrap();
    let url = content.iter().find_map(|c| c["image_url"]["url"].as_str()).unwrap();
    assert!(url.starts_with("data:image/jpeg;base64,") && url.len() > 2000);
    // The words before are one step back.
    page.browser.keys(&["Control", "z"]).unwrap();
    page.wait_for("undo", "window.fovea.state().description.source === 'measured'", LIMIT).unwrap();
    page_is_ready(&page);
    page.expect_no_errors().unwrap();
}

#[test]
fn a_server_that_does_not_let_the_page_read_is_named_and_so_is_none() {
    let page = open();
    let server = chat_server(false);
    ask(&page, &server.url());
    assert!(said(&page).contains("CORS") && said(&page).contains("OLLAMA_ORIGINS"), "{}", said(&page));
    assert_eq!(server.questions().len(), 0, "the browser asks for leave before it sends an image");
    // A port that nobody listens on any more.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    ask(&page, &format!("http://127.0.0.1:{port}/v1"));
    assert!(said(&page).contains("Nothing answers"), "{}", said(&page));
    assert_eq!(value(&page, "window.fovea.state().description.source"), "measured");
}

#[test]
fn without_a_network_all_but_the_model_works_and_the_page_says_so() {
    let page = open();
    let server = chat_server(true);
    let original = hash(&page);
    page.browser.offline(true).unwrap();
    let field = first(&page);
    click(&page, &chip(&field, ".phrase-toggle"));
    changed(&page);
    click(&page, "#undo");
    page_is_ready(&page);
    assert_eq!(hash(&page), original);
    click(&page, "#describe-again");
    page_is_ready(&page);
    let caveat = value(&page, "window.fovea.state().description.caveat");
    assert!(caveat.as_str().is_some_and(|c| c.contains("student’s outline")), "{caveat}");
    ask(&page, &server.url());
    assert!(said(&page).contains("offline"), "{}", said(&page));
    assert!(server.questions().is_empty());
    page.browser.offline(false).unwrap();
}
