//! What the tests of the engine share: the shipped bundle and a small image.
#![allow(clippy::unwrap_used, dead_code, unreachable_pub)]

use std::collections::BTreeMap;

use fovea_shared::{
    bundle::{BundleIndex, INDEX},
    description::Phrase,
    gaze::Fixation,
};
use fovea_web::protocol::{Blob, NamedFile, OpenRequest, Text};

/// Polyp phantom 55 at 320x256 pixels: a small lesion around (0.79, 0.13) that is hard to find without gaze.
pub const IMAGE: &[u8] = include_bytes!("../fixtures/image.jpg");
/// Its mask.
pub const MASK: &[u8] = include_bytes!("../fixtures/image-mask.png");

/// Every file below www/bundle that is no gallery file, with its path there.
const FILES: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/bundle.rs"));

/// The bundle that the repository ships in this folder, without its gallery.
pub fn bundle_of(folder: &str) -> BTreeMap<String, Blob> {
    let within = |(path, bytes): &(&str, &[u8])| {
        Some((path.strip_prefix(folder)?.strip_prefix('/')?.to_owned(), Blob(bytes.to_vec())))
    };
    FILES.iter().filter_map(within).collect()
}

/// The folders of all shipped bundles, the one that is shown first in front.
pub fn folders() -> Vec<String> {
    let (_, index) = FILES.iter().find(|(path, _)| *path == INDEX).unwrap();
    BundleIndex::parse(index).unwrap().bundles.into_iter().map(|entry| entry.folder).collect()
}

/// The bundle of polyps, which the fixtures show.
pub fn bundle() -> BTreeMap<String, Blob> {
    bundle_of("polyp")
}

/// A text of phrases about a polyp.
pub fn text(phrases: &[(&str, &str)]) -> Text {
    let phrase = |(field, word): &(&str, &str)| format!("polyp.{field}.{word}").parse::<Phrase>().unwrap();
    Text { phrases: phrases.iter().map(phrase).collect() }
}

/// A request to open some bytes as a visitor's file.
pub fn own(image: u64, name: &str, bytes: &[u8], mask: Option<&[u8]>) -> OpenRequest {
    let file = |name: &str, bytes: &[u8]| NamedFile { name: name.into(), bytes: Blob(bytes.to_vec()) };
    OpenRequest {
        image,
        file: file(name, bytes),
        mask: mask.map(|m| file("mask.png", m)),
        gaze: None,
        from_bundle: false,
        student: 0,
    }
}

/// Looks of 300 ms at these places.
pub fn looks(places: &[(f32, f32)]) -> Vec<Fixation> {
    let fixation =
        |(i, (x, y)): (usize, &(f32, f32))| Fixation { x: *x, y: *y, duration_ms: 300.0, start_ms: 300.0 * i as f32 };
    places.iter().enumerate().map(fixation).collect()
}
