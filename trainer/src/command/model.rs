//! Opening what `--run` and `--bundle` name.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use fovea_shared::{
    bundle::Bundle,
    description::Modality,
    predictor::{NamedStudent, Predictor},
};

use crate::run::{RunFolder, load_best};

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
            let (folder, config, from) = RunFolder::open(run)?;
            let heads = load_best(&folder.path, device)?;
            let backbone = folder.shared_encoder()?.load(device)?;
            let name = config.distill.strategies.row_name();
            let student = NamedStudent { name, head: heads.student.head };
            let predictor = Predictor::from_parts(backbone, heads.teacher, vec![student], device);
            let name = format!("run {} on {} ({})", run.display(), from.data, from.split);
            Ok(Opened { predictor, name, modality: from.modality })
        }
        (None, Some(folder)) => {
            let bundle = open_bundle(folder)?;
            let predictor =
                Predictor::new(&bundle, device).with_context(|| format!("the bundle in {}", folder.display()))?;
            let name = format!("bundle {} of {}", bundle.manifest.name, bundle.manifest.created);
            Ok(Opened { predictor, name, modality: bundle.manifest.domain })
        }
        (None, None) => bail!("name a run with --run or a bundle with --bundle"),
    }
}
