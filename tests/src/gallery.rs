//! The gallery of a shipped bundle as a test knows it: with the places of its lesions, which the page
//! does not tell.

use std::fs;

use anyhow::{Context, Result, ensure};
use image::GrayImage;
use serde_json::Value;

use crate::page::{Page, dist};

/// A case of a gallery.
pub struct Case {
    /// Its id.
    pub id: String,
    /// What visitors read.
    pub title: String,
    /// Where the picture comes from; `phantom` for drawn ones.
    pub origin: String,
    /// Its true mask: a file of the bundle.
    mask: Option<String>,
    domain: String,
}

/// The cases of a domain's gallery, in the order of the strip.
///
/// # Errors
/// The page is not built, or its bundle cannot be read.
pub fn cases(domain: &str) -> Result<Vec<Case>> {
    let path = dist()?.join("bundle").join(domain).join("manifest.json");
    let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let manifest: Value = serde_json::from_slice(&text).with_context(|| format!("{}", path.display()))?;
    let text = |case: &Value, key: &str| case[key].as_str().map(str::to_owned);
    let case = |case: &Value| {
        Some(Case {
            id: text(case, "id")?,
            title: text(case, "title")?,
            origin: text(case, "origin")?,
            mask: text(case, "mask"),
            domain: domain.to_owned(),
        })
    };
    let cases = manifest["gallery"].as_array().context("the manifest has no gallery")?;
    cases.iter().map(|one| case(one).context("a case of the gallery has no id, title or origin")).collect()
}

impl Case {
    /// Three places inside the lesion, in fractions of the image: the middle of the mask's columns at
    /// its quartiles, the median first.
    ///
    /// # Errors
    /// The true mask is not known, or cannot be read.
    pub fn inside_lesion(&self) -> Result<Vec<(f64, f64)>> {
        let places = inside(&self.mask()?);
        ensure!(!places.is_empty(), "the mask of {} is empty", self.id);
        Ok(places)
    }

    /// The true mask, 255 inside the lesion.
    ///
    /// # Errors
    /// It is not known, or cannot be read.
    pub fn mask(&self) -> Result<GrayImage> {
        let mask = self.mask.as_ref().with_context(|| format!("the true mask of {} is not known", self.id))?;
        let path = dist()?.join("bundle").join(&self.domain).join(mask);
        Ok(image::open(&path).with_context(|| format!("cannot read {}", path.display()))?.to_luma8())
    }
}

/// Three places inside a mask, in fractions: the middle of its columns at its quartiles, the median
/// first. None of an empty one.
pub fn inside(mask: &GrayImage) -> Vec<(f64, f64)> {
    let (width, height) = mask.dimensions();
    let inside: Vec<(u32, u32)> = (0..width)
        .flat_map(|x| (0..height).map(move |y| (x, y)))
        .filter(|(x, y)| mask.get_pixel(*x, *y).0[0] > 127)
        .collect();
    let place = |quarter: usize| {
        let (x, _) = inside.get(inside.len() * quarter / 4)?;
        let column: Vec<u32> = inside.iter().filter(|(of, _)| of == x).map(|(_, y)| *y).collect();
        let y = column[column.len() / 2];
        Some(((f64::from(*x) + 0.5) / f64::from(width), (f64::from(y) + 0.5) / f64::from(height)))
    };
    [2, 1, 3].into_iter().filter_map(place).collect()
}

/// A place of the open image as a place of the stage's canvas, both in fractions.
///
/// # Errors
/// The page has no image, or the browser is gone.
pub fn on_image(page: &Page, place: (f64, f64)) -> Result<(f64, f64)> {
    Ok(Frame::of(page)?.place(place))
}

/// How much of the stage's canvas the open image fills, in fractions of its width and height.
#[derive(Clone, Copy)]
pub struct Frame([f64; 2]);

impl Frame {
    /// That of the image which is open now.
    ///
    /// # Errors
    /// The page has no image, or the browser is gone.
    pub fn of(page: &Page) -> Result<Self> {
        let found = page.browser.script(
            "const c = document.querySelector('#stage-canvas'), [w, h] = window.fovea.state().size;
             const scale = Math.min(c.clientWidth / w, c.clientHeight / h);
             return [w * scale / c.clientWidth, h * scale / c.clientHeight]",
            &[],
        )?;
        let side = |axis: usize| found[axis].as_f64().context("the page has no image");
        Ok(Self([side(0)?, side(1)?]))
    }

    /// A place of the image as a place of the canvas, both in fractions.
    pub fn place(self, (x, y): (f64, f64)) -> (f64, f64) {
        (0.5 + (x - 0.5) * self.0[0], 0.5 + (y - 0.5) * self.0[1])
    }
}
