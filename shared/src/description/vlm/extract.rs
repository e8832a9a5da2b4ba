//! Finding things in texts: the JSON object in an answer, the message in an error body.

use serde::de::IgnoredAny;
use serde_json::Value;

use crate::description;

/// Most characters of foreign text in an error.
const SHOWN: usize = 200;

/// Longest object that is read as something else than strict JSON. An answer has about 600 bytes.
const MOST_LOOSE: usize = 1 << 16;

/// Most braces of a text that are tried as the beginning of something else than strict JSON.
const MOST_TRIES: usize = 64;

/// The JSON object of an answer, as text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found<'a> {
    /// The last whole object: models that correct themselves give their final answer last.
    Object(&'a str),
    /// Objects that differ, with nothing but commas between them.
    Several(usize),
    /// The last object does not end; where the text breaks off.
    Cut(String),
    /// An object begins and none is whole; where the first one breaks.
    Broken(String),
    /// There is no brace at all.
    Nothing,
}

/// Looks for the answer's object: the whole text, the inside of a code fence or a list, or an
/// object with prose around it. An
/// object inside of a broken one is not the answer, and neither is a whole one before one that does not end.
pub(super) fn object(text: &str) -> Found<'_> {
    let (mut at, mut found, mut first_error, mut tries) = (0, Vec::<(usize, usize)>::new(), None, MOST_TRIES);
    while let Some(start) = text[at..].find('{').map(|start| at + start) {
        match one(&text[start..], &mut tries) {
            One::Whole(length) => {
                found.push((start, start + length));
                at = start + length;
            }
            One::Cut(cause) => return Found::Cut(cause),
            One::Broken(length, cause) => {
                first_error.get_or_insert(cause);
                at = start + length;
            }
        }
    }
    match (found.as_slice(), first_error) {
        ([], Some(error)) => Found::Broken(error),
        ([], None) => Found::Nothing,
        ([.., before, last], _) if beside(text, *before, *last) => Found::Several(found.len()),
        ([.., last], _) => Found::Object(&text[last.0..last.1]),
    }
}

/// Whether two objects stand beside each other, as in a list, and say different things.
fn beside(text: &str, first: (usize, usize), second: (usize, usize)) -> bool {
    let between = text[first.1..second.0].chars().all(|c| c.is_whitespace() || c == ',');
    between && text[first.0..first.1] != text[second.0..second.1]
}

/// What begins with a brace.
enum One {
    Whole(usize),
    Cut(String),
    /// Not JSON: how much of it to pass over.
    Broken(usize, String),
}

fn one(text: &str, tries: &mut usize) -> One {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    let error = match stream.next() {
        Some(Ok(_)) => return One::Whole(stream.byte_offset()),
        Some(Err(error)) if error.is_eof() => return One::Cut(error.to_string()),
        Some(Err(error)) => error.to_string(),
        None => String::new(),
    };
    if *tries == 0 {
        return One::Broken(1, error);
    }
    *tries -= 1;
    // JSON with comments, single quotes and so on; its end must be known before it can be read.
    let window = &text[..text.floor_char_boundary(MOST_LOOSE)];
    match end_of_object(window) {
        Some(length) if description::is_json5(&text[..length]) => One::Whole(length),
        Some(length) => One::Broken(length, error),
        None if window.len() == text.len() && description::is_cut_json5(text) => {
            One::Cut(format!("EOF in an object that begins `{}`", window.chars().take(20).collect::<String>()))
        }
        None => One::Broken(1, error),
    }
}

/// The length of an object, by its braces outside of texts and comments.
fn end_of_object(text: &str) -> Option<usize> {
    let (mut depth, mut quote, mut escaped, mut before) = (0usize, None, false, '{');
    let mut comment: Option<&str> = None;
    for (at, c) in text.char_indices() {
        if let Some(end) = comment {
            if text[..at + c.len_utf8()].ends_with(end) {
                comment = None;
            }
            continue;
        }
        if let Some(open) = quote {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                _ if c == open => quote = None,
                _ => {}
            }
            continue;
        }
        match c {
            '"' => quote = Some('"'),
            // Elsewhere it is an apostrophe.
            '\'' if "{[,:".contains(before) => quote = Some('\''),
            '/' if text[at..].starts_with("//") => comment = Some("\n"),
            '/' if text[at..].starts_with("/*") => comment = Some("*/"),
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        if !c.is_whitespace() {
            before = c;
        }
    }
    None
}

/// What an error body says: `error.message`, `error`, `message` or `detail` of a JSON object
/// (OpenAI and llama.cpp, Ollama, others, FastAPI), otherwise its text, a web page without its
/// tags.
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
            "First {\"a\":1}, better {\"a\":{\"b\":\"}\"}}",
        ] {
            assert_eq!(object(text), Found::Object(r#"{"a":{"b":"}"}}"#), "{text}");
        }
        assert_eq!(object("I cannot help with that."), Found::Nothing);
        assert_eq!(object(""), Found::Nothing);
    }

    #[test]
    fn loose_json_is_found_and_half_json_is_not() {
        for text in [
            "{'a': 'b'}",
            "{a: \"b\"}",
            "{\"a\": \"b\",}",
            "{\"a\": \"b\" /* } */}",
            "{\"a\": 'it is', // }\n\"c\": 1}",
        ] {
            assert_eq!(object(&format!("Here it's: {text} {{end}}")), Found::Object(text), "{text}");
        }
        for text in [
            r#"{"a": "b", "#,
            r#"{"a": "b""#,
            r#"{"a": {"b": 1}, "c": tru"#,
            // A whole draft does not stand for the answer that is cut, and neither does the inside of it.
            r#"First {"a": 1}, better {"a": 2, "b"#,
            r#"{"answer": {"a": 1}, "confi"#,
            "{'a': 'b', 'c",
            "{\"a\": 'b', // and",
        ] {
            assert!(matches!(object(text), Found::Cut(cause) if cause.contains("EOF")), "{text}: {:?}", object(text));
        }
        assert!(matches!(object(r#"{"a": {"b": 1}; "c": 2}"#), Found::Broken(_)));
        assert!(matches!(object(r#"{"a" 1}"#), Found::Broken(cause) if cause.contains("line 1")));
        assert_eq!(object(r#"[{"a": 1}, {"a": 2}]"#), Found::Several(2));
        assert_eq!(object("{\"a\": 1}\n{\"a\": 2}"), Found::Several(2));
        assert_eq!(object(r#"[{"a": 1}, {"a": 1}]"#), Found::Object(r#"{"a": 1}"#));
        // Deep and long rubbish ends soon.
        for text in
            ["{".repeat(20_000), "{'".repeat(20_000), "{a:[".repeat(20_000), "{a:'".repeat(20_000), "{]".repeat(20_000)]
        {
            assert!(!matches!(object(&text), Found::Object(_)));
        }
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
