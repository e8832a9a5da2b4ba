//! What a teacher's training sample shows, reads and is to predict: one image, a picture of two
//! lesions, or looks at sure background.
//!
//! ```text
//! one image            no look, whole scanpath, part of it, a few looks inside -> the lesion, at the size that the words say
//! picture of two       looks at one -> that one, whatever the words say | words of one -> that one | neither -> both
//! looks at background  nothing, whatever the words say
//! ```
//! Gaze decides where, words decide which and what.

use anyhow::Result;
use fovea_shared::{
    description::Field,
    distill::Target,
    gaze::Scanpath,
    model::{PromptMaps, TEACHER_SIDE},
    plane::Plane,
};
use rand::{Rng, RngExt};

use super::{
    looks::{few_looks, off_looks, some_of},
    pictures::Picture,
    prepared::{CaseMaps, Prepared},
    randomness::{DrawAddress, generator},
    size_word::{SizeStep, resized},
    tensors::viewed,
    text::{Said, drawn_tokens, referring_tokens, seen_text},
};
use crate::{
    config::{TextSource, TrainConfig},
    features::View,
};

/// Share of pictures of two in which one lesion is looked at; the others are for words.
const LOOKED_AT: f64 = 0.5;
/// Share of pictures of two that nobody looks at in which words say which lesion is meant; in the
/// others nothing does, and both are.
const DESCRIBED: f64 = 0.92;
/// Share of those in which the place is all that is said: where other words are enough, a teacher need not read it.
const PLACE_ALONE: f64 = 0.5;
/// Share of single images whose words say another size than the label has.
const OTHER_SIZE: f64 = 0.25;

/// What the samples of a stage may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shows {
    /// The image, half of the time with its whole gaze, and no words: who learns is to make labels.
    Labels,
    /// The image with its own gaze and words: the student learns from it in the same step.
    Own,
    /// Pictures of two and looks at background, too.
    Any,
}

/// A case in a view.
#[derive(Clone, Copy)]
pub(super) struct Viewed<'a> {
    /// Which case.
    pub(super) index: usize,
    /// Its maps, upright.
    pub(super) maps: &'a CaseMaps<'a>,
    /// The view.
    pub(super) view: &'a View,
}

/// A teacher's side of a training sample.
pub(super) struct TeacherSample {
    /// Index of the picture of two lesions that is shown in place of the image.
    pub(super) picture: Option<usize>,
    /// What it sees of the gaze.
    pub(super) prompt: Option<PromptMaps>,
    /// What it reads, a token a phrase.
    pub(super) text: Vec<Vec<f32>>,
    /// What it is to predict, `[56, 56]`.
    pub(super) target: Target,
}

impl TeacherSample {
    /// Draws what the sample of a case in a view shows.
    ///
    /// # Errors
    /// Maps or pictures that cannot be read any more.
    pub(super) fn draw(
        prepared: &Prepared,
        case: Viewed<'_>,
        config: &TrainConfig,
        address: DrawAddress,
        shows: Shows,
    ) -> Result<Self> {
        let mut rng = generator(config.seed ^ 0x6c6f_6f6b, address.stage, address.epoch, address.first);
        if shows == Shows::Labels {
            let gaze = (config.gaze_prompt() && rng.random_bool(0.5)).then(|| prepared.gaze(case.index));
            let target = viewed(&case.maps.teacher()?, case.view);
            let prompt = gaze.filter(|gaze| !gaze.fixations.is_empty()).map(|gaze| prompt_in(gaze, case.view));
            return Ok(Self { picture: None, prompt, text: Vec::new(), target });
        }
        let kind: f64 = rng.random();
        if config.gaze_prompt() && shows == Shows::Any {
            if let Some(pictures) = &prepared.pictures
                && kind < config.looks().two
                && pictures.len() > 0
            {
                let index = rng.random_range(0..pictures.len());
                return Ok(Self::of_two(&pictures.get(index)?, index, config, &mut rng));
            }
            if (config.looks().two..config.looks().two + config.looks().off).contains(&kind)
                && let Some(looks) = off_looks(case.maps.masks()?, &case.maps.teacher()?.value, &mut rng)
            {
                return Ok(Self::off(prepared, case, &looks, config, &mut rng));
            }
        }
        Self::of_one(prepared, case, config, shows, &mut rng)
    }

    fn of_one(
        prepared: &Prepared,
        Viewed { index: case, maps, view }: Viewed<'_>,
        config: &TrainConfig,
        shows: Shows,
        rng: &mut impl Rng,
    ) -> Result<Self> {
        let mut target = maps.teacher()?;
        let gaze = config.gaze_prompt().then(|| one_gaze(prepared.gaze(case), &target, config, rng)).flatten();
        let strange = gaze.is_some() && rng.random_bool(config.looks().contradict / 2.0);
        let told = if strange { rng.random_range(0..prepared.cases.len()) } else { case };
        let mut text = seen_text(prepared.text[told].as_ref(), view);
        if let Some(text) = text.as_mut().filter(|_| strange) {
            // Words decide about the size, and this one is another image's.
            let _ = text.set(Field::Size, None);
        }
        let resize = shows == Shows::Any && !strange && rng.random_bool(OTHER_SIZE);
        let size = text.as_mut().filter(|_| resize).and_then(|text| SizeStep::exchange(text, rng));
        if let Some(size) = size {
            target.value = resized(&target.value, size.factor());
        }
        let kept = size.map(|_| Field::Size);
        let drops = (if kept.is_some() { 0.0 } else { config.text_drop }, config.phrase_drop);
        Ok(Self {
            picture: None,
            text: drawn_tokens(text.as_ref(), view.flip, drops, kept, rng),
            prompt: gaze.map(|gaze| prompt_in(&gaze, view)),
            target: viewed(&target, view),
        })
    }

    fn off(
        prepared: &Prepared,
        Viewed { index: case, view, .. }: Viewed<'_>,
        looks: &Scanpath,
        config: &TrainConfig,
        rng: &mut impl Rng,
    ) -> Self {
        let text = seen_text(prepared.text[case].as_ref(), view);
        let nothing = Target {
            value: Plane::filled(TEACHER_SIDE, TEACHER_SIDE, 0.0),
            weight: Plane::filled(TEACHER_SIDE, TEACHER_SIDE, 1.0),
        };
        Self {
            picture: None,
            prompt: Some(prompt_in(looks, view)),
            text: drawn_tokens(text.as_ref(), view.flip, (config.text_drop, config.phrase_drop), None, rng),
            target: nothing,
        }
    }

    fn of_two(picture: &Picture, index: usize, config: &TrainConfig, rng: &mut impl Rng) -> Self {
        let meant = rng.random_range(0..2usize);
        let [own, other] = [&picture.lesions[meant], &picture.lesions[1 - meant]];
        let gaze = match rng.random_bool(LOOKED_AT) {
            false => None,
            true if rng.random_bool(0.25) => Some(own.gaze.clone()),
            true => few_looks(&own.gaze, &own.target, rng),
        };
        let gaze = gaze.filter(|gaze| !gaze.fixations.is_empty());
        let said = if gaze.is_some() { 0.4 } else { DESCRIBED };
        // Words of the other lesion, too: gaze decides.
        let described = if rng.random_bool(config.looks().contradict) { other } else { own };
        let words = described.text.as_ref().filter(|_| config.text != TextSource::None && rng.random_bool(said));
        let target = match (&gaze, words) {
            (Some(_), _) => own.target(),
            (None, Some(_)) => described.target(),
            (None, None) => picture.both(),
        };
        Self {
            picture: Some(index),
            target,
            prompt: gaze.as_ref().map(PromptMaps::of),
            text: words.map_or_else(Vec::new, |text| {
                let place_alone = picture.places_differ() && rng.random_bool(PLACE_ALONE);
                let said = if place_alone { Said::Place } else { Said::Any { drop: config.phrase_drop } };
                referring_tokens(text, said, rng)
            }),
        }
    }
}

/// Which looks a sample of one image shows: none (`prompt-drop`), else the whole scanpath, a random
/// part of it, or a few looks inside the lesion.
fn one_gaze(gaze: &Scanpath, target: &Target, config: &TrainConfig, rng: &mut impl Rng) -> Option<Scanpath> {
    if gaze.fixations.is_empty() || rng.random_bool(config.prompt_drop()) {
        return None;
    }
    let way: f64 = rng.random();
    if way < 0.35 {
        return Some(gaze.clone());
    }
    if way < 0.55 {
        return Some(some_of(gaze, rng));
    }
    few_looks(gaze, &target.value, rng).or_else(|| Some(some_of(gaze, rng)))
}

/// The prompt of a gaze on the upright image, as a view has it.
fn prompt_in(gaze: &Scanpath, view: &View) -> PromptMaps {
    PromptMaps::of(gaze).changed(|map| view.plane(map, 0.0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use fovea_shared::{
        description::{Description, Field, Modality, Source},
        gaze::Fixation,
        model::PROMPT_SIDE,
    };
    use rand::SeedableRng;
    use rand_pcg::Pcg64Mcg;

    use super::*;
    use crate::run::pictures::Lesion;

    /// A lesion in the quarter about (`x`, `y`), shares of the side, with one fixation in its middle.
    fn lesion(x: f32, y: f32, word: &str) -> Lesion {
        let near = |at: usize, middle: f32| ((at as f32 + 0.5) / TEACHER_SIDE as f32 - middle).abs() < 0.15;
        let inside = |i: usize| near(i % TEACHER_SIDE, x) && near(i / TEACHER_SIDE, y);
        let value = (0..TEACHER_SIDE * TEACHER_SIDE).map(|i| if inside(i) { 1.0 } else { 0.0 }).collect();
        let mut text = Description::new(Modality::Polyp, Source::Measured);
        text.set(Field::Location, Some(word)).unwrap();
        Lesion {
            target: Plane::from_vec(TEACHER_SIDE, TEACHER_SIDE, value),
            gaze: Scanpath { fixations: vec![Fixation { x, y, duration_ms: 300.0, start_ms: 0.0 }] },
            text: Some(text),
        }
    }

    fn picture() -> Picture {
        Picture { lesions: [lesion(0.25, 0.25, "upper_left"), lesion(0.75, 0.7, "lower_right")] }
    }

    #[test]
    fn of_two_lesions_the_one_looked_at_is_the_target_whatever_the_words_say() {
        let (picture, config) = (picture(), TrainConfig::default());
        let mut rng = Pcg64Mcg::seed_from_u64(3);
        let (mut looked, mut against, mut told, mut neither) = (0, 0, 0, 0);
        let words = |lesion: usize| {
            let text = picture.lesions[lesion].text.as_ref().unwrap();
            referring_tokens(text, Said::Place, &mut Pcg64Mcg::seed_from_u64(0))
        };
        for _ in 0..400 {
            let sample = TeacherSample::of_two(&picture, 7, &config, &mut rng);
            assert_eq!(sample.picture, Some(7));
            let is = |lesion: usize| sample.target.value == picture.lesions[lesion].target;
            match &sample.prompt {
                Some(prompt) => {
                    let peak = (0..prompt.looks.data.len())
                        .max_by(|a, b| prompt.looks.data[*a].total_cmp(&prompt.looks.data[*b]));
                    let lesion = usize::from(peak.unwrap() % PROMPT_SIDE > PROMPT_SIDE / 2);
                    assert!(is(lesion));
                    looked += 1;
                    against += usize::from(sample.text == words(1 - lesion));
                }
                None if sample.text.is_empty() => {
                    assert_eq!(sample.target.value, picture.both().value);
                    neither += 1;
                }
                None => {
                    assert!((0..2).any(|lesion| is(lesion) && sample.text == words(lesion)));
                    told += 1;
                }
            }
        }
        assert!(looked > 150 && against > 10 && told > 120 && neither > 5, "{looked} {against} {told} {neither}");
    }

    #[test]
    fn without_text_no_picture_is_described() {
        let config = TrainConfig { text: TextSource::None, ..TrainConfig::default() };
        let mut rng = Pcg64Mcg::seed_from_u64(3);
        assert!((0..100).all(|_| TeacherSample::of_two(&picture(), 0, &config, &mut rng).text.is_empty()));
    }
}
