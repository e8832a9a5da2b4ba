//! Why bytes are no picture.

use fovea_shared::image::{DecodeError, MAX_SIDE};

use crate::text::{Message, message};

/// The cause, as a sentence without the file's name. What a decoder says of a damaged file is English and of no use to a visitor, so it
/// goes to the console.
pub fn decode(error: &DecodeError) -> Message {
    log::warn!("{error}");
    match error {
        DecodeError::UnknownFormat => message!("image-unknown"),
        DecodeError::TooLarge(_) => message!("image-too-large", side = MAX_SIDE.to_string()),
        DecodeError::Damaged(_) => message!("image-damaged"),
    }
}
