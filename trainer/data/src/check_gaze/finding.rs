//! What can be wrong with the gaze of a whole file.

use thiserror::Error;

use crate::defect::{Defect, DefectKind};

/// Something about a gaze file that no single row shows.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum GazeFinding {
    /// Rows without gaze.
    #[error("{rows} of {of} rows hold no gaze (blinks or a lost eye, the first in line {line}); they are left out")]
    Lost {
        /// How many.
        rows: usize,
        /// Of how many.
        of: usize,
        /// Line number of the first.
        line: u64,
    },
    /// No row with gaze is left.
    #[error("none of its {rows} rows holds gaze on an image")]
    NothingLeft {
        /// How many rows there are.
        rows: usize,
    },
    /// Some gaze beside the image.
    #[error(
        "{rows} of {of} positions ({:.1} %) are outside of the image, the first in line {line}; they are left out",
        percent(*rows, *of)
    )]
    Outside {
        /// How many.
        rows: usize,
        /// Of how many.
        of: usize,
        /// Line number of the first.
        line: u64,
    },
    /// Rows that stand twice.
    #[error(
        "{rows} of {of} rows repeat an earlier one of the same image, start, place and duration, the first in line \
         {line}{}. A look begins once: each is counted once",
        if *whole { ": the whole file stands in it more than once" } else { "" }
    )]
    Repeated {
        /// How many.
        rows: usize,
        /// Of how many.
        of: usize,
        /// Line number of the first.
        line: u64,
        /// Whether every row is there as often as every other.
        whole: bool,
    },
    /// Fixations of one image that begin at the same time in different places.
    #[error(
        "{fixations} fixations have the same start as another one of their image, the first in line {line}: both eyes, \
         or several recordings, in one file count as one look of all of them"
    )]
    SameStart {
        /// How many.
        fixations: usize,
        /// Line number of the first.
        line: u64,
    },
    /// No time tells one fixation from the next.
    #[error(
        "all {fixations} fixations have the same start: their order is that of the rows, and replays show them at once"
    )]
    NoTimes {
        /// How many.
        fixations: usize,
    },
    /// Durations of 0 only.
    #[error(
        "the durations of {images} images are all 0, such as those of `{first}`: their heat maps have no weight. Fill \
         in CURRENT_FIX_DURATION, in ms"
    )]
    NoWeight {
        /// How many images.
        images: usize,
        /// One of them.
        first: String,
    },
    /// Durations that no eye can have.
    #[error(
        "half of the durations are below {median} ms, and the longest is {longest} ms: no fixation is shorter than \
         some 30 ms, so \
         {unit}. Heat maps are the same in any unit; replays and the words for a language model are wrong. Write ms"
    )]
    Short {
        /// The median, ms as read.
        median: f32,
        /// The largest, ms as read.
        longest: f32,
        /// What they seem to be.
        unit: Short,
    },
    /// Durations that no eye can have.
    #[error(
        "half of the durations are above {median} ms: an eye rests a few seconds at most, so these look like {}. \
         Write ms",
        if *median > 1e7 { "nanoseconds" } else { "microseconds" }
    )]
    Long {
        /// The median, ms as read.
        median: f32,
    },
    /// Fixations that begin before the one before has ended.
    #[error(
        "{pairs} of {of} fixations begin before the one before them has ended, by up to {longest_ms} ms, the first in \
         line {line}: starts and durations may be of different units, or several recordings in one file"
    )]
    Overlap {
        /// How many.
        pairs: usize,
        /// Of how many that follow another one.
        of: usize,
        /// The largest overlap.
        longest_ms: f32,
        /// Line number of the first.
        line: u64,
    },
    /// Rows that are not in the order of time.
    #[error(
        "the rows of {images} images are not in the order of their starts, the first in line {line}; they are read in \
         that order"
    )]
    Unsorted {
        /// How many images.
        images: usize,
        /// Line number of the first row that goes back.
        line: u64,
    },
    /// All fixations in one place.
    #[error("all {fixations} fixations are at one point ({x:.3}; {y:.3}): the positions were lost on the way")]
    OnePoint {
        /// How many.
        fixations: usize,
        /// The place, as a fraction of the width.
        x: f32,
        /// The place, as a fraction of the height.
        y: f32,
    },
    /// Nearly all fixations in a quarter of the image.
    #[error(
        "{:.0} % of {fixations} fixations over {images} images are in the {quadrant} quarter: positions may be \
         fractions of the screen, or of another origin than the image's top left corner",
        share * 100.0
    )]
    OneQuadrant {
        /// Share of the fixations.
        share: f64,
        /// How many fixations there are.
        fixations: usize,
        /// On how many images.
        images: usize,
        /// Which quarter.
        quadrant: &'static str,
    },
    /// The same looks under two names.
    #[error(
        "{images} images have exactly the gaze of another one, such as `{second}` that of `{first}`: rows were copied \
         or named wrongly"
    )]
    Shared {
        /// How many images.
        images: usize,
        /// The first of a pair.
        first: String,
        /// The second.
        second: String,
    },
    /// Image sizes in the table that are not those of the images.
    #[error(
        "{images} of {of} images have another size than their gaze says, such as `{first}`: {} x {} pixels, and the \
         file says {} x {}. The gaze may be another image's, or the image was cropped",
        is[0], is[1], said[0], said[1]
    )]
    OtherSize {
        /// How many.
        images: usize,
        /// Of how many whose size the table says.
        of: usize,
        /// One of them.
        first: String,
        /// Its width and height, pixels.
        is: [u32; 2],
        /// Those of the table.
        said: [f32; 2],
    },
}

/// What short durations seem to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Short {
    /// None is long enough for ms.
    #[error("these look like seconds")]
    Seconds,
    /// Some are.
    #[error("these are samples, or moments that no detector should call fixations")]
    Samples,
}

fn percent(part: usize, of: usize) -> f64 {
    100.0 * part as f64 / of.max(1) as f64
}

impl GazeFinding {
    /// The sort that `data check` reports it as.
    pub fn kind(&self) -> DefectKind {
        match self {
            Self::Lost { .. } | Self::NothingLeft { .. } => DefectKind::GazeLost,
            Self::Outside { .. } | Self::OnePoint { .. } | Self::OneQuadrant { .. } => DefectKind::GazePlace,
            Self::Repeated { .. } | Self::SameStart { .. } | Self::Shared { .. } => DefectKind::GazeRepeated,
            Self::NoWeight { .. } | Self::Short { .. } | Self::Long { .. } => DefectKind::GazeDuration,
            Self::NoTimes { .. } | Self::Overlap { .. } | Self::Unsorted { .. } => DefectKind::GazeTimes,
            Self::OtherSize { .. } => DefectKind::GazeSize,
        }
    }

    /// Whether nothing can be learnt from the gaze.
    pub fn is_error(&self) -> bool {
        matches!(self, Self::NothingLeft { .. } | Self::NoWeight { .. })
    }

    /// The defect of a file.
    pub(crate) fn defect(&self, file: &str) -> Defect {
        let make = if self.is_error() { Defect::error } else { Defect::warning };
        make(self.kind(), file, self.to_string())
    }
}
