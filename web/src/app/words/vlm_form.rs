//! The question to the visitor's own model: its form, when it may be sent, what becomes of the answer.

use std::rc::Rc;

use fovea_shared::{
    bundle::CaseDescription,
    description::{
        Description, Source,
        vlm::{Address, GazeHint, MAX_SENT_SIDE},
    },
    gaze::Scanpath,
};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, Event, HtmlButtonElement, HtmlElement, HtmlInputElement};

use super::{
    Words, edit_effect,
    vlm_client::{self, Question, Stop},
};
use crate::{
    app::{
        elements::{
            events::{click, on},
            get, set_text,
        },
        model::{Handle, Model},
    },
    clock::now_ms,
    errors,
    text::{Message, message, say},
};

/// The form, the question that is out, if one is, and what is to be said about the last one.
pub(super) struct VlmForm {
    form: Form,
    running: Option<Running>,
    said: Message,
    /// Grows with every change, so that the card knows when to be written again.
    pub(super) version: u64,
}

/// Makes a JPEG of the open image in a `data:` address, no side above so many pixels. Called while
/// the app is free.
pub type Picture = Rc<dyn Fn(u32) -> Result<String, Message>>;

struct Running {
    image: u64,
    stop: Stop,
    since: f64,
}

/// The elements of the form.
struct Form {
    form: HtmlElement,
    base: HtmlInputElement,
    model: HtmlInputElement,
    key: HtmlInputElement,
    far: HtmlElement,
    agree: HtmlInputElement,
    go: HtmlButtonElement,
    cancel: HtmlButtonElement,
    status: HtmlElement,
}

impl Form {
    fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            form: get(d, "ask-form")?,
            base: get(d, "ask-base")?,
            model: get(d, "ask-model")?,
            key: get(d, "ask-key")?,
            far: get(d, "ask-far")?,
            agree: get(d, "ask-agree")?,
            go: get(d, "ask-go")?,
            cancel: get(d, "ask-cancel")?,
            status: get(d, "ask-status")?,
        })
    }

    /// The address, where it is one, with the path that a chat interface has where none is given.
    fn address(&self) -> Result<Address, Message> {
        Address::parse(self.base.value().trim()).map_err(errors::address)
    }
}

impl VlmForm {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub(super) fn find(d: &Document) -> Result<Self, String> {
        Ok(Self { form: Form::find(d)?, running: None, said: Message::default(), version: 0 })
    }

    /// Whether a question is out.
    pub(super) fn running(&self) -> bool {
        self.running.is_some()
    }

    fn say(&mut self, said: Message) {
        self.said = said;
        self.version += 1;
    }

    /// Listens to the form; `picture` gives the picture that is sent.
    pub(super) fn listen(&self, handle: &Handle<Words>, picture: Picture) {
        let of = handle.clone();
        on(&self.form.form, "submit", move |event: Event| {
            event.prevent_default();
            send(&of, picture(MAX_SENT_SIDE));
        });
        click(handle, &self.form.cancel, |words, _| words.form.cancel());
        // Leave is given for one address and not for the next.
        let of = handle.clone();
        on(&self.form.base, "input", move |_: Event| {
            of.read(|words, _| {
                let form = &words.form.form;
                form.agree.set_checked(false);
                form.far.set_hidden(form.address().is_ok_and(|a| a.is_loopback()));
            });
        });
    }

    fn cancel(&self) {
        if let Some(running) = &self.running {
            running.stop.cancel();
        }
    }

    fn question(&self, model: &Model, picture: Result<String, Message>) -> Result<(u64, Question), Message> {
        let form = &self.form;
        let image = model.image().ok_or_else(|| message!("ask-no-image"))?;
        if self.running() {
            return Err(message!("ask-busy"));
        }
        let server = form.address()?;
        if !server.is_loopback() && !form.agree.checked() {
            form.far.set_hidden(false);
            return Err(message!("ask-far", server = server.to_string()));
        }
        let gaze = GazeHint::text(&Scanpath { fixations: model.inputs.fixations().to_vec() });
        let question = Question {
            server,
            model: form.model.value().trim().into(),
            key: form.key.value(),
            modality: model.modality(),
            picture: picture?,
            gaze,
        };
        Ok((image, question))
    }

    /// Forgets what was typed, and a question that is out.
    pub(super) fn forget(&self) {
        self.cancel();
        let form = &self.form;
        for input in [&form.base, &form.model, &form.key] {
            input.set_value(&input.get_attribute("value").unwrap_or_default());
        }
        form.agree.set_checked(false);
        form.far.set_hidden(true);
    }

    /// Brings the form in line with the state.
    pub(super) fn refresh(&self, model: &Model) {
        self.form.go.set_disabled(model.current.is_none() || self.running());
        self.form.cancel.set_hidden(!self.running());
        set_text(&self.form.status, &self.said.to_string());
    }
}

/// Sends the form.
fn send(handle: &Handle<Words>, picture: Result<String, Message>) {
    let prepared = handle.update(|words, model| words.prepare_question(model, picture));
    let Some((image, question, stop)) = prepared else { return };
    let handle = handle.clone();
    spawn_local(async move {
        let answer = vlm_client::ask(&question, &stop).await;
        handle.update(|words, model| words.answered(model, image, &question.server, answer));
    });
}

impl Words {
    /// The question that the form asks; `None` where it cannot be asked, and the form says why.
    fn prepare_question(
        &mut self,
        model: &mut Model,
        picture: Result<String, Message>,
    ) -> Option<(u64, Question, Stop)> {
        match self.form.question(model, picture) {
            Ok((image, question)) => {
                let stop = Stop::default();
                self.form.running = Some(Running { image, stop: stop.clone(), since: now_ms() });
                self.form.say(message!("ask-waiting", server = question.server.to_string()));
                note_sending(model, &question.server);
                Some((image, question, stop))
            }
            Err(why) => {
                self.form.say(why);
                None
            }
        }
    }

    fn answered(&mut self, model: &mut Model, image: u64, server: &Address, answer: Result<Description, Message>) {
        let took = self.form.running.take_if(|r| r.image == image).map_or(0.0, |r| now_ms() - r.since);
        match answer {
            Ok(description) => {
                let name = match &description.source {
                    Source::Vlm(name) => name.clone(),
                    other => edit_effect::source(other),
                };
                let gone = !model.is_open(image);
                let said = edit_effect::answered(&name, took);
                self.form.say(match (gone, description.is_empty()) {
                    (true, _) => message!("two-sentences", first = said, second = message!("ask-answer-late")),
                    (_, true) => message!("two-sentences", first = said, second = message!("ask-answer-empty")),
                    _ => said,
                });
                if !gone {
                    let caveat = Some(say!("ask-caveat", model = name, server = server.to_string()));
                    self.take_answer(model, image, CaseDescription { description, caveat });
                }
            }
            Err(why) => self.form.say(why),
        }
    }
}

/// The label of an own image says that it stays in this tab; from now on it did not.
fn note_sending(model: &mut Model, server: &Address) {
    if let Some(current) = model.current.as_mut().filter(|c| c.origin.case.is_none()) {
        current.origin.labels[0] = message!("image-own-sent", server = server.to_string());
    }
}
