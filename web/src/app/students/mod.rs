//! Which of the bundle's students is shown: a menu of what they learnt from, and three switches, one a strategy. The choice is how one
//! looks at the image and no input of the teacher, so it is no step of the history.

use fovea_shared::{
    bundle::{StudentKind, StudentVariant, Told},
    distill::Strategies,
};

use web_sys::{Document, Event, HtmlElement, HtmlInputElement, HtmlSelectElement};

use super::{
    elements::{
        events::{choose, on},
        get, mark,
        menu::fill,
        set_text,
    },
    model::{Handle, Model},
    status::{numbers, sentences},
};
use crate::{protocol::StudentSeen, text::say};

/// One of the three switches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Adaptive feature alignment.
    Afc,
    /// Confidence-weighted consistency.
    Cwc,
    /// Disagreement-aware random masking.
    Darm,
}

impl Strategy {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Afc, Self::Cwc, Self::Darm];

    /// The name in element ids.
    pub fn name(self) -> &'static str {
        match self {
            Self::Afc => "afc",
            Self::Cwc => "cwc",
            Self::Darm => "darm",
        }
    }

    /// Whether it is among these.
    pub fn on(self, strategies: Strategies) -> bool {
        match self {
            Self::Afc => strategies.afc,
            Self::Cwc => strategies.cwc,
            Self::Darm => strategies.darm,
        }
    }

    fn flipped(self, mut strategies: Strategies) -> Strategies {
        match self {
            Self::Afc => strategies.afc ^= true,
            Self::Cwc => strategies.cwc ^= true,
            Self::Darm => strategies.darm ^= true,
        }
        strategies
    }
}

/// Students that learnt from the same and differ in which strategies are on: one entry of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    told: Told,
    released: bool,
}

impl Family {
    /// The family of a student.
    pub fn of(kind: StudentKind) -> Self {
        Self { told: kind.told, released: kind.released }
    }

    /// Those of a bundle, in its order.
    pub fn all(students: &[StudentVariant]) -> Vec<Self> {
        let mut families = Vec::new();
        for family in students.iter().map(|student| Self::of(student.kind)) {
            if !families.contains(&family) {
                families.push(family);
            }
        }
        families
    }

    /// The value in the menu: what was told, and `-released` for that form of DARM.
    pub fn name(self) -> String {
        format!("{}{}", self.told.name(), if self.released { "-released" } else { "" })
    }

    /// What the menu calls it.
    pub fn title(self) -> String {
        let told = sentences::told(self.told);
        if self.released { say!("family-released", told = told) } else { told }
    }

    /// The students of the family, with their places in the bundle.
    fn students(self, all: &[StudentVariant]) -> impl Iterator<Item = (usize, &StudentVariant)> {
        all.iter().enumerate().filter(move |(_, student)| Self::of(student.kind) == self)
    }

    /// The student of the family whose strategies are nearest to these.
    fn nearest(self, students: &[StudentVariant], wanted: Strategies) -> Option<usize> {
        let found = self.students(students).min_by_key(|(_, s)| s.kind.strategies.distance(wanted));
        found.map(|(place, _)| place)
    }
}

/// The student that flipping a switch leads to from the one at `from`: the one of its family that differs in this strategy, and else as
/// little as possible from it. Nothing where all students of the family have the strategy, or none has.
pub fn flip(students: &[StudentVariant], from: usize, strategy: Strategy) -> Option<usize> {
    let kind = students.get(from)?.kind;
    let wanted = strategy.flipped(kind.strategies);
    let fits = |(_, s): &(usize, &StudentVariant)| strategy.on(s.kind.strategies) == strategy.on(wanted);
    let family = Family::of(kind).students(students).filter(fits);
    family.min_by_key(|(_, s)| s.kind.strategies.distance(wanted)).map(|(place, _)| place)
}

/// What a student is called by its strategies.
pub fn title(strategies: Strategies) -> String {
    match (strategies.any(), strategies == Strategies::ALL) {
        (false, _) => say!("student-without"),
        (_, true) => say!("student-with-all"),
        _ => {
            let name = strategies.name().to_uppercase();
            match name.split_once('+') {
                Some((first, second)) => say!("student-with-two", first = first, second = second),
                None => say!("student-with-one", strategy = name),
            }
        }
    }
}

/// What a student is called among all of a bundle, as short as can be.
pub fn name(kind: StudentKind) -> String {
    let told = sentences::told(kind.told);
    let strategies = match kind.strategies {
        none if !none.any() => return say!("student-plain", told = told),
        Strategies::ALL => say!("strategies-all"),
        some => format!("+{}", some.name().to_uppercase().replace('+', " +")),
    };
    let strategies = if kind.released { say!("strategies-released", strategies = strategies) } else { strategies };
    say!("student-named", told = told, strategies = strategies)
}

/// What is said below the switches: the test Dice where it is known, what the student learnt from, and why switches are off.
pub fn note(students: &[StudentVariant], place: usize) -> String {
    let Some(student) = students.get(place) else { return String::new() };
    let dice = match &student.dice {
        Some(dice) => say!("student-dice", score = sentences::score(dice)),
        None => say!("student-dice-unmeasured"),
    };
    let target = say!("student-target", target = sentences::target(student.kind.told));
    let released = if student.kind.released { say!("student-released") } else { String::new() };
    // Four of the eight have DARM, and with it a form of it.
    let missing = match Family::of(student.kind).students(students).count() {
        8 => String::new(),
        count => say!("students-missing", count = count),
    };
    numbers::sentences([&dice, &target, &released, &missing])
}

/// The choice of a student: what it learnt from, and three switches, one a strategy.
pub struct Students {
    family: HtmlSelectElement,
    switches: [HtmlInputElement; 3],
    name: HtmlElement,
    note: HtmlElement,
}

impl Students {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        let [afc, cwc, darm] = Strategy::ALL.map(|strategy| get(d, &format!("strategy-{}", strategy.name())));
        Ok(Self {
            family: get(d, "family")?,
            switches: [afc?, cwc?, darm?],
            name: get(d, "student-name")?,
            note: get(d, "student-note")?,
        })
    }

    /// Listens to the visitor.
    pub fn listen(&self, handle: &Handle<Self>) {
        choose(handle, &self.family, |_, model, value| choose_family(model, value));
        for (strategy, switch) in Strategy::ALL.into_iter().zip(&self.switches) {
            let of = handle.clone();
            on(switch, "change", move |_: Event| of.update(|_, model| flip_strategy(model, strategy)));
        }
    }

    /// Brings menu, switches and notes in line with the model. The browser has changed its own
    /// switch or menu already, also where that led nowhere.
    pub fn refresh(&self, model: &Model) {
        let Some(manifest) = &model.manifest else { return };
        let Some(student) = manifest.students.get(model.student) else { return };
        let families = Family::all(&manifest.students);
        let options: Vec<(String, String)> = families.iter().map(|family| (family.name(), family.title())).collect();
        fill(&self.family, &options, &Family::of(student.kind).name());
        self.family.set_disabled(families.len() < 2);
        for (strategy, switch) in Strategy::ALL.into_iter().zip(&self.switches) {
            switch.set_checked(strategy.on(student.kind.strategies));
            let off = flip(&manifest.students, model.student, strategy).is_none();
            switch.set_disabled(off);
            if let Some(label) = switch.closest("label").ok().flatten() {
                mark(&label, "data-off", off);
            }
        }
        set_text(&self.name, &title(student.kind.strategies));
        set_text(&self.note, &note(&manifest.students, model.student));
    }
}

/// Flips a switch, and shows the student that it leads to.
fn flip_strategy(model: &mut Model, strategy: Strategy) {
    let students = model.manifest.as_ref().map(|m| m.students.as_slice()).unwrap_or_default();
    let place = flip(students, model.student, strategy);
    choose_student(model, place);
}

/// Changes to the students that learnt from something else: to the one whose strategies are nearest.
fn choose_family(model: &mut Model, name: &str) {
    let students = model.manifest.as_ref().map(|m| m.students.as_slice()).unwrap_or_default();
    let family = Family::all(students).into_iter().find(|family| family.name() == name);
    let now = students.get(model.student).map(|student| student.kind.strategies);
    let place = family.zip(now).and_then(|(family, now)| family.nearest(students, now));
    choose_student(model, place);
}

fn choose_student(model: &mut Model, place: Option<usize>) {
    if let Some(place) = place {
        model.choose_student(place);
        say_student(model);
    }
}

/// A student has drawn on the open image.
pub fn seen(model: &mut Model, seen: StudentSeen) {
    let shown = seen.place == model.student;
    model.found.students.insert(seen.place, seen.outline);
    if shown {
        say_student(model);
    }
}

/// The outlines are compared with other lesions from now on: those that are looked at. `student`: a
/// student's place and its Dice with them. What the others have drawn is compared again when it is shown.
pub fn compared_with(model: &mut Model, lesions: Option<(u32, u32)>, student: Option<(usize, f32)>) {
    if model.found.lesions != lesions {
        model.found.students.retain(|place, _| student.is_some_and(|(known, _)| known == *place));
        model.found.lesions = lesions;
        model.choose_student(model.student);
    }
    if let Some((place, dice)) = student
        && let Some(outline) = model.found.students.get_mut(&place)
    {
        outline.dice = Some(dice);
    }
}

fn say_student(model: &mut Model) {
    let student = model.manifest.as_ref().and_then(|m| m.students.get(model.student));
    let said = student
        .zip(model.found.students.get(&model.student))
        .map(|(student, outline)| sentences::student(&title(student.kind.strategies), outline));
    if let Some(said) = said {
        model.say(said);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn variants(names: &[&str]) -> Vec<StudentVariant> {
        names.iter().map(|name| StudentVariant::new(name.parse().unwrap(), None)).collect()
    }

    fn family(told: Told) -> Vec<StudentVariant> {
        Strategies::every().map(|on| StudentVariant::new(StudentKind::new(told, on), None)).into()
    }

    #[test]
    fn with_all_eight_a_switch_changes_its_own_strategy_only() {
        let students = [family(Told::Heat), family(Told::Teacher)].concat();
        for from in 0..16 {
            for (bit, strategy) in Strategy::ALL.into_iter().enumerate() {
                assert_eq!(flip(&students, from, strategy), Some(from ^ (1 << bit)), "{strategy:?} from {from}");
            }
        }
        assert_eq!(flip(&students, 16, Strategy::Afc), None);
    }

    #[test]
    fn with_fewer_a_switch_leads_to_the_nearest_and_one_that_leads_nowhere_is_off() {
        let two = variants(&["heat", "heat-all", "teacher"]);
        assert!(Strategy::ALL.into_iter().all(|s| flip(&two, 0, s) == Some(1) && flip(&two, 1, s) == Some(0)));
        assert!(Strategy::ALL.into_iter().all(|s| flip(&two, 2, s).is_none()), "no switch leads to another family");
        let three = variants(&["heat", "heat+afc", "heat-all"]);
        assert_eq!((flip(&three, 0, Strategy::Afc), flip(&three, 2, Strategy::Cwc)), (Some(1), Some(1)));
    }

    #[test]
    fn families_are_what_was_told_and_the_form_of_darm_and_the_nearest_student_is_taken() {
        let students = variants(&["heat", "heat+darm", "heat-all", "heat+darm-released", "refined", "teacher+afc"]);
        let families = Family::all(&students);
        let names: Vec<String> = families.iter().map(|family| family.name()).collect();
        assert_eq!(names, ["heat", "heat-released", "refined", "teacher"]);
        assert_eq!(families[1].title(), "heat map; DARM as released");
        assert_eq!(families[1].nearest(&students, Strategies::default()), Some(3));
        assert_eq!(families[0].nearest(&students, "darm".parse().unwrap()), Some(1));
    }

    #[test]
    fn a_student_is_called_by_what_it_learnt_from_and_its_strategies_and_what_is_missing_is_said() {
        assert_eq!(title(Strategies { afc: true, darm: true, ..Strategies::default() }), "With AFC and DARM");
        assert_eq!(title(Strategies::default()), "Without any strategy");
        let called = |kind: &str| name(kind.parse().unwrap());
        assert_eq!(
            (called("heat"), called("teacher+afc+cwc")),
            ("heat map".into(), "teacher’s labels, +AFC +CWC".into())
        );
        assert_eq!(called("heat-all"), "heat map, all three");
        assert_eq!(called("heat+darm-released"), "heat map, +DARM as released");
        let eight = family(Told::Teacher);
        let said = note(&eight, 3);
        assert_eq!(said, "Its test Dice was not measured. It learnt from the finished teacher’s predictions.");
        assert!(note(&eight[..1], 0).contains("this student only"));
        assert!(note(&eight[..3], 0).contains("3 of the eight"));
        assert!(note(&variants(&["heat+darm-released"]), 0).contains("hidden squares are background"));
    }
}
