//! The HTTP client for a vision-language model.
//!
//! What it sees to: an image goes to this machine unless the user said otherwise, and nowhere else
//! than to the address given (no redirects, no proxy on the way to this machine); the key comes
//! from the environment, goes into one header and is removed from everything that comes back.

use std::{
    env, fmt,
    io::Read,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{OnceLock, atomic::AtomicBool},
    time::Duration,
};

use fovea_shared::description::{
    Description,
    vlm::{Address, AnswerError, Canary},
};
use jiff::{Timestamp, fmt::rfc2822};
use reqwest::{
    blocking::{Client as Http, RequestBuilder, Response},
    header::{AUTHORIZATION, HeaderValue},
    redirect,
};
use serde_json::Value;

pub use ask::Note;
pub use error::ClientError;

mod ask;
mod error;

/// The variables that may hold a key. The first one that is set counts, and an empty one means no key.
pub const KEY_VARIABLES: [&str; 2] = ["FOVEA_API_KEY", "OPENAI_API_KEY"];

/// Most bytes of a response that are read.
const MOST_BYTES: u64 = 8 << 20;

/// How a server is asked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Base address, such as `http://127.0.0.1:8080/v1`.
    pub base_url: String,
    /// Longest wait for one answer.
    pub timeout: Duration,
    /// How often a question is asked again after a failure that may pass.
    pub retries: u32,
    /// Whether another machine than this one may be asked.
    pub allow_remote: bool,
}

/// A connection to one server; threads may share it.
pub struct Client {
    http: Http,
    address: Address,
    key: Option<String>,
    settings: Settings,
    /// What the server does with a schema, once it is known.
    canary: OnceLock<Option<Canary>>,
    /// Whether the server has refused a question for its schema and answered it without.
    refuses_schemas: AtomicBool,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.key.as_ref().map(|_| "[key]");
        f.debug_struct("Client").field("address", &self.address).field("key", &key).finish_non_exhaustive()
    }
}

/// What a server answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The description in it.
    pub description: Description,
    /// The body of the response as it came, without the key.
    pub raw: String,
    /// The model as the server names it, where it does.
    pub model: Option<String>,
    /// Whether the question that was answered had no schema although one was asked for: the server failed with it.
    pub without_schema: bool,
}

impl Client {
    /// A client for the server of `settings`. Nothing is asked yet.
    ///
    /// # Errors
    /// An address that is wrong or not this machine's while `allow_remote` is off, a key that would
    /// travel unencrypted or cannot be sent.
    pub fn new(settings: Settings) -> Result<Self, ClientError> {
        let address = Address::parse(&settings.base_url)?;
        let near = address.is_loopback();
        if !near && !settings.allow_remote {
            return Err(ClientError::Remote { address: address.to_string() });
        }
        let key = key()?;
        if key.is_some() && !near && !address.secure {
            return Err(ClientError::Unencrypted { address: address.to_string() });
        }
        // Fails only when a provider is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Http::builder()
            .redirect(redirect::Policy::none())
            .timeout(settings.timeout)
            .connect_timeout(settings.timeout.min(Duration::from_secs(20)))
            .user_agent(concat!("fovea/", env!("CARGO_PKG_VERSION")));
        if near {
            // Neither a proxy nor a name server is to take part in a talk of this machine with itself.
            let local = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), SocketAddr::from((Ipv6Addr::LOCALHOST, 0))];
            builder = builder.no_proxy().resolve_to_addrs("localhost", &local);
        }
        let http = builder.build().map_err(|error| ClientError::Http(cause(&error)))?;
        Ok(Self { http, address, key, settings, canary: OnceLock::new(), refuses_schemas: AtomicBool::new(false) })
    }

    /// The server's address, for records.
    pub fn server(&self) -> String {
        self.address.to_string()
    }

    /// Whether a key is sent along.
    pub fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// Where questions go.
    pub fn endpoint(&self) -> String {
        format!("{}/chat/completions", self.address)
    }

    /// The models that the server offers, at `GET {base}/models`.
    ///
    /// # Errors
    /// A server that cannot be reached or does not tell.
    pub fn models(&self) -> Result<Vec<String>, ClientError> {
        let response = self.send(self.http.get(format!("{}/models", self.address)))?;
        let status = response.status();
        let body = self.read(response)?;
        let list = serde_json::from_str::<Value>(&body).ok().filter(|_| status.is_success());
        let Some(list) = list.as_ref().and_then(|json| json.get("data")?.as_array()) else {
            return Err(ClientError::NoModels { address: self.server(), status: status.as_u16() });
        };
        Ok(list.iter().filter_map(|model| Some(model.get("id")?.as_str()?.to_string())).collect())
    }

    fn send(&self, mut request: RequestBuilder) -> Result<Response, AnswerError> {
        if let Some(key) = &self.key {
            // Checked when the key was read.
            if let Ok(mut value) = HeaderValue::from_str(&format!("Bearer {key}")) {
                value.set_sensitive(true);
                request = request.header(AUTHORIZATION, value);
            }
        }
        request.send().map_err(|error| self.transport(&error))
    }

    /// The body as text.
    fn read(&self, response: Response) -> Result<String, AnswerError> {
        let mut bytes = Vec::new();
        response.take(MOST_BYTES).read_to_end(&mut bytes).map_err(|error| {
            match error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>()) {
                Some(inner) => self.transport(inner),
                None => AnswerError::Broken { cause: error.to_string() },
            }
        })?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn without_key(&self, text: String) -> String {
        match &self.key {
            Some(key) => text.replace(key.as_str(), "[key]"),
            None => text,
        }
    }

    fn transport(&self, error: &reqwest::Error) -> AnswerError {
        if error.is_connect() {
            let (server, cause) = (self.server(), cause(error));
            if cause.contains("certificate") {
                AnswerError::Certificate { server, cause }
            } else {
                AnswerError::Unreachable { server, cause }
            }
        } else if error.is_timeout() {
            AnswerError::TimedOut { seconds: self.settings.timeout.as_secs() }
        } else {
            AnswerError::Broken { cause: cause(error) }
        }
    }
}

/// The innermost cause: the outer ones repeat the address.
fn cause(error: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    if inner.is::<reqwest::Error>() { "the request failed".into() } else { inner.to_string() }
}

/// The key of the first variable that is set.
fn key() -> Result<Option<String>, ClientError> {
    let Some((name, value)) = KEY_VARIABLES.iter().find_map(|name| Some((*name, env::var_os(name)?))) else {
        return Ok(None);
    };
    let value = value.into_string().ok().map(|key| key.trim().to_string());
    // The value itself must not appear.
    let fits = |key: &String| key.bytes().all(|b| b.is_ascii_graphic());
    match value {
        Some(key) if key.is_empty() => Ok(None),
        Some(key) if fits(&key) => Ok(Some(key)),
        _ => Err(ClientError::Key { variable: name }),
    }
}

/// The seconds that a `Retry-After` header means: a number, or a date after `now`.
fn seconds(header: &str, now: Timestamp) -> Option<u64> {
    if let Ok(seconds) = header.trim().parse() {
        return Some(seconds);
    }
    let date = rfc2822::DateTimeParser::new().parse_timestamp(header.trim()).ok()?;
    u64::try_from(date.as_second() - now.as_second()).ok().or(Some(0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::data::error::told;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "2026-11-06T08:49:37Z".parse().unwrap();
        assert_eq!(seconds("7", now), Some(7));
        assert_eq!(seconds(" 120 ", now), Some(120));
        assert_eq!(seconds("Fri, 06 Nov 2026 08:50:07 GMT", now), Some(30));
        assert_eq!(seconds("Fri, 06 Nov 2026 08:00:00 GMT", now), Some(0));
        assert_eq!(seconds("soon", now), None);
        assert_eq!(seconds("-3", now), None);
    }

    #[test]
    fn other_machines_need_consent_and_keys_need_encryption() {
        let settings = |base_url: &str, allow_remote| Settings {
            base_url: base_url.into(),
            timeout: Duration::from_secs(1),
            retries: 0,
            allow_remote,
        };
        let error = |url, allow| Client::new(settings(url, allow)).unwrap_err();
        for url in ["https://vlm.example.org/v1", "http://127.0.0.1.evil.com/v1", "http://192.168.0.7:8000/v1"] {
            let error = error(url, false);
            assert!(matches!(error, ClientError::Remote { .. }), "{error:?}");
            let text = error.to_string();
            assert!(text.contains("--allow-remote") && text.contains("consent"), "{text}");
        }
        let text = told(&error("http://me:s3cret@localhost/v1", true));
        assert!(text.contains("FOVEA_API_KEY") && !text.contains("s3cret"), "{text}");
        let client = Client::new(settings("http://LOCALHOST:8080/v1/", false)).unwrap();
        assert_eq!(client.endpoint(), "http://localhost:8080/v1/chat/completions");
    }
}
