//! A small static file server for this machine only: the demo, and the tests of the built page.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::{Context, Result, anyhow, bail};
use tiny_http::{Header, Method, Request, Response};

/// A running server; dropping it stops it.
pub struct Server {
    /// Where it listens, always on 127.0.0.1.
    pub addr: SocketAddr,
    http: Arc<tiny_http::Server>,
    listener: Option<JoinHandle<()>>,
}

/// Takes a port of 127.0.0.1; port 0 takes any free one.
///
/// # Errors
/// Somebody else has the port.
pub fn bind(port: u16) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| {
        format!("cannot listen on 127.0.0.1:{port}\nremedy: another port with --port <number>, or any free one with --port 0")
    })
}

/// Serves the files of `dir` on a port of 127.0.0.1; port 0 takes any free one.
///
/// # Errors
/// The folder is missing, or somebody else has the port.
pub fn spawn(dir: &Path, port: u16) -> Result<Server> {
    spawn_on(dir, bind(port)?)
}

/// As [`spawn`], on a port that was taken before.
///
/// # Errors
/// The folder is missing.
pub fn spawn_on(dir: &Path, listener: TcpListener) -> Result<Server> {
    let root = dir.canonicalize().with_context(|| format!("cannot serve the folder {}", dir.display()))?;
    if !root.is_dir() {
        bail!("cannot serve {}: it is not a folder", root.display());
    }
    let addr = listener.local_addr().context("the listener has no address")?;
    let http = tiny_http::Server::from_listener(listener, None).map_err(|error| anyhow!("cannot serve: {error}"))?;
    let http = Arc::new(http);
    let listener = std::thread::spawn({
        let http = Arc::clone(&http);
        move || {
            // `recv` fails when the server is told to stop.
            while let Ok(request) = http.recv() {
                // A thread each: a browser that is slow to read a large file must not keep another's request waiting.
                let root = root.clone();
                std::thread::spawn(move || answer(&root, request));
            }
        }
    });
    Ok(Server { addr, http, listener: Some(listener) })
}

impl Server {
    /// The address of the page, with a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}/", self.addr)
    }

    /// Serves until the process ends.
    pub fn wait(mut self) {
        self.listener.take().map(JoinHandle::join);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.http.unblock();
        self.listener.take().map(JoinHandle::join);
    }
}

/// Answers one request. A client that has gone away is no error of ours.
fn answer(root: &Path, request: Request) {
    let plain = |status: u16, text: &str| Response::from_string(text).with_status_code(status).with_header(no_cache());
    if !matches!(request.method(), Method::Get | Method::Head) {
        let _ = request.respond(plain(405, "only GET and HEAD\n"));
        return;
    }
    let found = resolve(root, request.url()).and_then(|path| Some((mime(&path), File::open(&path).ok()?)));
    let _ = match found {
        Some((mime, file)) => request.respond(Response::from_file(file).with_header(mime).with_header(no_cache())),
        None => request.respond(plain(404, "not found\n")),
    };
}

/// The file that an address means: inside of `root`, existing, a file.
fn resolve(root: &Path, url: &str) -> Option<PathBuf> {
    let path = percent_decoded(url.split(['?', '#']).next()?)?;
    let mut file = root.to_owned();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        // No way up, and nothing that another system reads as a separator or a drive.
        if part == ".." || part.contains(['\\', '\0', ':']) {
            return None;
        }
        file.push(part);
    }
    if file.is_dir() {
        file.push("index.html");
    }
    // Links that lead out are refused too.
    let file = file.canonicalize().ok()?;
    (file.starts_with(root) && file.is_file()).then_some(file)
}

/// `%41` -> `A`; nothing when it is malformed or not UTF-8.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || (rest.next()? as char).to_digit(16);
                (digit()? * 16 + digit()?) as u8
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("names and values are ASCII constants")
}

/// A rebuilt page must never meet the files of the one before.
fn no_cache() -> Header {
    header("Cache-Control", "no-cache")
}

/// Browsers insist on the types of scripts, modules and wasm.
fn mime(path: &Path) -> Header {
    let value = match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "csv" => "text/csv; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    };
    header("Content-Type", value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::time::{Duration, Instant};

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
        assert!(index.contains("Content-Type: text/html") && index.contains("Cache-Control: no-cache"), "{index}");
        assert!(ask(&server, "GET /a%20b.wasm").contains("Content-Type: application/wasm"));
        assert!(ask(&server, "POST /").starts_with("HTTP/1.1 405"));
        assert!(server.addr.ip().is_loopback());
        let addr = server.addr;
        drop(server);
        // tiny_http lets go of the port in its own thread.
        let patience = Instant::now() + Duration::from_secs(5);
        while TcpStream::connect(addr).is_ok() {
            assert!(Instant::now() < patience, "still listening");
            std::thread::sleep(Duration::from_millis(10));
        }
        std::fs::remove_dir_all(site.parent().unwrap()).unwrap();
    }

    #[test]
    fn slow_readers_keep_nobody_waiting() {
        let site = site("slow");
        std::fs::write(site.join("large.bin"), vec![7; 32 << 20]).unwrap();
        let server = spawn(&site, 0).unwrap();
        // Far more than fits into the buffers of a connection, and nobody reads it.
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
        drop(slow);
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
            "/bundle",
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
