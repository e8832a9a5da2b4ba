//! `preset = "lite"` or `"paper"`: which networks a training trains, and what only one of them has to be told.

use fovea_paper::PaperConfig;
use fovea_shared::description::EMBEDDING;
use serde::{Deserialize, Serialize};

use super::Schedule;
use crate::run::LookSettings;

/// The preset as files and flags name it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PresetName {
    /// Small heads on a frozen backbone whose features are cached: for a CPU and for the page.
    #[default]
    Lite,
    /// The paper's two U-Nets (44 and 9 M parameters), trained end to end from pixels as the
    /// released code does: for a GPU.
    Paper,
}

impl PresetName {
    /// Whether it is the one that saved configurations do not name.
    pub fn is_lite(&self) -> bool {
        *self == Self::Lite
    }
}

/// The networks of a training, with the settings that only they have.
#[derive(Clone, Debug, PartialEq)]
pub enum Preset {
    /// Small heads on a frozen backbone whose features are cached: for a CPU and for the page.
    Lite(LiteSettings),
    /// The paper's two U-Nets (44 and 9 M parameters), trained end to end from pixels, both in every step: for a GPU.
    Paper(PaperSettings),
}

impl Preset {
    /// Steps between checkpoints unless told otherwise: those of the large networks take 420 MB each.
    pub fn checkpoint_every(&self) -> usize {
        match self {
            Self::Lite(_) => 50,
            Self::Paper(_) => 500,
        }
    }
}

/// What only the preset `lite` has.
#[derive(Clone, Debug, PartialEq)]
pub struct LiteSettings {
    /// The gaze prompt of the teacher, where it gets one.
    pub gaze_prompt: Option<GazePrompt>,
    /// Share of feature channels silenced a sample.
    pub channel_dropout: f64,
    /// Views of every image that the heads see beside its mirror images.
    pub views: usize,
    /// Who learns when.
    pub schedule: Schedule,
}

/// How a teacher learns to read gaze.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GazePrompt {
    /// Share of teacher samples whose prompt is left out.
    pub drop: f64,
    /// What the samples show besides single images with their own gaze.
    pub looks: LookSettings,
}

fovea_shared::documented! {
    /// The table `paper` of a configuration.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
    pub struct PaperSettings {
        /// Optimiser steps of the whole training.
        pub iterations: usize,
        /// Learning rate after the last step; `rate` is that of the first, and half a cosine lies between them.
        pub final_rate: f64,
        /// The teacher's channels at strides 1, 2, 4, 8 and 16, and after the last upsampling.
        pub teacher: [usize; 6],
        /// The student's, likewise.
        pub student: [usize; 6],
        /// Channels between a U-Net and its classifier.
        pub head: usize,
        /// Side of the images in pixels.
        pub side: usize,
    }
}

impl Default for PaperSettings {
    /// The released configuration.
    fn default() -> Self {
        let PaperConfig { teacher, student, head, side, .. } = PaperConfig::default();
        Self { iterations: 15_000, final_rate: 1e-4, teacher, student, head, side }
    }
}

impl PaperSettings {
    /// The networks. Their text is our phrases', all-MiniLM-L6-v2 with 384 numbers, where the
    /// released code has RoBERTa's 768.
    pub fn networks(&self) -> PaperConfig {
        PaperConfig { teacher: self.teacher, student: self.student, head: self.head, text: EMBEDDING, side: self.side }
    }
}
