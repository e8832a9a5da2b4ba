//! Why a server cannot be asked.

use fovea_shared::description::vlm::{AddressError, AnswerError};

/// Why a server cannot be asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// An address that is none.
    #[error("--base-url")]
    Address {
        /// What is wrong with it.
        #[from]
        source: AddressError,
    },
    /// Another machine than this one, which nobody has allowed.
    #[error(
        "{address} is another machine: every image would be sent there. Patient images may be sent only where consent, \
         law and the data set's terms allow it (they are re-encoded, so that names and dates in the files stay behind, \
         but the pixels themselves may show some). If that is settled, say --allow-remote; otherwise run a model on \
         this machine (`fovea describe --help`)"
    )]
    Remote {
        /// The address, without credentials.
        address: String,
    },
    /// A key on an open road.
    #[error(
        "the key would be sent to {address} unencrypted. Use https://, or set FOVEA_API_KEY to nothing \
         (FOVEA_API_KEY=) if the server needs no key"
    )]
    Unencrypted {
        /// The address, without credentials.
        address: String,
    },
    /// A key that cannot be sent. It is not shown.
    #[error("the environment variable {variable} holds characters that no key has: set it again")]
    Key {
        /// The variable that holds it.
        variable: &'static str,
    },
    /// A client that cannot be made, with the innermost cause.
    #[error("no HTTP client can be made: {0}")]
    Http(String),
    /// No answer, or none that can be read.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// A server that does not say which models it has.
    #[error("{address} does not tell which models it has (HTTP {status}): name one with --model")]
    NoModels {
        /// The address, without credentials.
        address: String,
        /// What it answered.
        status: u16,
    },
}
