//! Options that every computing command shares.

use std::path::PathBuf;

use clap::Args;

use crate::device::DeviceChoice;

/// Options that every computing command shares.
#[derive(Clone, Debug, Args)]
pub(crate) struct Common {
    /// Where to compute. `auto` takes a hardware GPU if there is one, else the CPU.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) device: DeviceChoice,
    /// Folder of cached backbone features [default: fovea/features in the user's cache folder].
    #[arg(long, value_name = "DIR")]
    pub(crate) cache: Option<PathBuf>,
    /// No progress on standard error.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}
