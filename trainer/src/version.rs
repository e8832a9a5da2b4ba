//! Which program this is.

use std::sync::{LazyLock, OnceLock};

static GIT_SHA: OnceLock<&str> = OnceLock::new();

static VERSION: LazyLock<String> = LazyLock::new(|| format!("{} ({})", env!("CARGO_PKG_VERSION"), git_sha()));

/// Says which commit the program was built from. Only the program knows: a library that did would
/// be built again with every commit.
pub(crate) fn set(commit: &'static str) {
    // The first call counts.
    let _ = GIT_SHA.set(commit);
}

/// The commit that the program was built from, with `-dirty-` and a hash where its sources differed
/// from it; `unknown` for a build outside a checkout, and in programs of others that use this
/// library.
pub(crate) fn git_sha() -> &'static str {
    GIT_SHA.get().copied().unwrap_or("unknown")
}

/// For `fovea --version`.
pub(crate) fn version() -> &'static str {
    &VERSION
}

/// The command line, as results name it.
pub(crate) fn command_line() -> String {
    std::env::args().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_without_its_program_does_not_know_the_commit() {
        assert_eq!(git_sha(), "unknown");
        assert!(version().contains(git_sha()) && version().starts_with(env!("CARGO_PKG_VERSION")));
    }
}
