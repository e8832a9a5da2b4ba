//! What the tests of several crates need. A dependency of tests only.

pub mod chat;
