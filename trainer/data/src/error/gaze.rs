//! Tables of gaze.

use fovea_shared::gaze::GazeCsvError;

use crate::check_gaze::GazeFinding;
use crate::text::ReadError;

/// Why nothing can be learnt from a table of gaze. The file is not named.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GazeError {
    /// A file that cannot be read, or that is not text.
    #[error(transparent)]
    Text(#[from] ReadError),
    /// A header or a row that is wrong, by its line.
    #[error(transparent)]
    Table(#[from] GazeCsvError),
    /// Something about all rows together.
    #[error(transparent)]
    Whole(#[from] GazeFinding),
}
