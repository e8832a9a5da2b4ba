//! Everything that reads bytes of others, on stored inputs, on what bolero draws, and on changed
//! copies of the stored inputs. A target may refuse an input; it may neither panic nor take more
//! memory than its bound.
//!
//! Stored inputs lie in `__fuzz__/<module>__<target>/corpus`, inputs that once broke a target in
//! `crashes` beside it; both are small and either written by hand or by `seeds.rs` (`cargo test
//! --workspace --test trainer -- --ignored write_the_corpora`). In a plain run every target sees
//! the same inputs and is done in a second or two; `cargo xtask fuzz --minutes N` goes on with
//! others.

mod answers;
mod bundles;
mod data;
pub(crate) mod memory;
mod mutate;
mod seeds;

use std::path::{Path, PathBuf};

/// Inputs that bolero draws in a plain run, beside the stored ones.
const DRAWN: usize = 64;

/// A target as a test: its name, the most memory it may take in bytes, and what is done with the bytes.
macro_rules! target {
    ($name:ident, $memory:expr, $read:expr) => {
        #[test]
        fn $name() {
            let read: fn(&[u8]) = $read;
            let bounded = move |input: &[u8]| crate::fuzz::within($memory, || read(input));
            bolero::check!().with_iterations(crate::fuzz::DRAWN).for_each(bounded);
            let folder = crate::fuzz::folder(module_path!(), stringify!($name));
            crate::fuzz::mutate::run(&folder, std::path::Path::new(env!("CARGO_TARGET_TMPDIR")), bounded);
        }
    };
}
use target;

/// The folder where bolero looks for the stored inputs of a target.
fn folder(module: &str, target: &str) -> PathBuf {
    let inside: Vec<&str> = module.split("::").skip(1).chain([target]).collect();
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trainer/fuzz/__fuzz__").join(inside.join("__"))
}

/// Makes a call and bounds the memory that it takes.
fn within(bound: usize, call: impl FnOnce()) {
    let most = memory::peak(call);
    assert!(most <= bound, "it took {most} bytes of memory, more than {bound}");
}

/// The input as text, as far as it is one.
fn text(input: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(input)
}

/// The input as a file, for readers that take a path.
fn with_file(name: &str, input: &[u8], read: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, input).unwrap();
    read(&path);
}
