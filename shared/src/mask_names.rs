//! How masks are named, so that the page and the trainer find the same ones.

/// What tools append to the names of masks, in lower case. Longer ones come before those that they end
/// with.
pub const SUFFIXES: [&str; 12] = [
    "_segmentation",
    "-segmentation",
    "_groundtruth",
    "_labels",
    "_label",
    "_masks",
    "_mask",
    "-mask",
    "_seg",
    "-seg",
    "_gt",
    "-gt",
];
