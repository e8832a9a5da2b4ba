//! Starting and ending the workers of the devices.

use std::time::Duration;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{App, Page};
use crate::{
    app::{
        bundles,
        elements::{events::after, js, window},
        engines::devices::{Orders, Status},
        model::Phase,
    },
    protocol::{Backend, Envelope, Response},
    text::{Message, message},
};

/// How long WebGPU may take to load, compile and check itself before it is given up.
const GPU_PATIENCE: Duration = Duration::from_secs(120);

impl Page {
    /// An answer from an engine.
    pub fn answer(&self, backend: Backend, answer: Envelope<Response>) {
        self.update(|app| app.take_answer(backend, answer));
    }

    /// Starts the worker of a device.
    pub(super) fn start_device(&self, backend: Backend) {
        if backend == Backend::Cpu {
            return self.start_worker(backend);
        }
        let page = self.clone();
        spawn_local(async move {
            match find_adapter().await {
                Ok(name) => {
                    page.update(|app| app.adapter = name);
                    page.start_worker(backend);
                }
                Err(why) => page.device_failed(backend, why),
            }
        });
    }

    fn start_worker(&self, backend: Backend) {
        let page = self.clone();
        let answers = std::rc::Rc::new(move |backend, answer| page.answer(backend, answer));
        let started = self.update(|app| app.link.start(backend, answers));
        if let Err(why) = started {
            return self.device_failed(backend, why);
        }
        if backend == Backend::WebGpu {
            let page = self.clone();
            after(GPU_PATIENCE.as_millis() as i32, move || {
                if page.read(|app| app.is_starting(backend)) {
                    let seconds = GPU_PATIENCE.as_secs().to_string();
                    page.device_failed(backend, message!("webgpu-late", seconds = seconds));
                }
            });
        }
    }

    fn device_failed(&self, backend: Backend, why: Message) {
        self.update(|app| {
            let orders = app.model.devices.failed(backend, why);
            app.obey(orders);
        });
    }
}

impl App {
    /// Whether this backend is loading a model for the first time.
    pub(super) fn is_starting(&self, backend: Backend) -> bool {
        *self.model.devices.status(backend) == Status::Starting
    }

    /// After an answer: when nothing is left to do, another device may be tried.
    pub(super) fn rest(&mut self) {
        if std::mem::take(&mut self.answered) && self.model.schedule.running().is_none() {
            let orders = self.model.devices.at_rest();
            self.obey(orders);
        }
    }

    /// Does what a decision about the devices demands; a worker is started after this change.
    pub(super) fn obey(&mut self, orders: Orders) {
        if let Some(backend) = orders.stop {
            self.link.stop(backend);
            self.model.dicom.stopped(backend);
        }
        let model = &mut self.model;
        if orders.switch.is_some() || orders.start.is_some() && model.devices.active().is_none() {
            model.schedule.restart();
            // A device that is about to be lost may have refused the image that is shown.
            if let Some(shown) = model.wanted.as_ref().or(model.current.as_ref()) {
                model.schedule.want_image(shown.request.image);
            }
            // What was learnt is lost with the engine that held it.
            self.live.training.start_again();
            self.teach.restart();
            self.own.restart();
            if let Some(name) = model.bundles.take_back() {
                bundles::not_changed(model, message!("engine-broke-down-loading", name = name));
            }
        }
        if orders.switch.is_some() && model.manifest.as_ref().is_some_and(|m| m.gallery.is_empty()) {
            // Without a gallery the page waits for the visitor's image.
            model.phase = Phase::Running;
            model.loading = false;
        }
        let report = model.devices.active().and_then(|active| model.devices.status(active).report());
        self.about.times.embed = report.map(|report| report.embed_ms).or(self.about.times.embed);
        if let Some(message) = orders.say {
            model.show_message(message);
        }
        if let Some(why) = orders.fatal {
            model.break_down(why);
        }
        self.start_next = orders.start.or(self.start_next);
    }

    /// A model that loads on another device would be that of the bundle before: it is started again
    /// later.
    pub(super) fn forget_the_other_device(&mut self) {
        if let Some(backend) = self.model.devices.forget_starting() {
            self.link.stop(backend);
        }
    }
}

/// Asks the browser for a WebGPU adapter before a worker is started for it. Gives its name, as far
/// as the browser tells.
async fn find_adapter() -> Result<String, Message> {
    let none = || message!("webgpu-missing");
    let said = |error: JsValue| Message::from(js::text(error));
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
