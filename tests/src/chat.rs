//! A server that speaks as an OpenAI-compatible one does, on this machine, for tests of the page. It knows no picture: it gives one
//! fixed answer, and remembers what it was asked.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// A running server. It ends with the process.
pub struct Chat {
    addr: SocketAddr,
    asked: Arc<Mutex<Vec<Value>>>,
}

impl Chat {
    /// Starts a server whose answer is this description. Without `cors` no page of another origin may read its answers.
    ///
    /// # Errors
    /// No free port.
    pub fn start(description: Value, cors: bool) -> Result<Chat> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
        let addr = listener.local_addr().context("the listener has no address")?;
        let asked: Arc<Mutex<Vec<Value>>> = Arc::default();
        let log = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (description, log) = (description.clone(), Arc::clone(&log));
                // A thread each: browsers open connections in advance and say nothing. One that is given up is no error of the test.
                std::thread::spawn(move || drop(serve(stream, &description, cors, &log)));
            }
        });
        Ok(Chat { addr, asked })
    }

    /// The base address, as one enters it.
    pub fn base(&self) -> String {
        format!("http://{}/v1", self.addr)
    }

    /// The bodies of the questions so far.
    pub fn asked(&self) -> Vec<Value> {
        self.asked.lock().map(|asked| asked.clone()).unwrap_or_default()
    }
}

fn serve(mut stream: TcpStream, description: &Value, cors: bool, log: &Mutex<Vec<Value>>) -> Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut bytes = Vec::new();
    let mut buffer = [0; 1 << 16];
    let (head, body) = loop {
        let count = stream.read(&mut buffer)?;
        bytes.extend_from_slice(&buffer[..count]);
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length =
                head.lines().find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            let length: usize = length.unwrap_or(0);
            if bytes.len() >= end + 4 + length {
                break (head, bytes[end + 4..].to_vec());
            }
        }
        anyhow::ensure!(count > 0, "the request was cut");
    };
    let (status, answer) = if head.starts_with("POST /v1/chat/completions ") {
        if let Ok(mut asked) = log.lock() {
            asked.push(serde_json::from_slice(&body)?);
        }
        let message = json!({"role": "assistant", "content": description.to_string()});
        (
            "200 OK",
            json!({"model": "fake", "choices": [{"index": 0, "finish_reason": "stop", "message": message}]})
                .to_string(),
        )
    } else if head.starts_with("OPTIONS ") {
        ("204 No Content", String::new())
    } else {
        ("404 Not Found", "{}".to_string())
    };
    let allow = "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: *, authorization\r\nAccess-Control-Allow-Methods: *\r\n\
                 Access-Control-Allow-Private-Network: true\r\n";
    let allow = if cors { allow } else { "" };
    let length = answer.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n{allow}\r\n{answer}"
    )?;
    Ok(())
}
