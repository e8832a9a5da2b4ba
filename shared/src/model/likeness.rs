//! How like the place that is looked at every other place is: what spreads a glance over the whole
//! lesion. Our extension.

use burn::tensor::Tensor;

/// The cosine, -1 to 1, between a level's features `[batch, channels, side, side]` at every place
/// and their mean at the looks, both without what all places have in common (the mean over the
/// image); `[batch, 1, side, side]`, 0 for images without looks.
///
/// `looks` `[batch, 1, side, side]` weighs the places of the looks, `present` is 1 for images that
/// have any. The idea is that of prototypes on patch features (GazeRefine), with what is looked at
/// as the prototype.
pub(super) fn likeness(features: Tensor<4>, looks: Tensor<4>, present: Tensor<4>) -> Tensor<4> {
    let [batch, channels, height, width] = features.dims();
    let pixels = height * width;
    let flat = features.reshape([batch, channels, pixels]);
    let looks = looks.reshape([batch, pixels, 1]);
    // Everything is a product with what all places share, `mean`, or with what the looks see beyond
    // it, `seen`, `[batch, channels, 1]`: the centred features themselves, which are large, are
    // never made.
    let mean = flat.clone().mean_dim(2);
    let seen = flat.clone().matmul(looks.clone()) / looks.sum_dim(1).clamp_min(1e-6) - mean.clone();
    let products = Tensor::cat(vec![seen.clone(), mean.clone()], 2).swap_dims(1, 2).matmul(flat.clone());
    let [by_seen, by_mean] = [0, 1].map(|row| products.clone().narrow(1, row, 1));
    let dot = by_seen - (seen.clone() * mean.clone()).sum_dim(1);
    let length = flat.square().sum_dim(1) - by_mean.mul_scalar(2.0) + mean.square().sum_dim(1);
    let lengths = (length.clamp_min(0.0) * seen.square().sum_dim(1)).add_scalar(1e-8).sqrt();
    (dot / lengths).reshape([batch, 1, height, width]) * present
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;

    #[test]
    fn places_like_the_one_looked_at_are_near_one_and_others_below_zero() {
        let device = Device::flex();
        // Two channels, 2 x 2 places: the first row is of one kind, the second of another.
        let features = [1.0, 1.2, 3.0, 3.2, 5.0, 4.8, 1.0, 1.1];
        let tensor = |values: &[f32], channels: usize| {
            Tensor::<4>::from_data(TensorData::new(values.to_vec(), [1, channels, 2, 2]), &device)
        };
        let ask = |looks: &[f32], present: f32| -> Vec<f32> {
            likeness(tensor(&features, 2), tensor(looks, 1), tensor(&[present; 4], 1))
                .into_data()
                .try_to_vec()
                .expect("f32")
        };
        let first = ask(&[1.0, 0.0, 0.0, 0.0], 1.0);
        assert!((first[0] - 1.0).abs() < 1e-4 && first[1] > 0.9 && first[2] < -0.9 && first[3] < -0.9, "{first:?}");
        let second = ask(&[0.0, 0.0, 0.5, 0.5], 1.0);
        assert!(second[0] < -0.9 && second[3] > 0.9, "{second:?}");
        assert_eq!(ask(&[0.0; 4], 0.0), [0.0; 4]);
    }
}
