#![doc = include_str!("../README.md")]
//!
//! # One road, one direction
//!
//! ```text
//! image bytes ──► image ──► model::Backbone ──► Pyramid ─┬─► StudentHead ──► logits ──► mask ──► metrics
//! fixations   ──► gaze  ──► heat map ──► pseudo_mask ────┤ ▲
//!                              └──► GazePrompt ──► TeacherHead ──► distill::Distiller::step
//! description ──► phrases ──► PhraseTokens ────────►┘   └──► attention per phrase
//! trained heads ──► bundle (safetensors + manifest + goldens) ──► predictor ──► browser
//! ```

pub mod bundle;
pub mod description;
pub mod distill;
pub mod documented;
pub mod gaze;
pub mod image;
pub mod mask_names;
pub mod metrics;
pub mod model;
pub mod plane;
pub mod predictor;
pub mod pseudo_mask;
pub mod text_file;
