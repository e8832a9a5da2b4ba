//! Tests across the crates, and what they need to drive the built page in a real browser.
//!
//! [`fovea`] runs the trainer's program, [`webdriver`] is a client of chromedriver, [`page`] opens the built page with it. The tests themselves are in `tests/`.

pub mod fovea;
pub mod page;
pub mod relay;
pub mod webdriver;
