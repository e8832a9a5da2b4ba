//! Why weights could not be read or written.

/// Why weights could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// Not a safetensors file, or one for another network.
    #[error("the weights do not fit the network: {0}")]
    Unfit(String),
    /// The module could not be written.
    #[error("the weights could not be written: {0}")]
    Write(String),
}
