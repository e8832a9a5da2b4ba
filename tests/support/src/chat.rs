//! A server that speaks as an OpenAI-compatible one does, on this machine. It knows no picture: it answers as a test wants it to, and
//! remembers what it was asked.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Result;
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::{sync::watch, time};
use xtask::serve::{self, Server};

/// The path of a question.
pub const COMPLETIONS: &str = "/v1/chat/completions";

/// The most that a reply waits for other requests.
const PATIENCE: Duration = Duration::from_secs(30);

/// What lets a page of any other origin read the answers.
const ANYONE: [(HeaderName, HeaderValue); 4] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*, authorization")),
    (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("*")),
    (HeaderName::from_static("access-control-allow-private-network"), HeaderValue::from_static("true")),
];

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    /// The path, such as [`COMPLETIONS`].
    pub path: String,
    /// The header of that name.
    pub authorization: Option<String>,
    /// The body, null where it is not JSON.
    pub body: Value,
}

impl Request {
    /// The data URL of its image.
    pub fn image(&self) -> String {
        let content = self.body["messages"][0]["content"].as_array().map(Vec::as_slice).unwrap_or_default();
        let url = content.iter().find_map(|part| part["image_url"]["url"].as_str());
        url.unwrap_or_default().to_owned()
    }
}

/// What to answer.
pub struct Reply {
    status: u16,
    /// The body, to be changed.
    pub body: String,
    headers: Vec<(&'static str, String)>,
    wait: Wait,
}

/// How long a reply waits.
enum Wait {
    None,
    ForEver,
    /// Until so many requests have waited at once; then so much longer, for more of them to show.
    Together(usize, Duration),
}

impl Reply {
    /// A status and a body.
    pub fn new(status: u16, body: impl Into<String>) -> Reply {
        Reply { status, body: body.into(), headers: Vec::new(), wait: Wait::None }
    }

    /// An error as OpenAI writes it.
    pub fn error(status: u16, message: &str) -> Reply {
        Reply::new(status, json!({ "error": { "message": message, "type": "some_error" } }).to_string())
    }

    /// A completion with this message.
    pub fn message(message: &Value, finish: &str) -> Reply {
        let choice = json!({ "index": 0, "message": message, "finish_reason": finish });
        Reply::new(200, json!({ "object": "chat.completion", "model": "fake-1", "choices": [choice] }).to_string())
    }

    /// A completion with this content.
    pub fn says(content: impl Into<Value>) -> Reply {
        Reply::message(&json!({ "role": "assistant", "content": content.into() }), "stop")
    }

    /// With a header more.
    #[must_use]
    pub fn with(mut self, header: &'static str, value: impl ToString) -> Reply {
        self.headers.push((header, value.to_string()));
        self
    }

    /// Which never comes.
    #[must_use]
    pub fn never(mut self) -> Reply {
        self.wait = Wait::ForEver;
        self
    }

    /// Which comes once the server has had so many requests at once, and `longer` after that, so that more of them would show.
    #[must_use]
    pub fn together(mut self, requests: usize, longer: Duration) -> Reply {
        self.wait = Wait::Together(requests, longer);
        self
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, [(header::CONTENT_TYPE, "application/json")], self.body).into_response();
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(&value)) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// A running server. Dropping it ends it.
pub struct ChatServer {
    server: Server,
    state: Arc<Chat>,
}

/// What a test wants to be answered to a request, of which it gets the number, from 0.
type Answer = dyn Fn(usize, &Request) -> Reply + Send + Sync;

struct Chat {
    reply: Box<Answer>,
    cors: bool,
    canaries: bool,
    requests: Mutex<Vec<Request>>,
    load: watch::Sender<Load>,
}

/// How many requests wait for their answers, and how many did at most.
#[derive(Default)]
struct Load {
    now: usize,
    most: usize,
}

impl ChatServer {
    /// Starts on a free port; `reply` gets the number of the request, from 0, and the request. No page of another origin may read
    /// the answers.
    ///
    /// # Errors
    /// No free port.
    pub fn start(reply: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static) -> Result<ChatServer> {
        ChatServer::open(Box::new(reply), false, false)
    }

    /// As [`ChatServer::start`]; `reply` gets the questions too by which `fovea describe` finds out
    /// what a server does with a schema.
    /// All others answer them as the schema has it, and do not count them.
    ///
    /// # Errors
    /// No free port.
    pub fn start_with_canaries(reply: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static) -> Result<ChatServer> {
        ChatServer::open(Box::new(reply), false, true)
    }

    /// As [`ChatServer::start`]; pages of every origin may read the answers.
    ///
    /// # Errors
    /// No free port.
    pub fn start_with_cors(reply: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static) -> Result<ChatServer> {
        ChatServer::open(Box::new(reply), true, false)
    }

    fn open(reply: Box<Answer>, cors: bool, canaries: bool) -> Result<ChatServer> {
        let state =
            Arc::new(Chat { reply, cors, canaries, requests: Mutex::default(), load: watch::Sender::default() });
        // Images are large.
        let router = Router::new().fallback(answer).with_state(Arc::clone(&state)).layer(DefaultBodyLimit::disable());
        Ok(ChatServer { server: Server::start(router, serve::bind(0)?)?, state })
    }

    /// The base address, as one enters it.
    pub fn url(&self) -> String {
        format!("http://{}/v1", self.server.addr)
    }

    /// The requests so far, without those by which a browser asks for leave.
    pub fn requests(&self) -> Vec<Request> {
        self.state.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The bodies of the questions so far.
    pub fn questions(&self) -> Vec<Value> {
        self.requests().into_iter().filter(|request| request.path == COMPLETIONS).map(|request| request.body).collect()
    }

    /// How many requests waited for their answers at once, at most.
    pub fn most_at_once(&self) -> usize {
        self.state.load.borrow().most
    }
}

/// One request of the [`Load`]; its drop takes it off, also when the asker is gone before the answer.
struct Waiting<'a>(&'a watch::Sender<Load>);

impl<'a> Waiting<'a> {
    fn new(load: &'a watch::Sender<Load>) -> Waiting<'a> {
        load.send_modify(|load| {
            load.now += 1;
            load.most = load.most.max(load.now);
        });
        Waiting(load)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|load| load.now -= 1);
    }
}

/// The answer to a question about schemas: whatever word the schema allows.
fn obeyed(body: &Value) -> Option<Reply> {
    let schema = &body["response_format"]["json_schema"];
    let word = schema["schema"]["properties"]["word"]["enum"][0].as_str()?;
    (schema["name"] == "canary").then(|| Reply::says(json!({ "word": word }).to_string()))
}

async fn answer(
    State(chat): State<Arc<Chat>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    let allow = HeaderMap::from_iter(ANYONE.into_iter().filter(|_| chat.cors));
    if method == Method::OPTIONS {
        return (allow, StatusCode::NO_CONTENT.into_response());
    }
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    if !chat.canaries
        && let Some(reply) = obeyed(&body)
    {
        return (allow, reply.into_response());
    }
    let _waiting = Waiting::new(&chat.load);
    let request = Request { path: uri.path().to_owned(), authorization, body };
    let number = {
        let mut requests = chat.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.push(request.clone());
        requests.len() - 1
    };
    let reply = (chat.reply)(number, &request);
    match reply.wait {
        Wait::None => {}
        Wait::ForEver => std::future::pending().await,
        Wait::Together(requests, longer) => {
            let mut load = chat.load.subscribe();
            // Fewer than that show in `most_at_once`.
            let _ = time::timeout(PATIENCE, load.wait_for(|load| load.most >= requests)).await;
            time::sleep(longer).await;
        }
    }
    (allow, reply.into_response())
}
