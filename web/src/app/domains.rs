//! The domains that the page offers, and the change from one to another: download, hand to the engine, and only when that has accepted
//! the new model take leave of the old one.

use std::collections::BTreeMap;

use fovea_shared::bundle::{BundleError, BundleIndex, INDEX, IndexEntry, MANIFEST, Manifest, sha256};
use wasm_bindgen_futures::spawn_local;

use super::{
    Page,
    devices::{Orders, Status},
    dom::{mark, set_text},
    files::{self, Download},
    incoming::both,
    panels,
    state::{App, Findings, Source},
};
use crate::{
    protocol::{Backend, Blob, OpenRequest, Report},
    text::{self, Message, language, message, say},
};

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
pub struct Domains {
    /// What there is to choose from.
    pub index: BundleIndex,
    /// Place of the one in use.
    pub current: usize,
    /// Place of the one that is on its way.
    pub wanted: Option<usize>,
    /// Bytes of the manifest in use.
    bytes: Blob,
    /// Model files that an engine has accepted, by their SHA-256: what two bundles share is downloaded and kept once.
    store: BTreeMap<String, Blob>,
    /// Grows with every wish, so that an old download is told from the newest.
    wish: u64,
    /// Downloaded, and to be handed to the engine.
    pending: Option<Arrived>,
    /// In the engine's hands.
    switching: Option<Arrived>,
}

impl Domains {
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

    /// Hands over what was downloaded: the bundle's files by name.
    pub(super) fn hand_over(&mut self) -> Option<BTreeMap<String, Blob>> {
        self.switching = self.pending.take();
        let arrived = self.switching.as_ref()?;
        Some(self.collect(&arrived.manifest, &arrived.bytes, &arrived.files))
    }

    /// The engine has not taken what was handed over, or is gone. Gives the name of the bundle.
    pub(super) fn take_back(&mut self) -> Option<String> {
        let arrived = self.switching.take()?;
        self.wanted = self.wanted.filter(|place| *place != arrived.place);
        Some(arrived.manifest.name)
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
pub(super) fn first(mut download: Download) -> Result<(BundleIndex, Arrived), BundleError> {
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

impl Page {
    /// Changes to the domain at a place of the index.
    pub fn choose_domain(&self, place: usize) {
        let Some((wish, entry)) = self.update(|app| app.want_domain(place)) else { return };
        let page = self.clone();
        spawn_local(async move {
            let arrived = files::domain(place, &entry, |sha| page.read(|app| app.domains.has(sha))).await;
            page.update(|app| app.domain_arrived(wish, arrived));
        });
    }
}

impl App {
    /// Takes the first bundle.
    pub(super) fn adopt(&mut self, arrived: Arrived) {
        let Arrived { place, manifest, bytes, files } = arrived;
        self.domains.current = place;
        self.domains.bytes = bytes;
        self.domains.store.extend(files);
        // A student that the visitor has chosen is looked for in the new bundle too.
        let former = self.manifest.as_ref().filter(|m| m.default_student() != self.student);
        let kind = former.and_then(|m| m.students.get(self.student)).map(|s| s.kind);
        let same = kind.and_then(|kind| manifest.find_student(kind));
        self.student = same.unwrap_or_else(|| manifest.default_student());
        panels::gallery(&self.dom, &manifest, self.domains.folder());
        panels::notices(&self.dom, &manifest);
        self.manifest = Some(manifest);
        self.compare.forget();
        self.live.others.clear();
        self.live.reset();
        self.show_student();
        panels::domains(&self.dom, &self.domains);
    }

    /// What must be said of an image that the model does not know: of every one of the visitor's, and more where it looks unlike those
    /// that the model has learnt from.
    pub(super) fn show_own_note(&self) {
        let own = self.current.as_ref().is_some_and(|current| current.origin.case.is_none());
        let note = &self.dom.own_note;
        note.set_hidden(!own);
        let Some(entry) = self.domains.entry(self.domains.current).filter(|_| own) else { return };
        let domain = text::domain(entry);
        let unlike = self.found.likeness.filter(|(distance, usual)| distance > usual);
        mark(note, "data-unlike", unlike.is_some());
        let trust = match unlike {
            Some((distance, usual)) => message!(
                "own-note-unlike",
                domain = domain,
                distance = format!("{distance:.1}"),
                usual = format!("{usual:.1}")
            ),
            None => message!("own-note", domain = domain),
        };
        // What was done to it comes first: it decides what all the rest is about.
        set_text(note, &self.found.notes.iter().cloned().chain([trust]).reduce(both).unwrap_or_default().to_string());
    }

    /// The name of a bundle, in English as its manifest has it.
    fn domain_name(&self, place: usize, manifest: &Manifest) -> String {
        let entry = self.domains.entry(place).filter(|_| !language().is_english());
        entry.map_or_else(|| manifest.name.clone(), text::domain)
    }

    /// Wishes for the domain at a place. Gives the number of the wish and what to download, if anything.
    fn want_domain(&mut self, place: usize) -> Option<(u64, IndexEntry)> {
        let entry = self.domains.entry(place)?.clone();
        self.manifest.as_ref()?;
        if self.domains.wanted == Some(place) {
            return None;
        }
        self.domains.wish += 1;
        self.domains.pending = None;
        let here = place == self.domains.current && self.domains.switching.is_none();
        self.domains.wanted = Some(place).filter(|_| !here);
        panels::domains(&self.dom, &self.domains);
        if here {
            return None;
        }
        self.say(&say!("domain-downloading", name = text::domain(&entry)));
        Some((self.domains.wish, entry))
    }

    fn domain_arrived(&mut self, wish: u64, arrived: Result<Arrived, Message>) {
        if wish != self.domains.wish {
            return;
        }
        match arrived {
            Ok(arrived) => {
                self.say(&say!("domain-checking", name = self.domain_name(arrived.place, &arrived.manifest)));
                self.domains.pending = Some(arrived);
                self.schedule.want_model();
            }
            Err(why) => {
                self.domains.wanted = None;
                self.not_changed(why);
            }
        }
    }

    /// The domain stays what it was, and why.
    pub(super) fn not_changed(&mut self, why: Message) {
        panels::domains(&self.dom, &self.domains);
        let name = self.manifest.as_ref().map(|m| self.domain_name(self.domains.current, m));
        self.say(&match name {
            Some(name) => say!("domain-stays", name = name),
            None => say!("domain-stays-unnamed"),
        });
        self.show_image_message(why);
    }

    /// A model that loads on another device would be that of the domain before: it is started again later.
    pub(super) fn forget_the_other_device(&mut self) {
        if let Some(backend) = self.devices.forget_starting() {
            self.link.stop(backend);
        }
    }

    /// The engine has accepted the model of another domain.
    pub(super) fn changed_domain(&mut self, report: Report) -> Orders {
        self.schedule.finish();
        let Some(arrived) = self.domains.switching.take() else { return Orders::default() };
        self.domains.wanted = self.domains.wanted.filter(|place| *place != arrived.place);
        self.devices.reported(report);
        self.show_devices();
        self.adopt(arrived);
        files::write_address("domain", self.domains.folder());
        self.schedule.forget_image();
        self.found = Findings::default();
        self.dismiss_change();
        (self.press, self.cursor, self.waiting_since) = (None, None, None);
        // A case that is being read for the former model is of no use to this one; a picture of the visitor's is.
        let reading_own = self.reading && self.desk.expects_own();
        if !reading_own {
            self.last_image += 1;
            self.reading = false;
        }
        if self.message_of_image {
            self.close_message();
        }
        let former = self.current.take();
        match self.wanted.take().or(former) {
            _ if reading_own => {}
            // The visitor's own image stays, and is read by the new model.
            Some(Source { origin, descriptions: _, request }) if !request.from_bundle => {
                let request = OpenRequest { image: self.last_image, ..request };
                self.desk.renumber(self.last_image);
                self.want(Source { origin, descriptions: Vec::new(), request });
            }
            _ => self.case_next = self.manifest.as_ref().and_then(|m| m.gallery.first()).map(|case| case.id.clone()),
        }
        if let Some(asked) = self.sharing.arriving.take() {
            self.arrive(asked);
        }
        Orders::default()
    }

    pub(super) fn say_unknown_domain(&mut self, folder: &str) {
        let names: Vec<&str> = self.domains.index.bundles.iter().map(|entry| entry.folder.as_str()).collect();
        let message = message!("domain-unknown", name = folder, known = names.join(", "));
        self.show_message(message);
    }

    /// Whether this backend is loading a model for the first time.
    pub(super) fn is_starting(&self, backend: Backend) -> bool {
        *self.devices.status(backend) == Status::Starting
    }
}
