//! From events on the comparison, on the live training and on the lesson to calls of the app.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlCanvasElement, HtmlInputElement, PointerEvent};

use super::{
    Page,
    compare::{Look, against_of},
    dom::Select,
    files,
    input::{attribute, click, on},
    live::{From, LARGEST_SEED},
    state::App,
};
use crate::protocol::LiveTarget;

/// By how much a press of a button, and a notch of the wheel, magnify.
const ZOOM: f64 = 1.5;

/// Listens to both sections.
pub(super) fn listen(page: &Page) {
    compare(page);
    lens(page);
    live(page);
    lesson(page);
}

fn compare(page: &Page) {
    page.read(|app| click(page, &app.dom.compare.toggle, |app| app.compare.set_open(!app.compare.open)));
    let choice = page.read(|app| app.dom.compare.choice.clone());
    let of = page.clone();
    on(&choice, "change", move |event: Event| {
        let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        if let Some((place, input)) = input.and_then(|i| Some((i.value().parse().ok()?, i))) {
            of.update(|app| app.compare.choose(place, input.checked()));
        }
    });
    let (against, look) = page.read(|app| (app.dom.compare.against.clone(), app.dom.compare.look.clone()));
    menu(page, &against, |app, value| {
        app.compare.against = against_of(value);
        app.compare.dirty = true;
    });
    menu(page, &look, |app, value| {
        app.compare.look = Look::from_name(value).unwrap_or_default();
        app.compare.dirty = true;
    });
}

/// Zoom and cursor, shared by all tiles.
fn lens(page: &Page) {
    let (tiles, buttons) = page.read(|app| (app.dom.compare.tiles.clone(), app.dom.compare.zoom.clone()));
    for (button, factor) in buttons.into_iter().zip([ZOOM, 1.0 / ZOOM, 0.0]) {
        let of = page.clone();
        on(&button, "click", move |_: Event| of.update(|app| app.zoom_tiles(factor, None)));
    }
    let of = page.clone();
    on(&tiles, "pointermove", move |event: PointerEvent| {
        let dragged =
            (event.buttons() & 1 != 0).then(|| (f64::from(event.movement_x()), f64::from(event.movement_y())));
        if let Some(canvas) = canvas_of(&event) {
            let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
            of.update(|app| app.point_in_tiles(&canvas, at, dragged));
        }
    });
    let of = page.clone();
    on(&tiles, "pointerleave", move |_: Event| of.update(App::leave_tiles));
    // With Ctrl only, which is also what a touch pad's pinch says: the wheel alone moves the page.
    let of = page.clone();
    on(&tiles, "wheel", move |event: Event| {
        let told = |name: &str| Reflect::get(&event, &name.into()).unwrap_or(JsValue::NULL);
        let number = |name: &str| told(name).as_f64().unwrap_or_default();
        if let (Some(canvas), Some(true)) = (canvas_of(&event), told("ctrlKey").as_bool()) {
            event.prevent_default();
            let (at, up) = ((number("offsetX"), number("offsetY")), number("deltaY") < 0.0);
            let factor = if up { ZOOM } else { 1.0 / ZOOM };
            of.update(|app| app.zoom_tiles(factor, Some((&canvas, at))));
        }
    });
}

fn canvas_of(event: &Event) -> Option<HtmlCanvasElement> {
    event.target()?.dyn_into().ok()
}

fn menu(page: &Page, menu: &Select, choose: impl Fn(&mut App, &str) + 'static) {
    let (of, chosen) = (page.clone(), menu.clone());
    on(menu, "change", move |_: Event| of.update(|app| choose(app, &chosen.value())));
}

fn live(page: &Page) {
    page.read(|app| {
        let dom = &app.dom.live;
        click(page, &dom.play, App::play_live);
        click(page, &dom.once, App::step_live);
        click(page, &dom.reset, |app| app.live.reset());
    });
    let (students, from, target) =
        page.read(|app| (app.dom.live.students.clone(), app.dom.live.from.clone(), app.dom.live.target.clone()));
    for (place, select) in students.iter().enumerate() {
        menu(page, select, move |app, value| {
            app.live.settings.students[place] = value.parse().ok();
            app.live.start_anew();
        });
    }
    menu(page, &from, |app, value| {
        app.live.settings.from = if value == "trained" { From::Trained } else { From::Fresh };
        app.live.start_anew();
    });
    menu(page, &target, |app, value| {
        app.live.settings.target = LiveTarget::from_name(value).unwrap_or_default();
        app.live.start_anew();
    });
    let seed = page.read(|app| app.dom.live.seed.clone());
    let (of, typed) = (page.clone(), seed.clone());
    on(&seed, "change", move |_: Event| {
        of.update(|app| {
            // What is no seed leaves the former one, which is then written again.
            let chosen = typed.value().trim().parse().ok().filter(|seed| *seed <= LARGEST_SEED);
            app.live.settings.seed = chosen.unwrap_or(app.live.settings.seed);
            app.live.start_anew();
        });
    });
    let (images, look) = page.read(|app| (app.dom.live.images.clone(), app.dom.live.look.clone()));
    menu(page, &look, |app, value| {
        app.live.look = Look::from_name(value).unwrap_or_default();
        app.live.dirty = true;
    });
    let (of, chosen) = (page.clone(), images.clone());
    on(&images, "change", move |_: Event| of.learn_from(chosen.value().parse().unwrap_or(0)));
}

fn lesson(page: &Page) {
    page.read(|app| {
        let dom = &app.dom.lesson;
        click(page, &dom.start, |app| {
            let step = if app.lesson.step.is_some() { None } else { Some(0) };
            app.go_to_step(step);
        });
        click(page, &dom.next, App::next_step);
        click(page, &dom.back, App::former_step);
        click(page, &dom.close, |app| app.go_to_step(None));
    });
    let (of, answers) = (page.clone(), page.read(|app| app.dom.lesson.answers.clone()));
    on(&answers, "click", move |event: Event| {
        if let Some(answer) = attribute(&event, "data-answer").and_then(|a| a.parse().ok()) {
            of.update(|app| app.answer_question(answer));
        }
    });
}

impl Page {
    /// Learns from so many other images of the gallery too, once their files are here.
    pub(super) fn learn_from(&self, count: usize) {
        let asked = self.read(|app| {
            let manifest = app.manifest.clone()?;
            Some((app.domains.folder().to_owned(), app.current.as_ref()?.origin.case.clone(), manifest))
        });
        let Some((folder, open, manifest)) = asked else { return };
        let page = self.clone();
        spawn_local(async move {
            let mut others = Vec::new();
            let cases = manifest.gallery.iter().filter(|case| case.gaze.is_some() && Some(&case.id) != open.as_ref());
            for case in cases.take(count) {
                match files::gallery_case(&folder, &manifest, case, 0).await {
                    Ok(request) => others.push(request),
                    Err(why) => return page.update(|app| app.show_image_message(why)),
                }
            }
            page.update(|app| {
                app.live.others = others;
                app.live.start_anew();
            });
        });
    }
}

impl App {
    /// Magnifies all tiles around a place, or around what is in their middle; 0 shows the whole image.
    fn zoom_tiles(&mut self, factor: f64, around: Option<(&Element, (f64, f64))>) {
        let Some((_, native)) = self.stage.picture() else { return };
        let state = &mut self.compare;
        if factor <= 0.0 {
            state.lens = super::tile::Lens { cursor: state.lens.cursor, ..Default::default() };
        } else {
            let place = around.and_then(|(canvas, at)| {
                let tile = state.figures.tile(canvas)?;
                Some(tile.frame(&state.lens, native).fractions(at))
            });
            let place = place.map_or(state.lens.centre, |(x, y)| (f64::from(x), f64::from(y)));
            state.lens.zoom(factor, place);
        }
        state.dirty = true;
    }

    /// The pointer is over a tile; dragged, it moves what all of them show.
    fn point_in_tiles(&mut self, canvas: &Element, at: (f64, f64), dragged: Option<(f64, f64)>) {
        let Some((_, native)) = self.stage.picture() else { return };
        let state = &mut self.compare;
        let Some(tile) = state.figures.tile(canvas) else { return };
        let frame = tile.frame(&state.lens, native);
        let place = frame.fractions(at);
        if let Some((dx, dy)) = dragged.filter(|_| state.lens.scale > 1.0) {
            state.lens.shift((-dx / frame.width, -dy / frame.height));
        }
        state.lens.cursor = Some(place);
        state.dirty = true;
    }

    fn leave_tiles(&mut self) {
        self.compare.lens.cursor = None;
        self.compare.dirty = true;
    }
}
