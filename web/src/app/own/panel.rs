//! The elements of the collection, and what they say.

use web_sys::{Document, Element, HtmlButtonElement, HtmlElement, HtmlInputElement};

use super::{Own, keeping::Trouble};
use crate::app::collection::{
    item::{Mark, Verdict},
    record::Ago,
    refusal,
    work::MOST_TAUGHT,
};
use crate::{
    app::{
        elements::{get, mark, set, set_text},
        model::Model,
        teach::state::Phase,
    },
    text::{Message, message, say},
};

/// The elements.
pub(super) struct Panel {
    pub(super) tab: HtmlElement,
    pub(super) open: HtmlButtonElement,
    stored: HtmlElement,
    stored_text: HtmlElement,
    pub(super) stored_go: HtmlButtonElement,
    pub(super) stored_away: HtmlButtonElement,
    all: HtmlElement,
    pub(super) files: HtmlInputElement,
    pub(super) folder: HtmlInputElement,
    pub(super) go: HtmlButtonElement,
    go_text: HtmlElement,
    pub(super) learn: HtmlButtonElement,
    pub(super) folder_open: HtmlButtonElement,
    pub(super) skip: HtmlButtonElement,
    pub(super) hand: HtmlButtonElement,
    pub(super) undo: HtmlButtonElement,
    status: HtmlElement,
    progress: HtmlElement,
    result: HtmlElement,
    times: HtmlElement,
    note: HtmlElement,
    kept: HtmlElement,
    one: HtmlElement,
    one_title: HtmlElement,
    pub(super) accept: HtmlButtonElement,
    pub(super) mend: HtmlButtonElement,
    pub(super) again: HtmlButtonElement,
    pub(super) redraw: HtmlButtonElement,
    pub(super) remove: HtmlButtonElement,
    pub(super) done: HtmlButtonElement,
    pub(super) cancel: HtmlButtonElement,
    rest: HtmlElement,
    pub(super) more: HtmlButtonElement,
    pub(super) save: HtmlButtonElement,
    pub(super) away: HtmlButtonElement,
    pub(super) really: HtmlElement,
    really_text: HtmlElement,
    pub(super) yes: HtmlButtonElement,
    pub(super) no: HtmlButtonElement,
    pub(super) back: HtmlButtonElement,
}

impl Panel {
    pub(super) fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            tab: get(d, "teach")?,
            open: get(d, "own-open")?,
            stored: get(d, "own-stored")?,
            stored_text: get(d, "own-stored-text")?,
            stored_go: get(d, "own-stored-go")?,
            stored_away: get(d, "own-stored-away")?,
            all: get(d, "own")?,
            files: get(d, "own-files")?,
            folder: get(d, "own-folder")?,
            go: get(d, "own-go")?,
            go_text: get(d, "own-go-text")?,
            learn: get(d, "own-learn")?,
            folder_open: get(d, "own-folder-open")?,
            skip: get(d, "own-skip")?,
            hand: get(d, "own-hand")?,
            undo: get(d, "own-undo")?,
            status: get(d, "own-status")?,
            progress: get(d, "own-progress")?,
            result: get(d, "own-result")?,
            times: get(d, "own-times")?,
            note: get(d, "own-refused")?,
            kept: get(d, "own-kept")?,
            one: get(d, "own-one")?,
            one_title: get(d, "own-one-title")?,
            accept: get(d, "own-accept")?,
            mend: get(d, "own-mend")?,
            again: get(d, "own-again")?,
            redraw: get(d, "own-redraw")?,
            remove: get(d, "own-remove")?,
            done: get(d, "brush-done")?,
            cancel: get(d, "brush-cancel")?,
            rest: get(d, "own-rest")?,
            more: get(d, "own-more")?,
            save: get(d, "own-save")?,
            away: get(d, "own-away")?,
            really: get(d, "own-really")?,
            really_text: get(d, "own-really-text")?,
            yes: get(d, "own-really-yes")?,
            no: get(d, "own-really-no")?,
            back: get(d, "own-back")?,
        })
    }

    /// Brings the elements in line.
    pub(super) fn refresh(&self, own: &Own, model: &Model) {
        mark(&self.tab, "data-own", own.open);
        self.all.set_hidden(!own.open);
        self.open.set_hidden(own.open);
        self.stored.set_hidden(own.keeping.offer.is_none());
        if let Some(offer) = &own.keeping.offer {
            set_text(&self.stored_text, &stored(offer.pictures, own.keeping.ago(offer)));
        }
        if !own.open {
            return;
        }
        let counts = own.collection.counts();
        let (phase, paints) = (own.work.phase(), own.brush.painting());
        let empty = counts.of == 0;
        set_text(&self.go_text, &go(own));
        self.go.set_hidden(paints);
        self.go.set_disabled(own.at_work() || paints || model.viewing || !own.can_go(model));
        self.learn.set_hidden(!own.offers_learning());
        self.learn.set_disabled(own.at_work() || paints);
        let learn = match phase {
            Phase::Result => say!("own-glance-on"),
            _ => say!("own-learn", count = counts.glanced + counts.drawn),
        };
        set_text(&self.learn, &learn);
        self.folder_open.set_hidden(!empty);
        let glancing = phase == Phase::Glancing && own.begun && counts.waiting > 0;
        self.skip.set_hidden(!glancing);
        self.hand.set_hidden(!glancing);
        self.hand.set_disabled(paints || model.viewing || !own.shows(model, own.collection.shown()));
        self.undo.set_hidden(phase != Phase::Glancing || !own.collection.can_undo());
        self.undo.set_disabled(paints);
        set_text(&self.status, &status(own));
        let progress = progress(own);
        self.progress.set_hidden(progress.is_none());
        let element: &Element = &self.progress;
        set(element, "value", &format!("{:.3}", progress.unwrap_or_default()));
        set_text(&self.result, &result(own));
        set_text(&self.times, &times(own));
        let refused = refusal::said(own.collection.refusals());
        set_text(&self.note, &refused.to_string());
        set_text(&self.kept, &kept(own));
        self.write_one(own, model);
        self.rest.set_hidden(empty || paints);
        self.save.set_disabled(own.at_work() || phase == Phase::Result);
        self.save.set_hidden(phase == Phase::Result);
        let text = say!("own-really", count = counts.of);
        set_text(&self.really_text, &text);
    }

    /// The picture that is chosen, and what can be done with it.
    fn write_one(&self, own: &Own, model: &Model) {
        let item = own.selected.and_then(|number| own.collection.item(number));
        let free = !own.brush.painting() && !matches!(own.work.phase(), Phase::Learning { .. });
        self.one.set_hidden(item.is_none() || !free);
        let Some(item) = item else { return };
        let shown = own.shows(model, Some(item)) && !model.viewing;
        let outline = own.work.outline(item.number).is_some();
        let said = match (&item.unreadable, &item.verdict, &item.mark) {
            (Some(why), ..) => why.clone(),
            (None, Some(Verdict::Accepted(_)), _) => message!("own-is-accepted", file = &item.file),
            (None, Some(Verdict::Mended(_)), _) => message!("own-is-mended", file = &item.file),
            (None, None, Mark::Drawn { .. }) => message!("own-is-drawn", file = &item.file),
            _ => item.file.as_str().into(),
        };
        set_text(&self.one_title, &said.to_string());
        self.accept.set_hidden(!outline);
        let accepted = item.verdict.is_some();
        set(&self.accept, "aria-pressed", if accepted { "true" } else { "false" });
        self.mend.set_hidden(!outline && !accepted);
        self.mend.set_disabled(!shown);
        self.redraw.set_disabled(!shown);
        self.again.set_disabled(item.unreadable.is_some());
    }
}

/// What the button that leads on says.
fn go(own: &Own) -> String {
    let counts = own.collection.counts();
    match own.work.phase() {
        _ if counts.of == 0 => say!("own-choose"),
        Phase::Glancing if counts.waiting > 0 => {
            say!("teach-next", number = counts.of - counts.waiting + 1, of = counts.of)
        }
        Phase::Glancing => say!("teach-learn"),
        Phase::Learning { paused: false } => say!("teach-pause"),
        Phase::Learning { paused: true } => say!("teach-go-on"),
        Phase::Result => say!("own-save"),
    }
}

/// Where the work is, in words.
fn status(own: &Own) -> String {
    let (counts, left) = (own.collection.counts(), own.work.to_draw(&own.collection));
    if let Some((done, of)) = own.taking {
        return say!("own-taking", done = done, of = of);
    }
    if let Some((done, of)) = own.saving {
        return say!("own-saving", done = done, of = of);
    }
    if !own.refused.is_empty() {
        return own.refused.to_string();
    }
    match own.work.phase() {
        _ if counts.of == 0 => String::new(),
        Phase::Learning { .. } if own.work.record().of == 0 => {
            let (done, of) = own.work.reading();
            say!("teach-preparing", done = done, of = of)
        }
        Phase::Learning { .. } => String::new(),
        Phase::Result if left > 0 => say!("own-drawing", done = counts.of - left, of = counts.of),
        _ => {
            let done = message!(
                "own-progress",
                done = counts.glanced + counts.drawn,
                skipped = counts.skipped,
                of = counts.of
            );
            let more = counts.glanced + counts.drawn > MOST_TAUGHT;
            let said = if more {
                message!("two-sentences", first = done, second = message!("own-most", count = MOST_TAUGHT))
            } else {
                done
            };
            said.to_string()
        }
    }
}

/// How far what is at work is, 0 to 1.
fn progress(own: &Own) -> Option<f64> {
    let part = |(done, of): (usize, usize)| done as f64 / of.max(1) as f64;
    let (counts, left) = (own.collection.counts(), own.work.to_draw(&own.collection));
    match own.work.phase() {
        _ if own.taking.or(own.saving).is_some() => own.taking.or(own.saving).map(part),
        Phase::Learning { .. } => Some(own.work.record().progress()),
        Phase::Result if left > 0 => Some(part((counts.of - left, counts.of))),
        Phase::Glancing if counts.of > 0 => Some(part((counts.of - counts.waiting, counts.of))),
        _ => None,
    }
}

/// How well the student does, where masks came with pictures.
fn result(own: &Own) -> String {
    if own.work.phase() != Phase::Result {
        return String::new();
    }
    let counts = own.collection.counts();
    let fit = own.work.fit(&own.collection);
    let fit = fit.map(|(fit, count)| message!("own-fit", fit = format!("{fit:.2}"), count = count));
    let settled = message!("own-settled", done = counts.settled, of = counts.of);
    match fit {
        Some(fit) => message!("two-sentences", first = fit, second = settled).to_string(),
        None => settled.to_string(),
    }
}

/// How long glances and outlines took.
fn times(own: &Own) -> String {
    let said = |seconds: f64| format!("{seconds:.1}");
    match own.collection.seconds() {
        (Some(glance), Some(hand)) => say!("own-times", hand = said(hand), glance = said(glance)),
        (Some(glance), None) => say!("own-time-glance", glance = said(glance)),
        (None, Some(hand)) => say!("own-time-hand", hand = said(hand)),
        (None, None) => String::new(),
    }
}

/// What is said of work that is kept.
fn stored(pictures: usize, ago: Ago) -> String {
    match ago {
        Ago::Today => say!("own-stored-today", count = pictures),
        Ago::Yesterday => say!("own-stored-yesterday", count = pictures),
        Ago::Days(days) => say!("own-stored-days", count = pictures, days = days as usize),
    }
}

/// Whether the work is kept.
fn kept(own: &Own) -> String {
    let said: Message = match &own.keeping.trouble {
        _ if own.collection.items().is_empty() => Message::default(),
        Some(Trouble::Full) => message!("own-kept-full"),
        Some(Trouble::Other(cause)) => message!("own-kept-not", cause = cause),
        None => message!("own-kept"),
    };
    said.to_string()
}
