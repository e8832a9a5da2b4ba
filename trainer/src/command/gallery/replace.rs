//! `fovea gallery replace`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::command::export::replace_gallery;

/// Replace the gallery of a bundle by the pictures of a list.
///
/// The networks stay as they are. The list is the one of `fovea export --gallery`, as in
/// grids/gallery-polyp.toml: which test images, whose they are and on what terms. `fovea gallery
/// rank` tells how much a look changes on each.
#[derive(Debug, Args)]
pub(crate) struct ReplaceArgs {
    /// Folder of bundles; the one of the list's domain is changed.
    #[arg(long, value_name = "DIR")]
    bundles: PathBuf,
    /// List of the pictures.
    #[arg(long, value_name = "FILE")]
    list: PathBuf,
    /// Seeds of the phantoms that come after them.
    #[arg(long, value_delimiter = ',', value_name = "SEED")]
    phantoms: Vec<u64>,
}

pub(super) fn run(args: &ReplaceArgs) -> Result<()> {
    let new = replace_gallery(&args.bundles, &args.list, &args.phantoms)?;
    println!("{}: {} pictures of the list and {} phantoms in the gallery", new.domain.noun(), new.real, new.phantoms);
    Ok(())
}
