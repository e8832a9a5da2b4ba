//! The controls under the sentence's own words: the sentence, the size, the place, attention on
//! request, and a model's answer beside the measured words.

use fovea_shared::description::{Field, Modality, Source};
use web_sys::{Document, HtmlElement};

use super::{
    Words,
    answers::Answers,
    answers_view, attention_view,
    place_grid_view::PlaceGrid,
    sentence_view::{Pointing, SentenceView},
    size_slider_view::SizeSlider,
};
use crate::{
    app::{
        canvas::frame::Frame,
        elements::{document, get},
        model::{Handle, Model, choice::Choice, sentence::pieces},
    },
    text::language,
};

/// What the controls were built for: kind of image and language.
type Built = (Modality, &'static str);

/// The containers, and what was built into them.
pub(super) struct Controls {
    sentence_box: HtmlElement,
    size_box: HtmlElement,
    place_box: HtmlElement,
    attention_box: HtmlElement,
    answers_box: HtmlElement,
    stage: HtmlElement,
    sentence: Option<SentenceView>,
    size: Option<SizeSlider>,
    place: Option<PlaceGrid>,
    built: Option<Built>,
    /// Version of the descriptions that the model's answer was last written of.
    answered: Option<(u64, &'static str)>,
}

impl Controls {
    pub(super) fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            sentence_box: get(d, "words-sentence")?,
            size_box: get(d, "words-size")?,
            place_box: get(d, "words-place")?,
            attention_box: get(d, "words-attention")?,
            answers_box: get(d, "words-answers")?,
            stage: get(d, "stage")?,
            sentence: None,
            size: None,
            place: None,
            built: None,
            answered: None,
        })
    }

    fn build(&mut self, built: Built, handle: &Handle<Words>) {
        if self.built == Some(built) {
            return;
        }
        self.built = Some(built);
        let (d, modality) = (document(), built.0);
        if let Some(former) = self.place.take() {
            former.remove();
        }
        let choose = |of: Handle<Words>| {
            move |phrase: fovea_shared::description::Phrase| {
                of.update(|words, model| words.choose_word(model, phrase.into()));
            }
        };
        let (of, leave, point) = (handle.clone(), handle.clone(), handle.clone());
        self.sentence = SentenceView::build(
            &d,
            &self.sentence_box,
            modality,
            choose(of.clone()),
            move |field| leave.update(|words, model| words.choose_word(model, Choice::Nothing(field))),
            move |how, field| {
                // Nothing to be drawn where attention is not asked for.
                let shown = point.visit(|words, _| {
                    match how {
                        Pointing::Pointer => words.attention.point(field),
                        Pointing::Keyboard => words.attention.focus(field),
                    }
                    words.attention.on()
                });
                if shown == Some(true) {
                    point.update(|_, _| ());
                }
            },
        );
        self.size = SizeSlider::build(&d, &self.size_box, modality, choose(of.clone()));
        self.place = PlaceGrid::build(&d, &self.place_box, &self.stage, modality, choose(of.clone()));
        drop(attention_view::build(&d, &self.attention_box, move |on| {
            of.update(|words, _| words.attention.switch(on));
        }));
    }
}

impl Words {
    /// Brings the controls in line with the model.
    pub(super) fn refresh_controls(&mut self, model: &Model) {
        let Some(handle) = self.handle.clone() else { return };
        let wording = model.inputs.wording();
        self.controls.build((model.modality(), language().code), &handle);
        let free = model.current.is_some() && !model.inputs.awaits_words();
        // Only words with a measured effect can be pressed; the others are under "more".
        let steers = |field: Field| model.manifest.as_ref().is_some_and(|manifest| manifest.steers(field));
        let offered = |field: Field| model.current.is_some() && steers(field);
        let on = |field: Field| wording.chip(field).is_some_and(|chip| chip.told());
        let (words, controls) = (wording.words(), &self.controls);
        if let Some(sentence) = &controls.sentence {
            let lost = sentence.show(&pieces(&words, |field| offered(field) && free, on));
            if lost {
                crate::app::elements::focus::focus_next(self.card.add.clone().into());
            }
        }
        if let Some(size) = &controls.size {
            size.show(wording.word(Field::Size), on(Field::Size), offered(Field::Size), free);
        }
        if let Some(place) = &controls.place {
            place.show(wording.word(Field::Location), on(Field::Location), offered(Field::Location) && free);
            if place.is_open() {
                let size = (f64::from(controls.stage.client_width()), f64::from(controls.stage.client_height()));
                place.lay(&Frame::fit(size, model.found.size));
            }
        }
        let answered = Some((self.phrases.version, language().code));
        if self.controls.answered != answered {
            self.controls.answered = answered;
            self.write_answers(model);
        }
    }

    /// What a language model wrote of the open case beside what was measured of it.
    fn write_answers(&self, model: &Model) {
        let at = &self.controls.answers_box;
        at.set_text_content(None);
        let measured = self.phrases.list.iter().find(|said| *said.source() == Source::Measured);
        let descriptions = model.current.as_ref().map(|current| current.descriptions.as_slice()).unwrap_or_default();
        let answers = measured.and_then(|said| Answers::find(&said.what.description, descriptions));
        at.set_hidden(answers.is_none());
        if let Some(answers) = answers {
            // Where the browser refuses elements, the table is missing.
            let _ = answers_view::show(&document(), at, &answers);
        }
    }
}
