//! The question to the visitor's own model: its form, when it may be sent, what becomes of the answer.

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
    Page,
    dom::{get, set_text},
    effect,
    input::on,
    panels,
    state::App,
    vlm::{self, Question, Stop},
};
use crate::{
    clock::now_ms,
    errors,
    text::{Message, message, say},
};

/// The question that is out, if one is, and what is to be said about the last one.
#[derive(Default)]
pub struct Ask {
    running: Option<Running>,
    said: Message,
    /// Grows with every change, so that the card knows when to be written anew.
    pub version: u64,
}

struct Running {
    image: u64,
    stop: Stop,
    since: f64,
}

impl Ask {
    /// Whether a question is out.
    pub fn running(&self) -> bool {
        self.running.is_some()
    }

    fn say(&mut self, said: Message) {
        self.said = said;
        self.version += 1;
    }
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

/// Listens to the form.
///
/// # Errors
/// Names the element that `index.html` lacks.
pub(super) fn listen(page: &Page) -> Result<(), String> {
    let form = page.read(|app| Form::find(&app.dom.document))?;
    let of = page.clone();
    on(&form.form, "submit", move |event: Event| {
        event.prevent_default();
        of.ask_model();
    });
    let of = page.clone();
    on(&form.cancel, "click", move |_: Event| {
        of.update(|app| {
            if let Some(running) = &app.ask.running {
                running.stop.cancel();
            }
        });
    });
    // Leave is given for one address and not for the next.
    let (base, agree, far) = (form.base.clone(), form.agree.clone(), form.far.clone());
    let of = page.clone();
    on(&base, "input", move |_: Event| {
        agree.set_checked(false);
        let address = of.read(|app| Form::find(&app.dom.document).ok().and_then(|f| f.address().ok()));
        far.set_hidden(address.is_some_and(|a| a.is_loopback()));
    });
    Ok(())
}

impl Page {
    /// Sends the form.
    fn ask_model(&self) {
        let Some((image, question, stop)) = self.update(App::prepare_question) else { return };
        let page = self.clone();
        spawn_local(async move {
            let answer = vlm::ask(&question, &stop).await;
            page.update(|app| app.answered_by_model(image, &question.server, answer));
        });
    }
}

impl App {
    /// The question that the form asks; `None` where it cannot be asked, and the form says why.
    fn prepare_question(&mut self) -> Option<(u64, Question, Stop)> {
        let prepared = self.question();
        match prepared {
            Ok((image, question)) => {
                let stop = Stop::default();
                self.ask.running = Some(Running { image, stop: stop.clone(), since: now_ms() });
                self.ask.say(message!("ask-waiting", server = question.server.to_string()));
                self.note_sending(&question.server);
                Some((image, question, stop))
            }
            Err(why) => {
                self.ask.say(why);
                None
            }
        }
    }

    fn question(&self) -> Result<(u64, Question), Message> {
        let form = Form::find(&self.dom.document)?;
        let current = self.current.as_ref().ok_or_else(|| message!("ask-no-image"))?;
        if self.ask.running() {
            return Err(message!("ask-busy"));
        }
        let server = form.address()?;
        if !server.is_loopback() && !form.agree.checked() {
            form.far.set_hidden(false);
            return Err(message!("ask-far", server = server.to_string()));
        }
        let picture = self.stage.jpeg(MAX_SENT_SIDE)?;
        let gaze = GazeHint::text(&Scanpath { fixations: self.inputs.fixations().to_vec() });
        let question = Question {
            server,
            model: form.model.value().trim().into(),
            key: form.key.value(),
            modality: self.modality(),
            picture,
            gaze,
        };
        Ok((current.request.image, question))
    }

    /// Forgets what was typed, and a question that is out.
    pub(super) fn forget_question(&mut self) {
        if let Some(running) = &self.ask.running {
            running.stop.cancel();
        }
        let Ok(form) = Form::find(&self.dom.document) else { return };
        for input in [&form.base, &form.model, &form.key] {
            input.set_value(&input.get_attribute("value").unwrap_or_default());
        }
        form.agree.set_checked(false);
        form.far.set_hidden(true);
    }

    /// The label of an own image says that it stays in this tab; from now on it did not.
    fn note_sending(&mut self, server: &Address) {
        if let Some(current) = self.current.as_mut().filter(|c| c.origin.case.is_none()) {
            current.origin.labels[0] = message!("image-own-sent", server = server.to_string());
            panels::origin(&self.dom, &current.origin, self.found.size);
        }
    }

    fn answered_by_model(&mut self, image: u64, server: &Address, answer: Result<Description, Message>) {
        let took = self.ask.running.take_if(|r| r.image == image).map_or(0.0, |r| now_ms() - r.since);
        match answer {
            Ok(description) => {
                let model = match &description.source {
                    Source::Vlm(model) => model.clone(),
                    other => effect::source(other),
                };
                let gone = self.current.as_ref().is_none_or(|c| c.request.image != image);
                let said = effect::answered(&model, took);
                self.ask.say(match (gone, description.is_empty()) {
                    (true, _) => message!("two-sentences", first = said, second = message!("ask-answer-late")),
                    (_, true) => message!("two-sentences", first = said, second = message!("ask-answer-empty")),
                    _ => said,
                });
                if !gone {
                    let caveat = Some(say!("ask-caveat", model = model, server = server.to_string()));
                    self.take_answer(image, CaseDescription { description, caveat });
                }
            }
            Err(why) => self.ask.say(why),
        }
    }

    /// Brings the form in line with the state.
    pub(super) fn refresh_ask(&self) {
        let Ok(form) = Form::find(&self.dom.document) else { return };
        form.go.set_disabled(self.current.is_none() || self.ask.running());
        form.cancel.set_hidden(!self.ask.running());
        set_text(&form.status, &self.ask.said.to_string());
    }
}
