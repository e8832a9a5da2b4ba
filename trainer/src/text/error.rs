//! Why the text encoder cannot be used.

use std::{error::Error, io, path::PathBuf};

use burn_store::SafetensorsStoreError;
use fovea_shared::description::PhraseTableError;

/// Where the encoder's files come from.
const REMEDY: &str = "Get the encoder with `cargo xtask phrases --check`, which prints its folder";

/// An error of a library, whose type is not part of this one's interface.
type Foreign = Box<dyn Error + Send + Sync>;

/// Why the text encoder, or the table that it makes, cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EncoderError {
    /// A file of the encoder that cannot be read.
    #[error("the text encoder's file {} cannot be read. {REMEDY}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// Another file than that of the package.
    #[error(
        "{} is not the file of {package}: its SHA-256 is {found} and not {expected}. Delete it. {REMEDY}",
        path.display()
    )]
    OtherFile {
        /// The file.
        path: PathBuf,
        /// The package that the encoder comes from.
        package: &'static str,
        /// Its SHA-256, in hexadecimal.
        found: String,
        /// That of the package's file.
        expected: &'static str,
    },
    /// Weights that are not those of the network.
    #[error("the text encoder's file {} cannot be used", path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// Why.
        source: WeightsError,
    },
    /// A vocabulary that is none.
    #[error("the text encoder's file {} cannot be used", path.display())]
    Tokenizer {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Foreign,
    },
    /// A text that the tokenizer refuses.
    #[error("the text cannot be read")]
    Text {
        /// Why.
        source: Foreign,
    },
    /// A device that fails.
    #[error("the device could not be read")]
    Device {
        /// Why.
        source: Foreign,
    },
    /// Vectors of another type than was asked for.
    #[error(transparent)]
    Values(Foreign),
    /// A vector without length.
    #[error("the text encoder made no vector of {0:?}")]
    NoVector(String),
    /// A phrase of the vocabulary.
    #[error("the phrase `{key}`")]
    Phrase {
        /// Its key.
        key: String,
        /// What is wrong with it.
        source: Box<EncoderError>,
    },
    /// Vectors that make no table.
    #[error(transparent)]
    Table(#[from] PhraseTableError),
}

/// Why a file does not hold the encoder's weights.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WeightsError {
    /// A file of another format.
    #[error("it cannot be read as safetensors")]
    Format(#[from] SafetensorsStoreError),
    /// Another network.
    #[error("it does not hold all-MiniLM-L6-v2: {first} ({count} such problems)")]
    OtherNetwork {
        /// The first tensor that is wrong.
        first: String,
        /// How many are.
        count: usize,
    },
}
