//! Opening what `--run` and `--bundle` name.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use fovea_shared::{bundle::Bundle, description::Modality, image::RgbImage, plane::Plane, predictor::Predictor};

use crate::run::{PaperNetworks, RunFolder, load_best};

/// A bundle from its folder, every file verified.
pub(crate) fn open_bundle(folder: &Path) -> Result<Bundle> {
    Bundle::load(|name| fs::read(folder.join(name)).map_err(|e| e.to_string()))
        .with_context(|| format!("the bundle in {}", folder.display()))
}

/// The networks of a run or of a bundle.
pub(crate) enum Networks {
    /// A backbone and heads.
    Lite(Box<Predictor>),
    /// The networks of the preset `paper`, the side of their images, and where they are.
    Paper(Box<PaperNetworks>, usize, Device),
}

impl Networks {
    /// Logits of teacher and student, at their own sizes; the teacher reads a token a phrase and, where it takes a gaze prompt, `heat`.
    ///
    /// # Errors
    /// A device that fails.
    pub(crate) fn ask(&self, image: &RgbImage, heat: Option<&Plane>, words: Vec<Vec<f32>>) -> Result<[Plane; 2]> {
        match self {
            Self::Lite(predictor) => pollster::block_on(async {
                let embedding = predictor.embed(image).await?;
                let teacher = predictor.teacher(&embedding, heat, &words).await?;
                Ok([teacher, predictor.student(&embedding).await?])
            }),
            Self::Paper(networks, side, device) => networks.ask(image, *side, words, device),
        }
    }

    /// Whether the teacher takes a gaze prompt.
    pub(crate) fn takes_gaze(&self) -> bool {
        matches!(self, Self::Lite(_))
    }
}

/// A run or a bundle, ready for use.
pub(crate) struct Opened {
    /// Its networks.
    pub(crate) networks: Networks,
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
            let networks = match &config.paper {
                Some(paper) => {
                    let networks = PaperNetworks::load(&folder.path, paper, device)?;
                    Networks::Paper(Box::new(networks), paper.side, device.clone())
                }
                None => {
                    let heads = load_best(&folder.path, device)?;
                    let backbone = folder.shared_encoder()?.load(device)?;
                    let predictor = Predictor::from_parts(backbone, heads.teacher, heads.student.head, device);
                    Networks::Lite(Box::new(predictor))
                }
            };
            let name = format!("run {} on {} ({})", run.display(), from.data, from.split);
            Ok(Opened { networks, name, modality: from.modality })
        }
        (None, Some(folder)) => {
            let bundle = open_bundle(folder)?;
            let predictor =
                Predictor::new(&bundle, device).with_context(|| format!("the bundle in {}", folder.display()))?;
            let name = format!("bundle {} of {}", bundle.manifest.name, bundle.manifest.created);
            // What its own gallery shows.
            let mut described = bundle.manifest.gallery.iter().flat_map(|case| &case.descriptions);
            let modality = described.next().map_or(Modality::Polyp, |d| d.description.modality);
            Ok(Opened { networks: Networks::Lite(Box::new(predictor)), name, modality })
        }
        (None, None) => bail!("name a run with --run or a bundle with --bundle"),
    }
}
