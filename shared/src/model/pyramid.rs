//! The features of one batch of images at four scales.

use burn::tensor::Tensor;

/// Channels of the levels at strides 4, 8, 16 and 32.
pub const CHANNELS: [usize; 4] = [24, 40, 112, 320];

/// Sides of the levels at strides 4, 8, 16 and 32 for an input of 224 pixels.
pub const SIDES: [usize; 4] = [56, 28, 14, 7];

/// Backbone features `[batch, CHANNELS[i], SIDES[i], SIDES[i]]`, finest first.
#[derive(Clone, Debug)]
pub struct Pyramid {
    /// The four levels.
    pub levels: [Tensor<4>; 4],
}

impl Pyramid {
    /// Number of values of one image: the sum over the levels of channels times pixels.
    pub const LEN: usize = CHANNELS[0] * SIDES[0] * SIDES[0]
        + CHANNELS[1] * SIDES[1] * SIDES[1]
        + CHANNELS[2] * SIDES[2] * SIDES[2]
        + CHANNELS[3] * SIDES[3] * SIDES[3];

    /// Number of values of one image at one level.
    pub const fn level_len(level: usize) -> usize {
        CHANNELS[level] * SIDES[level] * SIDES[level]
    }
}
