//! The students of a bundle: one for each choice of strategies that was trained.

use serde::{Deserialize, Serialize};

use super::Score;
use crate::distill::Strategies;

/// A student as the manifest lists it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StudentVariant {
    /// The name of its row in an ablation, [`Strategies::row_name`].
    pub name: String,
    /// What directed it in training.
    pub strategies: Strategies,
    /// Its weights: a file of the bundle.
    pub file: String,
    /// AFC's adapters, trained beside it: a file of the bundle. Only to show how far its features follow the teacher's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapters: Option<String>,
    /// Test Dice over seeds, where it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dice: Option<Score>,
    /// Test Dice over seeds of students with the same strategies in a published ablation: other trainings than these weights'.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ablation: Option<Score>,
}

impl StudentVariant {
    /// A student of these strategies, with the name and the file that go with them.
    pub fn new(strategies: Strategies, dice: Option<Score>) -> Self {
        let name = strategies.row_name();
        let file = format!("students/{}.safetensors", name.trim_start_matches('+').replace('+', "-"));
        Self { name, strategies, file, adapters: None, dice, ablation: None }
    }

    /// The file that its adapters go to.
    pub fn adapters_file(&self) -> String {
        self.file.replace(".safetensors", ".adapters.safetensors")
    }
}
