//! What one feature asks of the others. The shell, which knows them all, carries it out.

use fovea_shared::gaze::{Fixation, GazeOrigin};

use web_sys::File;

use crate::{
    glances::file::GlanceFile,
    text::{Language, Message},
};

/// A request to the shell.
#[derive(Clone, Debug)]
pub enum Command {
    /// Open a case of the gallery, by its id.
    OpenCase(String),
    /// Open a picture of the visitor's collection: its number there, and its file.
    OpenOwn(u64, File),
    /// Take files into the visitor's collection.
    Collect(Vec<File>),
    /// Take files of glances: the name of each, and what it holds, or a sentence that
    /// names it and says why it cannot be read.
    TakeGlances(Vec<(String, Result<GlanceFile, Message>)>),
    /// Change to the bundle at this place of the index.
    ChooseBundle(usize),
    /// Bring the page to what its address asks for.
    FollowAddress,
    /// Write the link to what is seen now into the dialog.
    WriteLink,
    /// What an address asked for on the image that opens next is of no interest any more.
    ForgetAsked,
    /// Begin a viewing of the open image in look mode.
    BeginLook,
    /// The visitor has looked at the open image in look mode: these are the fixations.
    Glanced(Vec<Fixation>),
    /// Begin a lesson of this many pictures, which learns by itself once they are glanced at.
    TeachShort(usize),
    /// Play a scanpath of this origin, where that is known, from its beginning.
    PlayScanpath(Vec<Fixation>, Option<GazeOrigin>),
    /// Show what a step of the lesson speaks of: its place, from 0.
    ShowStep(usize),
    /// The lesson is over: what was shown before it comes back.
    PutBack {
        /// Whether the picture too, and what was given on it.
        picture: bool,
    },
    /// Close the dialog in front of the page.
    CloseDialogs,
    /// Speak another language.
    Speak(&'static Language),
    /// Put the page back to how it began; the bundle stays.
    StartOver,
    /// Save everything that is known about what is on the screen as JSON.
    SaveSession,
    /// Save the picture with the layers that are shown.
    SavePicture,
}
