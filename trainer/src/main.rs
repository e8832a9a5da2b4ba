//! `fovea`: see `fovea --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    fovea_trainer::main(fovea_commit::commit!())
}
