//! Seeded draws.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

/// A stream of random numbers. Different `stream`s of one seed are independent, so a draw added to one part of a
/// picture does not change the other parts.
pub(super) struct Draws(Pcg32);

impl Draws {
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        // `seed_from_u64` spreads neighbouring seeds apart; the odd constant keeps the streams apart.
        Self(Pcg32::seed_from_u64(seed ^ stream.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// A whole number from all of `u32`.
    pub(super) fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// Uniform in [0, 1), with the 24 bits an `f32` holds.
    pub(super) fn unit(&mut self) -> f32 {
        (self.bits() >> 8) as f32 / 16_777_216.0
    }

    /// Uniform in [low, high).
    pub(super) fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Uniform in [-1, 1).
    pub(super) fn signed(&mut self) -> f32 {
        self.range(-1.0, 1.0)
    }

    /// An angle of the full turn, in radians.
    pub(super) fn angle(&mut self) -> f32 {
        self.range(0.0, std::f32::consts::TAU)
    }

    /// A whole number of `low..=high`.
    pub(super) fn count(&mut self, low: u32, high: u32) -> u32 {
        low + ((u64::from(self.bits()) * u64::from(high - low + 1)) >> 32) as u32
    }

    /// True with the given probability.
    pub(super) fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// Standard normal, as the sum of twelve uniforms less six: within 6 sd, and free of platform-dependent functions.
    pub(super) fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.unit()).sum::<f32>() - 6.0
    }
}
