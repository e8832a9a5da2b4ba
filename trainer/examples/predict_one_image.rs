//! Outlines one image with the shipped polyp bundle, alone and with one look at a place.
//!
//!   cargo run --example predict_one_image [IMAGE X Y]      X and Y are shares of the image, 0 to 1

use anyhow::{Context, Result};
use fovea_shared::gaze::{Fixation, Scanpath};
use fovea_trainer::{
    api::{Compute, DeviceChoice, Model},
    data::picture,
};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let image = match arguments.first() {
        Some(path) => picture::read(path.as_ref())?,
        None => fovea_phantom::polyp(55, 320, 256).image,
    };
    let at = |index: usize, default: f32| -> Result<f32> {
        arguments.get(index).map_or(Ok(default), |text| text.parse().context("X and Y are numbers from 0 to 1"))
    };
    let look = Fixation { x: at(1, 0.79)?, y: at(2, 0.13)?, duration_ms: 600.0, start_ms: 0.0 };

    let bundle = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/bundle/polyp");
    let model = Model::of_bundle(bundle.as_ref(), &Compute { device: DeviceChoice::Cpu, ..Compute::default() })?;
    let alone = model.predict(&image, None)?;
    let looked = model.predict(&image, Some(&Scanpath { fixations: vec![look] }))?;
    println!("the student sees the image alone: {} pixels", alone.student.area());
    println!("the teacher without a look: {} pixels", alone.teacher.area());
    println!("the teacher after one look: {} pixels", looked.teacher.area());
    Ok(())
}
