//! A tiny data set on disk for unit tests.
#![allow(clippy::unwrap_used, reason = "the trainer's own tests include this file too")]

use std::collections::BTreeMap;
use std::path::Path;

use fovea_shared::gaze::{Fixation, Scanpath, write_csv};
use fovea_shared::image::RgbImage;

/// Writes `images/<id>.png`, `masks/<id>.png` (a centred square), one gaze file for the ids, and a
/// `dataset.json` that speaks of polyps.
pub(crate) fn write(root: &Path, ids: &[&str]) {
    for folder in ["images", "masks", "gaze", "splits"] {
        std::fs::create_dir_all(root.join(folder)).unwrap();
    }
    let mut rows = BTreeMap::new();
    for (i, id) in ids.iter().enumerate() {
        let shade = 40 + i as u8;
        RgbImage::from_fn(24, 16, |x, y| [x as u8 * 9, y as u8 * 9, shade].into())
            .save(root.join(format!("images/{id}.png")))
            .unwrap();
        RgbImage::from_fn(24, 16, |x, y| {
            [if (8..16).contains(&x) && (4..12).contains(&y) { 255 } else { 0 }; 3].into()
        })
        .save(root.join(format!("masks/{id}.png")))
        .unwrap();
        let look = |x, y, t| Fixation { x, y, duration_ms: 300.0, start_ms: t };
        rows.insert(
            (*id).to_owned(),
            (Scanpath { fixations: vec![look(0.5, 0.5, 0.0), look(0.1, 0.1, 400.0 + i as f32)] }, (24, 16)),
        );
    }
    std::fs::write(root.join("gaze/all.csv"), write_csv(&rows)).unwrap();
    let name = root.file_name().unwrap().to_string_lossy();
    let info = format!("{{\"format\": 1, \"name\": \"{name}\", \"modality\": \"polyp\"}}");
    std::fs::write(root.join("dataset.json"), info).unwrap();
}
