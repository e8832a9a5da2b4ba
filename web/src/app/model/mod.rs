//! What the page knows: the open image and what was found on it, gaze and words, layers, bundles,
//! devices, the work that is due. It knows no feature and no element.

pub mod basis;
pub mod bundles;
pub mod choice;
pub mod command;
pub mod dicom;
pub mod handle;
pub mod image;
pub mod inputs;
pub mod named;
pub mod notice;
pub mod replay;
pub mod sentence;
pub mod wording;

use fovea_shared::{
    bundle::Manifest,
    description::{Field, Modality},
    gaze::GazeOrigin,
};

use super::{
    canvas::layers::{Layer, Layers},
    engines::{devices::Devices, schedule::Schedule},
};
use crate::{
    clock::now_ms,
    protocol::{Before, Outline},
    text::Message,
};
pub use bundles::Bundles;
pub use command::Command;
use dicom::DicomFiles;
pub use handle::Handle;
pub use image::{Findings, GazeSource, Origin, Source};
pub use inputs::Inputs;
pub use notice::Notice;
pub use replay::Replay;

/// How far the page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing can be asked for yet.
    Loading,
    /// In use.
    Running,
    /// The page has stopped, and why.
    Broken(Message),
}

/// A change of gaze or words whose effect is to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// Revision of the inputs after it.
    pub revision: u64,
    /// What the teacher was given before.
    pub before: Before,
    /// Whether its mask has been drawn.
    pub drawn: bool,
}

/// Everything that more than one part of the page reads.
pub struct Model {
    /// How far the page is.
    pub phase: Phase,
    /// The bundles, and their files, kept for an engine that starts later.
    pub bundles: Bundles,
    /// The manifest of the bundle in use.
    pub manifest: Option<Manifest>,
    /// The student that is shown: its place in the manifest.
    pub student: usize,
    /// Which device computes.
    pub devices: Devices,
    /// What the engine is to do.
    pub schedule: Schedule,
    /// DICOM files that wait for the engine.
    pub dicom: DicomFiles,
    /// Gaze and words.
    pub inputs: Inputs,
    /// The last change of gaze or words, while its effect is shown.
    pub edit: Option<Edit>,
    /// The layers.
    pub layers: Layers,
    /// A scanpath that is played back.
    pub replay: Option<Replay>,
    /// The open image.
    pub current: Option<Source>,
    /// The image that is to be opened.
    pub wanted: Option<Source>,
    /// What was found on the open image.
    pub found: Findings,
    /// Number of the last image asked for.
    pub last_image: u64,
    /// Whether files of the visitor, or of the gallery, are being read or sorted.
    pub reading: bool,
    /// Whether the program still loads, or the first image.
    pub loading: bool,
    /// What the visitor did last, for the status line.
    pub done: String,
    /// Revision of the gaze and the moment it was made (ms), until its mask is drawn.
    pub waiting_since: Option<(u64, f64)>,
    /// The status line.
    pub status: String,
    /// The message over the stage.
    pub notice: Notice,
    /// Whether a viewing lasts: the pointer then moves the sharp disc and makes no points.
    pub viewing: bool,
    /// Whether what is brought now belongs to the visitor's collection.
    pub collecting: bool,
    /// Whether this change leaves the stage as it is.
    pub stage_as_before: bool,
    commands: Vec<Command>,
}

impl Model {
    /// The model of a page that begins.
    pub fn new(devices: Devices) -> Self {
        Self {
            phase: Phase::Loading,
            bundles: Bundles::default(),
            manifest: None,
            student: 0,
            devices,
            schedule: Schedule::default(),
            dicom: DicomFiles::default(),
            inputs: Inputs::default(),
            edit: None,
            layers: Layers::default(),
            replay: None,
            current: None,
            wanted: None,
            found: Findings::default(),
            last_image: 0,
            reading: false,
            loading: true,
            done: String::new(),
            waiting_since: None,
            status: String::new(),
            notice: Notice::default(),
            viewing: false,
            collecting: false,
            stage_as_before: false,
            commands: Vec::new(),
        }
    }

    /// Asks the shell for what concerns other features.
    pub fn send(&mut self, command: Command) {
        self.commands.push(command);
    }

    /// What was asked of the shell since the last time.
    pub fn take_commands(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.commands)
    }

    /// Writes the status line.
    pub fn say(&mut self, text: impl Into<String>) {
        self.status = text.into();
    }

    /// Shows a message that stays until the visitor closes it.
    pub fn show_message(&mut self, message: Message) {
        self.notice = Notice { message, of_image: false };
    }

    /// Shows a message about an image, which goes when another image opens.
    pub fn show_image_message(&mut self, message: Message) {
        self.notice = Notice { message, of_image: true };
    }

    /// Hides the message.
    pub fn close_message(&mut self) {
        self.notice = Notice::default();
    }

    /// Number of the open image, if one is open.
    pub fn image(&self) -> Option<u64> {
        self.current.as_ref().map(|current| current.request.image)
    }

    /// Whether the image with this number is open.
    pub fn is_open(&self, image: u64) -> bool {
        self.image() == Some(image)
    }

    /// Whether the open image is the visitor's own.
    pub fn is_own(&self) -> bool {
        self.current.as_ref().is_some_and(|current| current.origin.case.is_none())
    }

    /// Where the gaze that came with the image comes from, where that is known.
    pub fn origin_of_case_gaze(&self) -> Option<GazeOrigin> {
        self.current.as_ref()?.origin.gaze?.origin()
    }

    /// What the open image and the gaze on it are: that which is given, else that which came with the image.
    pub fn labels(&self) -> Vec<Message> {
        let Some(current) = &self.current else { return Vec::new() };
        let mut labels = current.origin.labels.clone();
        if let (Some(label), false) = (labels.last_mut(), self.inputs.fixations().is_empty()) {
            *label = self.inputs.origin().map_or(GazeSource::Unknown, GazeSource::From).label();
        }
        labels
    }

    /// Whether the visitor looks somewhere and the teacher outlines nothing for it.
    pub fn sees_nothing(&self) -> bool {
        !self.inputs.fixations().is_empty() && self.found.teacher.as_ref().is_some_and(|teacher| teacher.area == 0)
    }

    /// Whether a scanpath is being played.
    pub fn playing(&self) -> bool {
        self.replay.as_ref().is_some_and(Replay::playing)
    }

    /// `data-state`.
    pub fn phase_name(&self) -> &'static str {
        match self.phase {
            Phase::Loading => "loading",
            Phase::Broken(_) => "error",
            Phase::Running if self.schedule.busy() || self.reading => "busy",
            Phase::Running if self.bundles.wanted.is_some() => "busy",
            Phase::Running => "ready",
        }
    }

    /// The present outline of a layer.
    pub fn outline(&self, layer: Layer) -> Option<&Outline> {
        let gaze = self.found.gaze.as_ref();
        match layer {
            Layer::Heat | Layer::Confidence => None,
            Layer::Background => gaze.map(|g| &g.background),
            Layer::Broad => gaze.map(|g| &g.broad),
            Layer::HighConfidence => gaze.map(|g| &g.high_confidence),
            Layer::Student => self.found.students.get(&self.student),
            Layer::Teacher => self.found.teacher.as_ref(),
            Layer::Truth => self.found.truth.as_ref(),
        }
    }

    /// What kind of image is open.
    pub fn modality(&self) -> Modality {
        self.inputs.wording().modality()
    }

    /// Whether the words of a field are offered: not where the bundle says that they do not steer
    /// its teacher.
    pub fn offers(&self, field: Field) -> bool {
        self.manifest.as_ref().is_none_or(|manifest| manifest.offers(field))
    }

    /// The fixations have changed.
    pub fn gaze_changed(&mut self, done: String) {
        self.stop_replay();
        self.given_changed(done);
    }

    /// The inputs have changed: a new mask is due, and the clock runs.
    pub fn changed(&mut self, done: String) {
        self.done = done;
        self.schedule.want_look(self.inputs.revision());
        self.waiting_since = Some((self.inputs.revision(), now_ms()));
    }

    /// Gaze or words have changed: a new mask is due, and with it what the change did. Changes whose
    /// mask was not drawn yet count as one, and so does a whole drag.
    pub fn given_changed(&mut self, done: String) {
        let open = self.edit.take().filter(|e| !e.drawn);
        let before = open.map(|e| e.before).or_else(|| self.inputs.before());
        self.edit = before.filter(|before| *before != self.inputs.given()).map(|before| Edit {
            revision: self.inputs.revision(),
            before,
            drawn: false,
        });
        // While something is dragged, what has changed so far stays until the next mask.
        if self.edit.is_none() || !self.inputs.moving() {
            self.found.change = None;
        }
        self.changed(done);
    }

    /// The teacher is given other words without a step of the visitor's: they belong to the last
    /// change.
    pub fn words_came(&mut self) {
        if let Some(edit) = &mut self.edit {
            edit.revision = self.inputs.revision();
        }
        self.schedule.want_look(self.inputs.revision());
    }

    /// Forgets what the last change did.
    pub fn dismiss_change(&mut self) {
        self.edit = None;
        self.found.change = None;
    }

    /// Everything else that happens to the gaze ends a replay.
    pub fn stop_replay(&mut self) {
        if self.replay.take().is_some() {
            self.inputs.end_drag();
        }
    }

    /// Asks for an image; it shows when its picture comes.
    pub fn want(&mut self, source: Source) {
        self.say(crate::text::say!("opening", title = source.origin.title.clone()));
        self.schedule.want_image(source.request.image);
        self.wanted = Some(source);
    }

    /// Shows another student, and asks for its outline where that is not drawn yet.
    pub fn choose_student(&mut self, place: usize) {
        self.student = place;
        let drawn = self.found.students.contains_key(&place);
        self.schedule.want_student(Some(place).filter(|_| !drawn && self.current.is_some()));
    }

    /// The page has stopped.
    pub fn break_down(&mut self, why: Message) {
        self.phase = Phase::Broken(why.clone());
        self.dicom.give_up(&why);
        self.loading = false;
        self.say(crate::text::say!("page-stopped"));
        self.show_message(why);
    }

    /// How names of files about the open image begin.
    pub fn stem(&self) -> String {
        let origin = self.current.as_ref().map(|current| &current.origin);
        let name = origin.map(|o| o.case.clone().map_or_else(|| o.title.to_string(), |case| format!("{case}.")));
        plain_stem(&name.unwrap_or_default())
    }
}

/// Name without its extension and without what file names cannot hold.
fn plain_stem(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let plain = |c: char| if c.is_alphanumeric() || "-_ .".contains(c) { c } else { '_' };
    let stem: String = stem.chars().map(plain).collect();
    if stem.trim().is_empty() { "image".into() } else { stem }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_made_plain() {
        assert_eq!(plain_stem("polyp 3.JPG"), "polyp 3");
        assert_eq!(plain_stem("a/b:c.png"), "a_b_c");
        assert_eq!((plain_stem(""), plain_stem(".png")), ("image".into(), "image".into()));
    }
}
