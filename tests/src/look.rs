//! How a script looks: its pointer follows a simulated scanpath, which knows the true mask.

use std::time::Duration;

use anyhow::{Context, Result};
use fovea_shared::{
    gaze::{Fixation, Observer, Scanpath, simulate, simulate_slice},
    plane::Mask,
};
use image::GrayImage;

use crate::{
    gallery::{Frame, cases},
    page::Page,
};

/// While this holds, the page is in look mode and the picture is blurred.
pub const VIEWING: &str = "document.querySelector('#stage').hasAttribute('data-viewing')";
/// How long a look may take to begin or to be taken in.
const LIMIT: Duration = Duration::from_secs(300);

/// How long the script moves its pointer, in ms. A look lasts four seconds; the script needs some time
/// to begin, and must be back before the next picture comes.
const LOOK_MS: f32 = 3500.0;

/// Whose way of looking is simulated.
#[derive(Clone, Copy, Debug)]
pub enum Reader {
    /// Of single pictures.
    OfPictures,
    /// Of the slices of a volume, which are looked at more briefly.
    OfSlices,
}

impl Reader {
    /// That of a domain's pictures, by the name of its bundle.
    pub fn of_domain(domain: &str) -> Self {
        if domain == "prostate" { Self::OfSlices } else { Self::OfPictures }
    }
}

/// Looks at the picture on the stage, whose true mask this is, once the look has begun.
///
/// # Errors
/// No look begins, or the browser is gone.
pub fn look(page: &Page, mask: &GrayImage, reader: Reader, seed: u64) -> Result<()> {
    page.wait_for("the look", VIEWING, LIMIT)?;
    let frame = Frame::of(page)?;
    let places: Vec<_> = rests(mask, reader, seed).iter().map(|(at, rest)| (frame.place(*at), *rest)).collect();
    page.browser.find("#stage-canvas")?.wander(&places)
}

/// [`look`] at the picture of a domain's gallery that is open.
///
/// # Errors
/// As [`look`]; the picture is of no gallery, or its true mask is not known.
pub fn look_at_case(page: &Page, domain: &str, seed: u64) -> Result<()> {
    page.wait_for("the look", VIEWING, LIMIT)?;
    let open = page.browser.script("return window.fovea.state().case", &[])?;
    let known = cases(domain)?;
    let case = known.iter().find(|case| open == case.id.as_str()).context("a picture of no gallery")?;
    look(page, &case.mask()?, Reader::of_domain(domain), seed)
}

/// Begins the lesson of the tab "Teach", which is open, looks at all its pictures and waits until
/// the student can learn.
///
/// # Errors
/// As [`look_at_case`].
pub fn look_through_lesson(page: &Page, domain: &str) -> Result<()> {
    let count = page.browser.script("return document.querySelectorAll('#teach-pictures .thumb').length", &[])?;
    page.browser.script("document.querySelector('#teach-go').click()", &[])?;
    for done in 1..=count.as_u64().context("the lesson has no pictures")? {
        look_at_case(page, domain, done)?;
        let taken = format!("document.querySelectorAll('#teach-pictures [data-state=taken]').length === {done}");
        page.wait_for("the glance", &taken, LIMIT)?;
    }
    let can_learn = format!("!{VIEWING} && !document.querySelector('#teach-go').disabled");
    page.wait_for("the end of looking", &can_learn, LIMIT).map(drop)
}

/// Where a simulated reader of an image with this mask (above 127: inside) rests, in fractions of the
/// image, and for how long, each with the way to the next place.
fn rests(mask: &GrayImage, reader: Reader, seed: u64) -> Vec<((f64, f64), Duration)> {
    let (width, height) = mask.dimensions();
    let inside = mask.pixels().map(|pixel| pixel.0[0] > 127).collect();
    let mask = Mask::from_vec(width as usize, height as usize, inside);
    let look = match reader {
        Reader::OfPictures => simulate,
        Reader::OfSlices => simulate_slice,
    };
    timed(&look(&mask, Observer::EyeTracker, seed).first_ms(LOOK_MS))
}

/// The places of a scanpath, each with the time until the next one.
fn timed(scanpath: &Scanpath) -> Vec<((f64, f64), Duration)> {
    let fixations = &scanpath.fixations;
    let next = fixations.iter().skip(1).map(|next| Some(next.start_ms)).chain([None]);
    let rest = |(at, next): (&Fixation, Option<f32>)| {
        let ms = next.map_or(at.duration_ms, |next| next - at.start_ms);
        ((f64::from(at.x), f64::from(at.y)), Duration::from_secs_f32(ms.max(0.0) / 1000.0))
    };
    fixations.iter().zip(next).map(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_as_long_as_it_may_be_and_mostly_inside() {
        let mask = GrayImage::from_fn(80, 60, |x, y| image::Luma([if x > 30 && y > 20 { 255 } else { 0 }]));
        for reader in [Reader::OfPictures, Reader::OfSlices] {
            let rests = rests(&mask, reader, 3);
            let whole: Duration = rests.iter().map(|(_, rest)| *rest).sum();
            assert!((3.0..=3.51).contains(&whole.as_secs_f32()), "{whole:?}");
            let inside = rests.iter().filter(|((x, y), _)| *x > 0.3 && *y > 0.25).count();
            assert!(2 * inside > rests.len(), "{inside} of {}", rests.len());
        }
    }
}
