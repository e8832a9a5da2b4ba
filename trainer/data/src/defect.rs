//! What can be wrong with a data set.

use serde::Serialize;

/// How bad a defect is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Training or evaluation would fail or give wrong numbers.
    Error,
    /// Worth knowing; the data can be used.
    Warning,
}

/// The sort of a defect, as `--json` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DefectKind {
    /// An image file that cannot be read or decoded.
    UnreadableImage,
    /// A mask file that cannot be read or decoded.
    UnreadableMask,
    /// A file in `images` or `masks` that is not an image by its name.
    ForeignFile,
    /// Two files of one id that differ in the extension.
    DuplicateId,
    /// Two images with the same bytes.
    DuplicateContent,
    /// An image without a mask.
    MissingMask,
    /// A mask without an image.
    MaskWithoutImage,
    /// Masks that are not named like their images, and by which names they were found.
    MaskNames,
    /// A mask of another size than its image.
    SizeMismatch,
    /// An image whose transparency, depth or further pictures were left out.
    ImageReading,
    /// An image that its EXIF turns, where the mask may have been drawn on the raster as it is stored.
    TurnedImage,
    /// A mask with grey pixels between its two extremes.
    MaskNotBinary,
    /// A mask of other values than 0 and one more, and which of them were taken as inside.
    MaskReading,
    /// A mask that is inside all along its border.
    MaskInverted,
    /// A mask with no pixel inside, or with no pixel outside.
    UniformMask,
    /// A gaze file that cannot be read, or a row of it that is wrong.
    GazeRow,
    /// Gaze of one image in two files.
    GazeTwice,
    /// An image without gaze.
    MissingGaze,
    /// Gaze without an image.
    GazeWithoutImage,
    /// Rows in which the tracker had no gaze.
    GazeLost,
    /// Positions that are not fractions of the image, or are outside of it.
    GazePlace,
    /// The same gaze more than once.
    GazeRepeated,
    /// Durations that are 0 or not in ms.
    GazeDuration,
    /// Starts that overlap, go back or are missing.
    GazeTimes,
    /// Gaze that was recorded on an image of another size.
    GazeSize,
    /// Slices of a series that do not fit their label volume, or whose order is in doubt.
    SliceMatch,
    /// A split list that cannot be read, or that has no counterpart.
    SplitList,
    /// A split list with an id twice.
    SplitTwice,
    /// A split list with an id that is not in the data.
    SplitUnknownId,
    /// An id, the same image under two ids, or slices of one patient, in two lists of one split.
    SplitLeak,
    /// A split list without an id.
    EmptyList,
    /// A list or table in another form than this project writes.
    TextForm,
    /// A list whose true masks are all empty or full.
    DegenerateTruth,
    /// A `dataset.json` that cannot be read.
    Info,
}

impl DefectKind {
    /// The sort in words, for a table.
    pub fn title(self) -> &'static str {
        match self {
            Self::UnreadableImage => "unreadable image",
            Self::UnreadableMask => "unreadable mask",
            Self::ForeignFile => "file that is not an image",
            Self::DuplicateId => "id used twice",
            Self::DuplicateContent => "same image twice",
            Self::MissingMask => "image without mask",
            Self::MaskWithoutImage => "mask without image",
            Self::MaskNames => "masks have names of their own",
            Self::SizeMismatch => "mask and image differ in size",
            Self::ImageReading => "image is read with a change",
            Self::TurnedImage => "image is turned by its EXIF",
            Self::MaskNotBinary => "mask is not binary",
            Self::MaskReading => "mask has unusual values",
            Self::MaskInverted => "mask may be inverted",
            Self::UniformMask => "mask is empty or full",
            Self::GazeRow => "wrong gaze row",
            Self::GazeTwice => "gaze in two files",
            Self::MissingGaze => "image without gaze",
            Self::GazeWithoutImage => "gaze without image",
            Self::GazeLost => "rows without gaze",
            Self::GazePlace => "gaze out of place",
            Self::GazeRepeated => "repeated gaze",
            Self::GazeDuration => "durations of gaze",
            Self::GazeTimes => "times of gaze",
            Self::GazeSize => "gaze of another size",
            Self::SliceMatch => "slices and labels do not fit",
            Self::SplitList => "split list",
            Self::SplitTwice => "id twice in a split list",
            Self::SplitUnknownId => "split id not in the data",
            Self::SplitLeak => "leak between split lists",
            Self::EmptyList => "split list without an id",
            Self::TextForm => "form of a text file",
            Self::DegenerateTruth => "true masks that tell nothing",
            Self::Info => "dataset.json",
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Defect {
    /// How bad it is.
    pub severity: Severity,
    /// Its sort.
    pub kind: DefectKind,
    /// The file, id or line it is about, relative to the folder.
    pub subject: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl Defect {
    /// A defect that stops training or evaluation.
    pub fn error(kind: DefectKind, subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, kind, subject: subject.into(), message: message.into() }
    }

    /// A defect that does not.
    pub fn warning(kind: DefectKind, subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, kind, subject: subject.into(), message: message.into() }
    }
}
