//! The elements of the tab, brought in line with the lesson.

use web_sys::{Document, Element, HtmlButtonElement, HtmlElement};

use super::{
    super::{
        figures::{Figures, TheirFigures},
        glances::{Glance, seconds},
        record::Record,
        state::{Phase, Teach},
        task::Teacher,
        thumbs::Shown,
    },
    TeachTab,
};
use crate::{
    app::{
        bundles::download,
        canvas::chart::{self, Series},
        elements::{get, mark, set, set_text},
        model::{Model, image::case_title},
    },
    text::{Message, message, say},
};

/// The elements.
pub(super) struct Elements {
    pub(super) go: HtmlButtonElement,
    pub(super) go_text: HtmlElement,
    pub(super) skip: HtmlButtonElement,
    pub(super) undo: HtmlButtonElement,
    pub(super) again: HtmlButtonElement,
    pub(super) status: HtmlElement,
    pub(super) progress: HtmlElement,
    pub(super) result: HtmlElement,
    pub(super) fit: HtmlElement,
    pub(super) says: HtmlElement,
    pub(super) two: HtmlElement,
    pub(super) chart: HtmlElement,
    pub(super) unseen_title: HtmlElement,
}

impl Elements {
    /// Looks up every element.
    pub(super) fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            go: get(d, "teach-go")?,
            go_text: get(d, "teach-go-text")?,
            skip: get(d, "teach-skip")?,
            undo: get(d, "teach-undo")?,
            again: get(d, "teach-again")?,
            status: get(d, "teach-status")?,
            progress: get(d, "teach-progress")?,
            result: get(d, "teach-result")?,
            fit: get(d, "teach-fit")?,
            says: get(d, "teach-figures")?,
            two: get(d, "teach-two")?,
            chart: get(d, "teach-chart")?,
            unseen_title: get(d, "teach-unseen-title")?,
        })
    }
}

impl TeachTab {
    /// Brings the elements in line with the model.
    pub fn refresh(&mut self, model: &Model) {
        let Some(manifest) = &model.manifest else { return };
        let lesson = &self.lesson;
        let own = lesson.record(Teacher::Visitor);
        let drawn = own.or_else(|| lesson.record(Teacher::Other));
        let of = |picture: u64| {
            let case = self.pictures.case(picture)?;
            let entry = manifest.entry(&case.image).ok()?;
            let address = download::address(&self.folder, &case.image, &entry.sha256);
            let outline = drawn.and_then(|record| record.drawn.get(&picture)).map(|(_, outline)| outline);
            let says = outline.and_then(|o| o.dice).map_or_else(String::new, |dice| format!("{dice:.2}"));
            let title = case_title(case);
            let english = matches!(title, Message::Plain(_));
            Some(Shown { picture, title: title.to_string(), english, address, says, outline, state: "" })
        };
        let shown = lesson.glances().shown().map(|(_, picture)| picture).filter(|_| self.begun);
        let glancing = lesson.phase() == Phase::Glancing;
        let taught = lesson.glances().all().iter().filter_map(|one| {
            let known = of(one.picture)?;
            let (state, says) = match &one.glance {
                Glance::Taken(path) => ("taken", say!("teach-looked", seconds = format!("{:.1}", seconds(path)))),
                Glance::Skipped => ("skipped", say!("teach-skipped")),
                Glance::Waiting if glancing && shown == Some(one.picture) => ("current", String::new()),
                Glance::Waiting => ("waiting", String::new()),
            };
            let says = if glancing { says } else { known.says.clone() };
            Some(Shown { state, says, ..known })
        });
        let taught: Vec<Shown<'_>> = taught.collect();
        let unseen: Vec<Shown<'_>> =
            if drawn.is_some() { lesson.unseen().iter().filter_map(|picture| of(*picture)).collect() } else { vec![] };
        self.taught.show(&taught, true);
        self.at.unseen_title.set_hidden(unseen.is_empty());
        self.unseen.list().set_hidden(unseen.is_empty());
        self.unseen.show(&unseen, false);
        self.write_buttons(model);
        self.write_result(own);
        self.write_chart();
        self.refresh_links(model);
    }

    fn write_buttons(&self, model: &Model) {
        let (at, lesson) = (&self.at, &self.lesson);
        let glances = lesson.glances();
        let (of, waiting) = (glances.all().len(), glances.waiting());
        let phase = lesson.phase();
        let go = match phase {
            Phase::Glancing if !self.begun => say!("teach-start"),
            Phase::Glancing if waiting > 0 => say!("teach-next", number = of - waiting + 1, of = of),
            Phase::Glancing => say!("teach-learn"),
            Phase::Learning { paused: false } => say!("teach-pause"),
            Phase::Learning { paused: true } => say!("teach-go-on"),
            Phase::Result => say!("teach-references"),
        };
        set_text(&at.go_text, &go);
        let references = lesson.record(Teacher::Outlines).is_some_and(Record::finished);
        let can = match phase {
            Phase::Glancing => model.current.is_some() && (waiting > 0 || lesson.can_learn()) && !model.viewing,
            Phase::Learning { .. } => true,
            Phase::Result => !references,
        };
        at.go.set_disabled(!can);
        let glancing = phase == Phase::Glancing && self.begun;
        at.skip.set_hidden(!glancing || waiting == 0);
        at.undo.set_hidden(!glancing || !glances.can_undo());
        at.again.set_hidden(phase == Phase::Glancing);
        let (done, all) = lesson.reading();
        let status = match phase {
            _ if !self.refused.is_empty() => self.refused.to_string(),
            Phase::Glancing if self.begun && waiting == 0 && !lesson.can_learn() => say!("teach-nothing-yet"),
            Phase::Learning { .. } if lesson.record(Teacher::Visitor).is_none() => {
                say!("teach-preparing", done = done, of = all)
            }
            Phase::Glancing | Phase::Result if lesson.teaches_theirs() => say!("teach-theirs-learns"),
            _ => String::new(),
        };
        set_text(&at.status, &status);
    }

    fn write_result(&self, own: Option<&Record>) {
        let (at, lesson) = (&self.at, &self.lesson);
        let theirs = lesson.teaches_theirs() && !matches!(lesson.phase(), Phase::Learning { .. });
        at.progress.set_hidden(lesson.phase() == Phase::Glancing && !theirs);
        let shown = if theirs { lesson.record(Teacher::Other) } else { own };
        let progress = shown.map_or(0.0, Record::progress);
        let element: &Element = &at.progress;
        set(element, "value", &format!("{progress:.3}"));
        let figures = lesson.figures();
        at.result.set_hidden(own.is_none());
        let now = own.and_then(Record::fit);
        let text = match (&figures, now) {
            (Some(figures), _) => fit(figures),
            (None, Some(fit)) => say!("teach-fit-now", fit = format!("{fit:.2}")),
            (None, None) => String::new(),
        };
        set_text(&at.fit, &text);
        set_text(&at.says, &figures.as_ref().map(beside).unwrap_or_default());
        let two = two(lesson);
        at.two.set_hidden(two.is_empty());
        set_text(&at.two, &two);
    }

    /// The fits over the steps: of the visitor's student, and of the other person's.
    fn write_chart(&self) {
        let line = |teacher| {
            let fits = &self.lesson.record(teacher)?.fits;
            let series: Series = fits.iter().map(|(step, fit)| (*step as f64, f64::from(*fit))).collect();
            (series.len() > 1).then_some(series)
        };
        let (own, theirs) = (line(Teacher::Visitor), line(Teacher::Other));
        mark(&self.at.chart, "hidden", own.is_none() && theirs.is_none());
        let (lines, names) = match (own, theirs) {
            (Some(own), Some(theirs)) => (vec![own, theirs], vec![say!("teach-yours"), say!("teach-theirs")]),
            (Some(one), None) => (vec![one], vec![say!("teach-chart")]),
            (None, Some(one)) => (vec![one], vec![say!("teach-theirs")]),
            (None, None) => return,
        };
        chart::draw(&self.at.chart, &lines, &names, Some(1.0));
    }
}

/// The one number.
pub(super) fn fit(figures: &Figures) -> String {
    match figures.fit {
        Some(fit) => say!("teach-fit", fit = format!("{fit:.2}"), pictures = figures.pictures),
        None => String::new(),
    }
}

/// What stands beside it: what it cost, and what others reach.
fn beside(figures: &Figures) -> String {
    let two = |value: f32| format!("{value:.2}");
    let cost = message!(
        "teach-cost",
        looked = format!("{:.0}", figures.looked),
        minutes = format!("{:.0}", figures.by_hand / 60.0),
        pictures = figures.pictures
    );
    let mut said = cost;
    if let Some(untrained) = figures.untrained {
        said = message!("two-sentences", first = said, second = message!("teach-untrained", fit = two(untrained)));
    }
    if let Some(simulated) = figures.simulated {
        said = message!("two-sentences", first = said, second = message!("teach-simulated", fit = two(simulated)));
    }
    if let Some(outlines) = figures.outlines {
        said = message!("two-sentences", first = said, second = message!("teach-outlines", fit = two(outlines)));
    }
    said.to_string()
}

/// The two students in a sentence, or the other person's alone; empty before that has learnt.
pub(super) fn two(lesson: &Teach) -> String {
    let two = |value: f32| format!("{value:.2}");
    let seconds = |value: f64| format!("{value:.0}");
    let Some(TheirFigures { fit: Some(theirs), pictures: others, looked: long }) = lesson.their_figures() else {
        return String::new();
    };
    match lesson.figures() {
        Some(Figures { fit: Some(yours), pictures, looked, .. }) => {
            let fits = message!("teach-two", yours = two(yours), theirs = two(theirs));
            let cost = message!(
                "teach-two-cost",
                looked = seconds(looked),
                pictures = pictures,
                long = seconds(long),
                others = others
            );
            say!("two-sentences", first = fits, second = cost)
        }
        _ => say!("teach-theirs-fit", fit = two(theirs), pictures = others, looked = seconds(long)),
    }
}
