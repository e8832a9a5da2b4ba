//! `index.json`: the bundles that a page offers, one a domain, the first of them shown first.

use serde::{Deserialize, Serialize};

use super::{BundleError, Manifest, sha256};
use crate::description::Modality;

/// Name of the index, in the folder that the bundles' folders lie in.
pub const INDEX: &str = "index.json";

/// The bundles of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BundleIndex {
    /// The bundles, at most one a domain.
    pub bundles: Vec<IndexEntry>,
}

/// One bundle of the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexEntry {
    /// What its images show.
    pub domain: Modality,
    /// Its name, shown to visitors.
    pub name: String,
    /// Its folder, beside the index.
    pub folder: String,
    /// SHA-256 of its manifest, lower-case hexadecimal; the manifest holds those of all other files.
    pub manifest_sha256: String,
}

/// The folder of a domain's bundle.
pub fn domain_folder(domain: Modality) -> &'static str {
    match domain {
        Modality::Polyp => "polyp",
        Modality::SkinLesion => "skin",
        Modality::Prostate => "prostate",
    }
}

impl IndexEntry {
    /// The entry of a bundle whose manifest was written as `bytes`.
    pub fn new(manifest: &Manifest, bytes: &[u8]) -> Self {
        Self {
            domain: manifest.domain,
            name: manifest.name.clone(),
            folder: domain_folder(manifest.domain).into(),
            manifest_sha256: sha256(bytes),
        }
    }
}

impl BundleIndex {
    /// Reads `index.json`.
    ///
    /// # Errors
    /// [`BundleError::Unfit`]: broken JSON, no bundle, two of one domain, or a folder's name that is a path.
    pub fn parse(bytes: &[u8]) -> Result<Self, BundleError> {
        let unfit = |cause: String| BundleError::Unfit { file: INDEX.into(), cause };
        let index: Self = serde_json::from_slice(bytes).map_err(|e| unfit(e.to_string()))?;
        if index.bundles.is_empty() {
            return Err(unfit("it lists no bundle".into()));
        }
        for (index_in_list, entry) in index.bundles.iter().enumerate() {
            let usable = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            if entry.folder.is_empty() || !entry.folder.chars().all(usable) {
                return Err(unfit(format!("`{}` is not the name of a folder beside it", entry.folder)));
            }
            let twin = |other: &IndexEntry| other.domain == entry.domain || other.folder == entry.folder;
            if index.bundles[..index_in_list].iter().any(twin) {
                return Err(unfit(format!("it lists `{}` twice", entry.folder)));
            }
        }
        Ok(index)
    }

    /// Puts a bundle in the place of the one of its domain, or at the end.
    pub fn put(&mut self, entry: IndexEntry) {
        match self.bundles.iter_mut().find(|old| old.domain == entry.domain) {
            Some(old) => *old = entry,
            None => self.bundles.push(entry),
        }
    }

    /// The place of the bundle in this folder.
    pub fn find(&self, folder: &str) -> Option<usize> {
        self.bundles.iter().position(|entry| entry.folder == folder)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn entry(domain: Modality, sha: &str) -> IndexEntry {
        let folder = domain_folder(domain);
        IndexEntry { domain, name: folder.into(), folder: folder.into(), manifest_sha256: sha.into() }
    }

    #[test]
    fn a_bundle_takes_the_place_of_the_one_before_and_the_first_stays_first() {
        let mut index = BundleIndex::default();
        index.put(entry(Modality::Polyp, "a"));
        index.put(entry(Modality::Prostate, "b"));
        index.put(entry(Modality::Polyp, "c"));
        let again = BundleIndex::parse(&serde_json::to_vec(&index).unwrap()).unwrap();
        assert_eq!(again, index);
        let shas: Vec<&str> = index.bundles.iter().map(|e| e.manifest_sha256.as_str()).collect();
        assert_eq!((shas, index.find("prostate"), index.find("skin")), (vec!["c", "b"], Some(1), None));
        assert!(serde_json::to_string(&index).unwrap().starts_with("[{\"domain\":\"polyp\""));
    }

    #[test]
    fn an_index_of_another_kind_is_refused() {
        let error =
            |index: &[IndexEntry]| BundleIndex::parse(&serde_json::to_vec(index).unwrap()).unwrap_err().to_string();
        assert!(error(&[]).contains("`index.json`") && error(&[]).contains("no bundle"));
        let polyp = entry(Modality::Polyp, "");
        assert!(error(&[polyp.clone(), polyp.clone()]).contains("`polyp` twice"));
        for folder in ["", "..", "a/b", "https://x"] {
            assert!(
                error(&[IndexEntry { folder: folder.into(), ..polyp.clone() }]).contains("is not the name of a folder")
            );
        }
        assert!(BundleIndex::parse(b"{}").is_err());
    }
}
