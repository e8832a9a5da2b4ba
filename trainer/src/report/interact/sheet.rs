//! Pictures of two lesions: image and truth, the teacher's mask without a look, and after looks at either.

use fovea_shared::{
    gaze::Scanpath,
    image::{RgbImage, resize_rgb},
    plane::Mask,
};
use image::{Rgb, imageops};

use crate::report::draw::{CHARACTER, Colour, colour, fill_mask, outline, rectangle, scanpath, text};

/// Side of a panel; pictures are fitted into it with their aspect ratio.
const PANEL: u32 = 200;
const GAP: u32 = 8;
/// Height of the line above a row.
const LABEL: u32 = 22;
const HEAD: u32 = 60;
const COLUMNS: u32 = 4;
const PAPER: Colour = [250, 250, 250];
const BLANK: Colour = [228, 228, 228];
/// Colours of the lesions and of the mask.
const LESIONS: [Colour; 2] = [colour::ORANGE, colour::SKY_BLUE];
const MASK: Colour = colour::YELLOW;

/// One picture.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// What is written above it.
    pub(crate) label: String,
    /// The picture, of any size.
    pub(crate) image: RgbImage,
    /// Its lesions, stretched over it.
    pub(crate) lesions: [Mask; 2],
    /// The masks without a look and after looks at either, stretched over it.
    pub(crate) masks: [Mask; 3],
    /// The looks at either.
    pub(crate) looks: [Scanpath; 2],
    /// Shares of the mask on the looked-at side.
    pub(crate) shares: [f64; 2],
}

/// A sheet.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    /// Its title.
    pub(crate) title: String,
    /// Its pictures.
    pub(crate) rows: Vec<Row>,
}

impl Sheet {
    /// Draws it: four panels a row.
    pub(crate) fn draw(&self) -> RgbImage {
        let row_height = LABEL + PANEL + GAP;
        let height = HEAD + self.rows.len() as u32 * row_height;
        let mut sheet = RgbImage::from_pixel(GAP + COLUMNS * (PANEL + GAP), height, Rgb(PAPER));
        text(&mut sheet, (i64::from(GAP), 10), &self.title, 1, colour::BLACK);
        let titles = ["image, lesions A and B", "teacher, no look", "three looks at A", "three looks at B"];
        for (column, title) in titles.into_iter().enumerate() {
            text(&mut sheet, (left(column), 40), title, 1, colour::BLACK);
        }
        for (index, row) in self.rows.iter().enumerate() {
            row.draw(&mut sheet, i64::from(HEAD + index as u32 * row_height));
        }
        sheet
    }
}

impl Row {
    fn draw(&self, sheet: &mut RgbImage, top: i64) {
        // Nothing stands above the second panel.
        let room = (2 * (PANEL + GAP) / CHARACTER) as usize;
        let label: String = self.label.chars().take(room).collect();
        text(sheet, (left(0), top + 10), &label, 1, colour::GREY);
        let (width, height) = (f64::from(self.image.width()), f64::from(self.image.height()));
        let scale = f64::from(PANEL) / width.max(height);
        let side = |length: f64| ((length * scale).round() as usize).clamp(1, PANEL as usize);
        let image = resize_rgb(&self.image, side(width), side(height));
        let lesions = |panel: &mut RgbImage, thickness: u32| {
            self.lesions.iter().zip(LESIONS).for_each(|(lesion, tint)| outline(panel, lesion, tint, thickness));
        };
        let mut truth = image.clone();
        lesions(&mut truth, 2);
        let mut panels = vec![truth];
        for (index, mask) in self.masks.iter().enumerate() {
            let mut panel = image.clone();
            fill_mask(&mut panel, mask, MASK, 0.3);
            lesions(&mut panel, 1);
            if let Some(looks) = index.checked_sub(1).and_then(|lesion| self.looks.get(lesion)) {
                scanpath(&mut panel, looks);
            }
            panels.push(panel);
        }
        for (column, panel) in panels.iter().enumerate() {
            let at = (left(column), top + i64::from(LABEL));
            rectangle(sheet, at, (PANEL, PANEL), BLANK);
            let middle = |length: u32| i64::from((PANEL - length) / 2);
            imageops::replace(sheet, panel, at.0 + middle(panel.width()), at.1 + middle(panel.height()));
        }
        for (lesion, share) in self.shares.into_iter().enumerate() {
            let empty = if self.masks[lesion + 1].is_empty() { " (empty)" } else { "" };
            let figure = format!("{share:.2} of the mask here{empty}");
            text(sheet, (left(lesion + 2), top + 10), &figure, 1, colour::BLACK);
        }
    }
}

/// Left edge of a column.
fn left(column: usize) -> i64 {
    i64::from(GAP) + column as i64 * i64::from(PANEL + GAP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fovea_shared::gaze::Fixation;

    #[test]
    fn every_picture_has_its_row() {
        let mask = Mask::from_vec(8, 8, (0..64).map(|i| i % 8 > 3).collect());
        let look = Fixation { x: 0.6, y: 0.5, duration_ms: 300.0, start_ms: 0.0 };
        let row = |width, height| Row {
            label: "a label that is much too long for the one panel that it stands above".into(),
            image: RgbImage::from_pixel(width, height, Rgb([180, 90, 80])),
            lesions: [mask.clone(), mask.flip(true, false)],
            masks: [mask.clone(), Mask::empty(8, 8), mask.clone()],
            looks: [Scanpath { fixations: vec![look] }, Scanpath::default()],
            shares: [0.0, 1.0],
        };
        let drawn = Sheet { title: "two".into(), rows: vec![row(1, 900), row(600, 20), row(64, 64)] }.draw();
        assert_eq!(drawn.height(), HEAD + 3 * (LABEL + PANEL + GAP));
        let seen = |colour: Colour| drawn.pixels().filter(|pixel| pixel.0 == colour).count();
        assert!(LESIONS.into_iter().all(|tint| seen(tint) > 50));
    }
}
