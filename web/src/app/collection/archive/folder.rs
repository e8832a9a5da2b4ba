//! The texts of a data set.

use std::collections::BTreeMap;

use fovea_shared::{
    description::Modality,
    gaze::{GazeOrigin, Scanpath, write_csv},
};
use serde::Serialize;

use super::coco::Coco;
use crate::app::collection::{
    item::{Item, Mark},
    state::Collection,
};

/// The COCO file.
pub const COCO: &str = "annotations.coco.json";

/// The student.
pub const STUDENT: &str = "student.safetensors";

/// The gaze.
pub const GAZE: &str = "gaze/pointer-gaze.csv";

/// `dataset.json`, as `fovea-data` reads it.
#[derive(Serialize)]
struct Info {
    format: u32,
    name: &'static str,
    layout: &'static str,
    modality: Modality,
    gaze: GazeOrigin,
    command: String,
}

/// The pictures that a data set has: those that can be read.
pub fn pictures(collection: &Collection) -> impl Iterator<Item = &Item> {
    collection.items().iter().filter(|item| item.unreadable.is_none())
}

/// The texts of a data set of this domain, by their names; nothing about pixels is in them but the
/// runs of masks.
///
/// # Errors
/// None of these values fails to be written as JSON.
pub fn texts(collection: &Collection, domain: Modality) -> Result<Vec<(String, String)>, serde_json::Error> {
    let looked = |item: &&Item| matches!(item.mark, Mark::Glanced(_));
    let gaze: BTreeMap<String, (Scanpath, (u32, u32))> = pictures(collection)
        .filter_map(|item| match &item.mark {
            Mark::Glanced(fixations) => Some((item.id.clone(), (Scanpath { fixations: fixations.clone() }, item.size))),
            _ => None,
        })
        .collect();
    let list = |items: Vec<&Item>| items.iter().map(|item| format!("{}\n", item.id)).collect::<String>();
    let train = list(pictures(collection).filter(looked).collect());
    let test = list(pictures(collection).filter(|item| !looked(item) && item.mask().is_some()).collect());
    let mut coco = Coco::new(&category(domain)?);
    pictures(collection).for_each(|item| coco.add(item));
    let info = Info {
        format: 1,
        name: "own-pictures",
        layout: "folder",
        modality: domain,
        gaze: GazeOrigin::Pointer,
        command: format!("the page of Fovea {}", env!("CARGO_PKG_VERSION")),
    };
    let mut texts = vec![("dataset.json".to_owned(), serde_json::to_string_pretty(&info)?)];
    if !gaze.is_empty() {
        texts.push((GAZE.into(), write_csv(&gaze)));
    }
    if !train.is_empty() || !test.is_empty() {
        let train = if train.is_empty() { "# none\n".into() } else { train };
        texts.push(("splits/own-train.txt".into(), train));
    }
    if !test.is_empty() {
        texts.push(("splits/own-test.txt".into(), test));
    }
    texts.push((COCO.into(), serde_json::to_string(&coco)?));
    Ok(texts)
}

/// What is outlined, as bundles write domains.
fn category(domain: Modality) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_value(domain)?.as_str().unwrap_or("lesion").to_owned())
}
