//! Whether two students' test scores differ, as far as the data can say.

use fovea_shared::bundle::Score;

use super::{claims::Pair, scores::Scored};

/// Scores within this of each other are alike for all that an outline shows. Trainings that differ in nothing but their seed differ by about
/// as much.
pub const ALIKE: f64 = 0.01;

/// How far the bundle's score and a pair's may lie apart: pairs are written with five digits.
const SAME_SCORE: f64 = 1e-5;

/// The difference between two students.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The first one's mean Dice minus the second one's.
    pub by: f64,
    /// The 95 % bootstrap interval of that over the images, where they were compared image by image.
    pub interval: Option<[f64; 2]>,
    /// What follows.
    pub verdict: Verdict,
}

/// What can be said about a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is larger than chance explains.
    Shown,
    /// It is not, or nothing is known of the chance.
    NotShown,
}

impl Difference {
    /// The difference of `a` over `b`. Compared image by image it is shown where the interval leaves out 0. Without such a comparison, it is
    /// shown where the intervals of the two means do not meet, or, without intervals, where the means lie more than two standard deviations
    /// apart. Both are stricter, because they ignore that the images are the same.
    pub fn between(a: Scored<'_>, b: Scored<'_>, pairs: &[Pair]) -> Self {
        if let Some((by, [low, high])) = paired(a, b, pairs) {
            let shown = low > 0.0 || high < 0.0;
            return Self { by, interval: Some([low, high]), verdict: Verdict::of(shown) };
        }
        let by = a.score.mean - b.score.mean;
        Self { by, interval: None, verdict: Verdict::of(apart(a.score, b.score)) }
    }
}

impl Verdict {
    fn of(shown: bool) -> Self {
        if shown { Self::Shown } else { Self::NotShown }
    }
}

/// The difference image by image, if these very scores were compared.
fn paired(a: Scored<'_>, b: Scored<'_>, pairs: &[Pair]) -> Option<(f64, [f64; 2])> {
    let is =
        |name: &str, dice: f64, of: Scored<'_>| name == of.student.name && (dice - of.score.mean).abs() <= SAME_SCORE;
    pairs.iter().find_map(|pair| {
        let joins =
            |first, second| is(&pair.student, pair.dice, first) && is(&pair.reference, pair.reference_dice, second);
        let [low, high] = pair.interval;
        match (joins(a, b), joins(b, a)) {
            (true, _) => Some((pair.difference, [low, high])),
            (_, true) => Some((-pair.difference, [-high, -low])),
            _ => None,
        }
    })
}

fn apart(a: &Score, b: &Score) -> bool {
    match (a.interval, b.interval) {
        (Some(a), Some(b)) => a[0] > b[1] || b[0] > a[1],
        _ => a.seeds > 1 && b.seeds > 1 && (a.mean - b.mean).abs() > 2.0 * a.sd.hypot(b.sd),
    }
}

/// How many images these scores were measured on, as far as a comparison tells.
pub fn images(students: &[Scored<'_>], pairs: &[Pair]) -> Option<usize> {
    let of = |pair: &&Pair| {
        students.iter().any(|s| s.student.name == pair.student && (pair.dice - s.score.mean).abs() <= SAME_SCORE)
    };
    pairs.iter().find(of).map(|pair| pair.images)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use fovea_shared::bundle::StudentVariant;

    use super::*;

    fn student(name: &str, mean: f64, interval: Option<[f64; 2]>, seeds: usize) -> StudentVariant {
        let score = Score { mean, sd: 0.004, seeds, interval, on: "somewhere".into() };
        StudentVariant::new(name.parse().unwrap(), Some(score))
    }

    fn between(a: &StudentVariant, b: &StudentVariant, pairs: &[Pair]) -> Difference {
        let [a, b] = [a, b].map(|student| Scored { place: 0, student, score: student.dice.as_ref().unwrap() });
        Difference::between(a, b, pairs)
    }

    fn pair(dice: f64, interval: [f64; 2]) -> Pair {
        let (student, reference) = ("heat+cwc".to_owned(), "heat".to_owned());
        Pair { student, dice, reference, reference_dice: 0.65, difference: 0.06, interval, images: 60 }
    }

    #[test]
    fn a_comparison_image_by_image_decides_where_intervals_of_means_cannot() {
        let (a, b) = (student("heat+cwc", 0.71, Some([0.67, 0.75]), 1), student("heat", 0.65, Some([0.6, 0.69]), 1));
        assert_eq!(between(&a, &b, &[]).verdict, Verdict::NotShown);
        let pairs = [pair(0.71, [0.05, 0.07])];
        let found = between(&a, &b, &pairs);
        assert_eq!((found.verdict, found.interval), (Verdict::Shown, Some([0.05, 0.07])));
        let back = between(&b, &a, &pairs);
        assert_eq!((back.by, back.interval, back.verdict), (-0.06, Some([-0.07, -0.05]), Verdict::Shown));
        assert_eq!(between(&a, &b, &[pair(0.71, [-0.01, 0.07])]).verdict, Verdict::NotShown);
    }

    #[test]
    fn a_comparison_of_other_weights_is_not_taken() {
        let (a, b) = (student("heat+cwc", 0.71, None, 1), student("heat", 0.65, None, 1));
        assert_eq!(between(&a, &b, &[pair(0.72, [0.05, 0.07])]).interval, None);
        assert_eq!(images(&[], &[pair(0.71, [0.05, 0.07])]), None);
    }

    #[test]
    fn without_a_comparison_intervals_or_seeds_must_lie_apart() {
        let apart = |a: StudentVariant, b: StudentVariant| between(&a, &b, &[]).verdict == Verdict::Shown;
        assert!(apart(student("teacher", 0.8, Some([0.77, 0.84]), 1), student("heat", 0.7, Some([0.66, 0.75]), 1)));
        assert!(!apart(student("teacher", 0.8, Some([0.74, 0.84]), 1), student("heat", 0.7, Some([0.66, 0.75]), 1)));
        assert!(apart(student("teacher", 0.8, None, 3), student("heat", 0.78, None, 3)));
        assert!(!apart(student("teacher", 0.8, None, 3), student("heat", 0.79, None, 3)));
        assert!(!apart(student("teacher", 0.8, None, 1), student("heat", 0.5, None, 1)), "one training tells nothing");
    }
}
