//! One question to a vision-language model of the visitor's, from the window: what is sent and what an answer means is
//! `fovea_shared::description::vlm`; here is the browser's half, and what it says when something goes wrong.

use std::{cell::Cell, rc::Rc};

use fovea_shared::description::{
    Description, Modality,
    vlm::{Address, AnswerError, GazeHint, parse_response, request_body, server_model, without_schema},
};
use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, ReferrerPolicy, RequestCache, RequestCredentials, RequestInit, RequestMode, RequestRedirect,
    Response,
};

use crate::{
    app::elements::{js::text, window},
    errors::answer,
    text::{Message, message, say},
};

/// How long an answer may take, in s: a model on a processor without graphics card takes minutes.
pub(super) const PATIENCE_S: u32 = 300;

/// What is asked.
#[derive(Clone, Debug)]
pub(super) struct Question {
    /// Where.
    pub server: Address,
    /// Name of the model as the visitor entered it; may be empty.
    pub model: String,
    /// Key for the server; may be empty.
    pub key: String,
    /// What kind of image it is.
    pub modality: Modality,
    /// The image as a `data:` address.
    pub picture: String,
    /// Where the visitor looked.
    pub gaze: GazeHint,
}

/// Ends a question before its answer.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    controller: AbortController,
    why: Rc<Cell<Option<Ended>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    Cancelled,
    TimedOut,
}

impl Default for Stop {
    fn default() -> Self {
        let controller = AbortController::new().expect_throw("every browser that runs this program has one");
        Self { controller, why: Rc::default() }
    }
}

impl Stop {
    /// The visitor has changed their mind.
    pub(super) fn cancel(&self) {
        self.end(Ended::Cancelled);
    }

    fn end(&self, why: Ended) {
        if self.why.get().is_none() {
            self.why.set(Some(why));
            self.controller.abort();
        }
    }
}

/// Asks and waits.
///
/// # Errors
/// In plain words, with what to do about it.
pub(super) async fn ask(question: &Question, stop: &Stop) -> Result<Description, Message> {
    let late = stop.clone();
    let timer = Closure::once_into_js(move || late.end(Ended::TimedOut));
    let timer =
        window().set_timeout_with_callback_and_timeout_and_arguments_0(timer.unchecked_ref(), PATIENCE_S as i32 * 1000);
    let answer = converse(question, stop).await;
    if let Ok(timer) = timer {
        window().clear_timeout_with_handle(timer);
    }
    answer
}

async fn converse(question: &Question, stop: &Stop) -> Result<Description, Message> {
    let body = request_body(&question.model, question.modality, &question.picture, &question.gaze);
    let first = once(question, &body.to_string(), stop).await?;
    match first {
        // A server that cannot hold a model to a schema may still follow the prompt.
        Err(error) if matches!(error, AnswerError::BadRequest { .. }) || error.may_be_the_schema() => {
            let second = once(question, &without_schema(body).to_string(), stop).await?;
            second.map_err(|e| answer(&e))
        }
        other => other.map_err(|e| answer(&e)),
    }
}

/// One exchange. The outer error is one of the connection, already in plain words.
async fn once(question: &Question, body: &str, stop: &Stop) -> Result<Result<Description, AnswerError>, Message> {
    let response = match post(question, body, stop).await {
        Ok(response) => response,
        Err(error) => return Err(unreachable(question, stop, &text(error)).await),
    };
    let said = match response.text().map(JsFuture::from) {
        Ok(said) => said.await,
        Err(error) => Err(error),
    };
    let said = match said {
        Ok(said) => said.as_string().unwrap_or_default(),
        Err(error) => return Err(unreachable(question, stop, &text(error)).await),
    };
    let typed = Some(question.model.clone()).filter(|m| !m.is_empty());
    let model = typed.or_else(|| server_model(&said)).unwrap_or_else(|| say!("ask-unnamed"));
    Ok(parse_response(response.status(), &said, question.modality, &model))
}

async fn post(question: &Question, body: &str, stop: &Stop) -> Result<Response, JsValue> {
    let headers = Object::new();
    Reflect::set(&headers, &"Content-Type".into(), &"application/json".into())?;
    if !question.key.is_empty() {
        Reflect::set(&headers, &"Authorization".into(), &format!("Bearer {}", question.key).into())?;
    }
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_headers_record_from_str_to_str(&headers);
    options.set_body_opt_str(Some(body));
    options.set_signal(Some(&stop.controller.signal()));
    // The image goes where it was meant to go, and takes nothing along.
    options.set_redirect(RequestRedirect::Error);
    options.set_credentials(RequestCredentials::Omit);
    options.set_referrer_policy(ReferrerPolicy::NoReferrer);
    options.set_cache(RequestCache::NoStore);
    let answer = window().fetch_with_str_and_init(&format!("{}/chat/completions", question.server), &options);
    Ok(JsFuture::from(answer).await?.unchecked_into())
}

/// Why there was no answer. The browser does not tell a server that is not there from one that does not let this page read its answer,
/// so a question without content that needs no leave is asked: a server that answers it is there.
async fn unreachable(question: &Question, stop: &Stop, cause: &str) -> Message {
    let (server, name) = (&question.server, question.server.to_string());
    match stop.why.get() {
        Some(Ended::Cancelled) => return message!("ask-cancelled"),
        Some(Ended::TimedOut) => return message!("ask-late", server = name, seconds = PATIENCE_S.to_string()),
        None => {}
    }
    if !window().navigator().on_line() {
        return message!("ask-offline", server = name);
    }
    if knock(server, stop).await.is_ok() {
        let origin = window().location().origin().unwrap_or_else(|_| "*".into());
        return message!("ask-cors", server = name, origin = origin);
    }
    message!("ask-unreachable", server = name, cause = cause)
}

async fn knock(server: &Address, stop: &Stop) -> Result<(), JsValue> {
    let options = RequestInit::new();
    options.set_mode(RequestMode::NoCors);
    options.set_credentials(RequestCredentials::Omit);
    options.set_signal(Some(&stop.controller.signal()));
    JsFuture::from(window().fetch_with_str_and_init(&format!("{server}/models"), &options)).await.map(drop)
}
