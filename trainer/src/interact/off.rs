//! One look beside the lesion: does the outline leave it?

use std::collections::BTreeMap;

use anyhow::Result;
use fovea_shared::{
    gaze::Scanpath,
    image::INPUT_SIDE,
    plane::{Mask, Plane},
    predictor::mask_at,
};

use super::{
    Lab, Run, Subject,
    ask::{Ask, Seen},
    inside::Answers,
    shapes::with,
};
use crate::report::interact::{Line, Part};

/// A lesion of which less than this share stays outlined is un-outlined.
const STAYS: f64 = 0.1;

/// One line an image that has a place beside its lesion and whose lesion is outlined, at least in part, without a look.
pub(super) fn lines(lab: &Lab<'_>, run: &Run<'_>, answers: &[Answers]) -> Result<Vec<Line>> {
    let outlined = |subject: &Subject, answers: &Answers| {
        with(&subject.lesion, &mask_at(&answers.looks[0], INPUT_SIDE, INPUT_SIDE), true)
    };
    let tried: Vec<(&Subject, &Scanpath, Mask)> = lab
        .subjects
        .iter()
        .zip(answers)
        .filter_map(|(subject, answers)| Some((subject, subject.beside.as_ref()?, outlined(subject, answers))))
        .filter(|(.., outlined)| !outlined.is_empty())
        .collect();
    let asks: Vec<Ask<'_>> = tried
        .iter()
        .map(|(subject, look, _)| Ask {
            features: Seen::Case(run.features, subject.case),
            gaze: Some(*look),
            text: None,
        })
        .collect();
    let planes = run.teacher().answer(&asks)?;
    let line = |((subject, _, outlined), logits): (&(&Subject, &Scanpath, Mask), &Plane)| Line {
        part: Part::Off,
        seed: run.seed,
        id: lab.cases[subject.case].id.clone(),
        values: values(outlined, &mask_at(logits, INPUT_SIDE, INPUT_SIDE)),
    };
    Ok(tried.iter().zip(&planes).map(line).collect())
}

/// `outlined` is what of the lesion was outlined, not empty; `mask` what is outlined after the look beside it.
fn values(outlined: &Mask, mask: &Mask) -> BTreeMap<&'static str, f64> {
    let stays = with(outlined, mask, true).area() as f64 / outlined.area() as f64;
    let number = |yes: bool| f64::from(u8::from(yes));
    [("stays", stays), ("unoutlined", number(stays < STAYS)), ("emptied", number(mask.is_empty()))]
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_is_counted_within_what_was_outlined() {
        let columns =
            |from: usize, to: usize| Mask::from_vec(20, 20, (0..400).map(|i| (from..to).contains(&(i % 20))).collect());
        let kept = values(&columns(0, 10), &columns(5, 20));
        assert_eq!((kept["stays"], kept["unoutlined"], kept["emptied"]), (0.5, 0.0, 0.0));
        let left = values(&columns(0, 10), &columns(12, 20));
        assert_eq!((left["stays"], left["unoutlined"], left["emptied"]), (0.0, 1.0, 0.0));
        assert_eq!(values(&columns(0, 10), &columns(0, 0))["emptied"], 1.0);
        // Just one of ten columns: not less than a tenth.
        assert_eq!(values(&columns(0, 10), &columns(9, 20))["unoutlined"], 0.0);
    }
}
