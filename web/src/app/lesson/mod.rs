//! The lesson: six steps. Each shows a picture of its own, asks for a guess, waits for a deed, and ends with a card
//! that says what the page has measured.
//!
//! [`course`] is the state, [`steps`] are the steps, [`found`] measures; all three are plain data. [`feature`] brings
//! them together with the page, `view` writes. What was shown before the lesson is kept by the shell.

pub mod course;
pub mod feature;
pub mod found;
mod places;
pub mod steps;
mod teachers;
mod view;

pub use feature::Lesson;
