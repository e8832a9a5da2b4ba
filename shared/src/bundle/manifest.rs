//! `manifest.json`: what is in the bundle, what it was trained on, and what must be said about it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    BundleError, MANIFEST,
    gallery::GalleryCase,
    score::Score,
    students::{self, StudentKind, StudentVariant, Told},
};
use crate::{
    description::{Field, Modality},
    distill::Strategies,
};

/// The version of the bundle's layout that this code reads and writes.
pub const FORMAT: u32 = 4;

/// The manifest of a bundle.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// A short name, shown to visitors.
    pub name: String,
    /// What the images show.
    pub domain: Modality,
    /// When it was written, RFC 3339 in UTC.
    pub created: String,
    /// Every other file, by its path in the bundle.
    pub files: BTreeMap<String, FileEntry>,
    /// The students, one to [`super::MOST_STUDENTS`], each of another kind.
    pub students: Vec<StudentVariant>,
    /// Cases that ship with the bundle.
    pub gallery: Vec<GalleryCase>,
    /// Where the heads come from.
    pub training: Training,
    /// Licences and data terms, each a sentence to be shown.
    pub notices: Vec<String>,
}

/// What a file must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u64,
}

/// Where the heads come from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Training {
    /// The data sets, in words.
    pub data: String,
    /// The split's name.
    pub split: String,
    /// SHA-256 over image hashes, gaze and lists (see the trainer's data hash).
    pub data_sha256: String,
    /// The seed of the shipped heads.
    pub seed: u64,
    /// What chose the shipped weights: always `validation`.
    pub selection: String,
    /// Commit of the code that trained, with `-dirty` where it was changed.
    pub git_sha: String,
    /// The whole resolved configuration; where there are several students, that of the one with the
    /// most strategies. The others differ in what they were told, in which strategies directed
    /// them, and in the form of DARM, and in nothing else.
    pub config: serde_json::Value,
    /// Where the teacher's text came from in training, in words.
    pub text: String,
    /// What an evaluation found about the teacher's use of its text, in words; `None` when it was not measured.
    #[serde(default)]
    pub text_verdict: Option<String>,
    /// Test Dice of the teacher without any gaze, over seeds.
    pub teacher_dice: Option<Score>,
    /// Test Dice of the teacher with all recorded gaze of the test image, over seeds: not comparable with published
    /// numbers, which use no gaze at test time.
    pub teacher_dice_with_gaze: Option<Score>,
    /// How far storing the heads in int8 moves any logit of teacher or students on the goldens'
    /// image, gaze and text, from what the heads give in f32: the largest absolute difference.
    #[serde(default)]
    pub int8_difference: Option<f32>,
    /// What was measured of the fields whose words are to steer the teacher. A field that is not
    /// listed was not measured; `None`: nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steers: Option<BTreeMap<Field, Steering>>,
}

/// Whether another word of a field moves the teacher's mask as the word says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Steering {
    /// What was measured.
    pub effect: f64,
    /// What `effect` is, in words.
    pub what: String,
    /// Whether that is enough for the field's words to be offered for choice.
    pub offered: bool,
}

impl Manifest {
    /// Reads `manifest.json`.
    ///
    /// # Errors
    /// [`BundleError::Unfit`] for broken JSON, another format, a list of students that cannot be
    /// (none, too many, two of one kind, one with another kind's name), a measured field of another
    /// domain, [`BundleError::Missing`] when a student or a gallery case names a file that has no
    /// entry.
    pub fn parse(bytes: &[u8]) -> Result<Self, BundleError> {
        let unfit = |cause: String| BundleError::Unfit { file: MANIFEST.into(), cause };
        let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|e| unfit(e.to_string()))?;
        match value.get("format").and_then(serde_json::Value::as_u64) {
            Some(format) if format == u64::from(FORMAT) => {}
            Some(format) => return Err(unfit(format!("format {format}, this version reads format {FORMAT}"))),
            None => return Err(unfit("no number `format`".into())),
        }
        let manifest: Self = serde_json::from_value(value).map_err(|e| unfit(e.to_string()))?;
        students::check(&manifest.students).map_err(unfit)?;
        for student in &manifest.students {
            for file in [Some(&student.file), student.adapters.as_ref()].into_iter().flatten() {
                manifest.entry(file)?;
            }
        }
        let domain = manifest.domain;
        let strange = |field: &&Field| !domain.fields().contains(field);
        if let Some(field) = manifest.training.steers.iter().flat_map(BTreeMap::keys).find(strange) {
            let (field, noun) = (field.name(), domain.noun());
            return Err(unfit(format!(
                "`steers` lists the field `{field}`, which a description of a {noun} does not have"
            )));
        }
        for case in &manifest.gallery {
            for file in [Some(&case.image), case.mask.as_ref(), case.gaze.as_ref()].into_iter().flatten() {
                manifest.entry(file)?;
            }
        }
        Ok(manifest)
    }

    /// The place of the student that is shown first: the one on the teacher's labels without any
    /// strategy if it is there, else the first with all strategies, else the first of the list.
    pub fn default_student(&self) -> usize {
        let labelled = StudentKind::new(Told::Teacher, Strategies::default());
        let all = || self.students.iter().position(|s| s.kind.strategies == Strategies::ALL && !s.kind.released);
        self.find_student(labelled).or_else(all).unwrap_or(0)
    }

    /// The place of the student of this kind.
    pub fn find_student(&self, kind: StudentKind) -> Option<usize> {
        self.students.iter().position(|student| student.kind == kind)
    }

    /// Whether the words of a field may be offered for choice: not where they were measured not to steer the teacher.
    pub fn offers(&self, field: Field) -> bool {
        let measured = self.training.steers.as_ref().and_then(|steers| steers.get(&field));
        measured.is_none_or(|steering| steering.offered)
    }

    /// Whether it was measured that the words of a field steer the teacher. Unlike
    /// [`Self::offers`], this is false for a field that nobody measured.
    pub fn steers(&self, field: Field) -> bool {
        self.training.steers.as_ref().and_then(|steers| steers.get(&field)).is_some_and(|steering| steering.offered)
    }

    /// Names of all files that a [`crate::predictor::Predictor`] is built from, the describer's
    /// among them; the others are the gallery's.
    pub fn model_files(&self) -> Vec<&str> {
        let mut names: Vec<&str> = super::MODEL_FILES.to_vec();
        for student in &self.students {
            names.extend([Some(&student.file), student.adapters.as_ref()].into_iter().flatten().map(String::as_str));
        }
        for name in self.describer_files() {
            names.push(name);
        }
        names.extend(Some(super::FAMILIARITY).filter(|name| self.files.contains_key(*name)));
        names
    }

    /// Names of the describer's files, if the bundle has one.
    pub fn describer_files(&self) -> impl Iterator<Item = &'static str> + use<> {
        let there = super::DESCRIBER_FILES.iter().any(|name| self.files.contains_key(*name));
        super::DESCRIBER_FILES.into_iter().filter(move |_| there)
    }

    /// The entry of a file.
    ///
    /// # Errors
    /// [`BundleError::Missing`] when the manifest does not list it.
    pub fn entry(&self, file: &str) -> Result<&FileEntry, BundleError> {
        self.files
            .get(file)
            .ok_or_else(|| BundleError::Missing { file: file.into(), cause: "the manifest does not list it".into() })
    }
}
