//! Links between the documents: every file and every anchor that a link names is there.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use super::markdown::Page;

/// The folder of the book's chapters. What they link to must lie in it: nothing else is in the built book.
const BOOK: &str = "docs/book/src";

/// What is wrong with the links of some pages, by their paths from `root`.
pub(super) fn wrong(root: &Path, pages: &BTreeMap<String, &Page>) -> Vec<String> {
    let mut found = Vec::new();
    for (name, page) in pages {
        for (line, link) in &page.links {
            if let Some(why) = check(root, pages, name, link) {
                found.push(format!("{name}:{line}: the link `{link}` {why}"));
            }
        }
    }
    found
}

/// Why a link leads nowhere. Links to other hosts are not followed: a test needs no network.
fn check(root: &Path, pages: &BTreeMap<String, &Page>, from: &str, link: &str) -> Option<String> {
    // rustdoc follows names of items, in the README that a crate shows as its front page, and checks them itself.
    let item = link.starts_with("crate::");
    if item || link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
    let target = if file.is_empty() { Some(from.to_owned()) } else { beside(from, file) };
    let Some(target) = target else { return Some("leads out of the repository".into()) };
    if from.starts_with(BOOK) && !target.starts_with(BOOK) {
        return Some(format!("leads out of {BOOK}, and the built book has nothing else"));
    }
    if !root.join(&target).exists() {
        return Some(format!("names {target}, which is not there"));
    }
    let anchor = anchor?;
    match pages.get(&target) {
        Some(page) if page.anchors.iter().any(|known| known == anchor) => None,
        Some(page) => Some(format!("names an anchor that {target} lacks; it has {}", page.anchors.join(", "))),
        // Lines of source code and the like.
        None => None,
    }
}

/// The path of a link from the root; nothing where it leads above that.
fn beside(from: &str, link: &str) -> Option<String> {
    let mut path = PathBuf::from(from);
    path.pop();
    for part in Path::new(link).components() {
        match part {
            Component::ParentDir if !path.pop() => return None,
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    Some(path.to_string_lossy().replace('\\', "/"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn links_that_lead_nowhere_are_named_with_their_line() {
        let root = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = root.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
            (name.to_owned(), Page::read(text))
        };
        let pages = BTreeMap::from([
            write(
                "README.md",
                "[a](docs/a.md#top) [b](docs/b.md)\n\n[c](docs/a.md#low) [d](https://x.org/#y) [e](../z) \
                 [f](crate::Item)",
            ),
            write("docs/a.md", "# Top\n[up](../README.md) [self](#top) [folder](.)"),
            write("docs/book/src/one.md", "[two](two.md) [out](../../a.md)"),
            write("docs/book/src/two.md", ""),
        ]);
        let pages: BTreeMap<String, &Page> = pages.iter().map(|(name, page)| (name.clone(), page)).collect();
        let found = wrong(root.path(), &pages);
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(found[0].starts_with("README.md:1: ") && found[0].contains("docs/b.md, which is not there"));
        assert!(
            found[1].starts_with("README.md:3: ") && found[1].contains("anchor") && found[1].contains("it has top")
        );
        assert!(found[2].contains("out of the repository"));
        assert!(found[3].starts_with("docs/book/src/one.md:1: ") && found[3].contains("built book"));
    }
}
