//! Which pictures of the gallery a lesson has: those to glance at, and those that the student meets
//! afterwards. Plain data.

use fovea_shared::bundle::{GalleryCase, Manifest, PHANTOM, Purpose};

/// Pictures to glance at, where the gallery has enough.
const TAUGHT: usize = 8;

/// Unseen pictures, where the gallery has enough.
const UNSEEN: usize = 8;

/// The cases of a lesson; a picture's number is its place here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pictures {
    cases: Vec<GalleryCase>,
    taught: usize,
}

impl Pictures {
    /// Of a bundle's gallery: real pictures whose true mask is known, those first that are meant to
    /// be taught with. Drawn practice images stand in where there are too few.
    pub fn of(manifest: &Manifest) -> Self {
        let known = manifest.gallery.iter().filter(|case| case.mask.is_some());
        let (drawn, mut real): (Vec<_>, Vec<_>) = known.partition(|case| case.origin == PHANTOM);
        if real.len() < 4 {
            real.extend(drawn);
        }
        // The sort is stable, so the gallery's order stays within each group.
        real.sort_by_key(|case| case.purpose != Some(Purpose::Teach));
        let taught = TAUGHT.min(real.len() / 2);
        let cases = real.into_iter().take(taught + UNSEEN).cloned().collect();
        Self { cases, taught }
    }

    /// The case with this number.
    pub fn case(&self, picture: u64) -> Option<&GalleryCase> {
        self.cases.get(usize::try_from(picture).ok()?)
    }

    /// Numbers of the pictures to glance at.
    pub fn taught(&self) -> Vec<u64> {
        (0..self.taught as u64).collect()
    }

    /// Numbers of the unseen pictures.
    pub fn unseen(&self) -> Vec<u64> {
        (self.taught as u64..self.cases.len() as u64).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_shipped_bundle_has_a_lesson_whose_halves_share_no_picture() {
        for folder in ["polyp", "prostate", "skin"] {
            let path = format!("{}/../www/bundle/{folder}/manifest.json", env!("CARGO_MANIFEST_DIR"));
            let pictures = Pictures::of(&Manifest::parse(&std::fs::read(path).unwrap()).unwrap());
            let (taught, unseen) = (pictures.taught(), pictures.unseen());
            assert!(taught.len() >= 2 && unseen.len() >= 2, "{folder}: {} {}", taught.len(), unseen.len());
            assert!(taught.iter().all(|picture| !unseen.contains(picture)));
            for picture in taught.iter().chain(&unseen) {
                assert!(pictures.case(*picture).unwrap().mask.is_some());
            }
            assert!(pictures.case(99).is_none());
        }
    }
}
