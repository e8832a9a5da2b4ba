//! The rows of the table, the dots of the chart, and what is said of all of them. Plain data.

use fovea_shared::{description::Modality, gaze::GazeOrigin};

use super::{
    Beside,
    roster::{Roster, Student},
};
use crate::{
    glances::file::{Basis, Outcome},
    text::{Message, message, noun},
};

/// Whose student a row is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Whose {
    /// The visitor's.
    Yours,
    /// Of another person, whose glances are here.
    Theirs,
    /// Of a file, by its name.
    File(String),
}

/// One student.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Whose it is.
    pub whose: Whose,
    /// How long was looked, in seconds.
    pub seconds: f64,
    /// At how many pictures.
    pub glances: usize,
    /// Its fit; nothing where it is not in the chart.
    pub fit: Option<f32>,
    /// Why it is not, or what else must be known; may be empty.
    pub note: Message,
    /// The other fits that its page knows.
    pub references: References,
}

/// Fits to compare with: those of an untrained student, and of students that simulated gaze and true
/// outlines have taught.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct References {
    /// Before learning.
    pub untrained: Option<f32>,
    /// Taught by simulated gaze.
    pub simulated: Option<f32>,
    /// Taught by true outlines.
    pub outlines: Option<f32>,
}

impl References {
    fn of(outcome: &Outcome) -> Self {
        Self { untrained: outcome.untrained, simulated: outcome.simulated, outlines: outcome.outlines }
    }

    /// Their means over the rows that know them.
    pub fn mean(rows: &[Row]) -> Self {
        let mean = |pick: fn(&Self) -> Option<f32>| mean(rows.iter().filter_map(|row| pick(&row.references)));
        Self { untrained: mean(|r| r.untrained), simulated: mean(|r| r.simulated), outlines: mean(|r| r.outlines) }
    }
}

/// The mean, where there is anything.
fn mean(values: impl Iterator<Item = f32>) -> Option<f32> {
    let (count, sum) = values.fold((0.0, 0.0), |(count, sum), value| (count + 1.0, sum + value));
    (count > 0.0).then(|| sum / count)
}

/// All rows: the tab's own students first, then the files in their order. Only fits that were measured
/// as this page does are compared.
pub fn rows(roster: &Roster, beside: &Beside, domain: Modality, basis: &Basis) -> Vec<Row> {
    let yours = beside.yours.as_ref().map(|outcome| Row {
        whose: Whose::Yours,
        seconds: outcome.looked_seconds,
        glances: outcome.glances,
        fit: Some(outcome.fit),
        note: Message::default(),
        references: References::of(outcome),
    });
    let theirs = beside.theirs.map(|(fit, seconds, glances)| Row {
        whose: Whose::Theirs,
        seconds,
        glances,
        fit: Some(fit),
        note: Message::default(),
        references: References::default(),
    });
    let files = roster.students().iter().map(|student| row(student, domain, basis));
    yours.into_iter().chain(theirs).chain(files).collect()
}

fn row(Student { name, file, .. }: &Student, domain: Modality, basis: &Basis) -> Row {
    let whose = Whose::File(name.clone());
    let (seconds, glances) = (file.set.seconds(), file.set.pictures().len());
    let without = |note| Row { whose, seconds, glances, fit: None, note, references: References::default() };
    if file.set.domain() != domain {
        return without(message!("class-domain", noun = noun(file.set.domain())));
    }
    let Some(outcome) = &file.result else { return without(message!("class-no-result")) };
    if outcome.basis != *basis {
        return without(message!("class-basis"));
    }
    let note = match file.set.origin() {
        GazeOrigin::Pointer => Message::default(),
        GazeOrigin::Recorded => message!("gaze-recorded"),
        GazeOrigin::Simulated => message!("gaze-simulated"),
    };
    Row {
        whose: Whose::File(name.clone()),
        seconds: outcome.looked_seconds,
        glances: outcome.glances,
        fit: Some(outcome.fit),
        note,
        references: References::of(outcome),
    }
}

/// The smallest and the largest.
fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

/// What is said of the students in the chart: how many, their fits and times.
pub fn summary(rows: &[Row]) -> Message {
    let charted: Vec<(f32, f64)> = rows.iter().filter_map(|row| Some((row.fit?, row.seconds))).collect();
    let Some(mean) = mean(charted.iter().map(|(fit, _)| *fit)) else { return message!("class-none") };
    let (low, high) = ends(charted.iter().map(|(fit, _)| f64::from(*fit)));
    let (short, long) = ends(charted.iter().map(|(_, seconds)| *seconds));
    message!(
        "class-summary",
        count = charted.len().to_string(),
        low = format!("{low:.2}"),
        high = format!("{high:.2}"),
        mean = format!("{mean:.2}"),
        short = format!("{short:.0}"),
        long = format!("{long:.0}")
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use fovea_shared::gaze::Fixation;

    use super::*;
    use crate::glances::{GlanceSet, PictureGlance, file::GlanceFile};

    fn basis() -> Basis {
        Basis { backbone: "b".into(), unseen: vec!["u".into(), "v".into()] }
    }

    fn outcome(fit: f32, seconds: f64) -> Outcome {
        Outcome {
            fit,
            looked_seconds: seconds,
            glances: 6,
            untrained: Some(0.1),
            simulated: None,
            outlines: None,
            basis: basis(),
            made: String::new(),
        }
    }

    fn file(domain: Modality, origin: GazeOrigin, result: Option<Outcome>) -> GlanceFile {
        let look = [Fixation { x: 0.5, y: 0.5, duration_ms: 1500.0, start_ms: 0.0 }];
        let set = GlanceSet::new(domain, origin, vec![PictureGlance::of("a", &look).unwrap()]).unwrap();
        GlanceFile { set, result }
    }

    fn of(files: Vec<GlanceFile>, beside: &Beside) -> Vec<Row> {
        let mut roster = Roster::default();
        for (place, file) in files.into_iter().enumerate() {
            roster.add(format!("{place}.fovea-glances.json"), Ok(file));
        }
        rows(&roster, beside, Modality::Polyp, &basis())
    }

    #[test]
    fn only_fits_that_were_measured_alike_are_in_the_chart_and_the_others_say_why() {
        use GazeOrigin::{Pointer, Simulated};
        let elsewhere = Outcome { basis: Basis { backbone: "other".into(), ..basis() }, ..outcome(0.9, 1.0) };
        let other_pictures = Outcome { basis: Basis { unseen: vec!["w".into()], ..basis() }, ..outcome(0.9, 1.0) };
        let files = vec![
            file(Modality::Polyp, Pointer, Some(outcome(0.6, 24.0))),
            file(Modality::Polyp, Pointer, None),
            file(Modality::SkinLesion, Pointer, Some(outcome(0.9, 24.0))),
            file(Modality::Polyp, Pointer, Some(elsewhere)),
            file(Modality::Polyp, Pointer, Some(other_pictures)),
            file(Modality::Polyp, Simulated, Some(outcome(0.5, 12.0))),
        ];
        let rows = of(files, &Beside::default());
        let fits: Vec<Option<f32>> = rows.iter().map(|row| row.fit).collect();
        assert_eq!(fits, [Some(0.6), None, None, None, None, Some(0.5)]);
        assert!(rows[0].note.is_empty() && rows[1..].iter().all(|row| !row.note.is_empty()));
        assert_eq!((rows[1].seconds, rows[1].glances), (1.5, 1), "what its glances say");
        assert!(rows[2].note.to_string().contains("skin lesion"), "{}", rows[2].note);
        assert_eq!(rows[3].note, rows[4].note);
        let said = summary(&rows).to_string();
        assert!(["2", "0.50", "0.60", "0.55", "12", "24"].iter().all(|part| said.contains(part)), "{said}");
    }

    #[test]
    fn the_tabs_own_students_come_first() {
        let beside = Beside { basis: None, yours: Some(outcome(0.7, 20.0)), theirs: Some((0.65, 18.0, 5)) };
        let rows = of(vec![file(Modality::Polyp, GazeOrigin::Pointer, Some(outcome(0.6, 24.0)))], &beside);
        let whose: Vec<&Whose> = rows.iter().map(|row| &row.whose).collect();
        assert_eq!(whose, [&Whose::Yours, &Whose::Theirs, &Whose::File("0".into())]);
        assert_eq!((rows[1].fit, rows[1].seconds, rows[1].glances), (Some(0.65), 18.0, 5));
    }

    #[test]
    fn references_are_means_over_those_who_know_them() {
        let with = |simulated, untrained| Outcome { simulated, untrained, ..outcome(0.6, 24.0) };
        let files = [with(Some(0.7), Some(0.1)), with(None, Some(0.2)), with(Some(0.5), None)];
        let files = files.map(|one| file(Modality::Polyp, GazeOrigin::Pointer, Some(one))).to_vec();
        // Files of equal content count once, these differ.
        let mean = References::mean(&of(files, &Beside::default()));
        assert!((mean.simulated.unwrap() - 0.6).abs() < 1e-6 && (mean.untrained.unwrap() - 0.15).abs() < 1e-6);
        assert_eq!(mean.outlines, None);
        assert_eq!(References::mean(&[]), References::default());
        assert_eq!(summary(&[]), message!("class-none"));
    }
}
