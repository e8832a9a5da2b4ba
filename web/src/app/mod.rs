//! The app in the window: it holds the state, draws, listens to the visitor, and never computes a
//! network.
//!
//! ```text
//! elements, canvas ─┐
//! engines ──────────┼─► model ─► features (gaze, words, compare, ...) ─► shell
//! ```
//!
//! [`model`] is what the page knows. A feature owns its elements and what only it needs; its
//! functions take the model, and its listeners reach it through a [`model::Handle`]. What concerns
//! other features is a [`model::Command`] to the [`shell`], the only part that knows all features.

pub mod about;
pub mod brush;
pub mod bundles;
pub mod canvas;
pub mod class;
pub mod collection;
pub mod compare;
pub mod elements;
pub mod engines;
pub mod gaze;
pub mod incoming;
pub mod language;
pub mod layers;
pub mod lesson;
pub mod live;
pub mod look;
pub mod model;
pub mod own;
pub mod result;
pub mod save;
pub mod share;
pub mod shell;
pub mod stage;
pub mod stand;
pub mod status;
pub mod students;
pub mod tabs;
pub mod teach;
pub mod words;

pub use shell::{Page, start};
