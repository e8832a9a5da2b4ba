//! The card of the description: its elements, and how they are brought in line with the state.

use fovea_shared::description::{Field, Modality, Source};
use web_sys::{Document, HtmlButtonElement, HtmlCanvasElement, HtmlElement};

use super::{
    chip_view::{ChipView, element},
    describing::Describing,
    dom::{Dom, Select, append, get, mark, set, set_text},
    effect, panels,
    state::App,
    wording::Wording,
    words,
};
use crate::text::{self, Message, say};

/// The elements.
pub struct Card {
    source: HtmlElement,
    edited: HtmlElement,
    confidence: HtmlElement,
    pick: HtmlElement,
    /// Which description is shown.
    pub choice: Select,
    /// The chips.
    pub phrases: HtmlElement,
    sentence: HtmlElement,
    caveat: HtmlElement,
    remarks: HtmlElement,
    note: HtmlElement,
    /// Words of fields that nothing is said about.
    pub add: Select,
    /// Asks for a description.
    pub again: HtmlButtonElement,
    again_text: HtmlElement,
    change: HtmlElement,
    change_what: HtmlElement,
    change_result: HtmlElement,
    /// Forgets the change.
    pub change_close: HtmlButtonElement,
    /// What the evaluation found about the use of text.
    pub verdict: HtmlElement,
    /// The legend on the stage.
    pub legend: HtmlElement,
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

/// What the card was last made from: image, revision of the inputs, looks, version of the descriptions, of the question.
pub(super) type Stand = (u64, u64, u64, u64, u64, bool);

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

impl App {
    /// Forgets every word on the card, so that it is written anew, in the language that is spoken now.
    pub(super) fn forget_card(&mut self) {
        self.written = None;
        let card = &mut self.dom.card;
        card.chips_of = None;
        card.choices.clear();
        card.addable.clear();
        card.add.set_text_content(None);
    }

    /// Brings the card in line with the state, if anything that it shows has changed.
    pub(super) fn refresh_card(&mut self) {
        let image = self.current.as_ref().map_or(0, |c| c.request.image);
        let stand = (
            image,
            self.inputs.revision(),
            self.found.looks,
            self.phrases.version,
            self.ask.version,
            self.found.change.is_some(),
        );
        if self.written != Some(stand) {
            self.written = Some(stand);
            self.write_source();
            self.write_chips();
            self.write_texts();
            self.write_tools();
            self.write_change();
        }
    }

    fn write_source(&mut self) {
        let (wording, card) = (self.inputs.wording(), &mut self.dom.card);
        let said = &wording.said().description;
        let own = said.is_empty() && said.source == Source::Clinician;
        let text = match (own, wording.touched(), self.phrases.describing) {
            (true, false, Describing::First) if self.current.is_some() => say!("description-being-made"),
            (true, false, _) => say!("description-none"),
            (true, true, _) => say!("description-yours"),
            _ => effect::source(&said.source),
        };
        set_text(&card.source, &text);
        set(&card.source, "data-source", &if own { String::new() } else { said.source.to_string() });
        card.edited.set_hidden(own || !wording.touched());
        let sure = if own { String::new() } else { effect::confidence(said.confidence) };
        card.confidence.set_hidden(sure.is_empty());
        set_text(&card.confidence, &sure);
        mark(&card.confidence, "data-low", said.confidence < effect::LOW_CONFIDENCE);

        // What is shown may have left the list since, and have come back by undo.
        let mut list = self.phrases.list.clone();
        if !own && !list.contains(wording.first()) {
            list.push(wording.first().clone());
        }
        let choices: Vec<String> = list.iter().map(|said| effect::source(said.source())).collect();
        if card.choices != choices {
            card.choice.set_text_content(None);
            for (index, choice) in choices.iter().enumerate() {
                // Two answers of one model are told apart by a number.
                let same = choices[..index].iter().filter(|c| *c == choice).count();
                let text = match same {
                    0 => choice.clone(),
                    _ => say!("description-again", source = choice, number = same + 1),
                };
                if let Some(option) = element(&self.dom.document, "option", &text, &[("value", &index.to_string())]) {
                    append(&card.choice, &option);
                }
            }
            card.choices = choices;
        }
        let shown = list.iter().position(|said| said == wording.first());
        card.choice.set_value(&shown.map_or(String::new(), |i| i.to_string()));
        card.pick.set_hidden(list.len() < 2);
    }

    fn write_chips(&mut self) {
        let modality = self.inputs.wording().modality();
        if self.dom.card.chips_of != Some(modality) {
            let (d, card) = (&self.dom.document, &mut self.dom.card);
            card.phrases.set_text_content(None);
            card.chips = modality.fields().iter().filter_map(|f| ChipView::build(d, *f, modality)).collect();
            card.chips.iter().for_each(|c| append(&card.phrases, &c.item));
            card.chips_of = Some(modality);
        }
        let had_focus = self.dom.document.active_element();
        let mut lost = false;
        for view in &self.dom.card.chips {
            let chip = self.inputs.wording().chip(view.field);
            let fixed = !self.offers(view.field);
            let why = if fixed { say!("phrase-fixed", field = text::field(view.field)) } else { String::new() };
            let about = match (chip, self.attention_to(view.field)) {
                (Some(_), Some(map)) => effect::attention(map),
                (Some(chip), None) => effect::no_attention(chip.told()),
                (None, _) => String::new(),
            };
            view.show(chip, &words::sentences([&about, &why]), &why);
            lost |= chip.is_none() && had_focus.as_ref().is_some_and(|e| view.item.contains(Some(e)));
        }
        mark(&self.dom.card.phrases, "data-awaited", self.inputs.awaits_words());
        if lost {
            // The phrase is gone; the menu that brings it back is the nearest place. Focus is never lost to the page.
            self.focus_next = Some(self.dom.card.add.clone().into());
        }
    }

    fn write_texts(&self) {
        let (wording, card) = (self.inputs.wording(), &self.dom.card);
        let told = wording.told();
        let sentence = match (told.is_empty(), wording.chips().next()) {
            _ if self.inputs.awaits_words() => say!("words-awaited"),
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
        let come_with = self.current.as_ref().is_some_and(|c| c.descriptions.iter().any(|d| *d == **said));
        panels::in_english(&card.caveat, come_with || !matches!(said.description.source, Source::Vlm(_)));
        let remarks = &said.description.free_text;
        show(&card.remarks, &if remarks.is_empty() { String::new() } else { say!("remarks", text = remarks) });
        let (conflict, note) = (wording.conflict(), &self.phrases.note);
        panels::in_english(&card.note, conflict.is_none() && !note.is_empty() && matches!(note, Message::Plain(_)));
        let nothing = note.is_empty() && wording.from_looks() && wording.chips().next().is_none();
        let found = nothing.then(|| say!("description-nothing-there"));
        show(&card.note, &conflict.or(found).unwrap_or_else(|| note.to_string()));
    }

    fn write_tools(&mut self) {
        let open = self.current.is_some();
        let card = &mut self.dom.card;
        let offers = |field: &Field| self.manifest.as_ref().is_none_or(|manifest| manifest.offers(*field));
        let fields: Vec<Field> = self.inputs.wording().open_fields().filter(offers).collect();
        card.add.set_disabled(!open || fields.is_empty());
        if card.addable != fields || card.add.child_element_count() == 0 {
            fill_add(&self.dom.document, &card.add, &fields, self.inputs.wording());
            card.addable = fields;
        }
        card.add.set_value("");
        card.again.set_disabled(!open || self.phrases.describing != Describing::No);
        let text = match self.phrases.describing {
            Describing::No => say!("describe-again"),
            _ => say!("describing"),
        };
        set_text(&card.again_text, &text);
        self.refresh_ask();
    }

    fn write_change(&self) {
        let card = &self.dom.card;
        let shown = self.phrases.edit.as_ref().zip(self.found.change.as_ref());
        card.change.set_hidden(shown.is_none());
        if let Some((edit, change)) = shown {
            set_text(&card.change_what, &effect::edit(&edit.before, &self.inputs.text()));
            let dice = self.found.teacher.as_ref().and_then(|t| t.dice);
            set_text(&card.change_result, &effect::result(change, dice));
        }
    }

    /// The legend on the stage: of attention while it is shown, else of a change.
    pub(super) fn refresh_legend(&self) {
        let card = &self.dom.card;
        let attention = self.shown_attention();
        let change = self.found.change.as_ref().filter(|c| effect::noticeable(c));
        card.legend.set_hidden(attention.is_none() && change.is_none());
        card.legend_ramp.set_hidden(attention.is_none());
        card.legend_says.set_hidden(attention.is_none());
        card.legend_change.set_hidden(attention.is_some() || change.is_none());
        if let Some(map) = attention {
            let chip = Field::from_name(&map.field).and_then(|f| self.inputs.wording().chip(f));
            let label = chip.map(|c| c.label()).unwrap_or_default();
            set_text(&card.legend_title, &say!("legend-attention", phrase = &label));
            set_text(&card.legend_max, &words::percent(map.max));
            set_text(&card.legend_says, &effect::attention(map));
            // The number is not parted from its sign on a narrow screen.
            let most = words::percent(map.max).replace(' ', "\u{a0}");
            set_text(&card.peek_title, &say!("peek", phrase = &label, most = most));
        } else if change.is_some() {
            set_text(&card.legend_title, &say!("legend-change"));
        }
    }

    /// While attention is shown and the stage is out of sight, as on a phone, the image is shown once more beside the chips.
    pub(super) fn refresh_peek(&self) {
        let card = &self.dom.card;
        let needed = self.shown_attention().is_some() && !self.dom.in_sight();
        card.peek.set_hidden(!needed);
        if needed {
            // Never over the phrase that it is about.
            let field = self.phrases.pointed.or(self.phrases.focused);
            let chip = card.chips.iter().find(|c| Some(c.field) == field);
            let low = chip.is_some_and(|c| c.item.get_bounding_client_rect().top() < height() / 2.0);
            mark(&card.peek, "data-low", low);
            self.stage.copy_to(&card.peek_canvas);
        }
    }
}

/// Fills the menu that adds phrases: a group a field.
fn fill_add(d: &Document, menu: &Select, fields: &[Field], wording: &Wording) {
    menu.set_text_content(None);
    let first = element(d, "option", &say!("phrase-choose"), &[("value", "")]);
    first.iter().for_each(|o| append(menu, o));
    for field in fields {
        let Some(group) = element(d, "optgroup", "", &[("label", &text::field(*field))]) else { continue };
        for word in field.words(wording.modality()) {
            let value = format!("{} {}", field.name(), word.name);
            let option = element(d, "option", &text::word(*field, Some(word)), &[("value", &value)]);
            option.iter().for_each(|o| append(&group, o));
        }
        append(menu, &group);
    }
}

/// Height of the window, in CSS pixels.
fn height() -> f64 {
    super::dom::window().inner_height().ok().and_then(|h| h.as_f64()).unwrap_or_default()
}

impl Dom {
    /// Whether most of the stage is on the screen.
    fn in_sight(&self) -> bool {
        let rect = self.stage.get_bounding_client_rect();
        let seen = rect.bottom().min(height()) - rect.top().max(0.0);
        seen > 0.6 * rect.height().min(height())
    }
}
