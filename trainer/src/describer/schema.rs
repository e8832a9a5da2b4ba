//! Which fields and words a describer learns, from the answers about its training images.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};
use fovea_shared::description::{Description, Field, Modality, Source};

use crate::{describe::store::Record, features::FLIPS};

/// A field is learnt where at least this share of the training images has an answer.
const ANSWERED: f64 = 0.1;

/// A word is learnt where it answers for at least this many training images, mirror images counting a quarter each.
const IMAGES: usize = 5;

/// What is learnt.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Schema {
    /// What is described.
    pub(crate) modality: Modality,
    /// The model whose answers these are.
    pub(crate) model: String,
    /// What must be said of the answers.
    pub(crate) caveat: String,
    /// The fields, in the schema's order.
    pub(crate) fields: Vec<FieldSchema>,
}

/// One field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FieldSchema {
    /// The field.
    pub(crate) field: Field,
    /// Its words, in the vocabulary's order.
    pub(crate) classes: Vec<&'static str>,
    /// How often each word of the vocabulary answers for a training image, upright, most frequent first.
    pub(crate) counts: Vec<(&'static str, usize)>,
}

impl FieldSchema {
    /// The most frequent training answer.
    pub(crate) fn majority(&self) -> &'static str {
        self.counts.first().map_or("", |(word, _)| word)
    }

    /// The class of an answer: `None` where there is none, `classes.len()` for a word that is not
    /// learnt (so that no answer of the describer agrees with it).
    pub(crate) fn label(&self, description: &Description) -> Option<usize> {
        let word = description.get(self.field)?;
        Some(self.classes.iter().position(|c| *c == word.name).unwrap_or(self.classes.len()))
    }
}

impl Schema {
    /// What the answers about the images `train` can teach.
    ///
    /// # Errors
    /// Answers of no model or of several, of several modalities, or too few.
    pub(crate) fn of(records: &BTreeMap<String, Record>, train: &[String]) -> Result<Self> {
        let known: Vec<&Record> = train.iter().filter_map(|id| records.get(id)).collect();
        ensure!(
            known.len() * 2 >= train.len() && !known.is_empty(),
            "only {} of {} training images have an answer: name a file that describes them",
            known.len(),
            train.len()
        );
        let sources: BTreeSet<&Source> = known.iter().map(|r| &r.description.source).collect();
        let source = *sources.first().context("there are no answers")?;
        let (Source::Vlm(model), 1) = (source, sources.len()) else {
            let names: Vec<String> = sources.iter().map(ToString::to_string).collect();
            bail!("a describer learns from one model's answers (vlm:<model>), not from: {}", names.join(", "));
        };
        let modality = known[0].description.modality;
        ensure!(
            known.iter().all(|r| r.description.modality == modality),
            "the answers speak of more than one modality: keep them in separate files"
        );
        let caveats: BTreeSet<&str> = known.iter().filter_map(|r| r.caveat.as_deref()).collect();
        let fields: Vec<FieldSchema> = modality.fields().iter().filter_map(|f| field_schema(*f, &known)).collect();
        ensure!(!fields.is_empty(), "no field has two words that answer for {IMAGES} training images each");
        let caveat = caveats.into_iter().collect::<Vec<_>>().join(" ");
        Ok(Self { modality, model: model.clone(), caveat, fields })
    }

    /// The labels of a description, one a field.
    pub(crate) fn labels(&self, description: &Description) -> Vec<Option<usize>> {
        self.fields.iter().map(|f| f.label(description)).collect()
    }

    /// Number of logits.
    pub(crate) fn words(&self) -> usize {
        self.fields.iter().map(|f| f.classes.len()).sum()
    }
}

fn field_schema(field: Field, known: &[&Record]) -> Option<FieldSchema> {
    let modality = known[0].description.modality;
    let count = |word: &str, description: &dyn Fn(&Record) -> Description| {
        known.iter().filter(|r| description(r).get(field).is_some_and(|w| w.name == word)).count()
    };
    let upright = |r: &Record| r.description.clone();
    let mut counts: Vec<(&'static str, usize)> =
        field.words(modality).iter().map(|w| (w.name, count(w.name, &upright))).filter(|(_, n)| *n > 0).collect();
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let answered: usize = counts.iter().map(|(_, n)| n).sum();
    let over_flips = |word: &str| -> usize {
        FLIPS.iter().map(|f| count(word, &|r: &Record| r.description.flip(f.horizontal, f.vertical))).sum()
    };
    let learnt = |word: &&'static str| over_flips(word) >= IMAGES * FLIPS.len();
    let classes: Vec<&'static str> = field.words(modality).iter().map(|w| w.name).filter(learnt).collect();
    let enough = answered as f64 >= ANSWERED * known.len() as f64 && classes.len() >= 2;
    enough.then_some(FieldSchema { field, classes, counts })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn record(id: usize, source: Source, words: &[(Field, &str)]) -> (String, Record) {
        let mut description = Description::new(Modality::Polyp, source);
        words.iter().for_each(|(field, word)| description.set(*field, Some(word)).unwrap());
        let id = format!("i{id:02}");
        (id.clone(), Record { id, image_sha256: None, description, caveat: Some("beware".into()), asked: None })
    }

    fn vlm() -> Source {
        Source::Vlm("m".into())
    }

    #[test]
    fn fields_and_words_with_enough_answers_are_learnt() {
        let records: BTreeMap<_, _> = (0..40)
            .map(|i| {
                let place = if i < 20 { "upper_left" } else { "centre" };
                let shape = if i < 30 { "round" } else { "oval" };
                let mut words = vec![(Field::Location, place), (Field::Shape, shape), (Field::Size, "large")];
                if i == 0 {
                    words[1].1 = "lobulated";
                    words.push((Field::Colour, "red"));
                }
                record(i, vlm(), &words)
            })
            .collect();
        let ids: Vec<String> = records.keys().cloned().collect();
        let schema = Schema::of(&records, &ids).unwrap();
        assert_eq!((schema.model.as_str(), schema.caveat.as_str()), ("m", "beware"));
        // Size has one word only and colour one answer only.
        assert_eq!(schema.fields.iter().map(|f| f.field).collect::<Vec<_>>(), [Field::Location, Field::Shape]);
        let place = &schema.fields[0];
        assert_eq!(place.classes, ["upper_left", "upper_right", "centre", "lower_left", "lower_right"]);
        let shape = &schema.fields[1];
        assert_eq!((shape.classes.clone(), shape.majority()), (vec!["round", "oval"], "round"));
        assert_eq!(shape.counts, [("round", 29), ("oval", 10), ("lobulated", 1)]);
        assert_eq!(schema.labels(&records["i00"].description), [Some(0), Some(2)]);
        assert_eq!(schema.labels(&records["i39"].description.flip(true, false)), [Some(2), Some(1)]);
        assert_eq!(schema.labels(&Description::new(Modality::Polyp, vlm())), [None, None]);
        assert_eq!(schema.words(), 7);
    }

    #[test]
    fn refuses_what_it_cannot_learn_from() {
        let words = [(Field::Shape, "round")];
        let message = |records: Vec<(String, Record)>, more: usize| {
            let mut ids: Vec<String> = records.iter().map(|(id, _)| id.clone()).collect();
            ids.extend((0..more).map(|i| format!("x{i}")));
            Schema::of(&records.into_iter().collect(), &ids).unwrap_err().to_string()
        };
        assert!(message(vec![record(0, vlm(), &words)], 2).contains("only 1 of 3"));
        let measured = message(vec![record(0, Source::Measured, &words)], 0);
        assert!(measured.contains("vlm:<model>") && measured.contains("measured"), "{measured}");
        let two = vec![record(0, vlm(), &words), record(1, Source::Vlm("n".into()), &words)];
        assert!(message(two, 0).contains("vlm:m, vlm:n"));
        assert!(message(vec![record(0, vlm(), &words)], 0).contains("no field"));
    }
}
