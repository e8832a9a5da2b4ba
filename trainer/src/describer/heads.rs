//! A folder of trained describers: `run.json`, `seed-<n>/describer.{safetensors,json}`, and the one
//! that ships beside `run.json`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use burn::tensor::Device;
use fovea_shared::model::{
    describer::{DescriberCard, DescriberNet},
    weights,
};
use serde::{Deserialize, Serialize};

use super::{
    calibrate::most_likely,
    fit::{FitConfig, all_logits},
    samples::Sample,
    score::{FieldScores, Judged},
};
use crate::run::write_atomic;

/// Name of a describer's weights, in a run folder as in a bundle.
pub(crate) const WEIGHTS: &str = "describer.safetensors";

/// Name of a describer's card.
pub(crate) const CARD: &str = "describer.json";

/// Where describers come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DescriberRun {
    /// The command line.
    pub(crate) command: String,
    /// Commit of the code.
    pub(crate) git_sha: String,
    /// The device that trained.
    pub(crate) device: String,
    /// The run that predicts the masks, and whose split is used.
    pub(crate) run: PathBuf,
    /// SHA-256 of its student's and its teacher's weights.
    pub(crate) run_sha256: [String; 2],
    /// Data set folder.
    pub(crate) data_folder: PathBuf,
    /// SHA-256 of image bytes, gaze and lists.
    pub(crate) data_sha256: String,
    /// The file of answers.
    pub(crate) answers: PathBuf,
    /// Its SHA-256.
    pub(crate) answers_sha256: String,
    /// The seeds.
    pub(crate) seeds: Vec<u64>,
    /// The epoch that was kept of each.
    pub(crate) epochs: Vec<usize>,
    /// Validation loss of each.
    pub(crate) validation_losses: Vec<f64>,
    /// The seed that ships: that of the least validation loss.
    pub(crate) shipped: u64,
    /// How they were trained.
    pub(crate) config: FitConfig,
    /// Each field's scores on validation.
    pub(crate) validation: Vec<FieldScores>,
}

impl DescriberRun {
    /// Reads `run.json` of a folder that `fovea describer train` wrote.
    ///
    /// # Errors
    /// A folder that holds none.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let file = folder.join("run.json");
        let text = fs::read_to_string(&file).with_context(|| {
            format!("{} cannot be read. Name the folder that `fovea describer train --out` made", file.display())
        })?;
        serde_json::from_str(&text).with_context(|| format!("{} is not a run of describers", file.display()))
    }
}

/// The folder of one seed.
pub(crate) fn seed_folder(folder: &Path, seed: u64) -> PathBuf {
    folder.join(format!("seed-{seed}"))
}

/// One describer in memory.
pub(crate) struct Head {
    /// The network, from its shipped f16 weights.
    pub(crate) net: DescriberNet,
    /// Those weights.
    pub(crate) bytes: Vec<u8>,
    /// What it says of itself.
    pub(crate) card: DescriberCard,
}

impl Head {
    /// A head from f16 weights: what is measured is what ships.
    ///
    /// # Errors
    /// Weights that do not fit the card.
    pub(crate) fn new(bytes: Vec<u8>, card: DescriberCard, device: &Device) -> Result<Self> {
        let zeros = vec![0.0; card.inputs];
        let mut net = DescriberNet::new(&zeros, &zeros, card.hidden, card.words(), 0, device);
        weights::load(&mut net, bytes.clone()).context("the describer's weights")?;
        Ok(Self { net, bytes, card })
    }

    /// Reads a describer.
    ///
    /// # Errors
    /// A missing or damaged file, named.
    pub(crate) fn read(folder: &Path, device: &Device) -> Result<Self> {
        let bytes = |name: &str| {
            let file = folder.join(name);
            fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))
        };
        let card = DescriberCard::parse(&bytes(CARD)?).with_context(|| folder.display().to_string())?;
        Self::new(bytes(WEIGHTS)?, card, device).with_context(|| folder.display().to_string())
    }

    /// Writes a describer.
    ///
    /// # Errors
    /// A folder or file that cannot be written.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        write_atomic(&folder.join(WEIGHTS), &self.bytes)?;
        Ok(write_atomic(&folder.join(CARD), (serde_json::to_string_pretty(&self.card)? + "\n").as_bytes())?)
    }

    /// The logits of samples.
    ///
    /// # Errors
    /// A device that fails.
    pub(crate) fn logits(&self, samples: &[Sample], device: &Device) -> Result<Vec<Vec<f32>>> {
        all_logits(&self.net, samples, self.card.words(), device)
    }

    /// The slice of a field's logits.
    pub(crate) fn range(&self, field: usize) -> std::ops::Range<usize> {
        let start: usize = self.card.fields[..field].iter().map(|f| f.classes.len()).sum();
        start..start + self.card.fields[field].classes.len()
    }

    /// Its answers on one field of the samples that have a label there, of those with gaze, without, or both.
    pub(crate) fn judge(&self, field: usize, logits: &[Vec<f32>], samples: &[Sample], gazed: Option<bool>) -> Judged {
        let (range, temperature) = (self.range(field), self.card.fields[field].temperature);
        let mut judged = Judged { labels: vec![], answers: vec![], raw: vec![], calibrated: vec![], cases: vec![] };
        for (row, sample) in logits.iter().zip(samples) {
            let Some(label) = sample.labels[field].filter(|_| gazed.is_none_or(|g| g == sample.gazed)) else {
                continue;
            };
            let (answer, calibrated) = most_likely(&row[range.clone()], temperature);
            judged.labels.push(label);
            judged.answers.push(answer);
            judged.raw.push(most_likely(&row[range.clone()], 1.0).1);
            judged.calibrated.push(calibrated);
            judged.cases.push(sample.case);
        }
        judged
    }
}
