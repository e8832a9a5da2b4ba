//! The networks: one frozen backbone, and small heads on its feature pyramid.
//!
//! ```text
//! image [b,3,224,224] -> Backbone -> Pyramid 24@56  40@28  112@14  320@7 -> TeacherHead (+ gaze, + text) -> logits [b,1,56,56]
//!                                                                        -> StudentHead                 -> logits [b,1,56,56]
//! ```

mod backbone;
pub(crate) mod conv;
pub mod describer;
mod gaze_prompt;
mod init;
pub(crate) mod layers;
mod likeness;
mod phrase_tokens;
mod pyramid;
mod student;
mod teacher;
mod text_fusion;
pub mod weights;

pub use backbone::Backbone;
pub use conv::convolve;
pub use gaze_prompt::{GazePrompt, PROMPT_CHANNELS, PROMPT_SIDE, PromptMaps};
pub use init::seeded;
pub use layers::renamed;
pub use phrase_tokens::{MAX_PHRASES, PhraseTokens};
pub use pyramid::{CHANNELS, Pyramid, SIDES};
pub use student::{STUDENT_SIDE, STUDENT_WIDTHS, StudentHead, StudentOutput};
pub use teacher::{ATTENTION_SIDE, TEACHER_SIDE, TEACHER_WIDTHS, TeacherHead, TeacherOutput};

#[cfg(test)]
mod tests;
