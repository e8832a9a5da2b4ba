//! The loop of a stand: a picture, what the network outlines on it alone, then one glance and the
//! outline it leads to; then the next picture. Plain data.

use fovea_shared::{
    bundle::GalleryCase,
    gaze::{Fixation, Scanpath},
};

/// How long the network's outline stands alone, in ms.
const ALONE_MS: f64 = 3500.0;

/// How long the outlines stand beside each other, in ms.
const BOTH_MS: f64 = 5000.0;

/// A picture that is not there after this time is passed over, in ms.
const LATE_MS: f64 = 20_000.0;

/// The part of a case's gaze that counts as one glance, in ms from its first fixation.
const GLANCE_MS: f32 = 2000.0;

/// What is shown of the present picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scene {
    /// It is opening, since this moment.
    Opening(f64),
    /// The network's outline alone, until this moment.
    Alone(f64),
    /// The glance, and the outline that follows it.
    Glance,
    /// Both outlines, until this moment.
    Both(f64),
}

/// What the page is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Open the next picture.
    Open,
    /// Show the network's outline alone.
    Alone,
    /// Play the glance.
    Glance,
}

/// The loop while it plays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attract {
    scene: Scene,
}

impl Attract {
    /// The loop as it begins with a picture that is to be opened now.
    pub fn begin(now: f64) -> Self {
        Self { scene: Scene::Opening(now) }
    }

    /// What is shown.
    pub fn scene(&self) -> Scene {
        self.scene
    }

    /// Lets time pass. `at_rest`: the picture is open and all that was asked for is drawn; `playing`: the
    /// glance lasts.
    pub fn tick(&mut self, now: f64, at_rest: bool, playing: bool) -> Option<Deed> {
        match self.scene {
            Scene::Opening(_) if at_rest => {
                self.scene = Scene::Alone(now + ALONE_MS);
                Some(Deed::Alone)
            }
            Scene::Opening(since) if now - since > LATE_MS => self.next(now),
            Scene::Alone(until) if now >= until => {
                self.scene = Scene::Glance;
                Some(Deed::Glance)
            }
            Scene::Glance if at_rest && !playing => {
                self.scene = Scene::Both(now + BOTH_MS);
                None
            }
            Scene::Both(until) if now >= until => self.next(now),
            _ => None,
        }
    }

    fn next(&mut self, now: f64) -> Option<Deed> {
        *self = Self::begin(now);
        Some(Deed::Open)
    }
}

/// The pictures of a gallery that the loop shows: riddles with a true mask and gaze, or where there
/// are none all with gaze.
pub fn exhibits(gallery: &[GalleryCase]) -> Vec<&GalleryCase> {
    let gazed = gallery.iter().filter(|case| case.gaze.is_some());
    let (riddles, other): (Vec<_>, Vec<_>) = gazed.partition(|case| case.riddle.is_some() && case.mask.is_some());
    if riddles.is_empty() { other } else { riddles }
}

/// Whether a case shows two lesions, as its riddle says.
pub fn shows_two(case: &GalleryCase) -> bool {
    case.riddle.as_deref().is_some_and(|riddle| riddle.starts_with("Two "))
}

/// One glance: the beginning of a scanpath.
pub fn glance(path: &[Fixation]) -> Vec<Fixation> {
    Scanpath { fixations: path.to_vec() }.first_ms(GLANCE_MS).fixations
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use fovea_shared::bundle::Manifest;

    use super::*;

    #[test]
    fn each_picture_is_shown_alone_then_with_a_glance_then_both() {
        let mut attract = Attract::begin(0.0);
        assert_eq!(attract.tick(100.0, false, false), None);
        assert_eq!(attract.tick(1000.0, true, false), Some(Deed::Alone));
        assert_eq!(attract.tick(4400.0, true, false), None);
        assert_eq!(attract.tick(4500.0, true, false), Some(Deed::Glance));
        // The glance plays, then the last outline is drawn.
        assert_eq!(attract.tick(6000.0, true, true), None);
        assert_eq!(attract.tick(6500.0, false, false), None);
        assert_eq!(attract.scene(), Scene::Glance);
        assert_eq!(attract.tick(6600.0, true, false), None);
        assert_eq!(attract.scene(), Scene::Both(11_600.0));
        assert_eq!(attract.tick(11_500.0, true, false), None);
        assert_eq!(attract.tick(11_600.0, true, false), Some(Deed::Open));
        assert_eq!(attract, Attract::begin(11_600.0));
    }

    #[test]
    fn a_picture_that_does_not_come_is_passed_over() {
        let mut attract = Attract::begin(0.0);
        assert_eq!(attract.tick(20_000.0, false, false), None);
        assert_eq!(attract.tick(20_001.0, false, false), Some(Deed::Open));
        assert_eq!(attract.scene(), Scene::Opening(20_001.0));
    }

    #[test]
    fn every_shipped_bundle_has_riddles_to_show_and_two_bundles_have_one_with_two_lesions() {
        for (folder, two) in [("polyp", true), ("prostate", false), ("skin", true)] {
            let path = format!("{}/../www/bundle/{folder}/manifest.json", env!("CARGO_MANIFEST_DIR"));
            let manifest = Manifest::parse(&std::fs::read(path).unwrap()).unwrap();
            let shown = exhibits(&manifest.gallery);
            assert!(shown.len() >= 2, "{folder}: {}", shown.len());
            assert!(shown.iter().all(|case| case.riddle.is_some() && case.mask.is_some() && case.gaze.is_some()));
            assert_eq!(shown.iter().any(|case| shows_two(case)), two, "{folder}");
        }
    }

    #[test]
    fn a_glance_is_the_beginning_of_a_scanpath() {
        let look = |start_ms| Fixation { x: 0.5, y: 0.5, duration_ms: 1200.0, start_ms };
        let path = [look(300.0), look(1500.0), look(3000.0)];
        assert_eq!(glance(&path), [path[0], Fixation { duration_ms: 800.0, ..path[1] }]);
        assert!(glance(&[]).is_empty());
    }
}
