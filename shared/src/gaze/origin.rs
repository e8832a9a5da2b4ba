//! Where gaze comes from, and how it must be labelled.

use serde::{Deserialize, Serialize};

/// Where gaze comes from, the nearest to an eye tracker first. Where gaze of several origins comes
/// together, it is called by the last of them, so that none is taken for more than it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GazeOrigin {
    /// An eye tracker recorded a person's look.
    #[default]
    Recorded,
    /// A person has pointed: with clicks, or by moving the only sharp part of a blurred picture (mouse-contingent
    /// viewing: BubbleView, Kim et al. 2017; SALICON, Jiang et al. 2015). It approximates where people look.
    Pointer,
    /// Drawn by the simulator from the true mask. Numbers from it must say so.
    Simulated,
}

impl GazeOrigin {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Recorded, Self::Pointer, Self::Simulated];

    /// The name in manifests, `dataset.json`, reports and names of files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Pointer => "pointer",
            Self::Simulated => "simulated",
        }
    }

    /// The origin of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.name() == name)
    }

    /// What a file says of its gaze by its name: neither simulated nor pointer gaze may be taken
    /// for recorded because the file was copied. Names do not vouch for recordings, so nothing is
    /// said where neither word is in it.
    pub fn of_file_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        [Self::Simulated, Self::Pointer].into_iter().find(|origin| name.contains(origin.name()))
    }

    /// In words, for tables and messages.
    pub fn words(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Pointer => "recorded with a pointer (mouse-contingent viewing)",
            Self::Simulated => "simulated from the true masks",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_and_are_those_of_json() {
        for origin in GazeOrigin::ALL {
            assert_eq!(GazeOrigin::from_name(origin.name()), Some(origin));
            let json = serde_json::to_string(&origin).unwrap_or_default();
            assert_eq!(json, format!("\"{}\"", origin.name()));
        }
        assert_eq!(GazeOrigin::from_name("webcam"), None);
    }

    #[test]
    fn a_file_name_never_makes_a_recording() {
        assert_eq!(GazeOrigin::of_file_name("polyp-3-Pointer-gaze.csv"), Some(GazeOrigin::Pointer));
        assert_eq!(GazeOrigin::of_file_name("simulated-pointer.csv"), Some(GazeOrigin::Simulated));
        assert_eq!(GazeOrigin::of_file_name("recorded.csv"), None);
    }

    #[test]
    fn mixed_gaze_is_called_by_what_is_farthest_from_an_eye_tracker() {
        use GazeOrigin::{Pointer, Recorded, Simulated};
        assert_eq!((Recorded.max(Pointer), Pointer.max(Simulated)), (Pointer, Simulated));
    }
}
