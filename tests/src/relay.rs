//! A host between the browser and our server, for what our server never does: to serve the page from a sub-path, to count, to refuse a
//! file, to cut an answer short, and to be gone.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use anyhow::{Context, Result};
use xtask::serve::{self, Server};

/// What becomes of the answers for addresses that contain some text.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The host does not know the file.
    NotFound(String),
    /// The connection ends after this many bytes.
    Cut(String, u64),
}

/// A running host of a folder. Dropping it ends it.
pub struct Relay {
    /// The address of the page, with a slash at its end.
    pub url: String,
    addr: SocketAddr,
    state: Arc<State>,
    listener: Option<JoinHandle<()>>,
}

struct State {
    /// Where the page lies on this host, with slashes at both ends.
    mount: String,
    server: Server,
    asked: Mutex<Vec<String>>,
    fault: Mutex<Option<Fault>>,
    ended: AtomicBool,
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
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| format!("port {port} is taken"))?;
        let addr = listener.local_addr().context("the listener has no address")?;
        let state = Arc::new(State {
            mount: mount.to_owned(),
            server: serve::spawn(dir, 0)?,
            asked: Mutex::default(),
            fault: Mutex::default(),
            ended: AtomicBool::new(false),
        });
        let thread = std::thread::spawn({
            let state = Arc::clone(&state);
            move || {
                for stream in listener.incoming() {
                    if state.ended.load(Ordering::SeqCst) {
                        return;
                    }
                    let (Ok(stream), state) = (stream, Arc::clone(&state)) else { continue };
                    // Browsers open connections in advance and give them up.
                    std::thread::spawn(move || state.pass_on(stream).ok());
                }
            }
        });
        Ok(Relay { url: format!("http://{addr}{mount}"), addr, state, listener: Some(thread) })
    }

    /// The port it has.
    pub fn port(&self) -> u16 {
        self.addr.port()
    }

    /// The paths that were asked for so far, below the mount, with their queries.
    pub fn asked(&self) -> Vec<String> {
        self.state.asked.lock().map(|asked| asked.clone()).unwrap_or_default()
    }

    /// What goes wrong from now on.
    pub fn fault(&self, fault: Option<Fault>) {
        if let Ok(mut current) = self.state.fault.lock() {
            *current = fault;
        }
    }
}

impl State {
    fn pass_on(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            if stream.read(&mut byte)? == 0 {
                return Ok(());
            }
            head.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&head);
        let path = head.split(' ').nth(1).unwrap_or_default();
        let Some(below) = path.strip_prefix(&self.mount) else { return not_found(&mut stream) };
        if let Ok(mut asked) = self.asked.lock() {
            asked.push(below.to_owned());
        }
        let fault = self.fault.lock().map(|fault| fault.clone()).unwrap_or_default();
        let mut most = u64::MAX;
        match fault {
            Some(Fault::NotFound(part)) if below.contains(&part) => return not_found(&mut stream),
            Some(Fault::Cut(part, bytes)) if below.contains(&part) => most = bytes,
            _ => {}
        }
        let mut server = TcpStream::connect(self.server.addr)?;
        write!(server, "GET /{below} HTTP/1.1\r\nHost: x\r\n\r\n")?;
        io::copy(&mut server.take(most), &mut stream)?;
        stream.flush()
    }
}

fn not_found(stream: &mut TcpStream) -> io::Result<()> {
    stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::SeqCst);
        // Whoever waits for a connection gets one.
        drop(TcpStream::connect(self.addr));
        self.listener.take().map(JoinHandle::join);
    }
}
