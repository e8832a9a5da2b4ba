//! What a training is fed: folders and lists named by a person in, cases and their hash out.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, ensure};
use fovea_shared::description::Modality;

use super::{DescriptionFile, GazeCounts, Provenance, RunFolder, TeacherFrom};
use crate::{
    config::TrainConfig,
    data::{
        Case, Dataset,
        hash::{file_sha256, sha256, split_hash},
        image_store::ImageStore,
        splits::{Split, split},
        verdict::nothing_to_train_on,
    },
    features::Encoder,
    version::{command_line, git_sha},
};

/// What a person named.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// Data set folder.
    pub(crate) data: PathBuf,
    /// Its split.
    pub(crate) split: String,
    /// Folders whose images all train too.
    pub(crate) extra: Vec<PathBuf>,
    /// File of descriptions.
    pub(crate) descriptions: Option<DescriptionFile>,
    /// The backbone, where it is not the built-in one.
    pub(crate) encoder: Option<Encoder>,
}

/// The cases of a data set and what trains beside them, for one seed.
#[derive(Debug)]
pub(crate) struct TrainingCases {
    /// Name of the data set.
    pub(crate) name: String,
    /// The lists.
    pub(crate) lists: Split,
    /// The images to learn from: those of the list, then all of the further folders.
    pub(crate) train: Arc<[Case]>,
    /// The images to choose on.
    pub(crate) validation: Arc<[Case]>,
    /// The test images, which count in the hash.
    test: Vec<Case>,
    /// What the images show.
    pub(crate) modality: Modality,
    /// Where the gaze of the images that train and choose comes from.
    pub(crate) gaze: GazeCounts,
}

impl TrainingCases {
    /// SHA-256 of everything that trains, chooses and tests; the same for every seed. Files that
    /// `store` has read are not read again.
    ///
    /// # Errors
    /// An image that cannot be read.
    pub(crate) fn sha256(&self, store: &ImageStore) -> Result<String> {
        let (listed, extra) = self.train.split_at(self.lists.train.len());
        let hash = split_hash(&self.lists, listed.iter().chain(&*self.validation).chain(&self.test), store)?;
        with_extra(hash, extra, store)
    }
}

impl Source {
    /// The source of a run that was begun.
    ///
    /// # Errors
    /// A damaged backbone.
    pub(crate) fn of(folder: &RunFolder, run: &Provenance) -> Result<Self> {
        Ok(Self {
            data: run.data_folder.clone(),
            split: run.split.clone(),
            extra: run.extra_folders.clone(),
            descriptions: run.descriptions.clone(),
            encoder: Some(folder.encoder()?).filter(|encoder| !encoder.is_built_in()),
        })
    }

    /// Reads lists and gaze and draws the validation images. No image is opened.
    ///
    /// # Errors
    /// Folders and lists that are not in order.
    pub(crate) fn open(&self, config: &TrainConfig) -> Result<TrainingCases> {
        self.open_in(Dataset::open(&self.data)?, config)
    }

    /// [`Self::open`] in a data set that was opened before.
    ///
    /// # Errors
    /// Folders and lists that are not in order.
    pub(crate) fn open_in(&self, dataset: Dataset, config: &TrainConfig) -> Result<TrainingCases> {
        let modality = dataset.modality()?;
        let lists = split(&dataset, &self.split, config.validation_fraction, config.seed)?;
        ensure!(!lists.train.is_empty(), "{}", nothing_to_train_on(&lists.name));
        let (mut train, validation) = (dataset.owned(&lists.train)?, dataset.owned(&lists.validation)?);
        let test = dataset.owned(&lists.test)?;
        for folder in &self.extra {
            let more = Dataset::open(folder)?;
            let shown = more.modality()?;
            ensure!(
                shown == modality,
                "{} shows a {} and {} a {}: they cannot train together",
                folder.display(),
                shown.noun(),
                self.data.display(),
                modality.noun()
            );
            train.extend(more.cases);
        }
        let gaze = GazeCounts::of(train.iter().chain(&validation));
        let (train, validation) = (train.into(), validation.into());
        Ok(TrainingCases { name: dataset.name, lists, train, validation, test, modality, gaze })
    }

    /// What a run folder says about its origin.
    ///
    /// # Errors
    /// A folder that is gone.
    pub(crate) fn provenance(
        &self,
        material: &TrainingCases,
        data_sha256: String,
        device: &str,
        teacher: Option<TeacherFrom>,
    ) -> Result<Provenance> {
        Ok(Provenance {
            command: command_line(),
            git_sha: git_sha().into(),
            device: device.into(),
            data: material.name.clone(),
            data_folder: absolute(&self.data)?,
            extra_folders: self.extra.iter().map(|folder| absolute(folder)).collect::<Result<_>>()?,
            split: self.split.clone(),
            data_sha256,
            descriptions: self.descriptions.clone(),
            counts: [material.train.len(), material.validation.len(), material.lists.test.len()],
            teacher,
            backbone_sha256: self.encoder.as_ref().map(|encoder| encoder.sha256.clone()),
            modality: Some(material.modality),
            gaze: Some(material.gaze),
            config_sha256: None,
        })
    }
}

/// The split's hash, with the extra images and their gaze hashed in where there are any.
fn with_extra(split: String, extra: &[Case], store: &ImageStore) -> Result<String> {
    if extra.is_empty() {
        return Ok(split);
    }
    let mut text = split;
    for case in extra {
        let gaze = serde_json::to_string(&case.gaze)?;
        text += &format!("\n{} {} {gaze}", case.id, store.sha256(&case.image)?);
    }
    Ok(sha256(text.as_bytes()))
}

/// A file of descriptions as it is now.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn description_file(path: &Path) -> Result<DescriptionFile> {
    Ok(DescriptionFile { path: absolute(path)?, sha256: file_sha256(path)? })
}

/// The path from the root.
///
/// # Errors
/// A path that leads nowhere.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf> {
    path.canonicalize().with_context(|| format!("{} cannot be found", path.display()))
}
