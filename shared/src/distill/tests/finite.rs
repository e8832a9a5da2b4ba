//! NaN and infinity into a step, in every place that it reads: the step neither panics nor hides them.

use burn::module::{ModuleMapper, Param};

use super::*;
use crate::model::PromptMaps;

/// The values that no step should meet.
const BROKEN: [f32; 3] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY];

/// The tensor with one value replaced.
fn poisoned<const D: usize>(tensor: &Tensor<D>, value: f32) -> Tensor<D> {
    let mut data = tensor.clone().into_data().try_to_vec::<f32>().unwrap();
    let place = data.len() / 2;
    data[place] = value;
    Tensor::from_data(TensorData::new(data, tensor.dims()), &device())
}

/// A batch with all that a step can read.
fn whole_batch() -> ToyBatch {
    let fixation = Fixation { x: 0.6, y: 0.7, duration_ms: 300.0, start_ms: 0.0 };
    let maps = PromptMaps::of(&Scanpath { fixations: vec![fixation] });
    let mut batch = toy_batch().described();
    batch.teacher.input.prompt = GazePrompt::new(&[Some(&maps)], &device());
    batch.student.partner = Some(batch.student.target.clone());
    batch
}

/// The names of the sums that are not finite.
fn broken(sums: Vec<NamedSum>) -> Vec<&'static str> {
    sums.into_iter().filter(|(_, sum)| !scalar(sum.clone()).is_finite()).map(|(name, _)| name).collect()
}

/// Whether a loss of the step is not finite.
fn shows(losses: &StepLosses) -> bool {
    let StepLosses { teacher, student, alignment, consistency } = losses.clone();
    [teacher, student, alignment, consistency].into_iter().flatten().any(|loss| !scalar(loss).is_finite())
}

/// Every input of a step with one broken value, by the name of its sum.
fn poisonings(batch: &ToyBatch, value: f32) -> Vec<(&'static str, ToyBatch)> {
    let mut all = Vec::new();
    for level in 0..4 {
        let mut changed = batch.clone();
        changed.features.levels[level] = poisoned(&batch.features.levels[level], value);
        all.push(("features", changed));
        let mut changed = batch.clone();
        let prompt = &mut changed.teacher.input.prompt;
        prompt.levels[level] = poisoned(&prompt.levels[level], value);
        all.push(("gaze prompt", changed));
    }
    let text = batch.teacher.input.text.clone().unwrap();
    // The first phrase, which is there: what stands in the padding does not matter.
    let mut values = text.values.clone().into_data().try_to_vec::<f32>().unwrap();
    values[3] = value;
    let values = Tensor::from_data(TensorData::new(values, text.values.dims()), &device());
    let mut changed = batch.clone();
    changed.teacher.input.text = Some(PhraseTokens { values, ..text });
    all.push(("text", changed));
    let poison = |target: &mut WeightedTarget, first: bool| {
        let part = if first { &mut target.value } else { &mut target.weight };
        *part = poisoned(part, value);
    };
    for first in [true, false] {
        let mut changed = batch.clone();
        poison(&mut changed.teacher.target, first);
        all.push(("teacher's target", changed));
        let mut changed = batch.clone();
        poison(&mut changed.student.target, first);
        all.push(("student's target", changed));
    }
    all
}

#[test]
fn the_sums_of_a_good_batch_and_of_fresh_weights_are_finite() {
    let mut distiller = Distiller::new(
        DistillConfig { strategies: Strategies { afc: true, ..Strategies::default() }, ..DistillConfig::default() },
        3,
        &device(),
    );
    distiller.pair(3, &device());
    let batch = whole_batch();
    assert_eq!(broken(batch.of(Learner::Both).sums()), [""; 0]);
    assert_eq!(broken(distiller.weight_sums()), [""; 0]);
    let names: Vec<&str> = batch.of(Learner::Both).sums().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["features", "gaze prompt", "text", "teacher's target", "student's target", "partner's target"]);
    let names: Vec<&str> = distiller.weight_sums().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["teacher", "student", "student's partner", "adapters"]);
}

#[test]
fn a_broken_input_is_named_and_reaches_a_loss() {
    let batch = whole_batch();
    for value in BROKEN {
        for (name, changed) in poisonings(&batch, value) {
            assert_eq!(broken(changed.of(Learner::Both).sums()), [name], "{value}");
            let mut distiller = Distiller::new(DistillConfig::default(), 3, &device());
            let losses = step(&mut distiller, &changed, Learner::Both, 1e-3);
            assert!(shows(&losses), "{name} with {value}: all losses are finite");
        }
    }
}

#[test]
fn a_step_with_all_strategies_neither_panics_nor_hides_a_broken_input() {
    let config = DistillConfig {
        strategies: Strategies::ALL,
        masking: Masking { input: MaskingInput::Features, ..Masking::default() },
        ..DistillConfig::default()
    };
    let mut batch = whole_batch();
    batch.student.disputed = vec![crate::plane::Mask::empty(56, 56)];
    for (name, changed) in poisonings(&batch, f32::NAN) {
        let mut distiller = Distiller::new(config.clone(), 3, &device());
        let losses = step(&mut distiller, &changed, Learner::Both, 1e-3);
        assert!(shows(&losses), "{name}: all losses are finite");
        assert!(!broken(distiller.weight_sums()).is_empty(), "{name}: the weights are as if nothing had been");
    }
}

/// Replaces the first value of the parameter at a place.
struct Poison {
    place: usize,
    value: f32,
    seen: usize,
}

impl ModuleMapper for Poison {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        self.seen += 1;
        if self.seen != self.place + 1 {
            return param;
        }
        let (shape, value) = (param.val().dims(), self.value);
        param.map(|tensor| {
            let mut data = tensor.inner().into_data().try_to_vec::<f32>().unwrap();
            data[0] = value;
            Tensor::from_data(TensorData::new(data, shape), &device().autodiff()).require_grad()
        })
    }
}

#[test]
fn a_broken_weight_shows_in_the_sum_of_its_network() {
    let batch = whole_batch();
    for value in BROKEN {
        for place in [0, 5, 9] {
            let mut distiller = Distiller::new(DistillConfig::default(), 3, &device());
            distiller.student.weights.module =
                distiller.student.head().clone().map(&mut Poison { place, value, seen: 0 });
            assert_eq!(broken(distiller.weight_sums()), ["student"], "weight {place} of {value}");
            let losses = step(&mut distiller, &batch, Learner::Both, 1e-3);
            // The student's own loss may be finite: a ReLU takes minus infinity for 0.
            assert!(scalar(losses.teacher.unwrap()).is_finite(), "the teacher has weights of its own");
            assert_eq!(broken(distiller.weight_sums()), ["student"]);
        }
    }
}

#[test]
fn a_rate_that_no_training_survives_breaks_the_weights_and_the_sum_says_so() {
    let mut distiller = Distiller::new(DistillConfig::default(), 3, &device());
    let batch = whole_batch();
    let mut steps = 0;
    while broken(distiller.weight_sums()).is_empty() {
        steps += 1;
        assert!(steps < 50, "the weights are still finite");
        step(&mut distiller, &batch, Learner::Both, 1e20);
    }
}
