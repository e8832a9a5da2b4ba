//! Gradients of a depthwise convolution: every channel has a kernel of its own.
//!
//! Input and gradient of the output are laid into planes with rows of the same length, the gradient
//! spread out by the stride and the input with its padding. A shift of the kernel is another start
//! then, and a plane is one long vector, not many short rows.

/// Values that are added up side by side: what a vector register holds, or a few of them.
const LANES: usize = 16;

/// Height and width, pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane {
    pub(super) height: usize,
    pub(super) width: usize,
}

/// What is convolved with what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Depthwise {
    pub(super) batch: usize,
    pub(super) channels: usize,
    /// Side of the kernel.
    pub(super) kernel: usize,
    pub(super) stride: usize,
    pub(super) input: Plane,
    pub(super) output: Plane,
    /// Padding above and to the left.
    pub(super) before: [usize; 2],
    /// The input with all of its padding.
    pub(super) padded: Plane,
}

impl Depthwise {
    /// The gradient of the input, `[batch, channels, height, width]`, from the kernel `[channels,
    /// 1, kernel, kernel]` and the gradient of the output.
    pub(super) fn input_gradient(&self, weight: &[f32], gradient: &[f32]) -> Vec<f32> {
        let places = self.kernel * self.kernel;
        let area = self.input.height * self.input.width;
        let mut sums = vec![0.0; self.padded.height * self.padded.width];
        let mut spread = vec![0.0; self.span()];
        let mut values = vec![0.0; self.batch * self.channels * area];
        let gradients = gradient.chunks_exact(self.output.height * self.output.width);
        for (n, (gradient, plane)) in gradients.zip(values.chunks_exact_mut(area)).enumerate() {
            self.spread(gradient, &mut spread);
            sums.fill(0.0);
            for (place, weight) in weight[n % self.channels * places..][..places].iter().enumerate() {
                let shifted = &mut sums[self.shift(place)..][..spread.len()];
                for (sum, value) in shifted.iter_mut().zip(&spread) {
                    *sum += weight * value;
                }
            }
            for (y, line) in plane.chunks_exact_mut(self.input.width).enumerate() {
                line.copy_from_slice(&sums[self.place(y)..][..self.input.width]);
            }
        }
        values
    }

    /// The gradient of the kernel, `[channels, 1, kernel, kernel]`, from the input and the gradient of the output.
    pub(super) fn weight_gradient(&self, x: &[f32], gradient: &[f32]) -> Vec<f32> {
        let places = self.kernel * self.kernel;
        let mut padded = vec![0.0; self.padded.height * self.padded.width];
        let mut spread = vec![0.0; self.span()];
        let mut values = vec![0.0; self.channels * places];
        let gradients = gradient.chunks_exact(self.output.height * self.output.width);
        for (n, (gradient, plane)) in gradients.zip(x.chunks_exact(self.input.height * self.input.width)).enumerate() {
            self.spread(gradient, &mut spread);
            for (y, line) in plane.chunks_exact(self.input.width).enumerate() {
                padded[self.place(y)..][..self.input.width].copy_from_slice(line);
            }
            for (place, value) in values[n % self.channels * places..][..places].iter_mut().enumerate() {
                *value += dot(&spread, &padded[self.shift(place)..][..spread.len()]);
            }
        }
        values
    }

    /// Values from the first to the last of a spread gradient.
    fn span(&self) -> usize {
        ((self.output.height - 1) * self.padded.width + self.output.width - 1) * self.stride + 1
    }

    /// Where a place of the kernel, counted row by row, finds the padded input.
    fn shift(&self, place: usize) -> usize {
        place / self.kernel * self.padded.width + place % self.kernel
    }

    /// Where row `y` of the input begins in the padded one.
    fn place(&self, y: usize) -> usize {
        (y + self.before[0]) * self.padded.width + self.before[1]
    }

    /// Writes a gradient of the output where the padded input has the first value of each of its
    /// windows. The places between are zeros from the start and stay so.
    fn spread(&self, gradient: &[f32], spread: &mut [f32]) {
        for (y, line) in gradient.chunks_exact(self.output.width).enumerate() {
            let start = y * self.stride * self.padded.width;
            for (value, from) in spread[start..].iter_mut().step_by(self.stride).zip(line) {
                *value = *from;
            }
        }
    }
}

/// The scalar product, in an order that does not depend on the machine.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (whole, rest) = a.as_chunks::<LANES>();
    let (others, other_rest) = b.as_chunks::<LANES>();
    for (a, b) in whole.iter().zip(others) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let tail: f32 = rest.iter().zip(other_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + tail
}
