//! Tests that need the crates together and a GPU's driver, but no browser.
#![allow(clippy::unwrap_used)]

mod backends;
mod live;
mod own;
mod words;
