//! Gradients of a convolution at stride 1 that is as large as its input, k x k or 1 x 1.
//!
//! All images lie one behind the other in rows of one long line a channel, each image with a border
//! on two sides that holds zeros. There a shift of the kernel is nothing but another start of the
//! line, so each of its k x k places is one matrix product without anything copied for it. What is
//! computed on the border is thrown away.

use super::product::{Matrix, multiply};

/// Places of the line that are worked on at a time: for 24 to 160 channels they stay in a core's
/// cache from one shift to the next.
const CHUNK: usize = 1024;

/// What is convolved with what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dense {
    pub(super) batch: usize,
    /// Channels of the input.
    pub(super) input: usize,
    /// Channels of the output.
    pub(super) output: usize,
    pub(super) height: usize,
    pub(super) width: usize,
    /// Side of the kernel; odd.
    pub(super) kernel: usize,
}

/// Channels as long lines.
struct Lines {
    values: Vec<f32>,
    /// Length of a line.
    length: usize,
}

impl Dense {
    /// The gradient of the input, `[batch, input, height, width]`, from the kernel `[output, input,
    /// kernel, kernel]` and the gradient of the output, `[batch, output, height, width]`.
    pub(super) fn input_gradient(&self, weight: &[f32], gradient: &[f32]) -> Vec<f32> {
        let Self { input, output, .. } = *self;
        let reach = self.reach();
        let gradient = self.lines(gradient, output, reach, 0);
        let places = self.kernel * self.kernel;
        // One matrix [input, output] a place of the kernel.
        let mut taps = vec![0.0; places * input * output];
        for (n, kernel) in weight.chunks_exact(places).enumerate() {
            let (to, from) = (n / input, n % input);
            for (place, value) in kernel.iter().enumerate() {
                taps[(place * input + from) * output + to] = *value;
            }
        }
        let length = self.batch * self.image();
        let mut sums = vec![0.0; input * length];
        for start in (0..length).step_by(CHUNK) {
            let columns = CHUNK.min(length - start);
            for (place, tap) in taps.chunks_exact(input * output).enumerate() {
                let tap = Matrix { data: tap, row: output, column: 1 };
                let shifted = &gradient.values[start + reach - self.shift(place)..];
                let shifted = Matrix { data: shifted, row: gradient.length, column: 1 };
                multiply([input, columns, output], (&mut sums[start..], length), place > 0, tap, shifted);
            }
        }
        self.planes(&sums, input)
    }

    /// The gradient of the kernel, `[output, input, kernel, kernel]`, from the input `[batch,
    /// input, height, width]` and the gradient of the output, `[batch, output, height, width]`.
    pub(super) fn weight_gradient(&self, x: &[f32], gradient: &[f32]) -> Vec<f32> {
        let Self { input, output, .. } = *self;
        let x = self.lines(x, input, 0, self.kernel / 2);
        let gradient = self.lines(gradient, output, 0, 0);
        let places = self.kernel * self.kernel;
        let length = self.batch * self.image();
        let mut sums = vec![0.0; places * output * input];
        for start in (0..length).step_by(CHUNK) {
            let inner = CHUNK.min(length - start);
            for (place, sum) in sums.chunks_exact_mut(output * input).enumerate() {
                let left = Matrix { data: &gradient.values[start..], row: gradient.length, column: 1 };
                let shifted = Matrix { data: &x.values[start + self.shift(place)..], row: 1, column: x.length };
                multiply([output, input, inner], (sum, input), start > 0, left, shifted);
            }
        }
        let mut weight = vec![0.0; places * output * input];
        for (place, sum) in sums.chunks_exact(output * input).enumerate() {
            for (n, value) in sum.iter().enumerate() {
                weight[n * places + place] = *value;
            }
        }
        weight
    }

    /// Places from one row of an image to the next.
    fn row(&self) -> usize {
        self.width + self.kernel - 1
    }

    /// Places of an image.
    fn image(&self) -> usize {
        (self.height + self.kernel - 1) * self.row()
    }

    /// How far a place of the kernel, counted row by row, shifts the line.
    fn shift(&self, place: usize) -> usize {
        place / self.kernel * self.row() + place % self.kernel
    }

    /// The farthest shift.
    fn reach(&self) -> usize {
        self.shift(self.kernel * self.kernel - 1)
    }

    /// Planes `[batch, channels, height, width]` as lines, each plane `inset` rows and columns into
    /// its border. `before` zeros precede them, and so many follow them that every shift stays
    /// inside.
    fn lines(&self, planes: &[f32], channels: usize, before: usize, inset: usize) -> Lines {
        let length = self.batch * self.image() + self.reach().max(before);
        let mut values = vec![0.0; channels * length];
        for (n, plane) in planes.chunks_exact(self.height * self.width).enumerate() {
            let (image, channel) = (n / channels, n % channels);
            let start = channel * length + before + image * self.image() + inset * (self.row() + 1);
            for (y, line) in plane.chunks_exact(self.width).enumerate() {
                values[start + y * self.row()..][..self.width].copy_from_slice(line);
            }
        }
        Lines { values, length }
    }

    /// Lines without anything before or behind them as planes `[batch, channels, height, width]`,
    /// from the middle of their borders.
    fn planes(&self, lines: &[f32], channels: usize) -> Vec<f32> {
        let inset = self.kernel / 2 * (self.row() + 1);
        let mut planes = vec![0.0; self.batch * channels * self.height * self.width];
        for (n, plane) in planes.chunks_exact_mut(self.height * self.width).enumerate() {
            let (image, channel) = (n / channels, n % channels);
            let start = (channel * self.batch + image) * self.image() + inset;
            for (y, line) in plane.chunks_exact_mut(self.width).enumerate() {
                line.copy_from_slice(&lines[start + y * self.row()..][..self.width]);
            }
        }
        planes
    }
}
