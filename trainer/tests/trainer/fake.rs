//! Servers for `fovea describe`, and an answer about a polyp.

use fovea_shared::description::Modality;
use fovea_test_support::chat::{ChatServer, Reply, Request};
use serde_json::json;

/// The answer of a model about a polyp: it is round, and nothing else is assessable.
pub(crate) fn answer() -> String {
    let mut answer = json!({ "confidence": 0.5, "free_text": "Round." });
    for field in Modality::Polyp.fields() {
        answer[field.name()] = "not_assessable".into();
    }
    answer["shape"] = "round".into();
    answer.to_string()
}

/// A good answer.
pub(crate) fn good() -> Reply {
    Reply::says(answer())
}

/// A server whose reply depends on the number of the request, from 0, and on the request.
pub(crate) fn server(reply: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static) -> ChatServer {
    ChatServer::start(reply).unwrap()
}

/// A server that must not be asked, or only counts: everybody gets a good answer.
pub(crate) fn good_server() -> ChatServer {
    server(|_, _| good())
}
