//! Errors of shared code as messages with arguments, one file an enum. The matches are exhaustive:
//! a new variant does not compile until
//! it is said in every language. An engine sends the message, and the app writes it in the language that is spoken.

mod address;
mod answer;
mod bundle;
mod description;
mod device;
mod dicom;
mod gaze;
mod glances;
mod image;
mod text_file;

pub use address::address;
pub use answer::answer;
pub use bundle::{bundle, describer};
pub use description::description;
pub use device::{device, predict, step};
pub use dicom::dicom;
pub use gaze::gaze_csv;
pub use glances::glance_file;
pub use image::{advice, decode, format, note};
pub use text_file::text_file;

use crate::text::{Message, message};

/// What is wrong with a file: its name, then the cause.
pub fn of_file(file: &str, cause: Message) -> Message {
    message!("file-cause", file = file, cause = cause)
}

#[cfg(test)]
mod tests;
