//! A small static file server for this machine only: the demo, and the tests of the built page.

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// The longest request line with headers that is read.
const LONGEST: usize = 64 << 10;
/// How long a browser may take to say what it wants: it opens connections that it may never use.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server; dropping it stops it.
///
/// A thread a connection and a connection a request. tiny_http, which this was before, counts idle threads before they have woken up:
/// of six connections that a browser opens at once, the last ones could wait for ever behind the others that it keeps open.
pub struct Server {
    /// Where it listens, always on 127.0.0.1.
    pub addr: SocketAddr,
    ended: Arc<AtomicBool>,
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
    let policy = policy(&root);
    let ended = Arc::new(AtomicBool::new(false));
    let thread = std::thread::spawn({
        let ended = Arc::clone(&ended);
        move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(stream), root, policy) = (stream, root.clone(), policy.clone()) else { continue };
                // A client that has gone away is no error of ours.
                std::thread::spawn(move || answer(&root, &policy, stream).ok());
            }
        }
    });
    Ok(Server { addr, ended, listener: Some(thread) })
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
        self.ended.store(true, Ordering::SeqCst);
        // Whoever waits for a connection gets one.
        drop(TcpStream::connect(self.addr));
        self.listener.take().map(JoinHandle::join);
    }
}

/// The headers that keep a page to itself: what its `index.html` says of itself, said for its workers too, which no `<meta>` reaches; and that
/// nobody may frame it, which only a header can say. Empty for a page that says nothing.
fn policy(root: &Path) -> String {
    let html = std::fs::read_to_string(root.join("index.html")).unwrap_or_default();
    let said =
        html.split_once("http-equiv=\"Content-Security-Policy\" content=\"").and_then(|(_, rest)| rest.split_once('"'));
    let Some((policy, _)) = said else { return String::new() };
    format!(
        "\r\nContent-Security-Policy: {policy}; frame-ancestors 'none'\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer"
    )
}

/// Reads one request and answers it.
fn answer(root: &Path, policy: &str, mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut read = Vec::new();
    let (method, url) = loop {
        let mut part = [0; 4096];
        let count = stream.read(&mut part)?;
        read.extend_from_slice(&part[..count]);
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(&read) {
            Ok(httparse::Status::Complete(_)) => {
                break (request.method.unwrap_or_default().to_owned(), request.path.unwrap_or_default().to_owned());
            }
            Ok(httparse::Status::Partial) if count > 0 && read.len() < LONGEST => {}
            _ if read.is_empty() => return Ok(()),
            _ => return plain(&mut stream, "400 Bad Request", "bad request\n"),
        }
    };
    let body = method == "GET";
    if !body && method != "HEAD" {
        return plain(&mut stream, "405 Method Not Allowed", "only GET and HEAD\n");
    }
    let found = resolve(root, &url).and_then(|path| Some((mime(&path), File::open(&path).ok()?)));
    match found {
        Some((mime, mut file)) => {
            let length = file.metadata()?.len();
            let headers = format!("{mime}{policy}");
            say(&mut stream, "200 OK", &headers, length, &mut (&mut file).take(if body { length } else { 0 }))
        }
        None => plain(&mut stream, "404 Not Found", if body { "not found\n" } else { "" }),
    }
}

/// Writes an answer of a few words.
fn plain(stream: &mut TcpStream, status: &str, text: &str) -> io::Result<()> {
    say(stream, status, "text/plain; charset=utf-8", text.len() as u64, &mut text.as_bytes())
}

/// Writes an answer; `mime` may have further headers behind it. A rebuilt page must never meet the files of the one before, so nothing is
/// cached unasked.
fn say(stream: &mut TcpStream, status: &str, mime: &str, length: u64, body: &mut impl Read) -> io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {mime}\r\nContent-Length: {length}\r\nCache-Control: no-cache\r\nConnection: close\r\n\r\n"
    )?;
    io::copy(body, stream)?;
    stream.flush()
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

/// Browsers insist on the types of scripts, modules and wasm.
fn mime(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
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
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
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
        assert!(index.contains("Content-Type: text/html") && index.contains("Cache-Control: no-cache"), "{index}");
        assert!(ask(&server, "GET /a%20b.wasm").contains("Content-Type: application/wasm"));
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
        assert!(!ask(&plain, "GET /").contains("Content-Security-Policy:"));
        let meta = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">";
        std::fs::write(site.join("index.html"), meta).unwrap();
        let server = spawn(&site, 0).unwrap();
        for url in ["/", "/a%20b.wasm"] {
            let answer = ask(&server, &format!("GET {url}"));
            assert!(
                answer.contains("Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"),
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
        // Some say nothing, as a browser's spare connections; some ask for far more than fits into buffers, and do not read it.
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
