//! Which of the bundle's students is shown: three switches, one a strategy. The choice is how one looks at the image and no input of the
//! teacher, so it is no step of the history.

use fovea_shared::{bundle::StudentVariant, distill::Strategies};

use super::{panels, state::App, words};
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

/// The student that flipping a switch leads to from the one at `from`: the one that differs in this strategy, and else as little as
/// possible from it. Nothing where all students have the strategy, or none has.
pub fn flip(students: &[StudentVariant], from: usize, strategy: Strategy) -> Option<usize> {
    let wanted = strategy.flipped(students.get(from)?.strategies);
    let fits = |(_, s): &(usize, &StudentVariant)| strategy.on(s.strategies) == strategy.on(wanted);
    let found = students.iter().enumerate().filter(fits).min_by_key(|(_, s)| s.strategies.distance(wanted));
    found.map(|(place, _)| place)
}

/// What a student is called on the page.
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

/// What is said below the switches: the test Dice where it is known, what the student learnt to predict where `target` names it as the
/// configuration does, and why switches are off.
pub fn note(students: &[StudentVariant], place: usize, target: Option<&str>) -> String {
    let Some(student) = students.get(place) else { return String::new() };
    let dice = match &student.dice {
        Some(dice) => say!("student-dice", score = words::score(dice)),
        None => say!("student-dice-unmeasured"),
    };
    let target = target.map(|name| say!("student-target", target = words::student_target(name)));
    let missing = match students.len() {
        8 => String::new(),
        count => say!("students-missing", count = count),
    };
    words::sentences([&dice, target.as_deref().unwrap_or_default(), &missing])
}

impl App {
    /// Flips a switch, and shows the student that it leads to.
    pub fn flip_strategy(&mut self, strategy: Strategy) {
        let students = self.manifest.as_ref().map(|m| m.students.as_slice()).unwrap_or_default();
        if let Some(place) = flip(students, self.student, strategy) {
            self.student = place;
            let drawn = self.found.students.contains_key(&place);
            self.schedule.want_student(Some(place).filter(|_| !drawn && self.current.is_some()));
            if drawn {
                self.say_student();
            }
        }
        // Also where it led nowhere: the browser has flipped its own switch already.
        self.show_student();
    }

    /// Brings switches, figures and facts in line with the chosen student.
    pub(super) fn show_student(&self) {
        if let Some(manifest) = &self.manifest {
            panels::students(&self.dom, manifest, self.student);
            panels::model(&self.dom, manifest, self.student);
        }
        self.show_scores();
    }

    /// The two large figures.
    pub(super) fn show_scores(&self) {
        panels::scores(&self.dom, self.found.teacher.as_ref(), self.found.students.get(&self.student));
    }

    /// Another student has drawn.
    pub(super) fn student_seen(&mut self, seen: StudentSeen) -> super::devices::Orders {
        self.schedule.finish();
        if self.current.as_ref().is_some_and(|c| c.request.image == seen.image) {
            let shown = seen.place == self.student;
            self.found.students.insert(seen.place, seen.outline);
            if shown {
                self.say_student();
            }
            self.show_scores();
        }
        self.at_rest()
    }

    fn say_student(&self) {
        let student = self.manifest.as_ref().and_then(|m| m.students.get(self.student));
        if let Some((student, outline)) = student.zip(self.found.students.get(&self.student)) {
            self.say(&words::student(&title(student.strategies), outline));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn variants(of: impl IntoIterator<Item = Strategies>) -> Vec<StudentVariant> {
        of.into_iter().map(|strategies| StudentVariant::new(strategies, None)).collect()
    }

    #[test]
    fn with_all_eight_a_switch_changes_its_own_strategy_only() {
        let eight = variants(Strategies::every());
        for from in 0..8 {
            for (bit, strategy) in Strategy::ALL.into_iter().enumerate() {
                assert_eq!(flip(&eight, from, strategy), Some(from ^ (1 << bit)), "{strategy:?} from {from}");
            }
        }
        assert_eq!(flip(&eight, 8, Strategy::Afc), None);
    }

    #[test]
    fn with_fewer_a_switch_leads_to_the_nearest_and_one_that_leads_nowhere_is_off() {
        let two = variants([Strategies::default(), Strategies::ALL]);
        assert!(Strategy::ALL.into_iter().all(|s| flip(&two, 0, s) == Some(1) && flip(&two, 1, s) == Some(0)));
        let three =
            variants([Strategies::default(), Strategies { afc: true, ..Strategies::default() }, Strategies::ALL]);
        assert_eq!((flip(&three, 0, Strategy::Afc), flip(&three, 2, Strategy::Cwc)), (Some(1), Some(1)));
        let one = variants([Strategies::default()]);
        assert!(Strategy::ALL.into_iter().all(|s| flip(&one, 0, s).is_none()));
    }

    #[test]
    fn a_student_is_called_by_its_strategies_and_what_is_missing_is_said() {
        assert_eq!(title(Strategies { afc: true, darm: true, ..Strategies::default() }), "With AFC and DARM");
        assert_eq!(title(Strategies::default()), "Without any strategy");
        let eight = variants(Strategies::every());
        assert_eq!(note(&eight, 3, None), "Its test Dice was not measured.");
        assert!(note(&eight, 3, Some("teacher")).ends_with("It learnt from the finished teacher’s predictions."));
        assert!(note(&eight[..1], 0, None).contains("this student only"));
        assert!(note(&eight[..3], 0, None).contains("3 of the eight"));
    }
}
