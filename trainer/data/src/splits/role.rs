//! What a list is for.

/// What a list is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// `-train.txt`.
    Train,
    /// `-val.txt`.
    Validation,
    /// `-test.txt`.
    Test,
}

impl Role {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::Train, Self::Validation, Self::Test];

    /// The role's name in file names and in `--split train=...`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "val",
            Self::Test => "test",
        }
    }
}
