//! Finding things in texts: the JSON object in an answer, the message in an error body.

use serde_json::Value;

/// Most characters of foreign text in an error.
const SHOWN: usize = 200;

/// The JSON object of an answer, as text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found<'a> {
    /// The last whole object: models that think aloud give their final answer last.
    Object(&'a str),
    /// An object begins and none is whole; where the first one breaks.
    Broken(String),
    /// There is no brace at all.
    Nothing,
}

/// Looks for the answer's object: the whole text, the inside of a code fence, or an object with prose around it. What stands
/// within `<think>` is not the answer.
pub(super) fn object(text: &str) -> Found<'_> {
    let text = text.rsplit_once("</think>").map_or(text, |(_, answer)| answer);
    let (mut rest, mut last, mut first_error) = (text, None, None);
    while let Some(start) = rest.find('{') {
        rest = &rest[start..];
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<serde::de::IgnoredAny>();
        match stream.next() {
            Some(Ok(_)) => {
                let end = stream.byte_offset();
                last = Some(&rest[..end]);
                rest = &rest[end..];
            }
            other => {
                if let Some(Err(error)) = other {
                    first_error.get_or_insert_with(|| error.to_string());
                }
                rest = &rest[1..];
            }
        }
    }
    match (last, first_error) {
        (Some(object), _) => Found::Object(object),
        (None, Some(error)) => Found::Broken(error),
        (None, None) => Found::Nothing,
    }
}

/// What an error body says: `error.message`, `error`, `message` or `detail` of a JSON object (OpenAI and llama.cpp, Ollama,
/// others, FastAPI), otherwise its text, a web page without its tags.
pub(super) fn message(body: &str) -> String {
    if let Ok(json) = serde_json::from_str::<Value>(body) {
        let paths = ["/error/message", "/error", "/message", "/detail"];
        if let Some(text) = paths.iter().find_map(|path| json.pointer(path)?.as_str()) {
            return short(text);
        }
    }
    let mut inside = false;
    let text: String = body
        .chars()
        .filter_map(|c| match c {
            '<' => {
                inside = true;
                Some(' ')
            }
            '>' if inside => {
                inside = false;
                None
            }
            _ => (!inside).then_some(c),
        })
        .collect();
    short(&text)
}

/// The beginning of a text on one line, quoted; without control characters, which could do something to a terminal.
pub(super) fn short(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let clean: String = words.join(" ").chars().filter(|c| !c.is_control()).collect();
    if clean.is_empty() {
        return "it says nothing more".into();
    }
    let cut: String = clean.chars().take(SHOWN).collect();
    let more = if cut.len() < clean.len() { "…" } else { "" };
    format!("\"{cut}{more}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found_wherever_they_are() {
        for text in [
            r#"{"a":{"b":"}"}}"#,
            "  {\"a\":{\"b\":\"}\"}}\n",
            "```json\n{\"a\":{\"b\":\"}\"}}\n```",
            "```\n{\"a\":{\"b\":\"}\"}}```\nI hope this helps {really}!",
            "Here {you} are: {\"a\":{\"b\":\"}\"}} Good luck.",
            "<think>perhaps {\"a\":1}? no</think>{\"a\":{\"b\":\"}\"}}",
            "First {\"a\":1}, better {\"a\":{\"b\":\"}\"}}",
        ] {
            assert_eq!(object(text), Found::Object(r#"{"a":{"b":"}"}}"#), "{text}");
        }
        assert_eq!(object("I cannot help with that."), Found::Nothing);
        assert_eq!(object(""), Found::Nothing);
        assert!(matches!(object(r#"{"a": "b", "#), Found::Broken(cause) if cause.contains("EOF")));
        assert!(matches!(object("{'a': 'b'}"), Found::Broken(_)));
    }

    #[test]
    fn messages_of_every_kind_of_server() {
        assert_eq!(message(r#"{"error":{"code":400,"message":"bad image","type":"x"}}"#), "\"bad image\"");
        assert_eq!(message(r#"{"error":"model 'x' not found"}"#), "\"model 'x' not found\"");
        assert_eq!(message(r#"{"object":"error","message":"too long"}"#), "\"too long\"");
        assert_eq!(message(r#"{"detail":"Not Found"}"#), "\"Not Found\"");
        assert_eq!(
            message("<html><head><title>502</title></head>\n<h1>Bad gateway</h1></html>"),
            "\"502 Bad gateway\""
        );
        assert_eq!(message(""), "it says nothing more");
        assert_eq!(message("a\u{1b}[31mred"), "\"a[31mred\"");
        assert_eq!(message(&"x".repeat(1000)).chars().count(), SHOWN + 3);
    }
}
