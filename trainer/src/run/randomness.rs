//! Everything random in a training is drawn from (seed, stage, epoch, place). So a resumed run sees
//! what an uninterrupted one would have seen, and no generator's state has to be saved.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use crate::config::TrainConfig;

/// A generator for one purpose at one place of a run.
pub(super) fn generator(seed: u64, stage: usize, epoch: usize, index: usize) -> Pcg64Mcg {
    // SplitMix64's finaliser over the mixed words: neighbouring places get unrelated streams.
    let mut z = seed ^ (stage as u64) << 56 ^ (epoch as u64) << 32 ^ index as u64;
    for _ in 0..3 {
        z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
    }
    Pcg64Mcg::seed_from_u64(z)
}

/// The seed of what the strategies draw in one step.
pub(super) fn seed_of(seed: u64, stage: usize, epoch: usize, index: usize) -> u64 {
    generator(seed ^ 0x6472_6177, stage, epoch, index).random()
}

/// The order in which an epoch visits the cases.
pub(super) fn order(cases: usize, config: &TrainConfig, stage: usize, epoch: usize) -> Vec<usize> {
    use rand::seq::SliceRandom;
    let mut order: Vec<usize> = (0..cases).collect();
    order.shuffle(&mut generator(config.seed, stage, epoch, usize::MAX >> 32));
    order
}

/// Where a batch stands in a run, from which its random draws come.
#[derive(Clone, Copy, Debug)]
pub(super) struct DrawAddress {
    pub(super) stage: usize,
    pub(super) epoch: usize,
    /// Index of the batch's first sample in the epoch.
    pub(super) first: usize,
}

impl DrawAddress {
    /// The address of the batch's sample at `offset`.
    pub(super) fn with(self, offset: usize) -> Self {
        Self { first: self.first + offset, ..self }
    }
}
