//! The sentence under the image: its words open a list of the other words of their field.

use std::rc::Rc;

use fovea_shared::description::{Field, Modality, Phrase};
use web_sys::{Document, Element, Event, HtmlElement, PointerEvent};

use super::{
    listbox_view::WordMenu,
    parts::{append, html, on, set_text},
};
use crate::{
    app::model::sentence::{Piece, SentenceWord, order},
    text::{self, say},
};

/// With what a visitor points at a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointing {
    /// With the mouse.
    Pointer,
    /// With the keyboard.
    Keyboard,
}

/// The place of one field's word in the sentence. The elements stay when the words change, so that the keyboard stays where it is.
struct Slot {
    field: Field,
    before: HtmlElement,
    struck: HtmlElement,
    menu: WordMenu,
}

/// The sentence.
pub struct SentenceView {
    slots: Vec<Slot>,
    after: HtmlElement,
}

impl SentenceView {
    /// Makes the elements in `container`, in the place of what is in it, for descriptions of this modality and in the page's language:
    /// to be built again when either changes. `choose` is told the word that is chosen, `leave_out` the field that the teacher is not to
    /// read any more, `point` the field that is pointed at, or none any more. Nothing where the browser refuses.
    pub fn build(
        d: &Document,
        container: &Element,
        modality: Modality,
        choose: impl Fn(Phrase) + 'static,
        leave_out: impl Fn(Field) + 'static,
        point: impl Fn(Pointing, Option<Field>) + 'static,
    ) -> Option<Self> {
        container.set_text_content(None);
        let root: HtmlElement = html(d, "div", "", &[("class", "sentence")])?;
        let (choose, leave_out, point) = (Rc::new(choose), Rc::new(leave_out), Rc::new(point));
        let mut slots = Vec::new();
        for field in order(modality) {
            let phrases: Vec<Phrase> = Phrase::of(modality, field).collect();
            let labels = phrases.iter().map(|phrase| text::word(field, Some(phrase.word())));
            let options: Vec<String> = labels.chain([say!("word-leave-out")]).collect();
            let (choose, leave_out) = (choose.clone(), leave_out.clone());
            let menu = WordMenu::build(d, &format!("word-{}", field.name()), &options, move |place| {
                match phrases.get(place) {
                    Some(phrase) => choose(*phrase),
                    None => leave_out(field),
                }
            })?;
            let slot =
                Slot { field, before: html(d, "span", "", &[])?, struck: html(d, "s", "", &[("hidden", "")])?, menu };
            append(&root, &slot.before);
            append(&root, &slot.struck);
            append(&root, slot.menu.root());
            slot.listen(point.clone());
            slots.push(slot);
        }
        let after: HtmlElement = html(d, "span", "", &[])?;
        append(&root, &after);
        append(container, &root);
        let menus: Vec<WordMenu> = slots.iter().map(|slot| slot.menu.clone()).collect();
        // A finger beside the list takes the focus nowhere in some browsers. This listens as long as the page lives, as they all do.
        on(d, "pointerdown", move |event: Event| menus.iter().for_each(|menu| menu.close_unless_inside(&event)));
        Some(Self { slots, after })
    }

    /// Shows the pieces of a sentence of the modality that the view was built for. True if the keyboard was at a word that has gone, so
    /// that it has to go somewhere else.
    pub fn show(&self, pieces: &[Piece]) -> bool {
        let mut lost = false;
        let mut slots = self.slots.iter();
        let mut plain = String::new();
        for piece in pieces {
            let (field, text) = match piece {
                Piece::Plain(text) => {
                    plain += text;
                    continue;
                }
                Piece::Struck(field, text) => (*field, text),
                Piece::Word(word) => (word.phrase.field(), &word.text),
            };
            // Slots before that of the word have none.
            for slot in slots.by_ref() {
                if slot.field != field {
                    lost |= slot.clear();
                    continue;
                }
                set_text(&slot.before, &std::mem::take(&mut plain));
                lost |= slot.show(piece, text);
                break;
            }
        }
        for slot in slots {
            lost |= slot.clear();
        }
        set_text(&self.after, &plain);
        lost
    }
}

impl Slot {
    fn listen(&self, point: Rc<impl Fn(Pointing, Option<Field>) + 'static>) {
        let (root, field) = (self.menu.root(), self.field);
        let tell = point.clone();
        on(root, "pointerenter", move |event: PointerEvent| {
            if event.pointer_type() == "mouse" {
                tell(Pointing::Pointer, Some(field));
            }
        });
        let tell = point.clone();
        on(root, "pointerleave", move |event: PointerEvent| {
            if event.pointer_type() == "mouse" {
                tell(Pointing::Pointer, None);
            }
        });
        // A click focuses too; only the keyboard's focus counts, so that leaving with the mouse ends it.
        let (tell, within) = (point.clone(), root.clone());
        on(root, "focusin", move |_: Event| {
            let visible = within.query_selector(":focus-visible").ok().flatten().is_some();
            tell(Pointing::Keyboard, Some(field).filter(|_| visible));
        });
        on(root, "focusout", move |_: Event| point(Pointing::Keyboard, None));
    }

    fn show(&self, piece: &Piece, text: &str) -> bool {
        self.struck.set_hidden(!matches!(piece, Piece::Struck(..)));
        match piece {
            Piece::Word(word) => {
                self.menu.show(text, &label(word), place(word), word.on);
                false
            }
            _ => {
                set_text(&self.struck, text);
                self.menu.hide()
            }
        }
    }

    fn clear(&self) -> bool {
        set_text(&self.before, "");
        self.struck.set_hidden(true);
        self.menu.hide()
    }
}

/// What a screen reader calls the word.
fn label(word: &SentenceWord) -> String {
    let (field, said) = (text::field(word.phrase.field()), text::word(word.phrase.field(), Some(word.phrase.word())));
    if word.on { say!("chip", field = field, word = said) } else { say!("word-not-read", field = field, word = said) }
}

/// The place of the option that holds: the word, or the last one where the word is left out.
fn place(word: &SentenceWord) -> Option<usize> {
    let mut words = Phrase::of(word.phrase.modality(), word.phrase.field());
    if word.on { words.position(|phrase| phrase == word.phrase) } else { Some(words.count()) }
}
