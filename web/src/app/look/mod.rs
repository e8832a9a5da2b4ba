//! Looking: the picture is blurred but for a disc under the pointer, and the first look reveals the outlines.
//!
//! ```text
//! pointer or keys ──► viewing (samples in time) ──► I-DT ──► scanpath ──► the teacher
//!                        └──► spotlight (what is drawn meanwhile)              └──► first_look (how its outline appears)
//! ```

pub mod blur;
pub mod first_look;
pub mod first_look_view;
pub mod mode;
pub mod settings;
pub mod spotlight;
pub mod viewing;
pub mod words;

pub use mode::Look;
