//! What is confirmed stays, whatever happens: faults of the file system, SIGKILL, SIGTERM, and two starts at once.
//!
//! The normal tests try a few of each. `cargo xtask faults` tries as many as one likes, in the
//! background for instance: the counts are read from
//! the environment (`FOVEA_FAULTS`, `FOVEA_KILLS`, `FOVEA_TERMS`, `FOVEA_PAIRS`;
//! `FOVEA_FAULTS_COMMAND` keeps the faults to one command), and each test
//! ends with a line that says what it did.

mod faults;
mod kills;
mod lab;
mod pairs;
mod random;
mod scenarios;

/// How often something is tried: as the environment says, else a few times.
fn count(variable: &str, few: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(few)
}
