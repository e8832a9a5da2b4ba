//! Look mode: a button begins a viewing, which becomes fixations; and the story of the first look.

use fovea_shared::gaze::GazeOrigin;
use web_sys::{Document, Event, HtmlButtonElement, HtmlCanvasElement, HtmlElement, KeyboardEvent, PointerEvent};

use super::{
    first_look::{FirstLook, Motion, Shown},
    settings::{Disc, Length},
    spotlight::{Spotlight, View},
    viewing::Viewing,
    words,
};
use crate::{
    app::{
        canvas::frame::Frame,
        elements::{
            document,
            events::{click, next_frame, on},
            get, mark, prefers_still, set, set_text,
        },
        gaze::Redraw,
        model::{Command, Handle, Model},
    },
    clock::now_ms,
    protocol::Picture,
    text::{Message, say},
};

/// Steps of the keyboard's disc, in fractions of the image: fine and with Shift.
const STEPS: (f32, f32) = (0.02, 0.08);

/// The pixels of the open picture, kept for the blurred copy.
struct Pixels {
    image: u64,
    rgba: Vec<u8>,
    size: (u32, u32),
}

/// The feature.
pub struct Look {
    begin_button: HtmlButtonElement,
    begin_text: HtmlElement,
    canvas: HtmlCanvasElement,
    area: HtmlElement,
    length: Length,
    disc: Disc,
    pixels: Option<Pixels>,
    spotlight: Option<(u64, Spotlight)>,
    viewing: Option<Viewing>,
    /// Where the pointer was last on the canvas, in CSS pixels: a viewing that begins by itself finds
    /// it there.
    pointer: Option<(f64, f64)>,
    story: FirstLook,
    /// Image and number of the teacher's answers that the story knows.
    known: (u64, u64),
    line: Option<(Handle<Self>, Redraw)>,
}

impl Look {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            begin_button: get(d, "look-begin")?,
            begin_text: get(d, "look-begin-text")?,
            canvas: get(d, "stage-canvas")?,
            area: get(d, "stage")?,
            length: Length::default(),
            disc: Disc::default(),
            pixels: None,
            spotlight: None,
            viewing: None,
            pointer: None,
            story: FirstLook::default(),
            known: (0, 0),
            line: None,
        })
    }

    /// Listens to the visitor.
    pub fn listen(&mut self, handle: &Handle<Self>, redraw: Redraw) {
        self.line = Some((handle.clone(), redraw));
        click(handle, &self.begin_button, Self::begin_or_end);
        for name in ["pointermove", "pointerdown"] {
            let of = handle.clone();
            on(&self.canvas, name, move |event: PointerEvent| {
                if event.is_primary() {
                    let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
                    of.visit(|look, model| look.moved(model, at));
                }
            });
        }
        let of = handle.clone();
        on(&self.canvas, "pointerleave", move |_: Event| {
            of.visit(|look, _| {
                look.pointer = None;
                if let Some(viewing) = &mut look.viewing {
                    viewing.left(now_ms());
                }
            });
        });
        let of = handle.clone();
        on(&self.canvas, "keydown", move |event: KeyboardEvent| {
            if of.read(|look, _| look.viewing.is_some()) && of.update(|look, model| look.key(model, &event)) {
                event.prevent_default();
            }
        });
    }

    /// Another picture is on the stage.
    pub fn open(&mut self, model: &mut Model, picture: &Picture) {
        self.viewing = None;
        model.viewing = false;
        self.spotlight = None;
        self.pixels = Some(Pixels { image: picture.image, rgba: picture.rgba.0.clone(), size: picture.shown });
        self.story = FirstLook::default();
    }

    /// Begins a viewing, where none lasts.
    pub fn begin(&mut self, model: &mut Model) {
        if self.viewing.is_none() {
            self.begin_or_end(model);
        }
    }

    /// Begins a viewing, or ends the one that lasts.
    fn begin_or_end(&mut self, model: &mut Model) {
        if self.viewing.is_some() {
            return self.end(model);
        }
        if let Err(why) = self.prepare() {
            return model.show_message(why);
        }
        self.viewing = Some(Viewing::begin(now_ms(), self.length));
        if let Some(at) = self.pointer {
            self.moved(model, at);
        }
        model.viewing = true;
        model.stop_replay();
        model.say(words::begun(self.length).to_string());
        // The keyboard moves the disc.
        crate::app::elements::focus::focus_next(self.canvas.clone().into());
        self.follow();
    }

    /// Makes the blurred copy of the open picture, once a picture.
    fn prepare(&mut self) -> Result<(), Message> {
        let Some(pixels) = &self.pixels else { return Err(crate::text::message!("stage-no-image")) };
        if self.spotlight.as_ref().is_none_or(|(image, _)| *image != pixels.image) {
            self.spotlight = Some((pixels.image, Spotlight::new(&pixels.rgba, pixels.size)?));
        }
        Ok(())
    }

    /// Lets the time of the viewing pass, frame by frame.
    fn follow(&self) {
        let Some((handle, redraw)) = self.line.clone() else { return };
        next_frame(move || {
            let over = handle.visit(|look, _| {
                look.viewing.as_mut().map(|viewing| {
                    viewing.pass(now_ms());
                    viewing.over()
                })
            });
            match over.flatten() {
                Some(true) => handle.update(Self::end),
                Some(false) => {
                    redraw();
                    handle.read(|look, _| look.follow());
                }
                None => {}
            }
        });
    }

    fn moved(&mut self, model: &Model, at: (f64, f64)) {
        self.pointer = Some(at);
        let to = self.frame(model).fractions(at);
        if let Some(viewing) = &mut self.viewing {
            viewing.moved(now_ms(), to);
        }
    }

    /// What a key does while a viewing lasts. True if it does anything.
    fn key(&mut self, model: &mut Model, event: &KeyboardEvent) -> bool {
        let step = if event.shift_key() { STEPS.1 } else { STEPS.0 };
        let by = match event.key().as_str() {
            "ArrowLeft" => (-step, 0.0),
            "ArrowRight" => (step, 0.0),
            "ArrowUp" => (0.0, -step),
            "ArrowDown" => (0.0, step),
            "Enter" | " " => {
                self.end(model);
                return true;
            }
            "Escape" => {
                self.viewing = None;
                model.viewing = false;
                return true;
            }
            _ => return false,
        };
        if let Some(viewing) = &mut self.viewing {
            viewing.stepped(now_ms(), by);
        }
        true
    }

    /// The viewing is over: its path becomes fixations.
    fn end(&mut self, model: &mut Model) {
        let Some(viewing) = self.viewing.take() else { return };
        model.viewing = false;
        match viewing.end(now_ms(), model.found.size) {
            Ok(path) => {
                let found = words::found(path.fixations.len()).to_string();
                model.inputs.replace(path.fixations.clone(), Some(GazeOrigin::Pointer));
                model.gaze_changed(found);
                model.send(Command::Glanced(path.fixations));
            }
            Err(why) => model.show_image_message(words::not_found(why)),
        }
    }

    fn frame(&self, model: &Model) -> Frame {
        let size = (f64::from(self.canvas.client_width()), f64::from(self.canvas.client_height()));
        Frame::fit(size, model.found.size)
    }

    /// What a viewing shows now, while one lasts.
    pub fn view(&self, model: &Model) -> Option<(&Spotlight, View)> {
        let (viewing, (_, spotlight)) = self.viewing.as_ref().zip(self.spotlight.as_ref())?;
        let radius = self.disc.radius_on(&self.frame(model));
        Some((spotlight, View { eye: viewing.eye(), radius, left: viewing.share_left(prefers_still()) }))
    }

    /// What the stage shows now. `told`: the visitor is past the first look, as by a link or a lesson.
    pub fn shown(&mut self, model: &Model, told: bool) -> Shown {
        let image = model.image().unwrap_or_default();
        let now = now_ms();
        if self.known.0 != image {
            self.known = (image, model.found.answers);
        }
        let gazed = !model.inputs.fixations().is_empty();
        if told {
            self.story = FirstLook::told();
        } else if gazed {
            self.story.looked(model.inputs.fixations(), now);
            if self.known.1 != model.found.answers && model.found.heat.is_some() {
                let motion = if prefers_still() { Motion::Reduced } else { Motion::Full };
                self.story.answered(now, motion);
            }
        } else {
            self.story.taken_back();
        }
        self.known.1 = model.found.answers;
        let shown = self.story.at(now);
        if self.story.moves() {
            self.grow();
        }
        shown
    }

    /// What the stage shows at this moment, between two changes.
    pub fn shown_now(&mut self) -> Shown {
        self.story.at(now_ms())
    }

    /// Draws the outlines as they appear, frame by frame.
    fn grow(&self) {
        let Some((handle, redraw)) = self.line.clone() else { return };
        next_frame(move || {
            redraw();
            if handle.read(|look, _| look.story.moves()) {
                handle.read(|look, _| look.grow());
            } else {
                // The numbers follow the outlines.
                handle.update(|_, _| ());
            }
        });
    }

    /// Brings the elements in line with the model.
    pub fn refresh(&self, model: &Model, bare: bool) {
        // A bare picture has no numbers either; what the status line says is for screen readers.
        if let Some(root) = document().document_element() {
            mark(&root, "data-bare", bare);
        }
        self.begin_button.set_disabled(model.current.is_none());
        let viewing = self.viewing.is_some();
        set(&self.begin_button, "aria-pressed", if viewing { "true" } else { "false" });
        mark(&self.area, "data-viewing", viewing);
        let seconds = usize::from(self.length.seconds());
        set_text(&self.begin_text, &if viewing { say!("look-end") } else { say!("look-begin", seconds = seconds) });
    }
}
