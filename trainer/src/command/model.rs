//! Opening what `--run` and `--bundle` name.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use fovea_shared::{bundle::Bundle, description::Modality, predictor::Predictor};

use crate::{
    features::load_backbone,
    run::{RunFolder, load_best},
};

/// A bundle from its folder, every file verified.
pub(crate) fn open_bundle(folder: &Path) -> Result<Bundle> {
    Bundle::load(|name| fs::read(folder.join(name)).map_err(|e| e.to_string()))
        .with_context(|| format!("the bundle in {}", folder.display()))
}

/// A predictor of a run or of a bundle.
pub(crate) struct Opened {
    /// The predictor.
    pub(crate) predictor: Predictor,
    /// What to call it in reports.
    pub(crate) name: String,
    /// What its images show.
    pub(crate) modality: Modality,
}

/// Opens a run or a bundle.
///
/// # Errors
/// What neither is, and files that cannot be read.
pub(crate) fn open_predictor(run: Option<&Path>, bundle: Option<&Path>, device: &Device) -> Result<Opened> {
    match (run, bundle) {
        (Some(run), _) => {
            let (folder, _, from) = RunFolder::open(run)?;
            let heads = load_best(&folder.path, device)?;
            let predictor = Predictor::from_parts(load_backbone(device)?, heads.teacher, heads.student, device);
            let name = format!("run {} on {} ({})", run.display(), from.data, from.split);
            Ok(Opened { predictor, name, modality: from.modality })
        }
        (None, Some(folder)) => {
            let bundle = open_bundle(folder)?;
            let predictor =
                Predictor::new(&bundle, device).with_context(|| format!("the bundle in {}", folder.display()))?;
            let name = format!("bundle {} of {}", bundle.manifest.name, bundle.manifest.created);
            // What its own gallery shows.
            let mut described = bundle.manifest.gallery.iter().flat_map(|case| &case.descriptions);
            let modality = described.next().map_or(Modality::Polyp, |d| d.description.modality);
            Ok(Opened { predictor, name, modality })
        }
        (None, None) => bail!("name a run with --run or a bundle with --bundle"),
    }
}
