//! Chance that can be repeated.

/// Where and when the tests strike; `FOVEA_FAULTS_SEED` gives other places.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(purpose: u64) -> Self {
        let seed: u64 = std::env::var("FOVEA_FAULTS_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ purpose)
    }

    /// A number below `end`. SplitMix64.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end.max(1)
    }
}
