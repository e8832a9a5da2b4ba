//! Backbone features: computed once a view of an image, kept on disk as f16, and read when they are needed.

mod cache;
mod encoder;
mod extract;
mod of_images;
mod of_pictures;
mod view;
mod views;

pub(crate) use cache::{CacheKey, FeatureCache, write_entry};
pub(crate) use encoder::Encoder;
pub(crate) use extract::Extractor;
pub(crate) use of_images::{Features, compute_all};
pub(crate) use of_pictures::PictureFeatures;
pub use view::Drawing;
pub(crate) use view::{FLIPS, Flip, View};
pub(crate) use views::Views;
