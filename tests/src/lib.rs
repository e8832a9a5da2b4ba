#![doc = include_str!("../README.md")]

pub mod fovea;
pub mod gallery;
pub mod look;
pub mod page;
pub mod relay;
pub mod webdriver;
