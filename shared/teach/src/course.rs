//! A student, its examples, and the steps that it takes on them.

use burn::tensor::{Device, Tensor};
use fovea_shared::{
    distill::{
        Batch, DistillConfig, Distiller, StepContext, StepError, StepReport, StudentSupervision, Supervision, Trainee,
        WeightedTarget, one_cycle, stack, weight_sum,
    },
    image::{RgbImage, pool_plane, resize_plane},
    model::{Pyramid, STUDENT_SIDE, StudentHead},
    plane::Plane,
};
use rand::{SeedableRng, seq::SliceRandom};
use rand_pcg::Pcg32;

use crate::{Drawing, Recipe, View};

/// Side of the map that views of a target are cut from, pixels. Twice the student's, so that a turned edge stays sharp.
const TARGET_SIDE: usize = 2 * STUDENT_SIDE;

/// What a student sees of one image, and what it is told to draw there.
#[derive(Clone, Debug)]
pub struct Example {
    views: Vec<(Pyramid, Plane)>,
}

impl Example {
    /// The first `views` views of an image and of its target. `target` holds 0..1 and may be of any size; `sha256` is
    /// the hash of the image's file, from which views are drawn; `embed` is the backbone.
    ///
    /// # Errors
    /// What `embed` returns.
    pub async fn new<E>(
        image: &RgbImage,
        target: &Plane,
        sha256: &str,
        views: usize,
        mut embed: impl AsyncFnMut(&RgbImage) -> Result<Pyramid, E>,
    ) -> Result<Self, E> {
        let mut features = Vec::with_capacity(views);
        for index in 0..views.max(1) {
            features.push(embed(&View::of(index, sha256, Drawing::Light).image(image)).await?);
        }
        Ok(Self::of_features(features, target, sha256))
    }

    /// As [`Example::new`], of the features of the image's first views (`[1, channels, side, side]` a level).
    pub fn of_features(features: Vec<Pyramid>, target: &Plane, sha256: &str) -> Self {
        let target = resize_plane(target, TARGET_SIDE, TARGET_SIDE);
        let told = |index| pool_plane(&View::of(index, sha256, Drawing::Light).plane(&target, 0.0), STUDENT_SIDE);
        Self { views: features.into_iter().enumerate().map(|(index, seen)| (seen, told(index))).collect() }
    }
}

/// A fresh student and what it learns from.
pub struct Course {
    recipe: Recipe,
    distiller: Distiller,
    examples: Vec<Example>,
    /// Places (example, view) that are still to be seen before all have been.
    deck: Vec<(usize, usize)>,
    rng: Pcg32,
    seed: u64,
    step: usize,
}

impl Course {
    /// A student drawn from `seed` on `device` (without autodiff; it is added here).
    pub fn new(recipe: Recipe, examples: Vec<Example>, seed: u64, device: &Device) -> Self {
        let config = DistillConfig { student_dice: recipe.dice, ..DistillConfig::default() };
        let distiller = Distiller::new(config, seed, device);
        Self { recipe, distiller, examples, deck: Vec::new(), rng: Pcg32::seed_from_u64(seed), seed, step: 0 }
    }

    /// Steps taken.
    pub fn steps(&self) -> usize {
        self.step
    }

    /// The student as it is now: the moving average of its weights.
    pub fn student(&self) -> &StudentHead {
        &self.distiller.student.average
    }

    /// How it is taught.
    pub fn recipe(&self) -> Recipe {
        self.recipe
    }

    /// The student in training, to go back to. Weights are shared until a step replaces them.
    pub fn keep(&self) -> Trainee<StudentHead> {
        self.distiller.student.clone()
    }

    /// Goes back to a student that was kept: its next step is the one after its last. The views that
    /// were drawn since stay drawn.
    pub fn go_back(&mut self, kept: Trainee<StudentHead>) {
        self.step = kept.steps;
        self.distiller.student = kept;
    }

    /// The sum `[1]` of the weights in training, finite where all of them are.
    pub fn weight_sum(&self) -> Option<Tensor<1>> {
        weight_sum(self.distiller.student.head())
    }

    /// Takes one step, `None` where there is nothing to learn from.
    ///
    /// # Errors
    /// A device that fails.
    pub async fn step(&mut self) -> Result<Option<StepReport>, StepError> {
        if self.examples.is_empty() {
            return Ok(None);
        }
        let drawn: Vec<(usize, usize)> = (0..self.recipe.batch.max(1)).map(|_| self.draw()).collect();
        let seen = || drawn.iter().map(|(example, view)| &self.examples[*example].views[*view]);
        let features: Vec<&Pyramid> = seen().map(|(features, _)| features).collect();
        let device = features[0].levels[0].device();
        let told: Vec<&Plane> = seen().map(|(_, told)| told).collect();
        let value = stack(&told, &device);
        let weight = value.ones_like();
        let levels = std::array::from_fn(|level| {
            Tensor::cat(features.iter().map(|features| features.levels[level].clone()).collect(), 0)
        });
        let batch = Batch {
            features: Pyramid { levels },
            dropout: None,
            supervision: Supervision::Student(StudentSupervision::plain(WeightedTarget { value, weight }).into()),
        };
        let context = StepContext {
            step: self.step,
            total: self.recipe.steps,
            rate: one_cycle(self.step, self.recipe.steps, self.recipe.rate),
            seed: self.seed.wrapping_add(self.step as u64),
        };
        let report = self.distiller.step(&batch, context).await?;
        self.step += 1;
        Ok(Some(report))
    }

    /// The next view to see. All are seen once before any is seen twice.
    fn draw(&mut self) -> (usize, usize) {
        if self.deck.is_empty() {
            let examples = self.examples.iter().enumerate();
            self.deck = examples.flat_map(|(i, example)| (0..example.views.len()).map(move |v| (i, v))).collect();
            self.deck.shuffle(&mut self.rng);
        }
        self.deck.pop().expect("an example has at least one view")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use fovea_shared::model::{CHANNELS, SIDES};

    /// Features that hold the image's brightness in every channel.
    async fn brightness(image: &RgbImage) -> Result<Pyramid, StepError> {
        let device = Device::flex();
        let levels = std::array::from_fn(|level| {
            let (side, channels) = (SIDES[level], CHANNELS[level]);
            let small = fovea_shared::image::resize_rgb(image, side, side);
            let plane: Vec<f32> = small.pixels().map(|p| f32::from(p.0[0]) / 255.0 - 0.5).collect();
            let values: Vec<f32> = (0..channels).flat_map(|_| plane.clone()).collect();
            Tensor::from_data(burn::tensor::TensorData::new(values, [1, channels, side, side]), &device)
        });
        Ok(Pyramid { levels })
    }

    fn disc(x: f32, y: f32) -> (RgbImage, Plane) {
        let inside = |i: u32, j: u32| (i as f32 - 112.0 * x).hypot(j as f32 - 112.0 * y) < 25.0;
        let image = RgbImage::from_fn(112, 112, |i, j| [if inside(i, j) { 230 } else { 40 }; 3].into());
        let data = (0..112 * 112).map(|i| if inside(i % 112, i / 112) { 1.0 } else { 0.0 }).collect();
        (image, Plane::from_vec(112, 112, data))
    }

    #[test]
    fn a_student_learns_and_the_same_seed_learns_the_same() {
        pollster::block_on(async {
            let (image, target) = disc(0.4, 0.6);
            let example = Example::new(&image, &target, "0123456789abcdef", 3, brightness).await.unwrap();
            let recipe = Recipe { views: 3, batch: 2, steps: 12, ..Recipe::default() };
            let mut ends = Vec::new();
            for _ in 0..2 {
                let mut course = Course::new(recipe, vec![example.clone()], 7, &Device::flex());
                let mut losses = Vec::new();
                for _ in 0..recipe.steps {
                    let report = course.step().await.unwrap().unwrap();
                    losses.push(report.losses.student.unwrap().into_data().try_to_vec::<f32>().unwrap()[0]);
                }
                assert_eq!(course.steps(), 12);
                assert!(losses[11] < 0.8 * losses[0], "{losses:?}");
                let (other, _) = disc(0.6, 0.4);
                let logits = course.student().forward(&brightness(&other).await.unwrap());
                ends.push(logits.into_data().try_to_vec::<f32>().unwrap());
            }
            assert_eq!(ends[0], ends[1]);
        });
    }

    #[test]
    fn nothing_to_learn_from_is_no_step() {
        let mut course = Course::new(Recipe::default(), Vec::new(), 1, &Device::flex());
        assert!(pollster::block_on(course.step()).unwrap().is_none());
        assert_eq!(course.steps(), 0);
    }

    #[test]
    fn every_view_is_seen_before_any_is_seen_twice() {
        let example = pollster::block_on(async {
            let (image, target) = disc(0.5, 0.5);
            Example::new(&image, &target, "0123456789abcdef", 4, brightness).await.unwrap()
        });
        let mut course = Course::new(Recipe::default(), vec![example.clone(), example], 1, &Device::flex());
        let mut first: Vec<_> = (0..8).map(|_| course.draw()).collect();
        first.sort_unstable();
        first.dedup();
        assert_eq!(first.len(), 8);
    }
}
