//! Why descriptions cannot be made, read or written.

use std::{io, path::PathBuf};

use image::ImageError;

use super::llava::LlavaError;
use crate::data::{DataError, durable::WriteError, text::ReadError};

/// Why descriptions cannot be made, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DescribeError {
    /// An image or another file of the data set.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A picture that cannot be made ready to be sent.
    #[error("the image {} cannot be encoded", path.display())]
    Encode {
        /// The image.
        path: PathBuf,
        /// What the encoder says.
        source: ImageError,
    },
    /// Gaze that is to be told and is not there.
    #[error("there is no gaze for this image: ask with --gaze none")]
    NoGazeToTell,
    /// An image without gaze, inside whose mask something is to be measured.
    #[error(
        "the image {} has no gaze, and a description is measured inside the mask of the gaze. \
         Add its fixations under gaze/, or leave the image out",
        .0.display()
    )]
    NoGaze(PathBuf),

    /// No folder in which answers could be kept.
    #[error("neither XDG_CACHE_HOME nor HOME is set: name a folder with --cache")]
    NoCache,
    /// A folder of answers that cannot be made.
    #[error("the answer cache {} cannot be made; name another with --cache", path.display())]
    Cache {
        /// The folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// An answer that cannot be kept.
    #[error("the answer cache")]
    WriteAnswer {
        /// Why.
        source: WriteError,
    },

    /// A file of descriptions that cannot be opened to append to it.
    #[error("the descriptions")]
    Open {
        /// Why.
        source: WriteError,
    },
    /// A description that cannot be appended.
    #[error("a description")]
    Append {
        /// Why.
        source: WriteError,
    },
    /// A description or an answer that cannot be written as JSON.
    #[error(transparent)]
    Json(serde_json::Error),
    /// A file of descriptions that cannot be read.
    #[error("the descriptions {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ReadError,
    },
    /// A line that is not a description.
    #[error("{}, line {line}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },

    /// A file to import that cannot be read.
    #[error("{}", path.display())]
    ImportText {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ReadError,
    },
    /// A table to import that is not LLaVA's.
    #[error("{}", path.display())]
    ImportTable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<DescribeError>,
    },
    /// A file to import of another kind.
    #[error("{} is neither .jsonl nor .csv", .0.display())]
    ImportKind(PathBuf),
    /// A file to import with mistakes in it, which was left alone.
    #[error("nothing of {} was imported:\n  {}", path.display(), mistakes.join("\n  "))]
    Mistakes {
        /// The file.
        path: PathBuf,
        /// Each with its line and field; the first 20 of them, and how many more there are.
        mistakes: Vec<String>,
    },
    /// A file to import without a description.
    #[error("{} holds no description", .0.display())]
    NoDescription(PathBuf),
    /// A table that is not LLaVA's.
    #[error("LLaVA's answers cannot be read")]
    Llava {
        /// Which column or line.
        #[from]
        source: LlavaError,
    },
}
