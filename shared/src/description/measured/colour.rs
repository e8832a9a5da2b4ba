//! sRGB to CIELAB, in arithmetic that every platform rounds alike.

/// L* 0..100, a* (green to red), b* (blue to yellow).
pub(super) type Lab = [f32; 3];

/// Converts sRGB bytes to CIELAB (CIE 1976, white D65, 2 degrees; sRGB after IEC 61966-2-1).
///
/// The standard library's `powf` and `cbrt` differ in the last bit between platforms. Here roots are found by Newton's
/// iteration, which needs the four basic operations only.
pub(super) struct ToLab {
    linear: [f32; 256],
}

/// Rows of the sRGB to XYZ matrix, each divided by its white, so that white is (1, 1, 1).
const XYZ: [[f32; 3]; 3] = [
    [0.412_456_4 / 0.950_47, 0.357_576_1 / 0.950_47, 0.180_437_5 / 0.950_47],
    [0.212_672_9, 0.715_152_2, 0.072_175_0],
    [0.019_333_9 / 1.088_83, 0.119_192 / 1.088_83, 0.950_304_1 / 1.088_83],
];

impl ToLab {
    pub(super) fn new() -> Self {
        let mut linear = [0.0; 256];
        for (byte, value) in linear.iter_mut().enumerate() {
            let c = byte as f64 / 255.0;
            *value = if c <= 0.040_45 { c / 12.92 } else { power_2_4((c + 0.055) / 1.055) } as f32;
        }
        Self { linear }
    }

    pub(super) fn lab(&self, rgb: [u8; 3]) -> Lab {
        let linear = rgb.map(|v| self.linear[usize::from(v)]);
        let [x, y, z] = XYZ.map(|row| f(row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2]));
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }
}

/// `x^2.4 = x^2 (x^2)^(1/5)` for x in 0..1.
fn power_2_4(x: f64) -> f64 {
    let square = x * x;
    let mut root = 1.0;
    for _ in 0..40 {
        let fourth = root * root * root * root;
        root = (4.0 * root + square / fourth) / 5.0;
    }
    square * root
}

/// The compressing function of CIELAB.
fn f(t: f32) -> f32 {
    // (6/29)^3 and the straight line below it.
    if t > 0.008_856_452 { cube_root(t) } else { t * 7.787_037 + 4.0 / 29.0 }
}

/// The cube root of a positive number: a guess from the exponent bits, then Newton's iteration.
fn cube_root(t: f32) -> f32 {
    let mut root = f32::from_bits(t.to_bits() / 3 + 709_921_077);
    for _ in 0..3 {
        root = (2.0 * root + t / (root * root)) / 3.0;
    }
    root
}

/// The Euclidean distance of two colours (CIE76), with lightness weighted by `lightness`.
pub(super) fn distance(a: Lab, b: Lab, lightness: f32) -> f32 {
    let [l, x, y] = [0, 1, 2].map(|i| a[i] - b[i]);
    (lightness * lightness * l * l + x * x + y * y).sqrt()
}

/// Distance from grey.
pub(super) fn chroma(lab: Lab) -> f32 {
    (lab[1] * lab[1] + lab[2] * lab[2]).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_colours() {
        // Reference values: Lindbloom's calculator, D65.
        let to = ToLab::new();
        for (rgb, lab) in [
            ([255, 255, 255], [100.0, 0.0, 0.0]),
            ([0, 0, 0], [0.0, 0.0, 0.0]),
            ([255, 0, 0], [53.24, 80.09, 67.20]),
            ([0, 0, 255], [32.30, 79.19, -107.86]),
            ([119, 119, 119], [50.03, 0.0, 0.0]),
        ] {
            assert!(distance(to.lab(rgb), lab, 1.0) < 0.05, "{rgb:?}: {:?}", to.lab(rgb));
        }
    }

    #[test]
    fn roots_follow_the_standard_library() {
        for i in 1..1000 {
            let t = i as f32 * 0.0011;
            assert!((cube_root(t) - t.cbrt()).abs() < 1e-6);
            let x = f64::from(i) / 1000.0;
            assert!((power_2_4(x) - x.powf(2.4)).abs() < 1e-12);
        }
    }
}
