#![doc = include_str!("../README.md")]

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

use proc_macro::TokenStream;

/// What the program `fovea` is built from, relative to the repository's root.
const SOURCES: [&str; 8] = [
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "shared",
    "trainer/Cargo.toml",
    "trainer/src",
    "trainer/paper",
    "trainer/phantom",
];

/// The commit that the calling program is built from. The environment variable `FOVEA_GIT_SHA`,
/// where it is set at build time, counts instead: for builds from a copy without git.
#[proc_macro]
pub fn commit(_: TokenStream) -> TokenStream {
    let given = env::var("FOVEA_GIT_SHA").ok().filter(|sha| !sha.trim().is_empty());
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let (sha, watched) = match given {
        Some(sha) => (sha, Vec::new()),
        None => commit_of(&Path::new(&manifest).join("..")).unwrap_or_else(|| ("unknown".into(), Vec::new())),
    };
    // Named in the program, so that the compiler knows that it depends on them; nothing of them is kept.
    let watched: String = watched.iter().map(|path| format!("const _: &[u8] = include_bytes!({path:?});")).collect();
    let program = format!("{{ const _: Option<&str> = option_env!(\"FOVEA_GIT_SHA\"); {watched} {:?} }}", sha.trim());
    program.parse().expect("a block of constants and a literal")
}

/// The commit of the checkout at `root`, and the files that change with it; `None` where that is
/// not a checkout, or no git is installed.
fn commit_of(root: &Path) -> Option<(String, Vec<PathBuf>)> {
    let root = root.canonicalize().ok()?;
    // A copy of the sources within another project's checkout has no commit of its own.
    let top = PathBuf::from(git(&root, &["rev-parse", "--show-toplevel"])?.trim());
    if top.canonicalize().ok()? != root {
        return None;
    }
    let sha = git(&root, &["rev-parse", "--short=12", "HEAD"])?.trim().to_owned();
    let mut watched = Vec::new();
    let branch = git(&root, &["symbolic-ref", "--quiet", "HEAD"]);
    // The log of HEAD too: the file of a branch whose commits are packed is not there yet.
    for name in ["HEAD", "logs/HEAD", "packed-refs"].into_iter().chain(branch.as_deref().map(str::trim)) {
        let path = git(&root, &["rev-parse", "--git-path", name]).map(|path| root.join(path.trim()));
        watched.extend(path.filter(|path| path.is_file()));
    }
    let changes = changes(&root)?;
    Some((if changes.is_empty() { sha } else { format!("{sha}-dirty-{changes}") }, watched))
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
