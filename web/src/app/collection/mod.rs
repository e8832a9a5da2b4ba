//! A collection of the visitor's own pictures: what was brought, what became of each picture, and the
//! data set that it makes. Plain data; [`super::own`] has the elements, the files and the storage.
//!
//! ```text
//! files ─► pairing (pictures, their masks) ─► names (ids) ─► Collection (items, glances, masks, undo)
//!                                                              ├─► Work (next task for the engine)
//!                                                              ├─► archive (one ZIP, both ways)
//!                                                              └─► record (as the browser keeps it)
//! ```

pub mod archive;
pub mod item;
pub mod names;
pub mod pairing;
pub mod record;
pub mod refusal;
pub mod shape;
pub mod state;
#[cfg(test)]
mod tests;
pub mod work;
