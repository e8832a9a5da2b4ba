//! A stream of server-sent events, from servers that send one although none was asked for, as one completion.

use serde_json::{Map, Value, json};

/// What a body is.
#[derive(Debug, PartialEq)]
pub(super) enum Body {
    /// A stream that came to its end, as the completion it adds up to.
    Whole(Value),
    /// A stream that breaks off.
    Broken,
    /// No stream.
    Other,
}

/// Adds the events of a stream up.
pub(super) fn read(body: &str) -> Body {
    let first = body.trim_start();
    if !["data:", "event:", ": "].iter().any(|begin| first.starts_with(begin)) {
        return Body::Other;
    }
    let (mut message, mut calls, mut finish, mut model, mut done) =
        (Map::new(), Vec::<String>::new(), Value::Null, Value::Null, false);
    for data in body.lines().filter_map(|line| line.strip_prefix("data:")).map(str::trim) {
        if data == "[DONE]" {
            done = true;
            continue;
        }
        let Ok(chunk) = serde_json::from_str::<Value>(data) else { return Body::Broken };
        if chunk.get("error").is_some() {
            return Body::Whole(chunk);
        }
        if model.is_null() {
            model = chunk["model"].clone();
        }
        let choice = &chunk["choices"][0];
        if !choice["finish_reason"].is_null() {
            finish = choice["finish_reason"].clone();
        }
        // Some servers send the whole message at the end instead.
        let part = if choice["message"].is_object() { &choice["message"] } else { &choice["delta"] };
        for key in ["content", "reasoning_content", "reasoning", "refusal"] {
            if let Some(more) = part[key].as_str() {
                let sum = message.get(key).and_then(Value::as_str).unwrap_or_default().to_owned() + more;
                message.insert(key.into(), sum.into());
            }
        }
        for call in part["tool_calls"].as_array().into_iter().flatten() {
            let index = call["index"].as_u64().unwrap_or(0).min(calls.len() as u64) as usize;
            if index == calls.len() {
                calls.push(String::new());
            }
            calls[index] += call["function"]["arguments"].as_str().unwrap_or_default();
        }
    }
    if !done && finish.is_null() {
        return Body::Broken;
    }
    if !calls.is_empty() {
        let calls: Vec<Value> = calls.iter().map(|text| json!({ "function": { "arguments": text } })).collect();
        message.insert("tool_calls".into(), calls.into());
    }
    let choice = json!({ "message": message, "finish_reason": finish });
    Body::Whole(json!({ "model": model, "choices": [choice] }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(delta: &Value) -> String {
        format!("data: {}\n\n", json!({ "model": "m", "choices": [{ "index": 0, "delta": delta }] }))
    }

    #[test]
    fn a_stream_adds_up() {
        let parts = [json!({ "role": "assistant" }), json!({ "content": "{\"a\"" }), json!({ "content": ": 1}" })];
        let body = format!(": hello\n\n{}data: [DONE]\n\n", parts.iter().map(chunk).collect::<String>());
        let Body::Whole(whole) = read(&body) else { panic!("{body}") };
        assert_eq!(whole["choices"][0]["message"]["content"], "{\"a\": 1}");
        assert_eq!(whole["model"], "m");
        let calls = [
            json!({ "tool_calls": [{ "index": 0, "function": { "name": "d", "arguments": "{" } }] }),
            json!({ "tool_calls": [{ "index": 0, "function": { "arguments": "}" } }] }),
        ];
        let end = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}]}";
        let Body::Whole(whole) = read(&format!("{}{end}", calls.iter().map(chunk).collect::<String>())) else {
            panic!("the finish reason ends it")
        };
        assert_eq!(whole["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"], "{}");
        assert_eq!(whole["choices"][0]["finish_reason"], "tool_calls");
    }

    #[test]
    fn what_breaks_off_is_broken_and_the_rest_is_no_stream() {
        assert_eq!(read(&chunk(&json!({ "content": "{" }))), Body::Broken);
        assert_eq!(read("data: {\"choi"), Body::Broken);
        assert_eq!(read("{\"choices\": []}"), Body::Other);
        assert_eq!(read(""), Body::Other);
        let error = "data: {\"error\":{\"message\":\"out of memory\"}}\n\n";
        assert_eq!(read(error), Body::Whole(json!({ "error": { "message": "out of memory" } })));
    }
}
