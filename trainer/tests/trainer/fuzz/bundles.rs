//! What the page and `--bundle` download or open.

use burn::{
    nn::{Linear, LinearConfig},
    tensor::Device,
};
use fovea_shared::{
    bundle::{BundleIndex, Familiarity, Goldens, Manifest},
    description::PhraseTable,
    model::{
        describer::DescriberCard,
        weights::{self, Precision},
    },
};

use super::target;

const MIB: usize = 1 << 20;

target!(manifest, 16 * MIB, |input| {
    if let Ok(manifest) = Manifest::parse(input) {
        assert!(manifest.default_student() < manifest.students.len());
        assert!(manifest.students.iter().all(|student| manifest.entry(&student.file).is_ok()));
        let again = serde_json::to_vec(&manifest).unwrap();
        assert!(Manifest::parse(&again).is_ok(), "what was read is refused when written");
    }
});

target!(index, 4 * MIB, |input| {
    if let Ok(index) = BundleIndex::parse(input) {
        assert!(index.bundles.iter().all(|entry| !entry.folder.contains(['/', '\\']) && entry.folder != ".."));
    }
});

/// A network of two small tensors, so that a whole file is a few hundred bytes.
pub(super) fn network() -> Linear {
    LinearConfig::new(2, 3).init(&Device::flex())
}

target!(weight_file, 16 * MIB, |input| {
    let mut linear = network();
    if weights::load(&mut linear, input.to_vec()).is_ok() {
        assert_eq!(linear.weight.dims(), [2, 3]);
        weights::save(&linear, Precision::Full).unwrap();
    }
});

target!(goldens, 16 * MIB, |input| {
    drop(Goldens::from_bytes(input));
    drop(PhraseTable::from_bytes(input));
});

target!(familiarity, 4 * MIB, |input| {
    drop(Familiarity::parse(input));
    drop(DescriberCard::parse(input));
});
