//! What the page says: the status line, the message over the stage, what it is waiting for.

pub mod numbers;
pub mod sentences;

use web_sys::{Document, HtmlButtonElement, HtmlElement};

use super::{
    elements::{document, events::click, get, in_english, set, set_text},
    model::{Handle, Model},
};
use crate::text::{Message, say};

/// The feature.
pub struct Status {
    line: HtmlElement,
    message: HtmlElement,
    message_text: HtmlElement,
    message_close: HtmlButtonElement,
    loading: HtmlElement,
    loading_text: HtmlElement,
    said: String,
}

impl Status {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            line: get(d, "status")?,
            message: get(d, "message")?,
            message_text: get(d, "message-text")?,
            message_close: get(d, "message-close")?,
            loading: get(d, "loading")?,
            loading_text: get(d, "loading-text")?,
            said: String::new(),
        })
    }

    /// Listens to the visitor.
    pub fn listen(&self, handle: &Handle<Self>) {
        click(handle, &self.message_close, |_, model| model.close_message());
    }

    /// The message that is shown.
    pub fn message(&self) -> Option<String> {
        self.message_text.text_content().filter(|text| !text.is_empty())
    }

    /// Brings the elements in line with the model.
    pub fn refresh(&mut self, model: &Model) {
        if let Some(root) = document().document_element() {
            set(&root, "data-state", model.phase_name());
        }
        // `index.html` has said something before.
        if self.said != model.status {
            self.said.clone_from(&model.status);
            set_text(&self.line, &self.said);
        }
        let message = &model.notice.message;
        // An alert speaks when its text appears in it, so it must be visible first.
        self.message.set_hidden(message.is_empty());
        in_english(&self.message_text, matches!(message, Message::Plain(text) if !text.is_empty()));
        set_text(&self.message_text, &message.to_string());
        self.loading.set_hidden(!model.loading);
        if model.loading && model.manifest.is_some() {
            set_text(&self.loading_text, &say!("loading-check"));
        }
    }
}
