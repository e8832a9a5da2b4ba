//! Backbone features: computed once a view of an image, kept on disk as f16, and read when they are needed.

mod cache;
mod encoder;
mod extract;
mod of_images;
mod of_pictures;
mod views;

pub(crate) use cache::{CacheKey, FeatureCache, write_entry};
pub(crate) use encoder::Encoder;
pub(crate) use extract::Extractor;
pub use fovea_teach::Drawing;
pub(crate) use fovea_teach::{FLIPS, Flip, View};
pub(crate) use of_images::{Features, compute_all};
pub(crate) use of_pictures::PictureFeatures;
pub(crate) use views::Views;
