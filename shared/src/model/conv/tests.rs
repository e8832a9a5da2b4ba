#![allow(clippy::unwrap_used)]

use burn::{
    nn::{
        PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{Device, Distribution, Tensor},
};
use proptest::prelude::*;

use super::convolve;

/// Output, and gradients of input, kernel and bias, when the output's gradient is `pull`.
fn gradients(conv: &Conv2d, x: &Tensor<4>, run: impl Fn(&Conv2d, Tensor<4>) -> Tensor<4>) -> Vec<Vec<f32>> {
    let x = x.clone().require_grad();
    let y = run(conv, x.clone());
    // A loss with another gradient at every place.
    let pull = Tensor::<1, burn::tensor::Int>::arange(0..y.shape().num_elements() as i64, &y.device())
        .float()
        .reshape(y.dims())
        .sin();
    let gradients = (y.clone() * pull).sum().backward();
    let mut all = vec![y.into_data(), x.grad(&gradients).unwrap().into_data()];
    all.push(conv.weight.val().grad(&gradients).unwrap().into_data());
    all.extend(conv.bias.as_ref().map(|bias| bias.val().grad(&gradients).unwrap().into_data()));
    all.into_iter().map(|data| data.try_to_vec::<f32>().unwrap()).collect()
}

fn same_as_burn(config: &Conv2dConfig, [batch, height, width]: [usize; 3]) {
    let device = Device::flex().autodiff();
    device.seed(7);
    let conv = config.init(&device);
    let x = Tensor::<4>::random([batch, config.channels[0], height, width], Distribution::Default, &device);
    let ours = gradients(&conv, &x, convolve);
    let theirs = gradients(&conv, &x, |conv, x| conv.forward(x));
    assert_eq!(ours.len(), theirs.len());
    for (name, (ours, theirs)) in ["output", "input", "kernel", "bias"].iter().zip(ours.iter().zip(&theirs)) {
        assert_eq!(ours.len(), theirs.len(), "{name}");
        let largest = theirs.iter().fold(1.0_f32, |most, v| most.max(v.abs()));
        for (a, b) in ours.iter().zip(theirs) {
            assert!(
                (a - b).abs() <= 2e-5 * largest,
                "{name}: {a} in place of {b}, {config:?}, {batch} x {height} x {width}"
            );
        }
    }
}

fn around(kernel: usize) -> PaddingConfig2d {
    let pad = kernel / 2;
    PaddingConfig2d::Explicit(pad, pad, pad, pad)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn gradients_of_dense_convolutions_are_burns(
        size in [1_usize..4, 1_usize..40, 1_usize..40],
        channels in [1_usize..7, 1_usize..7],
        half in 0_usize..3,
        bias: bool,
    ) {
        let kernel = 2 * half + 1;
        let config = Conv2dConfig::new(channels, [kernel, kernel]).with_padding(around(kernel)).with_bias(bias);
        same_as_burn(&config, size);
    }

    #[test]
    fn gradients_of_depthwise_convolutions_are_burns(
        size in [1_usize..4, 5_usize..30, 5_usize..30],
        channels in 2_usize..6,
        kernel in 1_usize..6,
        stride in 1_usize..4,
        padding in [0_usize..3, 0_usize..3, 0_usize..3, 0_usize..3],
        bias: bool,
    ) {
        let [top, left, bottom, right] = padding;
        let config = Conv2dConfig::new([channels, channels], [kernel, kernel])
            .with_groups(channels)
            .with_stride([stride, stride])
            .with_padding(PaddingConfig2d::Explicit(top, left, bottom, right))
            .with_bias(bias);
        same_as_burn(&config, size);
    }
}

/// As wide as the student's layer at stride 16: wide enough for threads to share the products.
#[test]
fn gradients_of_wide_convolutions_are_burns() {
    same_as_burn(&Conv2dConfig::new([160, 64], [3, 3]).with_padding(around(3)).with_bias(false), [8, 14, 14]);
}

#[test]
fn what_has_no_gradients_of_ours_has_burns() {
    for config in [
        Conv2dConfig::new([4, 6], [3, 3]).with_stride([2, 2]).with_padding(around(3)),
        Conv2dConfig::new([4, 6], [3, 3]).with_groups(2).with_padding(around(3)),
        Conv2dConfig::new([4, 6], [2, 2]),
        Conv2dConfig::new([4, 4], [3, 3]).with_groups(4).with_dilation([2, 2]),
        Conv2dConfig::new([4, 4], [3, 1]).with_groups(4),
    ] {
        same_as_burn(&config, [2, 9, 8]);
    }
}
