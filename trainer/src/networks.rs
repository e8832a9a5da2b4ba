//! Opening what `--run` and `--bundle` name.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use fovea_shared::{
    bundle::Bundle,
    description::Modality,
    image::RgbImage,
    model::PromptMaps,
    plane::Plane,
    predictor::{NamedStudent, Predictor},
};

use crate::{
    data::domain::UnknownDomain,
    run::{PaperNetworks, RunFolder, load_best},
};

/// A bundle from its folder, every file verified.
pub(crate) fn open_bundle(folder: &Path) -> Result<Bundle> {
    Bundle::load(|name| fs::read(folder.join(name))).with_context(|| format!("the bundle in {}", folder.display()))
}

/// The networks of a run or of a bundle.
pub(crate) enum Networks {
    /// A backbone and heads.
    Lite(Box<Predictor>),
    /// The networks of the preset `paper`, the side of their images, and where they are.
    Paper(Box<PaperNetworks>, usize, Device),
}

impl Networks {
    /// The place of the student with this name; without one, of the student that is shown first.
    ///
    /// # Errors
    /// No student of that name: those that there are are named.
    pub(crate) fn find_student(&self, name: Option<&str>) -> Result<usize> {
        match (self, name) {
            (Self::Lite(predictor), None) => Ok(predictor.default_student()),
            (Self::Lite(predictor), Some(name)) => predictor.find_student(name).with_context(|| {
                let names: Vec<&str> = predictor.student_names().collect();
                format!("there is no student `{name}`, only {}", names.join(", "))
            }),
            (Self::Paper(..), None) => Ok(0),
            (Self::Paper(..), Some(_)) => bail!("a run of the preset `paper` has one student: leave --student out"),
        }
    }

    /// Takes the student in a file beside those of the bundle; gives its place.
    ///
    /// # Errors
    /// A file that cannot be read or is not a student, and networks that take none.
    pub(crate) fn add_student(&mut self, file: &Path) -> Result<usize> {
        let Self::Lite(predictor) = self else { bail!("a run of the preset `paper` has one student") };
        let bytes = fs::read(file).with_context(|| format!("the student {}", file.display()))?;
        let name = file.display().to_string();
        predictor.add_student(&name, bytes).with_context(|| format!("{name} is not a student of this program"))
    }

    /// The name of a student, where it has one.
    pub(crate) fn student_name(&self, student: usize) -> Option<&str> {
        match self {
            Self::Lite(predictor) => predictor.student_names().nth(student),
            Self::Paper(..) => None,
        }
    }

    /// Logits of teacher and student, at their own sizes; the teacher reads a token a phrase and,
    /// where it takes a gaze prompt, `heat`.
    ///
    /// # Errors
    /// A device that fails.
    pub(crate) fn ask(
        &self,
        image: &RgbImage,
        heat: Option<&PromptMaps>,
        words: Vec<Vec<f32>>,
        student: usize,
    ) -> Result<[Plane; 2]> {
        match self {
            Self::Lite(predictor) => pollster::block_on(async {
                let embedding = predictor.embed(image).await?;
                let teacher = predictor.teacher(&embedding, heat, &words).await?;
                Ok([teacher, predictor.student(&embedding, student).await?])
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
    /// What its images show, or how to say it.
    pub(crate) modality: Result<Modality, UnknownDomain>,
}

/// Opens a run or a bundle.
///
/// # Errors
/// What neither is, and files that cannot be read.
pub(crate) fn open_predictor(run: Option<&Path>, bundle: Option<&Path>, device: &Device) -> Result<Opened> {
    match (run, bundle) {
        (Some(run), _) => {
            let (folder, config, from) = RunFolder::open(run)?;
            let networks = match config.paper() {
                Some(paper) => {
                    let networks = PaperNetworks::load(&folder.path, paper, device)?;
                    Networks::Paper(Box::new(networks), paper.side, device.clone())
                }
                None => {
                    let backbone = folder.shared_encoder()?.load(device)?;
                    let heads = load_best(&folder.path, device)?;
                    let kind = config.student_kind().context("a pair of students was refused before")?;
                    let name = kind.to_string();
                    let student = NamedStudent { name, head: heads.student.head, adapters: None };
                    Networks::Lite(Box::new(Predictor::from_parts(backbone, heads.teacher, vec![student], device)))
                }
            };
            let name = format!("run {} on {} ({})", run.display(), from.data, from.split);
            Ok(Opened { networks, name, modality: folder.modality(&from) })
        }
        (None, Some(folder)) => {
            let bundle = open_bundle(folder)?;
            let predictor =
                Predictor::new(&bundle, device).with_context(|| format!("the bundle in {}", folder.display()))?;
            let name = format!("bundle {} of {}", bundle.manifest.name, bundle.manifest.created);
            Ok(Opened { networks: Networks::Lite(Box::new(predictor)), name, modality: Ok(bundle.manifest.domain) })
        }
        (None, None) => bail!("name a run with --run or a bundle with --bundle"),
    }
}
