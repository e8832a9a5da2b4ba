//! The app in the window: state, events, views. It never computes a network.

pub mod address;
pub mod ask;
pub mod basis;
pub mod card;
pub mod card_input;
pub mod chart;
mod chip_view;
pub mod compare;
mod compare_view;
pub mod describing;
pub mod devices;
pub mod dom;
pub mod domains;
pub mod effect;
pub mod files;
mod flow;
pub mod gaze_in;
mod history;
pub mod hooks;
pub mod incoming;
mod input;
pub mod inputs;
pub mod kiosk;
mod lab_input;
mod language;
pub mod layers;
pub mod lesson;
pub mod live;
mod live_view;
pub mod panels;
pub mod pen;
pub mod phrases;
mod playback;
pub mod pointer;
pub mod record;
pub mod replay;
pub mod save;
pub mod schedule;
pub mod share;
pub mod stage;
pub mod state;
pub mod students;
pub mod tile;
pub mod timing;
mod view;
pub mod vlm;
pub mod wording;
pub mod words;
pub mod workers;

use std::{cell::RefCell, future::Future, rc::Rc, time::Duration};

use fovea_shared::bundle::CaseDescription;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::{
    errors,
    protocol::{Backend, Envelope, OpenRequest, Response},
    text::{Message, message, say},
};
use devices::{Devices, Orders, Status, Wish};
use dom::{Dom, window};
use files::Download;
use panels::Origin;
use pointer::Press;
use state::{App, Source};
use workers::{Link, Workers};

/// How long WebGPU may take to load, compile and check itself before it is given up.
const GPU_PATIENCE: Duration = Duration::from_secs(120);

/// The app, shared by everything that listens.
#[derive(Clone)]
pub struct Page(Rc<RefCell<App>>);

/// Starts the app in the window and lets it run.
pub fn start() {
    // Before anything is said of the address.
    language::choose();
    let wish = Wish::parse(view::query("device").as_deref());
    match Page::mount(Box::<Workers>::default(), Devices::new(wish.clone().unwrap_or_default())) {
        Ok(page) => {
            if let Err(message) = wish {
                page.update(|app| app.show_message(message));
            }
            spawn_local(async move { page.boot(files::bundle()).await });
        }
        Err(error) => log::error!("{error}"),
    }
}

impl Page {
    /// Puts the app on the page's elements and listens to the visitor.
    ///
    /// # Errors
    /// When an element of `index.html` or the 2D canvas is missing.
    pub fn mount(link: Box<dyn Link>, devices: Devices) -> Result<Self, String> {
        language::choose();
        let app = App::new(Dom::find()?, link, devices)?;
        let latencies = app.latencies.clone();
        let page = Self(Rc::new(RefCell::new(app)));
        hooks::install(&page, &latencies)?;
        input::listen(&page)?;
        language::listen(&page);
        Ok(page)
    }

    /// Reads the app.
    pub fn read<T>(&self, look: impl FnOnce(&App) -> T) -> T {
        look(&self.0.borrow())
    }

    /// Changes the app, hands out what is to be computed, and brings the page in line.
    pub fn update<T>(&self, change: impl FnOnce(&mut App) -> T) -> T {
        let (result, growing, focus, case, time) = {
            let mut app = self.0.borrow_mut();
            let was_growing = matches!(app.press, Some(Press::New { .. }));
            let result = change(&mut app);
            app.pump();
            app.refresh();
            (
                result,
                !was_growing && matches!(app.press, Some(Press::New { .. })),
                app.focus_next.take(),
                app.case_next.take(),
                std::mem::take(&mut app.time_next),
            )
        };
        if let Some(case) = case {
            self.open_case(&case);
        }
        if let Some(element) = focus {
            // An element that takes no focus leaves it where it is.
            drop(element.focus());
        }
        if growing {
            self.animate();
        }
        if time {
            self.follow_time();
        }
        self.write_address_soon();
        result
    }

    /// Draws a press as it grows, frame by frame, until it is let go.
    fn animate(&self) {
        let page = self.clone();
        let frame = Closure::once_into_js(move || {
            if page.read(|app| matches!(app.press, Some(Press::New { .. }))) {
                page.read(App::draw);
                page.animate();
            }
        });
        // A window that draws no frames shows no press either.
        drop(window().request_animation_frame(frame.unchecked_ref()));
    }

    /// Takes the bundle, starts the first engine and opens the first case.
    pub async fn boot(&self, download: impl Future<Output = Result<Download, Message>>) {
        let ready = download.await.and_then(|download| domains::first(download).map_err(|e| errors::bundle(&e)));
        let (index, arrived) = match ready {
            Ok(ready) => ready,
            Err(why) => {
                self.update(|app| app.break_down(why));
                return incoming::take_over(self);
            }
        };
        self.obey(|app| {
            app.case_next = arrived.manifest.gallery.first().map(|case| case.id.clone());
            app.domains.index = index;
            app.adopt(arrived);
            app.show_loading();
            // A domain that is not here is said; what was asked for on it cannot be had.
            match files::asked("domain").filter(|folder| app.domains.index.find(folder).is_none()) {
                Some(folder) => app.say_unknown_domain(&folder),
                None => {
                    let (asked, unreadable) = address::Shared::read(files::asked);
                    if asked != address::Shared::default() {
                        app.arrive(asked);
                    }
                    app.say_unreadable(&unreadable);
                }
            }
            app.devices.begin()
        });
        // After the first case was asked for: what the visitor has brought meanwhile takes its place.
        incoming::take_over(self);
    }

    /// An answer from an engine.
    pub fn answer(&self, backend: Backend, answer: Envelope<Response>) {
        self.obey(|app| app.answered(backend, answer));
    }

    /// Carries out what a decision about the devices demands. All but the start of a worker happens in one change of the app, so that
    /// no job is handed out in between.
    fn obey(&self, decide: impl FnOnce(&mut App) -> Orders) {
        let start = self.update(|app| {
            let orders = decide(app);
            app.carry_out(&orders);
            orders.start
        });
        match start {
            Some(Backend::Cpu) => self.start(Backend::Cpu),
            Some(Backend::WebGpu) => {
                let page = self.clone();
                spawn_local(async move {
                    match find_adapter().await {
                        Ok(name) => {
                            page.update(|app| app.adapter = name);
                            page.start(Backend::WebGpu);
                        }
                        Err(why) => page.fail(Backend::WebGpu, why),
                    }
                });
            }
            None => {}
        }
    }

    fn start(&self, backend: Backend) {
        let started = self.update(|app| app.link.start(backend, self));
        if let Err(why) = started {
            return self.fail(backend, why);
        }
        if backend == Backend::WebGpu {
            let page = self.clone();
            let late = Closure::once_into_js(move || {
                if page.read(|app| *app.devices.status(Backend::WebGpu) == Status::Starting) {
                    page.fail(Backend::WebGpu, message!("webgpu-late", seconds = GPU_PATIENCE.as_secs().to_string()));
                }
            });
            let ms = GPU_PATIENCE.as_millis() as i32;
            // Without a timer the wait is merely unlimited; the CPU is at work meanwhile.
            drop(window().set_timeout_with_callback_and_timeout_and_arguments_0(late.unchecked_ref(), ms));
        }
    }

    fn fail(&self, backend: Backend, why: Message) {
        self.obey(|app| app.devices.failed(backend, why));
    }

    /// Opens a case of the gallery.
    pub fn open_case(&self, id: &str) {
        let found = self.read(|app| {
            let manifest = app.manifest.clone()?;
            let case = manifest.gallery.iter().find(|c| c.id == id)?.clone();
            Some((app.domains.folder().to_owned(), manifest, case))
        });
        if let Some((folder, manifest, case)) = found {
            self.open(Origin::of_case(&case), case.descriptions.clone(), move |image| async move {
                files::gallery_case(&folder, &manifest, &case, image).await
            });
        }
    }

    /// Reads the files of an image and wishes for it, unless a newer one was asked for in the meantime.
    fn open<F>(&self, origin: Origin, descriptions: Vec<CaseDescription>, read: impl FnOnce(u64) -> F + 'static)
    where
        F: Future<Output = Result<OpenRequest, Message>> + 'static,
    {
        let page = self.clone();
        let image = self.update(|app| {
            app.last_image += 1;
            app.reading = true;
            app.desk.expect(app.last_image, origin.title.clone(), origin.case.is_none());
            app.last_image
        });
        spawn_local(async move {
            let request = read(image).await;
            page.update(|app| {
                if app.last_image != image {
                    return;
                }
                app.reading = false;
                match request {
                    Ok(request) => app.want(Source { origin, descriptions, request }),
                    Err(why) => {
                        app.sharing.forget_asked();
                        app.say(&say!("not-opened"));
                        app.brought_is_refused(image, why);
                    }
                }
            });
        });
    }
}

/// Asks the browser for a WebGPU adapter before a worker is started for it. Gives its name, as far as the browser tells.
async fn find_adapter() -> Result<String, Message> {
    let none = || message!("webgpu-missing");
    let said = |error: JsValue| Message::from(files::text(error));
    let gpu = Reflect::get(&window().navigator(), &"gpu".into()).ok().filter(JsValue::is_object).ok_or_else(none)?;
    let request: Function =
        Reflect::get(&gpu, &"requestAdapter".into()).ok().and_then(|f| f.dyn_into().ok()).ok_or_else(none)?;
    // The same wish as burn's, so that it is the same adapter where a machine has two.
    let options = Object::new();
    Reflect::set(&options, &"powerPreference".into(), &"high-performance".into()).map_err(said)?;
    let promise: Promise = request.call1(&gpu, &options).map_err(said)?.unchecked_into();
    let adapter = JsFuture::from(promise).await.map_err(said)?;
    if adapter.is_null() {
        return Err(message!("webgpu-no-adapter"));
    }
    let info = Reflect::get(&adapter, &"info".into()).unwrap_or(JsValue::UNDEFINED);
    let said = |key: &str| Reflect::get(&info, &key.into()).ok()?.as_string().filter(|v| !v.is_empty());
    let name: Vec<String> = ["description", "vendor", "architecture", "device"].into_iter().filter_map(said).collect();
    Ok(name.join(" "))
}
