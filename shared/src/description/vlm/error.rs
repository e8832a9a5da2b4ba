//! What can go wrong with a question, in plain words with what to do about it.

use std::time::Duration;

use crate::description::DescriptionError;

/// Why a question got no description. The texts can be shown to people as they are; they hold at most a short piece of
/// what the server said.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AnswerError {
    /// Nobody answers at the address.
    #[error(
        "the server {server} cannot be reached ({cause}). Start it, or correct the address (`fovea describe --help` \
         shows how to start one)."
    )]
    Unreachable {
        /// The server's address.
        server: String,
        /// What the operating system or the browser says.
        cause: String,
    },
    /// A certificate that this machine does not trust.
    #[error(
        "the certificate of {server} is not trusted ({cause}). Add the certificate of its authority to those of this \
         machine (on Debian a .crt file in /usr/local/share/ca-certificates, then `update-ca-certificates`), or name \
         its file in the environment variable SSL_CERT_FILE; a server on this machine can be asked by http://."
    )]
    Certificate {
        /// The server's address.
        server: String,
        /// What is wrong with the certificate.
        cause: String,
    },
    /// No answer in time.
    #[error(
        "no answer within {seconds} s. Allow more time (--timeout), ask fewer at once (--concurrency) or use a smaller \
         model."
    )]
    TimedOut {
        /// How long was waited, in seconds.
        seconds: u64,
    },
    /// The connection broke while the answer came.
    #[error(
        "the connection broke before the answer was complete ({cause}). The server may have crashed: look at its log."
    )]
    Broken {
        /// What the operating system or the browser says.
        cause: String,
    },

    /// HTTP 400 or 422.
    #[error(
        "the server refuses the request (HTTP {status}): {said}. Either the model takes no images (llama.cpp needs \
         --mmproj), or the image or the prompt is too long for its context, or it cannot hold answers to a schema \
         (--no-schema leaves that out)."
    )]
    BadRequest {
        /// HTTP status.
        status: u16,
        /// What the server says.
        said: String,
    },
    /// HTTP 401 or 403.
    #[error(
        "the server does not accept the key (HTTP {status}): {said}. Put the right one into the environment variable \
         FOVEA_API_KEY; one that is missing or out of date, or has no right to use this model, looks the same."
    )]
    Key {
        /// HTTP status.
        status: u16,
        /// What the server says.
        said: String,
    },
    /// HTTP 404.
    #[error(
        "the server does not know this path or model (HTTP 404): {said}. Most base addresses end in /v1; a model must \
         be named as the server lists it at /v1/models."
    )]
    NotFound {
        /// What the server says.
        said: String,
    },
    /// HTTP 413.
    #[error("the request is too large for the server (HTTP 413): {said}. Raise the server's limit for request bodies.")]
    TooLarge {
        /// What the server says.
        said: String,
    },
    /// HTTP 429.
    #[error(
        "the server takes no more requests for now (HTTP 429{}): {said}. Ask again later, or fewer at once \
         (--concurrency 1).",
        wait(*retry_after)
    )]
    TooMany {
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
        /// What the server says.
        said: String,
    },
    /// HTTP 503: loading a model, or overloaded.
    #[error(
        "the server is not ready (HTTP 503{}): {said}. It may still be loading the model: ask again in a while.",
        wait(*retry_after)
    )]
    NotReady {
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
        /// What the server says.
        said: String,
    },
    /// Any other HTTP 5xx, and 408.
    #[error("the server failed (HTTP {status}): {said}. Look at its log; asking again may help.")]
    Server {
        /// HTTP status.
        status: u16,
        /// What the server says.
        said: String,
    },
    /// HTTP 3xx.
    #[error(
        "the server sends the request elsewhere (HTTP {status}), which is not followed, so that an image goes only \
         where it was meant to go. Give the final address as base address."
    )]
    Elsewhere {
        /// HTTP status.
        status: u16,
    },
    /// Any other HTTP status.
    #[error(
        "the server answers with HTTP {status}, which a chat interface should not: {said}. Check the base address."
    )]
    Status {
        /// HTTP status.
        status: u16,
        /// What the server says.
        said: String,
    },

    /// HTTP 200 with something else than a chat completion.
    #[error("this is not the answer of a chat interface ({cause}): {said}. Check the base address; most end in /v1.")]
    NotChat {
        /// What is wrong with it.
        cause: String,
        /// What the server says.
        said: String,
    },
    /// A chat completion without a word.
    #[error(
        "the model answered nothing{}. Another model may help{}.",
        if *thought { " but its thoughts" } else { "" },
        if *thought { "; so may more tokens (--max-tokens) or switching its thinking off" } else { "" }
    )]
    Empty {
        /// Whether the server sent `reasoning_content`.
        thought: bool,
    },
    /// `finish_reason` is `length`.
    #[error(
        "the answer was cut at the most tokens allowed. Allow more (--max-tokens), or a larger context in the server."
    )]
    Cut,
    /// JSON that does not end, although the server says that the answer does.
    #[error(
        "the answer was cut: it breaks off in the middle ({cause}), although the server calls it complete. Allow more \
         tokens (--max-tokens), or a larger context in the server."
    )]
    BreaksOff {
        /// Where it breaks off.
        cause: String,
    },
    /// Thoughts that do not end: what stands in them is a draft.
    #[error(
        "the answer was cut while the model still thought aloud, and drafts are not taken. Allow more tokens \
         (--max-tokens), or a larger context in the server, or switch its thinking off."
    )]
    Thoughts,
    /// Several descriptions that differ.
    #[error(
        "the answer holds {count} descriptions that differ, and it is not said which one counts. Another model may \
         help."
    )]
    Several {
        /// How many.
        count: usize,
    },
    /// The model refuses, or a filter of the server does.
    #[error("the model refuses to describe the image: {said}. Another model may not.")]
    Refused {
        /// What it says.
        said: String,
    },
    /// Words without any JSON.
    #[error(
        "the model answered in prose instead of JSON, which is mostly a refusal or a model without schema support: \
         {said}. Use a server that supports `response_format` with a JSON schema, or another model."
    )]
    Prose {
        /// What it says.
        said: String,
    },
    /// Something that begins like JSON and is none.
    #[error(
        "the answer is broken JSON ({cause}): {said}. Use a server that supports `response_format` with a JSON schema, \
         or another model."
    )]
    BrokenJson {
        /// Where it breaks.
        cause: String,
        /// What it says.
        said: String,
    },
    /// JSON that is not a description.
    #[error(
        "the answer is not a description of the schema: {0}. A server that holds the model to the schema prevents this."
    )]
    Description(#[from] DescriptionError),
}

/// Whether a question should be asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// No: the answer would be the same.
    No,
    /// Yes, after a wait that grows from one attempt to the next.
    Soon,
    /// Yes, after as long as the server asks to wait.
    After(Duration),
}

impl AnswerError {
    /// Whether, and after how long, asking again makes sense. Answers of a model are not asked for
    /// again: at temperature 0 they would be the same.
    pub fn retry(&self) -> Retry {
        match self {
            Self::TooMany { retry_after: Some(wait), .. } | Self::NotReady { retry_after: Some(wait), .. } => {
                Retry::After(*wait)
            }
            Self::TooMany { .. }
            | Self::NotReady { .. }
            | Self::Server { .. }
            | Self::Unreachable { .. }
            | Self::TimedOut { .. }
            | Self::Broken { .. } => Retry::Soon,
            _ => Retry::No,
        }
    }

    /// Whether the server answered well and the model did not: the request itself was right.
    pub fn is_of_the_model(&self) -> bool {
        matches!(
            self,
            Self::Empty { .. }
                | Self::Cut
                | Self::BreaksOff { .. }
                | Self::Thoughts
                | Self::Several { .. }
                | Self::Refused { .. }
                | Self::Prose { .. }
                | Self::BrokenJson { .. }
                | Self::Description(_)
        )
    }

    /// Whether every other image would fail in the same way, so that asking on is pointless.
    pub fn concerns_all(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. }
                | Self::Certificate { .. }
                | Self::Key { .. }
                | Self::NotFound { .. }
                | Self::Elsewhere { .. }
                | Self::NotChat { .. }
                | Self::Status { .. }
        )
    }

    /// Whether the server may have failed because of the schema that answers are held to: it says
    /// so, or says nothing of use. It is
    /// worth asking once without the schema then.
    pub fn may_be_the_schema(&self) -> bool {
        let speaks_of_it = |said: &str| {
            let said = said.to_lowercase();
            ["response_format", "schema", "grammar", "json", "extra inputs", "unrecognized", "unsupported"]
                .iter()
                .any(|word| said.contains(word))
        };
        match self {
            Self::BadRequest { said, .. } => speaks_of_it(said),
            Self::Server { status, .. } => *status == 500 || *status == 501,
            _ => false,
        }
    }

    /// Adds what the header `Retry-After` says, in seconds; a date must be turned into them by
    /// somebody who has a clock.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: Option<u64>) -> Self {
        if let Self::TooMany { retry_after, .. } | Self::NotReady { retry_after, .. } = &mut self {
            *retry_after = seconds.map(Duration::from_secs).or(*retry_after);
        }
        self
    }
}

fn wait(retry_after: Option<Duration>) -> String {
    retry_after.map_or_else(String::new, |wait| format!(", wait {} s", wait.as_secs()))
}
