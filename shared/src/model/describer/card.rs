//! `describer.json`: what the describer's logits mean, how far they may be believed, and what must be said about them.

use serde::{Deserialize, Serialize};

use super::DescriberError;
use crate::{
    description::{Description, Field, Modality, Source},
    model::describer::DESCRIBER_INPUTS,
};

/// The version of the file and of the input that it was trained on.
pub const DESCRIBER_FORMAT: u32 = 1;

/// Everything about a describer besides its weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DescriberCard {
    /// [`DESCRIBER_FORMAT`].
    pub format: u32,
    /// What kind of image it describes.
    pub modality: Modality,
    /// `distilled:<model>`.
    pub source: Source,
    /// What must be said wherever its words are shown.
    pub caveat: String,
    /// Length of its input, [`DESCRIBER_INPUTS`].
    pub inputs: usize,
    /// Width of its hidden layer.
    pub hidden: usize,
    /// Its fields, in the order of the logits.
    pub fields: Vec<FieldCard>,
    /// Where it comes from: command, commit, data, configuration.
    pub training: serde_json::Value,
}

/// One field of a describer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldCard {
    /// The field.
    pub field: Field,
    /// Its words, in the order of the logits.
    pub classes: Vec<String>,
    /// Logits are divided by this before the softmax (Guo et al. 2017), fitted on validation.
    pub temperature: f32,
    /// Confidence below which nothing is said, chosen on validation; above 1 where it is never sure enough.
    pub threshold: f32,
    /// Whether it is shown at all: on validation it beats the most frequent training answer.
    pub shown: bool,
    /// The most frequent training answer.
    pub majority: String,
    /// Measured on test images, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<FieldScore>,
}

/// How one field does, against the answers of the model it learnt from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldScore {
    /// Share of answers that agree.
    pub accuracy: f64,
    /// Share that the most frequent training answer gets.
    pub majority_accuracy: f64,
    /// Mean F1 over the words.
    pub macro_f1: f64,
    /// Expected calibration error, 15 bins.
    pub ece: f64,
    /// Share of images for which something is said.
    pub coverage: f64,
    /// Share of what is said that agrees; absent where nothing is said.
    pub accuracy_when_said: Option<f64>,
    /// Number of images and what they are, in words.
    pub on: String,
}

/// What the head thinks of one field.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The field.
    pub field: Field,
    /// The most likely word's name.
    pub word: String,
    /// Its calibrated probability, 0..1.
    pub confidence: f32,
    /// Whether it is said: the field is shown and the confidence reaches its threshold.
    pub said: bool,
}

impl DescriberCard {
    /// Reads `describer.json`.
    ///
    /// # Errors
    /// [`DescriberError::Card`]: broken JSON, another format, a word outside the vocabulary, a temperature that is none.
    pub fn parse(bytes: &[u8]) -> Result<Self, DescriberError> {
        let bad = DescriberError::Card;
        let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|e| bad(e.to_string()))?;
        match value.get("format").and_then(serde_json::Value::as_u64) {
            Some(format) if format == u64::from(DESCRIBER_FORMAT) => {}
            other => return Err(bad(format!("format {other:?}, this version reads {DESCRIBER_FORMAT}"))),
        }
        let card: Self = serde_json::from_value(value).map_err(|e| bad(e.to_string()))?;
        if card.inputs != DESCRIBER_INPUTS {
            return Err(bad(format!("{} inputs instead of {DESCRIBER_INPUTS}", card.inputs)));
        }
        for field in &card.fields {
            let words = field.field.words(card.modality);
            if !card.modality.fields().contains(&field.field) {
                return Err(bad(format!("a {} has no field `{}`", card.modality.noun(), field.field.name())));
            }
            if let Some(class) = field.classes.iter().find(|c| words.iter().all(|w| w.name != **c)) {
                return Err(bad(format!("`{class}` is not a word of the field `{}`", field.field.name())));
            }
            let positive = field.temperature.is_finite() && field.temperature > 0.0;
            if field.classes.is_empty() || !positive || !field.threshold.is_finite() {
                return Err(bad(format!("the field `{}` has no words or no temperature", field.field.name())));
            }
        }
        Ok(card)
    }

    /// Number of logits: the words of all fields.
    pub fn words(&self) -> usize {
        self.fields.iter().map(|f| f.classes.len()).sum()
    }

    /// What the logits of one image say of every field, shown or not.
    ///
    /// # Errors
    /// [`DescriberError::Device`] for another number of logits, or one that is not a number.
    pub fn answers(&self, logits: &[f32]) -> Result<Vec<Answer>, DescriberError> {
        if logits.len() != self.words() || logits.iter().any(|v| !v.is_finite()) {
            return Err(DescriberError::Device("the head's logits are not numbers".into()));
        }
        let mut start = 0;
        let mut answer = |card: &FieldCard| {
            let own = &logits[start..start + card.classes.len()];
            start += own.len();
            let probabilities = softmax(own, card.temperature);
            let best = (0..own.len()).fold(0, |best, i| if own[i] > own[best] { i } else { best });
            let confidence = probabilities[best];
            Answer {
                field: card.field,
                word: card.classes[best].clone(),
                confidence,
                said: card.shown && confidence >= card.threshold,
            }
        };
        Ok(self.fields.iter().map(&mut answer).collect())
    }

    /// The description of what is said; its confidence is that of the least certain word, 0 where nothing is said.
    ///
    /// # Errors
    /// [`DescriberError::Card`] for a word outside the vocabulary, which [`Self::parse`] excludes.
    pub fn description(&self, answers: &[Answer]) -> Result<Description, DescriberError> {
        let mut description = Description::new(self.modality, self.source.clone());
        let mut confidence = None;
        for answer in answers.iter().filter(|a| a.said) {
            description.set(answer.field, Some(&answer.word)).map_err(|e| DescriberError::Card(e.to_string()))?;
            confidence = Some(confidence.map_or(answer.confidence, |c: f32| c.min(answer.confidence)));
        }
        description.confidence = confidence.unwrap_or(0.0);
        Ok(description)
    }
}

/// Softmax of logits divided by a temperature.
pub fn softmax(logits: &[f32], temperature: f32) -> Vec<f32> {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = logits.iter().map(|v| ((v - most) / temperature).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|p| p / sum).collect()
}
