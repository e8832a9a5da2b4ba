//! What the tiles of a comparison, or of students that learn, show. Pure.

use crate::text::say;

/// What tiles show: masks, or the inside of one strategy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StrategyView {
    /// Masks, and where they differ.
    #[default]
    Masks,
    /// AFC: the cosine of features at one of three scales.
    Cosine(usize),
    /// CWC: where the teacher is reliable.
    Reliable,
    /// DARM: where the two disagree, and the squares that are hidden.
    Masking,
}

impl StrategyView {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 6] =
        [Self::Masks, Self::Cosine(0), Self::Cosine(1), Self::Cosine(2), Self::Reliable, Self::Masking];

    /// The name in menus and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Masks => "masks",
            Self::Cosine(0) => "afc8",
            Self::Cosine(1) => "afc16",
            Self::Cosine(_) => "afc32",
            Self::Reliable => "cwc",
            Self::Masking => "darm",
        }
    }

    /// The view with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.name() == name)
    }

    /// What the menu calls it.
    pub fn title(self) -> String {
        match self {
            Self::Masks => say!("look-masks"),
            Self::Cosine(0) => say!("look-afc", stride = "8"),
            Self::Cosine(1) => say!("look-afc", stride = "16"),
            Self::Cosine(_) => say!("look-afc", stride = "32"),
            Self::Reliable => say!("look-cwc"),
            Self::Masking => say!("look-darm"),
        }
    }

    /// How to read it.
    pub fn legend(self) -> String {
        match self {
            Self::Masks => say!("legend-masks"),
            Self::Cosine(_) => say!("legend-afc"),
            Self::Reliable => say!("legend-cwc"),
            Self::Masking => say!("legend-darm"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back() {
        for view in StrategyView::ALL {
            assert_eq!(StrategyView::from_name(view.name()), Some(view));
        }
    }
}
