//! Why a configuration was refused.

use std::path::PathBuf;

use fovea_shared::{distill::DistillConfigError, pseudo_mask::PseudoMaskParamsError};

use crate::data::text::ReadError;

/// Why a configuration was refused. Every message names the key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A file that cannot be read.
    #[error("the configuration {} cannot be used", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: ReadError,
    },
    /// A file that does not hold a configuration that can work.
    #[error("invalid configuration file {}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<ConfigError>,
    },
    /// An unknown key, or a value of another kind than its key needs.
    #[error(transparent)]
    Key(#[from] toml::de::Error),
    /// A value that TOML cannot write.
    #[error(transparent)]
    Value(#[from] toml::ser::Error),
    /// A value out of its range.
    #[error("`{key}` must be {expected}, not {found}")]
    Range {
        /// The key.
        key: &'static str,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// Settings that contradict each other, or one that lacks another.
    #[error("{0}")]
    Contradiction(String),
    /// What the preset does not have.
    #[error("the preset `paper` {0}")]
    NotInPreset(&'static str),
    /// What only the preset `lite` can serve.
    #[error(
        "{what} the heads of the preset `lite` and their backbone; this is a run of the preset `paper`, which has \
         neither. `fovea eval` measures it and `fovea predict` asks it"
    )]
    NeedsLite {
        /// What was asked for, up to its verb.
        what: String,
    },
    /// Levels of the pseudo-masks that cannot work.
    #[error(transparent)]
    PseudoMasks(#[from] PseudoMaskParamsError),
    /// Settings of the losses that cannot work.
    #[error(transparent)]
    Distill(#[from] DistillConfigError),
}
