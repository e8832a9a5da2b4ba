//! Draws a small data set, trains a teacher and its student from simulated gaze, and measures both: one or two
//! minutes on a CPU.
//!
//!   cargo run --example train_on_phantoms [FOLDER]

use std::path::PathBuf;

use anyhow::{Context, Result};
use fovea_shared::description::Modality;
use fovea_trainer::{
    api::{Compute, DeviceChoice, TestList, TrainingData, evaluate, train},
    config::{Settings, TrainConfig},
    data::phantom::{self, Plan},
};

fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).map_or_else(|| std::env::temp_dir().join("fovea-example"), PathBuf::from);
    let data = folder.join("data");
    // 40 images with exact masks and simulated gaze; 8 of them are kept for the test.
    let plan = Plan { modality: Modality::Polyp, count: 40, seed: 1, width: 320, height: 256, test_fraction: 0.2 };
    phantom::write(&data, &plan, true, || ())?;

    // Few steps: a higher rate and a shorter average of the weights than for a real training.
    let mut settings =
        Settings { teacher_epochs: 8, student_epochs: 8, batch: 4, rate: 5e-3, ..Settings::of(Modality::Polyp) };
    settings.distill.ema = 0.8;
    let config = TrainConfig::try_from(settings)?;
    let cache = Some(folder.join("cache"));
    let compute = Compute { device: DeviceChoice::Cpu, cache, progress: true, ..Compute::default() };
    let out = folder.join("run");
    if out.exists() {
        std::fs::remove_dir_all(&out).context("the run of the last time cannot be removed")?;
    }
    let run = train(&config, &TrainingData::new(&data), &out, &compute)?;

    let row = evaluate(&run.folder, &TestList::default(), &compute)?;
    for (who, scores) in [("student", row.scores.student), ("teacher with gaze", row.scores.teacher_with_gaze)] {
        let dice = scores.context("nothing was measured")?.dice[0];
        println!("{who}: Dice {dice:.3} on the drawn test images, after {} steps", run.steps);
    }
    Ok(())
}
