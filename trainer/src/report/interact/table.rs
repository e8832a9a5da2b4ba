//! The figures as Markdown, and the lines behind them as CSV.

use super::{Figure, Interact, Line, MEASURES, Measure, Part};
use crate::{
    data::GazeOrigin,
    report::{ReportError, files::finished, svg::number},
};

impl Interact {
    /// The whole as a Markdown page.
    pub fn markdown(&self) -> String {
        let d = &self.data;
        let gaze = match d.gaze {
            Some(GazeOrigin::Simulated) => " The images' own gaze is **simulated from the true masks**.",
            Some(GazeOrigin::Pointer) => {
                " The images' own gaze is **recorded with a pointer (mouse-contingent viewing)**."
            }
            Some(GazeOrigin::Recorded) => " The images' own gaze is recorded.",
            None => "",
        };
        let seeds: Vec<String> = self.seeds.iter().map(u64::to_string).collect();
        let parts: String = self.parts().map(|part| format!("## {}\n\n{}\n", part.title(), self.table(part))).collect();
        let rules: String = self.rules.iter().map(|rule| format!("- {rule}\n")).collect();
        let doubles = match self.doubles.as_slice() {
            [] => "None of the images truly shows two lesions.".to_owned(),
            some => format!("Images that truly show two lesions: {}.", some.join(", ")),
        };
        let note = if self.note.is_empty() { String::new() } else { format!("{}\n\n", self.note) };
        format!(
            "# {}\n\nWhether the answer follows looks and words. {}, split `{}`, {} images, data {:.12}.{gaze} Seeds: \
             {}. Chosen on: {}. \
             Device: {}. Commit: {}.\nWritten by `{}`; the figures are those of the JSON file beside this \
             one.\n\n{note}{parts}\
             {doubles}\n\n## Rules\n\n{rules}",
            self.study,
            d.name,
            d.split,
            d.images,
            d.sha256,
            seeds.join(", "),
            self.selection,
            self.device,
            self.git_sha,
            self.command
        )
    }

    /// The parts that were measured, in the order of the report.
    pub fn parts(&self) -> impl Iterator<Item = Part> + '_ {
        Part::ALL.into_iter().filter(|part| self.parts.contains_key(part))
    }

    /// One part as a Markdown table.
    pub fn table(&self, part: Part) -> String {
        let line = |measure: &Measure| {
            let figure = self.figure(part, measure.key)?;
            Some(format!("| {} | {} | {} |\n", measure.label, figure.shown(), figure.images))
        };
        let lines: String = MEASURES.iter().filter(|measure| measure.parts.contains(&part)).filter_map(line).collect();
        format!("| measured | mean [95 %] | images |\n|---|---|---|\n{lines}")
    }
}

impl Figure {
    /// "0.803 ± 0.004 [0.781, 0.825]".
    pub fn shown(&self) -> String {
        let sd = self.sd.map(|sd| format!(" \u{b1} {}", number(sd, 3))).unwrap_or_default();
        format!("{}{sd} [{}, {}]", number(self.mean, 3), number(self.low, 3), number(self.high, 3))
    }
}

/// One line an image, part and seed, one column a measure; empty where a measure does not apply.
pub(super) fn csv(lines: &[Line]) -> Result<Vec<u8>, ReportError> {
    let mut keys: Vec<&str> = Vec::new();
    for measure in MEASURES {
        if !keys.contains(&measure.key) {
            keys.push(measure.key);
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["part", "seed", "id"].iter().chain(&keys))?;
    for line in lines {
        let value = |key: &&str| line.values.get(*key).map(|v| short(*v)).unwrap_or_default();
        let head = [line.part.name().to_owned(), line.seed.to_string(), line.id.clone()];
        writer.write_record(head.into_iter().chain(keys.iter().map(value)))?;
    }
    finished(writer, "the CSV of the images")
}

/// Five decimals at most.
fn short(value: f64) -> String {
    let text = format!("{value:.5}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
