//! A study as files: JSON, and beside it what shows the same.

use std::path::{Path, PathBuf};

use super::{
    ReportError,
    files::{json_of, make_folder_of},
    results::Study,
    study_figure::figure,
};
use crate::{data::GazeOrigin, run::write_atomic};

impl Study {
    /// Writes `path`, and beside it what shows the same: a Markdown page, a CSV table and a figure
    /// (`.md`, `.csv`, `.svg`), each in one step. Returns their paths.
    ///
    /// # Errors
    /// A folder or file that cannot be written.
    pub fn write(&self, path: &Path) -> Result<[PathBuf; 4], ReportError> {
        make_folder_of(path)?;
        let [table, csv, svg] = ["md", "csv", "svg"].map(|extension| path.with_extension(extension));
        let text = json_of(self)?;
        // JSON has no NaN and no infinity: they are written as `null`, and no figure of a study may be that.
        serde_json::from_str::<Self>(&text).map_err(|source| ReportError::NotFinite { source })?;
        write_atomic(path, text.as_bytes())?;
        write_atomic(&table, self.markdown().as_bytes())?;
        self.write_csv(&csv)?;
        write_atomic(&svg, figure(self).as_bytes())?;
        Ok([path.to_path_buf(), table, csv, svg])
    }

    /// The study as a Markdown page with one table.
    pub fn markdown(&self) -> String {
        let d = &self.data;
        let gaze = match d.gaze {
            Some(GazeOrigin::Simulated) => ", **gaze simulated from the true masks**",
            Some(GazeOrigin::Pointer) => ", **gaze recorded with a pointer (mouse-contingent viewing)**",
            Some(GazeOrigin::Recorded) | None => "",
        };
        let head = format!(
            "# {}\n\n{}, split `{}`, {} images{gaze}, data {:.12}. Chosen on: {}. Device: {}. Commit: {}.\n\
             Written by `{}`; the figures are those of the JSON file beside this one.\n\n",
            self.study, d.name, d.split, d.images, d.sha256, self.selection, self.device, self.git_sha, self.command
        );
        let notes = self.rows.iter().filter(|r| !r.note.is_empty());
        let notes: String = notes.map(|r| format!("- `{}`: {}\n", r.name, r.note)).collect();
        let gap = if notes.is_empty() { "" } else { "\n" };
        format!("{head}{}\n{}\n{gap}{notes}", self.markdown_table(&self.distinct_lines()), self.legend())
    }
}
