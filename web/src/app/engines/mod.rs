//! The engines behind the page: which device computes, what is to be done next, the workers.

pub mod devices;
pub mod schedule;
pub mod workers;
