//! What an image looks like to the bundles that have learnt from other kinds, in the engine, natively:
//! the pictures are read from the repository's folder.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod common;

use std::{fs, path::Path};

use common::{bundle_of, own};
use fovea_shared::bundle::{FAMILIARITY, Manifest};
use fovea_web::{
    engine::session::Session,
    protocol::{BACKBONE, Backend, Kind, NamedFile, Resemblance, ResembleRequest},
};

/// Pictures of each kind.
const PICTURES: usize = 3;

fn manifest(folder: &str) -> Manifest {
    Manifest::parse(&bundle_of(folder)["manifest.json"].0).unwrap()
}

/// Real pictures of a bundle's gallery.
fn pictures(folder: &str) -> Vec<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/bundle").join(folder);
    let real = manifest(folder).gallery.into_iter().filter(|case| !case.is_phantom()).take(PICTURES);
    real.map(|case| fs::read(path.join(case.image)).unwrap()).collect()
}

fn kind(place: usize, folder: &str, backbone: Option<usize>) -> Kind {
    let bytes = bundle_of(folder)[FAMILIARITY].clone();
    Kind { place, familiarity: NamedFile { name: FAMILIARITY.into(), bytes }, backbone }
}

fn part(one: &Resemblance) -> f32 {
    one.distance / one.usual
}

/// Opens pictures of the folder `shown` with the model of `used`; gives for each the distance there and the
/// answers for both folders.
async fn measured(used: &str, shown: &str) -> Vec<((f32, f32), Vec<Resemblance>)> {
    let (mut session, _) = Session::load(Backend::Cpu, bundle_of(used)).await.unwrap();
    let mut found = Vec::new();
    for (image, bytes) in (1..).zip(pictures(shown)) {
        let opened = session.open(own(image, "mine.jpg", &bytes, None), |_| ()).await.unwrap();
        let backbone = (bundle_of(shown)[BACKBONE].clone(), manifest(shown).entry(BACKBONE).unwrap().clone());
        let kinds = vec![kind(0, used, None), kind(1, shown, Some(0))];
        let ask = ResembleRequest { image, backbones: vec![backbone], kinds };
        let answer = session.resemble(ask).await.unwrap();
        assert_eq!(answer.image, image);
        found.push((opened.likeness.unwrap(), answer.kinds));
    }
    found
}

#[test]
fn a_skin_lesion_on_the_page_of_polyps_is_like_skin_lesions_and_unlike_polyps() {
    let found = pollster::block_on(measured("polyp", "skin"));
    assert_eq!(found.len(), PICTURES);
    for ((distance, usual), kinds) in found {
        // The backbone in use gives what opening has said.
        assert!((kinds[0].distance - distance).abs() < 1e-4 && kinds[0].usual == usual, "{kinds:?}");
        assert!(distance > usual && part(&kinds[1]) <= 1.0, "{distance} {usual} {kinds:?}");
    }
}

#[test]
fn a_polyp_on_the_page_of_skin_lesions_is_more_like_polyps() {
    for (_, kinds) in pollster::block_on(measured("skin", "polyp")) {
        assert!(part(&kinds[1]) <= 1.0 && part(&kinds[1]) < part(&kinds[0]), "{kinds:?}");
    }
}

#[test]
fn a_damaged_backbone_and_an_image_that_is_not_open_are_refused() {
    pollster::block_on(async {
        let (mut session, _) = Session::load(Backend::Cpu, bundle_of("polyp")).await.unwrap();
        session.open(own(1, "mine.jpg", common::IMAGE, None), |_| ()).await.unwrap();
        let mut bytes = bundle_of("skin")[BACKBONE].clone();
        bytes.0[5000] ^= 1;
        let backbones = vec![(bytes, manifest("skin").entry(BACKBONE).unwrap().clone())];
        let ask =
            |image| ResembleRequest { image, backbones: backbones.clone(), kinds: vec![kind(1, "skin", Some(0))] };
        let why = session.resemble(ask(1)).await.unwrap_err().to_string();
        assert!(why.contains(BACKBONE), "{why}");
        assert!(session.resemble(ask(2)).await.is_err());
    });
}
