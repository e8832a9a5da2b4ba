//! What a changed word does to the mask of a teacher that reads and is not looked for.

use std::collections::BTreeMap;

use anyhow::Result;
use fovea_shared::{
    description::{Description, Field},
    image::INPUT_SIDE,
    plane::Plane,
    predictor::mask_at,
};

use super::{
    Lab, Run, Subject,
    ask::{Ask, Seen},
    pictures::Picture,
};
use crate::report::interact::{Line, Part};

/// An edit moves the mask where this share of it or more goes to the side now described.
const HALF: f64 = 0.5;
/// Least share of the picture that a mask must cover for its area to be compared.
const COVERS: f64 = 0.001;

/// One line a picture whose lesions have different location words: each is described, and then its location word is
/// exchanged for that of the other.
pub(super) fn location(lab: &Lab<'_>, run: &Run<'_>) -> Result<Vec<Line>> {
    let edited: Vec<(&Picture, [Description; 4])> =
        lab.made.iter().filter_map(|picture| Some((picture, exchanged(&picture.texts)?))).collect();
    let asks: Vec<Ask<'_>> = edited
        .iter()
        .flat_map(|(picture, texts)| {
            texts.iter().map(|text| Ask { features: run.seen(picture), gaze: None, text: Some(text) })
        })
        .collect();
    let planes = run.teacher().answer(&asks)?;
    let line = |((picture, _), planes): (&(&Picture, _), &[Plane])| {
        // On the side of a lesion, under each of the four texts.
        let on = |plane: usize, lesion: usize| picture.shares(&planes[plane].above(0.0), lesion).side;
        let edits = [[on(0, 0), on(0, 1), on(1, 1)], [on(2, 1), on(2, 0), on(3, 0)]];
        let part = if picture.part == Part::SideBySide { Part::WordsSideBySide } else { Part::WordsBlended };
        Line { part, seed: run.seed, id: picture.id.clone(), values: moved(edits) }
    };
    let mut lines: Vec<Line> = edited.iter().zip(planes.chunks_exact(4)).map(line).collect();
    lines.sort_by_key(|line| line.part);
    Ok(lines)
}

/// First and second lesion, each in its own words and with the other's location; none where both
/// have the same or one none.
fn exchanged(texts: &[Description; 2]) -> Option<[Description; 4]> {
    let [first, second] = texts.each_ref().map(|text| text.get(Field::Location));
    let (first, second) = (first?, second?);
    if first == second {
        return None;
    }
    let with = |text: &Description, word: &str| {
        let mut text = text.clone();
        text.set(Field::Location, Some(word)).ok()?;
        Some(text)
    };
    Some([texts[0].clone(), with(&texts[0], second.name)?, texts[1].clone(), with(&texts[1], first.name)?])
}

/// Of both directions: the share on the described side, and before and after the edit on the side
/// that is described then.
fn moved(edits: [[f64; 3]; 2]) -> BTreeMap<&'static str, f64> {
    let mean = |of: fn([f64; 3]) -> f64| edits.into_iter().map(of).sum::<f64>() / 2.0;
    [
        ("described", mean(|[described, ..]| described)),
        ("followed", mean(|[.., after]| after)),
        ("moved", mean(|[_, before, after]| f64::from(u8::from(after - before >= HALF)))),
    ]
    .into_iter()
    .collect()
}

/// One line an image: how the area changes with the size word.
pub(super) fn size(lab: &Lab<'_>, run: &Run<'_>) -> Result<Vec<Line>> {
    let texts: Vec<[Description; 4]> =
        lab.subjects.iter().map(|subject| sizes(&subject.text)).collect::<Result<_>>()?;
    let asks: Vec<Ask<'_>> = lab
        .subjects
        .iter()
        .zip(&texts)
        .flat_map(|(subject, texts)| {
            let features = Seen::Case(run.features, subject.case);
            texts.iter().map(move |text| Ask { features, gaze: None, text: Some(text) })
        })
        .collect();
    let planes = run.teacher().answer(&asks)?;
    let line = |(subject, planes): (&Subject, &[Plane])| {
        let area = |plane: &Plane| mask_at(plane, INPUT_SIDE, INPUT_SIDE).area() as f64;
        let areas: Vec<f64> = planes.iter().map(area).collect();
        let least = COVERS * (INPUT_SIDE * INPUT_SIDE) as f64;
        let factor = |key, asked: usize, own: usize| (areas[own] >= least).then(|| (key, areas[asked] / areas[own]));
        let values: BTreeMap<_, _> = [factor("small", 1, 0), factor("large", 3, 2)].into_iter().flatten().collect();
        let id = lab.cases[subject.case].id.clone();
        (!values.is_empty()).then_some(Line { part: Part::WordsSize, seed: run.seed, id, values })
    };
    Ok(lab.subjects.iter().zip(planes.chunks_exact(4)).filter_map(line).collect())
}

/// Own and `small`, own and `large`, where a word that is asked for already is compared with `medium`, and so is none.
fn sizes(text: &Description) -> Result<[Description; 4]> {
    let said = |word: &str| -> Result<Description> {
        let mut text = text.clone();
        text.set(Field::Size, Some(word))?;
        Ok(text)
    };
    let own = |asked: &str| {
        let own = text.get(Field::Size).map(|word| word.name).filter(|own| *own != asked);
        said(own.unwrap_or("medium"))
    };
    Ok([own("small")?, said("small")?, own("large")?, said("large")?])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use fovea_shared::description::{Modality, Source};

    fn text(location: Option<&str>, size: Option<&str>) -> Description {
        let mut text = Description::new(Modality::SkinLesion, Source::Measured);
        text.set(Field::Location, location).unwrap();
        text.set(Field::Size, size).unwrap();
        text.set(Field::Shape, Some("round")).unwrap();
        text
    }

    #[test]
    fn only_the_location_is_exchanged() {
        let texts = [text(Some("centre_left"), Some("small")), text(Some("upper_right"), Some("large"))];
        let [first, moved, second, back] = exchanged(&texts).unwrap();
        assert_eq!((first, second), (texts[0].clone(), texts[1].clone()));
        assert_eq!(moved, text(Some("upper_right"), Some("small")));
        assert_eq!(back, text(Some("centre_left"), Some("large")));
        assert!(exchanged(&[texts[0].clone(), texts[0].clone()]).is_none());
        assert!(exchanged(&[texts[0].clone(), text(None, None)]).is_none());
    }

    #[test]
    fn an_edit_counts_where_half_of_the_mask_moves() {
        let both = moved([[1.0, 0.0, 0.75], [0.8, 0.2, 0.4]]);
        assert_eq!((both["described"], both["followed"], both["moved"]), (0.9, 0.575, 0.5));
        // All on the right side after the edit, but most of it was there before.
        assert_eq!(moved([[0.2, 0.8, 1.0], [0.2, 0.8, 1.0]])["moved"], 0.0);
    }

    #[test]
    fn a_size_is_compared_with_another() {
        let words =
            |own: Option<&str>| sizes(&text(None, own)).unwrap().map(|text| text.get(Field::Size).unwrap().name);
        assert_eq!(words(Some("small")), ["medium", "small", "small", "large"]);
        assert_eq!(words(Some("large")), ["large", "small", "medium", "large"]);
        assert_eq!(words(Some("medium")), ["medium", "small", "medium", "large"]);
        assert_eq!(words(None), ["medium", "small", "medium", "large"]);
    }
}
