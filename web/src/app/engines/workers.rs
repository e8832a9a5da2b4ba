//! The workers in which the engines run.

use std::{collections::BTreeMap, rc::Rc};

use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure, prelude::wasm_bindgen};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::{
    app::elements::{js::text, window},
    protocol::{self, Backend, Envelope, Request, Response},
    text::{Message, message},
};

// web-sys holds the browser's interfaces; `import.meta` is a part of the language.
#[wasm_bindgen]
extern "C" {
    /// Address of the program's JavaScript half: its name has a hash in it that only the build knows.
    #[wasm_bindgen(thread_local_v2, js_namespace = ["import", "meta"], js_name = url)]
    static GLUE_URL: String;
}

/// Takes the answers of an engine.
pub type Answers = Rc<dyn Fn(Backend, Envelope<Response>)>;

/// The app's end of the line to the engines. Tests put a recorder in its place.
pub trait Link {
    /// Starts an engine, which gives its answers to `answers`.
    ///
    /// # Errors
    /// When the browser refuses.
    fn start(&mut self, backend: Backend, answers: Answers) -> Result<(), Message>;
    /// Ends an engine, whatever it does.
    fn stop(&mut self, backend: Backend);
    /// Sends a request.
    ///
    /// # Errors
    /// When there is no such engine or the message cannot be sent.
    fn send(&mut self, backend: Backend, request: Envelope<Request>) -> Result<(), Message>;
}

/// Address of the workers' script, which has a hash in it too.
fn script() -> String {
    let meta = window().document().and_then(|d| d.query_selector("meta[name=fovea-worker]").ok().flatten());
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_else(|| "worker.js".into())
}

/// One worker a device.
#[derive(Default)]
pub struct Workers(BTreeMap<Backend, Running>);

struct Running {
    worker: Worker,
    // Kept alive for as long as the worker.
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn(ErrorEvent)>,
}

impl Link for Workers {
    fn start(&mut self, backend: Backend, answers: Answers) -> Result<(), Message> {
        self.stop(backend);
        let failed = |e: JsValue| message!("worker-not-started", cause = text(e));
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(&format!("fovea {backend}"));
        let worker = Worker::new_with_options(&script(), &options).map_err(failed)?;

        let errors = answers.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let answer = protocol::decode::<Response>(event.data());
            answers(backend, answer.unwrap_or_else(|e| Envelope { id: 0, body: Response::Panicked(e.into()) }));
        });
        let on_error = Closure::<dyn Fn(ErrorEvent)>::new(move |event: ErrorEvent| {
            // A script that cannot be loaded gives an event without a message.
            let said = Some(event.message()).filter(|m| !m.is_empty() && m != "undefined");
            let why =
                said.map_or_else(|| message!("worker-not-loaded"), |cause| message!("engine-panicked", cause = cause));
            let body = Response::Panicked(why);
            errors(backend, Envelope { id: 0, body });
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));

        // The compiled module goes along: the program is downloaded and compiled once.
        let boot = Object::new();
        let glue = GLUE_URL.with(|url| JsValue::from_str(url));
        Reflect::set(&boot, &"glue".into(), &glue).map_err(failed)?;
        Reflect::set(&boot, &"module".into(), &wasm_bindgen::module()).map_err(failed)?;
        worker.post_message(&boot).map_err(failed)?;
        self.0.insert(backend, Running { worker, _on_message: on_message, _on_error: on_error });
        Ok(())
    }

    fn stop(&mut self, backend: Backend) {
        if let Some(running) = self.0.remove(&backend) {
            running.worker.set_onmessage(None);
            running.worker.set_onerror(None);
            running.worker.terminate();
            // The engine may be stopped from one of its own listeners, which must not be freed while it runs.
            wasm_bindgen_futures::spawn_local(async move { drop(running) });
        }
    }

    fn send(&mut self, backend: Backend, request: Envelope<Request>) -> Result<(), Message> {
        let running = self.0.get(&backend).ok_or_else(|| message!("worker-missing"))?;
        let (value, buffers) = protocol::encode(&request)?;
        running.worker.post_message_with_transfer(&value, &buffers).map_err(|e| text(e).into())
    }
}
