//! The bundles that the page offers, and the change from one to another: download, hand to the
//! engine, and give up the old one only when the engine has accepted the new one.

use std::collections::BTreeMap;

use fovea_shared::bundle::{BundleError, BundleIndex, INDEX, IndexEntry, MANIFEST, Manifest, sha256};

use crate::protocol::Blob;

/// Files of a bundle by name, as they were downloaded before the program arrived.
#[derive(Clone, Debug, Default)]
pub struct Download {
    /// Folder of that bundle.
    pub folder: String,
    /// The files by name, the index of all bundles among them.
    pub files: BTreeMap<String, Blob>,
}

/// A bundle as it was downloaded.
pub struct Arrived {
    /// Its place in the index.
    pub place: usize,
    /// Its manifest.
    pub manifest: Manifest,
    /// The manifest's bytes.
    pub bytes: Blob,
    /// Its model files by their SHA-256, but for those that were here before.
    pub files: BTreeMap<String, Blob>,
}

/// The bundles, and what was downloaded of them.
#[derive(Default)]
pub struct Bundles {
    /// What there is to choose from.
    pub index: BundleIndex,
    /// Place of the one in use.
    pub current: usize,
    /// Place of the one that is on its way.
    pub wanted: Option<usize>,
    /// Bytes of the manifest in use.
    bytes: Blob,
    /// Model files that an engine has accepted, by their SHA-256: a file of two bundles is
    /// downloaded and kept once.
    store: BTreeMap<String, Blob>,
    /// Number of the newest request, so that an older download is not taken for it.
    request: u64,
    /// Downloaded, and to be handed to the engine.
    pending: Option<Arrived>,
    /// In the engine's hands.
    switching: Option<Arrived>,
}

impl Bundles {
    /// The folder of the bundle in use.
    pub fn folder(&self) -> &str {
        self.entry(self.current).map_or("", |entry| entry.folder.as_str())
    }

    /// An entry of the index.
    pub fn entry(&self, place: usize) -> Option<&IndexEntry> {
        self.index.bundles.get(place)
    }

    /// Whether a file with this SHA-256 is here.
    pub fn has(&self, sha256: &str) -> bool {
        self.store.contains_key(sha256)
    }

    /// The model file with this SHA-256, if it is here.
    pub fn file(&self, sha256: &str) -> Option<&Blob> {
        self.store.get(sha256)
    }

    /// The files of the bundle in use, by name, the manifest among them.
    pub fn files(&self, manifest: &Manifest) -> BTreeMap<String, Blob> {
        self.collect(manifest, &self.bytes, &BTreeMap::new())
    }

    fn collect(&self, manifest: &Manifest, bytes: &Blob, new: &BTreeMap<String, Blob>) -> BTreeMap<String, Blob> {
        let find = |name: &str| {
            let sha = &manifest.entry(name).ok()?.sha256;
            Some((name.to_owned(), new.get(sha).or_else(|| self.store.get(sha))?.clone()))
        };
        manifest.model_files().into_iter().filter_map(find).chain([(MANIFEST.to_owned(), bytes.clone())]).collect()
    }

    /// Requests the bundle at a place. Gives the number of the request and what to download; nothing
    /// where it is here or on its way.
    pub fn request(&mut self, place: usize) -> Option<(u64, IndexEntry)> {
        let entry = self.entry(place)?.clone();
        if self.wanted == Some(place) {
            return None;
        }
        self.request += 1;
        self.pending = None;
        let here = place == self.current && self.switching.is_none();
        self.wanted = Some(place).filter(|_| !here);
        (!here).then_some((self.request, entry))
    }

    /// Whether this is the newest request.
    pub fn is_newest(&self, request: u64) -> bool {
        self.request == request
    }

    /// A requested bundle is downloaded.
    pub fn arrived(&mut self, arrived: Arrived) {
        self.pending = Some(arrived);
    }

    /// Hands over what was downloaded: the bundle's files by name.
    pub fn hand_over(&mut self) -> Option<BTreeMap<String, Blob>> {
        self.switching = self.pending.take();
        let arrived = self.switching.as_ref()?;
        Some(self.collect(&arrived.manifest, &arrived.bytes, &arrived.files))
    }

    /// The engine has not taken what was handed over, or is gone. Gives the name of the bundle.
    pub fn take_back(&mut self) -> Option<String> {
        let arrived = self.switching.take()?;
        self.wanted = self.wanted.filter(|place| *place != arrived.place);
        Some(arrived.manifest.name)
    }

    /// The engine has accepted what was handed over.
    pub fn accepted(&mut self) -> Option<Arrived> {
        let arrived = self.switching.take()?;
        self.wanted = self.wanted.filter(|place| *place != arrived.place);
        Some(arrived)
    }

    /// Takes a bundle into use; gives its manifest.
    pub fn adopt(&mut self, arrived: Arrived) -> Manifest {
        let Arrived { place, manifest, bytes, files } = arrived;
        self.current = place;
        self.bytes = bytes;
        self.store.extend(files);
        manifest
    }
}

/// The manifest of an entry of the index.
///
/// # Errors
/// [`BundleError`], when it is not the one that the index lists, or does not fit this version.
pub fn manifest(entry: &IndexEntry, bytes: &[u8]) -> Result<Manifest, BundleError> {
    let file = || format!("{}/{MANIFEST}", entry.folder);
    let found = sha256(bytes);
    if found != entry.manifest_sha256 {
        let cause = format!("its SHA-256 is {found}, the index lists {}", entry.manifest_sha256);
        return Err(BundleError::Damaged { file: file(), cause });
    }
    let manifest = Manifest::parse(bytes)?;
    if manifest.domain != entry.domain {
        let cause = format!("it is about a {}, the index says a {}", manifest.domain.noun(), entry.domain.noun());
        return Err(BundleError::Unfit { file: file(), cause });
    }
    Ok(manifest)
}

/// Splits what was downloaded before the program arrived into the index and the bundle.
///
/// # Errors
/// [`BundleError`], naming the file.
pub fn split(mut download: Download) -> Result<(BundleIndex, Arrived), BundleError> {
    let missing = |file: &str| BundleError::Missing { file: file.into(), cause: "it was not downloaded".into() };
    let index = download.files.remove(INDEX).ok_or_else(|| missing(INDEX))?;
    let index = BundleIndex::parse(&index.0)?;
    let place = index.find(&download.folder).ok_or_else(|| missing(MANIFEST))?;
    let bytes = download.files.remove(MANIFEST).ok_or_else(|| missing(MANIFEST))?;
    let manifest = manifest(&index.bundles[place], &bytes.0)?;
    let by_sha = |(name, blob): (String, Blob)| Some((manifest.entry(&name).ok()?.sha256.clone(), blob));
    let files = download.files.into_iter().filter_map(by_sha).collect();
    Ok((index, Arrived { place, manifest, bytes, files }))
}
