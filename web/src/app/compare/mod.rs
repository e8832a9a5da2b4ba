//! Students side by side: masks, scores, differences, and what each strategy sees, in tiles that
//! share zoom and cursor.

pub mod agreement;
pub mod claims;
pub mod claims_chart;
pub mod claims_view;
pub mod difference;
mod elements;
mod events;
pub mod grid;
pub mod headline;
pub mod inside_tiles;
mod overview;
pub mod scores;
pub mod strategy_view;
pub mod view;
pub mod wipe;
pub mod wipe_view;

use std::collections::BTreeSet;

use fovea_shared::{bundle::StudentVariant, distill::Strategies};
use web_sys::{Document, HtmlButtonElement, HtmlCanvasElement, HtmlElement, HtmlSelectElement};

use super::{
    canvas::tile::Lens,
    elements::{get, set, set_text},
    model::{Handle, Model},
    students::Family,
};
use crate::{
    protocol::{Against, CompareRequest, Compared},
    text::{language, say},
};
use overview::Overview;
use strategy_view::StrategyView;
use view::{Figures, Shown};

/// What a comparison was asked for with; anything else makes it another one.
#[derive(Clone, Debug, PartialEq)]
struct Question {
    image: u64,
    revision: u64,
    places: Vec<usize>,
    against: Against,
}

/// The elements that do not change.
pub(super) struct Elements {
    pub(super) toggle: HtmlButtonElement,
    toggle_text: HtmlElement,
    body: HtmlElement,
    pub(super) choice: HtmlElement,
    pub(super) against: HtmlSelectElement,
    pub(super) look: HtmlSelectElement,
    legend: HtmlElement,
    pub(super) tiles: HtmlElement,
    pub(super) table: HtmlElement,
    pub(super) axis: HtmlElement,
    pub(super) caption: HtmlElement,
    pub(super) zoom: [HtmlButtonElement; 3],
}

impl Elements {
    fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            toggle: get(d, "compare-toggle")?,
            toggle_text: get(d, "compare-toggle-text")?,
            body: get(d, "compare-body")?,
            choice: get(d, "compare-choice")?,
            against: get(d, "compare-against")?,
            look: get(d, "compare-look")?,
            legend: get(d, "compare-legend")?,
            tiles: get(d, "compare-tiles")?,
            table: get(d, "compare-table")?,
            axis: get(d, "compare-axis")?,
            caption: get(d, "compare-caption")?,
            zoom: [get(d, "compare-in")?, get(d, "compare-out")?, get(d, "compare-whole")?],
        })
    }
}

/// What the visitor chose to see.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// Whether the comparison is shown.
    pub open: bool,
    /// The students by their place in the manifest; empty: not chosen yet.
    pub students: BTreeSet<usize>,
    /// What differences are taken against.
    pub against: Against,
    /// What the tiles show.
    pub view: StrategyView,
    /// Zoom and cursor.
    pub lens: Lens,
}

impl Choice {
    /// Takes or leaves a student; one stays at least.
    pub fn choose(&mut self, place: usize, on: bool) {
        if on {
            self.students.insert(place);
        } else if self.students.len() > 1 {
            self.students.remove(&place);
        }
    }
}

/// The feature.
pub struct Compare {
    elements: Elements,
    overview: Overview,
    handle: Option<Handle<Self>>,
    /// What the visitor chose to see.
    pub choice: Choice,
    /// Number of the question.
    version: u64,
    asked: Option<Question>,
    /// The newest answer.
    pub answer: Option<Compared>,
    /// The tiles.
    figures: Figures,
    /// Whether the tiles must be drawn again.
    dirty: bool,
    language: &'static str,
}

impl Compare {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            elements: Elements::find(d)?,
            overview: Overview::find(d)?,
            handle: None,
            choice: Choice::default(),
            version: 0,
            asked: None,
            answer: None,
            figures: Figures::default(),
            dirty: true,
            language: "",
        })
    }

    /// Listens to the visitor.
    pub fn listen(&mut self, handle: &Handle<Self>) {
        self.handle = Some(handle.clone());
        events::listen(&self.elements, handle);
    }

    /// The list of the tiles, which the shell observes for its size.
    pub fn tiles(&self) -> &HtmlElement {
        &self.elements.tiles
    }

    /// The tiles must be drawn again.
    pub fn redraw(&mut self) {
        self.dirty = true;
    }

    /// Shows it or not.
    pub fn set_open(&mut self, open: bool) {
        self.choice.open = open;
        self.dirty = true;
    }

    /// Another bundle: its students are others.
    pub fn forget_students(&mut self) {
        self.choice = Choice { open: self.choice.open, view: self.choice.view, ..Choice::default() };
        (self.asked, self.answer, self.dirty) = (None, None, true);
        self.overview.forget();
    }

    /// Another image.
    pub fn forget_answer(&mut self) {
        (self.answer, self.dirty) = (None, true);
    }

    /// Brings the wish for a comparison in line with what is shown.
    pub fn wish(&mut self, model: &mut Model) {
        let (Some(image), Some(manifest), true) = (model.image(), &model.manifest, self.choice.open) else {
            return model.schedule.want_comparison(None);
        };
        if self.choice.students.is_empty() {
            self.choice.students = first_choice(&manifest.students);
        }
        let question = Question {
            image,
            revision: model.inputs.revision(),
            places: self.choice.students.iter().copied().collect(),
            against: self.choice.against,
        };
        if self.asked.as_ref() != Some(&question) {
            self.version += 1;
            self.asked = Some(question);
        }
        model.schedule.want_comparison(Some(self.version));
    }

    /// What the engine is asked.
    pub fn request(&self, model: &Model, image: u64) -> CompareRequest {
        CompareRequest {
            image,
            places: self.choice.students.iter().copied().collect(),
            fixations: model.inputs.fixations().to_vec(),
            text: model.inputs.text(),
            against: self.choice.against,
        }
    }

    /// Students were compared on the open image.
    pub fn compared(&mut self, compared: Compared) {
        (self.answer, self.dirty) = (Some(compared), true);
    }

    /// Brings the section in line with the model; `photo` is the open picture and its size in pixels.
    pub fn refresh(&mut self, model: &Model, photo: Option<(&HtmlCanvasElement, (u32, u32))>) {
        self.dirty |= std::mem::replace(&mut self.language, language().code) != language().code;
        self.refresh_overview(model);
        let (at, choice) = (&self.elements, &self.choice);
        at.toggle.set_disabled(model.current.is_none());
        set(&at.toggle, "aria-expanded", if choice.open { "true" } else { "false" });
        set_text(&at.toggle_text, &if choice.open { say!("compare-close") } else { say!("compare-open") });
        at.body.set_hidden(!choice.open);
        let (Some(manifest), true, true) = (&model.manifest, choice.open, self.dirty) else { return };
        self.dirty = false;
        set_text(&at.legend, &choice.view.legend());
        let shown = Shown { manifest, answer: self.answer.as_ref(), choice, truth: model.found.truth.as_ref() };
        self.figures.show(at, &shown, photo);
        self.draw_overview(model, photo);
    }
}

/// The students that are compared at first: all there are where these are few. Else of those that all learnt from the same the ones with no
/// strategy, with each alone, and with all; of several families the ones with none and with all.
pub fn first_choice(students: &[StudentVariant]) -> BTreeSet<usize> {
    let families = Family::all(students).len();
    let first = |place: &usize| match students[*place].kind.strategies.distance(Strategies::default()) {
        0 | 3 => true,
        1 => families == 1,
        _ => false,
    };
    let all = 0..students.len();
    if students.len() <= 5 { all.collect() } else { all.filter(first).collect() }
}

/// The place of a student in a menu's value.
pub(super) fn against_of(value: &str) -> Against {
    match value {
        "teacher" => Against::Teacher,
        other => other.parse().map_or(Against::Truth, Against::Student),
    }
}

/// A menu's value for what is compared with.
pub(super) fn against_name(against: Against) -> String {
    match against {
        Against::Truth => "truth".into(),
        Against::Teacher => "teacher".into(),
        Against::Student(place) => place.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn few_students_are_all_compared_and_of_many_those_that_tell_most() {
        let chosen = |names: &[&str]| {
            let students: Vec<StudentVariant> =
                names.iter().map(|name| StudentVariant::new(name.parse().unwrap(), None)).collect();
            first_choice(&students).into_iter().map(|place| names[place]).collect::<Vec<_>>().join(" ")
        };
        let eight =
            ["heat", "heat+afc", "heat+cwc", "heat+afc+cwc", "heat+darm", "heat+afc+darm", "heat+cwc+darm", "heat-all"];
        assert_eq!(chosen(&eight[..5]), eight[..5].join(" "));
        assert_eq!(chosen(&eight), "heat heat+afc heat+cwc heat+darm heat-all");
        let more = [&eight[..], &["heat+darm-released", "refined", "teacher"]].concat();
        assert_eq!(chosen(&more), "heat heat-all refined teacher");
    }

    #[test]
    fn opponents_have_names_that_lead_back() {
        for against in [Against::Truth, Against::Teacher, Against::Student(5)] {
            assert_eq!(against_of(&against_name(against)), against);
        }
        assert_eq!(against_of("nonsense"), Against::Truth);
    }

    #[test]
    fn one_student_stays_chosen() {
        let mut compare = Choice { students: [2, 3].into(), ..Choice::default() };
        compare.choose(2, false);
        compare.choose(3, false);
        assert_eq!(compare.students, [3].into());
        compare.choose(7, true);
        assert_eq!(compare.students, [3, 7].into());
    }
}
