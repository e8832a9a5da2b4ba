//! The map of agreement: over the picture, how many of the compared students include each place.

use fovea_shared::bundle::MOST_STUDENTS;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlCanvasElement};

use super::elements::{make, svg};
use crate::{
    app::{
        canvas::{
            draw::{Pen, bitmap},
            layers::attention_colour,
            tile::Lens,
        },
        elements::{append, set, set_text},
        status::numbers::percent,
    },
    protocol::Agreement,
    text::say,
};

/// Opacity where all students include a place, and where only some do: what is disputed stands out.
const ALL: u8 = 110;
const SOME: u8 = 215;

/// The colour of a place that `count` of `students` include: nothing where none does.
pub fn colour(count: u32, students: u32) -> [u8; 4] {
    if count == 0 || students == 0 {
        return [0; 4];
    }
    let [red, green, blue, _] = attention_colour((255 * count.min(students) / students) as u8);
    [red, green, blue, if count < students { SOME } else { ALL }]
}

/// The map as RGBA bytes.
pub fn pixels(agreement: &Agreement) -> Vec<u8> {
    agreement.counts.values.0.iter().flat_map(|count| colour(u32::from(*count), agreement.students)).collect()
}

/// What the map says, in a sentence: the part of the image that all include, the part that only some do, and the mean overlap of two.
pub fn says(agreement: &Agreement) -> String {
    let students = agreement.students as usize;
    let total: u32 = agreement.pixels.iter().sum();
    let share = |pixels: u32| percent(pixels as f32 / (total as f32).max(1.0));
    let all = agreement.pixels.last().copied().filter(|_| students > 0).unwrap_or_default();
    let some: u32 = agreement.pixels.iter().skip(1).rev().skip(1).sum();
    match agreement.mean_iou {
        Some(iou) => say!(
            "agreement-says",
            students = students.to_string(),
            all = share(all),
            some = share(some),
            iou = format!("{iou:.2}"),
        ),
        None => say!("agreement-needs-two"),
    }
}

/// The map on the page.
pub struct AgreementView {
    pen: Pen,
    scale: Element,
    says: Element,
    /// The map that was drawn last, as a picture, and what it was made of.
    drawn: Option<(Agreement, HtmlCanvasElement)>,
}

impl AgreementView {
    /// Makes its elements in a container.
    ///
    /// # Errors
    /// When the browser gives no 2D context.
    pub fn build(document: &Document, container: &Element) -> Result<Self, String> {
        container.set_text_content(None);
        let figure = make(document, "figure", &[("class", "tile large")], "");
        let canvas: HtmlCanvasElement = make(document, "canvas", &[("role", "img")], "").unchecked_into();
        let caption = make(document, "figcaption", &[], "");
        let (scale, says) = (make(document, "span", &[("class", "steps")], ""), make(document, "span", &[], ""));
        append(&caption, &scale);
        append(&caption, &says);
        append(&figure, &canvas);
        append(&figure, &caption);
        append(container, &figure);
        Ok(Self { pen: Pen::new(canvas)?, scale, says, drawn: None })
    }

    /// Its canvas.
    pub fn canvas(&self) -> &HtmlCanvasElement {
        &self.pen.canvas
    }

    /// Shows a map over a photo of `native` pixels.
    pub fn show(
        &mut self,
        document: &Document,
        agreement: &Agreement,
        photo: (&HtmlCanvasElement, (u32, u32)),
        lens: &Lens,
    ) {
        if self.drawn.as_ref().is_none_or(|(former, _)| former != agreement) {
            let picture = bitmap(&pixels(agreement), agreement.counts.size).ok();
            self.drawn = picture.map(|picture| (agreement.clone(), picture));
            self.steps(document, agreement.students);
        }
        let text = says(agreement);
        set_text(&self.says, &text);
        set(&self.pen.canvas, "aria-label", &text);
        // Canvas calls fail only for values that are not finite, which sizes and fractions here never are.
        drop(self.draw(photo, lens));
    }

    fn draw(
        &self,
        (photo, native): (&HtmlCanvasElement, (u32, u32)),
        lens: &Lens,
    ) -> Result<(), wasm_bindgen::JsValue> {
        self.pen.begin()?;
        let frame = lens.frame(self.pen.size(), native);
        self.pen.photo(photo, &frame)?;
        match &self.drawn {
            Some((_, map)) => self.pen.image(map, &frame),
            None => Ok(()),
        }
    }

    /// The scale: a patch for each number of students.
    fn steps(&self, document: &Document, students: u32) {
        self.scale.set_text_content(None);
        let students = students.min(MOST_STUDENTS as u32);
        append(&self.scale, &make(document, "span", &[], &say!("agreement-one")));
        let size = format!("0 0 {} 12", 12 * students.max(1));
        if let Some(scale) = svg(document, "svg", &[("viewBox", &size), ("aria-hidden", "true")]) {
            for count in 1..=students {
                let [red, green, blue, _] = colour(count, students);
                let (x, fill) = (format!("{}", 12 * (count - 1)), format!("rgb({red} {green} {blue})"));
                let patch = [("x", x.as_str()), ("width", "11"), ("height", "12"), ("fill", fill.as_str())];
                if let Some(patch) = svg(document, "rect", &patch) {
                    append(&scale, &patch);
                }
            }
            append(&self.scale, &scale);
        }
        append(&self.scale, &make(document, "span", &[], &say!("agreement-all", students = students.to_string())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Blob, Heat};

    fn agreement(counts: &[u8], students: u32, mean_iou: Option<f32>) -> Agreement {
        let mut pixels = vec![0; students as usize + 1];
        counts.iter().for_each(|count| pixels[usize::from(*count)] += 1);
        let counts = Heat { size: (counts.len() as u32, 1), values: Blob(counts.to_vec()) };
        Agreement { students, counts, pixels, mean_iou }
    }

    #[test]
    fn more_students_are_brighter_and_what_is_disputed_stands_out() {
        let light = |count| colour(count, 8)[..3].iter().map(|v| u32::from(*v)).sum::<u32>();
        assert!((1..8).all(|count| light(count) < light(count + 1)));
        assert_eq!(colour(0, 8)[3], 0);
        assert!((1..8).all(|count| colour(count, 8)[3] > colour(8, 8)[3]));
        assert_eq!(colour(1, 0), [0; 4]);
    }

    #[test]
    fn every_pixel_has_its_colour() {
        let found = pixels(&agreement(&[0, 1, 2], 2, Some(0.5)));
        assert_eq!(found.len(), 12);
        assert_eq!(found[8..], colour(2, 2));
    }

    #[test]
    fn the_sentence_parts_the_image_into_all_some_and_none() {
        let text = says(&agreement(&[0, 0, 0, 0, 0, 1, 2, 3, 3, 3], 3, Some(0.876)));
        assert_eq!(text, "All 3 include 30 % of the image, only some 20 %. Mean overlap of two (IoU): 0.88.");
        assert!(says(&agreement(&[0, 1], 1, None)).contains("two students"));
    }
}
