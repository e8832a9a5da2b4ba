//! The start of the app.

use std::{cell::RefCell, future::Future, rc::Rc};

use wasm_bindgen::{JsCast, prelude::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::ResizeObserver;

use super::{App, Page, test_api};
use crate::{
    app::{
        bundles::{self, download},
        elements::{document, events::pause},
        engines::{
            devices::{Devices, Wish},
            workers::{Link, Workers},
        },
        incoming, language,
        model::{
            Command,
            bundles::{Download, split},
        },
        share::{
            address::Shared,
            address_bar::{asked, query},
            say_unreadable,
        },
        tabs,
    },
    errors,
    text::Message,
};

/// Starts the app in the window and lets it run.
pub fn start() {
    // Before anything is said of the address.
    language::choose();
    let wish = Wish::parse(query("device").as_deref());
    match Page::mount(Box::<Workers>::default(), Devices::new(wish.clone().unwrap_or_default())) {
        Ok(page) => {
            spawn_local(async move {
                // What was there before the program may have taken long enough.
                pause().await;
                page.update(|app| {
                    if let Err(message) = wish {
                        app.model.show_message(message);
                    }
                });
                pause().await;
                page.boot(download::bundle()).await;
            });
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
        let app = App::find(&document(), link, devices)?;
        let latencies = app.latencies.clone();
        let page = Self(Rc::new(RefCell::new(app)));
        test_api::install(&page, &latencies)?;
        page.listen();
        tabs::listen(&document())?;
        tabs::sheets::listen(&document())?;
        Ok(page)
    }

    /// Gives every feature its line.
    fn listen(&self) {
        let redraw = {
            let page = self.clone();
            move || page.0.borrow_mut().draw()
        };
        let picture = {
            let page = self.clone();
            Rc::new(move |largest| page.read(|app| app.stage.jpeg(largest)))
        };
        let look = self.handle(|app| (&mut app.look, &mut app.model));
        let gaze = self.handle(|app| (&mut app.gaze, &mut app.model));
        let words = self.handle(|app| (&mut app.words, &mut app.model));
        let students = self.handle(|app| (&mut app.students, &mut app.model));
        let compare = self.handle(|app| (&mut app.compare, &mut app.model));
        let live = self.handle(|app| (&mut app.live, &mut app.model));
        let teach = self.handle(|app| (&mut app.teach, &mut app.model));
        let class = self.handle(|app| (&mut app.class, &mut app.model));
        let own = self.handle(|app| (&mut app.own, &mut app.model));
        let lesson = self.handle(|app| (&mut app.lesson, &mut app.model));
        let stand = self.handle(|app| (&mut app.stand, &mut app.model));
        let share = self.handle(|app| (&mut app.share, &mut app.model));
        let save = self.handle(|app| (&mut app.save, &mut app.model));
        let bundles = self.handle(|app| (&mut app.bundles, &mut app.model));
        let incoming = self.handle(|app| (&mut app.incoming, &mut app.model));
        let language = self.handle(|app| (&mut app.language, &mut app.model));
        let layers = self.handle(|app| (&mut app.layers, &mut app.model));
        let status = self.handle(|app| (&mut app.status, &mut app.model));
        {
            let mut app = self.0.borrow_mut();
            app.gaze.listen(&gaze, Rc::new(redraw.clone()));
            app.look.listen(&look, Rc::new(redraw));
            app.words.listen(&words, picture);
            app.students.listen(&students);
            app.compare.listen(&compare);
            app.live.listen(&live);
            app.teach.listen(&teach);
            app.class.listen(&class);
            app.own.listen(&own);
            app.lesson.listen(&lesson);
            app.stand.listen(&stand);
            app.share.listen(&share);
            app.save.listen(&save);
            app.bundles.listen(&bundles);
            app.incoming.listen(&incoming);
            app.language.listen(&language);
            app.status.listen(&status);
            app.about.listen();
            app.layers.listen(&layers);
        }
        layers.visit(|panel, model| panel.take(model));
        self.watch_sizes();
    }

    /// Draws again what another size of the window changes.
    fn watch_sizes(&self) {
        let of = self.clone();
        let resized = Closure::<dyn Fn()>::new(move || {
            of.update(|app| {
                app.compare.redraw();
                app.live.redraw();
            });
        });
        if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            self.read(|app| {
                for element in [app.stage.area(), app.compare.tiles(), app.compare.wipe_box(), app.live.tiles()] {
                    observer.observe(element);
                }
            });
        }
        resized.forget();
    }

    /// Takes the bundle, starts the first engine and opens the first case.
    pub async fn boot(&self, download: impl Future<Output = Result<Download, Message>>) {
        let downloaded = download.await;
        pause().await;
        let ready = downloaded.and_then(|download| split(download).map_err(|e| errors::bundle(&e)));
        pause().await;
        match ready {
            Err(why) => self.update(|app| app.model.break_down(why)),
            Ok((index, arrived)) => {
                self.update(|app| {
                    app.first_case = arrived.manifest.gallery.first().map(|case| case.id.clone());
                    app.model.bundles.index = index;
                    app.adopt(arrived);
                });
                pause().await;
                self.update(App::open_first);
            }
        }
        // After the first case was asked for: what the visitor has brought meanwhile takes its place.
        incoming::take_over(&self.handle(|app| (&mut app.incoming, &mut app.model)));
    }
}

impl App {
    /// Shows what the address asks for, else the first case, and starts the first engine.
    fn open_first(&mut self) {
        // A domain that is not here is said; what was asked for on it is left out.
        match asked("domain").filter(|folder| self.model.bundles.index.find(folder).is_none()) {
            Some(folder) => bundles::say_unknown(&mut self.model, &folder),
            None => {
                let (wanted, unreadable) = Shared::read(asked);
                if wanted != Shared::default() {
                    self.arrive(wanted);
                }
                say_unreadable(&mut self.model, &unreadable);
            }
        }
        if let Some(case) = self.first_case.take() {
            self.model.send(Command::OpenCase(case));
        }
        let orders = self.model.devices.begin();
        self.obey(orders);
    }
}
