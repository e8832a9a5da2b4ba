//! Glances that leave one page and enter another: as a code in an address ([`code`]), or as a file
//! ([`mod@file`]). Plain data without a browser.
//!
//! Places are whole ten-thousandths and times whole ms, so what is read is what was written.

pub mod code;
pub mod file;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

use fovea_shared::{
    description::Modality,
    gaze::{Fixation, GazeOrigin},
};

/// Steps of a place along a side of the picture.
const STEPS: u16 = 10_000;

/// Longest fixation, and longest pause before one, in ms.
const LONGEST_MS: u32 = 60_000;

/// Longest glance, in ms. Sums of whole ms up to here are exact in `f32`.
const LONGEST_GLANCE_MS: u32 = 3_600_000;

/// Most fixations of a glance.
const MOST_FIXATIONS: usize = 500;

/// Most pictures of a set.
const MOST_PICTURES: usize = 64;

/// Longest id of a picture, in bytes.
const LONGEST_ID: usize = 120;

/// A fixation in whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Quantised {
    /// Ten-thousandths of the width.
    x: u16,
    /// Ten-thousandths of the height.
    y: u16,
    /// From the end of the fixation before, or from the beginning, in ms.
    pause_ms: u32,
    /// How long the eye rested, in ms.
    ms: u32,
}

/// One glance: the id of a picture of the gallery, and at least one fixation, first look first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureGlance {
    case: String,
    fixations: Vec<Quantised>,
}

impl PictureGlance {
    /// Nothing where a number is out of its range, or there are too many.
    fn new(case: String, fixations: Vec<Quantised>) -> Option<Self> {
        let named = (1..=LONGEST_ID).contains(&case.len()) && !case.chars().any(char::is_control);
        let counted = (1..=MOST_FIXATIONS).contains(&fixations.len());
        let fits = |f: &Quantised| {
            f.x <= STEPS && f.y <= STEPS && f.pause_ms <= LONGEST_MS && (1..=LONGEST_MS).contains(&f.ms)
        };
        let whole = || fixations.iter().map(|f| f.pause_ms + f.ms).sum::<u32>() <= LONGEST_GLANCE_MS;
        (named && counted && fixations.iter().all(fits) && whole()).then_some(Self { case, fixations })
    }

    /// A glance at the picture with this id. Nothing where there is no fixation, or a number is out
    /// of its range.
    pub fn of(case: &str, fixations: &[Fixation]) -> Option<Self> {
        let mut end = 0_u32;
        let quantised = fixations.iter().map(|f| {
            let place = |v: f32| (0.0..=1.0).contains(&v).then(|| (v * f32::from(STEPS)).round() as u16);
            let time = |v: f32| (0.0..=LONGEST_GLANCE_MS as f32).contains(&v).then(|| v.round() as u32);
            let (starts, lasts) = (time(f.start_ms)?, time(f.duration_ms)?);
            // Ends are rounded and not durations, which would add up. Who begins before the former
            // has ended lasts as long, and comes later.
            let ms = if starts < end { lasts } else { time(f.start_ms + f.duration_ms)?.saturating_sub(starts) };
            let (pause_ms, ms) = (starts.saturating_sub(end), ms.max(1));
            end = end.saturating_add(pause_ms + ms);
            Some(Quantised { x: place(f.x)?, y: place(f.y)?, pause_ms, ms })
        });
        Self::new(case.to_owned(), quantised.collect::<Option<_>>()?)
    }

    /// Id of the picture.
    pub fn case(&self) -> &str {
        &self.case
    }

    /// The fixations, places in fractions of the picture, times in ms.
    pub fn fixations(&self) -> Vec<Fixation> {
        let mut end = 0;
        let of = |f: &Quantised| {
            let start = end + f.pause_ms;
            end = start + f.ms;
            let place = |v: u16| f32::from(v) / f32::from(STEPS);
            Fixation { x: place(f.x), y: place(f.y), duration_ms: f.ms as f32, start_ms: start as f32 }
        };
        self.fixations.iter().map(of).collect()
    }

    /// How long it took, from the start of the first fixation to the end of the last, in seconds.
    pub fn seconds(&self) -> f64 {
        let all: u32 = self.fixations.iter().map(|f| f.pause_ms + f.ms).sum();
        let before = self.fixations.first().map_or(0, |f| f.pause_ms);
        f64::from(all - before) / 1e3
    }
}

/// The glances of one person at several pictures of one domain: at least one, each at another
/// picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlanceSet {
    domain: Modality,
    origin: GazeOrigin,
    pictures: Vec<PictureGlance>,
}

impl GlanceSet {
    /// Nothing where there is no glance, too many, or two at one picture.
    pub fn new(domain: Modality, origin: GazeOrigin, pictures: Vec<PictureGlance>) -> Option<Self> {
        let counted = (1..=MOST_PICTURES).contains(&pictures.len());
        let twice = |at: usize| pictures[..at].iter().any(|former| former.case == pictures[at].case);
        (counted && !(0..pictures.len()).any(twice)).then_some(Self { domain, origin, pictures })
    }

    /// What the pictures show.
    pub fn domain(&self) -> Modality {
        self.domain
    }

    /// Where the gaze comes from.
    pub fn origin(&self) -> GazeOrigin {
        self.origin
    }

    /// The glances.
    pub fn pictures(&self) -> &[PictureGlance] {
        &self.pictures
    }

    /// How long was looked altogether, in seconds.
    pub fn seconds(&self) -> f64 {
        self.pictures.iter().map(PictureGlance::seconds).sum()
    }
}
