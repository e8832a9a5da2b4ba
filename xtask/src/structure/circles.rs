//! Circles between the source files of a crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use anyhow::Result;
use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;

use super::modules::Crate;

/// Files that reach each other by the names that they take.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Circle {
    /// The files, relative to the crate's `src`.
    files: BTreeSet<String>,
    /// From file, to file, and the names that the first takes from the second.
    arrows: Vec<(String, String, Vec<String>)>,
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (from, to, names) in &self.arrows {
            writeln!(f, "  {from} -> {to}: {}", names.join(", "))?;
        }
        write!(f, "remedy: move what both need into a file of its own, below both")
    }
}

/// The circles of the crate whose sources lie in `src`.
///
/// # Errors
/// A source file that cannot be read or is not Rust.
pub(super) fn circles(src: &Path) -> Result<Vec<Circle>> {
    let all = Crate::read(src)?;
    let taken = all.taken();
    let mut graph: DiGraph<&str, ()> = DiGraph::new();
    let nodes: BTreeMap<&str, _> = taken.keys().map(|file| (*file, graph.add_node(*file))).collect();
    for (from, others) in &taken {
        for to in others.keys() {
            graph.add_edge(nodes[from], nodes[to], ());
        }
    }
    let tied = tarjan_scc(&graph).into_iter().filter(|files| files.len() > 1);
    let circle = |files: Vec<_>| {
        let files: BTreeSet<&str> = files.into_iter().map(|node| graph[node]).collect();
        let arrows = files.iter().flat_map(|from| {
            let inside = taken[from].iter().filter(|(to, _)| files.contains(*to));
            inside.map(|(to, names)| ((*from).to_owned(), (*to).to_owned(), names.iter().cloned().collect()))
        });
        Circle { arrows: arrows.collect(), files: files.iter().map(|file| (*file).to_owned()).collect() }
    };
    Ok(tied.map(circle).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    /// The circles of a crate of these files, each as its files.
    fn found(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        circles(folder.path()).unwrap().into_iter().map(|circle| circle.files.into_iter().collect()).collect()
    }

    #[test]
    fn two_files_that_use_each_other_are_a_circle() {
        let lib = ("lib.rs", "mod a; mod b;");
        let a = ("a.rs", "use super::b::two; pub fn one() { two() }");
        assert_eq!(found(&[lib, a, ("b.rs", "pub fn two() { crate::a::one() }")]), [["a.rs", "b.rs"]]);
        assert!(found(&[lib, a, ("b.rs", "pub fn two() {}")]).is_empty());
        // Neither tests nor strings count.
        let tested = (
            "b.rs",
            "pub fn two() -> &'static str { \"crate::a::one\" } #[cfg(test)] mod t { fn t() { crate::a::one() } }",
        );
        assert!(found(&[lib, a, tested]).is_empty());
    }

    #[test]
    fn a_child_may_use_its_parent() {
        let lib = ("lib.rs", "mod a; mod b; pub struct Whole; pub fn make() { a::part() }");
        let a = ("a.rs", "pub fn part() -> super::Whole { todo!() }");
        assert!(found(&[lib, a]).is_empty());
    }

    #[test]
    fn what_a_facade_exports_belongs_to_the_file_that_defines_it() {
        let facade = ("room/mod.rs", "mod one; mod two; pub use one::One; pub use two::Two;");
        let files = [
            ("lib.rs", "mod room;"),
            facade,
            ("room/one.rs", "pub struct One;"),
            ("room/two.rs", "use super::One; pub struct Two(One);"),
        ];
        assert!(found(&files).is_empty());
        let back = ("room/one.rs", "pub struct One(Box<super::Two>);");
        assert_eq!(found(&[files[0], facade, back, files[3]]), [["room/one.rs", "room/two.rs"]]);
    }
}
