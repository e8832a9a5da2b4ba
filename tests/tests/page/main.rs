//! The built page in real Chromium. One program for all of it: each file on its own would be linked again, and that is what takes long.
#![allow(clippy::unwrap_used)]

mod common;
mod own_lab;

mod axe;
mod browsers;
mod class;
mod csp;
mod dicom;
mod failures;
mod incoming;
mod keyboard;
mod lab;
mod language;
mod lesson;
mod look;
mod models;
mod offline;
mod own;
mod own_faults;
mod screen;
mod servers;
mod share;
mod stand;
mod teach;
mod text;
mod text_model;
mod visit;
mod webdriver;
mod webgpu;
