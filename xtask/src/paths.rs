//! Where things lie.

use std::env;
use std::path::{Path, PathBuf};

/// The folder of the repository.
///
/// The running cargo knows it best (a cached executable may have been built in another clone);
/// outside of cargo it is the folder this was compiled in.
pub fn root() -> PathBuf {
    let of =
        |manifest: &Path| manifest.parent().filter(|root| root.join("xtask/Cargo.toml").is_file()).map(Path::to_owned);
    env::var_os("CARGO_MANIFEST_DIR")
        .and_then(|manifest| of(Path::new(&manifest)))
        .or_else(|| of(Path::new(env!("CARGO_MANIFEST_DIR"))))
        .unwrap_or_else(|| PathBuf::from("."))
}

/// Cargo's target folder: `$CARGO_TARGET_DIR`, else `target` in the repository.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR").filter(|dir| !dir.is_empty()) {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// Where the page is built to. In the repository and not in the target folder, which several clones may share.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The real data: `FOVEA_DATA`, else the folder shared/data beside the checkout. It may not be there.
pub fn data() -> PathBuf {
    env::var_os("FOVEA_DATA").map_or_else(|| root().join("../shared/data"), PathBuf::from)
}

/// Where the pinned tools live: `$FOVEA_TOOLS`, else `~/.cache/fovea/tools`, else `tools` in the target folder.
pub fn tools() -> PathBuf {
    if let Some(dir) = env::var_os("FOVEA_TOOLS").filter(|dir| !dir.is_empty()) {
        return root().join(dir);
    }
    match env::home_dir().filter(|home| !home.as_os_str().is_empty()) {
        Some(home) => home.join(".cache/fovea/tools"),
        None => target().join("tools"),
    }
}

/// The file of a program: an absolute or relative path as it is, a bare name by searching `$PATH`.
pub fn program(name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(|path| path.is_file());
    }
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(name)).find(|path| path.is_file())
}
