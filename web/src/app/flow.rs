//! What the engines are told and what becomes of their answers.

use fovea_shared::description::Modality;

use super::{
    devices::Orders,
    layers::Layer,
    panels,
    replay::Replay,
    schedule::Job,
    state::{App, Findings, Phase, Source},
    wording::Wording,
    words,
};
use crate::{
    protocol::{Backend, Envelope, GazeMasks, OpenRequest, Opened, Picture, Request, Response, Seen},
    text::{Message, message, say},
};

impl App {
    /// Hands the next job to the engine that is in charge, if it is free and there is one.
    pub fn pump(&mut self) {
        let shown = [Layer::HighConfidence, Layer::Broad, Layer::Background].into_iter().any(|l| self.layers.on(l));
        self.schedule.want_masks(shown && !self.inputs.fixations().is_empty());
        self.wish_words();
        self.wish_comparison();
        self.wish_learners();
        let Some(active) = self.devices.active() else { return };
        let Some(job) = self.schedule.next_job() else { return };
        let body = match job {
            Job::Open(image) => match self.source(image) {
                Some(source) => Request::Open(OpenRequest { student: self.student, ..source.request.clone() }),
                None => {
                    self.schedule.give_up();
                    return;
                }
            },
            Job::Look(revision) => Request::Look {
                image: self.open_image(),
                fixations: self.inputs.fixations().to_vec(),
                text: self.inputs.text(),
                compare_with: self.phrases.edit.as_ref().filter(|e| e.revision == revision).map(|e| e.before.clone()),
            },
            Job::Model => {
                self.forget_the_other_device();
                match self.domains.hand_over() {
                    Some(files) => Request::Load { backend: active, files },
                    None => {
                        self.schedule.give_up();
                        return;
                    }
                }
            }
            Job::Student(place) => Request::Student { image: self.open_image(), place },
            Job::Describe => Request::Describe {
                image: self.open_image(),
                fixations: self.question_of_words(),
                student: self.student,
                modality: self.modality(),
            },
            Job::Gaze(number) => Request::Simulate { image: self.open_image(), seed: number, student: self.student },
            Job::Export(_) => match self.drawn() {
                Some(drawn) => Request::Export { image: self.open_image(), drawn },
                None => {
                    self.schedule.give_up();
                    return;
                }
            },
            Job::Compare(_) => Request::Compare(self.comparison(self.open_image())),
            Job::Learn(_) => Request::Learn(self.learners(self.open_image())),
            Job::LearnStep => Request::LearnStep(self.learning_step(self.open_image())),
            Job::Masks(_) => Request::Masks { image: self.open_image(), fixations: self.inputs.fixations().to_vec() },
        };
        let sent = self.send(active, body);
        self.last_job = self.last_request;
        if let Err(error) = sent {
            self.schedule.give_up();
            if job == Job::Describe {
                self.not_described(message!("engine-unreachable", error = error.clone()));
            }
            self.show_message(message!("engine-unreachable", error = error));
        }
    }

    fn open_image(&self) -> u64 {
        self.schedule.open_image().unwrap_or_default()
    }

    /// The image with this number, if it is still of interest.
    fn source(&self, image: u64) -> Option<&Source> {
        [&self.wanted, &self.current].into_iter().flatten().find(|s| s.request.image == image)
    }

    /// Sends a request with a new number.
    fn send(&mut self, backend: Backend, body: Request) -> Result<(), Message> {
        self.last_request += 1;
        self.link.send(backend, Envelope { id: self.last_request, body })
    }

    /// Wishes for an image; it shows when its picture comes.
    pub fn want(&mut self, source: Source) {
        self.say(&say!("opening", title = source.origin.title.clone()));
        self.schedule.want_image(source.request.image);
        self.wanted = Some(source);
    }

    /// An answer of an engine, and what is to be done about the devices after it.
    pub fn answered(&mut self, backend: Backend, answer: Envelope<Response>) -> Orders {
        let starting = self.is_starting(backend);
        match answer.body {
            Response::Alive => {
                let files = self.manifest.as_ref().map(|manifest| self.domains.files(manifest)).unwrap_or_default();
                let sent = self.send(backend, Request::Load { backend, files });
                sent.map_or_else(|error| self.devices.failed(backend, error), |()| Orders::default())
            }
            Response::Loaded(mut report) => {
                // The browser tells the window more about the adapter than it tells wgpu.
                if backend == Backend::WebGpu && !self.adapter.is_empty() {
                    report.adapter.clone_from(&self.adapter);
                }
                if starting {
                    self.devices.loaded(report)
                } else if answer.id == self.last_job {
                    self.changed_domain(report)
                } else {
                    Orders::default()
                }
            }
            Response::Refused(why) if starting => self.devices.failed(backend, why),
            Response::Panicked(why) => self.devices.failed(backend, why),
            // What an engine says that is not in charge any more is of no interest, and so is an answer to an old request.
            _ if self.devices.active() != Some(backend) || answer.id != self.last_job => Orders::default(),
            Response::Picture(picture) => {
                self.picture(picture);
                Orders::default()
            }
            Response::Opened(opened) => self.opened(opened),
            Response::Seen(seen) => self.seen(seen),
            Response::Student(seen) => self.student_seen(seen),
            Response::Masks(masks) => self.masks(masks),
            Response::Described(described) => self.described(described),
            Response::Simulated(gaze) => self.simulated(gaze),
            Response::Exported(exported) => self.exported(&exported),
            Response::Compared(compared) => self.compared(*compared),
            Response::Learnt(answer) => self.learnt(answer),
            Response::Refused(why) => self.refused(why),
        }
    }

    fn picture(&mut self, picture: Picture) {
        let shown = self.stage.set_picture(&picture.rgba.0, picture.shown, picture.native);
        if let Err(error) = shown {
            self.show_message(error);
        }
        self.dom.loading.set_hidden(true);
        // The same image again, for another engine: the gaze on it stays.
        if self.current.as_ref().is_some_and(|c| c.request.image == picture.image) {
            return;
        }
        let Some(source) = self.wanted.take_if(|w| w.request.image == picture.image) else { return };
        panels::origin(&self.dom, &source.origin, picture.native);
        self.phrases.reset(&source.descriptions);
        self.current = Some(source);
        let (size, case_gaze, notes) = (picture.native, picture.fixations, picture.notes);
        self.found = Findings { size, case_gaze, notes, ..Findings::default() };
        self.show_own_note();
        (self.press, self.cursor, self.waiting_since) = (None, None, None);
        (self.compare.answer, self.compare.dirty) = (None, true);
        self.replay = None;
        self.schedule.want_export(None);
        self.done.clear();
        let domain = self.manifest.as_ref().map_or(Modality::Polyp, |m| m.domain);
        self.inputs.reset(domain, self.found.case_gaze.clone());
        if let Some(said) = self.phrases.list.first() {
            self.inputs.describe(&Wording::new(said.clone()));
        }
        self.schedule.want_look(self.inputs.revision());
        self.give_asked();
        self.clear_heat();
        if self.message_of_image {
            self.close_message();
        }
        self.brought_is_shown(picture.image);
        self.show_scores();
    }

    fn opened(&mut self, opened: Opened) -> Orders {
        self.schedule.finish();
        if self.current.as_ref().is_some_and(|c| c.request.image == opened.image) {
            self.timing.embed = Some(opened.embed_ms);
            self.show_timing();
            let title = self.current.as_ref().map(|c| c.origin.title.to_string()).unwrap_or_default();
            self.done = words::opened(&title, &opened);
            self.found.students.insert(opened.place, opened.student);
            self.found.truth = opened.truth;
            self.found.likeness = opened.likeness;
            self.show_own_note();
            (self.compare.dirty, self.live.dirty) = (true, true);
            // Another one may have been chosen meanwhile.
            let drawn = self.found.students.contains_key(&self.student);
            self.schedule.want_student(Some(self.student).filter(|_| !drawn));
            self.show_scores();
        }
        Orders::default()
    }

    fn seen(&mut self, seen: Seen) -> Orders {
        let Some(Job::Look(revision)) = self.schedule.finish() else { return Orders::default() };
        // A look at an image that has just been replaced on the stage.
        if self.current.as_ref().is_none_or(|c| c.request.image != seen.image) {
            return Orders::default();
        }
        self.phase = Phase::Running;
        if let Some(edit) = self.phrases.edit.as_mut().filter(|e| e.revision == revision) {
            edit.drawn = true;
            self.found.change.clone_from(&seen.change);
        }
        // While a newer change waits, its own mask will be announced.
        if revision == self.inputs.revision() && !self.replay.as_ref().is_some_and(Replay::playing) {
            self.say(&words::seen(&self.done, &seen, self.inputs.fixations().len()));
            // With the words of these looks it is said once more.
            if !self.inputs.awaits_words() {
                self.done.clear();
            }
        }
        let (teacher_ms, engine_ms) = (seen.teacher_ms, seen.total_ms);
        let shown = self.stage.set_heat(seen.heat.as_ref().map(|h| (h.values.0.as_slice(), h.size)));
        let sure = &seen.confidence;
        let shown = shown.and_then(|()| self.stage.set_confidence(Some((&sure.values.0, sure.size))));
        if let Err(error) = shown {
            self.show_message(error);
        }
        if seen.heat.is_none() {
            self.found.gaze = None;
        }
        self.found.attention = seen.attention;
        self.found.looks += 1;
        self.found.teacher = Some(seen.teacher);
        self.show_scores();
        self.draw();
        self.clock_look(revision, teacher_ms, engine_ms);
        self.at_rest()
    }

    fn masks(&mut self, masks: GazeMasks) -> Orders {
        self.schedule.finish();
        let current = self.current.as_ref().is_some_and(|c| c.request.image == masks.image);
        self.found.gaze = Some(masks).filter(|_| current && !self.inputs.fixations().is_empty());
        self.at_rest()
    }

    fn refused(&mut self, why: Message) -> Orders {
        match self.schedule.give_up() {
            Some(Job::Open(image)) => {
                self.wanted.take_if(|w| w.request.image == image);
                self.sharing.forget_asked();
                self.say(&say!("not-opened"));
                self.dom.loading.set_hidden(true);
                self.phase = Phase::Running;
                self.brought_is_refused(image, why);
                return self.at_rest();
            }
            Some(Job::Model) => {
                drop(self.domains.take_back());
                self.not_changed(why);
                return self.at_rest();
            }
            Some(Job::Learn(_) | Job::LearnStep) => {
                self.not_learnt(why);
                return self.at_rest();
            }
            Some(Job::Describe) => {
                self.not_described(why);
                self.done.clear();
                self.say(&say!("not-described"));
                return self.at_rest();
            }
            _ => self.say(&say!("engine-silent")),
        }
        self.dom.loading.set_hidden(true);
        self.phase = Phase::Running;
        self.show_image_message(why);
        self.at_rest()
    }

    pub(super) fn at_rest(&mut self) -> Orders {
        // A job that is due goes first.
        self.pump();
        if self.schedule.running().is_none() { self.devices.at_rest() } else { Orders::default() }
    }

    fn clear_heat(&mut self) {
        // Taking maps away cannot fail.
        drop(self.stage.set_heat(None));
        drop(self.stage.set_confidence(None));
    }

    /// Shows how the devices are, and how long the one in charge takes.
    pub(super) fn show_devices(&mut self) {
        panels::devices(&self.dom, &self.devices);
        let report = self.devices.active().and_then(|active| self.devices.status(active).report());
        self.timing.embed = report.map(|report| report.embed_ms).or(self.timing.embed);
        self.show_timing();
    }

    /// Does what a decision about the devices demands, except to start a worker.
    pub fn carry_out(&mut self, orders: &Orders) {
        if let Some(backend) = orders.stop {
            self.link.stop(backend);
        }
        if orders.switch.is_some() || orders.start.is_some() && self.devices.active().is_none() {
            self.schedule.restart();
            // What was learnt is lost with the engine that held it.
            self.live.start_anew();
            if let Some(name) = self.domains.take_back() {
                self.not_changed(message!("engine-broke-down-loading", name = name));
            }
        }
        if orders.switch.is_some() && self.manifest.as_ref().is_some_and(|m| m.gallery.is_empty()) {
            // Without a gallery the page waits for the visitor's image.
            self.phase = Phase::Running;
            self.dom.loading.set_hidden(true);
        }
        self.show_devices();
        if let Some(message) = &orders.say {
            self.show_message(message.clone());
        }
        if let Some(why) = &orders.fatal {
            self.break_down(why.clone());
        }
    }

    /// The page cannot go on.
    pub fn break_down(&mut self, why: Message) {
        self.phase = Phase::Broken;
        self.broken_by = Some(why.clone());
        self.dom.loading.set_hidden(true);
        self.say(&say!("page-stopped"));
        self.dom.say("device", &say!("device-stopped"));
        self.show_message(why);
    }
}
