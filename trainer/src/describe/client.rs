//! The HTTP client for a vision-language model.
//!
//! What it sees to: an image goes to this machine unless the user said otherwise, and nowhere else than to the address given
//! (no redirects, no proxy on the way to this machine); the key comes from the environment, goes into one header and is
//! removed from everything that comes back.

use std::{
    env, fmt,
    hash::{BuildHasher, RandomState},
    io::Read,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use fovea_shared::description::{
    Description, Modality,
    vlm::{Address, AnswerError, Retry, parse_response, server_model},
};
use jiff::{Timestamp, fmt::rfc2822};
use reqwest::{
    blocking::{Client as Http, RequestBuilder, Response},
    header::{AUTHORIZATION, HeaderValue, RETRY_AFTER},
    redirect,
};
use serde_json::Value;

/// The variables that may hold a key. The first one that is set counts, and an empty one means no key.
pub const KEY_VARIABLES: [&str; 2] = ["FOVEA_API_KEY", "OPENAI_API_KEY"];

/// Most bytes of a response that are read.
const MOST_BYTES: u64 = 8 << 20;

/// First wait before asking again; it doubles with every attempt.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// Longest wait of our own.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Longest wait that a server may ask for; with more the image fails.
const LONGEST_ASKED_WAIT: Duration = Duration::from_secs(600);

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
}

impl Client {
    /// A client for the server of `settings`. Nothing is asked yet.
    ///
    /// # Errors
    /// An address that is wrong or not this machine's while `allow_remote` is off, a key that would travel unencrypted or
    /// cannot be sent.
    pub fn new(settings: Settings) -> Result<Self> {
        let address = Address::parse(&settings.base_url).context("--base-url")?;
        let near = address.is_loopback();
        ensure!(
            near || settings.allow_remote,
            "{address} is another machine: every image would be sent there. Patient images may be sent only where consent, law \
             and the data set's terms allow it (they are re-encoded, so that names and dates in the files stay behind, but the \
             pixels themselves may show some). If that is settled, say --allow-remote; otherwise run a model on this machine \
             (`fovea describe --help`)"
        );
        let key = key()?;
        ensure!(
            key.is_none() || near || address.secure,
            "the key would be sent to {address} unencrypted. Use https://, or set FOVEA_API_KEY to nothing (FOVEA_API_KEY=) if \
             the server needs no key"
        );
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
        let http = builder.build().map_err(|e| anyhow::anyhow!("no HTTP client can be made: {}", cause(&e)))?;
        Ok(Self { http, address, key, settings })
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

    /// Asks, and asks again while that makes sense; `waiting` is told of every wait and its reason.
    ///
    /// # Errors
    /// The last failure.
    pub fn ask(
        &self,
        body: &Value,
        modality: Modality,
        model: &str,
        waiting: impl Fn(Duration, &AnswerError),
    ) -> Result<Answer, AnswerError> {
        let mut attempt = 0;
        loop {
            let error = match self.ask_once(body, modality, model) {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let own = pause(attempt);
            let wait = match error.retry() {
                Retry::Soon => own,
                // A little later than asked, so that several threads do not come back at once.
                Retry::After(asked) if asked <= LONGEST_ASKED_WAIT => asked + own / 4,
                Retry::After(_) | Retry::No => return Err(error),
            };
            if attempt >= self.settings.retries {
                return Err(error);
            }
            attempt += 1;
            waiting(wait, &error);
            thread::sleep(wait);
        }
    }

    fn ask_once(&self, body: &Value, modality: Modality, model: &str) -> Result<Answer, AnswerError> {
        let response = self.send(self.http.post(self.endpoint()).json(body))?;
        let status = response.status().as_u16();
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|v| seconds(v.to_str().ok()?, Timestamp::now()));
        let raw = self.read(response)?;
        match parse_response(status, &raw, modality, model) {
            Ok(description) => Ok(Answer { description, model: server_model(&raw), raw: self.without_key(raw) }),
            Err(error) => {
                // Servers repeat a wrong key in what they say: the error is made again from what may be shown.
                let shown = parse_response(status, &self.without_key(raw), modality, model).err();
                Err(shown.unwrap_or(error).with_retry_after(retry_after))
            }
        }
    }

    /// The models that the server offers, at `GET {base}/models`.
    ///
    /// # Errors
    /// A server that cannot be reached or does not tell.
    pub fn models(&self) -> Result<Vec<String>> {
        let response = self.send(self.http.get(format!("{}/models", self.address)))?;
        let status = response.status();
        let body = self.read(response)?;
        let list = serde_json::from_str::<Value>(&body).ok().filter(|_| status.is_success());
        let Some(list) = list.as_ref().and_then(|json| json.get("data")?.as_array()) else {
            bail!(
                "{} does not tell which models it has (HTTP {}): name one with --model",
                self.address,
                status.as_u16()
            );
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
            AnswerError::Unreachable { server: self.server(), cause: cause(error) }
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
fn key() -> Result<Option<String>> {
    let Some((name, value)) = KEY_VARIABLES.iter().find_map(|name| Some((*name, env::var_os(name)?))) else {
        return Ok(None);
    };
    let value = value.into_string().ok().map(|key| key.trim().to_string());
    // The value itself must not appear.
    let fits = |key: &String| key.bytes().all(|b| b.is_ascii_graphic());
    match value {
        Some(key) if key.is_empty() => Ok(None),
        Some(key) if fits(&key) => Ok(Some(key)),
        _ => bail!("the environment variable {name} holds characters that no key has: set it again"),
    }
}

/// Our own wait before the next attempt: doubling, and anywhere from half to all of that, so that many askers spread out.
fn pause(attempt: u32) -> Duration {
    let full = FIRST_WAIT.saturating_mul(1 << attempt.min(16)).min(LONGEST_WAIT);
    // Randomly keyed for every state: enough chance for a wait.
    let chance = RandomState::new().hash_one(attempt) as f64 / u64::MAX as f64;
    full.mul_f64(0.5 + 0.5 * chance)
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

    #[test]
    fn waits_grow_vary_and_end() {
        for attempt in 0..40 {
            let full = FIRST_WAIT.saturating_mul(1 << attempt.min(16)).min(LONGEST_WAIT);
            let wait = pause(attempt);
            assert!(wait >= full / 2 && wait <= full, "{attempt}: {wait:?}");
        }
        let waits: Vec<Duration> = (0..8).map(|_| pause(3)).collect();
        assert!(waits.iter().any(|wait| *wait != waits[0]), "no jitter: {waits:?}");
    }

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
        let error = |url, allow| format!("{:#}", Client::new(settings(url, allow)).unwrap_err());
        for url in ["https://vlm.example.org/v1", "http://127.0.0.1.evil.com/v1", "http://192.168.0.7:8000/v1"] {
            let text = error(url, false);
            assert!(text.contains("--allow-remote") && text.contains("consent"), "{text}");
        }
        let text = error("http://me:s3cret@localhost/v1", true);
        assert!(text.contains("FOVEA_API_KEY") && !text.contains("s3cret"), "{text}");
        let client = Client::new(settings("http://LOCALHOST:8080/v1/", false)).unwrap();
        assert_eq!(client.endpoint(), "http://localhost:8080/v1/chat/completions");
    }
}
