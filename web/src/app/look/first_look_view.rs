//! Draws the outlines as they appear after the first look.

use wasm_bindgen::JsValue;

use super::first_look::RevealFrame;
use crate::{
    app::canvas::{draw::Pen, frame::Frame, layers::Line},
    protocol::Outline,
};

/// An outline with its line and the opacity of its filling, 0 to 1.
pub type Drawn<'a> = (&'a Outline, Line, f64);

/// Draws the student's outline as far as it has faded in and the teacher's inside the circle around `centre`, which is
/// in fractions of the image. Either may be missing.
///
/// # Errors
/// Never for frames that are finite.
pub fn draw(
    pen: &Pen,
    frame: &Frame,
    (centre, reveal): ((f32, f32), &RevealFrame),
    teacher: Option<Drawn<'_>>,
    student: Option<Drawn<'_>>,
) -> Result<(), JsValue> {
    let c = &pen.context;
    if let Some((outline, line, opacity)) = student {
        c.set_global_alpha(f64::from(reveal.student_alpha));
        let drawn = pen.outline(outline, line, opacity, frame);
        c.set_global_alpha(1.0);
        drawn?;
    }
    if let Some((outline, line, opacity)) = teacher {
        c.save();
        pen.circle(frame.place(centre.0, centre.1), reach(frame, centre) * f64::from(reveal.radius))?;
        c.clip();
        let drawn = pen.outline(outline, line, opacity, frame);
        c.restore();
        drawn?;
    }
    Ok(())
}

/// Radius of the smallest circle around a position that covers the picture, in CSS pixels.
fn reach(frame: &Frame, centre: (f32, f32)) -> f64 {
    let from = frame.place(centre.0, centre.1);
    let corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].map(|(x, y)| frame.place(x, y));
    corners.iter().map(|to| (to.0 - from.0).hypot(to.1 - from.1)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_circle_ends_by_covering_the_picture() {
        let frame = Frame { x: 10.0, y: 20.0, width: 300.0, height: 400.0 };
        assert_eq!(reach(&frame, (0.5, 0.5)), 250.0);
        assert_eq!(reach(&frame, (0.0, 1.0)), 500.0);
    }
}
