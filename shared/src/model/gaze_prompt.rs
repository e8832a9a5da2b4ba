//! The gaze prompt: a heat map of some fixations as one extra channel of the teacher. Our extension of the paper.

use burn::tensor::{Device, Tensor, TensorData};

use crate::{
    gaze::{HeatParams, Scanpath, heat_map},
    image::pool_plane,
    plane::Plane,
};

use super::pyramid::SIDES;

/// A heat map at strides 8, 16 and 32, `[batch, 1, side, side]` each, all zero where there is no gaze.
#[derive(Clone, Debug)]
pub struct GazePrompt {
    /// Coarsest last, as in the pyramid.
    pub levels: [Tensor<4>; 3],
}

impl GazePrompt {
    /// Heat maps of one image each, averaged down to the teacher's three levels. `None` is the paper's teacher: no gaze.
    pub fn new(heats: &[Option<&Plane>], device: &Device) -> Self {
        let level = |side: usize| {
            let mut values = Vec::with_capacity(heats.len() * side * side);
            for heat in heats {
                match heat {
                    Some(heat) => values.extend(pool_plane(heat, side).data),
                    None => values.extend(std::iter::repeat_n(0.0, side * side)),
                }
            }
            Tensor::from_data(TensorData::new(values, [heats.len(), 1, side, side]), device)
        };
        Self { levels: [level(SIDES[1]), level(SIDES[2]), level(SIDES[3])] }
    }
}

/// Side of the canvas on which a prompt's heat map is drawn: that of the finest level of the pyramid.
pub const PROMPT_SIDE: usize = SIDES[0];

/// The heat map that training shows the teacher for some fixations, [`PROMPT_SIDE`] squared.
pub fn prompt_heat(scanpath: &Scanpath) -> Plane {
    heat_map(scanpath, &HeatParams::default(), PROMPT_SIDE, PROMPT_SIDE)
}
