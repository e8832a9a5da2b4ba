//! How like an image is to what other bundles have learnt from.

use fovea_shared::bundle::FileEntry;
use serde::{Deserialize, Serialize};

use super::{Blob, NamedFile};

/// The file of a bundle that holds its backbone.
pub const BACKBONE: &str = "backbone.safetensors";

/// Measures the open image against other bundles.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResembleRequest {
    /// Image that is meant.
    pub image: u64,
    /// Backbones that are not the one in use, each with what its bundle says of the file.
    pub backbones: Vec<(Blob, FileEntry)>,
    /// The bundles to measure against.
    pub kinds: Vec<Kind>,
}

/// What another bundle has learnt from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kind {
    /// The bundle's place in the index.
    pub place: usize,
    /// Its measure ([`fovea_shared::bundle::familiarity`]), verified.
    pub familiarity: NamedFile,
    /// The backbone that its measure was taken with: a place in the request's list; nothing for the one in
    /// use.
    pub backbone: Option<usize>,
}

/// How far an image is from what other bundles have learnt from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resembled {
    /// Number of the image.
    pub image: u64,
    /// An answer a kind, in the order of the request.
    pub kinds: Vec<Resemblance>,
}

/// How far an image is from what one bundle has learnt from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resemblance {
    /// The bundle's place in the index.
    pub place: usize,
    /// The distance.
    pub distance: f32,
    /// The distance below which 99 of 100 unseen images of the kind lie.
    pub usual: f32,
}
