//! Which commit the program says that it was built from.

use crate::binary::fovea;

#[test]
fn the_build_names_a_commit_or_says_that_it_knows_none() {
    let said = String::from_utf8(fovea(&["--version"]).stdout).unwrap();
    let commit = said.split(['(', ')']).nth(1).unwrap();
    let sha = commit.split('-').next().unwrap();
    let hexadecimal = sha.len() >= 7 && sha.chars().all(|c| c.is_ascii_hexdigit());
    assert!(sha == "unknown" || hexadecimal, "{said}");
}
