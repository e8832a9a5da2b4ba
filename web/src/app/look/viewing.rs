//! A viewing: a few seconds in which the visitor moves the only sharp part of the picture, and the fixations that come
//! of it. Pure: no browser in here.

use fovea_shared::gaze::{IdtParams, Sample, Scanpath, detect_fixations};

use super::settings::Length;

/// Time between two samples of a pointer that rests, in ms: 60 a second, as webcams have.
const SAMPLE_MS: f64 = 1000.0 / 60.0;

/// After a longer pause between two frames, in ms, the page was not drawn, and the viewing has paused with it.
const PAUSED_MS: f64 = 250.0;

/// Why a viewing has no fixation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFixation {
    /// The pointer never was on the picture.
    Outside,
    /// It was on the picture for less time than the shortest fixation lasts.
    TooShort,
    /// It never rested.
    Restless,
}

/// A viewing while it lasts.
///
/// Its time passes with the calls, which come with every frame and every movement. While the page is hidden there are
/// none, and the time stands still.
#[derive(Clone, Debug, PartialEq)]
pub struct Viewing {
    length_ms: f64,
    /// How much of its time has passed, in ms.
    at_ms: f64,
    /// The moment of the page's clock up to which it has, in ms.
    clock_ms: f64,
    /// Where the visitor looks, in fractions of the image.
    eye: Option<(f32, f32)>,
    samples: Vec<Sample>,
}

impl Viewing {
    /// A viewing that begins at a moment of the page's clock, in ms.
    pub fn begin(now: f64, length: Length) -> Self {
        Self { length_ms: length.ms(), at_ms: 0.0, clock_ms: now, eye: None, samples: Vec::new() }
    }

    /// Where the visitor looks, in fractions of the image; may lie outside of it.
    pub fn eye(&self) -> Option<(f32, f32)> {
        self.eye
    }

    /// Lets time pass up to a moment. A pointer that rests is sampled where it is: I-DT needs samples in time.
    pub fn pass(&mut self, now: f64) {
        let passed = (now - self.clock_ms).max(0.0);
        self.clock_ms = self.clock_ms.max(now);
        if passed > PAUSED_MS {
            self.lose();
            if let Some(eye) = self.eye {
                self.sample(eye, self.at_ms);
            }
            return;
        }
        let until = (self.at_ms + passed).min(self.length_ms);
        if let Some(eye) = self.eye {
            let mut next = self.at_ms + SAMPLE_MS;
            while next < until {
                self.sample(eye, next);
                next += SAMPLE_MS;
            }
            if until > self.at_ms {
                self.sample(eye, until);
            }
        }
        self.at_ms = until;
    }

    /// The pointer is at a position in fractions of the image, which may lie outside.
    pub fn moved(&mut self, now: f64, to: (f32, f32)) {
        self.pass(now);
        if !self.over() && to.0.is_finite() && to.1.is_finite() {
            self.eye = Some(to);
            self.sample(to, self.at_ms);
        }
    }

    /// The keyboard moves the eye by fractions of the image; the first step puts it into the middle.
    pub fn stepped(&mut self, now: f64, by: (f32, f32)) {
        let to = self.eye.map_or((0.5, 0.5), |(x, y)| ((x + by.0).clamp(0.0, 1.0), (y + by.1).clamp(0.0, 1.0)));
        self.moved(now, to);
    }

    /// The pointer has left the stage, or the finger is lifted.
    pub fn left(&mut self, now: f64) {
        self.pass(now);
        self.lose();
        self.eye = None;
    }

    /// Whether its time has passed.
    pub fn over(&self) -> bool {
        self.at_ms >= self.length_ms
    }

    /// The time that is left, in ms.
    pub fn left_ms(&self) -> f64 {
        self.length_ms - self.at_ms
    }

    /// The seconds that are left, as a countdown says them: 1 until the very end.
    pub fn seconds_left(&self) -> usize {
        (self.left_ms() / 1e3).ceil() as usize
    }

    /// The part of the time that is left, 1 to 0, as it is drawn. In whole seconds where motion is to be reduced.
    pub fn share_left(&self, reduced_motion: bool) -> f64 {
        let left = if reduced_motion { self.seconds_left() as f64 * 1e3 } else { self.left_ms() };
        (left / self.length_ms).min(1.0)
    }

    /// Ends the viewing, by time or by hand, and finds the fixations on an image of `size` pixels.
    ///
    /// # Errors
    /// [`NoFixation`] where there is none.
    pub fn end(mut self, now: f64, size: (u32, u32)) -> Result<Scanpath, NoFixation> {
        self.pass(now);
        let params = IdtParams::default();
        let found = detect_fixations(&self.samples, size, params);
        if !found.fixations.is_empty() {
            return Ok(found);
        }
        if !self.samples.iter().any(Sample::is_inside) {
            return Err(NoFixation::Outside);
        }
        let on_image = self.samples.windows(2).filter(|pair| pair.iter().all(Sample::is_inside));
        let time: f32 =
            on_image.map(|pair| pair[1].time_ms - pair[0].time_ms).filter(|t| *t <= params.max_gap_ms).sum();
        Err(if time < params.min_ms { NoFixation::TooShort } else { NoFixation::Restless })
    }

    fn sample(&mut self, (x, y): (f32, f32), time_ms: f64) {
        self.samples.push(Sample { x, y, time_ms: time_ms as f32 });
    }

    /// A sample without a position: what comes after it is another fixation.
    fn lose(&mut self) {
        self.sample((f32::NAN, f32::NAN), self.at_ms);
    }
}

#[cfg(test)]
mod tests;
