//! Which views of every image are wanted.

use fovea_shared::model::Pyramid;

use super::{CacheKey, Drawing, FLIPS, FeatureCache, View};

/// How many views of every image are wanted, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Views {
    /// The first so many of [`FLIPS`].
    pub(crate) flips: usize,
    /// And so many that are drawn ([`View::of`]).
    pub(crate) drawn: usize,
    /// In this way.
    pub(crate) drawing: Drawing,
}

impl Views {
    /// Flips and nothing else.
    pub(crate) fn flips(flips: usize) -> Self {
        Self { flips, drawn: 0, drawing: Drawing::Light }
    }

    /// All of them.
    pub(crate) fn count(self) -> usize {
        self.flips + self.drawn
    }

    /// How a view of an image is made.
    pub(super) fn view(self, view: usize, image_sha256: &str) -> View {
        View::of(self.index(view), image_sha256, self.drawing)
    }

    /// What the features of a view of an image are called in the cache.
    pub(crate) fn key(self, view: usize, image_sha256: &str) -> CacheKey {
        let index = self.index(view);
        let kind = if index < FLIPS.len() { "flip" } else { self.drawing.kind() };
        CacheKey::new(image_sha256, &format!("{kind}{index}"))
    }

    /// Whether a cache lacks the features of any view of an image.
    pub(crate) fn missing(self, cache: &FeatureCache, image_sha256: &str) -> bool {
        (0..self.count()).any(|view| !cache.has(&self.key(view, image_sha256), Pyramid::LEN))
    }

    /// The place of a view in the list that starts with all four flips.
    fn index(self, view: usize) -> usize {
        if view < self.flips { view } else { FLIPS.len() + view - self.flips }
    }
}
