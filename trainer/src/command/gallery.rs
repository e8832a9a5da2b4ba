//! `fovea gallery`.

mod rank;
mod replace;

use std::{collections::BTreeMap, fs, path::PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, Subcommand};
use fovea_shared::{
    bundle::{CaseDescription, FileEntry, GalleryCase, sha256},
    description::measured::measure,
    gaze::write_csv,
    image::{mask_png, resize_plane},
    pseudo_mask::{PseudoMaskParams, pseudo_masks},
};

use super::export::{Bundles, at_most, jpeg};
use crate::{data::Dataset, describe::store, networks::open_bundle};

/// Add a data set's images to the gallery of a built page: to the bundle of what the images show.
///
/// For your own machine: real images stay out of the repository and off public pages unless their
/// licence allows it (those that may be shown are listed for `fovea export --gallery`). Test images
/// are taken first where the data set has a split, so that the page shows images the heads never
/// saw.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct GalleryArgs {
    #[command(subcommand)]
    other: Option<GalleryCommand>,
    #[command(flatten)]
    add: Option<AddArgs>,
}

#[derive(Debug, Subcommand)]
enum GalleryCommand {
    /// Rank test images by how much one look changes the teacher's mask.
    Rank(rank::RankArgs),
    /// Replace the gallery of a bundle by the pictures of a list.
    Replace(replace::ReplaceArgs),
}

/// Which images to add, and where.
#[derive(Debug, Args)]
struct AddArgs {
    /// Data set folder.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Folder of bundles to change, in a built page.
    #[arg(long, value_name = "DIR")]
    bundles: PathBuf,
    /// How many images.
    #[arg(long, default_value_t = 6)]
    count: usize,
    /// File of `fovea describe` whose descriptions join the measured ones.
    #[arg(long, value_name = "FILE")]
    descriptions: Option<PathBuf>,
    /// Split whose test images are taken.
    #[arg(long, default_value = "gaze")]
    split: String,
}

/// Longest side of a gallery image, in pixels.
const SIDE: u32 = 900;

pub(crate) fn run(args: &GalleryArgs) -> Result<()> {
    match (&args.other, &args.add) {
        (Some(GalleryCommand::Rank(args)), _) => rank::run(args),
        (Some(GalleryCommand::Replace(args)), _) => replace::run(args),
        (None, Some(args)) => add(args),
        (None, None) => bail!("name a data set with --data and a folder of bundles with --bundles"),
    }
}

fn add(args: &AddArgs) -> Result<()> {
    let dataset = Dataset::open(&args.data)?;
    let imported = args.descriptions.as_deref().map(store::read).transpose()?;
    let mut bundles = Bundles::open(&args.bundles)?;
    let folder = bundles.of(dataset.modality()?)?;
    let mut bundle = open_bundle(&folder)?;
    // A data set without that split is welcome too: any image will do for a look.
    let test = crate::data::splits::split(&dataset, &args.split, 0.0, 0).map(|s| s.test).unwrap_or_default();
    let mut cases: Vec<_> = dataset.select(&test)?;
    cases.extend(dataset.cases.iter().filter(|case| !test.contains(&case.id)));
    let step = (test.len().max(args.count) / args.count.max(1)).max(1);
    let chosen: Vec<_> = cases.into_iter().step_by(step).take(args.count).collect();
    ensure!(!chosen.is_empty(), "{} holds no image", args.data.display());
    for case in chosen {
        let image = case.load_image()?;
        let small = at_most(&image, SIDE);
        let (width, height) = small.dimensions();
        let mut add = |name: String, bytes: Vec<u8>| -> Result<String> {
            let path = folder.join(&name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&path, &bytes).with_context(|| format!("{} cannot be written", path.display()))?;
            let entry = FileEntry { sha256: sha256(&bytes), bytes: bytes.len() as u64 };
            bundle.manifest.files.insert(name.clone(), entry);
            Ok(name)
        };
        let id = format!("{}-{}", dataset.name, case.id);
        let file = add(format!("gallery/{id}.jpg"), jpeg(&small)?)?;
        let mask = match &case.mask {
            Some(_) => {
                let full = case.load_mask(image.width() as usize, image.height() as usize)?.to_plane();
                let mask = resize_plane(&full, width as usize, height as usize).at_least(0.5);
                Some(add(format!("gallery/{id}-mask.png"), mask_png(&mask)?)?)
            }
            None => None,
        };
        let gaze = match &case.gaze {
            Some(gaze) => {
                let rows = BTreeMap::from([(id.clone(), (gaze.clone(), (width, height)))]);
                Some(add(format!("gallery/{id}-gaze.csv"), write_csv(&rows).into_bytes())?)
            }
            None => None,
        };
        let mut descriptions = Vec::new();
        if let Some(gaze) = &case.gaze {
            let modality = case.modality()?;
            let masks = pseudo_masks(&image, gaze, &PseudoMaskParams::of(modality));
            let description = measure(&image, &masks.broad, modality);
            descriptions.push(CaseDescription { description, caveat: None });
        }
        if let Some(record) = imported.as_ref().and_then(|all| all.get(&case.id)) {
            let (description, caveat) = (record.description.clone(), record.caveat.clone());
            descriptions.push(CaseDescription { description, caveat });
        }
        bundle.manifest.gallery.retain(|other| other.id != id);
        bundle.manifest.gallery.push(GalleryCase {
            riddle: None,
            purpose: None,
            attribution: None,
            title: format!("{} {}", dataset.name, case.id.chars().take(8).collect::<String>()),
            image: file,
            mask,
            gaze_source: gaze.as_ref().map(|_| case.origin.name().to_string()),
            gaze,
            origin: dataset.name.clone(),
            descriptions,
            id,
        });
    }
    bundles.rewrite_manifest(&bundle.manifest)?;
    println!("{}: {} cases in the gallery", folder.display(), bundle.manifest.gallery.len());
    Ok(())
}
