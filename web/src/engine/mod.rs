//! The engine: the model on one device, in a worker of its own.

pub mod agreement;
pub mod contour;
pub mod describe;
pub mod device;
pub mod dicom;
pub mod inside;
pub mod lesions;
pub mod live;
pub mod masks;
pub mod session;
pub mod teach;

use std::{cell::RefCell, rc::Rc};

use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::{
    protocol::{self, Envelope, Request, Response},
    text::{Message, message},
};
use session::Session;

/// Listens to the app from now on.
pub fn start(scope: DedicatedWorkerGlobalScope) {
    report_panics(scope.clone());
    let session = Rc::new(RefCell::new(None));
    let inner = scope.clone();
    let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let (scope, session) = (inner.clone(), session.clone());
        wasm_bindgen_futures::spawn_local(async move {
            match protocol::decode::<Request>(event.data()) {
                Ok(request) => answer(&scope, &session, request).await,
                Err(error) => post(&scope, 0, Response::Panicked(message!("engine-request-unread", error = error))),
            }
        });
    });
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // The worker listens for as long as it lives.
    listener.forget();
    post(&scope, 0, Response::Alive);
}

/// The app sends one request at a time beside DICOM files, which need no session, so a session that is away is an error of the program and is said as one.
async fn answer(scope: &DedicatedWorkerGlobalScope, slot: &Rc<RefCell<Option<Session>>>, request: Envelope<Request>) {
    let id = request.id;
    let response = match request.body {
        Request::Load { backend, files } => {
            // A worker can set a device up once only, so another model goes where the first one is.
            let former = slot.borrow_mut().take();
            let loaded = match &former {
                None => Session::load(backend, files).await,
                Some(former) => former.replaced(files).await,
            };
            let (session, response) = match loaded {
                Ok((session, report)) => (Some(session), Response::Loaded(report)),
                Err(error) => (former, Response::Refused(error)),
            };
            slot.replace(session);
            response
        }
        Request::ReadDicom(file) => dicom::read(&file).map_or_else(Response::Refused, Response::DicomRead),
        other => {
            let taken = slot.borrow_mut().take();
            let Some(mut session) = taken else {
                return post(scope, id, Response::Refused(message!("engine-not-ready")));
            };
            let answer = match other {
                Request::Open(open) => {
                    let show = |picture| post(scope, id, Response::Picture(picture));
                    session.open(open, show).await.map(Response::Opened)
                }
                Request::Look { image, fixations, text, compare_with } => {
                    session.look(image, fixations, &text, compare_with.as_ref()).await.map(Response::Seen)
                }
                Request::Student { image, place } => session.student(image, place).await.map(Response::Student),
                Request::Describe { image, fixations, student, modality } => {
                    session.describe(image, fixations, student, modality).await.map(Response::Described)
                }
                Request::Masks { image, fixations } => session.masks(image, fixations).map(Response::Masks),
                Request::Simulate { image, seed, student } => {
                    session.simulate(image, seed, student).await.map(Response::Simulated)
                }
                Request::Export { image, drawn } => session.export(image, drawn).await.map(Response::Exported),
                Request::Compare(request) => {
                    session.compare(request).await.map(|found| Response::Compared(Box::new(found)))
                }
                Request::Learn(request) => session.learn(request).await.map(Response::Learnt),
                Request::LearnStep(ask) => session.learn_step(ask).await.map(Response::Learnt),
                Request::Resemble(ask) => session.resemble(ask).await.map(Response::Resembled),
                Request::TeachRead(picture) => session.teach_read(picture).await.map(Response::TeachReading),
                Request::TeachReadOn(picture) => session.teach_read_on(picture).await.map(Response::TeachReading),
                Request::TeachTell(tell) => session.teach_tell(tell).map(Response::TeachTold),
                Request::Teach(ask) => session.teach(ask).await.map(Response::Taught),
                Request::TeachStep(ask) => session.teach_step(ask).await.map(Response::Taught),
                Request::TeachDraw(ask) => session.teach_draw(ask).await.map(Response::TeachDrew),
                Request::TeachExport(course) => session.teach_export(course).await.map(Response::TeachExported),
                Request::TeachForget(what) => Ok(Response::TeachForgotten(session.teach_forget(what))),
                Request::Load { .. } | Request::ReadDicom(_) => Err(message!("engine-loaded-already")),
            };
            slot.replace(Some(session));
            answer.unwrap_or_else(Response::Refused)
        }
    };
    post(scope, id, response);
}

fn post(scope: &DedicatedWorkerGlobalScope, id: u64, body: Response) {
    let sent = protocol::encode(&Envelope { id, body })
        .and_then(|(value, buffers)| scope.post_message_with_transfer(&value, &buffers).map_err(|e| format!("{e:?}")));
    if let Err(error) = sent {
        log::error!("an answer could not be sent: {error}");
    }
}

/// Tells the app that this engine cannot go on, where it runs in a worker.
fn give_up(why: Message) {
    if let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
        post(&scope, 0, Response::Panicked(why));
    }
}

/// A panic ends this worker; the app must know, and know why.
fn report_panics(scope: DedicatedWorkerGlobalScope) {
    // The scope is a JavaScript value and bound to this thread, as is the worker.
    thread_local!(static SCOPE: RefCell<Option<DedicatedWorkerGlobalScope>> = const { RefCell::new(None) });
    SCOPE.with(|cell| cell.replace(Some(scope)));
    let to_console = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        to_console(info);
        let text = info.to_string();
        let short = text.lines().take(2).collect::<Vec<_>>().join(" ");
        SCOPE.with(|cell| {
            if let Ok(scope) = cell.try_borrow()
                && let Some(scope) = scope.as_ref()
            {
                post(scope, 0, Response::Panicked(message!("engine-panicked", cause = short)));
            }
        });
    }));
}
