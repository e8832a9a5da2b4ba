//! Leaves the names of functions out of the page's wasm: 8 of its 30 MB, and 1.1 MB of what a visitor downloads. A link
//! argument of the one binary, and not `strip` in the profile, so that everything else is shared with the wasm tests, which
//! keep their names.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        println!("cargo::rustc-link-arg-bin=fovea-page=--strip-all");
    }
}
