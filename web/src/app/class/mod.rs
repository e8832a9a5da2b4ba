//! A class: files of glances, each with what a student has learnt from them, as one chart and one
//! table. Everything is made in the tab from the files that were brought.
//!
//! ```text
//! Roster (files) ─► rows, references, summary ─► scatter chart and table
//! ```

pub mod roster;
pub mod rows;
mod view;

use web_sys::{Document, HtmlButtonElement, HtmlElement};

use super::{
    elements::{events::click, get},
    model::{Handle, Model},
};
use crate::{
    glances::file::{Basis, GlanceFile, Outcome},
    text::Message,
};
use roster::Roster;
use rows::{Row, rows};
use view::Elements;

/// What the class is told of the tab's own students.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    /// What the fits of this page are measured with.
    pub basis: Option<Basis>,
    /// How the visitor's student does.
    pub yours: Option<Outcome>,
    /// The fit of another person's student, how long that person looked in seconds, and at how many
    /// pictures.
    pub theirs: Option<(f32, f64, usize)>,
}

/// The feature.
pub struct Class {
    at: Elements,
    away: HtmlButtonElement,
    body: HtmlElement,
    roster: Roster,
    /// What is drawn, so that it is drawn once.
    drawn: Option<view::Scene>,
}

impl Class {
    /// Looks up every element.
    ///
    /// # Errors
    /// Names the element that `index.html` lacks.
    pub fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            at: Elements::find(d)?,
            away: get(d, "class-away")?,
            body: get(d, "class")?,
            roster: Roster::default(),
            drawn: None,
        })
    }

    /// Listens to the visitor.
    pub fn listen(&self, handle: &Handle<Self>) {
        click(handle, &self.away, |class, _| class.clear());
    }

    /// Adds files to the class.
    pub fn take(&mut self, files: Vec<(String, Result<GlanceFile, Message>)>) {
        for (name, read) in files {
            self.roster.add(name, read);
        }
    }

    /// Forgets all files.
    pub fn clear(&mut self) {
        self.roster = Roster::default();
    }

    /// Brings chart and table in line.
    pub fn refresh(&mut self, model: &Model, beside: &Beside) {
        let domain = model.manifest.as_ref().map(|manifest| manifest.domain);
        let rows: Vec<Row> = match (domain, &beside.basis) {
            (Some(domain), Some(basis)) => rows(&self.roster, beside, domain, basis),
            _ => Vec::new(),
        };
        // One student alone has its own chart.
        let shown = !self.roster.is_empty() || rows.len() > 1;
        self.body.set_hidden(!shown);
        self.away.set_hidden(self.roster.is_empty());
        let scene = shown.then(|| view::Scene::of(&rows, self.roster.refused()));
        if self.drawn != scene {
            if let Some(scene) = &scene {
                self.at.draw(scene);
            }
            self.drawn = scene;
        }
    }
}
