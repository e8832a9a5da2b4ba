//! A host of the built page that does what our own server never does: it serves the page from a sub-path, counts, refuses a file,
//! cuts an answer short, and goes away.

use std::{
    io,
    path::Path,
    sync::{Arc, Mutex},
};

use anyhow::Result;
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, stream};
use xtask::serve::{self, Server};

/// What becomes of the answers for addresses that contain some text.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The host does not know the file.
    NotFound(String),
    /// The connection ends after this many bytes of the file.
    Cut(String, usize),
}

/// A running host of a folder. Dropping it ends it, and with it the connections that are open.
pub struct Relay {
    /// The address of the page, with a slash at its end.
    pub url: String,
    server: Server,
    host: Arc<Host>,
}

/// What a host does to requests before the files answer them.
struct Host {
    /// Where the page lies on this host, with slashes at both ends.
    mount: String,
    asked: Mutex<Vec<String>>,
    fault: Mutex<Option<Fault>>,
}

impl Relay {
    /// Serves a folder at a path such as `/demos/fovea/`, on any free port.
    ///
    /// # Errors
    /// The folder is missing.
    pub fn start(dir: &Path, mount: &str) -> Result<Relay> {
        Relay::start_on(dir, mount, 0)
    }

    /// As [`Relay::start`], on a port: the origin that a former host had.
    ///
    /// # Errors
    /// The folder is missing, or the port is taken.
    pub fn start_on(dir: &Path, mount: &str, port: u16) -> Result<Relay> {
        let host = Arc::new(Host { mount: mount.to_owned(), asked: Mutex::default(), fault: Mutex::default() });
        let files = serve::files(dir)?.layer(from_fn_with_state(Arc::clone(&host), pass_on));
        let server = Server::start(files, serve::bind(port)?)?;
        Ok(Relay { url: format!("http://{}{mount}", server.addr), server, host })
    }

    /// The port it has.
    pub fn port(&self) -> u16 {
        self.server.addr.port()
    }

    /// The paths that were asked for so far, below the mount, with their queries.
    pub fn asked(&self) -> Vec<String> {
        self.host.asked.lock().map(|asked| asked.clone()).unwrap_or_default()
    }

    /// What goes wrong from now on.
    pub fn fault(&self, fault: Option<Fault>) {
        if let Ok(mut current) = self.host.fault.lock() {
            *current = fault;
        }
    }
}

/// Notes the request, takes the mount off its address, and lets the fault have its way with the answer.
async fn pass_on(State(host): State<Arc<Host>>, mut request: Request, files: Next) -> Response {
    let address = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let Some(below) = address.strip_prefix(&host.mount) else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(uri) = format!("/{below}").parse() else { return StatusCode::BAD_REQUEST.into_response() };
    *request.uri_mut() = uri;
    if let Ok(mut asked) = host.asked.lock() {
        asked.push(below.to_owned());
    }
    let fault = host.fault.lock().map(|fault| fault.clone()).unwrap_or_default();
    match fault {
        Some(Fault::NotFound(part)) if below.contains(&part) => StatusCode::NOT_FOUND.into_response(),
        Some(Fault::Cut(part, bytes)) if below.contains(&part) => cut(files.run(request).await, bytes).await,
        _ => files.run(request).await,
    }
}

/// An answer that promises its whole length and ends after some bytes, as a connection that breaks.
async fn cut(answer: Response, bytes: usize) -> Response {
    let (mut head, body) = answer.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    head.headers.insert(header::CONTENT_LENGTH, body.len().into());
    let sent = stream::iter([io::Result::Ok(body.slice(..bytes.min(body.len())))]);
    // What was sent leaves before the connection breaks.
    let broken = stream::once(async {
        tokio::task::yield_now().await;
        Err(io::ErrorKind::ConnectionAborted.into())
    });
    Response::from_parts(head, Body::from_stream(sent.chain(broken)))
}
