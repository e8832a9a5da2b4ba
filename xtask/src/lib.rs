//! The two commands, `cargo xtask demo` and `cargo xtask test`, and what they share.
//!
//! A fresh Debian machine with rustup and a C linker is enough: [`tools`] gets the rest. [`serve`] and [`paths`] are also
//! used by the tests of the built page.
//!
//! [`structure`] checks the rules about who may use whom, and that every choice of packages is built of the same dependencies.

pub mod audit;
pub mod axe;
pub mod bench;
pub mod capture;
pub mod cargo;
pub mod claims;
pub mod compress;
pub mod demo;
pub mod dist;
pub mod faults;
pub mod first_minute;
pub mod fuzz;
pub mod page;
pub mod page_study;
pub mod paths;
pub mod phrases;
pub mod python;
pub mod seal;
pub mod serve;
pub mod server;
pub mod shots;
pub mod step;
pub mod structure;
pub mod system;
pub mod teach_bench;
pub mod test;
pub mod text_encoder;
pub mod texts;
pub mod tools;
pub mod wasm_opt;
