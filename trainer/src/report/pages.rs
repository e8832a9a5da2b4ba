//! The Markdown pages beside result files, held against what the files give.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    ReportError,
    descriptions::DescriptionStudy,
    files::{is_there, text_of},
    folder::{Content, Item, ResultsFolder},
    labels::Labels,
    teach::TeachStudy,
};
use crate::{describer::report::DescriberStudy, run::write_atomic};

/// A page that belongs beside a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The file.
    pub path: PathBuf,
    /// What the result gives.
    pub text: String,
    /// Whether something else stands there, or nothing.
    pub differs: bool,
}

impl Page {
    /// Writes it.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self) -> Result<(), ReportError> {
        Ok(write_atomic(&self.path, self.text.as_bytes())?)
    }
}

/// The pages of all results that have one, in the order of their names.
///
/// # Errors
/// A file whose content is not what its kind says.
pub fn pages(results: &ResultsFolder) -> Result<Vec<Page>, ReportError> {
    let mut all = Vec::new();
    for item in &results.items {
        let path = results.path.join(format!("{}.md", item.name));
        let file = || results.path.join(format!("{}.json", item.name));
        if let Some(text) = text(item).map_err(|source| ReportError::Kind { path: file(), source })? {
            let differs = differs(&path, &text)?;
            all.push(Page { path, text, differs });
        }
    }
    Ok(all)
}

fn text(item: &Item) -> serde_json::Result<Option<String>> {
    Ok(match &item.content {
        Content::Study(study) => Some(study.markdown()),
        Content::Interact(found) => Some(found.markdown()),
        Content::Bench(_) | Content::Explanation(_) => None,
        Content::Other { json, .. } => match json.get("kind").and_then(Value::as_str) {
            Some("labels") => Some(typed::<Labels>(json)?.markdown()),
            Some("descriptions") => Some(typed::<DescriptionStudy>(json)?.markdown()),
            Some("teach") => Some(typed::<TeachStudy>(json)?.markdown()),
            Some("describer") => Some(typed::<DescriberStudy>(json)?.markdown()),
            _ => None,
        },
    })
}

fn typed<T: DeserializeOwned>(json: &Value) -> serde_json::Result<T> {
    T::deserialize(json)
}

fn differs(path: &Path, text: &str) -> Result<bool, ReportError> {
    Ok(!is_there(path)? || text_of(path)? != text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;
    use crate::report::results::example;

    #[test]
    fn an_edited_or_missing_page_is_seen_and_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        example().write(&root.join("kvasir-road.json")).unwrap();
        let (found, lines) = crate::report::interact::example();
        found.write(&root.join("interact-polyp.json"), &lines).unwrap();
        fs::write(root.join("words.json"), "{\"study\": \"words\"}").unwrap();
        fs::write(root.join("words.md"), "of another hand").unwrap();
        let read = || pages(&ResultsFolder::read(root).unwrap()).unwrap();
        assert!(read().len() == 2 && read().iter().all(|page| !page.differs), "{:?}", read());
        let page = root.join("kvasir-road.md");
        let good = fs::read_to_string(&page).unwrap();
        fs::write(&page, good.replace("0.575", "0.975")).unwrap();
        fs::remove_file(root.join("interact-polyp.md")).unwrap();
        assert!(read().iter().all(|page| page.differs));
        read().iter().for_each(|page| page.write().unwrap());
        assert!(read().iter().all(|page| !page.differs));
        assert_eq!(fs::read_to_string(page).unwrap(), good);
        fs::write(root.join("labels.json"), "{\"kind\": \"labels\", \"study\": 3}").unwrap();
        let error = pages(&ResultsFolder::read(root).unwrap()).unwrap_err();
        assert!(matches!(&error, ReportError::Kind { path, .. } if path.ends_with("labels.json")), "{error:?}");
        assert!(error.to_string().contains("`kind`"), "{error}");
    }
}
