//! A server that answers as a language model's. It looks at no picture: each question brings a
//! schema, and the answer is the schema's words by turns.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use crate::server::{Server, bind};

/// The name of its one model.
const MODEL: &str = "by-turns";

/// Starts it on a free port.
///
/// # Errors
/// There is none.
pub(super) fn start() -> Result<Server> {
    let models = json!({ "object": "list", "data": [{ "id": MODEL, "object": "model" }] });
    let router = Router::new()
        .route("/v1/models", get(move || async move { Json(models) }))
        .route("/v1/chat/completions", post(complete))
        // Images are large.
        .layer(DefaultBodyLimit::disable())
        .with_state(Arc::new(AtomicUsize::new(0)));
    Server::start(router, bind(0)?)
}

/// The answer to a question.
async fn complete(State(asked): State<Arc<AtomicUsize>>, Json(question): Json<Value>) -> Json<Value> {
    let answer = answer(&question, asked.fetch_add(1, Ordering::Relaxed)).to_string();
    let message = json!({ "role": "assistant", "content": answer });
    let choice = json!({ "index": 0, "message": message, "finish_reason": "stop" });
    Json(json!({ "object": "chat.completion", "model": MODEL, "choices": [choice] }))
}

/// What the schema of a question allows: of each list of words one, another with every question; free text elsewhere.
fn answer(question: &Value, number: usize) -> Value {
    let properties = &question["response_format"]["json_schema"]["schema"]["properties"];
    let word = |property: &Value| match property["enum"].as_array().filter(|words| !words.is_empty()) {
        Some(words) => words[number % words.len()].clone(),
        None => "Drawn.".into(),
    };
    let answer: Map<String, Value> =
        properties.as_object().into_iter().flatten().map(|(name, property)| (name.clone(), word(property))).collect();
    answer.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_words_of_the_schema() {
        let properties = json!({ "shape": { "enum": ["round", "oval"] }, "free_text": { "type": "string" } });
        let question = json!({ "response_format": { "json_schema": { "schema": { "properties": properties } } } });
        assert_eq!(answer(&question, 0), json!({ "shape": "round", "free_text": "Drawn." }));
        assert_eq!(answer(&question, 3)["shape"], "oval");
        assert_eq!(answer(&json!({}), 0), json!({}));
    }
}
