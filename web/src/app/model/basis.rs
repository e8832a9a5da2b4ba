//! What words rest on: words that were measured say where the visitor looked when they were, and hold for no other look. Pure: no
//! browser in here.

use std::rc::Rc;

use fovea_shared::{
    bundle::CaseDescription,
    description::{Description, Modality, Source},
    gaze::Fixation,
};

/// The looks that measured words were measured from.
#[derive(Clone, Debug, PartialEq)]
pub enum Basis {
    /// The image came with the words, and they with the gaze that it came with: they hold for that, and while nobody looks.
    Image,
    /// These looks; none: what the student draws.
    Looks(Vec<Fixation>),
}

/// A description and what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// What is said.
    pub what: Rc<CaseDescription>,
    /// What it rests on, where it was measured.
    pub basis: Basis,
}

impl Said {
    /// Said by the image's source, or whatever the visitor looks at.
    pub fn of_image(what: CaseDescription) -> Self {
        Self { what: Rc::new(what), basis: Basis::Image }
    }

    /// Made from these looks.
    pub fn of_looks(what: CaseDescription, looks: &[Fixation]) -> Self {
        Self { what: Rc::new(what), basis: Basis::Looks(looks.to_vec()) }
    }

    /// Nothing: what is outlined there holds nothing to describe.
    pub fn nothing(modality: Modality, source: &Source, looks: &[Fixation]) -> Self {
        let description = Description::new(modality, source.clone());
        Self::of_looks(CaseDescription { description, caveat: None }, looks)
    }

    /// Who says it.
    pub fn source(&self) -> &Source {
        &self.what.description.source
    }

    /// Whether this device made it of an outline, so that another outline has other words.
    pub fn is_measured(&self) -> bool {
        matches!(self.source(), Source::Measured | Source::Distilled(_))
    }

    /// Whether it holds for these looks; `own` is the gaze that the image came with.
    pub fn holds(&self, looks: &[Fixation], own: &[Fixation]) -> bool {
        !self.is_measured()
            || match &self.basis {
                Basis::Image => looks.is_empty() || looks == own,
                Basis::Looks(measured) => looks == measured,
            }
    }
}
