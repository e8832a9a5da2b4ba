//! The messages between the app and its engines: one enum each way, each in an envelope with the number of the request.
//!
//! Small values go through serde; pixels and points travel as [`Blob`], which becomes a `Uint8Array` that is transferred, not copied
//! once more.

mod answers;
mod compare;
mod dicom;
mod live;
mod outline;
mod resemble;
mod teach;
mod wire;

use std::{collections::BTreeMap, fmt};

use fovea_shared::{
    description::{Modality, Phrase},
    gaze::Fixation,
};
use serde::{Deserialize, Serialize};

pub use answers::{
    AttentionMap, Change, Described, Exported, GazeMasks, Opened, Picture, Report, Seen, Simulated, StudentSeen,
};
pub use compare::{Against, Agreement, CompareRequest, Compared, Contestant, Difference, Inside};
pub use dicom::DicomPicture;
pub use live::{LearntStep, LiveRequest, LiveSeen, LiveStart, LiveStep, LiveTarget};
pub use outline::{Blob, Heat, Outline};
pub use resemble::{BACKBONE, Kind, Resemblance, ResembleRequest, Resembled};
pub use teach::{
    TaughtStep, TeachDraw, TeachDrawn, TeachDrew, TeachExported, TeachForget, TeachKept, TeachPicture, TeachReading,
    TeachRequest, TeachRole, TeachScore, TeachStep, TeachTarget, TeachTell, TeachTold,
};
pub use wire::{decode, encode};

use crate::text::Message;

/// A device that can run the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Backend {
    /// burn's pure Rust backend, one thread with SIMD.
    Cpu,
    /// The graphics card, through the browser's WebGPU.
    WebGpu,
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cpu => "CPU",
            Self::WebGpu => "WebGPU",
        })
    }
}

/// A message with the number of the request that it is, or that it answers. Number 0 answers no request.
#[derive(Debug, Serialize, Deserialize)]
pub struct Envelope<T> {
    /// Number of the request.
    pub id: u64,
    /// The message.
    pub body: T,
}

/// What the app asks of an engine. It sends the next request when the last one is answered.
#[derive(Debug, Serialize, Deserialize)]
pub enum Request {
    /// Verify the bundle, build the model on a device, check it against the goldens and time it. An engine that has a model already
    /// puts the new one in its place, on the same device; if the new one is refused, the old one stays as it was.
    Load {
        /// The device.
        backend: Backend,
        /// The bundle's files by their name in the manifest, and `manifest.json` itself.
        files: BTreeMap<String, Blob>,
    },
    /// Make a picture of the pixels in a DICOM file. It needs no model, so it may come between other requests.
    ReadDicom(NamedFile),
    /// Decode an image and read it with the backbone. It stays open until another one is opened with success.
    Open(OpenRequest),
    /// Run the teacher on the open image with these fixations and this text.
    Look {
        /// Image that the fixations are meant for.
        image: u64,
        /// The fixations, first look first. None: the teacher sees no gaze.
        fixations: Vec<Fixation>,
        /// What the teacher reads.
        text: Text,
        /// What the teacher was given before. The answer then says what the step from there to here changed.
        compare_with: Option<Before>,
    },
    /// Draw the outline of another student on the open image.
    Student {
        /// Image that is meant.
        image: u64,
        /// The student's place in the manifest.
        place: usize,
    },
    /// Describe what an outline holds, without a language model on another machine: see [`crate::engine::describe`].
    Describe {
        /// Image that the fixations are meant for.
        image: u64,
        /// The fixations, first look first. With them the teacher's outline is described, without them the student's.
        fixations: Vec<Fixation>,
        /// The student's place in the manifest.
        student: usize,
        /// What kind of image it is.
        modality: Modality,
    },
    /// Make the pseudo-masks of these fixations. They cost more than the teacher, so they are asked for when they are to be seen.
    Masks {
        /// Image that the fixations are meant for.
        image: u64,
        /// The fixations, first look first.
        fixations: Vec<Fixation>,
    },
    /// Look as a clinician would: simulated gaze on the open image.
    Simulate {
        /// Image that is meant.
        image: u64,
        /// Seed of the simulation: another seed is another look.
        seed: u64,
        /// Place of the student whose outline is looked at where the truth is not known.
        student: usize,
    },
    /// Write a mask on the open image as a PNG of the image's own size.
    Export {
        /// Image that is meant.
        image: u64,
        /// Whose mask.
        drawn: Drawn,
    },
    /// Compare students on the open image, and look inside the strategies.
    Compare(CompareRequest),
    /// Measure how like the open image is to what other bundles have learnt from.
    Resemble(ResembleRequest),
    /// Set students up to learn on the open image. Those that learnt before are forgotten.
    Learn(LiveRequest),
    /// Let them take steps.
    LearnStep(LiveStep),
    /// Read a picture to teach with: its first view.
    TeachRead(TeachPicture),
    /// Read the next view of the picture of this number.
    TeachReadOn(u64),
    /// Make the target of a picture, to show it.
    TeachTell(TeachTell),
    /// Set a student up to be taught.
    Teach(TeachRequest),
    /// Let it take steps.
    TeachStep(TeachStep),
    /// Let it draw pictures that are read.
    TeachDraw(TeachDraw),
    /// Write the student of the course of this number as a file.
    TeachExport(u32),
    /// Forget pictures and courses.
    TeachForget(TeachForget),
}

/// What the teacher reads: the phrases that are switched on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// The phrases in the schema's order. None: the teacher without text.
    pub phrases: Vec<Phrase>,
}

/// What the teacher was given before a change of its inputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Before {
    /// The fixations, first look first.
    pub fixations: Vec<Fixation>,
    /// What it read.
    pub text: Text,
}

/// An image to open, with what is known about it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenRequest {
    /// Number of the image, given by the app.
    pub image: u64,
    /// The encoded image.
    pub file: NamedFile,
    /// The true mask as an image file.
    pub mask: Option<NamedFile>,
    /// Its gaze as a CSV file.
    pub gaze: Option<NamedFile>,
    /// Whether the files are the bundle's and must match its SHA-256 sums.
    pub from_bundle: bool,
    /// Which student is drawn: its place in the manifest.
    pub student: usize,
}

/// A file with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedFile {
    /// Name in the bundle, or the visitor's file name.
    pub name: String,
    /// Content.
    pub bytes: Blob,
}

/// What an engine says.
#[derive(Debug, Serialize, Deserialize)]
pub enum Response {
    /// The worker runs and takes requests.
    Alive,
    /// The model is loaded, and reproduces the goldens or not.
    Loaded(Report),
    /// The picture in a DICOM file.
    DicomRead(DicomPicture),
    /// The image is decoded; it can be shown while the backbone reads it.
    Picture(Picture),
    /// The backbone has read the image.
    Opened(Opened),
    /// The teacher has looked.
    Seen(Seen),
    /// A student has drawn.
    Student(StudentSeen),
    /// The pseudo-masks are made.
    Masks(GazeMasks),
    /// The image is described.
    Described(Described),
    /// Gaze was simulated.
    Simulated(Simulated),
    /// A mask is written.
    Exported(Exported),
    /// Students are compared.
    Compared(Box<Compared>),
    /// The open image is measured.
    Resembled(Resembled),
    /// The students that are to learn are ready, or have taken steps.
    Learnt(LearntStep),
    /// A view of a picture is read.
    TeachReading(TeachReading),
    /// The target of a picture is made.
    TeachTold(TeachTold),
    /// A student is set up to be taught, or has taken steps.
    Taught(TaughtStep),
    /// A student has drawn pictures that were asked for.
    TeachDrew(TeachDrew),
    /// A student is written.
    TeachExported(TeachExported),
    /// Pictures and courses are forgotten; this is what is still kept.
    TeachForgotten(TeachKept),
    /// The request cannot be fulfilled, and why. The engine goes on as before.
    Refused(Message),
    /// The engine has stopped for good, and why.
    Panicked(Message),
}

impl Response {
    /// Number of the image that it is about, if it is about one.
    pub fn image(&self) -> Option<u64> {
        match self {
            Self::Picture(picture) => Some(picture.image),
            Self::Opened(opened) => Some(opened.image),
            Self::Seen(seen) => Some(seen.image),
            Self::Student(seen) => Some(seen.image),
            Self::Masks(masks) => Some(masks.image),
            Self::Described(described) => Some(described.image),
            Self::Simulated(simulated) => Some(simulated.image),
            Self::Exported(exported) => Some(exported.image),
            Self::Compared(compared) => Some(compared.image),
            Self::Learnt(step) => Some(step.image),
            Self::Resembled(resembled) => Some(resembled.image),
            Self::Alive
            | Self::Loaded(_)
            | Self::DicomRead(_)
            | Self::Refused(_)
            | Self::Panicked(_)
            // Pictures that are taught are not the one on the stage.
            | Self::TeachReading(_)
            | Self::TeachTold(_)
            | Self::Taught(_)
            | Self::TeachDrew(_)
            | Self::TeachExported(_)
            | Self::TeachForgotten(_) => None,
        }
    }
}

/// Whose mask is to be written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Drawn {
    /// The teacher's, with this gaze and this text.
    Teacher {
        /// The fixations, first look first.
        fixations: Vec<Fixation>,
        /// What it reads.
        text: Text,
    },
    /// That of the student at this place of the manifest.
    Student(usize),
}
