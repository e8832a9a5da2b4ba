//! What is measured of trained models and of what they show.

pub mod explanation;
