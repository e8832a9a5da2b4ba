//! EfficientNet-Lite0 (Tan and Le 2019, "lite" variant: no squeeze-excite, ReLU6), the part before the classifier, with
//! its batch norms folded into the convolutions. Frozen: it is run once an image.

use burn::{
    module::Module,
    nn::{
        PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{Device, Tensor},
};

use super::{conv::convolve, pyramid::Pyramid};

/// One stage: repeats, kernel, stride of the first block, expansion, output channels.
const STAGES: [(usize, usize, usize, usize, usize); 7] = [
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
];

const STEM_CHANNELS: usize = 32;

/// Indices of the blocks whose outputs are the pyramid's levels: the last block of stages 2, 3, 5 and 7.
const TAPS: [usize; 4] = [2, 4, 10, 15];

/// The first block of stages 3 to 6 (2.9 M of the 3.4 M parameters), counted from 0 as stages are in the recipe.
const ADAPTED_FROM: usize = TAPS[1] + 1;

/// The image encoder. Weights come from `shared/weights/efficientnet-lite0.safetensors`.
#[derive(Module, Debug)]
pub struct Backbone {
    stem: Conv2d,
    blocks: Vec<MbConv>,
}

/// Inverted residual block: expand 1x1, depthwise k x k, project 1x1, with a skip where the shape allows it.
#[derive(Module, Debug)]
struct MbConv {
    expand: Option<Conv2d>,
    depthwise: Conv2d,
    project: Conv2d,
    skip: bool,
}

impl Backbone {
    /// An encoder with random weights, to be filled by [`super::weights::load`].
    pub fn new(device: &Device) -> Self {
        let mut blocks = Vec::new();
        let mut channels = STEM_CHANNELS;
        let mut side = crate::image::INPUT_SIDE / 2;
        for (repeats, kernel, first_stride, expansion, out) in STAGES {
            for repeat in 0..repeats {
                let stride = if repeat == 0 { first_stride } else { 1 };
                blocks.push(MbConv::new(channels, out, kernel, stride, expansion, side, device));
                channels = out;
                side /= stride;
            }
        }
        Self { stem: conv(3, STEM_CHANNELS, 3, 2, 1, crate::image::INPUT_SIDE, device), blocks }
    }

    /// The feature pyramid of normalised images `[batch, 3, 224, 224]` (see [`crate::image::to_input`]).
    pub fn forward(&self, images: Tensor<4>) -> Pyramid {
        let x = relu6(convolve(&self.stem, images));
        let level4 = self.run(x, 0..TAPS[0] + 1);
        let level8 = self.run(level4.clone(), TAPS[0] + 1..ADAPTED_FROM);
        let [level16, level32] = self.upper(level8.clone());
        Pyramid { levels: [level4, level8, level16, level32] }
    }

    /// The levels at strides 16 and 32 from that at stride 8: stages 3 to 6, the part that is adapted to a domain.
    pub fn upper(&self, level8: Tensor<4>) -> [Tensor<4>; 2] {
        let level16 = self.run(level8, ADAPTED_FROM..TAPS[2] + 1);
        let level32 = self.run(level16.clone(), TAPS[2] + 1..self.blocks.len());
        [level16, level32]
    }

    fn run(&self, x: Tensor<4>, blocks: std::ops::Range<usize>) -> Tensor<4> {
        self.blocks[blocks].iter().fold(x, |x, block| block.forward(x))
    }
}

impl MbConv {
    fn new(
        channels: usize,
        out: usize,
        kernel: usize,
        stride: usize,
        expansion: usize,
        side: usize,
        device: &Device,
    ) -> Self {
        let wide = channels * expansion;
        Self {
            expand: (expansion != 1).then(|| conv(channels, wide, 1, 1, 1, side, device)),
            depthwise: conv(wide, wide, kernel, stride, wide, side, device),
            project: conv(wide, out, 1, 1, 1, side / stride, device),
            skip: stride == 1 && channels == out,
        }
    }

    fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let mut x = input.clone();
        if let Some(expand) = &self.expand {
            x = relu6(convolve(expand, x));
        }
        x = relu6(convolve(&self.depthwise, x));
        x = convolve(&self.project, x);
        if self.skip { x + input } else { x }
    }
}

fn relu6(x: Tensor<4>) -> Tensor<4> {
    x.clamp(0.0, 6.0)
}

/// A convolution with TensorFlow's "SAME" padding, which at stride 2 puts the odd pixel at the bottom and right.
fn conv(
    input: usize,
    output: usize,
    kernel: usize,
    stride: usize,
    groups: usize,
    side: usize,
    device: &Device,
) -> Conv2d {
    let total = ((side.div_ceil(stride) - 1) * stride + kernel).saturating_sub(side);
    let (before, after) = (total / 2, total - total / 2);
    Conv2dConfig::new([input, output], [kernel, kernel])
        .with_stride([stride, stride])
        .with_groups(groups)
        .with_padding(PaddingConfig2d::Explicit(before, before, after, after))
        .init(device)
}
