//! What is wrong with the bytes of a text.

use fovea_shared::text_file::TextError;

use crate::text::{Message, message};

/// The cause, as a sentence without the file's name.
pub fn text_file(error: &TextError) -> Message {
    match error {
        TextError::CodePage { line, found } => message!("text-code-page", line = line.to_string(), found = found),
        TextError::BrokenUtf16 { line } => message!("text-broken-utf16", line = line.to_string()),
        TextError::Utf32 => message!("text-utf32"),
        TextError::NotText { line } => message!("text-not-text", line = line.to_string()),
    }
}
