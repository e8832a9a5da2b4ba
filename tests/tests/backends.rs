//! One checkpoint, one answer: the shipped bundle on the native CPU and on native wgpu. (wasm CPU and WebGPU compare with
//! the same goldens in `web/tests`.)
#![allow(clippy::unwrap_used)]

use std::path::Path;

use burn::tensor::Device;
use fovea_shared::{
    bundle::Bundle,
    predictor::{GOLDEN_TOLERANCE, Predictor},
};

fn bundle() -> Bundle {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/bundle");
    Bundle::load(|name| std::fs::read(folder.join(name)).map_err(|e| e.to_string())).unwrap()
}

fn check(device: &Device) {
    let predictor = Predictor::new(&bundle(), device).unwrap();
    let check = pollster::block_on(predictor.self_check()).unwrap();
    println!("largest difference from the goldens: {:e} (allowed {GOLDEN_TOLERANCE:e})", check.max_abs_diff);
    assert!(check.passed, "logits differ from the goldens by {}", check.max_abs_diff);
}

#[test]
fn the_cpu_reproduces_the_goldens() {
    check(&Device::flex());
}

/// Fails where there is no adapter: `cargo xtask test` installs Mesa's lavapipe for it.
#[test]
fn wgpu_reproduces_the_goldens() {
    let device = Device::wgpu_options().init().expect("a wgpu adapter (Debian: mesa-vulkan-drivers libvulkan1)");
    check(&device);
}

#[test]
fn every_file_of_the_shipped_bundle_is_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/bundle");
    let manifest = bundle().manifest;
    for (name, entry) in &manifest.files {
        fovea_shared::bundle::verify(name, &std::fs::read(folder.join(name)).unwrap(), entry).unwrap();
    }
    assert!(manifest.gallery.iter().all(|case| case.origin == "phantom"), "only phantoms are shipped");
    assert_eq!(manifest.training.selection, "validation");
}
