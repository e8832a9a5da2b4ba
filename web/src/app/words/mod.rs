//! The words that the teacher reads: the description of the open image, what the visitor changes of
//! it, and the question to a model of the visitor's own.

pub mod answers;
pub mod answers_view;
pub mod attention;
pub mod attention_view;
mod chip_view;
mod controls;
pub mod describing;
pub mod edit_effect;
mod events;
pub mod listbox;
pub mod listbox_view;
mod parts;
pub mod place_grid;
pub mod place_grid_view;
pub mod sentence_view;
pub mod size_slider;
pub mod size_slider_view;
pub mod state;
mod view;
mod vlm_client;
mod vlm_form;

use fovea_shared::bundle::CaseDescription;
use web_sys::Document;

use super::model::{Handle, Model};
use attention::AttentionWish;
use controls::Controls;
use events::Held;
use state::Phrases;
use view::{Card, Written};
pub use vlm_form::Picture;
use vlm_form::VlmForm;

/// The feature.
pub struct Words {
    /// The descriptions of the open image, and what is shown of them.
    pub phrases: Phrases,
    card: Card,
    form: VlmForm,
    controls: Controls,
    /// Whether, and of which word, attention is to be seen.
    attention: AttentionWish,
    held: Held,
    written: Option<Written>,
    handle: Option<Handle<Self>>,
}

impl Words {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            phrases: Phrases::default(),
            card: Card::find(d)?,
            form: VlmForm::find(d)?,
            controls: Controls::find(d)?,
            attention: AttentionWish::default(),
            held: Held::default(),
            written: None,
            handle: None,
        })
    }

    /// Listens to the visitor; `picture` gives the picture that a model of the visitor's is sent.
    pub fn listen(&mut self, handle: &Handle<Self>, picture: Picture) {
        self.handle = Some(handle.clone());
        events::listen(self, handle);
        self.form.listen(handle, picture);
    }

    /// Another image, with the descriptions that it comes with.
    pub fn open(&mut self, descriptions: &[CaseDescription]) {
        self.phrases.reset(descriptions);
    }

    /// Whether a question to the visitor's own model is out.
    pub fn asking(&self) -> bool {
        self.form.running()
    }

    /// Forgets what was typed into the form, and a question that is out.
    pub fn forget_question(&self) {
        self.form.forget();
    }

    /// Brings the elements in line with the model.
    pub fn refresh(&mut self, model: &Model) {
        self.card.write_verdict(model);
        self.refresh_legend(model);
        self.refresh_card(model);
        self.refresh_controls(model);
    }

    /// Whether the legend of attention or of a change lies on the stage.
    pub fn legend_shown(&self) -> bool {
        !self.card.legend.hidden()
    }
}
