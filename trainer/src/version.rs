//! Which program this is.

/// The commit that the program was built from, with `-dirty-` and a hash where its sources differed from it; `unknown` for a
/// build outside a checkout. See `build.rs`.
pub(crate) const GIT_SHA: &str = env!("FOVEA_GIT_SHA");

/// For `fovea --version`.
pub(crate) const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("FOVEA_GIT_SHA"), ")");

/// The command line, as results name it.
pub(crate) fn command_line() -> String {
    std::env::args().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_build_names_a_commit_or_says_that_it_knows_none() {
        let sha = GIT_SHA.split('-').next().unwrap_or_default();
        let hexadecimal = sha.len() >= 7 && sha.chars().all(|c| c.is_ascii_hexdigit());
        assert!(sha == "unknown" || hexadecimal, "{GIT_SHA}");
        assert!(VERSION.contains(GIT_SHA));
    }
}
