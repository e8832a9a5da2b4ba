//! The picture that is chosen: its mask is accepted, mended or drawn by hand, or it is looked at again.

use fovea_shared::plane::Mask;

use super::Own;
use crate::app::collection::{
    item::{Item, Verdict},
    shape::Shape,
};
use crate::{
    app::{brush::painting::Tool, model::Model, teach::state::Phase},
    engine::masks::fit,
    text::say,
};

/// No side of a mask that is painted or accepted is larger, in pixels.
const PAINTED_SIDE: usize = 1024;

/// What a painting is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    /// An outline by hand, which a student learns from.
    Outline,
    /// Mending the student's mask.
    Mending,
}

impl Own {
    pub(super) fn select(&mut self, model: &mut Model, number: u64) {
        if self.brush.painting() || model.viewing || matches!(self.work.phase(), Phase::Learning { .. }) {
            return;
        }
        self.selected = if self.selected == Some(number) { None } else { Some(number) };
        if self.selected.is_some() {
            self.look_next = false;
            self.bring(model, number);
        }
    }

    fn chosen(&self) -> Option<&Item> {
        self.collection.item(self.selected?)
    }

    /// Accepts the student's mask of the chosen picture, or takes that back.
    pub(super) fn accept(&mut self) {
        let Some(item) = self.chosen() else { return };
        let (number, settled) = (item.number, item.verdict.is_some());
        let shape = self.work.outline(number).map(|outline| Shape::of_outline(outline, painted_size(item)));
        let verdict = shape.filter(|_| !settled).map(Verdict::Accepted);
        self.collection.judge(number, verdict);
        self.grid.forget(number);
    }

    /// The chosen picture is to be looked at once more.
    pub(super) fn look_again(&mut self, model: &mut Model) {
        let Some(number) = self.selected else { return };
        self.work.look_again();
        self.collection.show(number);
        self.collection.again(number);
        self.begun = true;
        self.open_next(model, true);
    }

    pub(super) fn remove(&mut self) {
        let Some(number) = self.selected.take() else { return };
        self.collection.remove(number);
        self.work.remove(number);
        self.files.remove(&number);
        self.small.remove(&number);
    }

    /// Begins to paint on a picture that is on the stage.
    pub(super) fn paint(&mut self, model: &mut Model, number: Option<u64>, what: For) {
        let item = number.and_then(|number| self.collection.item(number));
        let Some(item) = item.filter(|item| self.shows(model, Some(item))) else { return };
        let (number, (width, height)) = (item.number, painted_size(item));
        let (mask, tool) = match what {
            For::Outline => (Mask::empty(width as usize, height as usize), Tool::Outline),
            For::Mending => {
                let shape = match (&item.verdict, self.work.outline(number)) {
                    (Some(Verdict::Accepted(shape) | Verdict::Mended(shape)), _) => shape.scaled((width, height)),
                    (None, Some(outline)) => Shape::of_outline(outline, (width, height)),
                    (None, None) => return,
                };
                (shape.mask(), Tool::Brush)
            }
        };
        self.look_next = false;
        self.paints = Some((number, what));
        self.brush.begin(mask, tool);
    }

    /// What was painted is done.
    pub(super) fn painted(&mut self, model: &mut Model) {
        let (Some(painted), Some((number, what))) = (self.brush.end(), self.paints.take()) else { return };
        let shape = Shape::of_mask(&painted.mask);
        self.grid.forget(number);
        match what {
            For::Mending => self.collection.judge(number, Some(Verdict::Mended(shape))),
            For::Outline => {
                let glancing = self.selected.is_none();
                self.collection.show(number);
                if self.collection.draw(shape, painted.seconds) {
                    let seconds = format!("{:.1}", painted.seconds);
                    model.say(say!("own-state-drawn", seconds = seconds));
                    if glancing {
                        self.open_next(model, false);
                    }
                }
            }
        }
    }
}

/// The size at which masks of a picture are painted.
fn painted_size(item: &Item) -> (u32, u32) {
    let (width, height) = fit((item.size.0 as usize, item.size.1 as usize), PAINTED_SIDE);
    (width as u32, height as u32)
}
