//! The page on a stand: full-bleed, for people who pass by. `?kiosk` in the address asks for it,
//! `?kiosk=20` for 20 seconds of patience.
//!
//! ```text
//! Clock (is anybody there) ─┐
//! Attract (the loop) ───────┼─► Stand (one of the two plays) ─► View
//! Tour (45 s in three acts) ┘
//! ```
//! While nobody is there the loop shows what a glance does to one picture after the other. A touch
//! begins the tour; who leaves it, or does nothing, finds the loop again.

pub mod address;
pub mod attract;
pub mod clock;
mod feature;
pub mod tour;
mod view;

pub use feature::Stand;
