//! Who holds a claim: a process, named so that others can tell whether it still lives.

use std::fs;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A process at work, as its lock files name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Holder {
    /// Name of its machine, for people.
    pub(crate) host: String,
    /// Its number there.
    pub(crate) pid: u32,
    /// What tells machines, and containers that share a name, apart: boot and process namespace; empty where not known.
    machine: String,
    /// When it started, in the kernel's ticks: numbers of processes come again. Empty where not known.
    started: String,
    /// When it took the claim.
    pub(crate) since: String,
}

impl Holder {
    /// This process, now.
    pub(crate) fn this() -> Self {
        let read = |path: &str| fs::read_to_string(path).map(|text| text.trim().to_owned()).ok();
        let namespace = fs::read_link("/proc/self/ns/pid").map(|path| path.to_string_lossy().into_owned()).ok();
        let machine = read("/proc/sys/kernel/random/boot_id").zip(namespace).map(|(boot, space)| boot + " " + &space);
        let pid = std::process::id();
        Self {
            host: read("/proc/sys/kernel/hostname")
                .or_else(|| std::env::var("HOSTNAME").or_else(|_| std::env::var("COMPUTERNAME")).ok())
                .unwrap_or_else(|| "unknown host".into()),
            pid,
            machine: machine.unwrap_or_default(),
            started: started(pid).unwrap_or_default(),
            since: Timestamp::now().to_string(),
        }
    }

    /// Whether the process lives, where this process can tell: on the same machine.
    pub(crate) fn lives(&self) -> Option<bool> {
        let this = Self::this();
        let known = !this.machine.is_empty() && this.machine == self.machine && !self.started.is_empty();
        known.then(|| started(self.pid).is_some_and(|now| now == self.started))
    }

    /// For people.
    pub(crate) fn words(&self) -> String {
        let second = self.since.split('.').next().unwrap_or_default();
        format!("process {} on {} since {second}Z", self.pid, self.host)
    }
}

/// When a process of this machine started: field 22 of proc(5)'s stat, the 20th after the name, which is in brackets and may
/// hold anything. `None` for a process that is not there, or is dead and only waits to be counted.
fn started(pid: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    (!matches!(state, "Z" | "X")).then(|| fields.nth(18).map(str::to_owned))?
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn the_living_and_the_dead() {
        let this = Holder::this();
        assert_eq!(this.lives(), Some(true));
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let other = Holder { pid: child.id(), started: started(child.id()).unwrap(), ..this.clone() };
        assert_eq!(other.lives(), Some(true));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(other.lives(), Some(false));
        // The same number, but another process.
        assert_eq!(Holder { started: "1".into(), ..this.clone() }.lives(), Some(false));
        assert_eq!(Holder { machine: "another".into(), ..this }.lives(), None);
    }
}
