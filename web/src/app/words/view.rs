//! The card of the description: its elements, and how they are brought in line with the state.

use fovea_shared::description::{Field, Modality, Phrase, Source};
use web_sys::{Document, HtmlButtonElement, HtmlCanvasElement, HtmlElement, HtmlSelectElement};

use super::{Words, chip_view::ChipView, describing::Describing, edit_effect, state::attention_to};
use crate::{
    app::{
        elements::{append, create_with, document, focus::focus_next, get, in_english, mark, set, set_text, window},
        model::{
            Model,
            named::Named,
            wording::{Wording, label},
        },
        status::numbers::{percent, sentences},
    },
    text::{self, Message, language, say},
};

/// The elements.
pub(super) struct Card {
    source: HtmlElement,
    edited: HtmlElement,
    confidence: HtmlElement,
    pick: HtmlElement,
    /// Which description is shown.
    pub choice: HtmlSelectElement,
    /// The chips.
    pub phrases: HtmlElement,
    sentence: HtmlElement,
    caveat: HtmlElement,
    remarks: HtmlElement,
    note: HtmlElement,
    /// Words of fields that nothing is said about.
    pub add: HtmlSelectElement,
    /// Asks for a description.
    pub again: HtmlButtonElement,
    again_text: HtmlElement,
    change: HtmlElement,
    change_what: HtmlElement,
    change_result: HtmlElement,
    /// Forgets the change.
    pub change_close: HtmlButtonElement,
    /// What the evaluation found about the use of text.
    verdict: HtmlElement,
    /// The legend on the stage.
    pub(super) legend: HtmlElement,
    legend_title: HtmlElement,
    legend_ramp: HtmlElement,
    legend_max: HtmlElement,
    legend_says: HtmlElement,
    legend_change: HtmlElement,
    peek: HtmlElement,
    peek_canvas: HtmlCanvasElement,
    peek_title: HtmlElement,
    chips: Vec<ChipView>,
    chips_of: Option<Modality>,
    choices: Vec<String>,
    addable: Vec<Field>,
}

/// What the card was last made from: image, revision of the inputs, number of answers, versions of
/// the descriptions and of the question, whether a change is shown, language.
pub(super) type Written = (u64, u64, u64, u64, u64, bool, &'static str);

impl Card {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub(super) fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            source: get(d, "description-source")?,
            edited: get(d, "description-edited")?,
            confidence: get(d, "description-confidence")?,
            pick: get(d, "description-pick")?,
            choice: get(d, "description-choice")?,
            phrases: get(d, "phrases")?,
            sentence: get(d, "sentence")?,
            caveat: get(d, "description-caveat")?,
            remarks: get(d, "description-remarks")?,
            note: get(d, "description-note")?,
            add: get(d, "add-phrase")?,
            again: get(d, "describe-again")?,
            again_text: get(d, "describe-again-text")?,
            change: get(d, "change")?,
            change_what: get(d, "change-what")?,
            change_result: get(d, "change-result")?,
            change_close: get(d, "change-close")?,
            verdict: get(d, "text-verdict")?,
            legend: get(d, "legend")?,
            legend_title: get(d, "legend-title")?,
            legend_ramp: get(d, "legend-ramp")?,
            legend_max: get(d, "legend-max")?,
            legend_says: get(d, "legend-says")?,
            legend_change: get(d, "legend-change")?,
            peek: get(d, "peek")?,
            peek_canvas: get(d, "peek-canvas")?,
            peek_title: get(d, "peek-title")?,
            chips: Vec::new(),
            chips_of: None,
            choices: Vec::new(),
            addable: Vec::new(),
        })
    }
}

impl Words {
    /// Brings the card in line with the model, if anything that it shows has changed.
    pub(super) fn refresh_card(&mut self, model: &Model) {
        let written = (
            model.image().unwrap_or_default(),
            model.inputs.revision(),
            model.found.answers,
            self.phrases.version,
            self.form.version,
            model.found.change.is_some(),
            language().code,
        );
        if self.written != Some(written) {
            if self.written.is_some_and(|former| former.6 != written.6) {
                self.card.forget_words();
            }
            self.written = Some(written);
            self.write_source(model);
            self.write_chips(model);
            self.write_texts(model);
            self.write_tools(model);
            self.write_change(model);
        }
    }

    fn write_source(&mut self, model: &Model) {
        let (wording, card) = (model.inputs.wording(), &mut self.card);
        let said = &wording.said().description;
        let own = said.is_empty() && said.source == Source::Clinician;
        let text = match (own, wording.touched(), self.phrases.describing) {
            (true, false, _) if model.found.unlike() => say!("description-unlike"),
            (true, false, Describing::First) if model.current.is_some() => say!("description-being-made"),
            (true, false, _) => say!("description-none"),
            (true, true, _) => say!("description-yours"),
            _ => edit_effect::source(&said.source),
        };
        set_text(&card.source, &text);
        set(&card.source, "data-source", &if own { String::new() } else { said.source.to_string() });
        card.edited.set_hidden(own || !wording.touched());
        let sure = if own { String::new() } else { edit_effect::confidence(said.confidence) };
        card.confidence.set_hidden(sure.is_empty());
        set_text(&card.confidence, &sure);
        mark(&card.confidence, "data-low", said.confidence < edit_effect::LOW_CONFIDENCE);

        // What is shown may have left the list since, and have come back by undo.
        let mut list = self.phrases.list.clone();
        if !own && !list.contains(wording.first()) {
            list.push(wording.first().clone());
        }
        let choices: Vec<String> = list.iter().map(|said| edit_effect::source(said.source())).collect();
        if card.choices != choices {
            card.choice.set_text_content(None);
            for (index, choice) in choices.iter().enumerate() {
                // A number distinguishes two answers of one model.
                let same = choices[..index].iter().filter(|c| *c == choice).count();
                let text = match same {
                    0 => choice.clone(),
                    _ => say!("description-again", source = choice, number = same + 1),
                };
                append(&card.choice, &create_with("option", &text, &[("value", &index.to_string())]));
            }
            card.choices = choices;
        }
        let shown = list.iter().position(|said| said == wording.first());
        card.choice.set_value(&shown.map_or(String::new(), |i| i.to_string()));
        card.pick.set_hidden(list.len() < 2);
    }

    fn write_chips(&mut self, model: &Model) {
        let modality = model.inputs.wording().modality();
        if self.card.chips_of != Some(modality) {
            let card = &mut self.card;
            card.phrases.set_text_content(None);
            card.chips = modality.fields().iter().map(|f| ChipView::build(*f, modality)).collect();
            card.chips.iter().for_each(|c| append(&card.phrases, &c.item));
            card.chips_of = Some(modality);
        }
        let had_focus = document().active_element();
        let mut lost = false;
        for view in &self.card.chips {
            let chip = model.inputs.wording().chip(view.field);
            let fixed = !model.offers(view.field);
            let why = if fixed { say!("phrase-fixed", field = text::field(view.field)) } else { String::new() };
            let about = match (chip, attention_to(model, view.field)) {
                (Some(_), Some(map)) => edit_effect::attention(map),
                (Some(chip), None) => edit_effect::no_attention(chip.told()),
                (None, _) => String::new(),
            };
            view.show(chip, &sentences([&about, &why]), &why);
            lost |= chip.is_none() && had_focus.as_ref().is_some_and(|e| view.item.contains(Some(e)));
        }
        mark(&self.card.phrases, "data-awaited", model.inputs.awaits_words());
        if lost {
            // The phrase is gone; the menu that brings it back is the nearest place. Focus is never lost to the page.
            focus_next(self.card.add.clone().into());
        }
    }

    fn write_texts(&self, model: &Model) {
        let (wording, card) = (model.inputs.wording(), &self.card);
        let told = wording.told();
        let sentence = match (told.is_empty(), wording.chips().next()) {
            _ if model.inputs.awaits_words() => say!("words-awaited"),
            (true, None) => String::new(),
            (true, Some(_)) => say!("told-nothing"),
            (false, _) => wording.sentence(),
        };
        set_text(&card.sentence, &sentence);
        let said = wording.said();
        let show = |element: &HtmlElement, text: &str| {
            set_text(element, text);
            element.set_hidden(text.is_empty());
        };
        show(&card.caveat, said.caveat.as_deref().unwrap_or_default());
        // Bundles and engines write in English; what is said of the answer of a visitor's own model is the page's.
        let come_with = model.current.as_ref().is_some_and(|c| c.descriptions.iter().any(|d| *d == **said));
        in_english(&card.caveat, come_with || !matches!(said.description.source, Source::Vlm(_)));
        let remarks = &said.description.free_text;
        show(&card.remarks, &if remarks.is_empty() { String::new() } else { say!("remarks", text = remarks) });
        let (conflict, note) = (wording.conflict(), &self.phrases.note);
        in_english(&card.note, conflict.is_none() && !note.is_empty() && matches!(note, Message::Plain(_)));
        let nothing = note.is_empty() && wording.from_looks() && wording.chips().next().is_none();
        let found = if model.found.unlike() {
            Some(say!("description-unlike"))
        } else {
            nothing.then(|| say!("description-nothing-there"))
        };
        show(&card.note, &conflict.or(found).unwrap_or_else(|| note.to_string()));
    }

    fn write_tools(&mut self, model: &Model) {
        let open = model.current.is_some();
        let card = &mut self.card;
        let offers = |field: &Field| model.manifest.as_ref().is_none_or(|manifest| manifest.offers(*field));
        let fields: Vec<Field> = model.inputs.wording().open_fields().filter(offers).collect();
        card.add.set_disabled(!open || fields.is_empty());
        if card.addable != fields || card.add.child_element_count() == 0 {
            fill_add(&card.add, &fields, model.inputs.wording());
            card.addable = fields;
        }
        card.add.set_value("");
        let unlike = model.found.unlike();
        card.again.set_disabled(!open || unlike || self.phrases.describing != Describing::No);
        let text = match self.phrases.describing {
            Describing::No => say!("describe-again"),
            _ if unlike => say!("describe-again"),
            _ => say!("describing"),
        };
        set_text(&card.again_text, &text);
        self.form.refresh(model);
    }

    fn write_change(&self, model: &Model) {
        let card = &self.card;
        let shown = model.edit.as_ref().zip(model.found.change.as_ref());
        card.change.set_hidden(shown.is_none());
        if let Some((edit, change)) = shown {
            set_text(&card.change_what, &edit_effect::edit(&edit.before, &model.inputs.given()));
            let dice = model.found.teacher.as_ref().and_then(|t| t.dice);
            set_text(&card.change_result, &edit_effect::result(change, dice));
        }
    }

    /// The legend on the stage: of attention while it is shown, else of a change.
    pub(super) fn refresh_legend(&self, model: &Model) {
        let card = &self.card;
        let attention = self.shown_attention(model);
        let gaze = model.edit.as_ref().is_some_and(|e| e.before.fixations != model.inputs.fixations());
        // That nothing is seen where the visitor looks is said there instead.
        let said = gaze && model.sees_nothing();
        let change = model.found.change.as_ref().filter(|c| edit_effect::noticeable(c) && !said);
        card.legend.set_hidden(attention.is_none() && change.is_none());
        card.legend_ramp.set_hidden(attention.is_none());
        card.legend_says.set_hidden(attention.is_none());
        card.legend_change.set_hidden(attention.is_some() || change.is_none());
        if let Some(map) = attention {
            let label = label(map.phrase.field(), Some(map.phrase.word()));
            set_text(&card.legend_title, &say!("legend-attention", phrase = &label));
            set_text(&card.legend_max, &percent(map.max));
            set_text(&card.legend_says, &edit_effect::attention(map));
            // The number is not parted from its sign on a narrow screen.
            let most = percent(map.max).replace(' ', "\u{a0}");
            set_text(&card.peek_title, &say!("peek", phrase = &label, most = most));
        } else if change.is_some() {
            set_text(&card.legend_title, &if gaze { say!("legend-change-gaze") } else { say!("legend-change") });
        }
    }
}

impl Card {
    /// What the evaluation found about the use of text.
    pub(super) fn write_verdict(&self, model: &Model) {
        let Some(manifest) = &model.manifest else { return };
        let verdict = &manifest.training.text_verdict;
        in_english(&self.verdict, verdict.is_some());
        set_text(&self.verdict, &verdict.clone().unwrap_or_else(|| say!("verdict-unmeasured")));
    }

    /// Forgets every word, so that it is written in the language that is spoken now.
    fn forget_words(&mut self) {
        self.chips_of = None;
        self.choices.clear();
        self.addable.clear();
        self.add.set_text_content(None);
    }
}

impl Words {
    /// While attention is shown and the stage is out of sight, as on a phone, the picture of the
    /// stage is shown once more beside the chips. Gives the canvas for it.
    pub fn peek(&self, model: &Model, stage_in_sight: bool) -> Option<&HtmlCanvasElement> {
        let card = &self.card;
        let needed = self.shown_attention(model).is_some() && !stage_in_sight;
        card.peek.set_hidden(!needed);
        if needed {
            // Never over the phrase that it is about.
            let field = self.phrases.pointed.or(self.phrases.focused);
            let chip = card.chips.iter().find(|c| Some(c.field) == field);
            let low = chip.is_some_and(|c| c.item.get_bounding_client_rect().top() < height() / 2.0);
            mark(&card.peek, "data-low", low);
        }
        needed.then_some(&card.peek_canvas)
    }
}

/// Fills the menu that adds phrases: a group a field.
fn fill_add(menu: &HtmlSelectElement, fields: &[Field], wording: &Wording) {
    menu.set_text_content(None);
    append(menu, &create_with("option", &say!("phrase-choose"), &[("value", "")]));
    for field in fields {
        let group = create_with("optgroup", "", &[("label", &text::field(*field))]);
        for phrase in Phrase::of(wording.modality(), *field) {
            let value = Named::from(phrase).to_string();
            append(&group, &create_with("option", &text::word(*field, Some(phrase.word())), &[("value", &value)]));
        }
        append(menu, &group);
    }
}

/// Height of the window, in CSS pixels.
fn height() -> f64 {
    window().inner_height().ok().and_then(|h| h.as_f64()).unwrap_or_default()
}
