//! Image files: every one read once, hashed once and decoded at most once, however many things are made of it.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::SystemTime,
};

use fovea_shared::{bundle::sha256, image::RgbImage};

use super::error::{DataError, Result};
use super::picture;

/// What is known of the image files of one process. Bytes and pixels are not kept.
#[derive(Debug, Default)]
pub struct ImageStore {
    known: Mutex<HashMap<PathBuf, Known>>,
    reads: AtomicUsize,
    hashes: AtomicUsize,
    decodes: AtomicUsize,
}

/// What is kept of a file, and what it looked like on disk when that was true.
#[derive(Clone, Debug)]
struct Known {
    bytes: u64,
    modified: Option<SystemTime>,
    sha256: String,
    size: Option<[u32; 2]>,
}

/// How often files were touched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files read from disk.
    pub reads: usize,
    /// SHA-256 computed.
    pub hashes: usize,
    /// Pictures decoded.
    pub decodes: usize,
}

/// One image file, for as long as something is made of it.
#[derive(Debug)]
pub struct ImageFile<'a> {
    store: &'a ImageStore,
    path: &'a Path,
    bytes: OnceLock<Vec<u8>>,
    pixels: OnceLock<RgbImage>,
    size: Option<[u32; 2]>,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
}

impl ImageStore {
    /// A file with its hash. It is read now where it is not known or has changed since, else when pixels are asked for.
    ///
    /// # Errors
    /// A file that cannot be read, named.
    pub fn open<'a>(&'a self, path: &'a Path) -> Result<ImageFile<'a>> {
        let (known, bytes) = match self.known(path) {
            Some(known) => (known, OnceLock::new()),
            None => {
                let (known, bytes) = self.read(path)?;
                (known, OnceLock::from(bytes))
            }
        };
        let Known { sha256, size, .. } = known;
        Ok(ImageFile { store: self, path, bytes, pixels: OnceLock::new(), size, sha256 })
    }

    /// The SHA-256 of a file, which is read where it is not known or has changed since.
    ///
    /// # Errors
    /// A file that cannot be read, named.
    pub fn sha256(&self, path: &Path) -> Result<String> {
        Ok(self.open(path)?.sha256)
    }

    /// How often files were touched so far.
    pub fn counts(&self) -> Counts {
        let of = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        Counts { reads: of(&self.reads), hashes: of(&self.hashes), decodes: of(&self.decodes) }
    }

    fn read(&self, path: &Path) -> Result<(Known, Vec<u8>)> {
        let modified = fs::metadata(path).and_then(|about| about.modified()).ok();
        let bytes = self.bytes(path)?;
        self.hashes.fetch_add(1, Ordering::Relaxed);
        let size = picture::size(&bytes).ok();
        let known = Known { bytes: bytes.len() as u64, modified, sha256: sha256(&bytes), size };
        self.lock().insert(path.to_path_buf(), known.clone());
        Ok((known, bytes))
    }

    fn bytes(&self, path: &Path) -> Result<Vec<u8>> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        fs::read(path).map_err(|source| DataError::ReadImage { path: path.to_path_buf(), source })
    }

    /// What is known of a file that has not changed since.
    fn known(&self, path: &Path) -> Option<Known> {
        let known = self.lock().get(path).cloned()?;
        let now = fs::metadata(path).ok()?;
        (now.len() == known.bytes && now.modified().ok() == known.modified).then_some(known)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PathBuf, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ImageFile<'_> {
    /// The picture, read where that was not done yet, and decoded at the first call.
    ///
    /// # Errors
    /// A damaged file or one of an unknown format, named.
    pub fn pixels(&self) -> Result<&RgbImage> {
        if let Some(pixels) = self.pixels.get() {
            return Ok(pixels);
        }
        let bytes = match self.bytes.get() {
            Some(bytes) => bytes,
            None => {
                let bytes = self.store.bytes(self.path)?;
                self.bytes.get_or_init(|| bytes)
            }
        };
        let wrong = |source| DataError::WrongImage { path: self.path.to_path_buf(), source };
        let pixels = picture::decode(bytes).map_err(wrong)?;
        self.store.decodes.fetch_add(1, Ordering::Relaxed);
        Ok(self.pixels.get_or_init(|| pixels))
    }

    /// Width and height in pixels, from the header.
    ///
    /// # Errors
    /// A file that is not an image, named.
    pub fn size(&self) -> Result<[u32; 2]> {
        match self.size {
            Some(size) => Ok(size),
            // Decoding says what is wrong.
            None => self.pixels().map(|pixels| pixels.dimensions().into()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_is_touched_once_until_it_changes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        RgbImage::new(6, 4).save(&path).unwrap();
        let store = ImageStore::default();
        let file = store.open(&path).unwrap();
        assert_eq!((file.pixels().unwrap().dimensions(), file.pixels().unwrap().dimensions()), ((6, 4), (6, 4)));
        let again = store.open(&path).unwrap();
        assert_eq!((again.sha256.as_str(), again.size().unwrap()), (file.sha256.as_str(), [6, 4]));
        assert_eq!(store.counts(), Counts { reads: 1, hashes: 1, decodes: 1 });
        RgbImage::new(60, 40).save(&path).unwrap();
        let changed = store.open(&path).unwrap();
        assert_ne!(changed.sha256, file.sha256);
        assert_eq!(changed.size().unwrap(), [60, 40]);
        assert_eq!(store.counts(), Counts { reads: 2, hashes: 2, decodes: 1 });
    }

    #[test]
    fn bytes_of_no_image_have_a_hash_and_no_size() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        fs::write(&path, "text").unwrap();
        let store = ImageStore::default();
        assert_eq!(store.sha256(&path).unwrap().len(), 64);
        let (wrong, missing) = (store.open(&path).unwrap().size().unwrap_err(), folder.path().join("b.png"));
        assert!(matches!(&wrong, DataError::WrongImage { path, .. } if path.ends_with("a.png")), "{wrong:?}");
        let unread = store.open(&missing).unwrap_err();
        assert!(matches!(&unread, DataError::ReadImage { path, .. } if path.ends_with("b.png")), "{unread:?}");
        assert!(wrong.to_string().contains("a.png") && unread.to_string().contains("b.png"));
    }
}
