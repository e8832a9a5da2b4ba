//! The gaze CSV: one row a fixation, in the nine columns of the GazeMedSeg release (Zhong et al., MICCAI 2024).
//!
//! ```text
//! text ──► header (separator, columns) ──► rows ──► GazeTable { fixations, lost, outside, repeated, wrong } ──► scanpaths
//! ```
//! Reading is strict: a wrong number in a gaze file would otherwise become a wrong pseudo-mask that nobody notices.

mod error;
mod header;
mod lost;
mod row;
mod table;
mod write;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::Scanpath;
pub use error::{GazeCsvError, Units};
pub use lost::Lost;
pub use row::is_missing;
pub use table::{GazeRow, GazeTable, OutsideRow};
pub use write::write_csv;

/// The header line. Positions are fractions of the image from its top left corner, durations and starts are in ms.
pub const HEADER: &str = "IMAGE,CURRENT_FIX_INDEX,CURRENT_FIX_X,CURRENT_FIX_Y,CURRENT_FIX_DURATION,CURRENT_FIX_PUPIL,\
                          CURRENT_FIX_START,IMAGE_HEIGHT,IMAGE_WIDTH";

/// Reads a gaze CSV into one scanpath an image, keyed by the image's file name without its
/// extension; see [`GazeTable`] for the
/// forms that are read. Rows in which the tracker had no gaze, rows outside of the image and
/// repeated rows are left out; who must
/// say how many there are reads a [`GazeTable`].
///
/// # Errors
/// A missing header, a row of the wrong length, and a field out of range (durations and starts that
/// are negative or not finite,
/// empty image sizes) give an error that names the line and the field; so do positions of which
/// more than a third are outside of
/// [0, 1].
pub fn parse_csv(text: &str) -> Result<BTreeMap<String, Scanpath>, GazeCsvError> {
    let mut table = GazeTable::read(text)?;
    if !table.wrong.is_empty() {
        return Err(table.wrong.swap_remove(0));
    }
    table.units().map_or_else(|| Ok(table.scanpaths()), Err)
}
