//! Training and measuring the distilled describer (`fovea_shared::model::describer`).
//!
//! ```text
//! answers (records) ──► schema ──► labels ─────────────────────────┐
//! run ──► masks ──┬──► samples (pooled features, geometry, labels) ─┴──► fit ──► calibrate ──► card + weights ──► report
//! features ───────┘
//! ```
//! Images that train, choose (epoch, temperature, threshold, which fields are shown) and test are
//! those of the run whose masks are used. The true masks are never opened.

pub(crate) mod calibrate;
pub(crate) mod fit;
pub(crate) mod heads;
pub(crate) mod masks;
pub(crate) mod report;
pub(crate) mod samples;
pub(crate) mod schema;
pub(crate) mod score;
