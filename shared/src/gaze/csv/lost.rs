//! How eye trackers write that they had no gaze.

/// Why a row holds no gaze: a blink, or a moment in which the tracker lost the eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lost {
    /// Place, duration or start is empty, `.`, `NA`, `NaN` and the like.
    NoValue,
    /// Both coordinates are 0.
    Zero,
    /// Both coordinates are -1.
    MinusOne,
}

impl Lost {
    /// The places that trackers write where they have none.
    pub(super) fn of_place(x: f32, y: f32) -> Option<Self> {
        match (x, y) {
            (0.0, 0.0) => Some(Self::Zero),
            (-1.0, -1.0) => Some(Self::MinusOne),
            _ => None,
        }
    }
}
