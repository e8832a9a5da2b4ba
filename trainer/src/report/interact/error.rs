//! Why looks and words cannot be summed up.

use super::Part;

/// Why what was measured of looks and words cannot be summed up.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InteractError {
    /// No lines.
    #[error("nothing was measured: is the list empty, or does no image show a lesion?")]
    Nothing,
    /// An image that was measured twice.
    #[error("{part} of {id} was measured twice with seed {seed}")]
    Twice {
        /// What was tried.
        part: Part,
        /// The image.
        id: String,
        /// The seed.
        seed: u64,
    },
    /// A value that is not finite.
    #[error("{key} of {id} ({part}) is {value}")]
    NotFinite {
        /// The measure.
        key: String,
        /// The image.
        id: String,
        /// What was tried.
        part: Part,
        /// The value.
        value: f64,
    },
}
