//! What an HTTP response means.

use serde::Deserialize;
use serde_json::Value;

use super::{
    AnswerError,
    extract::{Found, message, object, short},
};
use crate::description::{Description, DescriptionError, Field, Modality, Source};

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
}

/// The description in the response to [`super::request_body`]; `model` is the name for its source.
///
/// An answer may be fenced, surrounded by prose, preceded by thoughts, or split into parts. A header `Retry-After` is added to
/// the error by [`AnswerError::with_retry_after`].
///
/// # Errors
/// [`AnswerError`]: what happened and what to do about it.
pub fn parse_response(status: u16, body: &str, modality: Modality, model: &str) -> Result<Description, AnswerError> {
    if !(200..300).contains(&status) {
        return Err(http_error(status, body));
    }
    let not_chat = |cause: &str| AnswerError::NotChat { cause: cause.into(), said: message(body) };
    let completion: Completion = serde_json::from_str(body).map_err(|e| not_chat(&e.to_string()))?;
    // Some gateways answer 200 with an error in it.
    let choices = completion.choices.ok_or_else(|| not_chat("it has no `choices`"))?;
    let choice = choices.into_iter().next().ok_or(AnswerError::Empty { thought: false })?;
    let message = choice.message.ok_or_else(|| not_chat("its choice has no `message`"))?;
    if let Some(refusal) = message.refusal.filter(|text| !text.trim().is_empty()) {
        return Err(AnswerError::Refused { said: short(&refusal) });
    }
    let text = text(message.content.as_ref());
    match choice.finish_reason.as_deref() {
        Some("content_filter") => {
            let said = if text.trim().is_empty() { "a filter of the server".into() } else { short(&text) };
            return Err(AnswerError::Refused { said });
        }
        // Even when an object is whole: it may be one that the model only thought aloud.
        Some("length") => return Err(AnswerError::Cut),
        _ => {}
    }
    if text.trim().is_empty() {
        let thought = message.reasoning_content.is_some() || message.reasoning.is_some();
        return Err(AnswerError::Empty { thought });
    }
    match object(&text) {
        Found::Object(json) => describe(json, modality, model),
        Found::Broken(cause) => Err(AnswerError::BrokenJson { cause, said: short(&text) }),
        Found::Nothing => Err(AnswerError::Prose { said: short(&text) }),
    }
}

/// The model as the response names it: behind one address there may be another one than was asked for.
pub fn server_model(body: &str) -> Option<String> {
    let json: Value = serde_json::from_str(body).ok()?;
    Some(json.get("model")?.as_str().filter(|name| !name.is_empty())?.to_string())
}

/// `content` is a text, or an array of parts of which those of type `text` count.
fn text(content: Option<&Value>) -> String {
    match content {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts.iter().filter_map(|part| part.get("text")?.as_str()).collect(),
        _ => String::new(),
    }
}

fn describe(json: &str, modality: Modality, model: &str) -> Result<Description, AnswerError> {
    let description = Description::from_answer(modality, Source::Vlm(model.to_string()), json)?;
    // A description on file may leave out what it does not know; an answer was asked for everything.
    let given: Value = serde_json::from_str(json).map_err(|e| DescriptionError::Json(e.to_string()))?;
    let asked = modality.fields().iter().map(|field: &Field| field.name()).chain(["confidence"]);
    match asked.into_iter().find(|name| given.get(name).is_none()) {
        Some(name) => Err(DescriptionError::Missing(name.into()).into()),
        None => Ok(description),
    }
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
