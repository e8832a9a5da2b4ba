//! What the visitor sets of a live training. Pure.

use fovea_shared::distill::Strategies;

use crate::protocol::LiveTarget;

/// Seed of fresh weights. One of three that were looked at, and the one whose students find something to draw first: nothing is
/// concluded from a training on one image.
const SEED: u64 = 3;

/// The largest seed that can be chosen.
pub const LARGEST_SEED: u64 = 9999;

/// Where the learners start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum From {
    /// With fresh weights.
    #[default]
    Fresh,
    /// With those of the bundle's students.
    Trained,
}

/// What the visitor has set.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The strategies of the learners; the second may be missing.
    pub students: [Option<Strategies>; 2],
    /// Where they start.
    pub from: From,
    /// What they learn to predict.
    pub target: LiveTarget,
    /// Seed of fresh weights, 0 to [`LARGEST_SEED`].
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            students: [Some(Strategies::default()), Some(Strategies::ALL)],
            from: From::Fresh,
            target: LiveTarget::BroadMask,
            seed: SEED,
        }
    }
}
