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
        let Some(kind) = Kind::of(&x, &weight, &gradient, &options) else {
            return Self::conv2d_x_backward(x, weight, gradient, options);
        };
        let shape = x.shape();
        let (weight, gradient) = (weight.to_contiguous(), gradient.to_contiguous());
        let values = match kind {
            Kind::Dense(dense) => dense.input_gradient(weight.storage(), gradient.storage()),
            Kind::Depthwise(depthwise) => depthwise.input_gradient(weight.storage(), gradient.storage()),
        };
        FlexTensor::from_data(TensorData::new(values, shape))
    }

    fn weight_gradient(x: FlexTensor, weight: FlexTensor, gradient: FlexTensor, options: ConvOptions<2>) -> FlexTensor {
        let Some(kind) = Kind::of(&x, &weight, &gradient, &options) else {
            return Self::conv2d_weight_backward(x, weight, gradient, options);
        };
        let shape = weight.shape();
        let (x, gradient) = (x.to_contiguous(), gradient.to_contiguous());
        let values = match kind {
            Kind::Dense(dense) => dense.weight_gradient(x.storage(), gradient.storage()),
            Kind::Depthwise(depthwise) => depthwise.weight_gradient(x.storage(), gradient.storage()),
        };
        FlexTensor::from_data(TensorData::new(values, shape))
    }
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
