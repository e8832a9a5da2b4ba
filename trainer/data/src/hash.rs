//! SHA-256 of images and of all that a training saw.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::error::{DataError, Result};
use super::splits::Split;
use super::{Case, Dataset, image_store::ImageStore, parallel};

/// The SHA-256 of some bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// The SHA-256 of a file, in hexadecimal.
///
/// # Errors
/// A file that cannot be read.
pub fn file_sha256(path: &Path) -> Result<String> {
    let bytes = fs::read(path).map_err(|source| DataError::Read { path: path.to_path_buf(), source })?;
    Ok(sha256(&bytes))
}

/// Hashes the cases of a split: for every list its sorted ids, and for every case its id, the
/// SHA-256 of its image file and its fixations. Masks do not count and need not exist. In
/// hexadecimal; names the data in results and checkpoints.
///
/// A validation set that was drawn counts as part of the training list it was drawn from, so the hash is the same for
/// every seed; lists in another order and images in another folder give the same hash too.
///
/// # Errors
/// An id that is not in the data set, or an image that cannot be read.
pub fn data_hash(dataset: &Dataset, split: &Split, store: &ImageStore) -> Result<String> {
    let ids = split.train.iter().chain(&split.validation).chain(&split.test);
    let cases: Vec<&Case> =
        ids.map(|id| dataset.select(std::slice::from_ref(id)).map(|found| found[0])).collect::<Result<_>>()?;
    split_hash(split, cases, store)
}

/// [`data_hash`] for those who have the cases of the lists, in any order.
///
/// # Errors
/// An image that cannot be read.
pub fn split_hash<'a>(split: &Split, cases: impl IntoIterator<Item = &'a Case>, store: &ImageStore) -> Result<String> {
    let mut lists = BTreeMap::from([("train", split.train.clone()), ("test", split.test.clone())]);
    let validation = if split.drawn { "train" } else { "validation" };
    lists.entry(validation).or_default().extend_from_slice(&split.validation);
    let mut hasher = Sha256::new();
    hasher.update("fovea-data-1\n");
    for (role, ids) in &mut lists {
        ids.sort_unstable();
        hasher.update(format!("list {role} {}\n", ids.len()));
        for id in ids.iter() {
            text(&mut hasher, id);
        }
    }
    let mut cases: Vec<&Case> = cases.into_iter().collect();
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    cases.dedup_by(|a, b| a.id == b.id);
    let hashes = parallel::map(&cases, |case| store.sha256(&case.image), || ());
    for (case, hash) in cases.into_iter().zip(hashes) {
        text(&mut hasher, &case.id);
        text(&mut hasher, &hash?);
        let fixations = case.gaze.as_ref().map_or(&[][..], |g| &g.fixations);
        hasher.update(format!("gaze {}\n", fixations.len()));
        for f in fixations {
            for value in [f.x, f.y, f.duration_ms, f.start_ms] {
                hasher.update(value.to_le_bytes());
            }
        }
    }
    Ok(format!("{:x}", hasher.finalize()))
}

/// Feeds a text with its length before it, so that no two sequences of texts feed the same bytes.
fn text(hasher: &mut Sha256, value: &str) {
    hasher.update((value.len() as u64).to_le_bytes());
    hasher.update(value);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{fixture, splits::split};
    use super::*;

    #[test]
    fn depends_on_images_gaze_and_lists_but_not_on_seed_order_or_masks() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let ids = ["a", "b", "c", "d", "e"];
        fixture::write(root, &ids);
        fs::write(root.join("splits/x-train.txt"), "a\nb\nc\nd\n").unwrap();
        fs::write(root.join("splits/x-test.txt"), "e\n").unwrap();
        let hash = |seed| {
            let data = Dataset::open(root).unwrap();
            data_hash(&data, &split(&data, "x", 0.25, seed).unwrap(), &ImageStore::default()).unwrap()
        };
        let first = hash(1);
        assert_eq!(first.len(), 64);
        assert_eq!(first, hash(2));
        fs::write(root.join("splits/x-train.txt"), "d\nc\na\nb\n").unwrap();
        fs::remove_dir_all(root.join("masks")).unwrap();
        assert_eq!(first, hash(1));

        let gaze = fs::read_to_string(root.join("gaze/all.csv")).unwrap();
        fs::write(root.join("gaze/all.csv"), gaze.replacen("300", "301", 1)).unwrap();
        assert_ne!(first, hash(1));
        fs::write(root.join("gaze/all.csv"), gaze).unwrap();
        assert_eq!(first, hash(1));

        fs::write(root.join("splits/x-train.txt"), "a\nb\nc\n").unwrap();
        assert_ne!(first, hash(1));
        fs::write(root.join("splits/x-train.txt"), "a\nb\nc\nd\n").unwrap();
        fs::copy(root.join("images/a.png"), root.join("images/b.png")).unwrap();
        assert_ne!(first, hash(1));
    }
}
