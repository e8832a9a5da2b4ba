#![doc = include_str!("../README.md")]

pub mod max_flow;
mod mixture;
mod segment;

pub use segment::{GrabCut, Seed};
