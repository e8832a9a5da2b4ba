//! What stops a training at the first number that is not finite, and what is said then.
//!
//! Losses wait on the device for some steps, so they are read together; the first of them in order
//! of steps is named all the same. Nothing is written from a step with such a number on: neither a
//! checkpoint nor best weights.

use std::fmt;

use anyhow::{Context, Result};
use burn::tensor::Tensor;
use fovea_shared::distill::{NamedSum, StepLosses};

use super::checkpoint::Sums;

/// A step whose numbers wait on the device.
pub(super) struct Pending {
    /// Its losses.
    pub(super) losses: StepLosses,
    /// A sum of each kind of input.
    pub(super) inputs: Vec<NamedSum>,
    /// Where in the run it was taken.
    pub(super) at: At,
    /// The training images of its batch.
    pub(super) cases: Vec<usize>,
}

/// A step's place in a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct At {
    /// Steps of the whole run, this one among them.
    pub(super) step: usize,
    /// The epoch of its stage, from 1.
    pub(super) epoch: usize,
    /// The stage's name.
    pub(super) stage: &'static str,
    /// The learning rate.
    pub(super) rate: f64,
}

/// A number that is not finite.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Broken {
    /// What it is, as in "the student's loss".
    pub(super) what: String,
    /// NaN or an infinity.
    pub(super) value: f32,
    /// Which kind of input held one before the step computed anything.
    pub(super) input: Option<&'static str>,
}

impl Pending {
    /// Reads the losses and adds them to the sums; the first number that is not finite, in place of
    /// that, where there is one.
    ///
    /// # Errors
    /// A device that fails.
    pub(super) fn read(&self, sums: &mut Sums) -> Result<Option<Broken>> {
        let losses = [
            ("teacher's loss", &self.losses.teacher),
            ("student's loss", &self.losses.student),
            ("alignment loss (AFC)", &self.losses.alignment),
            ("consistency loss (CWC)", &self.losses.consistency),
        ];
        let input = first_broken(&self.inputs)?;
        let mut read = [0.0; 4];
        for ((name, loss), read) in losses.into_iter().zip(&mut read) {
            let Some(loss) = loss else { continue };
            let value = number(loss)?;
            if !value.is_finite() {
                return Ok(Some(Broken { what: format!("the {name}"), value, input: input.map(|(name, _)| name) }));
            }
            *read = f64::from(value);
        }
        if let Some((name, value)) = input {
            return Ok(Some(Broken { what: format!("a number in the {name}"), value, input: Some(name) }));
        }
        let [teacher, student, alignment, consistency] = read;
        sums.teacher += teacher;
        sums.student += student;
        sums.alignment += alignment;
        sums.consistency += consistency;
        sums.count += 1.0;
        Ok(None)
    }
}

/// The first sum that is not finite.
///
/// # Errors
/// A device that fails.
pub(super) fn first_broken(sums: &[NamedSum]) -> Result<Option<(&'static str, f32)>> {
    for (name, sum) in sums {
        let value = number(sum)?;
        if !value.is_finite() {
            return Ok(Some((*name, value)));
        }
    }
    Ok(None)
}

fn number(value: &Tensor<1>) -> Result<f32> {
    value.clone().try_into_scalar::<f32>().context("the device could not be read")
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { step, epoch, stage, rate } = self;
        write!(f, "step {step} (epoch {epoch} of the stage `{stage}`, learning rate {rate:.3e})")
    }
}

/// What was not finite, where, why probably, and what to do. `image` names a training image of the
/// batch whose stored features are broken, `lower` are the arguments that lower the learning rate.
pub(super) fn message(broken: &Broken, at: At, image: Option<&str>, lower: &str, newest: Option<&str>) -> String {
    let cause = match (broken.input, image) {
        (_, Some(image)) => format!(
            "The cached features of {image} hold a number that is not finite: the feature cache is damaged. Name an \
             empty folder with --cache, or remove the old one"
        ),
        (Some(input), None) => format!(
            "The {input} of this batch held a number that is not finite before anything was computed: look at images, \
             gaze and texts with `fovea data check`"
        ),
        (None, None) => format!(
            "What the networks were given was finite, so the weights have diverged: the learning rate is probably too \
             high. Start a new run with a lower one: {lower}"
        ),
    };
    let kept = match newest {
        Some(newest) => format!("Nothing was written since; the newest checkpoint is {newest}"),
        None => "No checkpoint had been written yet".into(),
    };
    format!("the training has diverged: {} is {} at {at}. {cause}. {kept}", broken.what, broken.value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use burn::tensor::Device;

    use super::*;

    fn loss(value: f32) -> Option<Tensor<1>> {
        Some(Tensor::from_floats([value], &Device::flex()))
    }

    fn pending(losses: StepLosses, feature: f32) -> Pending {
        let at = At { step: 37, epoch: 3, stage: "student", rate: 2e-3 };
        let sum = |value| Tensor::from_floats([value], &Device::flex());
        Pending { losses, inputs: vec![("features", sum(feature)), ("text", sum(1.0))], at, cases: vec![1, 2] }
    }

    #[test]
    fn finite_losses_are_added_and_each_broken_one_is_named() {
        let mut sums = Sums::default();
        let good = StepLosses { teacher: loss(0.5), student: loss(0.25), alignment: None, consistency: loss(2.0) };
        assert_eq!(pending(good.clone(), 1.0).read(&mut sums).unwrap(), None);
        let expected = Sums { teacher: 0.5, student: 0.25, alignment: 0.0, consistency: 2.0, count: 1.0 };
        assert_eq!(sums, expected);
        let with = |change: fn(&mut StepLosses, Option<Tensor<1>>), value: f32| {
            let mut losses = good.clone();
            change(&mut losses, loss(value));
            pending(losses, 1.0).read(&mut Sums::default()).unwrap().unwrap()
        };
        for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert_eq!(with(|l, v| l.teacher = v, value).what, "the teacher's loss");
            assert_eq!(with(|l, v| l.student = v, value).what, "the student's loss");
            assert_eq!(with(|l, v| l.alignment = v, value).what, "the alignment loss (AFC)");
            let found = with(|l, v| l.consistency = v, value);
            assert_eq!((found.what.as_str(), found.input), ("the consistency loss (CWC)", None));
            assert_eq!(found.value.to_bits(), value.to_bits());
        }
        let input = pending(good, f32::INFINITY).read(&mut sums).unwrap().unwrap();
        assert_eq!((input.what.as_str(), input.input), ("a number in the features", Some("features")));
        assert_eq!(sums, expected, "a broken step adds nothing");
    }

    #[test]
    fn the_message_names_place_term_cause_and_what_is_kept() {
        let at = pending(StepLosses::default(), 1.0).at;
        let broken = |input| Broken { what: "the student's loss".into(), value: f32::NAN, input };
        let said = message(&broken(None), at, None, "--rate 2e-4", Some("runs/a/checkpoints/step-0000030"));
        for words in [
            "the student's loss is NaN at step 37 (epoch 3 of the stage `student`, learning rate 2.000e-3)",
            "the learning rate is probably too high",
            "--rate 2e-4",
            "the newest checkpoint is runs/a/checkpoints/step-0000030",
        ] {
            assert!(said.contains(words), "{said}");
        }
        let said = message(&broken(Some("text")), at, None, "", None);
        assert!(said.contains("The text of this batch") && said.contains("No checkpoint"), "{said}");
        let said = message(&broken(Some("features")), at, Some("images/a.jpg"), "", None);
        assert!(said.contains("cached features of images/a.jpg") && said.contains("--cache"), "{said}");
    }
}
