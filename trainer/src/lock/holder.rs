//! Who holds a claim, for people: the lock itself is the kernel's.

use std::fs;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A process at work, as its lock files name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Holder {
    /// Name of its machine.
    pub(crate) host: String,
    /// Its number there.
    pub(crate) pid: u32,
    /// When it took the claim.
    pub(crate) since: String,
}

impl Holder {
    /// This process, now.
    pub(crate) fn this() -> Self {
        let host = fs::read_to_string("/proc/sys/kernel/hostname").map(|text| text.trim().to_owned());
        Self {
            host: host
                .or_else(|_| std::env::var("HOSTNAME").or_else(|_| std::env::var("COMPUTERNAME")))
                .unwrap_or_else(|_| "unknown host".into()),
            pid: std::process::id(),
            since: Timestamp::now().to_string(),
        }
    }

    /// For people.
    pub(crate) fn words(&self) -> String {
        let second = self.since.split('.').next().unwrap_or_default();
        format!("process {} on {} since {second}Z", self.pid, self.host)
    }
}
