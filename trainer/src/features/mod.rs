//! Backbone features: computed once an image, kept on disk and in memory as f16.

mod cache;
mod compute;

pub(crate) use cache::{CacheKey, FeatureCache};
pub(crate) use compute::{FLIPS, Features, Flip, compute_all, load_backbone};
