//! What an HTTP response means.

use serde::Deserialize;
use serde_json::Value;

use super::{
    AnswerError,
    extract::{Found, message, object, short},
    stream::{self, Body},
    thoughts::without_thoughts,
};
use crate::description::{Description, Modality, Source};

#[derive(Deserialize)]
struct Completion {
    choices: Option<Vec<Choice>>,
}

#[derive(Deserialize)]
struct Choice {
    message: Option<Message>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    content: Option<Value>,
    refusal: Option<String>,
    // llama.cpp, vLLM and DeepSeek call it the first, Ollama and newer vLLM the second.
    reasoning_content: Option<Value>,
    reasoning: Option<Value>,
    tool_calls: Option<Vec<Call>>,
    // What tool calls were before.
    function_call: Option<Function>,
}

#[derive(Deserialize)]
struct Call {
    function: Option<Function>,
}

#[derive(Deserialize)]
struct Function {
    arguments: Option<Value>,
}

/// The description in the response to [`super::request_body`]; `model` is the name for its source.
///
/// An answer may be fenced, in a list, surrounded by prose, split into parts, streamed, or given as
/// the arguments of a tool call.
/// Thoughts are passed over, and so is whatever follows the beginning of thoughts that do not end.
/// Of several objects the last whole
/// one counts, if words stand between them: a model that corrects itself. A header `Retry-After` is
/// added to the error by
/// [`AnswerError::with_retry_after`].
///
/// # Errors
/// [`AnswerError`]: what happened and what to do about it.
pub fn parse_response(status: u16, body: &str, modality: Modality, model: &str) -> Result<Description, AnswerError> {
    if !(200..300).contains(&status) {
        return Err(http_error(status, body));
    }
    let not_chat = |cause: &str| AnswerError::NotChat { cause: cause.into(), said: message(body) };
    let completion = match stream::read(body) {
        Body::Whole(value) => serde_json::from_value(value),
        Body::Broken => return Err(AnswerError::Broken { cause: "the stream of its parts breaks off".into() }),
        Body::Other => serde_json::from_str::<Completion>(body),
    };
    let completion = completion.map_err(|e| not_chat(&e.to_string()))?;
    // Some gateways answer 200 with an error in it.
    let choices = completion.choices.ok_or_else(|| not_chat("it has no `choices`"))?;
    let choice = choices.into_iter().next().ok_or(AnswerError::Empty { thought: false })?;
    let message = choice.message.ok_or_else(|| not_chat("its choice has no `message`"))?;
    if let Some(refusal) = message.refusal.filter(|text| !text.trim().is_empty()) {
        return Err(AnswerError::Refused { said: short(&refusal) });
    }
    let content = text(message.content.as_ref());
    match choice.finish_reason.as_deref() {
        Some("content_filter" | "safety" | "SAFETY") => {
            let said = if content.trim().is_empty() { "a filter of the server".into() } else { short(&content) };
            return Err(AnswerError::Refused { said });
        }
        // Even when an object is whole: it may be one that the model only thought aloud.
        Some("length" | "max_tokens" | "MAX_TOKENS" | "model_length") => return Err(AnswerError::Cut),
        _ => {}
    }
    let said = without_thoughts(&content);
    if said.unended {
        return Err(AnswerError::Thoughts);
    }
    let calls = arguments(message.tool_calls.unwrap_or_default(), message.function_call);
    let answer = match calls.as_slice() {
        // Beside words the call is of a tool that was not offered; alone it is how some servers answer in a form.
        [.., _] if !said.text.trim().is_empty() => said.text,
        [] => said.text,
        [one] => one.clone(),
        several => return Err(AnswerError::Several { count: several.len() }),
    };
    if answer.trim().is_empty() {
        let thought = message.reasoning_content.is_some() || message.reasoning.is_some() || !content.trim().is_empty();
        return Err(AnswerError::Empty { thought });
    }
    match object(&answer) {
        Found::Object(json) => Ok(Description::from_whole_answer(modality, Source::Vlm(model.to_string()), json)?),
        Found::Several(count) => Err(AnswerError::Several { count }),
        Found::Cut(cause) => Err(AnswerError::BreaksOff { cause }),
        Found::Broken(cause) => Err(AnswerError::BrokenJson { cause, said: short(&answer) }),
        Found::Nothing => Err(AnswerError::Prose { said: short(&answer) }),
    }
}

/// The model as the response names it: behind one address there may be another one than was asked for.
pub fn server_model(body: &str) -> Option<String> {
    let json: Value = match stream::read(body) {
        Body::Whole(json) => json,
        _ => serde_json::from_str(body).ok()?,
    };
    Some(json.get("model")?.as_str().filter(|name| !name.is_empty())?.to_string())
}

/// `content` is a text, an object that the server has read already, or an array of parts. Of parts
/// only what is said counts: texts,
/// and nothing that is thought.
fn text(content: Option<&Value>) -> String {
    let part = |part: &Value| match (part, part["type"].as_str()) {
        (Value::String(text), _) => text.clone(),
        (_, Some("thinking" | "reasoning" | "redacted_thinking")) => String::new(),
        _ => part["text"].as_str().unwrap_or_default().to_owned(),
    };
    match content {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts.iter().map(part).collect(),
        Some(object @ Value::Object(_)) => object.to_string(),
        _ => String::new(),
    }
}

/// What tools were called with.
fn arguments(calls: Vec<Call>, old: Option<Function>) -> Vec<String> {
    let functions = calls.into_iter().filter_map(|call| call.function).chain(old);
    functions.map(|function| text(function.arguments.as_ref())).filter(|text| !text.trim().is_empty()).collect()
}

fn http_error(status: u16, body: &str) -> AnswerError {
    let said = message(body);
    match status {
        400 | 422 => AnswerError::BadRequest { status, said },
        401 | 403 => AnswerError::Key { status, said },
        404 => AnswerError::NotFound { said },
        413 => AnswerError::TooLarge { said },
        429 => AnswerError::TooMany { retry_after: None, said },
        503 => AnswerError::NotReady { retry_after: None, said },
        408 | 500..=599 => AnswerError::Server { status, said },
        300..=399 => AnswerError::Elsewhere { status },
        _ => AnswerError::Status { status, said },
    }
}
