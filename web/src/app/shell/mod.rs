//! The shell: the one part that knows all features. It starts them, carries out what they ask of
//! each other, hands work to the engines, and brings the page in line after every change.

mod boot;
mod commands;
mod devices;
mod dicom;
mod dispatch;
mod lesson;
mod page_state;
mod refresh;
mod session_json;
mod snapshot;
pub mod test_api;

use std::{cell::RefCell, rc::Rc};

use js_sys::Array;
use web_sys::Document;

use super::{
    about::About,
    bundles::{self, BundleChoice},
    canvas::layers::Layers,
    class::Class,
    compare::Compare,
    elements::focus,
    engines::{devices::Devices, workers::Link},
    gaze::Gaze,
    incoming::Incoming,
    language::LanguageMenu,
    layers::LayerPanel,
    lesson::Lesson,
    live::Live,
    look::Look,
    model::{Handle, Model},
    own::Own,
    result::ResultLine,
    save::Save,
    share::{Share, address_bar::query},
    stage::Stage,
    stand::Stand,
    status::Status,
    students::Students,
    teach::TeachTab,
    words::Words,
};
use crate::protocol::Backend;
pub use boot::start;

/// Everything: the model, the features, the line to the engines.
pub struct App {
    /// What the page knows.
    pub model: Model,
    /// The line to the engines.
    link: Box<dyn Link>,
    stage: Stage,
    status: Status,
    result: ResultLine,
    look: Look,
    gaze: Gaze,
    /// The words that the teacher reads.
    pub words: Words,
    students: Students,
    compare: Compare,
    live: Live,
    teach: TeachTab,
    class: Class,
    own: Own,
    lesson: Lesson,
    keeper: lesson::Keeper,
    stand: Stand,
    share: Share,
    save: Save,
    bundles: BundleChoice,
    incoming: Incoming,
    language: LanguageMenu,
    layers: LayerPanel,
    about: About,
    /// The layers as the page begins with them.
    first_layers: Layers,
    /// What the browser calls its WebGPU adapter.
    adapter: String,
    /// Number of the last request to an engine, and of the request that the running job was sent
    /// with.
    last_request: u64,
    last_job: u64,
    /// `window.fovea.clickLatencies`.
    latencies: Array,
    /// Whether the address will be written soon.
    address_due: bool,
    /// The case to open when the start, or a change of the bundle, is through.
    first_case: Option<String>,
    /// Whether an engine has answered, so that it may be at rest now.
    answered: bool,
    /// The device to start after this change.
    start_next: Option<Backend>,
    /// How often work was handed out and the page was brought in line, for tests.
    work: Work,
}

/// How often the page did what costs time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Work {
    /// How often it looked for work for the engines.
    pub pumps: u64,
    /// How often it brought all elements in line.
    pub refreshes: u64,
    /// How often it drew the stage.
    pub paints: u64,
}

impl App {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    fn find(d: &Document, link: Box<dyn Link>, devices: Devices) -> Result<Self, String> {
        let layers = LayerPanel::find(d)?;
        Ok(Self {
            model: Model::new(devices),
            link,
            stage: Stage::find(d)?,
            status: Status::find(d)?,
            result: ResultLine::find(d)?,
            look: Look::find(d)?,
            gaze: Gaze::find(d)?,
            words: Words::find(d)?,
            students: Students::find(d)?,
            compare: Compare::find(d)?,
            live: Live::find(d)?,
            teach: TeachTab::find(d)?,
            class: Class::find(d)?,
            own: Own::find(d)?,
            lesson: Lesson::find(d)?,
            keeper: lesson::Keeper::default(),
            stand: Stand::find(d, query("kiosk").as_deref())?,
            share: Share::find(d)?,
            save: Save::find(d)?,
            bundles: BundleChoice::find(d)?,
            incoming: Incoming::find(d)?,
            language: LanguageMenu::find(d)?,
            first_layers: layers.first(),
            layers,
            about: About::find(d)?,
            adapter: String::new(),
            last_request: 0,
            last_job: 0,
            latencies: Array::new(),
            address_due: false,
            first_case: None,
            answered: false,
            start_next: None,
            work: Work::default(),
        })
    }
}

/// A feature beside the model.
type Pick<F> = fn(&mut App) -> (&mut F, &mut Model);

/// The app, shared by everything that listens.
#[derive(Clone)]
pub struct Page(Rc<RefCell<App>>);

impl Page {
    /// Reads the app.
    pub fn read<T>(&self, look: impl FnOnce(&App) -> T) -> T {
        look(&self.0.borrow())
    }

    /// Changes the app, carries out what that asks for, hands out what is to be computed, and brings
    /// the page in line.
    pub fn update<T>(&self, change: impl FnOnce(&mut App) -> T) -> T {
        let (result, places, start) = {
            let mut app = self.0.borrow_mut();
            let result = change(&mut app);
            let places = app.carry_out_commands();
            app.pump();
            app.rest();
            app.refresh();
            (result, places, app.start_next.take())
        };
        focus::give_focus();
        if let Some(backend) = start {
            self.start_device(backend);
        }
        for place in places {
            bundles::choose(&self.handle(|app| (&mut app.bundles, &mut app.model)), place);
        }
        self.write_address_soon();
        result
    }

    /// A line to a feature.
    fn handle<F: 'static>(&self, pick: Pick<F>) -> Handle<F> {
        let (update, read) = (self.clone(), self.clone());
        Handle::new(
            move |visit| {
                update.update(|app| {
                    let (feature, model) = pick(app);
                    visit(feature, model);
                });
            },
            move |visit| {
                if let Ok(mut app) = read.0.try_borrow_mut() {
                    let (feature, model) = pick(&mut app);
                    visit(feature, model);
                }
            },
        )
    }
}
