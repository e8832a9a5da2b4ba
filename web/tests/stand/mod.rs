//! The real `index.html` in a real browser, with a recorder in place of the engines: what the tests of the app stand on.
#![allow(clippy::unwrap_used, dead_code, missing_docs, unreachable_pub)]

mod browser;
mod bundle;

use std::{cell::RefCell, rc::Rc};

use fovea_shared::{
    bundle::{CaseDescription, Manifest, domain_folder},
    description::{Description, Field, Modality, Source},
    distill::Strategies,
};
use fovea_web::{
    app::{
        Page,
        engines::{
            devices::{Devices, Wish},
            workers::{Answers, Link},
        },
    },
    protocol::{
        AttentionMap, Backend, Before, Blob, Change, Described, Drawn, Envelope, Heat, Opened, Outline, Picture,
        Request, Response, Seen, Text,
    },
    startup,
    text::Message,
};

// No test takes all of these.
#[allow(unused_imports)]
pub use browser::{chips, choose, click, js, key, on_phrase, open_tab, pointer, text, toggle, wait};
#[allow(unused_imports)]
pub use bundle::{STUDENTS, download, manifest, model_file, report};

/// Keeps and hands over what the visitor brings.
const INCOMING: &str = include_str!("../../../www/incoming.js");

/// Keeps what the app sends.
#[derive(Clone, Default)]
pub struct Recorder {
    pub sent: Rc<RefCell<Vec<(u64, String)>>>,
}

impl Link for Recorder {
    fn start(&mut self, backend: Backend, _: Answers) -> Result<(), Message> {
        self.sent.borrow_mut().push((0, format!("start {backend}")));
        Ok(())
    }
    fn stop(&mut self, backend: Backend) {
        self.sent.borrow_mut().push((0, format!("stop {backend}")));
    }
    fn send(&mut self, _: Backend, request: Envelope<Request>) -> Result<(), Message> {
        let text = match request.body {
            Request::Load { files, .. } => {
                let manifest = Manifest::parse(&files["manifest.json"].0).unwrap();
                let model = files.len() - 1;
                format!("load {} {model}", domain_folder(manifest.domain))
            }
            Request::ReadDicom(file) => format!("dicom {}", file.name),
            Request::Open(open) => format!("open {}", open.file.name),
            Request::Look { fixations, text, compare_with, .. } => {
                let words = |t: &Text| {
                    t.phrases.iter().map(|p| format!(" {}={}", p.field().name(), p.word().name)).collect::<String>()
                };
                let looks = |before: &Before| match before.fixations == fixations {
                    true => String::new(),
                    false => format!(" {}", before.fixations.len()),
                };
                let before = compare_with.map(|b| format!(" after{}{}", looks(&b), words(&b.text))).unwrap_or_default();
                format!("look {}{}{before}", fixations.len(), words(&text))
            }
            Request::Student { place, .. } => format!("student {place}"),
            Request::Describe { fixations, .. } => format!("describe {}", fixations.len()),
            Request::Masks { fixations, .. } => format!("masks {}", fixations.len()),
            Request::Simulate { seed, student, .. } => format!("simulate {seed} {student}"),
            Request::Export { drawn: Drawn::Teacher { fixations, .. }, .. } => format!("write {}", fixations.len()),
            Request::Export { drawn: Drawn::Student(place), .. } => format!("write student {place}"),
            Request::Compare(request) => format!("compare {:?} {:?}", request.places, request.against),
            Request::Resemble(ask) => format!("resemble {}", ask.kinds.len()),
            Request::Learn(request) => format!("learn {} on {}", request.students.len(), 1 + request.more.len()),
            Request::LearnStep(ask) => format!("step {} {}", ask.steps, ask.fixations.len()),
            Request::TeachRead(picture) => format!("read {} {:?}", picture.file.name, picture.role),
            Request::TeachReadOn(picture) => format!("read on {picture}"),
            Request::TeachTell(tell) => format!("tell {}", tell.picture),
            Request::Teach(ask) => format!("teach {} unseen {}", ask.taught.len(), ask.unseen.len()),
            Request::TeachStep(ask) => format!("teach step {} draw {}", ask.steps, ask.draw),
            Request::TeachDraw(ask) => format!("draw {:?} with {}", ask.pictures, ask.course),
            Request::TeachExport(course) => format!("write taught {course}"),
            Request::TeachForget(what) => format!("forget {what:?}"),
        };
        self.sent.borrow_mut().push((request.id, text));
        Ok(())
    }
}

/// A page whose engine is played by the test.
pub struct Stand {
    pub page: Page,
    pub recorder: Recorder,
}

impl Stand {
    /// A page on which the CPU is ready, with the polyp bundle of [`STUDENTS`].
    pub async fn new() -> Self {
        Self::of(&STUDENTS).await
    }

    /// A page on which the CPU is ready, with a polyp bundle of these students, and a prostate bundle to change to.
    pub async fn of(students: &[Strategies]) -> Self {
        startup::ready();
        // The page of the test before must not write the address any more, and what it wrote is no wish of this one's.
        let quiet = "for (let timer = setTimeout(() => {}); timer > 0; timer--) clearTimeout(timer);
            history.replaceState(null, '', location.pathname + location.search)";
        js("", quiet, &[]);
        // The language is the browser's, and not what a test before has chosen.
        js("", "localStorage.removeItem('fovea-language')", &[]);
        let html = include_str!("../../../www/index.html");
        let body = &html[html.find("<body>").unwrap() + 6..html.find("</body>").unwrap()];
        // Beside the runner's own output, which must stay.
        let put = "const old = document.querySelector('#host'); if (old) old.remove();
            const host = document.createElement('div'); host.id = 'host'; host.innerHTML = html; document.body.append(host);";
        js("html", put, &[body.into()]);
        js(
            "",
            "for (const s of ['#stage', '#stage-canvas']) document.querySelector(s).style.cssText = 'position: fixed; left: 0; top: 0; width: 400px; height: 400px; margin: 0'",
            &[],
        );
        // The script of the head, which outlives the page of each test.
        js("", &format!("if (!globalThis.foveaIncoming) {{ {INCOMING} }}"), &[]);
        let recorder = Recorder::default();
        let page = Page::mount(Box::new(recorder.clone()), Devices::new(Wish::Cpu)).unwrap();
        let stand = Self { page, recorder };
        stand.page.boot(std::future::ready(Ok(download(students)))).await;
        stand.answer(0, Response::Alive);
        stand.answer(1, Response::Loaded(report()));
        stand
    }

    /// A page with an open image, the look without gaze answered, and nothing to be said about it.
    pub async fn open() -> Self {
        Self::open_with(vec![]).await
    }

    /// A page with an open image that is described as oval, in the upper left, and by another source as red; looks answered.
    pub async fn described() -> Self {
        let measured =
            said(Source::Measured, &[(Field::Location, "upper_left"), (Field::Shape, "oval")], Some("A caveat."));
        let stand =
            Self::open_with(vec![measured, said(Source::Distilled("LLaVA".into()), &[(Field::Colour, "red")], None)])
                .await;
        stand.expect(&format!("look 0{OVAL}"));
        stand.answer_last(seen("oval", attention(&[("location", "upper_left", 3), ("shape", "oval", 20)]), None));
        stand
    }

    pub async fn open_with(descriptions: Vec<CaseDescription>) -> Self {
        let stand = Self::new().await;
        stand.choose("one.png").await;
        stand.expect("open one.png");
        stand.picture(1);
        stand.answer_last(Response::Opened(Opened {
            image: 1,
            embed_ms: 50.0,
            student: outline("s", Some(0.5)),
            place: 0,
            truth: None,
            likeness: None,
        }));
        stand.seen("none");
        stand.expect("describe 0");
        stand.described_as(descriptions);
        stand
    }

    pub fn answer(&self, id: u64, body: Response) {
        self.page.answer(Backend::Cpu, Envelope { id, body });
    }

    pub fn answer_last(&self, body: Response) {
        let id = self.recorder.sent.borrow().last().unwrap().0;
        self.answer(id, body);
    }

    pub fn picture(&self, image: u64) {
        let rgba = Blob(vec![200; 4 * 4 * 4]);
        self.answer_last(Response::Picture(Picture {
            image,
            native: (40, 40),
            shown: (4, 4),
            rgba,
            fixations: vec![],
            notes: vec![],
        }));
    }

    pub fn seen(&self, hash: &str) {
        self.answer_last(seen(hash, vec![], None));
    }

    pub fn described_as(&self, descriptions: Vec<CaseDescription>) {
        self.answer_last(Response::Described(Described { image: 1, descriptions }));
    }

    /// Gives the page a file as a visitor does, and waits until it is read: a request is sent, or a
    /// message says why not.
    pub async fn choose(&self, name: &str) {
        self.choose_made_of(name, "'bytes'").await;
    }

    /// The same with a file that is made of these JavaScript values.
    pub async fn choose_made_of(&self, name: &str, parts: &str) {
        let give = format!(
            "const data = new DataTransfer(); data.items.add(new File([{parts}], name));
            document.querySelector('#file').files = data.files; document.querySelector('#file').dispatchEvent(new Event('change', {{ bubbles: true }}));"
        );
        let before = (self.recorder.sent.borrow().len(), shown_message());
        js("name", &give, &[name.into()]);
        for _ in 0..1000 {
            if before != (self.recorder.sent.borrow().len(), shown_message()) {
                return;
            }
            let turn = js("", "return new Promise(done => setTimeout(done, 10))", &[]);
            wasm_bindgen_futures::JsFuture::from(js_sys::Promise::from(turn)).await.unwrap();
        }
        panic!("the file was not read");
    }

    /// Waits until the page has sent this request.
    pub async fn expect_soon(&self, request: &str) {
        for _ in 0..1000 {
            if self.recorder.sent.borrow().last().is_some_and(|sent| sent.1 == request) {
                return;
            }
            let turn = js("", "return new Promise(done => setTimeout(done, 10))", &[]);
            wasm_bindgen_futures::JsFuture::from(js_sys::Promise::from(turn)).await.unwrap();
        }
        self.expect(request);
    }

    /// Waits until the page shows this message.
    pub async fn expect_message_soon(&self, message: &str) {
        for _ in 0..1000 {
            if shown_message() == message {
                return;
            }
            wait(10).await;
        }
        assert_eq!(shown_message(), message);
    }

    pub fn expect(&self, request: &str) {
        let sent = self.recorder.sent.borrow();
        assert_eq!(sent.last().map(|s| s.1.as_str()), Some(request), "{sent:?}");
    }
}

/// The message over the stage.
fn shown_message() -> String {
    js("", "return document.querySelector('#message-text').textContent", &[]).as_string().unwrap_or_default()
}

/// What the teacher reads of [`Stand::described`].
pub const OVAL: &str = " location=upper_left shape=oval";

pub fn said(source: Source, words: &[(Field, &str)], caveat: Option<&str>) -> CaseDescription {
    let mut description = Description::new(Modality::Polyp, source);
    words.iter().for_each(|(field, word)| description.set(*field, Some(word)).unwrap());
    description.confidence = 0.4;
    CaseDescription { description, caveat: caveat.map(str::to_string) }
}

/// Maps of 6x6 whose peak is at this place.
pub fn attention(phrases: &[(&str, &str, usize)]) -> Vec<AttentionMap> {
    let map = |(field, word, peak): &(&str, &str, usize)| AttentionMap {
        phrase: format!("polyp.{field}.{word}").parse().unwrap(),
        max: 0.25,
        size: (6, 6),
        values: Blob((0..36).map(|i| if i == *peak { 255 } else { 8 }).collect()),
    };
    phrases.iter().map(map).collect()
}

pub fn seen(hash: &str, attention: Vec<AttentionMap>, change: Option<Change>) -> Response {
    let teacher = outline(hash, Some(0.75));
    let confidence = Heat { size: (1, 1), values: Blob(vec![200]) };
    Response::Seen(Seen {
        image: 1,
        teacher_ms: 1.0,
        total_ms: 2.0,
        teacher,
        student: None,
        lesions: None,
        heat: None,
        confidence,
        attention,
        change,
    })
}

/// The teacher outlines nothing.
pub fn nothing_seen() -> Response {
    let Response::Seen(seen) = seen("none", vec![], None) else { unreachable!() };
    let teacher = Outline { loops: vec![], points: Blob(vec![]), area: 0, ..outline("none", Some(0.0)) };
    Response::Seen(Seen { teacher, ..seen })
}

/// A change of 400 pixels by so many gained and lost.
pub fn change(gained: u32, lost: u32) -> Option<Change> {
    let region = |area| Outline { area, ..outline("r", None) };
    Some(Change {
        gained: region(gained),
        lost: region(lost),
        area_before: 400,
        gained_share: gained as f32 / 400.0,
        lost_share: lost as f32 / 400.0,
        dice_before: Some(0.5),
    })
}

pub fn outline(hash: &str, dice: Option<f32>) -> Outline {
    let points = [0.1_f32, 0.1, 0.9, 0.1, 0.5, 0.9].iter().flat_map(|v| v.to_le_bytes()).collect();
    Outline { loops: vec![3], points: Blob(points), size: (40, 40), area: 400, hash: hash.into(), dice }
}
