//! How like the place that is looked at every other place is: what spreads a glance over the whole lesion. Our extension.

use burn::tensor::Tensor;

/// The cosine, -1 to 1, between a level's features `[batch, channels, side, side]` at every place and their mean at the looks, both without what all
/// places have in common (the mean over the image); `[batch, 1, side, side]`, 0 for images without looks.
///
/// `looks` `[batch, 1, side, side]` weighs the places of the looks, `present` is 1 for images that have any. The idea is that of prototypes on
/// patch features (GazeRefine), with what is looked at as the prototype.
pub(super) fn likeness(features: Tensor<4>, looks: Tensor<4>, present: Tensor<4>) -> Tensor<4> {
    let over = |x: Tensor<4>| x.sum_dim(3).sum_dim(2);
    let pixels = (features.dims()[2] * features.dims()[3]) as f64;
    let centred = features.clone() - over(features).div_scalar(pixels);
    let seen = over(centred.clone() * looks.clone()) / over(looks).clamp_min(1e-6);
    let product = (centred.clone() * seen.clone()).sum_dim(1);
    let lengths = (centred.square().sum_dim(1) * seen.square().sum_dim(1)).add_scalar(1e-8).sqrt();
    product / lengths * present
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
