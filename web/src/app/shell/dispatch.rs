//! What the engines are told, and which feature gets their answers.

use fovea_shared::description::Modality;

use super::App;
use crate::{
    app::{
        bundles,
        canvas::layers::Layer,
        engines::schedule::Job,
        model::{Findings, Phase, Source, bundles::Arrived, wording::Wording},
        status::sentences,
        students,
    },
    clock::now_ms,
    protocol::{Backend, Envelope, GazeMasks, OpenRequest, Opened, Picture, Report, Request, Response, Seen},
    text::{Message, message, say},
};
use wasm_bindgen::JsValue;

impl App {
    /// Hands the next job to the engine that is in charge, if it is free and there is one.
    pub(super) fn pump(&mut self) {
        self.work.pumps += 1;
        self.send_dicom();
        let model = &mut self.model;
        let shown = [Layer::HighConfidence, Layer::Broad, Layer::Background].into_iter().any(|l| model.layers.on(l));
        model.schedule.want_masks(shown && !model.inputs.fixations().is_empty());
        self.words.wish(model);
        self.compare.wish(model);
        self.live.wish(model);
        // One of them teaches: the one that is in front.
        if !self.own.wish(model) {
            self.teach.wish(model);
        }
        self.incoming.wish(model);
        let Some(active) = model.devices.active() else { return };
        let Some(job) = model.schedule.next_job() else { return };
        let Some(body) = self.request(job, active) else {
            self.model.schedule.give_up();
            return;
        };
        let sent = self.send(active, body);
        self.last_job = self.last_request;
        if let Err(error) = sent {
            self.model.schedule.give_up();
            let why = message!("engine-unreachable", error = error);
            if job == Job::Describe {
                self.words.not_described(&mut self.model, why.clone());
            }
            self.model.show_message(why);
        }
    }

    /// A job as a request; nothing where what it needs is gone.
    fn request(&mut self, job: Job, active: Backend) -> Option<Request> {
        let image = self.model.schedule.open_image().unwrap_or_default();
        let model = &self.model;
        let fixations = || model.inputs.fixations().to_vec();
        Some(match job {
            Job::Open(image) => {
                let source = [&model.wanted, &model.current].into_iter().flatten();
                let source = source.into_iter().find(|s| s.request.image == image)?;
                Request::Open(OpenRequest { student: model.student, ..source.request.clone() })
            }
            Job::Look(revision) => Request::Look {
                image,
                fixations: fixations(),
                text: model.inputs.text(),
                compare_with: model.edit.as_ref().filter(|e| e.revision == revision).map(|e| e.before.clone()),
            },
            Job::Model => {
                self.forget_the_other_device();
                Request::Load { backend: active, files: self.model.bundles.hand_over()? }
            }
            Job::Student(place) => Request::Student { image, place },
            Job::Describe => Request::Describe {
                image,
                fixations: self.words.question(model),
                student: model.student,
                modality: model.modality(),
            },
            Job::Gaze(number) => Request::Simulate { image, seed: number, student: model.student },
            Job::Export(_) => Request::Export { image, drawn: self.save.request()? },
            Job::Compare(_) => Request::Compare(self.compare.request(model, image)),
            Job::Learn(_) => Request::Learn(self.live.request(model, image)),
            Job::LearnStep => Request::LearnStep(self.live.step_request(model, image)),
            Job::Teach if self.own.is_open() => self.own.request()?,
            Job::Teach => self.teach.request()?,
            Job::Resemble => self.incoming.question(model, image)?,
            Job::Masks(_) => Request::Masks { image, fixations: fixations() },
        })
    }

    /// Sends a request with a new number.
    pub(super) fn send(&mut self, backend: Backend, body: Request) -> Result<(), Message> {
        self.last_request += 1;
        self.link.send(backend, Envelope { id: self.last_request, body })
    }

    /// An answer of an engine.
    pub(super) fn take_answer(&mut self, backend: Backend, answer: Envelope<Response>) {
        let Some(answer) = self.take_dicom(backend, answer) else { return };
        let starting = self.is_starting(backend);
        let orders = match answer.body {
            Response::Alive => {
                let model = &self.model;
                let files = model.manifest.as_ref().map(|manifest| model.bundles.files(manifest)).unwrap_or_default();
                match self.send(backend, Request::Load { backend, files }) {
                    Ok(()) => return,
                    Err(error) => self.model.devices.failed(backend, error),
                }
            }
            Response::Loaded(report) => return self.loaded(report, answer.id),
            Response::Refused(why) if starting => self.model.devices.failed(backend, why),
            Response::Panicked(why) => self.model.devices.failed(backend, why),
            // An engine that is not in charge any more, or an answer to an old request.
            _ if self.model.devices.active() != Some(backend) || answer.id != self.last_job => return,
            Response::Refused(why) => {
                self.answered = true;
                return self.refused(why);
            }
            Response::Picture(picture) => return self.picture(picture),
            done => {
                self.answered = true;
                return self.done(done);
            }
        };
        self.obey(orders);
    }

    /// The running job is done. What belongs to an image that is not open any more goes nowhere.
    fn done(&mut self, answer: Response) {
        let Some(job) = self.model.schedule.finish() else { return };
        if answer.image().is_some_and(|image| !self.model.is_open(image)) {
            return;
        }
        let model = &mut self.model;
        match answer {
            Response::Opened(opened) => self.opened(opened),
            Response::Seen(seen) => self.seen(seen, job),
            Response::Student(seen) => students::seen(model, seen),
            Response::Masks(masks) => self.masks(masks),
            Response::Described(described) => self.words.described(model, described),
            Response::Simulated(gaze) => self.gaze.simulated(model, gaze),
            Response::Exported(exported) => self.save.exported(model, &exported),
            Response::Compared(compared) => self.compare.compared(*compared),
            Response::Learnt(learnt) => self.live.learnt(model, learnt),
            Response::Resembled(answer) => self.incoming.resembled(model, answer),
            answer @ (Response::TeachReading(_)
            | Response::TeachTold(_)
            | Response::Taught(_)
            | Response::TeachDrew(_)
            | Response::TeachExported(_)
            | Response::TeachForgotten(_)) => {
                if self.own.awaits() {
                    self.own.done(model, answer);
                } else {
                    self.teach.done(model, answer);
                }
            }
            Response::Alive
            | Response::Loaded(_)
            | Response::DicomRead(_)
            | Response::Picture(_)
            | Response::Refused(_)
            | Response::Panicked(_) => {}
        }
    }

    fn loaded(&mut self, mut report: Report, id: u64) {
        let backend = report.backend;
        // The browser tells the window more about the adapter than it tells wgpu.
        if backend == Backend::WebGpu && !self.adapter.is_empty() {
            report.adapter.clone_from(&self.adapter);
        }
        if self.is_starting(backend) {
            let orders = self.model.devices.loaded(report);
            self.obey(orders);
        } else if id == self.last_job {
            self.changed_bundle(report);
        }
    }

    /// An image is decoded: it shows, and everything about the former one is forgotten.
    fn picture(&mut self, picture: Picture) {
        if let Err(error) = self.stage.open(&picture) {
            self.model.show_message(error);
        }
        let model = &mut self.model;
        model.loading = false;
        // The same image again, for another engine: the gaze on it stays.
        if model.is_open(picture.image) {
            return;
        }
        let Some(source) = model.wanted.take_if(|w| w.request.image == picture.image) else { return };
        self.words.open(&source.descriptions);
        let descriptions: Vec<Wording> = self.words.phrases.list.iter().cloned().map(Wording::new).collect();
        model.current = Some(source);
        self.look.open(model, &picture);
        let (size, case_gaze) = (picture.native, picture.fixations);
        let notes = model.current.iter().filter_map(|source| source.origin.note.clone()).chain(picture.notes).collect();
        let answers = model.found.answers + 1;
        model.found = Findings { size, case_gaze, notes, answers, ..Findings::default() };
        (model.replay, model.edit, model.waiting_since) = (None, None, None);
        self.gaze.forget();
        self.compare.forget_answer();
        model.schedule.want_export(None);
        model.done.clear();
        let domain = model.manifest.as_ref().map_or(Modality::Polyp, |m| m.domain);
        model.inputs.reset(domain, model.found.case_gaze.clone());
        if let Some(first) = descriptions.first() {
            model.inputs.describe(first);
        }
        model.schedule.want_look(model.inputs.revision());
        if self.share.give_asked(model, &descriptions) {
            self.words.phrases.version += 1;
        }
        if model.notice.of_image {
            model.close_message();
        }
        self.incoming.shown(model, picture.image);
        self.picture_of_lesson();
        self.teach.opened(&mut self.model);
        self.own.opened(&mut self.model);
    }

    fn opened(&mut self, opened: Opened) {
        let model = &mut self.model;
        self.about.times.embed = Some(opened.embed_ms);
        let title = model.current.as_ref().map(|c| c.origin.title.to_string()).unwrap_or_default();
        model.done = sentences::opened(&title, &opened);
        model.found.students.insert(opened.place, opened.student);
        model.found.truth = opened.truth;
        model.found.likeness = opened.likeness;
        self.incoming.opened(model);
        self.compare.redraw();
        self.live.redraw();
        // Another student may have been chosen meanwhile.
        model.choose_student(model.student);
    }

    fn seen(&mut self, seen: Seen, job: Job) {
        let Job::Look(revision) = job else { return };
        let model = &mut self.model;
        model.phase = Phase::Running;
        if let Some(edit) = &mut model.edit {
            let newest = edit.revision == revision;
            edit.drawn |= newest;
            // A drag is compared with its beginning, and so is every mask on its way.
            if newest || model.inputs.moving() {
                model.found.change.clone_from(&seen.change);
            }
        }
        // While a newer change waits, its own mask will be announced.
        if revision == model.inputs.revision() && !model.playing() {
            model.say(sentences::seen(&model.done, &seen, model.inputs.fixations().len()));
            // With the words of this gaze it is said once more.
            if !model.inputs.awaits_words() {
                model.done.clear();
            }
        }
        if let Some((_, since)) = model.waiting_since.take_if(|(r, _)| *r <= revision) {
            let took = now_ms() - since;
            self.latencies.push(&JsValue::from_f64(took));
            self.about.times.click = Some([took, seen.total_ms, seen.teacher_ms]);
        }
        if seen.heat.is_none() {
            model.found.gaze = None;
        }
        model.found.heat = seen.heat;
        model.found.confidence = Some(seen.confidence);
        model.found.attention = seen.attention;
        model.found.answers += 1;
        model.found.teacher = Some(seen.teacher);
        students::compared_with(model, seen.lesions, seen.student);
    }

    fn masks(&mut self, masks: GazeMasks) {
        let model = &mut self.model;
        model.found.gaze = Some(masks).filter(|_| !model.inputs.fixations().is_empty());
    }

    /// The engine cannot do the running job.
    fn refused(&mut self, why: Message) {
        let model = &mut self.model;
        match model.schedule.give_up() {
            Some(Job::Open(image)) => {
                model.wanted.take_if(|w| w.request.image == image);
                self.share.forget_asked();
                model.say(say!("not-opened"));
                model.loading = false;
                model.phase = Phase::Running;
                self.incoming.refused(model, image, why);
            }
            Some(Job::Model) => {
                drop(model.bundles.take_back());
                bundles::not_changed(model, why);
            }
            Some(Job::Learn(_) | Job::LearnStep) => self.live.not_learnt(why),
            Some(Job::Teach) if self.own.awaits() => self.own.refused(why),
            Some(Job::Teach) => self.teach.refused(why),
            Some(Job::Resemble) => self.incoming.not_resembled(&why),
            Some(Job::Describe) => {
                self.words.not_described(model, why);
                model.done.clear();
                model.say(say!("not-described"));
            }
            _ => {
                model.say(say!("engine-silent"));
                model.loading = false;
                model.phase = Phase::Running;
                model.show_image_message(why);
            }
        }
    }

    /// Takes a bundle into use.
    pub(super) fn adopt(&mut self, arrived: Arrived) {
        let model = &mut self.model;
        let manifest = model.bundles.adopt(arrived);
        // A student that the visitor has chosen is looked for in the new bundle too.
        let former = model.manifest.as_ref().filter(|m| m.default_student() != model.student);
        let kind = former.and_then(|m| m.students.get(model.student)).map(|s| s.kind);
        let same = kind.and_then(|kind| manifest.find_student(kind));
        model.student = same.unwrap_or_else(|| manifest.default_student());
        model.manifest = Some(manifest);
        self.compare.forget_students();
        self.live.forget();
        self.teach.forget(model);
        self.own.change_model();
    }

    /// The engine has accepted the model of another bundle.
    fn changed_bundle(&mut self, report: Report) {
        self.answered = true;
        self.model.schedule.finish();
        let Some(arrived) = self.model.bundles.accepted() else { return };
        self.about.times.embed = Some(report.embed_ms);
        self.model.devices.reported(report);
        self.adopt(arrived);
        crate::app::share::address_bar::write_address("domain", self.model.bundles.folder());
        let model = &mut self.model;
        model.schedule.forget_image();
        model.found = Findings { answers: model.found.answers + 1, ..Findings::default() };
        model.dismiss_change();
        model.waiting_since = None;
        self.gaze.forget();
        // A case that is being read for the former model is of no use to this one; a picture of the
        // visitor's is.
        let reading_own = self.incoming.reads_own();
        if !reading_own {
            self.incoming.stop_reading(model);
        }
        if model.notice.of_image {
            model.close_message();
        }
        let former = model.current.take();
        match model.wanted.take().or(former) {
            _ if reading_own => {}
            // The visitor's own image stays, and is read by the new model.
            Some(Source { origin, descriptions: _, request }) if !request.from_bundle => {
                let image = model.last_image;
                self.incoming.renumber(image);
                let request = OpenRequest { image, ..request };
                model.want(Source { origin, descriptions: Vec::new(), request });
            }
            _ => self.first_case = model.manifest.as_ref().and_then(|m| m.gallery.first()).map(|case| case.id.clone()),
        }
        if let Some(wanted) = self.share.arriving.take() {
            self.arrive(wanted);
        }
        self.bundle_of_lesson();
        if let Some(case) = self.first_case.take() {
            self.incoming.open_case(&mut self.model, &case);
        }
    }
}
