//! Looks at the lesion: Dice after none, one, three and five, with the image's own gaze, and of the student.

use std::collections::BTreeMap;

use anyhow::Result;
use fovea_shared::{
    gaze::Scanpath,
    metrics::dice,
    plane::{Mask, Plane},
    predictor::mask_at,
};

use super::{
    Lab, Run, Subject,
    ask::{Ask, Seen},
};
use crate::{
    data::parallel,
    report::interact::{Line, Part},
};

/// Numbers of looks that are tried, with their names.
const LOOKS: [(usize, &str); 4] = [(0, "teacher_0"), (1, "teacher_1"), (3, "teacher_3"), (5, "teacher_5")];
/// The teacher with three looks may be so much worse than the student, in Dice.
const WORSE: f64 = 0.02;

/// The teacher's logits of one image.
pub(super) struct Answers {
    /// After 0, 1, 3 and 5 looks.
    pub(super) looks: [Plane; 4],
    /// With all of its own gaze.
    own: Option<Plane>,
}

/// Asks for every subject.
pub(super) fn answers(lab: &Lab<'_>, run: &Run<'_>) -> Result<Vec<Answers>> {
    let paths: Vec<[Scanpath; 4]> =
        lab.subjects.iter().map(|subject| LOOKS.map(|(count, _)| subject.rule.looks(count))).collect();
    let own = |subject: &Subject| lab.cases[subject.case].gaze.as_ref();
    let mut asks = Vec::new();
    for (subject, paths) in lab.subjects.iter().zip(&paths) {
        let features = Seen::Case(run.features, subject.case);
        let looks = paths.iter().map(|path| Some(path).filter(|path| !path.fixations.is_empty()));
        asks.extend(looks.map(|gaze| Ask { features, gaze, text: None }));
        asks.extend(own(subject).map(|gaze| Ask { features, gaze: Some(gaze), text: None }));
    }
    let mut planes = run.teacher().answer(&asks)?.into_iter();
    // As many planes as questions, in their order.
    let mut next = || planes.next().unwrap_or_else(|| Plane::filled(1, 1, 0.0));
    let answer = |subject: &Subject| {
        let looks = std::array::from_fn(|_| next());
        Answers { looks, own: own(subject).map(|_| next()) }
    };
    Ok(lab.subjects.iter().map(answer).collect())
}

/// One line an image.
pub(super) fn lines(lab: &Lab<'_>, run: &Run<'_>, answers: &[Answers]) -> Vec<Line> {
    let jobs: Vec<(&Subject, &Answers)> = lab.subjects.iter().zip(answers).collect();
    let line = |(subject, answers): &(&Subject, &Answers)| {
        let student = run.student.map(|logits| &logits[subject.case]);
        let values = values(answers, student, &lab.truths[subject.case]);
        Line { part: Part::Looks, seed: run.seed, id: lab.cases[subject.case].id.clone(), values }
    };
    parallel::map(&jobs, line, || ())
}

fn values(answers: &Answers, student: Option<&Plane>, truth: &Mask) -> BTreeMap<&'static str, f64> {
    let masks = answers.looks.each_ref().map(|logits| mask_at(logits, truth.width, truth.height));
    let [none, one, three, five] = masks.each_ref().map(|mask| dice(mask, truth));
    let [_, empty @ ..] = masks.each_ref().map(Mask::is_empty);
    let number = |yes: bool| if yes { 1.0 } else { 0.0 };
    let mut values: BTreeMap<&'static str, f64> =
        LOOKS.iter().map(|(_, key)| *key).zip([none, one, three, five]).collect();
    values.extend([
        ("gain_1", one - none),
        ("gain_3", three - none),
        ("emptied_1", number(empty[0])),
        ("emptied", number(empty.contains(&true))),
    ]);
    if let Some(own) = &answers.own {
        values.insert("teacher_own_gaze", dice(&mask_at(own, truth.width, truth.height), truth));
    }
    if let Some(student) = student {
        let student = dice(&mask_at(student, truth.width, truth.height), truth);
        values.extend([
            ("student", student),
            ("over_student_3", three - student),
            ("not_worse_3", number(three >= student - WORSE)),
        ]);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(inside: usize) -> Plane {
        Plane::from_vec(8, 8, (0..64).map(|i| if i % 8 < inside { 9.0 } else { -9.0 }).collect())
    }

    #[test]
    fn gains_and_losses_are_told() {
        let truth = Mask::from_vec(8, 8, (0..64).map(|i| i % 8 < 4).collect());
        let answers = Answers { looks: [plane(2), plane(0), plane(4), plane(6)], own: Some(plane(4)) };
        let values = values(&answers, Some(&plane(4)), &truth);
        assert_eq!((values["teacher_0"], values["teacher_3"], values["teacher_5"]), (2.0 / 3.0, 1.0, 0.8));
        assert_eq!((values["emptied_1"], values["emptied"], values["teacher_1"]), (1.0, 1.0, 0.0));
        assert_eq!((values["gain_1"], values["teacher_own_gaze"]), (-2.0 / 3.0, 1.0));
        assert_eq!((values["student"], values["over_student_3"], values["not_worse_3"]), (1.0, 0.0, 1.0));
        let bare = super::values(&Answers { own: None, ..answers }, None, &truth);
        assert!(!bare.contains_key("student") && !bare.contains_key("teacher_own_gaze"));
    }
}
