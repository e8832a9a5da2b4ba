//! The folder of a built page as a web server sends it: for the demo, and for the tests of the built page.

use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::extract::State;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::middleware::map_response_with_state;
use axum::response::Response;
use tower_http::services::ServeDir;
use tower_http::services::fs::{Backend, TokioBackend};

pub use crate::server::{Server, bind};

/// Serves the files of `dir` on a port of 127.0.0.1; port 0 takes any free one.
///
/// # Errors
/// The folder is missing, or another program has the port.
pub fn spawn(dir: &Path, port: u16) -> Result<Server> {
    spawn_on(dir, bind(port)?)
}

/// As [`spawn`], on a port that was taken before.
///
/// # Errors
/// The folder is missing.
pub fn spawn_on(dir: &Path, listener: TcpListener) -> Result<Server> {
    Server::start(files(dir)?, listener)
}

/// What answers with the files of `dir`.
///
/// # Errors
/// The folder is missing.
pub fn files(dir: &Path) -> Result<Router> {
    let root = dir.canonicalize().with_context(|| format!("cannot serve the folder {}", dir.display()))?;
    if !root.is_dir() {
        bail!("cannot serve {}: it is not a folder", root.display());
    }
    let headers = headers(&root)?;
    let files = ServeDir::with_backend(root.clone(), Inside { root });
    Ok(Router::new().fallback_service(files).layer(map_response_with_state(headers, finish)))
}

/// The headers of every answer. Those behind the first keep a page to itself: what its `index.html`
/// says of itself, said for its workers too, which no `<meta>` reaches; and that nobody may frame
/// it, which only a header can say. A page that says nothing gets none of them.
fn headers(root: &Path) -> Result<HeaderMap> {
    // A rebuilt page must never meet the files of the one before, so nothing is cached unasked.
    let mut headers = HeaderMap::from_iter([(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))]);
    let html = std::fs::read_to_string(root.join("index.html")).unwrap_or_default();
    let said =
        html.split_once("http-equiv=\"Content-Security-Policy\" content=\"").and_then(|(_, rest)| rest.split_once('"'));
    let Some((policy, _)) = said else { return Ok(headers) };
    let policy = HeaderValue::from_str(&format!("{policy}; frame-ancestors 'none'")).with_context(|| {
        format!("the Content-Security-Policy in {} is malformed", root.join("index.html").display())
    })?;
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(headers)
}

/// By these a browser asks whether its copy of a file is still good, or goes on where a download
/// broke off. They are made of size and time, and a rebuilt file, or that of another folder, may
/// have both in common with its copy.
const VALIDATORS: [HeaderName; 3] = [header::ETAG, header::LAST_MODIFIED, header::ACCEPT_RANGES];

/// Adds the headers of [`headers`], takes away [`VALIDATORS`] and names the encoding of texts.
async fn finish(State(headers): State<HeaderMap>, mut response: Response) -> Response {
    let of_response = response.headers_mut();
    of_response.extend(headers);
    for name in VALIDATORS {
        of_response.remove(name);
    }
    let mime = of_response.get(header::CONTENT_TYPE).and_then(|mime| mime.to_str().ok());
    let text = mime.filter(|mime| mime.starts_with("text/") && !mime.contains("charset"));
    if let Some(Ok(mime)) = text.map(|mime| HeaderValue::from_str(&format!("{mime}; charset=utf-8"))) {
        of_response.insert(header::CONTENT_TYPE, mime);
    }
    response
}

/// The files below `root`. Links that lead out are refused.
#[derive(Clone)]
struct Inside {
    root: PathBuf,
}

impl Inside {
    /// A path without links.
    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        let path = path.canonicalize()?;
        if path.starts_with(&self.root) { Ok(path) } else { Err(io::ErrorKind::NotFound.into()) }
    }
}

impl Backend for Inside {
    type File = <TokioBackend as Backend>::File;
    type Metadata = <TokioBackend as Backend>::Metadata;
    type OpenFuture = <TokioBackend as Backend>::OpenFuture;
    type MetadataFuture = <TokioBackend as Backend>::MetadataFuture;

    fn open(&self, path: PathBuf) -> Self::OpenFuture {
        match self.resolve(&path) {
            Ok(path) => TokioBackend.open(path),
            Err(error) => Box::pin(async { Err(error) }),
        }
    }

    fn metadata(&self, path: PathBuf) -> Self::MetadataFuture {
        match self.resolve(&path) {
            Ok(path) => TokioBackend.metadata(path),
            Err(error) => Box::pin(async { Err(error) }),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::time::Duration;

    use super::*;

    /// A folder `site` to serve, with a secret beside it.
    fn site(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("fovea-serve-{name}-{}", std::process::id()));
        let site = dir.join("site");
        std::fs::create_dir_all(site.join("bundle")).unwrap();
        std::fs::write(dir.join("secret.txt"), "secret").unwrap();
        std::fs::write(site.join("index.html"), "<p>hello").unwrap();
        std::fs::write(site.join("a b.wasm"), [0, 1, 2]).unwrap();
        site
    }

    /// A connection that fails rather than waits for ever.
    fn connect(server: &Server) -> TcpStream {
        let stream = TcpStream::connect(server.addr).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    fn ask(server: &Server, line: &str) -> String {
        let mut stream = connect(server);
        write!(stream, "{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[test]
    fn serves_files_with_their_types() {
        let site = site("types");
        let server = spawn(&site, 0).unwrap();
        let index = ask(&server, "GET /?device=cpu");
        assert!(index.starts_with("HTTP/1.1 200") && index.ends_with("<p>hello"), "{index}");
        assert!(
            index.contains("content-type: text/html; charset=utf-8") && index.contains("cache-control: no-cache"),
            "{index}"
        );
        assert!(ask(&server, "GET /a%20b.wasm").contains("content-type: application/wasm"));
        std::fs::write(site.join("NOTICE.txt"), "read me").unwrap();
        assert!(ask(&server, "GET /NOTICE.txt").contains("content-type: text/plain; charset=utf-8"));
        assert!(ask(&server, "POST /").starts_with("HTTP/1.1 405"));
        assert!(server.addr.ip().is_loopback());
        let addr = server.addr;
        drop(server);
        assert!(TcpStream::connect(addr).is_err(), "still listening");
        std::fs::remove_dir_all(site.parent().unwrap()).unwrap();
    }

    #[test]
    fn the_policy_of_the_page_is_sent_as_a_header_with_every_file() {
        let site = site("policy");
        let plain = spawn(&site, 0).unwrap();
        assert!(!ask(&plain, "GET /").contains("content-security-policy:"));
        let meta = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">";
        std::fs::write(site.join("index.html"), meta).unwrap();
        let server = spawn(&site, 0).unwrap();
        for url in ["/", "/a%20b.wasm"] {
            let answer = ask(&server, &format!("GET {url}"));
            assert!(
                answer.contains("content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n"),
                "{answer}"
            );
        }
        std::fs::remove_dir_all(site.parent().unwrap()).unwrap();
    }

    #[test]
    fn slow_readers_keep_nobody_waiting() {
        let site = site("slow");
        std::fs::write(site.join("large.bin"), vec![7; 32 << 20]).unwrap();
        let server = spawn(&site, 0).unwrap();
        // Some say nothing, as a browser's spare connections; some ask for far more than fits into
        // buffers, and do not read it.
        let idle: Vec<TcpStream> = (0..24).map(|_| connect(&server)).collect();
        let slow: Vec<TcpStream> = (0..24)
            .map(|_| {
                let mut stream = connect(&server);
                write!(stream, "GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
                let mut first = [0; 1];
                stream.read_exact(&mut first).unwrap();
                stream
            })
            .collect();
        assert!(ask(&server, "GET /").ends_with("<p>hello"));
        drop((idle, slow));
        std::fs::remove_dir_all(site.parent().unwrap()).unwrap();
    }

    #[test]
    fn gives_away_nothing_else() {
        let site = site("paths");
        std::os::unix::fs::symlink("../secret.txt", site.join("link.txt")).unwrap();
        let server = spawn(&site, 0).unwrap();
        let urls = [
            "/../secret.txt",
            "/%2e%2e/secret.txt",
            "/bundle/../../secret.txt",
            "/..%2fsecret.txt",
            "/link.txt",
            "/none",
            "/bundle/",
            "/%zz",
            "/%ff",
            "/..\\secret.txt",
        ];
        for url in urls {
            let answer = ask(&server, &format!("GET {url}"));
            assert!(answer.starts_with("HTTP/1.1 404"), "{url}: {answer}");
        }
        std::fs::remove_dir_all(site.parent().unwrap()).unwrap();
    }

    #[test]
    fn a_taken_port_is_explained() {
        let taken = bind(0).unwrap();
        let error = bind(taken.local_addr().unwrap().port()).unwrap_err();
        assert!(format!("{error:#}").contains("--port 0"), "{error:#}");
    }
}
