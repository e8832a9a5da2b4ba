//! Many cases on one picture: image, truth, gaze, pseudo-masks and predictions side by side.

use fovea_shared::gaze::{HeatParams, Scanpath, heat_map};
use fovea_shared::image::{RgbImage, resize_rgb};
use fovea_shared::plane::Mask;
use image::{Rgb, imageops};

use super::draw::{CHARACTER, Colour, blend, colour, fill_mask, greyed, heat, outline, rectangle, scanpath, text};

/// Size of a panel, in pixels. Images keep their aspect ratio inside it.
const PANEL: (u32, u32) = (248, 212);
/// Space around panels.
const GAP: u32 = 8;
/// Height of the line above a row of panels, with the case's name and the figures.
const LABEL: u32 = 22;
/// Height of the sheet's title with the column titles under it.
const HEAD: u32 = 60;
/// Height of the legend.
const FOOT: u32 = 30;
/// What is around the panels, and what is in them where nothing is known.
const PAPER: Colour = [250, 250, 250];
const BLANK: Colour = [228, 228, 228];
/// Colours of the prediction columns, in their order.
const PREDICTIONS: [Colour; 4] = [colour::ORANGE, colour::SKY_BLUE, colour::YELLOW, colour::GREEN];

/// The pseudo-masks of a case: any size, but all three the same.
#[derive(Clone, Debug)]
pub struct PseudoMaskPanel {
    /// What the teacher takes as inside.
    pub high_confidence: Mask,
    /// What the student takes as inside.
    pub broad: Mask,
    /// What is taken as outside.
    pub background: Mask,
}

impl PseudoMaskPanel {
    /// The broad mask without the high-confidence one, so that neither colour shines through the other.
    fn broad_only(&self) -> Mask {
        let rim = self.broad.data.iter().zip(&self.high_confidence.data).map(|(broad, sure)| *broad && !sure);
        Mask::from_vec(self.broad.width, self.broad.height, rim.collect())
    }
}

/// One model's answer.
#[derive(Clone, Debug)]
pub struct Prediction {
    /// The mask, at any size.
    pub mask: Mask,
    /// Its Dice at the image's own size, where the truth is known.
    pub dice: Option<f64>,
}

/// One case.
#[derive(Clone, Debug)]
pub struct SheetRow {
    /// What is written above its image: the id.
    pub label: String,
    /// The image, at any size.
    pub image: RgbImage,
    /// The true mask; drawn as a white outline in its own panel and in those of the predictions.
    pub truth: Option<Mask>,
    /// The gaze; its heat map is drawn under it.
    pub gaze: Option<Scanpath>,
    /// The pseudo-masks.
    pub pseudo_masks: Option<PseudoMaskPanel>,
    /// The predictions, one for each of the sheet's prediction columns.
    pub predictions: Vec<Option<Prediction>>,
}

/// A sheet.
#[derive(Clone, Debug)]
pub struct ContactSheet {
    /// The title: what was evaluated, on which split.
    pub title: String,
    /// Where the gaze comes from, for its column title: "recorded", "pointer" or "simulated".
    pub gaze_origin: String,
    /// How the heat map is drawn.
    pub heat: HeatParams,
    /// Names of the prediction columns, like "teacher" and "student".
    pub models: Vec<String>,
    /// The cases.
    pub rows: Vec<SheetRow>,
}

impl ContactSheet {
    /// Draws the sheet. Its size is (4 + models) panels by the number of rows.
    ///
    /// # Panics
    /// When the pseudo-masks of a row differ in size.
    pub fn draw(&self) -> RgbImage {
        let columns = 4 + self.models.len() as u32;
        let width = GAP + columns * (PANEL.0 + GAP);
        let height = HEAD + self.rows.len() as u32 * (LABEL + PANEL.1 + GAP) + FOOT;
        let mut sheet = RgbImage::from_pixel(width, height, Rgb(PAPER));
        text(&mut sheet, (i64::from(GAP), 10), &self.title, 2, colour::BLACK);
        let gaze = format!("gaze ({})", self.gaze_origin);
        let titles =
            ["image", "truth", &gaze, "pseudo-masks"].into_iter().chain(self.models.iter().map(String::as_str));
        for (column, title) in titles.enumerate() {
            let scale = if title.len() as u32 * CHARACTER * 2 > PANEL.0 { 1 } else { 2 };
            text(&mut sheet, (left(column), 36), title, scale, colour::BLACK);
        }
        for (index, row) in self.rows.iter().enumerate() {
            self.draw_row(&mut sheet, row, i64::from(HEAD) + index as i64 * i64::from(LABEL + PANEL.1 + GAP));
        }
        self.legend(&mut sheet, i64::from(height - FOOT + 8));
        sheet
    }

    fn draw_row(&self, sheet: &mut RgbImage, row: &SheetRow, top: i64) {
        let image = fitted(&row.image);
        let label: String = row.label.chars().take((PANEL.0 / CHARACTER) as usize).collect();
        text(sheet, (left(0), top + 10), &label, 1, colour::GREY);
        let top = top + i64::from(LABEL);
        place(sheet, &image, left(0), top);

        let truth = row.truth.as_ref().map(|mask| {
            let mut panel = image.clone();
            outline(&mut panel, mask, colour::WHITE, 2);
            panel
        });
        let grey = greyed(&image);
        let gaze = row.gaze.as_ref().map(|path| {
            let mut panel = grey.clone();
            heat(&mut panel, &heat_map(path, &self.heat, image.width() as usize, image.height() as usize));
            scanpath(&mut panel, path);
            panel
        });
        let pseudo = row.pseudo_masks.as_ref().map(|masks| {
            let mut panel = grey.clone();
            fill_mask(&mut panel, &masks.background, colour::BLUE, 0.45);
            fill_mask(&mut panel, &masks.broad_only(), colour::YELLOW, 0.55);
            fill_mask(&mut panel, &masks.high_confidence, colour::VERMILION, 0.7);
            panel
        });
        for (column, (panel, missing)) in
            [(truth, "no mask"), (gaze, "no gaze"), (pseudo, "none")].into_iter().enumerate()
        {
            place_or_say(sheet, panel, missing, column + 1, top);
        }
        for (i, _) in self.models.iter().enumerate() {
            let prediction = row.predictions.get(i).and_then(Option::as_ref);
            let panel = prediction.map(|p| {
                let mut panel = image.clone();
                let tint = PREDICTIONS[i % PREDICTIONS.len()];
                fill_mask(&mut panel, &p.mask, tint, 0.2);
                outline(&mut panel, &p.mask, tint, 2);
                if let Some(truth) = &row.truth {
                    outline(&mut panel, truth, colour::WHITE, 1);
                }
                panel
            });
            place_or_say(sheet, panel, "none", 4 + i, top);
            if let Some(p) = prediction {
                let empty = if p.mask.is_empty() { " (empty)" } else { "" };
                let figure = p.dice.map_or(empty.to_owned(), |d| format!("Dice {d:.3}{empty}"));
                text(sheet, (left(4 + i), top - 12), &figure, 1, colour::BLACK);
            }
        }
    }

    fn legend(&self, sheet: &mut RgbImage, y: i64) {
        let mut x = left(0);
        let models = self.models.iter().enumerate().map(|(i, m)| (PREDICTIONS[i % PREDICTIONS.len()], m.as_str()));
        let fixed = [
            (colour::WHITE, "truth (outline)"),
            (colour::VERMILION, "high confidence"),
            (colour::YELLOW, "broad"),
            (colour::BLUE, "reliable background"),
        ];
        for (colour, name) in fixed.into_iter().chain(models) {
            rectangle(sheet, (x - 1, y - 1), (16, 14), colour::BLACK);
            rectangle(sheet, (x, y), (14, 12), colour);
            text(sheet, (x + 20, y + 2), name, 1, colour::BLACK);
            x += 40 + name.chars().count() as i64 * i64::from(CHARACTER);
        }
        text(sheet, (x, y + 2), "fixations: white first, blue last, larger is longer", 1, colour::GREY);
    }
}

/// Left edge of a column.
fn left(column: usize) -> i64 {
    i64::from(GAP) + column as i64 * i64::from(PANEL.0 + GAP)
}

/// The image shrunk or grown into a panel.
fn fitted(image: &RgbImage) -> RgbImage {
    let scale = (f64::from(PANEL.0) / f64::from(image.width())).min(f64::from(PANEL.1) / f64::from(image.height()));
    let side = |v: u32, most: u32| ((f64::from(v) * scale).round() as u32).clamp(1, most) as usize;
    resize_rgb(image, side(image.width(), PANEL.0), side(image.height(), PANEL.1))
}

/// Puts an image into the middle of a panel.
fn place(sheet: &mut RgbImage, image: &RgbImage, x: i64, y: i64) {
    rectangle(sheet, (x, y), PANEL, BLANK);
    let middle = |panel: u32, image: u32| i64::from((panel - image) / 2);
    imageops::replace(sheet, image, x + middle(PANEL.0, image.width()), y + middle(PANEL.1, image.height()));
}

/// A panel, or a crossed field with a word where there is nothing to show.
fn place_or_say(sheet: &mut RgbImage, panel: Option<RgbImage>, missing: &str, column: usize, y: i64) {
    let x = left(column);
    match panel {
        Some(panel) => place(sheet, &panel, x, y),
        None => {
            rectangle(sheet, (x, y), PANEL, BLANK);
            let middle = i64::from(PANEL.1 / 2 - CHARACTER);
            text(sheet, (x + 8, y + middle), missing, 2, colour::GREY);
            for step in 0..i64::from(PANEL.0) {
                blend(sheet, x + step, y, colour::GREY, 0.4);
                blend(sheet, x + step, y + i64::from(PANEL.1) - 1, colour::GREY, 0.4);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fovea_shared::gaze::Fixation;

    fn row(width: u32, height: u32) -> SheetRow {
        let mask = Mask::from_vec(8, 8, (0..64).map(|i| i % 8 > 3).collect());
        let fixation = Fixation { x: 0.6, y: 0.5, duration_ms: 300.0, start_ms: 0.0 };
        SheetRow {
            label: "a very long name that would run into the panel beside it".into(),
            image: RgbImage::from_pixel(width, height, Rgb([180, 90, 80])),
            truth: Some(mask.clone()),
            gaze: Some(Scanpath { fixations: vec![fixation] }),
            pseudo_masks: Some(PseudoMaskPanel {
                high_confidence: mask.clone(),
                broad: mask.clone(),
                background: mask.clone(),
            }),
            predictions: vec![Some(Prediction { mask, dice: Some(0.5) }), None],
        }
    }

    fn sheet(rows: Vec<SheetRow>) -> ContactSheet {
        ContactSheet {
            title: "Kvasir-SEG, test".into(),
            gaze_origin: "recorded".into(),
            heat: HeatParams::default(),
            models: vec!["teacher".into(), "student".into()],
            rows,
        }
    }

    #[test]
    fn any_image_fits() {
        let rows = [(1, 1), (4000, 3), (3, 4000), (622, 528)].map(|(w, h)| row(w, h)).to_vec();
        let drawn = sheet(rows).draw();
        assert_eq!(drawn.dimensions(), (GAP + 6 * (PANEL.0 + GAP), HEAD + 4 * (LABEL + PANEL.1 + GAP) + FOOT));
    }

    #[test]
    fn what_is_missing_is_said_and_does_not_fail() {
        let mut bare = row(60, 40);
        (bare.truth, bare.gaze, bare.pseudo_masks) = (None, None, None);
        bare.predictions.clear();
        let known = sheet(vec![row(60, 40)]).draw();
        let unknown = sheet(vec![bare]).draw();
        assert_eq!(known.dimensions(), unknown.dimensions());
        assert_ne!(known, unknown);
        assert_eq!(sheet(vec![]).draw().height(), HEAD + FOOT);
    }
}
