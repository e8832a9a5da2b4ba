//! CutMix (Yun et al. 2019; for segmentation French et al. 2020) on cached features: a window of
//! one image stands in another.
//!
//! Only the levels that an adapting backbone starts from are cut, at strides 4 and 8: it computes
//! those above them itself, from the picture as it then is. What a lesion looks like has to be told
//! from less of its surroundings, and a part of it must do.

use fovea_shared::{
    model::{CHANNELS, Pyramid, SIDES},
    plane::Plane,
};
use half::f16;
use rand::{Rng, RngExt};

/// Cells a side at stride 8, in which windows are counted.
const CELLS: usize = SIDES[1];
/// Smallest and largest share of the picture that comes from the other image.
const AREA: (f32, f32) = (0.1, 0.5);
/// Largest ratio of a window's longer side to its shorter one.
const RATIO: f32 = 2.0;

/// A window in cells at stride 8, ends not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    columns: (usize, usize),
    rows: (usize, usize),
}

impl Window {
    /// A window of any place, and of a size and a shape within limits.
    pub(super) fn draw(rng: &mut impl Rng) -> Self {
        let area: f32 = rng.random_range(AREA.0..AREA.1);
        let ratio = rng.random_range(-RATIO.ln()..RATIO.ln()).exp().sqrt();
        let mut span = |share: f32| {
            let length = ((share * CELLS as f32).round() as usize).clamp(1, CELLS);
            let from = rng.random_range(0..=CELLS - length);
            (from, from + length)
        };
        Self { columns: span(area.sqrt() * ratio), rows: span(area.sqrt() / ratio) }
    }

    /// Puts this window of an image's features ([`Pyramid::LEN`] values) into another's, at strides 4 and 8.
    pub(super) fn paste_features(self, from: &[f16], into: &mut [f16]) {
        let mut start = 0;
        for level in 0..2 {
            let cells = SIDES[level] * SIDES[level];
            for channel in 0..CHANNELS[level] {
                let plane = start + channel * cells..start + (channel + 1) * cells;
                self.copy(&from[plane.clone()], &mut into[plane], SIDES[level]);
            }
            start += Pyramid::level_len(level);
        }
    }

    /// Puts this window of a square map into another of its size, whose side is a multiple of that at stride 8.
    pub(super) fn paste(self, from: &Plane, into: &mut Plane) {
        self.copy(&from.data, &mut into.data, from.width);
    }

    fn copy<T: Copy>(self, from: &[T], into: &mut [T], side: usize) {
        let scale = side / CELLS;
        let columns = self.columns.0 * scale..self.columns.1 * scale;
        for row in self.rows.0 * scale..self.rows.1 * scale {
            let line = row * side + columns.start..row * side + columns.end;
            into[line.clone()].copy_from_slice(&from[line]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fovea_shared::model::STUDENT_SIDE;
    use rand::SeedableRng;
    use rand_pcg::Pcg64Mcg;

    #[test]
    fn a_window_is_the_same_part_of_every_level_and_of_the_target() {
        let mut rng = Pcg64Mcg::seed_from_u64(7);
        for _ in 0..50 {
            let window = Window::draw(&mut rng);
            let mut features = vec![f16::ZERO; Pyramid::LEN];
            window.paste_features(&vec![f16::ONE; Pyramid::LEN], &mut features);
            let mut target = Plane::filled(STUDENT_SIDE, STUDENT_SIDE, 0.0);
            window.paste(&Plane::filled(STUDENT_SIDE, STUDENT_SIDE, 1.0), &mut target);
            let share = target.data.iter().sum::<f32>() / target.data.len() as f32;
            assert!((0.08..0.55).contains(&share), "{share}");
            let cells = SIDES[0] * SIDES[0];
            assert_eq!(SIDES[0], STUDENT_SIDE);
            for channel in features[..Pyramid::level_len(0)].chunks_exact(cells) {
                assert!(channel.iter().zip(&target.data).all(|(f, t)| f.to_f32() == *t));
            }
            let start = Pyramid::level_len(0);
            let coarse = &features[start..start + Pyramid::level_len(1)];
            let expected = share * coarse.len() as f32;
            assert_eq!(coarse.iter().map(|v| v.to_f32()).sum::<f32>(), expected);
            assert!(features[start + Pyramid::level_len(1)..].iter().all(|v| *v == f16::ZERO));
        }
    }

    #[test]
    fn windows_come_everywhere_and_in_many_shapes() {
        let mut rng = Pcg64Mcg::seed_from_u64(1);
        let windows: Vec<Window> = (0..200).map(|_| Window::draw(&mut rng)).collect();
        let wide = |w: &Window| (w.columns.1 - w.columns.0) > (w.rows.1 - w.rows.0);
        assert!(windows.iter().any(wide) && !windows.iter().all(wide));
        assert!(windows.iter().any(|w| w.columns.0 == 0) && windows.iter().any(|w| w.columns.1 == CELLS));
        assert!(windows.iter().any(|w| w.rows.0 == 0) && windows.iter().any(|w| w.rows.1 == CELLS));
    }
}
