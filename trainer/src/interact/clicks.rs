//! Number of looks until the outline is good: NoC of interactive segmentation, without negative looks.

use std::collections::BTreeMap;

use anyhow::Result;
use fovea_shared::{
    gaze::Scanpath,
    image::INPUT_SIDE,
    metrics::dice,
    plane::{Mask, Plane},
    predictor::mask_at,
};

use super::{Lab, inside::Answers, looks::Rule, shapes::with};
use crate::{
    data::parallel,
    report::interact::{Line, Part},
};

/// Most looks; an image that needs more counts so many.
const MOST: usize = 20;
/// Dice to reach: the value, and the names of the looks, of a failure, and of what needs no look.
const GOALS: [(f64, [&str; 3]); 2] =
    [(0.85, ["noc_85", "failed_85", "without_85"]), (0.90, ["noc_90", "failed_90", "without_90"])];

/// One image on its way.
struct Way<'a> {
    rule: &'a Rule,
    /// At the picture's own size.
    truth: &'a Mask,
    /// [`INPUT_SIDE`] squared.
    lesion: &'a Mask,
    /// The looks so far.
    path: Scanpath,
    /// Looks that were needed for each goal.
    needed: [Option<usize>; 2],
}

impl Way<'_> {
    /// Dice of an answer, and the looks so far with the next.
    fn judge(&self, logits: &Plane) -> (f64, Scanpath) {
        let reached = dice(&mask_at(logits, self.truth.width, self.truth.height), self.truth);
        let missing = with(self.lesion, &mask_at(logits, INPUT_SIDE, INPUT_SIDE), false);
        (reached, self.rule.next(&self.path, missing.parts().first()))
    }

    /// Takes that in. Returns whether the next look is needed.
    fn step(&mut self, (reached, next): (f64, Scanpath)) -> bool {
        let looks = self.path.fixations.len();
        for (needed, (goal, _)) in self.needed.iter_mut().zip(GOALS) {
            if reached >= goal {
                needed.get_or_insert(looks);
            }
        }
        self.path = next;
        looks < MOST && self.needed.iter().any(Option::is_none)
    }

    fn values(&self, without: &Plane) -> BTreeMap<&'static str, f64> {
        let without = dice(&mask_at(without, self.truth.width, self.truth.height), self.truth);
        let mut values = BTreeMap::new();
        for ((goal, [looks, failed, free]), needed) in GOALS.into_iter().zip(self.needed) {
            values.insert(looks, needed.unwrap_or(MOST) as f64);
            values.insert(failed, f64::from(u8::from(needed.is_none())));
            values.insert(free, f64::from(u8::from(without >= goal)));
        }
        values
    }
}

/// One line an image. `ask` answers for subjects and the looks at them.
pub(super) fn lines(
    lab: &Lab<'_>,
    seed: u64,
    answers: &[Answers],
    ask: impl Fn(&[(usize, &Scanpath)]) -> Result<Vec<Plane>>,
) -> Result<Vec<Line>> {
    let mut ways: Vec<Way<'_>> = lab
        .subjects
        .iter()
        .map(|s| Way {
            rule: &s.rule,
            truth: &lab.truths[s.case],
            lesion: &s.lesion,
            path: s.rule.looks(1),
            needed: [None; 2],
        })
        .collect();
    let first = answers.iter().map(|answers| answers.looks[1].clone()).collect();
    walk(&mut ways, first, ask)?;
    let line = |((way, answers), subject): ((&Way<'_>, &Answers), &super::Subject)| Line {
        part: Part::Clicks,
        seed,
        id: lab.cases[subject.case].id.clone(),
        values: way.values(&answers.looks[0]),
    };
    Ok(ways.iter().zip(answers).zip(&lab.subjects).map(line).collect())
}

/// Looks at all images in step, so that their answers can be computed together; `answers` are those to the first looks.
fn walk(
    ways: &mut [Way<'_>],
    mut answers: Vec<Plane>,
    ask: impl Fn(&[(usize, &Scanpath)]) -> Result<Vec<Plane>>,
) -> Result<()> {
    let mut left: Vec<usize> = (0..ways.len()).collect();
    while !left.is_empty() {
        let jobs: Vec<(&Way<'_>, &Plane)> = left.iter().map(|place| &ways[*place]).zip(&answers).collect();
        let judged = parallel::map(&jobs, |(way, logits)| way.judge(logits), || ());
        let went = left.into_iter().zip(judged).filter_map(|(place, judged)| ways[place].step(judged).then_some(place));
        left = went.collect();
        let asks: Vec<(usize, &Scanpath)> = left.iter().map(|place| (*place, &ways[*place].path)).collect();
        answers = ask(&asks)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::cell::Cell;

    /// Logits of columns `from..to` of 56.
    fn columns(from: usize, to: usize) -> Plane {
        Plane::from_vec(56, 56, (0..56 * 56).map(|i| if (from..to).contains(&(i % 56)) { 9.0 } else { -9.0 }).collect())
    }

    /// A lesion on the left half, and what comes of answers that depend on the number of looks.
    fn walked(answer: impl Fn(&Scanpath) -> Plane) -> ([Option<usize>; 2], Scanpath, usize) {
        let lesion = mask_at(&columns(0, 28), INPUT_SIDE, INPUT_SIDE);
        let rule = Rule::of(&lesion, "a").unwrap();
        let way = || Way { rule: &rule, truth: &lesion, lesion: &lesion, path: rule.looks(1), needed: [None; 2] };
        let (mut ways, asked) = ([way(), way()], Cell::new(0));
        let first = vec![answer(&rule.looks(1)), answer(&rule.looks(1))];
        let ask = |asks: &[(usize, &Scanpath)]| {
            asked.set(asked.get() + asks.len());
            Ok(asks.iter().map(|(_, path)| answer(path)).collect())
        };
        walk(&mut ways, first, ask).unwrap();
        assert_eq!(ways[0].needed, ways[1].needed);
        (ways[0].needed, ways[0].path.clone(), asked.get() / 2)
    }

    #[test]
    fn counting_stops_when_both_goals_are_reached() {
        assert_eq!(walked(|_| columns(0, 28)), ([Some(1), Some(1)], walked(|_| columns(0, 28)).1, 0));
        // Dice .88 after three looks, 1 after five.
        let grows = |path: &Scanpath| match path.fixations.len() {
            0..=2 => columns(0, 7),
            3 | 4 => columns(0, 22),
            _ => columns(0, 28),
        };
        let (needed, _, asked) = walked(grows);
        assert_eq!((needed, asked), ([Some(3), Some(5)], 4));
    }

    #[test]
    fn what_is_never_reached_counts_twenty_and_a_goal_once_reached_stays() {
        let (needed, _, asked) = walked(|_| columns(0, 7));
        assert_eq!((needed, asked), ([None; 2], 19));
        let falls = |path: &Scanpath| columns(0, if path.fixations.len() == 2 { 22 } else { 7 });
        let (needed, ..) = walked(falls);
        assert_eq!(needed, [Some(2), None]);
        let lesion = mask_at(&columns(0, 28), INPUT_SIDE, INPUT_SIDE);
        let rule = Rule::of(&lesion, "a").unwrap();
        let way = Way { rule: &rule, truth: &lesion, lesion: &lesion, path: rule.looks(1), needed };
        let values = way.values(&columns(0, 25));
        assert_eq!((values["noc_85"], values["failed_85"], values["without_85"]), (2.0, 0.0, 1.0));
        assert_eq!((values["noc_90"], values["failed_90"], values["without_90"]), (20.0, 1.0, 1.0));
    }

    #[test]
    fn looks_go_where_something_is_missing() {
        let (_, path, _) = walked(|path| columns(0, if path.fixations.len() < 3 { 14 } else { 28 }));
        // The right half of the lesion is missing after the first look, and columns 14 to 28 of 56
        // have their middle at .375.
        assert!((path.fixations[1].x - 0.375).abs() < 0.02, "{:?}", path.fixations);
    }
}
