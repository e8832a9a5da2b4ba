//! Files of other programs and written ones, and what fuzzing draws from them.
#![allow(clippy::unwrap_used)]

#[path = "../../../../trainer/tests/trainer/dicom_file.rs"]
mod dicom_file;
mod fuzz;
mod levels;
#[path = "../../../../trainer/tests/trainer/fuzz/memory.rs"]
mod memory;
#[path = "../../../../trainer/tests/trainer/fuzz/mutate.rs"]
mod mutate;
mod nifti;
mod nrrd;
mod syntaxes;

/// Counts what a fuzz target takes.
#[global_allocator]
static ALLOCATOR: memory::Counting = memory::Counting;
