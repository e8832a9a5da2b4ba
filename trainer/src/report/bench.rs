//! `results/bench.json`: one row a measured number, rows of several programs in one file.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::kind::BenchKind;

/// One measured number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BenchRow {
    /// What was measured, with the device.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// The number.
    pub value: f64,
    /// What it was compared with in the same run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<String>,
    /// The peer's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer_value: Option<f64>,
    /// `value / peer_value`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
}

/// The whole file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bench {
    /// Always `bench`.
    #[serde(default)]
    pub kind: BenchKind,
    /// "bench".
    pub study: String,
    /// The command that measures everything.
    pub command: String,
    /// The machine and its device.
    pub machine: String,
    /// The program's commit.
    pub git_sha: String,
    /// The numbers.
    pub rows: Vec<BenchRow>,
}

impl BenchRow {
    /// The number with a sensible number of digits, without its unit.
    pub fn shown(&self) -> String {
        digits(self.value)
    }

    /// The peer's name and number, and how the two compare; empty where there is none.
    pub fn compared(&self) -> String {
        match (&self.peer, self.peer_value) {
            (Some(peer), Some(value)) => {
                let ratio = self.ratio.map(|r| format!(", ratio {r:.2}")).unwrap_or_default();
                format!("{peer}: {}{ratio}", digits(value))
            }
            (peer, _) => peer.clone().unwrap_or_default(),
        }
    }
}

/// A whole number with commas between thousands.
fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        if index > 0 && left.is_multiple_of(3) && !out.ends_with('-') {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Three digits that mean something, and never an exponent.
fn digits(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 => grouped(&format!("{value:.0}")),
        v if v >= 10.0 => format!("{value:.1}"),
        v if v >= 1.0 || v == 0.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// Replaces the rows of the same names in `path`, or makes the file.
///
/// # Errors
/// A file there that is no bench file, or one that cannot be written.
pub fn merge(path: &Path, device: &str, rows: Vec<BenchRow>) -> Result<()> {
    let mut kept: Vec<BenchRow> = Vec::new();
    if fs::exists(path)? {
        let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let old: Bench = serde_json::from_str(&text)
            .with_context(|| format!("{} is no bench file: name another with --out", path.display()))?;
        kept = old.rows;
    }
    kept.retain(|old| rows.iter().all(|new| new.name != old.name));
    kept.extend(rows);
    let bench = Bench {
        kind: BenchKind::Only,
        study: "bench".into(),
        command: "cargo xtask bench".into(),
        machine: machine(device),
        git_sha: crate::version::git_sha().into(),
        rows: kept,
    };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, serde_json::to_string_pretty(&bench)? + "\n")
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// What another program measured of the same thing in the same run.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Peer {
    /// The row's name.
    pub name: String,
    /// Who measured.
    pub peer: String,
    /// Its number, in the row's unit.
    pub peer_value: f64,
}

/// Puts peers beside the rows of the same names.
///
/// # Errors
/// No file of rows, or one that lacks a peer's row.
pub fn compare(path: &Path, peers: Vec<Peer>) -> Result<()> {
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut bench: Bench =
        serde_json::from_str(&text).with_context(|| format!("{} is no bench file", path.display()))?;
    for peer in peers {
        let row = bench
            .rows
            .iter_mut()
            .find(|row| row.name == peer.name)
            .with_context(|| format!("{} has no row `{}`: measure it first", path.display(), peer.name))?;
        row.ratio = Some(row.value / peer.peer_value);
        row.peer = Some(peer.peer);
        row.peer_value = Some(peer.peer_value);
    }
    fs::write(path, serde_json::to_string_pretty(&bench)? + "\n")
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// The processor, its number of cores, and the device that computed.
fn machine(device: &str) -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_string())
    });
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{}, {cores} cores, {}; {device}", cpu.unwrap_or_else(|| "unknown processor".into()), std::env::consts::OS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_readable() {
        let shown = [0.01234, 0.0, 3.747, 33.756, 208.2, 23_094_217.0, -1234.0, -123.0].map(digits);
        assert_eq!(shown, ["0.012", "0.00", "3.75", "33.8", "208", "23,094,217", "-1,234", "-123"]);
    }
}
