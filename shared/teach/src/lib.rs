#![doc = include_str!("../README.md")]

mod course;
mod recipe;
mod view;

pub use course::{Course, Example};
pub use recipe::Recipe;
pub use view::{Drawing, FLIPS, Flip, View};
