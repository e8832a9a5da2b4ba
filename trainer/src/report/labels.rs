//! `results/*labels*.json`: what students are told, held against the true masks of their training images.

use serde::{Deserialize, Serialize};

use super::{kind::LabelsKind, results::mean_and_sd};

/// The study as it is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Labels {
    /// Always `labels`.
    #[serde(default)]
    pub(crate) kind: LabelsKind,
    /// Its name, which is also the file's.
    pub(crate) study: String,
    /// The command that wrote it.
    pub(crate) command: String,
    /// The program's commit.
    pub(crate) git_sha: String,
    /// The device that computed.
    pub(crate) device: String,
    /// Name of the data set.
    pub(crate) data: String,
    /// Name of the split.
    pub(crate) split: String,
    /// Training images.
    pub(crate) images: usize,
    /// Cells of a side of the student's grid.
    pub(crate) grid: usize,
    /// The seeds of the runs, in the order of the values.
    pub(crate) seeds: Vec<u64>,
    /// The labels, in the order of the table.
    pub(crate) labels: Vec<LabelRow>,
}

/// One label; a value a seed.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LabelRow {
    /// What it is called.
    pub(crate) name: String,
    /// Mean Dice over the images with the true mask; none for a label that leaves cells open.
    pub(crate) dice: Vec<f64>,
    /// Share of all cells where it differs from the broad pseudo-mask.
    pub(crate) differs: Vec<f64>,
    /// Share of those cells where it says what the true mask says.
    pub(crate) right: Vec<f64>,
}

impl Labels {
    /// The table in Markdown.
    pub(crate) fn table(&self) -> String {
        let show = |values: &[f64], scale: f64, decimals: usize| match mean_and_sd(values) {
            (Some(mean), Some(sd)) => format!("{:.decimals$} \u{b1} {:.decimals$}", mean * scale, sd * scale),
            (Some(mean), None) => format!("{:.decimals$}", mean * scale),
            _ => "-".into(),
        };
        let row = |label: &LabelRow| {
            format!(
                "| {} | {} | {} | {} |\n",
                label.name,
                show(&label.dice, 1.0, 3),
                show(&label.differs, 100.0, 2),
                show(&label.right, 100.0, 1)
            )
        };
        let head = "| label | Dice | differs from the broad mask [% of cells] | right where it differs [%] \
                    |\n|---|---|---|---|\n";
        head.to_owned() + &self.labels.iter().map(row).collect::<String>()
    }

    /// The study as a Markdown page.
    pub(crate) fn markdown(&self) -> String {
        let seeds: Vec<String> = self.seeds.iter().map(u64::to_string).collect();
        format!(
            "# {}\n\n{}, split `{}`, {} training images, seeds {}. Device: {}. Commit: {}.\nWritten by `{}`; the \
             figures are those of the \
             JSON file beside this one.\n\n{}\nOn the student's grid of {} x {} cells, mean \u{b1} standard deviation \
             over seeds. True masks of training images were opened for this table, after training, and by no training. \
             `where sure`: cells where CWC follows the teacher.\n",
            self.study,
            self.data,
            self.split,
            self.images,
            seeds.join(", "),
            self.device,
            self.git_sha,
            self.command,
            self.table(),
            self.grid,
            self.grid
        )
    }
}
