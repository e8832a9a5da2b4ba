//! Vectors, and the elementary functions in plain IEEE arithmetic.
//!
//! The standard library's `sin`, `exp` and `ln` differ in the last bit between platforms; these do not. Their errors
//! (below 1e-4) cannot be seen in a picture.

use std::f32::consts::{FRAC_PI_2, LN_2, PI, TAU};
use std::ops::{Add, Mul, Neg, Sub};

/// A point, direction or colour.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct V3 {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) z: f32,
}

pub(super) const fn v3(x: f32, y: f32, z: f32) -> V3 {
    V3 { x, y, z }
}

impl V3 {
    pub(super) fn dot(self, o: V3) -> f32 {
        self.x * o.x + self.y * o.y + self.z * o.z
    }

    pub(super) fn cross(self, o: V3) -> V3 {
        v3(self.y * o.z - self.z * o.y, self.z * o.x - self.x * o.z, self.x * o.y - self.y * o.x)
    }

    pub(super) fn length(self) -> f32 {
        self.dot(self).sqrt()
    }

    pub(super) fn unit(self) -> V3 {
        self * (1.0 / self.length().max(1e-12))
    }

    /// The product of each pair of components, as for light on a colour.
    pub(super) fn times(self, o: V3) -> V3 {
        v3(self.x * o.x, self.y * o.y, self.z * o.z)
    }

    /// `self` at 0, `o` at 1.
    pub(super) fn mix(self, o: V3, share: f32) -> V3 {
        self + (o - self) * share
    }

    /// Two directions that complete the unit vector `self` to an orthonormal frame.
    pub(super) fn tangents(self) -> (V3, V3) {
        let other = if self.x.abs() < 0.7 { v3(1.0, 0.0, 0.0) } else { v3(0.0, 1.0, 0.0) };
        let t = self.cross(other).unit();
        (t, self.cross(t))
    }
}

impl Add for V3 {
    type Output = V3;
    fn add(self, o: V3) -> V3 {
        v3(self.x + o.x, self.y + o.y, self.z + o.z)
    }
}

impl Sub for V3 {
    type Output = V3;
    fn sub(self, o: V3) -> V3 {
        v3(self.x - o.x, self.y - o.y, self.z - o.z)
    }
}

impl Mul<f32> for V3 {
    type Output = V3;
    fn mul(self, k: f32) -> V3 {
        v3(self.x * k, self.y * k, self.z * k)
    }
}

impl Neg for V3 {
    type Output = V3;
    fn neg(self) -> V3 {
        self * -1.0
    }
}

/// The whole number at or below `x`, and what is left; without a call where the processor has no rounding instruction.
pub(super) fn split(x: f32) -> (i32, f32) {
    let toward_zero = x as i32;
    let whole = toward_zero - i32::from(x < toward_zero as f32);
    (whole, x - whole as f32)
}

/// The sine, by reduction to a quarter turn and a Taylor polynomial of degree 9.
pub(super) fn sin(x: f32) -> f32 {
    let turns = split(x * (1.0 / TAU) + 0.5).0;
    let mut r = x - turns as f32 * TAU;
    if r > FRAC_PI_2 {
        r = PI - r;
    } else if r < -FRAC_PI_2 {
        r = -PI - r;
    }
    let s = r * r;
    r * (1.0 - s * (1.0 / 6.0) * (1.0 - s * (1.0 / 20.0) * (1.0 - s * (1.0 / 42.0) * (1.0 - s * (1.0 / 72.0)))))
}

/// The cosine.
pub(super) fn cos(x: f32) -> f32 {
    sin(x + FRAC_PI_2)
}

/// The angle of the point (`x`, `y`) in (-pi, pi] (Abramowitz and Stegun 4.4.49).
pub(super) fn atan2(y: f32, x: f32) -> f32 {
    let (ax, ay) = (x.abs(), y.abs());
    let t = ax.min(ay) / ax.max(ay).max(1e-12);
    let s = t * t;
    let mut a = t * (0.999_866 + s * (-0.330_299_5 + s * (0.180_141 + s * (-0.085_133 + s * 0.020_835_1))));
    if ay > ax {
        a = FRAC_PI_2 - a;
    }
    if x < 0.0 {
        a = PI - a;
    }
    if y < 0.0 { -a } else { a }
}

/// e to the power of `x`: whole powers of two by the exponent bits, the rest by a polynomial.
pub(super) fn exp(x: f32) -> f32 {
    let scaled = x.clamp(-80.0, 80.0) / LN_2;
    let (whole, rest) = split(scaled);
    let r = rest * LN_2;
    let p = 1.0 + r * (1.0 + r / 2.0 * (1.0 + r / 3.0 * (1.0 + r / 4.0 * (1.0 + r / 5.0 * (1.0 + r / 6.0)))));
    p * f32::from_bits(((whole + 127) as u32) << 23)
}

/// The natural logarithm of a positive number, by the exponent bits and the series of the inverse hyperbolic tangent.
pub(super) fn ln(x: f32) -> f32 {
    let bits = x.max(f32::MIN_POSITIVE).to_bits();
    let exponent = (bits >> 23) as i32 - 127;
    let m = f32::from_bits((bits & 0x007f_ffff) | 0x3f80_0000);
    let t = (m - 1.0) / (m + 1.0);
    let s = t * t;
    exponent as f32 * LN_2 + 2.0 * t * (1.0 + s * (1.0 / 3.0 + s * (1.0 / 5.0 + s * (1.0 / 7.0 + s / 9.0))))
}

/// `base`, not negative, to any power.
pub(super) fn pow(base: f32, power: f32) -> f32 {
    if base <= 0.0 { 0.0 } else { exp(power * ln(base)) }
}

/// 0 up to `low`, 1 from `high`, smooth between.
pub(super) fn smoothstep(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// The smooth minimum of two distances over a blending width `k`, and the share of `b` in it (Quilez).
pub(super) fn smooth_min(a: f32, b: f32, k: f32) -> (f32, f32) {
    let h = (0.5 + 0.5 * (a - b) / k).clamp(0.0, 1.0);
    (a + (b - a) * h - k * h * (1.0 - h), h)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elementary_functions_follow_the_standard_library() {
        for i in -400..400 {
            let x = i as f32 * 0.05;
            assert!((sin(x) - x.sin()).abs() < 1e-4, "sin {x}");
            assert!((cos(x) - x.cos()).abs() < 1e-4, "cos {x}");
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-4, "exp {x}");
            let positive = exp(x);
            assert!((ln(positive) - positive.ln()).abs() < 1e-4, "ln {positive}");
            let (s, c) = (x.sin(), x.cos());
            assert!((atan2(s, c) - s.atan2(c)).abs() < 1e-4, "atan2 {x}");
        }
        assert!((pow(0.3, 2.2) - 0.3f32.powf(2.2)).abs() < 1e-4);
        assert_eq!(pow(0.0, 2.2), 0.0);
    }

    #[test]
    fn smooth_minimum_is_the_minimum_away_from_the_blend() {
        assert_eq!(smooth_min(1.0, 3.0, 0.5), (1.0, 0.0));
        let (d, share) = smooth_min(3.0, 1.0, 0.5);
        assert!((d - 1.0).abs() < 1e-6 && share == 1.0);
        assert!(smooth_min(1.0, 1.0, 0.5).0 < 1.0);
    }
}
