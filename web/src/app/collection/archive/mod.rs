//! One ZIP of a collection: a data set as `fovea data check`, `fovea train` and `fovea predict` take
//! it when it is unpacked, and as the page reads it back.
//!
//! ```text
//! images/<id>.<ext>            the bytes as they were brought
//! masks/<id>.png               accepted, mended, true or drawn by hand
//! gaze/pointer-gaze.csv        the glances
//! splits/own-train.txt         ids with a glance; -test.txt: ids with a mask and no glance
//! dataset.json
//! annotations.coco.json        the masks once more, and what else the page knows
//! student.safetensors          once it has learnt
//! ```

pub mod coco;
pub mod folder;
pub mod pack;
pub mod unpack;
