//! What is wrong with a gaze CSV.

use fovea_shared::gaze::{GazeCsvError, HEADER};

use crate::text::{Message, message};

/// The cause, as a sentence with the line and without the file's name.
pub fn gaze_csv(error: &GazeCsvError) -> Message {
    match error {
        GazeCsvError::Header { found } if found.is_empty() => message!("gaze-header-missing", header = HEADER),
        GazeCsvError::Header { found } => message!("gaze-header", header = HEADER, found = found),
        GazeCsvError::FieldCount { line, found } => {
            message!("gaze-field-count", line = line.to_string(), found = found.to_string())
        }
        GazeCsvError::Field { line, field, expected, found } => message!(
            "gaze-field",
            line = line.to_string(),
            field = *field,
            expected = column(field).unwrap_or_else(|| Message::from(*expected)),
            found = found
        ),
        GazeCsvError::SameStem { line, found, earlier } => {
            message!("gaze-same-stem", line = line.to_string(), found = found, earlier = earlier)
        }
        // What the reader says is English, and the line is what helps.
        GazeCsvError::Malformed { line, reason } => {
            log::warn!("{reason}");
            message!("gaze-malformed", line = line.to_string())
        }
    }
}

/// What a column of [`HEADER`] holds; nothing for another name.
fn column(name: &str) -> Option<Message> {
    Some(match name {
        "IMAGE" => message!("gaze-column-image"),
        "CURRENT_FIX_X" | "CURRENT_FIX_Y" => message!("gaze-column-fraction"),
        "CURRENT_FIX_DURATION" | "CURRENT_FIX_START" => message!("gaze-column-ms"),
        "CURRENT_FIX_INDEX" | "CURRENT_FIX_PUPIL" => message!("gaze-column-number"),
        "IMAGE_HEIGHT" | "IMAGE_WIDTH" => message!("gaze-column-pixels"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_says_what_it_holds() {
        assert!(HEADER.split(',').all(|name| column(name).is_some()));
        assert_eq!(column("COMMENT"), None);
    }
}
