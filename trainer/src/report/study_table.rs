//! The numbers of a study, line by line: what Markdown, CSV, the figure and the page show.

use std::path::Path;

use super::{
    ReportError,
    files::finished,
    results::{Paired, Row, Scores, Study, mean_and_sd},
};
use crate::run::write_atomic;

/// One model of one row.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The row.
    pub row: &'a Row,
    /// The model, as results name it.
    pub model: &'static str,
    /// Its scores.
    pub scores: &'a Scores,
    /// Its comparison with the reference row.
    pub paired: Option<&'a Paired>,
}

/// A column: its heading with its unit, and what it shows of a line.
pub struct Column {
    /// Heading, with the unit.
    pub heading: String,
    /// The text of a line.
    pub text: fn(&Line<'_>) -> String,
    /// The number behind it, for sorting; `None` where there is none.
    pub value: fn(&Line<'_>) -> Option<f64>,
}

impl Study {
    /// Every row's models, in the order of the rows.
    pub fn lines(&self) -> Vec<Line<'_>> {
        let of_row = |row| {
            let row: &Row = row;
            row.scores.iter().map(move |(kind, scores)| {
                let model = kind.name();
                let paired = row.paired.iter().find(|p| p.model == model && p.reference != row.name);
                Line { row, model, scores, paired }
            })
        };
        self.rows.iter().flat_map(of_row).collect()
    }

    /// [`Study::lines`] without the teachers that an earlier row has shown: the rows of an ablation share theirs.
    pub fn distinct_lines(&self) -> Vec<Line<'_>> {
        let mut kept: Vec<Line<'_>> = Vec::new();
        for line in self.lines() {
            if line.model == "student" || !kept.iter().any(|earlier| earlier.is_of_the_networks_of(&line)) {
                kept.push(line);
            }
        }
        kept
    }

    /// The row that the others are compared with.
    pub fn reference(&self) -> Option<&str> {
        self.rows.iter().flat_map(|row| &row.paired).map(|p| p.reference.as_str()).next()
    }

    /// The columns of the study's table; one with paired differences where there are any.
    pub fn columns(&self) -> Vec<Column> {
        let column = |heading: &str, text, value| Column { heading: heading.into(), text, value };
        let mut columns = vec![
            column("row", |l| l.row.name.clone(), |_| None),
            column("model", |l| l.words().into(), |_| None),
            column("seeds", |l| l.scores.dice.len().to_string(), |l| Some(l.scores.dice.len() as f64)),
            column("Dice", |l| spread(&l.scores.dice, 3) + &interval(l.scores), |l| mean_and_sd(&l.scores.dice).0),
        ];
        if let Some(reference) = self.reference() {
            let text = |l: &Line<'_>| l.paired.map_or_else(|| "-".into(), |p| difference(p, 3));
            columns.push(column(&format!("\u{394} Dice to {reference}"), text, |l| Some(l.paired?.dice.mean)));
        }
        columns.extend([
            column("IoU", |l| spread(&l.scores.iou, 3), |l| mean_and_sd(&l.scores.iou).0),
            column("HD95 [px]", |l| spread(&l.scores.hd95, 1), |l| mean_and_sd(&l.scores.hd95).0),
            column("ASD [px]", |l| spread(&l.scores.asd, 1), |l| mean_and_sd(&l.scores.asd).0),
            column("empty [images]", |l| spread(&l.empty(), 1), |l| mean_and_sd(&l.empty()).0),
        ]);
        columns
    }

    /// What the table's numbers are.
    pub fn legend(&self) -> String {
        let mut text =
            "Mean over images, then over seeds, \u{b1} standard deviation over seeds. Brackets hold the 95 % bootstrap \
                        interval over images, for one seed. Distances are in pixels of the image's own size."
                .to_owned();
        if let Some(reference) = self.reference() {
            text += &format!(
                " \u{394} is Dice minus that of `{reference}` with the same model, image by image. Each image is \
                 averaged over the seeds that both have. Brackets hold the 95 % bootstrap interval over the images \
                 (10,000 resamples)."
            );
        }
        if let Some(uniform) = &self.data.uniform_truths {
            text += &format!(" Of the test images, {uniform}.");
        }
        if self.distinct_lines().len() < self.lines().len() {
            text += " A teacher that several rows share is listed with the first of them.";
        }
        text
    }

    /// The table in Markdown, of some lines.
    pub fn markdown_table(&self, lines: &[Line<'_>]) -> String {
        let columns = self.columns();
        let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let head = row(columns.iter().map(|c| c.heading.clone()).collect());
        let rule = format!("|{}\n", "---|".repeat(columns.len()));
        let body = lines.iter().map(|line| row(columns.iter().map(|c| (c.text)(line).replace('|', "\\|")).collect()));
        head + &rule + &body.collect::<String>()
    }

    /// Writes the numbers as CSV, one line a row and model: means, deviations, differences, then every seed's Dice.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write_csv(&self, path: &Path) -> Result<(), ReportError> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let scores = ["dice", "iou", "hd95_px", "asd_px", "empty_images"];
        let mut head: Vec<String> = ["row", "model", "seeds"].map(String::from).into();
        head.extend(scores.iter().flat_map(|s| [format!("{s}_mean"), format!("{s}_sd")]));
        let paired = ["reference", "difference", "difference_low", "difference_high", "difference_p", "dice_by_seed"];
        head.extend(paired.map(String::from));
        writer.write_record(&head)?;
        for line in self.lines() {
            let seeds: Vec<String> = line.row.seeds.iter().map(u64::to_string).collect();
            let mut cells = vec![line.row.name.clone(), line.model.into(), seeds.join(" ")];
            let empty = line.empty();
            for values in [&line.scores.dice, &line.scores.iou, &line.scores.hd95, &line.scores.asd, &empty] {
                let (mean, sd) = mean_and_sd(values);
                cells.extend([mean, sd].map(|v| v.map(|v| format!("{v:.5}")).unwrap_or_default()));
            }
            let d = line.paired.map(|p| p.dice);
            cells.push(line.paired.map(|p| p.reference.clone()).unwrap_or_default());
            cells.extend([d.map(|d| d.mean), d.map(|d| d.low), d.map(|d| d.high), d.map(|d| d.p_value)].map(number));
            cells.push(line.scores.dice.iter().map(|d| format!("{d:.5}")).collect::<Vec<_>>().join(" "));
            writer.write_record(&cells)?;
        }
        Ok(write_atomic(path, &finished(writer, "the CSV of the study")?)?)
    }
}

fn number(value: Option<f64>) -> String {
    value.map(|v| format!("{v:.5}")).unwrap_or_default()
}

impl Line<'_> {
    /// The model in words.
    pub fn words(&self) -> &'static str {
        match self.model {
            "teacher_with_gaze" => "teacher with gaze",
            model => model,
        }
    }

    /// Whether the other line is about networks that this one is about: for every seed of it the very same scores.
    fn is_of_the_networks_of(&self, other: &Line<'_>) -> bool {
        let score = |line: &Line<'_>, i: usize| {
            let Scores { dice, iou, hd95, asd, empty, .. } = line.scores;
            let means = [dice, iou, hd95, asd].map(|values| values.get(i).map(|v| v.to_bits()));
            (line.row.seeds.get(i).copied(), means, empty.get(i).copied())
        };
        let has = |i: usize| (0..self.scores.dice.len()).any(|own| score(self, own) == score(other, i));
        self.model == other.model && (0..other.scores.dice.len()).all(has)
    }

    /// Empty predictions, a value a seed.
    fn empty(&self) -> Vec<f64> {
        self.scores.empty.iter().map(|n| *n as f64).collect()
    }
}

/// "mean ± sd", or the mean alone for one value.
pub fn spread(values: &[f64], decimals: usize) -> String {
    match mean_and_sd(values) {
        (Some(mean), Some(sd)) => format!("{mean:.decimals$} \u{b1} {sd:.decimals$}"),
        (Some(mean), None) => format!("{mean:.decimals$}"),
        _ => "-".into(),
    }
}

/// "+0.012 [0.001, 0.023]".
pub fn difference(paired: &Paired, decimals: usize) -> String {
    let signed = |v: f64| {
        let text = format!("{v:+.decimals$}");
        // Neither sign means anything before a zero.
        if text.chars().any(|c| matches!(c, '1'..='9')) { text } else { text.trim_start_matches(['+', '-']).to_owned() }
    };
    let d = &paired.dice;
    format!("{} [{}, {}]", signed(d.mean), signed(d.low), signed(d.high))
}

fn interval(scores: &Scores) -> String {
    match scores.dice_interval[..] {
        [[low, high]] => format!(" [{low:.3}, {high:.3}]"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::report::results::example;

    #[test]
    fn a_table_has_its_differences_where_there_are_any() {
        let mut study = example();
        let without = study.markdown_table(&study.lines());
        assert!(without.starts_with("| row | model | seeds | Dice | IoU |"), "{without}");
        study.rows[1].paired.push(Paired {
            model: "student".into(),
            reference: "all".into(),
            seeds: vec![1, 2],
            images: 2,
            dice: fovea_shared::metrics::PairedDifference { mean: -0.0123, low: -0.02, high: 0.0004, p_value: 0.1 },
        });
        let with = study.markdown_table(&study.lines());
        assert!(with.contains("| \u{394} Dice to all |") && with.contains("| -0.012 [-0.020, 0.000] |"), "{with}");
        assert!(study.legend().contains("10,000"));
        let counts: Vec<usize> = with.lines().map(|line| line.matches('|').count()).collect();
        assert!(counts.iter().all(|n| *n == counts[0]), "{with}");
    }

    #[test]
    fn a_shared_teacher_is_listed_once_and_said_to_be() {
        let mut study = example();
        let teacher = study.rows[0].scores.student.clone();
        study.rows[0].scores.teacher.clone_from(&teacher);
        study.rows[1].scores.teacher = teacher;
        study.rows[1].scores.teacher_with_gaze = None;
        study.rows[1].seeds = study.rows[0].seeds.clone();
        let of = |study: &Study, model: &str| study.distinct_lines().iter().filter(|l| l.model == model).count();
        assert_eq!(of(&study, "teacher"), 1);
        assert!(study.legend().contains("listed with the first of them"));
        // One seed of another training, and it is another teacher.
        study.rows[1].scores.teacher.as_mut().unwrap().dice[1] += 1e-9;
        assert_eq!(of(&study, "teacher"), 2);
        assert!(!study.legend().contains("listed with the first of them"));
        // Students are rows of their own, whatever they score.
        study.rows[1].scores.student = study.rows[0].scores.student.clone();
        assert_eq!(of(&study, "student"), 2);
    }

    #[test]
    fn the_csv_has_every_number() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("study.csv");
        example().write_csv(&path).unwrap();
        let mut reader = csv::Reader::from_path(path).unwrap();
        let head = reader.headers().unwrap().clone();
        assert_eq!((&head[3], &head[4], head.len()), ("dice_mean", "dice_sd", 19));
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), example().lines().len());
        assert_eq!((&rows[0][0], &rows[0][1], &rows[0][2], &rows[0][3]), ("all", "student", "1 2", "0.57500"));
        assert_eq!(&rows[0][18], "0.70000 0.45000");
    }
}
