//! Convolutions with gradients that a CPU can afford.
//!
//! burn's own backward pass writes the gradient of a kernel as a convolution whose kernel is the
//! gradient of the output: a matrix product of few columns and much packing, and for depthwise
//! convolutions a loop over channels with a dozen tensors each. On burn's CPU backend that was half
//! of a step that adapts the backbone. Here the three kinds of convolution that our networks are
//! made of have gradients of their own on that backend; everything else, and every other backend,
//! goes burn's way. The values are the same but for rounding.
//!
//! The forward pass is burn's everywhere, so nothing that only looks (the page, `eval`, goldens)
//! takes another road than before.

mod autodiff;
mod dense;
mod depthwise;
mod flex;
mod product;
#[cfg(test)]
mod tests;

use burn::{
    backend::{Backend, Cube, Dispatch, backend_extension, tensor::FloatTensor},
    nn::{PaddingConfig2d, conv::Conv2d},
    tensor::{Tensor, ops::ConvOptions},
};

/// A convolution as an operation of its own, so that it can bring its own backward pass. `x` is
/// `[batch, channels, height, width]`.
#[backend_extension(Flex, Cube, Autodiff)]
pub(crate) trait Convolution: Backend {
    /// Without a bias.
    fn convolution(x: FloatTensor<Self>, weight: FloatTensor<Self>, options: ConvOptions<2>) -> FloatTensor<Self> {
        Self::conv2d(x, weight, None, options)
    }

    /// With a bias, `[channels]`.
    fn convolution_with_bias(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        options: ConvOptions<2>,
    ) -> FloatTensor<Self> {
        Self::conv2d(x, weight, Some(bias), options)
    }
}

/// What a convolution's backward pass asks of a backend: by default, burn's own.
pub(crate) trait ConvolutionGradients: Backend {
    /// The gradient of the input, from that of the output.
    fn input_gradient(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        options: ConvOptions<2>,
    ) -> FloatTensor<Self> {
        Self::conv2d_x_backward(x, weight, gradient, options)
    }

    /// The gradient of the kernel, from that of the output.
    fn weight_gradient(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        options: ConvOptions<2>,
    ) -> FloatTensor<Self> {
        Self::conv2d_weight_backward(x, weight, gradient, options)
    }
}

impl Convolution for Cube {}

impl ConvolutionGradients for Cube {}

/// What `conv.forward(x)` answers, with gradients as this module makes them.
pub fn convolve(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    let padding = match conv.padding {
        PaddingConfig2d::Explicit(top, left, bottom, right) => [(top, bottom), (left, right)],
        PaddingConfig2d::Valid => [(0, 0); 2],
        PaddingConfig2d::Same => return conv.forward(x),
    };
    let options = ConvOptions::new_with_padding(conv.stride, padding, conv.dilation, conv.groups);
    let (x, weight) = (x.into_dispatch(), conv.weight.val().into_dispatch());
    Tensor::from_dispatch(match &conv.bias {
        Some(bias) => Dispatch::convolution_with_bias(x, weight, bias.val().into_dispatch(), options),
        None => Dispatch::convolution(x, weight, options),
    })
}
