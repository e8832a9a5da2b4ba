//! The networks: one frozen backbone, and small heads on its feature pyramid.
//!
//! ```text
//! image [b,3,224,224] -> Backbone -> Pyramid 24@56  40@28  112@14  320@7 -> TeacherHead (+ gaze prompt) -> logits [b,1,28,28]
//!                                                                        -> StudentHead                 -> logits [b,1,56,56]
//! ```

mod backbone;
pub mod describer;
mod gaze_prompt;
mod init;
mod layers;
mod pyramid;
mod student;
mod teacher;
pub mod weights;

pub use backbone::Backbone;
pub use gaze_prompt::{GazePrompt, PROMPT_SIDE, prompt_heat};
pub use init::seeded;
pub use pyramid::{CHANNELS, Pyramid, SIDES};
pub use student::{STUDENT_SIDE, StudentHead};
pub use teacher::{TEACHER_SIDE, TeacherHead};

#[cfg(test)]
mod tests;
