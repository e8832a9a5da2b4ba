//! The message that lies over the stage until the visitor closes it.

use crate::text::Message;

/// A message; empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// What is said.
    pub message: Message,
    /// Whether it is about an image, so that it goes when another one opens.
    pub of_image: bool,
}
