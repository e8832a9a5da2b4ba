//! Leaves the names of functions out of the page's wasm: 8 of its 30 MB, and 1.1 MB of what a visitor downloads. A link
//! argument of the one binary, and not `strip` in the profile, so that everything else is shared with the wasm tests, which
//! keep their names.
//!
//! And lists the shipped bundles for the wasm tests, which have no file system: whatever model files they have, the tests have.

use std::{env, fmt::Write, fs, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        println!("cargo::rustc-link-arg-bin=fovea-page=--strip-all");
    }
    println!("cargo::rerun-if-changed=../www/bundle");
    let folder =
        Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo names the crate's folder")).join("../www/bundle");
    let mut names = Vec::new();
    list_files(&folder, "", &mut names);
    names.sort();
    let mut list = String::from("[\n");
    for name in names {
        // The crate's folder is named when the list is compiled, not here: clones that share a target folder share this list.
        let path = format!("/../www/bundle/{name}");
        let _ =
            writeln!(list, "({name:?}, include_bytes!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?})).as_slice()),");
    }
    list.push(']');
    let out = env::var("OUT_DIR").expect("cargo names a folder to write to");
    fs::write(Path::new(&out).join("bundle.rs"), list).expect("cargo's folder can be written");
}

/// The names of the files below a folder, with slashes; those of galleries are left out.
fn list_files(folder: &Path, within: &str, names: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("www/bundle is there: `fovea export` makes it").flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let name = format!("{within}{name}");
        if entry.path().is_file() {
            names.push(name);
        } else if !name.ends_with("gallery") {
            list_files(&entry.path(), &format!("{name}/"), names);
        }
    }
}
