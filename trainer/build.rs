//! Tells the program which commit it was built from: `FOVEA_GIT_SHA` is the commit, `-dirty-` with a hash of the changes where
//! what the program is built from differs from it, or `unknown` outside a checkout of this repository.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

/// What the program is built from, relative to the repository's root.
const SOURCES: [&str; 6] =
    ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "shared", "trainer/Cargo.toml", "trainer/src"];

fn main() {
    println!("cargo::rerun-if-env-changed=FOVEA_GIT_SHA");
    println!("cargo::rerun-if-changed=build.rs");
    let given = env::var("FOVEA_GIT_SHA").ok().filter(|sha| !sha.trim().is_empty());
    // Asked for when it runs: a compiled script may be another checkout's, where two share a target folder.
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let root = Path::new(&manifest).join("..");
    let sha = given.or_else(|| commit(&root)).unwrap_or_else(|| "unknown".into());
    println!("cargo::rustc-env=FOVEA_GIT_SHA={}", sha.trim());
}

/// The commit of the checkout at `root`; `None` where that is no checkout, or no git is installed.
fn commit(root: &Path) -> Option<String> {
    let root = root.canonicalize().ok()?;
    // A copy of the sources within another project's checkout has no commit of its own.
    let top = PathBuf::from(git(&root, &["rev-parse", "--show-toplevel"])?.trim());
    if top.canonicalize().ok()? != root {
        return None;
    }
    let sha = git(&root, &["rev-parse", "--short=12", "HEAD"])?.trim().to_owned();
    let mut watched: Vec<PathBuf> = SOURCES.iter().map(|path| root.join(path)).collect();
    let branch = git(&root, &["symbolic-ref", "--quiet", "HEAD"]);
    for name in ["HEAD", "packed-refs"].into_iter().chain(branch.as_deref().map(str::trim)) {
        watched.extend(git(&root, &["rev-parse", "--git-path", name]).map(|path| root.join(path.trim())));
    }
    // A path that is not there would rebuild the program every time.
    for path in watched.iter().filter(|path| path.exists()) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    let changes = changes(&root)?;
    Some(if changes.is_empty() { sha } else { format!("{sha}-dirty-{changes}") })
}

/// A hash of what differs from the commit; empty for nothing.
fn changes(root: &Path) -> Option<String> {
    let within = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.push("--");
        all.extend(SOURCES);
        git(root, &all)
    };
    let diff = within(&["diff", "--no-ext-diff", "HEAD"])?;
    let new = within(&["ls-files", "--others", "--exclude-standard"])?;
    if diff.is_empty() && new.is_empty() {
        return Some(String::new());
    }
    let mut hasher = DefaultHasher::new();
    diff.hash(&mut hasher);
    for path in new.lines() {
        (path, fs::read(root.join(path)).ok()).hash(&mut hasher);
    }
    Some(format!("{:08x}", hasher.finish() >> 32))
}

fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
