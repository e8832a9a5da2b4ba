//! The trainer as its users meet it: the binary on the command line, and the library on real data,
//! where that is at hand. One program for all of it: each file on its own would be linked again,
//! and that is what takes long.
#![allow(clippy::unwrap_used)]

mod binary;
mod describe_lab;
mod dicom_file;
mod durability;
mod fake;
mod fuzz;
mod gallery_cli;
mod run_lab;
mod train_lab;

mod ablate_cli;
mod agree_cli;
mod book_cli;
mod data_cli;
mod data_real;
mod describe_cache_cli;
mod describe_cli;
mod describe_privacy_cli;
mod describe_servers_cli;
mod describer_cli;
mod empty_truth_cli;
mod export_cli;
mod fixations_cli;
mod help_cli;
mod interact_cli;
mod layouts_cli;
mod llava;
mod paper_cli;
mod run_folder_cli;
mod signals_cli;
mod teach_cli;
mod text_cli;
mod text_encoder;
mod train_cli;
mod version;
mod vlm_protocol;
mod wait;

/// Counts what a fuzz target takes.
#[global_allocator]
static ALLOCATOR: fuzz::memory::Counting = fuzz::memory::Counting;
