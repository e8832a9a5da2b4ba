//! Phrases, one for every (modality, field, word), and the table of their embeddings.

use std::{collections::BTreeMap, fmt, str::FromStr};

use half::f16;
use safetensors::{Dtype, SafeTensors, tensor::TensorInfo};
use serde::{Deserialize, Serialize};

use super::{DescriptionError, Field, Modality, Word, vocabulary};

/// Length of a phrase's embedding: that of all-MiniLM-L6-v2.
pub const EMBEDDING: usize = 384;

/// The table of this build: every phrase as the sentence encoder all-MiniLM-L6-v2 reads it, made by
/// `cargo xtask phrases`. The encoder was trained on general text and not on medical text. See
/// `shared/weights/README.md`.
pub const PHRASES: &[u8] = include_bytes!("../../weights/phrases.safetensors");

/// One statement about one field: a word that the vocabulary of this field has. Written as its [key](Self::key), and an
/// unknown key is an error, so a phrase from elsewhere is checked where it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phrase {
    modality: Modality,
    field: Field,
    word: &'static Word,
}

impl Phrase {
    /// The phrase that says this word, by its name, of a field.
    ///
    /// # Errors
    /// [`DescriptionError::Conflict`] for a field of another modality, [`DescriptionError::Value`] for a word that the
    /// vocabulary of the field lacks.
    pub fn find(modality: Modality, field: Field, word: &str) -> Result<Self, DescriptionError> {
        if !modality.fields().contains(&field) {
            return Err(foreign(modality, field));
        }
        Self::of(modality, field).find(|phrase| phrase.word.name == word).ok_or_else(|| DescriptionError::Value {
            field: field.name().into(),
            value: word.into(),
            allowed: vocabulary::list(field.words(modality)),
        })
    }

    /// The phrases of a field, in the order of its vocabulary; none for a field of another modality.
    pub fn of(modality: Modality, field: Field) -> impl Iterator<Item = Self> {
        let words = if modality.fields().contains(&field) { field.words(modality) } else { &[] };
        words.iter().map(move |word| Self { modality, field, word })
    }

    /// What is described.
    pub fn modality(&self) -> Modality {
        self.modality
    }

    /// The field.
    pub fn field(&self) -> Field {
        self.field
    }

    /// What is said of it.
    pub fn word(&self) -> &'static Word {
        self.word
    }

    /// Every phrase of the vocabulary, in the order of the table.
    pub fn all() -> Vec<Self> {
        let fields = Modality::ALL.into_iter().flat_map(|m| m.fields().iter().map(move |f| (m, *f)));
        fields.flat_map(|(modality, field)| Self::of(modality, field)).collect()
    }

    /// A name that no other phrase has, such as `polyp.location.upper_left`.
    pub fn key(&self) -> String {
        format!("{}.{}.{}", self.modality.name(), self.field.name(), self.word.name)
    }

    /// The words that are embedded, such as "a polyp in the upper left of the image".
    pub fn text(&self) -> String {
        self.word.phrase.replace("{}", self.modality.noun())
    }
}

/// What is wrong with a field of another modality.
pub(super) fn foreign(modality: Modality, field: Field) -> DescriptionError {
    DescriptionError::Conflict {
        field: field.name().into(),
        cause: format!("it does not belong to a description of a {}", modality.noun()),
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key())
    }
}

impl FromStr for Phrase {
    type Err = DescriptionError;

    /// Reads a [key](Phrase::key).
    fn from_str(key: &str) -> Result<Self, DescriptionError> {
        let unknown = || DescriptionError::UnknownField {
            field: key.into(),
            allowed: "<modality>.<field>.<word>, such as `polyp.location.upper_left`".into(),
        };
        let (modality, rest) = key.split_once('.').ok_or_else(unknown)?;
        let (field, word) = rest.split_once('.').ok_or_else(unknown)?;
        let modality = Modality::ALL.into_iter().find(|m| m.name() == modality).ok_or_else(unknown)?;
        Self::find(modality, Field::from_name(field).ok_or_else(unknown)?, word)
    }
}

impl TryFrom<String> for Phrase {
    type Error = DescriptionError;

    fn try_from(key: String) -> Result<Self, DescriptionError> {
        key.parse()
    }
}

impl From<Phrase> for String {
    fn from(phrase: Phrase) -> Self {
        phrase.key()
    }
}

/// A table that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the table of phrase embeddings cannot be used: {0}. Make it again with `cargo xtask phrases`.")]
pub struct PhraseTableError(String);

/// The head of the table's file, in the order in which it is written.
#[derive(Serialize)]
struct Header {
    #[serde(rename = "__metadata__")]
    metadata: BTreeMap<String, String>,
    embeddings: TensorInfo,
}

/// Embeddings of phrases by their keys. As stored they are the encoder's vectors (L2-normalised,
/// f16); as tokens they are taken relative to the mean of the table, because all phrases about
/// polyps point in much the same direction ("all but the top", Mu and Viswanath 2018, with the mean
/// only), and scaled to unit length.
#[derive(Clone, Debug, PartialEq)]
pub struct PhraseTable {
    rows: BTreeMap<String, Vec<f32>>,
    mean: Vec<f32>,
}

impl PhraseTable {
    /// A table from the encoder's vectors, in the order of [`Phrase::all`].
    ///
    /// # Errors
    /// [`PhraseTableError`] for another number or length of vectors.
    pub fn from_vectors(vectors: &[Vec<f32>]) -> Result<Self, PhraseTableError> {
        let all = Phrase::all();
        if vectors.len() != all.len() || vectors.iter().any(|v| v.len() != EMBEDDING) {
            return Err(PhraseTableError(format!("it needs {} vectors of {EMBEDDING} numbers", all.len())));
        }
        let count = vectors.len() as f32;
        let mean = (0..EMBEDDING).map(|i| vectors.iter().map(|v| v[i]).sum::<f32>() / count).collect();
        let rows = all.iter().map(Phrase::key).zip(vectors.iter().cloned()).collect();
        Ok(Self { rows, mean })
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`PhraseTableError`] for a damaged file, or one of another vocabulary.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PhraseTableError> {
        let bad = |cause: String| PhraseTableError(cause);
        let (_, head) = SafeTensors::read_metadata(bytes).map_err(|e| bad(e.to_string()))?;
        let keys = head.metadata().as_ref().and_then(|m| m.get("keys")).cloned().unwrap_or_default();
        let expected = Phrase::all().iter().map(Phrase::key).collect::<Vec<_>>().join(" ");
        if keys != expected {
            return Err(bad("it was made for another vocabulary".into()));
        }
        let file = SafeTensors::deserialize(bytes).map_err(|e| bad(e.to_string()))?;
        let view = file.tensor("embeddings").map_err(|e| bad(e.to_string()))?;
        if view.dtype() != Dtype::F16 || view.shape() != [Phrase::all().len(), EMBEDDING] {
            return Err(bad(format!("`embeddings` is {:?} {:?}", view.dtype(), view.shape())));
        }
        let values: Vec<f32> = view.data().as_chunks::<2>().0.iter().map(|b| f16::from_le_bytes(*b).to_f32()).collect();
        Self::from_vectors(&values.chunks_exact(EMBEDDING).map(<[f32]>::to_vec).collect::<Vec<_>>())
    }

    /// The table as safetensors: `embeddings` f16 `[phrases, 384]`, their keys in the metadata,
    /// beside what `about` says of the encoder.
    ///
    /// # Errors
    /// [`PhraseTableError`] when it cannot be written.
    pub fn to_bytes(&self, about: &BTreeMap<String, String>) -> Result<Vec<u8>, PhraseTableError> {
        let all = Phrase::all();
        let bytes: Vec<u8> = all
            .iter()
            .filter_map(|p| self.rows.get(&p.key()))
            .flat_map(|row| row.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()))
            .collect();
        let keys = all.iter().map(Phrase::key).collect::<Vec<_>>().join(" ");
        let mut metadata = about.clone();
        metadata.insert("keys".into(), keys);
        let shape = vec![all.len(), EMBEDDING];
        let embeddings = TensorInfo { dtype: Dtype::F16, shape, data_offsets: (0, bytes.len()) };
        // Written here and not by the library, which takes the metadata in random order: the same
        // table is the same file.
        let mut header =
            serde_json::to_vec(&Header { metadata, embeddings }).map_err(|e| PhraseTableError(e.to_string()))?;
        header.resize(header.len().next_multiple_of(8), b' ');
        Ok([(header.len() as u64).to_le_bytes().to_vec(), header, bytes].concat())
    }

    /// The encoder's vector of a phrase, L2-normalised, [`EMBEDDING`] numbers.
    ///
    /// # Panics
    /// Never: a table holds every phrase there is.
    pub fn vector(&self, phrase: &Phrase) -> &[f32] {
        &self.rows[&phrase.key()]
    }

    /// The token of a phrase: its vector minus the table's mean, of unit length.
    pub fn token(&self, phrase: &Phrase) -> Vec<f32> {
        self.centred(self.vector(phrase))
    }

    /// The token of a vector that the same encoder made of free text.
    pub fn centred(&self, vector: &[f32]) -> Vec<f32> {
        let difference: Vec<f32> = vector.iter().zip(&self.mean).map(|(v, m)| v - m).collect();
        let length = difference.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-6);
        difference.iter().map(|v| v / length).collect()
    }
}
