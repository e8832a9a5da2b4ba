//! One checkpoint, one answer: the shipped bundles on the native CPU and on native wgpu. (wasm CPU and WebGPU compare with
//! the same goldens in `web/tests`.)

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use fovea_shared::{
    bundle::{Attribution, Bundle, BundleIndex, INDEX, IndexEntry, MANIFEST, Manifest, sha256},
    predictor::{GOLDEN_TOLERANCE, Predictor},
};

/// The shipped bundles with their folders.
fn bundles() -> Vec<(PathBuf, Bundle)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/bundle");
    let index = BundleIndex::parse(&std::fs::read(folder.join(INDEX)).unwrap()).unwrap();
    let open = |entry: &IndexEntry| {
        let folder = folder.join(&entry.folder);
        let manifest = std::fs::read(folder.join(MANIFEST)).unwrap();
        assert_eq!(sha256(&manifest), entry.manifest_sha256, "{}", folder.display());
        let bundle = Bundle::load(|name| std::fs::read(folder.join(name))).unwrap();
        assert_eq!(bundle.manifest.domain, entry.domain);
        (folder, bundle)
    };
    index.bundles.iter().map(open).collect()
}

fn check(device: &Device) {
    for (folder, bundle) in bundles() {
        let predictor = Predictor::new(&bundle, device).unwrap();
        let check = pollster::block_on(predictor.self_check()).unwrap();
        let (folder, difference) = (folder.display(), check.max_abs_diff);
        println!("{folder}: largest difference from the goldens: {difference:e} (allowed {GOLDEN_TOLERANCE:e})");
        assert!(check.passed, "{folder}: logits differ from the goldens by {difference}");
    }
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
fn every_file_of_the_shipped_bundles_is_whole() {
    let mut tables = Vec::new();
    let notice = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../NOTICE")).unwrap();
    for (folder, bundle) in bundles() {
        let manifest = &bundle.manifest;
        for (name, entry) in &manifest.files {
            fovea_shared::bundle::verify(name, &std::fs::read(folder.join(name)).unwrap(), entry).unwrap();
        }
        let domain = manifest.domain;
        for case in manifest.gallery.iter().filter(|case| !case.is_phantom()) {
            // Whose a picture is stands with it and in NOTICE; recorded gaze has no licence.
            let Attribution { source, authors, licence, link, changed } = case.attribution.as_ref().unwrap();
            assert!([source, authors, licence, changed].iter().all(|said| !said.is_empty()), "{}", case.id);
            assert!(link.starts_with("https://") && licence.starts_with("CC BY"), "{}: {licence}, {link}", case.id);
            assert!(notice.contains(&case.id) && notice.contains(link), "NOTICE does not name {}", case.id);
            assert!(manifest.notices.iter().any(|said| said.contains(&case.id) && said.contains(licence)));
            assert!(manifest.entry(&case.image).unwrap().bytes <= 35_000, "{} is large", case.id);
            assert_eq!(case.gaze_source.as_deref().unwrap_or("simulated"), "simulated");
        }
        let mut said = manifest.gallery.iter().flat_map(|case| &case.descriptions);
        assert!(said.all(|d| d.description.modality == domain), "a gallery speaks of its domain");
        assert_eq!(manifest.training.selection, "validation");
        assert!(manifest.training.int8_difference.is_some());
        tables.push(manifest.entry("phrases.safetensors").unwrap().sha256.clone());
    }
    tables.dedup();
    assert_eq!(tables.len(), 1, "all bundles share one table of phrases");
}

#[test]
fn the_students_of_a_bundle_are_different_networks() {
    for (folder, bundle) in bundles() {
        let Manifest { files, students, .. } = &bundle.manifest;
        let mut hashes: Vec<&String> = students.iter().map(|student| &files[&student.file].sha256).collect();
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), students.len(), "{}", folder.display());
    }
}
