//! Says what is in a bundle: its students, what they were told, and their measured Dice.
//!
//!   cargo run --example read_bundle [FOLDER]

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use fovea_shared::bundle::Bundle;

fn main() -> Result<()> {
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/bundle/polyp");
    let folder = std::env::args_os().nth(1).map_or_else(|| PathBuf::from(shipped), PathBuf::from);
    // Every file is compared with its hash in the manifest.
    let bundle = Bundle::load(|name| fs::read(folder.join(name)))
        .with_context(|| format!("the bundle in {} cannot be read", folder.display()))?;
    let manifest = &bundle.manifest;
    println!("{} of {}, for {} images", manifest.name, manifest.created, manifest.domain.noun());
    for student in &manifest.students {
        let dice = student.dice.as_ref().map_or("not measured".into(), |score| format!("{:.3}", score.mean));
        println!("  student {}: Dice {dice}", student.kind);
    }
    println!("  {} gallery cases", manifest.gallery.len());
    Ok(())
}
