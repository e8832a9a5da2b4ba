//! A Gaussian blur.

use std::ops::{Add, Mul};

use super::math::exp;

/// A separable Gaussian blur of numbers or colours, `sigma` in pixels along each axis; the border
/// repeats its last pixel.
pub(super) fn blur<T>(pixels: &[T], width: usize, height: usize, sigma: (f32, f32)) -> Vec<T>
where
    T: Copy + Default + Add<Output = T> + Mul<f32, Output = T>,
{
    let across = kernel(sigma.0);
    let mut rows = vec![T::default(); pixels.len()];
    for y in 0..height {
        let line = &pixels[y * width..(y + 1) * width];
        for x in 0..width {
            rows[y * width + x] = weighted(&across, x, width, |i| line[i]);
        }
    }
    let down = kernel(sigma.1);
    let mut out = vec![T::default(); pixels.len()];
    for y in 0..height {
        for x in 0..width {
            out[y * width + x] = weighted(&down, y, height, |i| rows[i * width + x]);
        }
    }
    out
}

/// The sum of the kernel's weights times the values about `at`.
fn weighted<T>(kernel: &[f32], at: usize, length: usize, value: impl Fn(usize) -> T) -> T
where
    T: Add<Output = T> + Mul<f32, Output = T>,
{
    let mut sum = value(at) * kernel[0];
    for (k, weight) in kernel.iter().enumerate().skip(1) {
        sum = sum + (value(at.saturating_sub(k)) + value((at + k).min(length - 1))) * *weight;
    }
    sum
}

/// One half of a Gaussian, its middle first, summing to 1 with the other half.
fn kernel(sigma: f32) -> Vec<f32> {
    let reach = (sigma * 2.5).ceil().max(1.0) as usize;
    let mut half: Vec<f32> = (0..=reach).map(|i| exp(-(i as f32 * i as f32) / (2.0 * sigma * sigma))).collect();
    let total = half[0] + 2.0 * half[1..].iter().sum::<f32>();
    for weight in &mut half {
        *weight /= total;
    }
    half
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_spreads_and_nothing_is_lost() {
        let mut dot = vec![0.0f32; 21 * 15];
        dot[7 * 21 + 10] = 1.0;
        let out = blur(&dot, 21, 15, (1.5, 0.8));
        assert!((out.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert!(out[7 * 21 + 10] < 0.3 && out[7 * 21 + 12] > out[9 * 21 + 10], "wider across than down");
        let flat = blur(&vec![0.7f32; 60], 10, 6, (3.0, 3.0));
        assert!(flat.iter().all(|v| (v - 0.7).abs() < 1e-5));
    }
}
