//! The two commands, `cargo xtask demo` and `cargo xtask test`, and what they share.
//!
//! A fresh Debian machine with rustup and a C linker is enough: [`tools`] gets the rest. [`serve`] and [`paths`] are also
//! used by the tests of the built page.
//!
//! Every native cargo call selects the whole workspace and narrows by target (`--workspace --bin fovea`), never by
//! package: `-p` would select other features of shared dependencies, and with them another twenty-minute build of burn.

pub mod audit;
pub mod axe;
pub mod bench;
pub mod capture;
pub mod cargo;
pub mod compress;
pub mod demo;
pub mod dist;
pub mod page;
pub mod paths;
pub mod phrases;
pub mod python;
pub mod seal;
pub mod serve;
pub mod shots;
pub mod step;
pub mod system;
pub mod test;
pub mod text_encoder;
pub mod tools;
pub mod wasm_opt;
