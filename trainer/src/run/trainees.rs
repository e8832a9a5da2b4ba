//! What learns, in the files of a checkpoint: `NAME-head.bpk` and `NAME-optimiser.bpk`, and where
//! there is a moving average, `NAME-average.bpk` and `NAME-steps.json`.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use burn::{module::Module, store::ModuleRecord, tensor::Bytes};
use fovea_shared::distill::{Optimised, Trainee};
use serde::{Deserialize, Serialize};

use super::manifest::Files;

#[derive(Serialize, Deserialize)]
struct Steps {
    steps: usize,
}

/// Writes weights and the state of their optimiser.
///
/// # Errors
/// A disk that fails.
pub(super) fn save_weights<M: Module>(files: &mut Files, name: &str, weights: &Optimised<M>) -> Result<()> {
    write_module(files, &head(name), weights.current())?;
    let state = weights.optimiser.into_bytes();
    let state = state.with_context(|| format!("the {name}'s optimiser cannot be recorded"))?;
    files.put(&optimiser(name), &state)
}

/// Reads what [`save_weights`] wrote.
///
/// # Errors
/// A file that is not there, damaged, or of another network.
pub(super) fn load_weights<M: Module>(folder: &Path, name: &str, weights: &mut Optimised<M>) -> Result<()> {
    weights.module = read_module(folder, &head(name), &weights.module)?;
    let file = optimiser(name);
    let state = Bytes::from_bytes_vec(read(folder, &file)?);
    weights.optimiser = weights.optimiser.clone().from_bytes(state).with_context(|| damaged(folder, &file))?;
    Ok(())
}

/// Writes weights with their moving average.
///
/// # Errors
/// As [`save_weights`].
pub(super) fn save_trainee<M: Module>(files: &mut Files, name: &str, trainee: &Trainee<M>) -> Result<()> {
    save_weights(files, name, &trainee.weights)?;
    write_module(files, &average(name), trainee.average.clone())?;
    files.put(&steps(name), &serde_json::to_vec(&Steps { steps: trainee.steps })?)
}

/// Reads what [`save_trainee`] wrote.
///
/// # Errors
/// As [`load_weights`].
pub(super) fn load_trainee<M: Module>(folder: &Path, name: &str, trainee: &mut Trainee<M>) -> Result<()> {
    load_weights(folder, name, &mut trainee.weights)?;
    trainee.average = read_module(folder, &average(name), &trainee.average)?;
    let taken: Steps = serde_json::from_slice(&read(folder, &steps(name))?)?;
    trainee.steps = taken.steps;
    Ok(())
}

/// The file of weights, in a checkpoint's folder.
pub(super) fn head(name: &str) -> String {
    format!("{name}-head.bpk")
}

fn optimiser(name: &str) -> String {
    format!("{name}-optimiser.bpk")
}

fn average(name: &str) -> String {
    format!("{name}-average.bpk")
}

fn steps(name: &str) -> String {
    format!("{name}-steps.json")
}

fn write_module<M: Module>(files: &mut Files, file: &str, module: M) -> Result<()> {
    let record = module.into_record().into_bytes().with_context(|| format!("{file} cannot be recorded"))?;
    files.put(file, &record)
}

/// A module like `module` with the weights of a file.
fn read_module<M: Module>(folder: &Path, file: &str, module: &M) -> Result<M> {
    let record = ModuleRecord::from_bytes(Bytes::from_bytes_vec(read(folder, file)?));
    Ok(module.clone().try_load_record(record.with_context(|| damaged(folder, file))?)?)
}

fn read(folder: &Path, file: &str) -> Result<Vec<u8>> {
    fs::read(folder.join(file))
        .with_context(|| format!("the checkpoint file {}/{file} cannot be read", folder.display()))
}

fn damaged(folder: &Path, file: &str) -> String {
    format!("the checkpoint file {}/{file} is damaged", folder.display())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use burn::{
        nn::{Linear, LinearConfig},
        optim::{GradientsParams, ModuleOptimizer, SgdConfig, momentum::MomentumConfig},
        tensor::{Device, Tensor},
    };

    use super::*;

    fn layer(device: &Device) -> Linear {
        LinearConfig::new(3, 2).init(device)
    }

    fn values(layer: &Linear) -> Vec<f32> {
        layer.weight.val().into_data().try_to_vec().unwrap()
    }

    /// A step towards 0 of what the layer says of an input that depends on `step`.
    fn learn(weights: &mut Optimised<Linear>, step: usize, device: &Device) {
        let input = Tensor::<2>::from_data([[1.0, step as f32, -2.0]], device);
        let loss = weights.module.forward(input).powi_scalar(2).sum();
        let gradients = GradientsParams::from_grads(loss.backward(), &weights.module);
        weights.learn(gradients, 0.05);
    }

    #[test]
    fn a_step_after_reading_is_the_step_without_it_whatever_the_optimiser() {
        let device = Device::flex().autodiff();
        let momentum = || Some(MomentumConfig::new().with_momentum(0.9).with_dampening(0.0).with_nesterov(true));
        let sgd = || -> ModuleOptimizer { SgdConfig::new().with_momentum(momentum()).init() };
        let makers: [&dyn Fn() -> Optimised<Linear>; 2] =
            [&|| Optimised::adamw(layer(&device), 0.01), &|| Optimised::new(layer(&device), sgd())];
        for make in makers {
            let folder = tempfile::tempdir().unwrap();
            let mut whole = make();
            (0..3).for_each(|step| learn(&mut whole, step, &device));
            let mut files = Files::begin(folder.path(), 3).unwrap();
            save_weights(&mut files, "student", &whole).unwrap();
            files.commit("batch = 3").unwrap();
            let saved = folder.path().join("step-0000003");
            assert!(saved.join("student-head.bpk").is_file() && saved.join("student-optimiser.bpk").is_file());

            let mut read = make();
            assert_ne!(values(&read.module), values(&whole.module), "drawn by itself");
            load_weights(&saved, "student", &mut read).unwrap();
            assert_eq!(values(&read.module), values(&whole.module));
            let mut forgetful = make();
            forgetful.module = read.module.clone();
            for weights in [&mut whole, &mut read, &mut forgetful] {
                learn(weights, 3, &device);
            }
            assert_eq!(values(&read.module), values(&whole.module));
            assert_ne!(values(&forgetful.module), values(&whole.module), "the optimiser's state matters");

            fs::write(saved.join("student-optimiser.bpk"), "text").unwrap();
            let error = format!("{:#}", load_weights(&saved, "student", &mut read).unwrap_err());
            assert!(error.contains("student-optimiser.bpk is damaged"), "{error}");
        }
    }
}
