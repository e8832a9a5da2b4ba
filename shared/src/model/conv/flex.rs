//! Which convolutions burn's CPU backend gets gradients of ours for.

use burn::{
    backend::{Flex, TensorMetadata, flex::FlexTensor, ops::ModuleOps},
    tensor::{DType, TensorData, ops::ConvOptions},
};

use super::{
    Convolution, ConvolutionGradients,
    dense::Dense,
    depthwise::{Depthwise, Plane},
};

impl Convolution for Flex {}

impl ConvolutionGradients for Flex {
    fn input_gradient(x: FlexTensor, weight: FlexTensor, gradient: FlexTensor, options: ConvOptions<2>) -> FlexTensor {
        match Kind::of(&x, &weight, &gradient, &options) {
            Some(Kind::Dense(dense)) => made(&x, [&weight, &gradient], |w, g| dense.input_gradient(w, g)),
            Some(Kind::Depthwise(depthwise)) => made(&x, [&weight, &gradient], |w, g| depthwise.input_gradient(w, g)),
            None => Self::conv2d_x_backward(x, weight, gradient, options),
        }
    }

    fn weight_gradient(x: FlexTensor, weight: FlexTensor, gradient: FlexTensor, options: ConvOptions<2>) -> FlexTensor {
        match Kind::of(&x, &weight, &gradient, &options) {
            Some(Kind::Dense(dense)) => made(&weight, [&x, &gradient], |x, g| dense.weight_gradient(x, g)),
            Some(Kind::Depthwise(depthwise)) => made(&weight, [&x, &gradient], |x, g| depthwise.weight_gradient(x, g)),
            None => Self::conv2d_weight_backward(x, weight, gradient, options),
        }
    }
}

/// A tensor of the shape of `like`, from the values of two others.
fn made(like: &FlexTensor, from: [&FlexTensor; 2], make: impl FnOnce(&[f32], &[f32]) -> Vec<f32>) -> FlexTensor {
    let [a, b] = from.map(FlexTensor::to_contiguous);
    FlexTensor::from_data(TensorData::new(make(a.storage(), b.storage()), like.shape()))
}

/// The kinds of convolution that are done here.
enum Kind {
    /// All channels from all channels, at stride 1, as large as its input; 1x1 among them.
    Dense(Dense),
    /// Every channel for itself, at any stride.
    Depthwise(Depthwise),
}

impl Kind {
    /// The kind of a convolution; none where burn's own way is taken.
    fn of(x: &FlexTensor, weight: &FlexTensor, gradient: &FlexTensor, options: &ConvOptions<2>) -> Option<Self> {
        let shapes = [x.shape(), weight.shape(), gradient.shape()];
        let [[batch, input, height, width], [output, share, kernel, across], [_, _, below, beside]] =
            shapes.map(|shape| [shape[0], shape[1], shape[2], shape[3]]);
        let floats = [x.dtype(), weight.dtype(), gradient.dtype()] == [DType::F32; 3];
        if !floats || kernel != across || options.dilation != [1, 1] {
            return None;
        }
        if options.groups == 1 {
            let around = (kernel / 2, kernel / 2);
            let same = kernel % 2 == 1 && options.stride == [1, 1] && options.padding == [around, around];
            return same.then_some(Self::Dense(Dense { batch, input, output, height, width, kernel }));
        }
        let alone = share == 1 && options.groups == input && output == input && options.stride[0] == options.stride[1];
        alone.then(|| {
            let ((top, bottom), (left, right)) = (options.padding[0], options.padding[1]);
            Self::Depthwise(Depthwise {
                batch,
                channels: input,
                kernel,
                stride: options.stride[0],
                input: Plane { height, width },
                output: Plane { height: below, width: beside },
                before: [top, left],
                padded: Plane { height: height + top + bottom, width: width + left + right },
            })
        })
    }
}
