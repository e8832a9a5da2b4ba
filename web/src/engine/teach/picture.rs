//! One picture that is read to teach with.

use fovea_shared::{
    description::Modality,
    gaze::Fixation,
    image::{RgbImage, pool_to, resize_rgb},
    model::Pyramid,
    plane::{Mask, Plane},
    predictor::Predictor,
};
use fovea_teach::{Drawing, View};

use super::{Decoded, SCORED_SIDE, target};
use crate::{
    engine::masks,
    errors::{of_file, predict},
    protocol::{NamedFile, TeachTarget},
    text::{Message, message},
};

/// Targets that are kept of a picture: those of the visitor's glance, of the two references, and of
/// a glance that was taken back.
const TARGETS: usize = 4;

/// A target as it was asked for and as it was made.
struct Told {
    asked: TeachTarget,
    /// 0..1, at the side of the pseudo-masks.
    target: Plane,
    /// The gaze that it was made of.
    fixations: Vec<Fixation>,
}

/// A picture: what the backbone sees of it, and what it takes to make targets and scores.
pub(super) struct Picture {
    name: String,
    sha256: String,
    native: (usize, usize),
    /// The image at the side of the pseudo-masks.
    small: RgbImage,
    /// The true mask with no side above [`SCORED_SIDE`].
    truth: Option<Mask>,
    views: Vec<Pyramid>,
    wanted: usize,
    /// The image at its own size, while views are still to be read.
    image: Option<RgbImage>,
    /// The last targets, the oldest first.
    told: Vec<Told>,
}

impl Picture {
    /// A picture of which no view is read yet; `side` is that of the pseudo-masks.
    pub(super) fn new(name: &str, decoded: Decoded, views: usize, side: usize) -> Self {
        let Decoded { sha256, image, truth } = decoded;
        Self {
            name: name.into(),
            sha256,
            native: (image.width() as usize, image.height() as usize),
            small: resize_rgb(&image, side, side),
            truth: truth.map(scored),
            views: Vec::with_capacity(views),
            wanted: views,
            image: Some(image),
            told: Vec::new(),
        }
    }

    /// The same file once more, for more views or with its true mask.
    pub(super) fn read_again(&mut self, decoded: Decoded, views: usize) {
        self.wanted = views.max(self.views.len());
        self.image = Some(decoded.image);
        if let Some(truth) = decoded.truth {
            self.truth = Some(scored(truth));
            // Another truth is another target.
            self.told.retain(|told| matches!(told.asked, TeachTarget::Glances(_) | TeachTarget::Drawn(_)));
        }
    }

    /// Reads the next view. The image is let go after the last.
    ///
    /// # Errors
    /// In plain words: the reading was stopped, or the device fails.
    pub(super) async fn read_view(&mut self, predictor: &Predictor) -> Result<(), Message> {
        if self.views.len() < self.wanted {
            let stopped = || of_file(&self.name, message!("teach-not-read"));
            let image = self.image.as_ref().ok_or_else(stopped)?;
            let view = View::of(self.views.len(), &self.sha256, Drawing::Light).image(image);
            let seen = predictor.embed(&view).await.map_err(|e| of_file(&self.name, predict(&e)))?;
            self.views.push(seen.features().clone());
        }
        if self.is_whole() {
            self.image = None;
        }
        Ok(())
    }

    /// Another picture is read now. What is read of this one stays.
    pub(super) fn stop_reading(&mut self) {
        self.image = None;
    }

    /// The target `asked` for, and the gaze that it is made of.
    ///
    /// # Errors
    /// In plain words, naming the picture: nothing to make the target of.
    pub(super) fn target(
        &mut self,
        asked: &TeachTarget,
        domain: Modality,
        drawn: impl Fn(&NamedFile, (usize, usize)) -> Result<Mask, Message>,
    ) -> Result<(Plane, Vec<Fixation>), Message> {
        if let Some(told) = self.told.iter().find(|told| told.asked == *asked) {
            return Ok((told.target.clone(), told.fixations.clone()));
        }
        let material =
            target::TargetSource { small: &self.small, truth: self.truth.as_ref(), native: self.native, domain };
        let (target, fixations) = target::make(asked, &material, drawn).map_err(|why| of_file(&self.name, why))?;
        if self.told.len() >= TARGETS {
            self.told.remove(0);
        }
        self.told.push(Told { asked: asked.clone(), target: target.clone(), fixations: fixations.clone() });
        Ok((target, fixations))
    }

    /// The first `views` views.
    ///
    /// # Errors
    /// In plain words, naming the picture: they are not all read.
    pub(super) fn ready(&self, views: usize) -> Result<Vec<Pyramid>, Message> {
        let read = self.views.get(..views).map(<[Pyramid]>::to_vec);
        read.ok_or_else(|| of_file(&self.name, message!("teach-not-read")))
    }

    /// What the backbone sees of the picture as it is.
    pub(super) fn features(&self) -> Option<&Pyramid> {
        self.views.first()
    }

    pub(super) fn is_same(&self, sha256: &str) -> bool {
        self.sha256 == sha256
    }

    pub(super) fn is_whole(&self) -> bool {
        self.views.len() >= self.wanted
    }

    pub(super) fn has_truth(&self, wanted: bool) -> bool {
        self.truth.is_some() || !wanted
    }

    pub(super) fn views(&self) -> usize {
        self.views.len()
    }

    pub(super) fn wanted(&self) -> usize {
        self.wanted
    }

    pub(super) fn native(&self) -> (usize, usize) {
        self.native
    }

    pub(super) fn sha256(&self) -> &str {
        &self.sha256
    }

    pub(super) fn truth(&self) -> Option<&Mask> {
        self.truth.as_ref()
    }

    /// Width and height at which it is scored.
    pub(super) fn scored(&self) -> (usize, usize) {
        masks::fit(self.native, SCORED_SIDE)
    }
}

/// A true mask at the size at which it is scored: a pixel is inside where half of what it covers is.
fn scored(truth: Mask) -> Mask {
    let (width, height) = masks::fit((truth.width, truth.height), SCORED_SIDE);
    if (width, height) == (truth.width, truth.height) {
        return truth;
    }
    pool_to(&truth.to_plane(), width, height).at_least(0.5)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
impl Picture {
    /// Takes the features of another picture.
    pub(super) fn share(&mut self, other: &Self) {
        self.views.clone_from(&other.views);
        self.stop_reading();
    }
}
