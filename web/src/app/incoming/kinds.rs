//! The measures of the other bundles: fetched when an image of the visitor's is open, and handed to
//! the engine with the backbones that they were taken with.

use std::collections::{BTreeMap, BTreeSet};

use fovea_shared::bundle::{FileEntry, IndexEntry};
use wasm_bindgen_futures::spawn_local;

use super::Incoming;
use crate::{
    app::{
        bundles::download::{self, Measure},
        model::{Handle, Model},
    },
    protocol::{BACKBONE, Blob, Kind, Request, ResembleRequest},
    text::Message,
};

/// What is here of the other bundles.
#[derive(Default)]
pub(super) struct Kinds {
    /// Measures by the place of their bundle.
    measures: BTreeMap<usize, Measure>,
    /// Backbones that were fetched for them, by their SHA-256.
    backbones: BTreeMap<String, Blob>,
    /// The image that is to be measured.
    ready: Option<u64>,
    /// Bundles that could not be had for the open image.
    pub(super) missing: BTreeSet<usize>,
}

impl Kinds {
    /// Whether the engine has something to measure.
    pub(super) fn wanted(&self, model: &Model) -> bool {
        self.ready.is_some_and(|image| model.is_open(image))
    }

    /// The image is measured, or cannot be.
    pub(super) fn done(&mut self) {
        self.ready = None;
    }

    /// What the engine is told; nothing where no measure can be used.
    pub(super) fn request(&self, model: &Model, image: u64) -> Option<Request> {
        let own = own_backbone(model);
        let (mut backbones, mut places) = (Vec::new(), BTreeMap::new());
        let mut kinds = Vec::new();
        for (place, measure) in self.measures.iter().filter(|(place, _)| **place != model.bundles.current) {
            let sha = &measure.backbone.sha256;
            let backbone = if own == Some(sha.as_str()) {
                None
            } else if let Some(known) = places.get(sha) {
                Some(*known)
            } else {
                let Some(bytes) = self.backbone(model, sha) else { continue };
                backbones.push((bytes.clone(), measure.backbone.clone()));
                places.insert(sha.clone(), backbones.len() - 1);
                Some(backbones.len() - 1)
            };
            kinds.push(Kind { place: *place, familiarity: measure.familiarity.clone(), backbone });
        }
        (!kinds.is_empty()).then_some(Request::Resemble(ResembleRequest { image, backbones, kinds }))
    }

    /// Whether there is anything to measure against.
    fn comparable(&self, model: &Model) -> bool {
        let own = own_backbone(model);
        let others = self.measures.iter().filter(|(place, _)| **place != model.bundles.current);
        let mut backbones = others.map(|(_, measure)| measure.backbone.sha256.as_str());
        backbones.any(|sha| own == Some(sha) || self.backbone(model, sha).is_some())
    }

    fn backbone<'a>(&'a self, model: &'a Model, sha256: &str) -> Option<&'a Blob> {
        model.bundles.file(sha256).or_else(|| self.backbones.get(sha256))
    }

    /// Backbones that have to be fetched, each with the bundle that has it.
    fn lacking(&self, model: &Model) -> Vec<(usize, FileEntry)> {
        let own = own_backbone(model);
        let mut seen = BTreeSet::new();
        let measures = self.measures.iter().filter(|(place, _)| **place != model.bundles.current);
        let lacks = |sha: &str| own != Some(sha) && self.backbone(model, sha).is_none();
        let lacking = measures.filter(|(_, measure)| lacks(&measure.backbone.sha256));
        lacking
            .filter(|(_, measure)| seen.insert(measure.backbone.sha256.clone()))
            .map(|(place, measure)| (*place, measure.backbone.clone()))
            .collect()
    }
}

/// SHA-256 of the backbone in use.
fn own_backbone(model: &Model) -> Option<&str> {
    model.manifest.as_ref()?.entry(BACKBONE).ok().map(|entry| entry.sha256.as_str())
}

/// Fetches what is needed to measure the open image, which is the visitor's, and has it measured.
/// Measures are a few kilobytes; another backbone is six megabytes, so one that is not here is fetched
/// only for an image that is unlike those that the model in use knows.
pub(super) fn fetch(handle: &Handle<Incoming>, model: &Model, image: u64) {
    let others: Vec<(usize, IndexEntry)> = model
        .bundles
        .index
        .bundles
        .iter()
        .cloned()
        .enumerate()
        .filter(|(at, _)| *at != model.bundles.current)
        .collect();
    let handle = handle.clone();
    spawn_local(async move {
        for (place, entry) in &others {
            if handle.read(|incoming, _| incoming.kinds.measures.contains_key(place)) {
                continue;
            }
            let found = download::measure(entry).await;
            keep(&handle, *place, found, |kinds, measure| {
                // A bundle that does not say what it has learnt from cannot be compared with.
                measure.map(|measure| kinds.measures.insert(*place, measure)).is_some()
            });
        }
        let lacking = handle.read(|incoming, model| {
            let wanted = model.is_open(image) && model.found.unlike();
            if wanted { incoming.kinds.lacking(model) } else { Vec::new() }
        });
        for (place, file) in lacking {
            let Some((_, entry)) = others.iter().find(|(at, _)| *at == place) else { continue };
            let found = download::model_file(entry, BACKBONE, &file.sha256).await;
            keep(&handle, place, found, |kinds, bytes| {
                kinds.backbones.insert(file.sha256.clone(), bytes);
                true
            });
        }
        handle.update(|incoming, model| {
            if model.is_open(image) && incoming.kinds.comparable(model) {
                incoming.kinds.ready = Some(image);
            }
        });
    });
}

/// Keeps what was fetched of a bundle; else the bundle is missing.
fn keep<T>(
    handle: &Handle<Incoming>,
    place: usize,
    found: Result<T, Message>,
    take: impl FnOnce(&mut Kinds, T) -> bool,
) {
    handle.visit(|incoming, _| {
        let kinds = &mut incoming.kinds;
        let kept = match found {
            Ok(found) => take(kinds, found),
            Err(why) => {
                log::warn!("{why}");
                false
            }
        };
        if kept {
            kinds.missing.remove(&place);
        } else {
            kinds.missing.insert(place);
        }
    });
}
