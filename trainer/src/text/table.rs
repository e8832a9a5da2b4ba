//! The table of phrase embeddings: made, described, and compared with another one.

use std::collections::BTreeMap;

use fovea_shared::description::{Phrase, PhraseTable};

use super::{ENCODER, EncoderError, MODEL_SHA256, PACKAGE, TextEncoder};

/// Embeds every phrase of the vocabulary; `each` is called after each one.
///
/// # Errors
/// As [`TextEncoder::embed`], naming the phrase.
pub fn phrase_table(encoder: &TextEncoder, mut each: impl FnMut()) -> Result<PhraseTable, EncoderError> {
    let embed = |phrase: &Phrase| {
        let vector = encoder.embed(&phrase.text());
        each();
        vector.map_err(|source| EncoderError::Phrase { key: phrase.key(), source: Box::new(source) })
    };
    let vectors = Phrase::all().iter().map(embed).collect::<Result<Vec<_>, _>>()?;
    Ok(PhraseTable::from_vectors(&vectors)?)
}

/// What the table's file says of the encoder.
pub fn about() -> BTreeMap<String, String> {
    [("encoder", ENCODER), ("package", PACKAGE), ("model_sha256", MODEL_SHA256)]
        .map(|(key, value)| (key.to_string(), value.to_string()))
        .into()
}

/// Where two tables differ most.
#[derive(Clone, Debug, PartialEq)]
pub struct Deviation {
    /// The phrase's key.
    pub key: String,
    /// Number of the component, from 0.
    pub component: usize,
    /// Absolute difference of the two values.
    pub difference: f32,
}

/// The component in which two tables differ most.
pub fn compare(a: &PhraseTable, b: &PhraseTable) -> Deviation {
    let mut worst = Deviation { key: String::new(), component: 0, difference: 0.0 };
    for phrase in Phrase::all() {
        for (component, (x, y)) in a.vector(&phrase).iter().zip(b.vector(&phrase)).enumerate() {
            let difference = (x - y).abs();
            // Not a number counts as a difference, and as the worst one.
            if worst.key.is_empty() || difference > worst.difference || difference.is_nan() {
                worst = Deviation { key: phrase.key(), component, difference };
            }
            if difference.is_nan() {
                return worst;
            }
        }
    }
    worst
}
