//! A server that answers chat requests as a test wants it to, and remembers what it was asked.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use fovea_shared::description::Modality;
use serde_json::{Value, json};
use tiny_http::{Header, Response, Server};

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) authorization: Option<String>,
    pub(crate) body: Value,
}

impl Seen {
    /// The data URL of its image.
    pub(crate) fn image(&self) -> String {
        self.body["messages"][0]["content"][1]["image_url"]["url"].as_str().unwrap_or_default().to_string()
    }
}

/// What to answer.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) after: Duration,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<String>) -> Self {
        Self { status, body: body.into(), headers: Vec::new(), after: Duration::ZERO }
    }

    /// An error as OpenAI writes it.
    pub(crate) fn error(status: u16, message: &str) -> Self {
        Self::new(status, json!({ "error": { "message": message, "type": "some_error" } }).to_string())
    }

    /// A completion with this message.
    pub(crate) fn message(message: &Value, finish: &str) -> Self {
        let choice = json!({ "index": 0, "message": message, "finish_reason": finish });
        Self::new(200, json!({ "object": "chat.completion", "model": "fake-1", "choices": [choice] }).to_string())
    }

    /// A completion with this content.
    pub(crate) fn says(content: impl Into<Value>) -> Self {
        Self::message(&json!({ "role": "assistant", "content": content.into() }), "stop")
    }

    /// A good answer.
    pub(crate) fn good() -> Self {
        Self::says(answer())
    }

    pub(crate) fn with(mut self, header: &'static str, value: impl ToString) -> Self {
        self.headers.push((header, value.to_string()));
        self
    }

    pub(crate) fn after(mut self, wait: Duration) -> Self {
        self.after = wait;
        self
    }
}

/// The answer of a model about a polyp: it is round, and nothing else is assessable.
pub(crate) fn answer() -> String {
    let mut answer = json!({ "confidence": 0.5, "free_text": "Round." });
    for field in Modality::Polyp.fields() {
        answer[field.name()] = "not_assessable".into();
    }
    answer["shape"] = "round".into();
    answer.to_string()
}

/// The server; it ends with the test.
pub(crate) struct Fake {
    server: Arc<Server>,
    seen: Arc<Mutex<Vec<Seen>>>,
    most: Arc<AtomicUsize>,
}

/// Threads that answer; more than any test asks at once.
const THREADS: usize = 12;

impl Fake {
    /// Starts on a free port of this machine; `reply` gets the number of the request, from 0, and the request.
    pub(crate) fn start(reply: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static) -> Self {
        let server = Arc::new(Server::http("127.0.0.1:0").unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let reply = Arc::new(reply);
        for _ in 0..THREADS {
            let (server, seen, reply) = (Arc::clone(&server), Arc::clone(&seen), Arc::clone(&reply));
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            thread::spawn(move || {
                while let Ok(mut request) = server.recv() {
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    let mut body = String::new();
                    let _ = request.as_reader().read_to_string(&mut body);
                    let authorization =
                        request.headers().iter().find(|h| h.field.equiv("Authorization")).map(|h| h.value.to_string());
                    let body = serde_json::from_str(&body).unwrap_or(Value::Null);
                    let one = Seen { path: request.url().to_string(), authorization, body };
                    let number = {
                        let mut all = seen.lock().unwrap();
                        all.push(one.clone());
                        all.len() - 1
                    };
                    let reply = reply(number, &one);
                    thread::sleep(reply.after);
                    let mut response = Response::from_string(reply.body).with_status_code(reply.status);
                    for (name, value) in reply.headers {
                        response.add_header(Header::from_bytes(name, value).unwrap());
                    }
                    now.fetch_sub(1, Ordering::SeqCst);
                    // The asker may be gone.
                    let _ = request.respond(response);
                }
            });
        }
        Self { server, seen, most }
    }

    /// One that must not be asked: whoever asks gets a good answer, so that only the count tells.
    pub(crate) fn silent() -> Self {
        Self::start(|_, _| Reply::good())
    }

    /// Its base address.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.server.server_addr())
    }

    /// The requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// How many requests it had at once, at most.
    pub(crate) fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        (0..THREADS).for_each(|_| self.server.unblock());
    }
}
