//! The documentation of the crates as a part of the site.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::cargo::{cargo, output_of, run};
use crate::{paths, seal};

/// What cargo says of the workspace.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    description: Option<String>,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Runs `cargo doc` and copies what it writes into a folder, with a page that lists the crates.
///
/// # Errors
/// The documentation cannot be made, or a file cannot be written.
pub fn make(out: &Path) -> Result<()> {
    let from = paths::target().join("doc");
    // What other builds have left there is not part of this workspace.
    if from.is_dir() {
        fs::remove_dir_all(&from).with_context(|| format!("cannot empty {}", from.display()))?;
    }
    run(&mut cargo(["doc", "--workspace", "--no-deps", "--lib"]))?;
    seal::copy(&from, out)?;
    let metadata = output_of(&mut cargo(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Metadata = serde_json::from_str(&metadata).context("cargo's metadata is not as expected")?;
    let index = out.join("index.html");
    fs::write(&index, page(&metadata, |name| out.join(name).join("index.html").is_file()))
        .with_context(|| format!("cannot write {}", index.display()))
}

/// The list of the crates whose documentation is there.
fn page(metadata: &Metadata, documented: impl Fn(&str) -> bool) -> String {
    let mut items = Vec::new();
    for package in &metadata.packages {
        let library = package.targets.iter().find(|target| target.kind.iter().any(|kind| kind == "lib"));
        let folder = library.map(|library| library.name.replace('-', "_"));
        if let Some(folder) = folder.filter(|folder| documented(folder)) {
            let says = escaped(package.description.as_deref().unwrap_or_default());
            items.push(format!("<li><a href=\"{folder}/index.html\">{}</a>: {says}</li>", escaped(&package.name)));
        }
    }
    items.sort();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Fovea: crates</title>\n<h1>Crates of \
         Fovea</h1>\n<ul>\n{}\n</ul>\n</html>\n",
        items.join("\n")
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_list_names_what_is_documented() {
        let metadata = r#"{"packages": [
            {"name": "fovea-b", "description": "Reads a <b>", "targets": [{"name": "fovea-b", "kind": ["lib"]}]},
            {"name": "fovea-a", "description": null, "targets": [{"name": "x", "kind": ["bin"]}, {"name": "fovea_a", "kind": ["lib"]}]},
            {"name": "fovea-c", "description": "c", "targets": [{"name": "fovea_c", "kind": ["lib"]}]}
        ]}"#;
        let page = page(&serde_json::from_str(metadata).unwrap(), |name| name != "fovea_c");
        let (a, b) = (page.find("fovea_a/index.html").unwrap(), page.find("fovea_b/index.html").unwrap());
        assert!(a < b && page.contains("Reads a &lt;b&gt;") && !page.contains("fovea_c"), "{page}");
    }
}
