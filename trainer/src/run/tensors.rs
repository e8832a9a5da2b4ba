//! Features and targets as tensors.

use burn::tensor::{Device, Tensor, TensorData};
use fovea_shared::{
    distill::{Target, WeightedTarget, stack},
    model::{CHANNELS, Pyramid, SIDES},
    plane::Plane,
};

use crate::features::View;

/// Features of one image as tensors, nothing dropped.
pub(crate) fn pyramid(values: &[half::f16], device: &Device) -> Pyramid {
    let mut start = 0;
    let levels = std::array::from_fn(|l| {
        let part: Vec<f32> = values[start..start + Pyramid::level_len(l)].iter().map(|v| v.to_f32()).collect();
        start += Pyramid::level_len(l);
        Tensor::from_data(TensorData::new(part, [1, CHANNELS[l], SIDES[l], SIDES[l]]), device)
    });
    Pyramid { levels }
}

/// A target as a view has it. What lies beyond the image is not lesion.
pub(super) fn viewed(target: &Target, view: &View) -> Target {
    Target { value: view.plane(&target.value, 0.0), weight: view.plane(&target.weight, 1.0) }
}

/// Targets of one side as tensors.
pub(super) fn stacked(targets: &[Target], device: &Device) -> WeightedTarget {
    let values: Vec<&Plane> = targets.iter().map(|t| &t.value).collect();
    let weights: Vec<&Plane> = targets.iter().map(|t| &t.weight).collect();
    WeightedTarget { value: stack(&values, device), weight: stack(&weights, device) }
}
