//! Names of files in the folder of a run, and the hash that it keeps of its configuration.

use anyhow::{Context, Result};

use crate::config::config_hash;

/// The backbone of a run, in its folder, where it is not the built-in one.
pub(super) const ENCODER: &str = "backbone.safetensors";
/// The file whose lock says who is at work in the folder.
pub(super) const LOCK: &str = "run.lock";
/// The file that makes a folder a run's.
pub(super) const RUN: &str = "run.json";
/// The configuration.
pub(super) const CONFIG: &str = "config.toml";

/// The hash of a configuration that is written in TOML.
///
/// # Errors
/// A text that is not TOML.
pub(super) fn hash(toml: &str) -> Result<String> {
    Ok(config_hash(&toml::from_str(toml).context("the configuration is not TOML")?))
}
