//! `fovea describe` against servers that know no schemas, fail, are slow or do not answer.

use std::{
    collections::BTreeSet,
    fs,
    time::{Duration, Instant},
};

use crate::describe_lab::{Lab, fails, nobody, passes};
use crate::fake::{good, server};
use fovea_shared::description::vlm::{self, Canary};
use fovea_test_support::chat::{ChatServer, Reply, Request};
use serde_json::json;

/// Whether a request is the question about schemas itself.
fn is_canary(request: &Request) -> bool {
    vlm::is_canary(&request.body)
}

#[test]
fn what_a_server_does_with_schemas_is_found_out_once_and_kept() {
    let lab = Lab::new();
    let says = |reply: fn(&Request) -> Reply| {
        ChatServer::start_with_canaries(move |_, request| if is_canary(request) { reply(request) } else { good() })
            .unwrap()
    };
    let run = |fake: &ChatServer, more: &str| {
        let _ = fs::remove_file(lab.path("out.jsonl"));
        let text = passes(lab.describe(&fake.url(), &format!("--no-cache {more}")));
        let schemas: BTreeSet<_> = lab.records().into_values().map(|r| r.asked.unwrap().schema).collect();
        let canaries = fake.requests().iter().filter(|r| is_canary(r)).count();
        (text, schemas.into_iter().collect::<Vec<_>>(), canaries)
    };
    let word = |request: &Request| {
        let schema = &request.body["response_format"]["json_schema"]["schema"];
        Reply::says(json!({ "word": schema["properties"]["word"]["enum"][0] }).to_string())
    };
    let (text, schemas, canaries) = run(&says(word), "--concurrency 3");
    assert_eq!((schemas, canaries), (vec![Some(Canary::Obeyed)], 1));
    assert!(text.contains("holds answers to the schema"), "{text}");
    let (text, schemas, canaries) = run(&says(|_| Reply::says("{\"word\": \"red\"}")), "");
    assert_eq!((schemas, canaries), (vec![Some(Canary::Ignored)], 1));
    assert!(text.contains("passes over the schema"), "{text}");
    let (text, schemas, _) = run(&says(|_| Reply::error(429, "busy")), "");
    assert_eq!(schemas, [None], "{text}");
    let (_, schemas, canaries) = run(&says(word), "--no-schema");
    assert_eq!((schemas, canaries), (vec![None], 0));
    // What is cached is asked neither about itself nor about schemas.
    let fake = says(word);
    let cached = |fake: &ChatServer| {
        let _ = fs::remove_file(lab.path("out.jsonl"));
        passes(lab.describe(&fake.url(), ""));
        (fake.requests().len(), lab.records()["polyp-4-00000"].asked.clone().unwrap().schema)
    };
    assert_eq!(cached(&fake).0, 0, "--no-cache has written the cache");
    assert_eq!(cached(&fake).1, None, "that of the last run, which had the key of this question");
}

#[test]
fn a_server_that_fails_with_a_schema_is_asked_without() {
    for (status, said, questions) in [
        // Known after the first image; an HTTP 500 may pass by itself and is tried every time.
        (400, "'response_format.type' must be 'json_object' or 'text'", 3),
        (422, "Extra inputs are not permitted", 3),
        (500, "grammar could not be compiled", 4),
    ] {
        let lab = Lab::new();
        let fake = ChatServer::start_with_canaries(move |_, request| {
            if request.body.get("response_format").is_some() { Reply::error(status, said) } else { good() }
        })
        .unwrap();
        let text = passes(lab.describe(&fake.url(), "--limit 2"));
        assert!(text.contains("--no-schema") && text.contains(said), "{text}");
        let seen = fake.requests();
        assert_eq!(seen.iter().filter(|r| !is_canary(r)).count(), questions, "{status}");
        assert!(lab.records().values().all(|r| r.asked.as_ref().unwrap().schema == Some(Canary::Refused)));
        // The answers are those of questions without a schema, and are found again as such.
        fs::remove_file(lab.path("out.jsonl")).unwrap();
        passes(lab.describe(&nobody(), "--limit 2 --no-schema"));
        // What is wrong with the request itself is not the schema's fault.
        let bad = server(|_, _| Reply::error(400, "Failed to load image or audio file"));
        fails(lab.describe(&bad.url(), "--again --no-cache --limit 1"));
        assert_eq!(bad.requests().len(), 1);
    }
}

#[test]
fn passing_failures_are_asked_again_after_a_wait() {
    let lab = Lab::new();
    let fake = server(|n, _| match n {
        0 => Reply::error(429, "slow down").with("Retry-After", 2),
        1 => Reply::error(503, "Loading model"),
        2 => Reply::new(500, "<html><h1>Internal error</h1></html>"),
        _ => good(),
    });
    let started = Instant::now();
    let text = passes(lab.describe(&fake.url(), "--limit 1"));
    assert!(started.elapsed() >= Duration::from_secs(2), "it came back too early: {:?}", started.elapsed());
    assert_eq!(fake.requests().len(), 4);
    for words in ["HTTP 429, wait 2 s", "slow down", "HTTP 503", "Loading model", "HTTP 500", "Internal error"] {
        assert!(text.contains(words), "{words} in {text}");
    }

    let loading = server(|_, _| Reply::error(503, "Loading model"));
    let text = fails(lab.describe(&loading.url(), "--limit 1 --retries 2"));
    assert!(text.contains("loading the model") && loading.requests().len() == 3, "{text}");
    // Nobody sits out a wait of an hour.
    let busy = server(|_, _| Reply::error(429, "quota").with("Retry-After", 3600));
    let text = fails(lab.describe(&busy.url(), "--limit 1"));
    assert!(text.contains("wait 3600 s") && busy.requests().len() == 1, "{text}");
}

#[test]
fn silence_and_absence() {
    let lab = Lab::new();
    let slow = server(|_, _| good().never());
    let text = fails(lab.describe(&slow.url(), "--limit 1 --timeout 1 --retries 0"));
    assert!(text.contains("no answer within 1 s") && text.contains("--timeout"), "{text}");

    let url = nobody();
    let text = fails(lab.describe(&url, "--retries 1"));
    assert!(text.contains(&url) && text.contains("cannot be reached") && text.contains("efused"), "{text}");
    assert!(text.contains("asking again") && text.contains("5 more were not tried"), "{text}");
    assert!(!text.contains("chat/completions"), "the address once is enough: {text}");
    // Something else than a chat server.
    let page = server(|_, _| Reply::new(200, "<html><title>It works!</title></html>"));
    let text = fails(lab.describe(&page.url(), ""));
    assert!(text.contains("It works!") && text.contains("/v1") && page.requests().len() == 1, "{text}");
}
