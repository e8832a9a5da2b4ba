//! What is wrong with a gaze table.

use fovea_shared::gaze::{GazeCsvError, HEADER, Units};

use crate::text::{Message, message};

/// The cause, as a sentence with the line and without the file's name.
pub fn gaze_csv(error: &GazeCsvError) -> Message {
    let number = |line: &u64| line.to_string();
    match error {
        GazeCsvError::Header { found } if found.is_empty() => message!("gaze-header-missing", header = HEADER),
        GazeCsvError::Header { found } => message!("gaze-header", header = HEADER, found = found),
        GazeCsvError::Columns { line, missing } => {
            message!("gaze-columns", line = number(line), missing = missing, header = HEADER)
        }
        GazeCsvError::FieldCount { line, found } => {
            message!("gaze-field-count", line = number(line), found = found.to_string())
        }
        GazeCsvError::Separator { line, header, row } => {
            message!("gaze-separator", line = number(line), header = separator(header), row = separator(row))
        }
        GazeCsvError::Decimal { line, field, found } => {
            message!("gaze-decimal", line = number(line), field = *field, found = found)
        }
        GazeCsvError::Field { line, field, expected, found } => message!(
            "gaze-field",
            line = number(line),
            field = *field,
            expected = column(field).unwrap_or_else(|| Message::from(*expected)),
            found = found
        ),
        GazeCsvError::Outside { line, found, outside, of, cause } => message!(
            "gaze-outside",
            line = number(line),
            found = found,
            outside = outside.to_string(),
            of = of.to_string(),
            cause = units(*cause)
        ),
        GazeCsvError::SameStem { line, found, earlier } => {
            message!("gaze-same-stem", line = number(line), found = found, earlier = earlier)
        }
        // What the reader says is English, and the line is what helps.
        GazeCsvError::Malformed { line, reason } => {
            log::warn!("{reason}");
            message!("gaze-malformed", line = number(line))
        }
    }
}

/// What positions seem to be, and what to do.
fn units(units: Units) -> Message {
    match units {
        Units::Pixels => message!("gaze-units-pixels"),
        Units::PerCent => message!("gaze-units-per-cent"),
        Units::Origin => message!("gaze-units-origin"),
        Units::Screen => message!("gaze-units-screen"),
    }
}

/// A separator, from its English name.
fn separator(name: &'static str) -> Message {
    match name {
        "commas" => message!("separator-commas"),
        "semicolons" => message!("separator-semicolons"),
        "tabs" => message!("separator-tabs"),
        other => Message::from(other),
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
