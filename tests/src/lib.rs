//! Tests across the crates, and what they need to drive the built page in a real browser.
//!
//! [`webdriver`] is a client of chromedriver, [`page`] opens the built page with it, [`gallery`] knows
//! where its lesions are. The tests themselves are in `tests/`.

pub mod gallery;
pub mod page;
pub mod relay;
pub mod webdriver;
