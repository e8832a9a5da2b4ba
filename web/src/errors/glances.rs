//! What is wrong with a file of glances.

use super::text_file;
use crate::{
    glances::file::GlanceFileError,
    text::{Message, message},
};

/// The cause, as a sentence without the file's name.
pub fn glance_file(error: &GlanceFileError) -> Message {
    match error {
        GlanceFileError::Text(error) => text_file(error),
        GlanceFileError::Json { line } => message!("glances-json", line = line.to_string()),
        GlanceFileError::Kind => message!("glances-kind"),
        GlanceFileError::Version(version) => message!("glances-version", version = version.to_string()),
        // What the reader says is English, and the line is what helps.
        GlanceFileError::Form { line, cause } => {
            log::warn!("{cause}");
            message!("glances-form", line = line.to_string())
        }
        GlanceFileError::Domain(domain) => message!("glances-domain", domain = domain),
        GlanceFileError::Gaze(gaze) => message!("glances-gaze", gaze = gaze),
        GlanceFileError::Picture(picture) => message!("glances-picture", picture = picture),
        GlanceFileError::Pictures => message!("glances-pictures"),
        GlanceFileError::Result => message!("glances-result"),
    }
}
