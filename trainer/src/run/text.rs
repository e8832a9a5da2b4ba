//! The teacher's text: which description an image has, and its tokens.

use std::{
    collections::BTreeMap,
    sync::{Mutex, OnceLock, PoisonError},
};

use anyhow::{Context, Result, ensure};
use fovea_shared::description::{Description, Field, PHRASES, Phrase, PhraseTable, measured::measure};
use rand::{Rng, RngExt, seq::SliceRandom};

use super::{MaskCache, Progress, randomness::generator};
use crate::{
    config::TextSource,
    data::{Case, image_store::ImageStore, parallel},
    describe::store::Record,
    features::{Flip, View},
};

/// Whether descriptions of a source are measured in the images, where a file of them was named or not.
pub(crate) fn measures(source: TextSource, imported: bool) -> bool {
    match source {
        TextSource::Measured => true,
        TextSource::Shuffled => !imported,
        TextSource::None | TextSource::Import => false,
    }
}

/// The description of every case; `None` where there is none. `measured` holds those of the cases,
/// in their order, where [`measures`] asks for them.
///
/// # Errors
/// `import` without a file, or one that knows none of the images.
pub(crate) fn descriptions(
    cases: &[Case],
    measured: Vec<Option<Description>>,
    source: TextSource,
    seed: u64,
    imported: Option<&BTreeMap<String, Record>>,
) -> Result<Vec<Option<Description>>> {
    let mut texts: Vec<Option<Description>> = match (source, imported) {
        (TextSource::None, _) => return Ok(vec![None; cases.len()]),
        (TextSource::Import, None) => {
            anyhow::bail!("text = \"import\" needs a file of descriptions: name it with --descriptions")
        }
        (TextSource::Import | TextSource::Shuffled, Some(records)) => {
            let found: Vec<_> = cases.iter().map(|case| records.get(&case.id).map(|r| r.description.clone())).collect();
            ensure!(
                found.iter().any(Option::is_some) || cases.is_empty(),
                "the file of descriptions knows none of the images, `{}` for instance",
                cases[0].id
            );
            found
        }
        (TextSource::Measured, _) | (TextSource::Shuffled, None) => measured,
    };
    if source == TextSource::Shuffled {
        exchange(&mut texts, seed);
    }
    Ok(texts)
}

/// What can be measured in every image, within the broad mask of its gaze; on all cores.
///
/// # Errors
/// An image without gaze, or one that cannot be read.
pub(crate) fn measure_all(cases: &[Case], masks: &MaskCache, progress: &Progress) -> Result<Vec<Option<Description>>> {
    let store = ImageStore::default();
    let bar = Mutex::new(progress.bar("words", cases.len() as u64));
    let one = |case: &Case| -> Result<Option<Description>> {
        progress.go_on()?;
        let cause = || format!("measured text needs the gaze of {}, which has none", case.image.display());
        let gaze = case.gaze.as_ref().with_context(cause)?;
        let file = store.open(&case.image)?;
        let masks = masks.get(&file.sha256, gaze, || Ok(file.pixels()?))?;
        Ok(Some(measure(file.pixels()?, &masks.broad, case.modality()?)))
    };
    let tick = || bar.lock().unwrap_or_else(PoisonError::into_inner).inc(1);
    let measured = parallel::map(cases, one, tick);
    bar.into_inner().unwrap_or_else(PoisonError::into_inner).finish();
    measured.into_iter().collect()
}

/// Gives every image the description of another, drawn by `seed`.
pub(crate) fn exchange(texts: &mut [Option<Description>], seed: u64) {
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.shuffle(&mut generator(seed, 0, 0, 0x7e17));
    let old = texts.to_vec();
    for (position, &case) in order.iter().enumerate() {
        texts[case].clone_from(&old[order[(position + 1) % order.len()]]);
    }
}

/// The built-in table of phrase embeddings.
///
/// # Panics
/// When the built-in table is not of this vocabulary, which a test forbids.
pub(crate) fn table() -> &'static PhraseTable {
    static TABLE: OnceLock<PhraseTable> = OnceLock::new();
    TABLE.get_or_init(|| PhraseTable::from_bytes(PHRASES).expect("the built-in table is of this vocabulary"))
}

/// The tokens of a description of a mirrored image, one a phrase; none for no description.
pub(crate) fn tokens(description: Option<&Description>, flip: Flip) -> Vec<Vec<f32>> {
    let Some(description) = description else { return Vec::new() };
    let phrases = description.flip(flip.horizontal, flip.vertical).phrases();
    phrases.iter().map(|phrase| table().token(phrase)).collect()
}

/// What can be said of an image in a view: where it is moved or enlarged, place and size are not what they were.
pub(super) fn seen_text(text: Option<&Description>, view: &View) -> Option<Description> {
    let mut text = text.cloned()?;
    if !view.is_flip() {
        for field in [Field::Location, Field::Size] {
            // A field may always be left open.
            let _ = text.set(field, None);
        }
    }
    Some(text)
}

/// The tokens that a training sample shows: no text at all with probability `text_drop`, else every
/// phrase but for a share of `phrase_drop`, so that the teacher works with any part of a
/// description. The phrase of the field `kept` is never left out.
pub(super) fn drawn_tokens(
    description: Option<&Description>,
    flip: Flip,
    (text_drop, phrase_drop): (f64, f64),
    kept: Option<Field>,
    rng: &mut impl Rng,
) -> Vec<Vec<f32>> {
    let Some(description) = description else { return Vec::new() };
    if rng.random_bool(text_drop) {
        return Vec::new();
    }
    let phrases: Vec<Phrase> = description.flip(flip.horizontal, flip.vertical).phrases();
    let mut said = |phrase: &Phrase| Some(phrase.field()) == kept || !rng.random_bool(phrase_drop);
    phrases.iter().filter(|phrase| said(phrase)).map(|phrase| table().token(phrase)).collect()
}

/// What is said of one of two lesions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Said {
    /// Where it is, and nothing else.
    Place,
    /// Where it is, and the other phrases but for a share of `drop`.
    Any {
        /// Share of the other phrases that is left out.
        drop: f64,
    },
}

/// The tokens of a lesion that is one of two: its place is always said, since it may be all that distinguishes them.
pub(super) fn referring_tokens(description: &Description, said: Said, rng: &mut impl Rng) -> Vec<Vec<f32>> {
    let mut shown = |phrase: &Phrase| {
        phrase.field() == Field::Location
            || match said {
                Said::Place => false,
                Said::Any { drop } => !rng.random_bool(drop),
            }
    };
    description.phrases().iter().filter(|phrase| shown(phrase)).map(|phrase| table().token(phrase)).collect()
}

/// Reads the file of descriptions that a run names.
///
/// # Errors
/// As [`crate::describe::store::read`].
pub(crate) fn read_descriptions(path: Option<&std::path::Path>) -> Result<Option<BTreeMap<String, Record>>> {
    path.map(crate::describe::store::read).transpose().context("text = \"import\" reads the file of --descriptions")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use fovea_shared::description::{Modality, Source};

    fn about(location: &str) -> Option<Description> {
        let mut d = Description::new(Modality::Polyp, Source::Measured);
        d.set(Field::Location, Some(location)).unwrap();
        d.set(Field::Shape, Some("oval")).unwrap();
        Some(d)
    }

    #[test]
    fn the_built_in_table_fits() {
        assert_eq!(tokens(about("centre").as_ref(), crate::features::FLIPS[0]).len(), 2);
    }

    #[test]
    fn mirrored_images_read_mirrored_words() {
        let flip = crate::features::FLIPS[1];
        let upright = crate::features::FLIPS[0];
        assert_eq!(tokens(about("upper_left").as_ref(), flip), tokens(about("upper_right").as_ref(), upright));
        assert_ne!(tokens(about("upper_left").as_ref(), flip), tokens(about("upper_left").as_ref(), upright));
        assert!(tokens(None, flip).is_empty());
    }

    #[test]
    fn the_control_gives_everyone_anothers_text_and_loses_none() {
        let words = ["upper_left", "upper_right", "centre", "lower_left", "lower_right"];
        let old: Vec<_> = words.iter().map(|w| about(w)).collect();
        let mut new = old.clone();
        exchange(&mut new, 3);
        assert!(old.iter().zip(&new).all(|(a, b)| a != b));
        assert!(old.iter().all(|a| new.contains(a)));
    }

    #[test]
    fn a_view_that_is_moved_or_enlarged_says_neither_place_nor_size() {
        let mut text = Description::new(Modality::Polyp, Source::Measured);
        for (field, word) in [(Field::Location, "upper_left"), (Field::Size, "small"), (Field::Shape, "oval")] {
            text.set(field, Some(word)).unwrap();
        }
        assert_eq!(seen_text(Some(&text), &View::flip(crate::features::FLIPS[1])), Some(text.clone()));
        let drawn = seen_text(
            Some(&text),
            &View::of(crate::features::FLIPS.len(), "0123456789abcdef", crate::features::Drawing::Light),
        )
        .unwrap();
        assert_eq!((drawn.get(Field::Location), drawn.get(Field::Size)), (None, None));
        assert_eq!(drawn.get(Field::Shape), text.get(Field::Shape));
        assert_eq!(seen_text(None, &View::flip(crate::features::FLIPS[0])), None);
    }
}
