//! Training one head on pooled inputs. Seconds on two cores; the same seed gives the same head on the CPU.

use anyhow::{Context, Result, ensure};
use burn::{
    optim::GradientsParams,
    tensor::{Device, Tensor, TensorData, activation::log_softmax},
};
use fovea_shared::{
    distill::{Optimised, one_cycle},
    model::describer::DescriberNet,
};
use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::{calibrate::mean_nll, samples::Sample, schema::Schema};

/// What decides a fit, besides its data. The defaults had the least validation loss of 15 settings
/// tried on Kvasir-SEG's gaze split with LLaVA's answers (810 training and 90 validation images,
/// three seeds each).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, clap::Args)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct FitConfig {
    /// Width of the hidden layer.
    #[arg(long, default_value_t = 64)]
    pub(crate) hidden: usize,
    /// Passes over the training samples; the best on validation is kept.
    #[arg(long, default_value_t = 8)]
    pub(crate) epochs: usize,
    /// Samples a step.
    #[arg(long, default_value_t = 64)]
    pub(crate) batch: usize,
    /// Peak learning rate of the one-cycle schedule.
    #[arg(long, default_value_t = 1e-3)]
    pub(crate) rate: f64,
    /// AdamW's weight decay.
    #[arg(long, default_value_t = 1.0)]
    pub(crate) weight_decay: f32,
    /// Share of the hidden layer that is silenced at random in training.
    #[arg(long, default_value_t = 0.8)]
    pub(crate) dropout: f64,
    /// How far rare words weigh more in the loss: weight (1 / frequency) to this power. 0 is plain, 1 fully balanced.
    #[arg(long, default_value_t = 0.0)]
    pub(crate) balance: f64,
}

impl FitConfig {
    /// Refuses values that cannot work.
    ///
    /// # Errors
    /// Names the flag.
    pub(crate) fn validate(&self) -> Result<()> {
        ensure!(
            self.hidden > 0 && self.epochs > 0 && self.batch > 0,
            "--hidden, --epochs and --batch must be at least 1"
        );
        ensure!(self.rate > 0.0 && self.rate.is_finite(), "--rate must be a positive number, not {}", self.rate);
        ensure!((0.0..1.0).contains(&self.dropout), "--dropout must be at least 0 and below 1, not {}", self.dropout);
        ensure!((0.0..=1.0).contains(&self.balance), "--balance must be from 0 to 1, not {}", self.balance);
        ensure!(self.weight_decay >= 0.0, "--weight-decay must not be negative");
        Ok(())
    }
}

/// A trained head.
pub(crate) struct Fitted {
    /// The head of the best epoch.
    pub(crate) net: DescriberNet,
    /// That epoch, from 1.
    pub(crate) epoch: usize,
    /// Its negative log-likelihood on validation, mean over fields.
    pub(crate) validation_loss: f64,
}

/// Trains a head; after every epoch it is tried on `validation`, and the one with the least
/// negative log-likelihood is kept.
///
/// # Errors
/// No samples, or a device that fails.
pub(crate) fn fit(
    train: &[Sample],
    validation: &[Sample],
    schema: &Schema,
    config: &FitConfig,
    seed: u64,
    device: &Device,
) -> Result<Fitted> {
    config.validate()?;
    ensure!(!train.is_empty() && !validation.is_empty(), "there are no answered training or validation images");
    let (mean, scale) = statistics(train);
    let learning = device.clone().autodiff();
    let net = DescriberNet::new(&mean, &scale, config.hidden, schema.words(), seed, &learning);
    let mut net = Optimised::adamw(net, config.weight_decay);
    let weights = class_weights(train, schema, config.balance);
    let per_epoch = train.len().div_ceil(config.batch);
    let mut rng = Pcg64Mcg::seed_from_u64(seed ^ 0x6465_7363_7269_6265);
    let mut order: Vec<usize> = (0..train.len()).collect();
    let mut best: Option<Fitted> = None;
    for epoch in 0..config.epochs {
        order.shuffle(&mut rng);
        for (index, batch) in order.chunks(config.batch).enumerate() {
            let rows: Vec<&Sample> = batch.iter().map(|i| &train[*i]).collect();
            let keep = dropout(batch.len(), config, &mut rng);
            let keep = Tensor::from_inner(Tensor::<2>::from_data(keep, device));
            let logits = net.module.forward(Tensor::from_inner(inputs(&rows, device)), Some(keep));
            let target = Tensor::from_inner(Tensor::<2>::from_data(targets(&rows, schema, &weights), device));
            let loss = (log_probabilities(logits, schema) * target).sum().neg();
            let gradients = GradientsParams::from_grads(loss.backward(), &net.module);
            let rate = one_cycle(epoch * per_epoch + index, config.epochs * per_epoch, config.rate);
            net.learn(gradients, rate);
        }
        let tried = net.current();
        let logits = all_logits(&tried, validation, schema.words(), device)?;
        let loss = field_mean_nll(&logits, validation, schema);
        log::debug!("seed {seed}, epoch {}: validation {loss:.4}", epoch + 1);
        if best.as_ref().is_none_or(|b| loss < b.validation_loss) {
            best = Some(Fitted { net: tried, epoch: epoch + 1, validation_loss: loss });
        }
    }
    best.context("the validation loss was never a number: try a smaller --rate")
}

/// The logits of samples, one row a sample.
///
/// # Errors
/// A device that fails.
pub(crate) fn all_logits(
    net: &DescriberNet,
    samples: &[Sample],
    words: usize,
    device: &Device,
) -> Result<Vec<Vec<f32>>> {
    let rows: Vec<&Sample> = samples.iter().collect();
    let data = net.forward(inputs(&rows, device), None).try_into_data().context("the device could not be read")?;
    Ok(data.try_to_vec::<f32>()?.chunks_exact(words).map(<[f32]>::to_vec).collect())
}

/// Mean over the fields of the mean negative log-likelihood of their labelled samples.
fn field_mean_nll(logits: &[Vec<f32>], samples: &[Sample], schema: &Schema) -> f64 {
    let mut start = 0;
    let mut sum = 0.0;
    for (index, field) in schema.fields.iter().enumerate() {
        let end = start + field.classes.len();
        let (rows, labels): (Vec<&[f32]>, Vec<usize>) = logits
            .iter()
            .zip(samples)
            .filter_map(|(row, s)| Some((&row[start..end], s.labels[index].filter(|l| *l < end - start)?)))
            .unzip();
        sum += if rows.is_empty() { 0.0 } else { mean_nll(&rows, &labels, 1.0) };
        start = end;
    }
    sum / schema.fields.len() as f64
}

/// Mean and one over the standard deviation of every input; 0 for an input that never changes, which switches it off.
fn statistics(samples: &[Sample]) -> (Vec<f32>, Vec<f32>) {
    let inputs = samples[0].input.len();
    let count = samples.len() as f64;
    let (mut sum, mut squares) = (vec![0.0f64; inputs], vec![0.0f64; inputs]);
    for sample in samples {
        sum.iter_mut().zip(&sample.input).for_each(|(s, v)| *s += f64::from(*v));
    }
    let mean: Vec<f64> = sum.iter().map(|s| s / count).collect();
    for sample in samples {
        for ((s, v), m) in squares.iter_mut().zip(&sample.input).zip(&mean) {
            *s += (f64::from(*v) - m) * (f64::from(*v) - m);
        }
    }
    let scale = squares.iter().map(|s| (s / count).sqrt()).map(|sd| if sd > 1e-4 { 1.0 / sd } else { 0.0 });
    (mean.iter().map(|v| *v as f32).collect(), scale.map(|v| v as f32).collect())
}

/// One weight a word, of mean 1 over the labelled samples of its field.
fn class_weights(samples: &[Sample], schema: &Schema, balance: f64) -> Vec<Vec<f64>> {
    let weights = |index: usize, classes: usize| {
        let mut counts = vec![0.0f64; classes];
        samples.iter().filter_map(|s| s.labels[index].filter(|l| *l < classes)).for_each(|l| counts[l] += 1.0);
        let total: f64 = counts.iter().sum();
        let raw: Vec<f64> = counts.iter().map(|n| (total / n.max(1.0)).powf(balance)).collect();
        let mean = raw.iter().zip(&counts).map(|(w, n)| w * n).sum::<f64>() / total.max(1.0);
        raw.iter().map(|w| w / mean.max(1e-12)).collect()
    };
    schema.fields.iter().enumerate().map(|(i, f)| weights(i, f.classes.len())).collect()
}

fn inputs(rows: &[&Sample], device: &Device) -> Tensor<2> {
    let width = rows.first().map_or(0, |s| s.input.len());
    let values: Vec<f32> = rows.iter().flat_map(|s| s.input.iter().copied()).collect();
    Tensor::from_data(TensorData::new(values, [rows.len(), width]), device)
}

/// Weights of the log-probabilities: mean over a field's labelled samples, mean over fields.
fn targets(rows: &[&Sample], schema: &Schema, weights: &[Vec<f64>]) -> TensorData {
    let words = schema.words();
    let mut values = vec![0.0f32; rows.len() * words];
    let mut start = 0;
    for (index, field) in schema.fields.iter().enumerate() {
        let classes = field.classes.len();
        let labelled = |s: &Sample| s.labels[index].filter(|l| *l < classes);
        let count = rows.iter().filter(|s| labelled(s).is_some()).count().max(1) * schema.fields.len();
        for (row, sample) in rows.iter().enumerate() {
            if let Some(label) = labelled(sample) {
                values[row * words + start + label] = (weights[index][label] / count as f64) as f32;
            }
        }
        start += classes;
    }
    TensorData::new(values, [rows.len(), words])
}

fn dropout(rows: usize, config: &FitConfig, rng: &mut Pcg64Mcg) -> TensorData {
    let kept = 1.0 / (1.0 - config.dropout) as f32;
    let values: Vec<f32> =
        (0..rows * config.hidden).map(|_| if rng.random_bool(config.dropout) { 0.0 } else { kept }).collect();
    TensorData::new(values, [rows, config.hidden])
}

/// Log-probabilities `[batch, words]`, a softmax a field.
fn log_probabilities(logits: Tensor<2>, schema: &Schema) -> Tensor<2> {
    let mut start = 0;
    let mut parts = Vec::with_capacity(schema.fields.len());
    for field in &schema.fields {
        let end = start + field.classes.len();
        parts.push(log_softmax(logits.clone().slice([0..logits.dims()[0], start..end]), 1));
        start = end;
    }
    Tensor::cat(parts, 1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::schema::FieldSchema;
    use super::*;
    use fovea_shared::{
        description::{Field, Modality},
        model::describer::DESCRIBER_INPUTS,
    };

    fn schema() -> Schema {
        let field = |field, classes: &[&'static str]| FieldSchema {
            field,
            classes: classes.to_vec(),
            counts: classes.iter().map(|c| (*c, 1)).collect(),
        };
        Schema {
            modality: Modality::Polyp,
            model: "m".into(),
            caveat: String::new(),
            fields: vec![field(Field::Size, &["small", "large"]), field(Field::Shape, &["round", "oval", "irregular"])],
        }
    }

    /// Samples whose first two inputs tell the size and the third the shape; the rest is noise.
    /// Some labels are missing, some stand for a word that is not learnt.
    fn samples(count: usize, seed: u64) -> Vec<Sample> {
        let mut rng = Pcg64Mcg::seed_from_u64(seed);
        (0..count)
            .map(|case| {
                let (size, shape) = (rng.random_range(0..2usize), rng.random_range(0..3usize));
                let mut input: Vec<f32> = (0..DESCRIBER_INPUTS).map(|_| rng.random_range(-1.0..1.0)).collect();
                for (place, value) in [(0, size as f32), (1, 3.0 - size as f32), (2, shape as f32)] {
                    (0..60).for_each(|k| input[place + 3 * k] += 2.0 * value);
                }
                let labels = vec![(case % 7 != 0).then_some(size), Some(if case % 11 == 0 { 3 } else { shape })];
                Sample { case, gazed: false, input, labels }
            })
            .collect()
    }

    fn config() -> FitConfig {
        FitConfig { hidden: 16, epochs: 6, batch: 16, rate: 2e-3, weight_decay: 0.01, dropout: 0.2, balance: 0.5 }
    }

    #[test]
    fn learns_what_can_be_learnt_and_repeats_itself() {
        let (train, validation, schema) = (samples(240, 1), samples(60, 2), schema());
        let device = Device::flex();
        let fitted = fit(&train, &validation, &schema, &config(), 3, &device).unwrap();
        assert!(fitted.validation_loss < 0.45, "{}", fitted.validation_loss);
        let logits = all_logits(&fitted.net, &validation, 5, &device).unwrap();
        let right =
            logits.iter().zip(&validation).filter(|(l, s)| s.labels[0] == Some(usize::from(l[1] > l[0]))).count();
        let labelled = validation.iter().filter(|s| s.labels[0].is_some()).count();
        assert!(right * 10 >= labelled * 9, "{right} of {labelled}");
        let again = fit(&train, &validation, &schema, &config(), 3, &device).unwrap();
        assert_eq!(logits, all_logits(&again.net, &validation, 5, &device).unwrap());
        assert_eq!(again.epoch, fitted.epoch);
        let other = fit(&train, &validation, &schema, &config(), 4, &device).unwrap();
        assert_ne!(logits, all_logits(&other.net, &validation, 5, &device).unwrap());
    }

    #[test]
    fn statistics_standardise_and_switch_constants_off() {
        let mut all = samples(50, 5);
        all.iter_mut().for_each(|s| s.input[9] = 4.0);
        let (mean, scale) = statistics(&all);
        assert_eq!((mean[9], scale[9]), (4.0, 0.0));
        let standardised: Vec<f32> = all.iter().map(|s| (s.input[2] - mean[2]) * scale[2]).collect();
        let square: f32 = standardised.iter().map(|v| v * v).sum::<f32>() / 50.0;
        assert!(standardised.iter().sum::<f32>().abs() < 1e-2 && (square - 1.0).abs() < 1e-3);
    }

    #[test]
    fn rare_words_weigh_more_when_balanced() {
        let mut all = samples(12, 6);
        all.iter_mut().enumerate().for_each(|(i, s)| s.labels = vec![Some(usize::from(i < 3)), None]);
        let schema = schema();
        assert_eq!(class_weights(&all, &schema, 0.0)[0], [1.0, 1.0]);
        let balanced = &class_weights(&all, &schema, 1.0)[0];
        assert!((balanced[1] / balanced[0] - 3.0).abs() < 1e-9);
        assert!((balanced[0] * 9.0 + balanced[1] * 3.0 - 12.0).abs() < 1e-9, "mean 1");
        let rows: Vec<&Sample> = all.iter().collect();
        let values = targets(&rows, &schema, &class_weights(&all, &schema, 0.0)).try_to_vec::<f32>().unwrap();
        assert!((values.iter().sum::<f32>() - 0.5).abs() < 1e-6, "one of two fields is labelled");
        assert!(values[2..5].iter().all(|v| *v == 0.0));
    }

    #[test]
    fn wrong_settings_are_named() {
        for (config, word) in [
            (FitConfig { hidden: 0, ..config() }, "--hidden"),
            (FitConfig { rate: f64::NAN, ..config() }, "--rate"),
            (FitConfig { dropout: 1.0, ..config() }, "--dropout"),
            (FitConfig { balance: 2.0, ..config() }, "--balance"),
        ] {
            assert!(config.validate().unwrap_err().to_string().contains(word));
        }
    }
}
