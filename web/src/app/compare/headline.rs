//! What the comparison says first, computed from the scores of a bundle's students. Pure: no browser in here.

use fovea_shared::{
    bundle::{StudentKind, StudentVariant, Told},
    description::Modality,
    distill::Strategies,
};

use super::{
    claims::Pair,
    difference::{ALIKE, Difference, Verdict, images},
    scores::{Measured, Scored, Source, TestImages, dice as written, interval, labels as named, signed},
};
use crate::text::say;

/// What the scores of one source say.
#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    /// Whose scores these are.
    pub source: Source,
    /// The test images.
    pub on: TestImages,
    /// Fewest trainings behind a score.
    pub trainings: usize,
    /// The range of each family: students that learnt from the same.
    pub families: Vec<Family>,
    /// The first student of each other family against that of the first one.
    pub told: Vec<ToldDifference>,
}

/// The students that learnt from the same, with the same form of DARM.
#[derive(Clone, Debug, PartialEq)]
pub struct Family {
    /// What they learnt from.
    pub told: Told,
    /// Whether DARM had the form of the released code.
    pub released: bool,
    /// How many there are.
    pub count: usize,
    /// The least mean Dice.
    pub low: f64,
    /// The largest mean Dice.
    pub high: f64,
    /// The student whose difference from the one without strategies is largest of those that the data show, else of all; nothing where
    /// there is no other student, or none without strategies.
    pub farthest: Option<(StudentKind, Difference)>,
}

/// A family's first student against the reference: the first family's.
#[derive(Clone, Debug, PartialEq)]
pub struct ToldDifference {
    /// What it learnt from.
    pub told: Told,
    /// Its mean Dice.
    pub dice: f64,
    /// What the reference learnt from.
    pub reference: Told,
    /// The reference's mean Dice.
    pub reference_dice: f64,
    /// How far it is above the reference.
    pub difference: Difference,
}

/// The headlines of a bundle: of the page's own weights first, then of other trainings. None where nothing was measured.
pub fn headlines(students: &[StudentVariant], domain: Modality, pairs: &[Pair]) -> Vec<Headline> {
    Measured::all(students).iter().map(|measured| Headline::of(measured, domain, pairs)).collect()
}

impl Headline {
    fn of(measured: &Measured<'_>, domain: Modality, pairs: &[Pair]) -> Self {
        let mut families: Vec<Vec<Scored<'_>>> = Vec::new();
        for scored in &measured.students {
            let same = |family: &&mut Vec<Scored<'_>>| family[0].student.kind.is_of_family(scored.student.kind);
            match families.iter_mut().find(same) {
                Some(family) => family.push(*scored),
                None => families.push(vec![*scored]),
            }
        }
        families.sort_by_key(|family| (family[0].student.kind.told, family[0].student.kind.released));
        let told = families.split_first().map_or_else(Vec::new, |(first, others)| {
            let reference = representative(first);
            let others = others.iter().filter(|family| family[0].student.kind.told != reference.student.kind.told);
            others.map(|family| ToldDifference::of(representative(family), reference, pairs)).collect()
        });
        let on = TestImages { on: measured.on.into(), domain, count: images(&measured.students, pairs) };
        let trainings = measured.students.iter().map(|s| s.score.seeds).min().unwrap_or_default();
        let families = families.iter().map(|family| Family::of(family, pairs)).collect();
        Self { source: measured.source, on, trainings, families, told }
    }

    /// The one sentence.
    pub fn title(&self) -> String {
        let on = &self.on.text();
        if let Some(best) = self.best_told() {
            let (labels, reference) = (named(best.told), named(best.reference));
            let (high, low) = (written(best.dice), written(best.reference_dice));
            return match best.difference.verdict {
                Verdict::Shown => {
                    say!("headline-told", on = on, labels = labels, high = high, reference = reference, low = low)
                }
                Verdict::NotShown => {
                    say!("headline-told-close", on = on, labels = labels, high = high, reference = reference, low = low)
                }
            };
        }
        match self.families.first() {
            Some(family) => family.title(on),
            None => String::new(),
        }
    }

    /// What follows it, a sentence each: the families that the title does not speak of, what each family is worth, and how many trainings
    /// that rests on.
    pub fn lines(&self) -> Vec<String> {
        let spoken_of = usize::from(self.best_told().is_none());
        let families = self.families.iter().skip(spoken_of).filter(|family| family.count > 1).map(Family::line);
        let told = self.told.iter().map(ToldDifference::line);
        let trainings = say!("headline-trainings", count = self.trainings);
        let other = (self.source == Source::Ablation).then(|| say!("headline-other-trainings"));
        families.chain(told).chain([trainings]).chain(other).collect()
    }

    /// The best of what was told, the true masks aside, which are no gaze.
    fn best_told(&self) -> Option<&ToldDifference> {
        let gaze = self.told.iter().filter(|one| one.told != Told::FullSupervision);
        gaze.max_by(|a, b| a.dice.total_cmp(&b.dice))
    }
}

/// The student that stands for its family: the one without strategies, else the best.
fn representative<'a>(family: &[Scored<'a>]) -> Scored<'a> {
    let plain = family.iter().find(|s| !s.student.kind.strategies.any());
    let best = family.iter().max_by(|a, b| a.score.mean.total_cmp(&b.score.mean));
    // No family is empty.
    *plain.or(best).unwrap_or(&family[0])
}

impl Family {
    fn of(family: &[Scored<'_>], pairs: &[Pair]) -> Self {
        let kind = family[0].student.kind;
        let means = || family.iter().map(|s| s.score.mean);
        let plain = family.iter().find(|s| !s.student.kind.strategies.any());
        let others = plain.into_iter().flat_map(|plain| {
            let others = family.iter().filter(|s| s.student.kind.strategies.any());
            others.map(|s| (s.student.kind, Difference::between(*s, *plain, pairs)))
        });
        let weight = |difference: &Difference| (difference.verdict == Verdict::Shown, difference.by.abs());
        let farthest = others.max_by(|(_, a), (_, b)| {
            let ((shown_a, by_a), (shown_b, by_b)) = (weight(a), weight(b));
            shown_a.cmp(&shown_b).then(by_a.total_cmp(&by_b))
        });
        let (low, high) = (means().fold(f64::INFINITY, f64::min), means().fold(f64::NEG_INFINITY, f64::max));
        Self { told: kind.told, released: kind.released, count: family.len(), low, high, farthest }
    }

    /// The student that differs from the one without strategies, where the data show it.
    fn shown(&self) -> Option<(StudentKind, Difference)> {
        self.farthest.filter(|(_, difference)| difference.verdict == Verdict::Shown)
    }

    fn title(&self, on: &str) -> String {
        let (low, high) = (written(self.low), written(self.high));
        if self.count == 1 {
            return say!("headline-single", on = on, dice = high);
        }
        match self.shown() {
            Some((kind, difference)) => say!(
                "headline-strategy",
                on = on,
                who = strategies(kind),
                by = signed(difference.by),
                count = self.count.to_string(),
                low = low,
                high = high,
            ),
            None if self.high - self.low <= ALIKE => {
                say!("headline-alike", on = on, count = self.count.to_string(), low = low, high = high)
            }
            None => say!("headline-close", on = on, count = self.count.to_string(), low = low, high = high),
        }
    }

    fn line(&self) -> String {
        let (low, high, labels) = (written(self.low), written(self.high), named(self.told));
        let count = self.count.to_string();
        match self.shown() {
            Some((kind, difference)) => say!(
                "headline-family",
                count = count,
                labels = labels,
                low = low,
                high = high,
                who = strategies(kind),
                by = with_interval(&difference),
            ),
            None => say!("headline-family-alike", count = count, labels = labels, low = low, high = high),
        }
    }
}

impl ToldDifference {
    fn of(student: Scored<'_>, reference: Scored<'_>, pairs: &[Pair]) -> Self {
        Self {
            told: student.student.kind.told,
            dice: student.score.mean,
            reference: reference.student.kind.told,
            reference_dice: reference.score.mean,
            difference: Difference::between(student, reference, pairs),
        }
    }

    fn line(&self) -> String {
        let (labels, dice, by) = (named(self.told), written(self.dice), with_interval(&self.difference));
        let reference = named(self.reference);
        match (self.told, self.difference.verdict) {
            (Told::FullSupervision, _) => {
                say!("headline-bound", dice = dice, by = by, reference = reference)
            }
            (_, Verdict::Shown) => say!("headline-gain", labels = labels, dice = dice, by = by, reference = reference),
            (_, Verdict::NotShown) => {
                say!("headline-no-gain", labels = labels, dice = dice, by = by, reference = reference)
            }
        }
    }
}

/// A difference, with its interval where there is one.
fn with_interval(difference: &Difference) -> String {
    let by = signed(difference.by);
    difference
        .interval
        .map_or_else(|| by.clone(), |ends| say!("with-interval", value = by.as_str(), interval = interval(ends)))
}

/// A student's strategies, as short as can be.
pub fn strategies(kind: StudentKind) -> String {
    let name = match kind.strategies {
        none if !none.any() => say!("strategies-none"),
        Strategies::ALL => say!("strategies-all"),
        some => some.name().to_uppercase().replace('+', " + "),
    };
    if kind.released { say!("strategies-released", strategies = name) } else { name }
}

#[cfg(test)]
mod tests;
