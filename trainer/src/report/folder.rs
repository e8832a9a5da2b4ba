//! What a folder of results holds: every study, with the pictures that belong to it, and what could not be read.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{ReportError, bench::Bench, explanation::Summary, interact::Interact, results::Study};
use crate::data::error::told;

/// A folder of results.
#[derive(Debug)]
pub struct ResultsFolder {
    /// The folder.
    pub path: PathBuf,
    /// Its results, by name.
    pub items: Vec<Item>,
    /// Pictures that belong to no result.
    pub pictures: Vec<Picture>,
    /// Files that could not be shown, each with the reason.
    pub problems: Vec<(String, String)>,
    /// Names of the other files.
    pub others: Vec<String>,
}

/// One result.
#[derive(Debug)]
pub struct Item {
    /// The file's name without extension: what a table in a README is called by.
    pub name: String,
    /// What is in it.
    pub content: Content,
    /// Its pictures, by name.
    pub pictures: Vec<Picture>,
}

/// What a result file holds.
#[derive(Debug)]
pub enum Content {
    /// Rows of scores.
    Study(Box<Study>),
    /// Measured times and sizes.
    Bench(Bench),
    /// An explained evaluation.
    Explanation(Box<Summary>),
    /// Whether answers follow looks and words.
    Interact(Box<Interact>),
    /// Anything else, with the Markdown page beside it where there is one.
    Other {
        /// The file.
        json: Value,
        /// The page.
        markdown: Option<String>,
    },
}

/// A PNG or SVG file.
#[derive(Debug)]
pub struct Picture {
    /// Its file name.
    pub name: String,
    /// Its media type.
    pub media: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl ResultsFolder {
    /// Reads every file right below `path`. A file that cannot be read is a problem to report, not an error.
    ///
    /// # Errors
    /// A folder that cannot be listed, or that holds no JSON file at all.
    pub fn read(path: &Path) -> Result<Self, ReportError> {
        let entries = fs::read_dir(path);
        let entries = entries.map_err(|source| ReportError::Folder { path: path.to_path_buf(), source })?;
        let mut files: Vec<PathBuf> =
            entries.filter_map(|e| e.ok().map(|e| e.path())).filter(|p| p.is_file()).collect();
        files.sort();
        if !files.iter().any(|file| extension(file) == "json") {
            return Err(ReportError::NoResults(path.to_path_buf()));
        }
        let (mut items, mut pictures, mut problems, mut others) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for file in &files {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let read = match extension(file).as_str() {
                "json" => item(file).map(|item| items.push(item)),
                "png" => picture(file, &name, "image/png").map(|picture| pictures.push(picture)),
                "svg" => picture(file, &name, "image/svg+xml").map(|picture| pictures.push(picture)),
                _ => {
                    others.push(name.clone());
                    Ok(())
                }
            };
            if let Err(why) = read {
                problems.push((name, why));
            }
        }
        let pictures = assign(&mut items, pictures);
        Ok(Self { path: path.to_path_buf(), items, pictures, problems, others })
    }

    /// The result of that name.
    pub fn item(&self, name: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.name == name)
    }
}

/// Gives every picture to the result with the longest name that its own begins with; returns those
/// that no result wants. The figure of a study itself is drawn again from its numbers.
fn assign(items: &mut [Item], pictures: Vec<Picture>) -> Vec<Picture> {
    let mut left = Vec::new();
    for picture in pictures {
        let stem = picture.name.rsplit_once('.').map_or(picture.name.as_str(), |(stem, _)| stem);
        let belongs = |item: &&mut Item| {
            stem.strip_prefix(item.name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        match items.iter_mut().filter(belongs).max_by_key(|item| item.name.len()) {
            Some(item) if matches!(item.content, Content::Study(_)) && stem == item.name => {}
            Some(item) => item.pictures.push(picture),
            None => left.push(picture),
        }
    }
    left
}

fn extension(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase()
}

/// Reads a picture, or says what is wrong with it.
fn picture(path: &Path, name: &str, media: &'static str) -> Result<Picture, String> {
    let bytes = fs::read(path).map_err(|error| because("cannot be read", &error))?;
    match media {
        "image/png" if !bytes.starts_with(b"\x89PNG\r\n\x1a\n") => Err("is no PNG file".into()),
        "image/svg+xml" if !String::from_utf8_lossy(&bytes).contains("<svg") => Err("is no SVG file".into()),
        _ => Ok(Picture { name: name.into(), media, bytes }),
    }
}

/// Reads a result, or says what is wrong with it.
fn item(path: &Path) -> Result<Item, String> {
    let text = fs::read_to_string(path).map_err(|error| because("cannot be read", &error))?;
    let json: Value = serde_json::from_str(&text).map_err(|error| because("is not JSON", &error))?;
    let has = |keys: [&str; 2]| keys.iter().all(|key| json.get(key).is_some());
    let kind = match json.get("kind") {
        Some(kind) => kind.as_str().unwrap_or_default(),
        // Files from before they said their kind.
        None if has(["rows", "selection"]) => "study",
        None if has(["rows", "machine"]) => "bench",
        None if has(["rows", "how"]) => "explanation",
        None => "",
    };
    let content = match kind {
        "interact" => Content::Interact(Box::new(typed(&text, "is not a file of `fovea eval --interact`")?)),
        "study" => Content::Study(Box::new(typed(&text, "is not a study of `fovea eval` or `fovea ablate`")?)),
        "bench" => Content::Bench(typed(&text, "is not a file of `fovea bench`")?),
        "explanation" => Content::Explanation(Box::new(typed(&text, "is not a report of `fovea eval --explain`")?)),
        _ => {
            let markdown = path.with_extension("md");
            let markdown = if markdown.exists() {
                let page = fs::read_to_string(&markdown);
                Some(page.map_err(|error| because(&format!("{} cannot be read", markdown.display()), &error))?)
            } else {
                None
            };
            Content::Other { json, markdown }
        }
    };
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Item { name, content, pictures: Vec::new() })
}

/// Reads a text as what it seems to be. (Not from the parsed value: errors then name the line.)
fn typed<T: DeserializeOwned>(text: &str, not: &'static str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| because(not, &error))
}

fn because(what: &str, error: &(dyn Error + 'static)) -> String {
    format!("{what}: {}", told(error))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::report::results::example;

    #[test]
    fn everything_is_found_and_the_bad_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        assert!(matches!(ResultsFolder::read(root), Err(ReportError::NoResults(path)) if path == root));
        for name in ["b", "a"] {
            let mut study = example();
            study.study = name.into();
            study.write(&root.join(format!("{name}.json"))).unwrap();
        }
        let png = b"\x89PNG\r\n\x1a\n...";
        for name in ["a-best-sheet.png", "ab-sheet.png", "b.svg", "torn.png"] {
            let bytes: &[u8] = if name.ends_with("svg") {
                b"<svg/>"
            } else if name == "torn.png" {
                b"?"
            } else {
                png
            };
            fs::write(root.join(name), bytes).unwrap();
        }
        fs::write(root.join("cut.json"), "{\"study\": ").unwrap();
        fs::write(root.join("odd.json"), "{\"study\": \"odd\", \"selection\": \"x\", \"rows\": [{}]}").unwrap();
        fs::write(root.join("strange.json"), "{\"kind\": \"interact\"}").unwrap();
        fs::write(root.join("words.json"), "{\"kind\": \"of a later version\", \"study\": \"words\"}").unwrap();
        // A study from before files said their kind, and one that says another.
        let text = fs::read_to_string(root.join("a.json")).unwrap();
        assert!(text.starts_with("{\n  \"kind\": \"study\","), "{text}");
        fs::write(root.join("a.json"), text.replace("  \"kind\": \"study\",\n", "")).unwrap();
        fs::write(root.join("wrong.json"), text.replace("\"study\",", "\"bench\",")).unwrap();
        fs::write(root.join("words.md"), "# words").unwrap();
        let found = ResultsFolder::read(root).unwrap();
        assert_eq!(found.items.iter().map(|i| i.name.as_str()).collect::<Vec<_>>(), ["a", "b", "words"]);
        assert!(found.items[..2].iter().all(|item| matches!(item.content, Content::Study(_))));
        assert_eq!(found.items[0].pictures.len(), 1, "only its own");
        assert!(found.items[1].pictures.is_empty(), "a study's figure is drawn again");
        assert_eq!(found.pictures.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["ab-sheet.png"]);
        assert!(
            matches!(&found.item("words").unwrap().content, Content::Other { markdown: Some(text), .. } if text == "# \
                words")
        );
        let problems: Vec<&str> = found.problems.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(problems, ["cut.json", "odd.json", "strange.json", "torn.png", "wrong.json"]);
        assert!(found.problems[1].1.contains("study"), "{:?}", found.problems[1]);
        assert!(found.problems[2].1.contains("--interact"), "{:?}", found.problems[2]);
    }
}
