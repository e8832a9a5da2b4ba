//! Mixtures of Gaussians over RGB colours, learnt as GrabCut learns them.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// A colour, 0 to 255 a channel.
pub(crate) type Colour = [f32; 3];

/// The most components of a mixture.
pub(crate) const MAX_COMPONENTS: usize = 5;
const KMEANS_ITERATIONS: usize = 10;
/// Added to the variances, in squared grey levels. A component of one colour would otherwise have no width and
/// claim every pixel of that colour at any cost. Half a grey level is what rounding to eight bits hides anyway.
const VARIANCE_FLOOR: f32 = 0.25;

/// One Gaussian of a mixture.
#[derive(Clone, Debug)]
struct Component {
    mean: Colour,
    /// Inverse of the covariance: xx, yy, zz, xy, xz, yz.
    inverse: [f32; 6],
    /// `ln(weight) - ln(det covariance) / 2`; the constant `3/2 ln(2 pi)` is left out everywhere.
    log_scale: f32,
}

impl Component {
    fn log_density(&self, colour: &Colour) -> f32 {
        let d = [colour[0] - self.mean[0], colour[1] - self.mean[1], colour[2] - self.mean[2]];
        let [xx, yy, zz, xy, xz, yz] = self.inverse;
        let square = d[0] * d[0] * xx + d[1] * d[1] * yy + d[2] * d[2] * zz;
        let cross = d[0] * d[1] * xy + d[0] * d[2] * xz + d[1] * d[2] * yz;
        self.log_scale - 0.5 * square - cross
    }
}

/// A mixture of full-covariance Gaussians.
#[derive(Clone, Debug)]
pub(crate) struct Mixture {
    components: Vec<Component>,
}

impl Mixture {
    /// Learns a mixture of `count` components (fewer for fewer different colours, [`MAX_COMPONENTS`] at most), one a
    /// k-means cluster. `colours` must not be empty.
    pub(crate) fn from_clusters(colours: &[Colour], count: usize, seed: u64) -> Self {
        let count = count.min(MAX_COMPONENTS);
        Self::fit(colours, &k_means(colours, count, seed), count)
    }

    /// Learns the mixture again after every colour has joined the component that is most likely to have made it
    /// (step 1 and 2 of GrabCut's iteration).
    pub(crate) fn refit(&self, colours: &[Colour]) -> Self {
        let labels: Vec<usize> = colours.iter().map(|c| self.most_likely(c)).collect();
        Self::fit(colours, &labels, self.components.len())
    }

    fn most_likely(&self, colour: &Colour) -> usize {
        let mut best = (f32::NEG_INFINITY, 0);
        for (index, component) in self.components.iter().enumerate() {
            let density = component.log_density(colour);
            if density > best.0 {
                best = (density, index);
            }
        }
        best.1
    }

    /// The Gaussians of the labelled groups; groups without a member are dropped.
    fn fit(colours: &[Colour], labels: &[usize], groups: usize) -> Self {
        let components = (0..groups)
            .filter_map(|group| {
                let members: Vec<&Colour> = colours
                    .iter()
                    .zip(labels)
                    .filter(|(_, label)| **label == group)
                    .map(|(colour, _)| colour)
                    .collect();
                component(&members, colours.len())
            })
            .collect();
        Self { components }
    }

    /// The energy of a colour, `-ln p(colour)` up to the constant that all mixtures share.
    pub(crate) fn energy(&self, colour: &Colour) -> f32 {
        let mut logs = [f32::NEG_INFINITY; MAX_COMPONENTS];
        let mut top = f32::NEG_INFINITY;
        for (log, component) in logs.iter_mut().zip(&self.components) {
            *log = component.log_density(colour);
            top = top.max(*log);
        }
        // Relative to the largest term nothing underflows, however far the colour is from every component.
        let sum: f32 = logs.iter().take(self.components.len()).map(|log| (log - top).exp()).sum();
        -(top + sum.ln())
    }
}

/// The Gaussian of a group that makes up `members / total` of the mixture.
fn component(members: &[&Colour], total: usize) -> Option<Component> {
    if members.is_empty() {
        return None;
    }
    let count = members.len() as f32;
    let mut mean = [0.0; 3];
    for colour in members {
        for channel in 0..3 {
            mean[channel] += colour[channel] / count;
        }
    }
    let mut covariance = [0.0; 6];
    for colour in members {
        let d = [colour[0] - mean[0], colour[1] - mean[1], colour[2] - mean[2]];
        let products = [d[0] * d[0], d[1] * d[1], d[2] * d[2], d[0] * d[1], d[0] * d[2], d[1] * d[2]];
        for (sum, product) in covariance.iter_mut().zip(products) {
            *sum += product / count;
        }
    }
    for variance in &mut covariance[..3] {
        *variance += VARIANCE_FLOOR;
    }
    let (inverse, determinant) = invert(covariance);
    Some(Component { mean, inverse, log_scale: (count / total as f32).ln() - 0.5 * determinant.ln() })
}

/// The inverse and the determinant of a symmetric, positive definite 3 x 3 matrix given as xx, yy, zz, xy, xz, yz.
fn invert([xx, yy, zz, xy, xz, yz]: [f32; 6]) -> ([f32; 6], f32) {
    // In f64: the cofactors of a narrow covariance nearly cancel.
    let [xx, yy, zz, xy, xz, yz] = [xx, yy, zz, xy, xz, yz].map(f64::from);
    let cofactors = [
        yy * zz - yz * yz,
        xx * zz - xz * xz,
        xx * yy - xy * xy,
        xz * yz - xy * zz,
        xy * yz - xz * yy,
        xy * xz - xx * yz,
    ];
    let floor = f64::from(VARIANCE_FLOOR).powi(3);
    let determinant = (xx * cofactors[0] + xy * cofactors[3] + xz * cofactors[4]).max(floor);
    (cofactors.map(|c| (c / determinant) as f32), determinant as f32)
}

/// The cluster of every colour: k-means with k-means++ seeding (Arthur and Vassilvitskii, SODA 2007), repeatable by
/// its seed. Fewer clusters than `count` where there are fewer different colours.
fn k_means(colours: &[Colour], count: usize, seed: u64) -> Vec<usize> {
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    let mut centres = vec![colours[random.random_range(0..colours.len() as u32) as usize]];
    let mut nearest: Vec<f32> = vec![f32::INFINITY; colours.len()];
    while centres.len() < count {
        let newest = centres[centres.len() - 1];
        let mut total = 0.0f64;
        for (least, colour) in nearest.iter_mut().zip(colours) {
            *least = least.min(squared_distance(colour, &newest));
            total += f64::from(*least);
        }
        if total <= 0.0 {
            break;
        }
        let mut left = random.random::<f64>() * total;
        let chosen = nearest.iter().position(|least| {
            left -= f64::from(*least);
            left < 0.0
        });
        centres.push(colours[chosen.unwrap_or(colours.len() - 1)]);
    }
    let mut labels = vec![0; colours.len()];
    for _ in 0..KMEANS_ITERATIONS {
        let mut sums = vec![([0.0f64; 3], 0u32); centres.len()];
        let mut moved = false;
        for (label, colour) in labels.iter_mut().zip(colours) {
            let closest = closest(colour, &centres);
            moved |= closest != *label;
            *label = closest;
            let (sum, members) = &mut sums[closest];
            *members += 1;
            for channel in 0..3 {
                sum[channel] += f64::from(colour[channel]);
            }
        }
        if !moved {
            break;
        }
        for (centre, (sum, members)) in centres.iter_mut().zip(sums) {
            if members > 0 {
                *centre = sum.map(|s| (s / f64::from(members)) as f32);
            }
        }
    }
    labels
}

fn closest(colour: &Colour, centres: &[Colour]) -> usize {
    let mut best = (f32::INFINITY, 0);
    for (index, centre) in centres.iter().enumerate() {
        let distance = squared_distance(colour, centre);
        if distance < best.0 {
            best = (distance, index);
        }
    }
    best.1
}

/// The squared Euclidean distance of two colours.
pub(crate) fn squared_distance(a: &Colour, b: &Colour) -> f32 {
    (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2) + (a[2] - b[2]).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn colours(least: usize) -> impl Strategy<Value = Vec<Colour>> {
        prop::collection::vec(prop::array::uniform3(0u8..=255).prop_map(|c| c.map(f32::from)), least..60)
    }

    #[test]
    fn separate_colours_get_separate_components() {
        let groups = [[10.0, 10.0, 10.0], [200.0, 30.0, 30.0], [30.0, 30.0, 220.0]];
        let points: Vec<Colour> = (0..90)
            .map(|i| {
                let [r, g, b] = groups[i % 3];
                [r + (i % 5) as f32, g + (i % 7) as f32, b + (i % 4) as f32]
            })
            .collect();
        let mixture = Mixture::from_clusters(&points, 3, 1);
        assert_eq!(mixture.components.len(), 3);
        for (point, colour) in points.iter().zip(0..) {
            assert_eq!(mixture.most_likely(point), mixture.most_likely(&points[colour % 3]));
        }
        assert!(mixture.energy(&[12.0, 13.0, 11.0]) < mixture.energy(&[120.0, 120.0, 120.0]) - 10.0);
    }

    #[test]
    fn one_gaussian_has_the_textbook_density() {
        let points = [[0.0, 0.0, 0.0], [2.0, 0.0, 0.0], [0.0, 4.0, 0.0], [2.0, 4.0, 6.0]];
        let mixture = Mixture::from_clusters(&points, 1, 0);
        let component = &mixture.components[0];
        assert_eq!(component.mean, [1.0, 2.0, 1.5]);
        // Inverse times covariance is the identity.
        let [xx, yy, zz, xy, xz, yz] = [1.25f32, 4.25, 7.0, 0.0, 1.5, 3.0];
        let [a, b, c, d, e, f] = component.inverse;
        let identity = [xx * a + xy * d + xz * e, xy * d + yy * b + yz * f, xz * e + yz * f + zz * c];
        assert!(identity.iter().all(|v| (v - 1.0).abs() < 1e-4), "{identity:?}");
        assert!((xx * d + xy * b + xz * f).abs() < 1e-4);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn energies_are_finite_and_repeatable(
            points in colours(1),
            seed: u64,
            probe in prop::array::uniform3(0.0f32..255.0),
        ) {
            let learn = || Mixture::from_clusters(&points, 5, seed).refit(&points);
            let energy = learn().energy(&probe);
            prop_assert!(energy.is_finite());
            prop_assert_eq!(energy, learn().energy(&probe));
        }
    }
}
