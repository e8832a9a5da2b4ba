//! The grid of places on the image, shown on request.

use std::{cell::Cell as Shared, rc::Rc};

use fovea_shared::description::{Field, Modality, Phrase, Word};
use web_sys::{Document, Element, Event, HtmlElement, KeyboardEvent};

use super::{
    parts::{append, button, focus, html, on, set, state},
    place_grid::Cell,
};
use crate::{
    app::canvas::frame::Frame,
    text::{self, say},
};

/// The elements.
struct Parts {
    /// Shows the grid, and hides it again.
    request: HtmlElement,
    grid: HtmlElement,
    /// In the order of [`Cell::index`].
    cells: Vec<HtmlElement>,
    /// The cell that the description says.
    said: Shared<Option<Cell>>,
    modality: Modality,
}

/// The grid and the button that asks for it.
#[derive(Clone)]
pub struct PlaceGrid(Rc<Parts>);

impl PlaceGrid {
    /// Makes the button in `controls` and the grid in `stage`, the box around the image; both keep what is in them. To be
    /// built again, after [`Self::remove`], when the page's language changes or another modality is described. `choose` is told the
    /// place that is chosen. Nothing where the browser refuses.
    pub fn build(
        d: &Document,
        controls: &Element,
        stage: &Element,
        modality: Modality,
        choose: impl Fn(Phrase) + 'static,
    ) -> Option<Self> {
        let attributes =
            [("class", "place-request"), ("aria-expanded", "false"), ("aria-controls", "place-grid"), ("hidden", "")];
        let request = button(d, &say!("place-move"), &attributes)?;
        let attributes = [("id", "place-grid"), ("class", "place-grid"), ("role", "radiogroup"), ("hidden", "")];
        let grid: HtmlElement = html(d, "div", "", &attributes)?;
        set(&grid, "aria-label", &text::field(Field::Location));
        let mut cells = Vec::new();
        for phrase in Cell::all().filter_map(|cell| cell.phrase(modality)) {
            let label = text::word(Field::Location, Some(phrase.word()));
            let cell = button(d, "", &[("role", "radio"), ("aria-label", &label), ("title", &label)])?;
            append(&grid, &cell);
            cells.push(cell);
        }
        append(controls, &request);
        append(stage, &grid);
        let view = Self(Rc::new(Parts { request, grid, cells, said: Shared::new(None), modality }));
        view.mark_cells(Cell::CENTRE);
        view.listen(Rc::new(choose));
        Some(view)
    }

    /// Takes the elements out of the page.
    pub fn remove(&self) {
        self.0.request.remove();
        self.0.grid.remove();
    }

    /// Shows the place that the description says, or that it says none. `offered`: the words of place have a measured effect; without
    /// one there is neither button nor grid.
    pub fn show(&self, word: Option<&Word>, on: bool, offered: bool) {
        let said = word.and_then(Cell::of).filter(|_| on);
        self.0.request.set_hidden(!offered);
        if !offered {
            self.close();
        }
        self.0.said.set(said);
        // The keyboard stays at its cell where it is in the grid.
        self.mark_cells(said.or_else(|| self.at()).unwrap_or(Cell::CENTRE));
    }

    /// Lays the grid over the image, which has this place in the stage.
    pub fn lay(&self, frame: &Frame) {
        let [x, y, width, height] = [frame.x, frame.y, frame.width, frame.height];
        set(&self.0.grid, "style", &format!("left:{x}px;top:{y}px;width:{width}px;height:{height}px"));
    }

    /// Whether the grid is on the image.
    pub fn is_open(&self) -> bool {
        !self.0.grid.hidden()
    }

    fn listen(&self, choose: Rc<dyn Fn(Phrase)>) {
        let of = self.clone();
        on(&self.0.request, "click", move |_: Event| if of.is_open() { of.close() } else { of.open() });
        let (of, take) = (self.clone(), choose.clone());
        on(&self.0.grid, "keydown", move |event: KeyboardEvent| of.key(&event, &*take));
        for (button, cell) in self.0.cells.iter().zip(Cell::all()) {
            let (of, take) = (self.clone(), choose.clone());
            on(button, "click", move |_: Event| of.take(cell, &*take));
        }
        for name in ["pointerdown", "pointerup", "click"] {
            // The stage under the grid would take it for a look.
            on(&self.0.grid, name, |event: Event| event.stop_propagation());
        }
    }

    fn key(&self, event: &KeyboardEvent, choose: &dyn Fn(Phrase)) {
        let key = event.key();
        let next = self.at().and_then(|cell| cell.step(&key));
        if next.is_none() && key != "Escape" {
            return;
        }
        // The stage moves its own cursor with the arrows.
        event.prevent_default();
        event.stop_propagation();
        match next {
            Some(cell) => {
                if let Some(button) = self.0.cells.get(cell.index()) {
                    focus(button);
                }
                self.take(cell, choose);
            }
            None => {
                focus(&self.0.request);
                self.close();
            }
        }
    }

    /// As in every group of radio buttons, the one that the keyboard comes to is chosen.
    fn take(&self, cell: Cell, choose: &dyn Fn(Phrase)) {
        if self.0.said.replace(Some(cell)) == Some(cell) {
            return;
        }
        self.mark_cells(cell);
        if let Some(phrase) = cell.phrase(self.0.modality) {
            choose(phrase);
        }
    }

    /// The cell that the keyboard is at.
    fn at(&self) -> Option<Cell> {
        let focused = self.0.grid.owner_document()?.active_element()?;
        Cell::new(self.0.cells.iter().position(|cell| cell.is_same_node(Some(&focused)))?)
    }

    /// Marks the cell that is said, and the one that Tab leads to.
    fn mark_cells(&self, entry: Cell) {
        let said = self.0.said.get();
        for (button, cell) in self.0.cells.iter().zip(Cell::all()) {
            state(button, "aria-checked", said == Some(cell));
            set(button, "tabindex", if cell == entry { "0" } else { "-1" });
        }
    }

    fn open(&self) {
        self.0.grid.set_hidden(false);
        state(&self.0.request, "aria-expanded", true);
        if let Some(button) = self.0.cells.get(self.0.said.get().unwrap_or(Cell::CENTRE).index()) {
            focus(button);
        }
    }

    fn close(&self) {
        self.0.grid.set_hidden(true);
        state(&self.0.request, "aria-expanded", false);
    }
}
