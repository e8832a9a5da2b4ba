//! Responses as servers send them.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::description::{Field, Modality, Source, json_schema};

/// An answer that says `round` of the shape and nothing of the rest.
fn answer() -> Value {
    let mut answer = json!({ "confidence": 0.7, "free_text": "It is round." });
    for field in Modality::Polyp.fields() {
        answer[field.name()] = "not_assessable".into();
    }
    answer["shape"] = "round".into();
    answer
}

/// A completion whose message has this content.
fn completion(content: &Value, finish: &str) -> String {
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "model": "the-model", "usage": { "total_tokens": 9 },
        "choices": [{ "index": 0, "finish_reason": finish, "message": { "role": "assistant", "content": content } }],
    })
    .to_string()
}

fn said(content: &str) -> Result<crate::description::Description, AnswerError> {
    parse_response(200, &completion(&content.into(), "stop"), Modality::Polyp, "m")
}

fn failed(status: u16, body: &str) -> AnswerError {
    parse_response(status, body, Modality::Polyp, "m").unwrap_err()
}

#[test]
fn an_answer_in_any_dress() {
    let json = answer().to_string();
    let pretty = serde_json::to_string_pretty(&answer()).unwrap();
    for content in [
        json.clone(),
        format!("```json\n{pretty}\n```"),
        format!("```\n{json}\n```"),
        format!("Here is what I see:\n\n{pretty}\n\nLet me know if {{you}} need more."),
        format!("<think>Is it {{round}}? {{\"shape\":\"oval\"}}</think>\n{json}"),
        format!("{json}<think>Was it {{\"shape\":\"oval\"}}?</think>"),
        format!("[{json}]"),
        format!("{{\"description\": {json}}}"),
        format!("<tool_call>{{\"name\": \"description\", \"arguments\": {json}}}</tool_call>"),
        format!("First {}, better {json}", json.replace("round", "oval")),
        format!("{},}}", &json[..json.len() - 1]),
        format!("{{ // as seen\n{}", &json[1..]),
        json.replace('"', "'"),
        json.replace("\"round\"", "\"Round\"").replace("not_assessable", "Not assessable"),
        json.replace("\"round\"", "[\"round\"]").replace("0.7", "\"70 %\""),
        json.replace("\"colour\"", "\"color\"").replace("0.7", "70"),
    ] {
        let description = said(&content).unwrap();
        assert_eq!(description.get(Field::Shape).unwrap().name, "round");
        assert_eq!(description.iter().count(), 1);
        assert_eq!(description.source, Source::Vlm("m".into()));
        assert!((description.confidence - 0.7).abs() < 1e-6);
        assert_eq!(description.free_text, "It is round.");
    }
    let (first, second) = json.split_at(20);
    let parts = json!([{ "type": "text", "text": first }, { "type": "image" }, { "type": "text", "text": second }]);
    assert!(parse_response(200, &completion(&parts, "stop"), Modality::Polyp, "m").is_ok());
    let mut thinking: Value = serde_json::from_str(&completion(&json.as_str().into(), "stop")).unwrap();
    thinking["choices"][0]["message"]["reasoning_content"] = "Let me see. {".into();
    let thinking = thinking.to_string();
    assert!(parse_response(200, &thinking, Modality::Polyp, "m").is_ok());
    assert_eq!(server_model(&thinking).unwrap(), "the-model");
    assert_eq!(server_model("<html>"), None);
}

#[test]
fn an_answer_in_any_envelope() {
    let json = answer().to_string();
    let shape = |body: &Value| {
        let description = parse_response(200, &body.to_string(), Modality::Polyp, "m")?;
        Ok::<_, AnswerError>(description.get(Field::Shape).unwrap().name)
    };
    let message = |message: Value| json!({ "choices": [{ "message": message, "finish_reason": "stop" }] });
    let call = |arguments: Value| json!({ "id": "1", "type": "function", "function": { "name": "d", "arguments": arguments } });
    for body in [
        message(json!({ "content": answer() })),
        message(json!({ "content": null, "tool_calls": [call(json.as_str().into())] })),
        message(json!({ "content": "", "tool_calls": [call(answer())] })),
        message(json!({ "content": "<think>I call it.</think>", "tool_calls": [call(answer())] })),
        message(json!({ "content": null, "function_call": { "name": "d", "arguments": json } })),
        message(json!({ "content": json, "tool_calls": [] })),
        message(json!({ "content": json, "tool_calls": [call("{}".into())] })),
        message(
            json!({ "content": [{ "type": "thinking", "thinking": "{\"shape\"" }, { "type": "text", "text": json }] }),
        ),
        message(json!({ "content": [{ "type": "reasoning", "text": "{\"a\": 1" }, json] })),
    ] {
        assert_eq!(shape(&body), Ok("round"), "{body}");
    }
    let several = message(json!({ "content": null, "tool_calls": [call(answer()), call(json!({ "shape": "oval" }))] }));
    assert_eq!(shape(&several), Err(AnswerError::Several { count: 2 }));
    let parts: String = json
        .as_bytes()
        .chunks(60)
        .map(|part| {
            let delta = json!({ "content": String::from_utf8_lossy(part) });
            format!("data: {}\n\n", json!({ "model": "s", "choices": [{ "index": 0, "delta": delta }] }))
        })
        .collect();
    let stream = format!("{parts}data: [DONE]\n\n");
    assert!(parse_response(200, &stream, Modality::Polyp, "m").is_ok());
    assert_eq!(server_model(&stream).as_deref(), Some("s"));
    let error = failed(200, &parts);
    assert!(matches!(error, AnswerError::Broken { .. }) && error.retry() == Retry::Soon, "{error}");
    let error = failed(200, "data: {\"error\":{\"message\":\"out of memory\"}}\n\n");
    assert!(error.to_string().contains("out of memory"), "{error}");
}

#[test]
fn a_draft_is_never_taken() {
    let (json, draft) = (answer().to_string(), answer().to_string().replace("round", "oval"));
    for content in [
        format!("<think>First idea: {draft}. But the left rim"),
        format!("<think>First idea: {draft}. No.\n\n```json\n{json}\n```"),
        format!("{json}\n<think>Or rather {draft}"),
        format!("[THINK]{draft}"),
        format!("<|channel|>analysis<|message|>{draft}"),
    ] {
        let error = said(&content).unwrap_err();
        assert_eq!(error, AnswerError::Thoughts, "{content}");
        assert!(error.to_string().contains("--max-tokens") && error.retry() == Retry::No);
    }
    for content in [
        // A whole draft before the answer that is cut, and inside of one.
        format!("{draft} No: {}", &json[..json.len() / 2]),
        format!("{{\"draft\": {draft}, \"answer\": {}", &json[..json.len() / 2]),
    ] {
        assert!(matches!(said(&content), Err(AnswerError::BreaksOff { .. })), "{content}");
    }
    assert_eq!(said(&format!("[{draft}, {json}]")), Err(AnswerError::Several { count: 2 }));
    // Thoughts beside the content are not content.
    for name in ["reasoning_content", "reasoning"] {
        let mut message = json!({ "content": null });
        message[name] = format!("It looks round. {json}").into();
        let body = json!({ "choices": [{ "message": message, "finish_reason": "stop" }] }).to_string();
        assert_eq!(failed(200, &body), AnswerError::Empty { thought: true });
    }
    assert_eq!(said(&format!("<think>{draft}</think>")), Err(AnswerError::Empty { thought: true }));
}

#[test]
fn json_that_breaks_off_was_cut_whatever_the_server_says() {
    let json = answer().to_string();
    for length in 1..json.len() {
        let error = said(&json[..length]).unwrap_err();
        assert!(matches!(&error, AnswerError::BreaksOff { cause } if cause.contains("EOF")), "{length}: {error}");
        assert!(error.to_string().contains("--max-tokens") && error.retry() == Retry::No && !error.concerns_all());
    }
}

#[test]
fn what_may_be_the_schema_is_asked_once_without_it() {
    let error = |status, said: &str| failed(status, &json!({ "error": { "message": said } }).to_string());
    for (status, text, may) in [
        (400, "'response_format.type' must be 'json_object' or 'text'", true),
        (422, "Extra inputs are not permitted", true),
        (400, "failed to parse grammar", true),
        (500, "", true),
        (400, "Failed to load image or audio file", false),
        (502, "bad gateway", false),
        (401, "response_format", false),
    ] {
        assert_eq!(error(status, text).may_be_the_schema(), may, "{status} {text}");
    }
    assert!(AnswerError::Cut.is_of_the_model() && !error(500, "").is_of_the_model());
}

#[test]
fn a_cut_answer_is_cut_even_where_an_object_is_whole() {
    for content in [r#"{"shape": "rou"#.to_string(), answer().to_string(), String::new()] {
        let error = failed(200, &completion(&content.into(), "length"));
        assert_eq!(error, AnswerError::Cut);
        assert!(error.to_string().contains("--max-tokens") && error.retry() == Retry::No);
    }
}

#[test]
fn refusals() {
    let body =
        json!({ "choices": [{ "message": { "content": null, "refusal": "I will not." }, "finish_reason": "stop" }] });
    assert_eq!(failed(200, &body.to_string()), AnswerError::Refused { said: "\"I will not.\"".into() });
    let error = said("I'm sorry, but I can't help with medical images.").unwrap_err();
    assert!(matches!(&error, AnswerError::Prose { said } if said.contains("medical images")), "{error}");
    assert!(matches!(failed(200, &completion(&"".into(), "content_filter")), AnswerError::Refused { .. }));
    // An empty `refusal` is none.
    let body = json!({ "choices": [{ "message": { "content": answer().to_string(), "refusal": "" } }] });
    assert!(parse_response(200, &body.to_string(), Modality::Polyp, "m").is_ok());
}

#[test]
fn answers_that_are_no_description() {
    let error = said(r#"{"shape": "round", "size" small}"#).unwrap_err();
    assert!(matches!(&error, AnswerError::BrokenJson { cause, .. } if cause.contains("line 1")), "{error}");
    let mut wrong = answer();
    wrong["shape"] = "cubic".into();
    let text = said(&wrong.to_string()).unwrap_err().to_string();
    assert!(text.contains("`shape`") && text.contains("cubic") && text.contains("oval"), "{text}");
    let text = said("{}").unwrap_err().to_string();
    assert!(text.contains("`count` is missing"), "{text}");
    let mut unsure = answer();
    unsure.as_object_mut().unwrap().remove("confidence");
    assert!(said(&unsure.to_string()).unwrap_err().to_string().contains("`confidence` is missing"));
    unsure["confidence"] = 7.into();
    assert!(said(&unsure.to_string()).unwrap_err().to_string().contains("`confidence`"));
    assert!(said(r#"{"error": "no image"}"#).unwrap_err().to_string().contains("`error`"));
}

#[test]
fn responses_that_are_no_answer() {
    assert_eq!(failed(200, r#"{"choices": []}"#), AnswerError::Empty { thought: false });
    let body =
        json!({ "choices": [{ "message": { "content": null, "reasoning_content": "Hm." }, "finish_reason": "stop" }] });
    let error = failed(200, &body.to_string());
    assert_eq!(error, AnswerError::Empty { thought: true });
    assert!(error.to_string().contains("thinking"), "{error}");
    for body in
        ["<html><body>It works!</body></html>", "", "[]", "null", r#"{"error": "quota"}"#, r#"{"choices": [{}]}"#]
    {
        let error = failed(200, body);
        assert!(matches!(error, AnswerError::NotChat { .. }), "{body}: {error}");
        assert!(error.to_string().contains("/v1") && error.concerns_all() && error.retry() == Retry::No, "{error}");
    }
}

#[test]
fn every_status_has_words_and_a_remedy() {
    let openai = |text: &str| json!({ "error": { "message": text, "type": "x", "code": null } }).to_string();
    // Status, whether it concerns all images, whether to ask again, a part of the remedy.
    for (status, all, retry, remedy) in [
        (400, false, Retry::No, "--no-schema"),
        (422, false, Retry::No, "--mmproj"),
        (401, true, Retry::No, "FOVEA_API_KEY"),
        (403, true, Retry::No, "FOVEA_API_KEY"),
        (404, true, Retry::No, "/v1/models"),
        (408, false, Retry::Soon, "asking again"),
        (413, false, Retry::No, "limit"),
        (429, false, Retry::Soon, "--concurrency"),
        (500, false, Retry::Soon, "log"),
        (502, false, Retry::Soon, "log"),
        (503, false, Retry::Soon, "loading"),
        (418, true, Retry::No, "base address"),
    ] {
        for body in [openai("what it says"), "<html><h1>what it says</h1></html>".into(), "what it says".into()] {
            let error = failed(status, &body);
            let text = error.to_string();
            assert!(text.contains(&format!("HTTP {status}")), "{text}");
            assert!(text.contains("what it says") && text.contains(remedy), "{text}");
            assert_eq!((error.concerns_all(), error.retry()), (all, retry), "{text}");
        }
        assert!(failed(status, "").to_string().contains("nothing more"));
    }
    let error = failed(307, "");
    assert!(error.concerns_all() && error.to_string().contains("not followed"), "{error}");
}

#[test]
fn waits_that_the_server_asks_for() {
    for status in [429, 503] {
        let error = failed(status, "{}").with_retry_after(Some(7));
        assert_eq!(error.retry(), Retry::After(Duration::from_secs(7)));
        assert!(error.to_string().contains("wait 7 s"), "{error}");
        assert_eq!(failed(status, "{}").with_retry_after(None).retry(), Retry::Soon);
    }
    assert_eq!(failed(500, "{}").with_retry_after(Some(7)).retry(), Retry::Soon);
}

#[test]
fn transport_errors_say_what_to_do() {
    let error = AnswerError::Unreachable { server: "http://127.0.0.1:1/v1".into(), cause: "refused".into() };
    assert!(error.concerns_all() && error.retry() == Retry::Soon && error.to_string().contains("127.0.0.1:1"));
    let error = AnswerError::Certificate { server: "https://localhost:1/v1".into(), cause: "UnknownIssuer".into() };
    assert!(error.concerns_all() && error.retry() == Retry::No && error.to_string().contains("SSL_CERT_FILE"));
    let error = AnswerError::TimedOut { seconds: 30 };
    assert!(!error.concerns_all() && error.retry() == Retry::Soon && error.to_string().contains("30 s"));
    assert_eq!(AnswerError::Broken { cause: "reset".into() }.retry(), Retry::Soon);
}

#[test]
fn whatever_the_schema_allows_is_a_description() {
    // The first and the last word of every field, both ends of the confidence: what a server that
    // holds to the schema sends.
    for modality in Modality::ALL {
        let schema = json_schema(modality);
        let properties = schema["properties"].as_object().unwrap();
        for last in [false, true] {
            let mut answer = json!({ "free_text": "" });
            for (name, property) in properties.iter().filter(|(name, _)| *name != "free_text") {
                let words = property["enum"].as_array().unwrap_or_else(|| panic!("{name} has no enum"));
                answer[name] = words[if last { words.len() - 1 } else { 0 }].clone();
            }
            let body = completion(&answer.to_string().into(), "stop");
            let description = parse_response(200, &body, modality, "m").unwrap();
            assert_eq!(description.is_empty(), last);
        }
    }
}
