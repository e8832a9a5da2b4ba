//! From events on the comparison to its choice.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlCanvasElement, HtmlInputElement, PointerEvent};

use super::{Compare, Elements, against_of, strategy_view::StrategyView};
use crate::app::{
    canvas::tile::Lens,
    elements::events::{choose, click, on},
    model::{Handle, Model},
};

/// By how much a press of a button, and a notch of the wheel, magnify.
const ZOOM: f64 = 1.5;

/// Listens to menus, tiles and buttons.
pub(super) fn listen(at: &Elements, handle: &Handle<Compare>) {
    click(handle, &at.toggle, |compare, _| compare.set_open(!compare.choice.open));
    let of = handle.clone();
    on(&at.choice, "change", move |event: Event| {
        let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        if let Some((place, input)) = input.and_then(|i| Some((i.value().parse().ok()?, i))) {
            of.update(|compare, _| {
                compare.choice.choose(place, input.checked());
                compare.redraw();
            });
        }
    });
    choose(handle, &at.against, |compare, _, value| {
        compare.choice.against = against_of(value);
        compare.redraw();
    });
    choose(handle, &at.look, |compare, _, value| {
        compare.choice.view = StrategyView::from_name(value).unwrap_or_default();
        compare.redraw();
    });
    lens(at, handle);
}

/// Zoom and cursor, shared by all tiles.
fn lens(at: &Elements, handle: &Handle<Compare>) {
    for (button, factor) in at.zoom.iter().zip([ZOOM, 1.0 / ZOOM, 0.0]) {
        let of = handle.clone();
        on(button, "click", move |_: Event| of.update(|compare, model| compare.zoom(model, factor, None)));
    }
    let of = handle.clone();
    on(&at.tiles, "pointermove", move |event: PointerEvent| {
        let dragged =
            (event.buttons() & 1 != 0).then(|| (f64::from(event.movement_x()), f64::from(event.movement_y())));
        if let Some(canvas) = canvas_of(&event) {
            let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
            of.update(|compare, model| compare.point(model, &canvas, at, dragged));
        }
    });
    let of = handle.clone();
    on(&at.tiles, "pointerleave", move |_: Event| {
        of.update(|compare, _| {
            compare.choice.lens.cursor = None;
            compare.redraw();
        });
    });
    // With Ctrl only, which is also what a touch pad's pinch says: the wheel alone moves the page.
    let of = handle.clone();
    on(&at.tiles, "wheel", move |event: Event| {
        let told = |name: &str| Reflect::get(&event, &name.into()).unwrap_or(JsValue::NULL);
        let number = |name: &str| told(name).as_f64().unwrap_or_default();
        if let (Some(canvas), Some(true)) = (canvas_of(&event), told("ctrlKey").as_bool()) {
            event.prevent_default();
            let (at, up) = ((number("offsetX"), number("offsetY")), number("deltaY") < 0.0);
            let factor = if up { ZOOM } else { 1.0 / ZOOM };
            of.update(|compare, model| compare.zoom(model, factor, Some((&canvas, at))));
        }
    });
}

fn canvas_of(event: &Event) -> Option<HtmlCanvasElement> {
    event.target()?.dyn_into().ok()
}

impl Compare {
    /// Magnifies all tiles around a place, or around what is in their middle; 0 shows the whole
    /// image.
    fn zoom(&mut self, model: &Model, factor: f64, around: Option<(&Element, (f64, f64))>) {
        let native = model.found.size;
        let lens = &mut self.choice.lens;
        if factor <= 0.0 {
            *lens = Lens { cursor: lens.cursor, ..Lens::default() };
        } else {
            let place = around.and_then(|(canvas, at)| {
                let tile = self.figures.tile(canvas)?;
                Some(tile.frame(lens, native).fractions(at))
            });
            let place = place.map_or(lens.centre, |(x, y)| (f64::from(x), f64::from(y)));
            lens.zoom(factor, place);
        }
        self.redraw();
    }

    /// The pointer is over a tile; dragged, it moves what all of them show.
    fn point(&mut self, model: &Model, canvas: &Element, at: (f64, f64), dragged: Option<(f64, f64)>) {
        let lens = &mut self.choice.lens;
        let Some(tile) = self.figures.tile(canvas) else { return };
        let frame = tile.frame(lens, model.found.size);
        let place = frame.fractions(at);
        if let Some((dx, dy)) = dragged.filter(|_| lens.scale > 1.0) {
            lens.shift((-dx / frame.width, -dy / frame.height));
        }
        lens.cursor = Some(place);
        self.redraw();
    }
}
