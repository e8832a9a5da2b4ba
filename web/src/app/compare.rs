//! Students side by side: masks, scores, differences, and what each strategy sees, in tiles that share zoom and cursor.

use std::collections::BTreeSet;

use fovea_shared::{bundle::StudentVariant, distill::Strategies};
use web_sys::{Document, Element, HtmlButtonElement, HtmlElement};

use super::{
    compare_view::{Figures, Shown},
    devices::Orders,
    dom::{Select, append, children, get, set, set_text},
    state::App,
    students::Family,
    tile::Lens,
};
use crate::{
    protocol::{Against, CompareRequest, Compared},
    text::say,
};

/// What tiles show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// Masks, and where they differ.
    #[default]
    Masks,
    /// AFC: the cosine of features at one of three scales.
    Cosine(usize),
    /// CWC: where the teacher is reliable.
    Reliable,
    /// DARM: where the two disagree, and the squares that are hidden.
    Masking,
}

impl Look {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 6] =
        [Self::Masks, Self::Cosine(0), Self::Cosine(1), Self::Cosine(2), Self::Reliable, Self::Masking];

    /// The name in menus and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Masks => "masks",
            Self::Cosine(0) => "afc8",
            Self::Cosine(1) => "afc16",
            Self::Cosine(_) => "afc32",
            Self::Reliable => "cwc",
            Self::Masking => "darm",
        }
    }

    /// The look with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|look| look.name() == name)
    }

    /// What the menu calls it.
    pub fn title(self) -> String {
        match self {
            Self::Masks => say!("look-masks"),
            Self::Cosine(0) => say!("look-afc", stride = "8"),
            Self::Cosine(1) => say!("look-afc", stride = "16"),
            Self::Cosine(_) => say!("look-afc", stride = "32"),
            Self::Reliable => say!("look-cwc"),
            Self::Masking => say!("look-darm"),
        }
    }

    /// How to read it.
    pub fn legend(self) -> String {
        match self {
            Self::Masks => say!("legend-masks"),
            Self::Cosine(_) => say!("legend-afc"),
            Self::Reliable => say!("legend-cwc"),
            Self::Masking => say!("legend-darm"),
        }
    }
}

/// What a comparison was asked for with; anything else makes it another one.
#[derive(Clone, Debug, PartialEq)]
struct Question {
    image: u64,
    revision: u64,
    places: Vec<usize>,
    against: Against,
}

/// The elements that do not change.
pub struct CompareDom {
    pub(super) toggle: HtmlButtonElement,
    toggle_text: HtmlElement,
    body: HtmlElement,
    pub(super) choice: HtmlElement,
    pub(super) against: Select,
    pub(super) look: Select,
    legend: HtmlElement,
    pub(super) tiles: HtmlElement,
    pub(super) table: HtmlElement,
    pub(super) axis: HtmlElement,
    pub(super) caption: HtmlElement,
    pub(super) zoom: [HtmlButtonElement; 3],
}

impl CompareDom {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
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

/// The comparison: whether it is shown, what of, and the answer.
#[derive(Default)]
pub struct Compare {
    /// Whether it is shown.
    pub open: bool,
    /// The students by their place in the manifest; empty: not chosen yet.
    pub chosen: BTreeSet<usize>,
    /// What differences are taken against.
    pub against: Against,
    /// What the tiles show.
    pub look: Look,
    /// Zoom and cursor.
    pub lens: Lens,
    /// Number of the question.
    version: u64,
    asked: Option<Question>,
    /// The newest answer.
    pub answer: Option<Compared>,
    /// The tiles.
    pub(super) figures: Figures,
    /// Whether the tiles must be drawn anew.
    pub(super) dirty: bool,
}

impl Compare {
    /// Shows it or not.
    pub fn set_open(&mut self, open: bool) {
        self.open = open;
        self.dirty = true;
    }

    /// Takes or leaves a student; one stays at least.
    pub fn choose(&mut self, place: usize, on: bool) {
        if on {
            self.chosen.insert(place);
        } else if self.chosen.len() > 1 {
            self.chosen.remove(&place);
        }
        self.dirty = true;
    }

    /// Another bundle: its students are others.
    pub fn forget(&mut self) {
        let Self { open, look, .. } = *self;
        *self = Self { open, look, version: self.version, dirty: true, ..Self::default() };
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

impl App {
    /// Brings the wish for a comparison in line with what is shown.
    pub(super) fn wish_comparison(&mut self) {
        let image = self.current.as_ref().map(|c| c.request.image);
        let (Some(image), Some(manifest), true) = (image, &self.manifest, self.compare.open) else {
            return self.schedule.want_comparison(None);
        };
        if self.compare.chosen.is_empty() {
            self.compare.chosen = first_choice(&manifest.students);
        }
        let question = Question {
            image,
            revision: self.inputs.revision(),
            places: self.compare.chosen.iter().copied().collect(),
            against: self.compare.against,
        };
        if self.compare.asked.as_ref() != Some(&question) {
            self.compare.version += 1;
            self.compare.asked = Some(question);
        }
        self.schedule.want_comparison(Some(self.compare.version));
    }

    /// What the engine is asked.
    pub(super) fn comparison(&self, image: u64) -> CompareRequest {
        CompareRequest {
            image,
            places: self.compare.chosen.iter().copied().collect(),
            fixations: self.inputs.fixations().to_vec(),
            text: self.inputs.text(),
            against: self.compare.against,
        }
    }

    /// Students were compared.
    pub(super) fn compared(&mut self, compared: Compared) -> Orders {
        self.schedule.finish();
        if self.current.as_ref().is_some_and(|c| c.request.image == compared.image) {
            self.compare.answer = Some(compared);
            self.compare.dirty = true;
        }
        self.at_rest()
    }

    /// Brings the section in line with the state.
    pub(super) fn refresh_compare(&mut self) {
        let (dom, state) = (&self.dom.compare, &mut self.compare);
        dom.toggle.set_disabled(self.current.is_none());
        set(&dom.toggle, "aria-expanded", if state.open { "true" } else { "false" });
        set_text(&dom.toggle_text, &if state.open { say!("compare-close") } else { say!("compare-open") });
        dom.body.set_hidden(!state.open);
        let (Some(manifest), true, true) = (&self.manifest, state.open, state.dirty) else { return };
        state.dirty = false;
        set_text(&dom.legend, &state.look.legend());
        let shown = Shown {
            manifest,
            answer: state.answer.as_ref(),
            chosen: &state.chosen,
            against: state.against,
            look: state.look,
            lens: &state.lens,
            truth: self.found.truth.as_ref(),
        };
        state.figures.show(&self.dom, &shown, self.stage.picture());
    }
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

/// Fills a menu, if it says something else, and chooses one of its values.
pub(super) fn fill(menu: &Select, options: &[(String, String)], chosen: &str, make: impl Fn(&str) -> Element) {
    let told = |option: Element| {
        (option.get_attribute("value").unwrap_or_default(), option.text_content().unwrap_or_default())
    };
    if children(menu).into_iter().map(told).collect::<Vec<_>>() != options {
        menu.set_text_content(None);
        for (value, text) in options {
            let option = make(text);
            set(&option, "value", value);
            append(menu, &option);
        }
    }
    if menu.value() != chosen {
        menu.set_value(chosen);
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
    fn looks_and_opponents_have_names_that_lead_back() {
        for look in Look::ALL {
            assert_eq!(Look::from_name(look.name()), Some(look));
        }
        for against in [Against::Truth, Against::Teacher, Against::Student(5)] {
            assert_eq!(against_of(&against_name(against)), against);
        }
        assert_eq!(against_of("nonsense"), Against::Truth);
    }

    #[test]
    fn one_student_stays_chosen() {
        let mut compare = Compare { chosen: [2, 3].into(), ..Compare::default() };
        compare.choose(2, false);
        compare.choose(3, false);
        assert_eq!(compare.chosen, [3].into());
        compare.choose(7, true);
        assert_eq!(compare.chosen, [3, 7].into());
    }
}
