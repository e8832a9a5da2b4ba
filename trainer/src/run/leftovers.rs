//! What a start leaves in a folder when it is killed, and how it goes.

use std::{collections::BTreeSet, fs, path::Path};

use super::names::RUN;

/// The folder inside, where files wait to be moved out.
pub(super) const INSIDE: &str = ".beginning";
/// In it, the names of the files that are moved: while it is there, those are not yet anybody's.
pub(super) const MOVING: &str = "moving";

/// What a start that was killed has moved out already.
pub(super) fn ours(path: &Path) -> BTreeSet<String> {
    let inside = path.join(INSIDE);
    let names = fs::read_to_string(inside.join(MOVING)).unwrap_or_default();
    names.lines().filter(|name| !inside.join(name).exists()).map(str::to_owned).collect()
}

/// Removes what a start has left that was killed. Only for who holds the folder.
pub(super) fn sweep(path: &Path) {
    if !path.join(INSIDE).exists() {
        return;
    }
    if !path.join(RUN).exists() {
        for name in ours(path) {
            let left = path.join(name);
            let _ = if left.is_dir() { fs::remove_dir(left) } else { fs::remove_file(left) };
        }
    }
    let _ = fs::remove_dir_all(path.join(INSIDE));
}
