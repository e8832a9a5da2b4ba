//! Backbone features: computed once an image, kept on disk and in memory as f16.

mod cache;
mod compute;
mod encoder;
mod view;

pub(crate) use cache::{CacheKey, FeatureCache};
pub(crate) use compute::{Features, Views, compute_all, compute_inputs};
pub(crate) use encoder::Encoder;
pub use view::Drawing;
pub(crate) use view::{FLIPS, Flip, View};
