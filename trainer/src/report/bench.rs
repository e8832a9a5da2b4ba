//! `results/bench.json`: one row a measured number, rows of several programs in one file.

use std::{fs, path::Path};

use serde::{Deserialize, Serialize};

use super::{
    ReportError,
    files::{is_there, json_of, make_folder_of, text_of},
    kind::BenchKind,
};

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
/// A file there that is not a bench file, or one that cannot be written.
pub fn merge(path: &Path, device: &str, rows: Vec<BenchRow>) -> Result<(), ReportError> {
    let mut kept: Vec<BenchRow> = Vec::new();
    if is_there(path)? {
        kept = read(path, "is not a bench file: name another with --out")?.rows;
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
    make_folder_of(path)?;
    write(path, &bench)
}

fn read(path: &Path, not: &'static str) -> Result<Bench, ReportError> {
    let shape = |source| ReportError::Shape { path: path.to_path_buf(), not, source };
    serde_json::from_str(&text_of(path)?).map_err(shape)
}

fn write(path: &Path, bench: &Bench) -> Result<(), ReportError> {
    let text = json_of(bench)?;
    fs::write(path, text).map_err(|source| ReportError::WriteFile { path: path.to_path_buf(), source })
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
pub fn compare(path: &Path, peers: Vec<Peer>) -> Result<(), ReportError> {
    let mut bench = read(path, "is not a bench file")?;
    for peer in peers {
        let Some(row) = bench.rows.iter_mut().find(|row| row.name == peer.name) else {
            return Err(ReportError::NoRow { path: path.to_path_buf(), row: peer.name });
        };
        row.ratio = Some(row.value / peer.peer_value);
        row.peer = Some(peer.peer);
        row.peer_value = Some(peer.peer_value);
    }
    write(path, &bench)
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
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn rows_are_replaced_by_name_and_what_is_no_bench_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/bench.json");
        let row = |name: &str, value| BenchRow {
            name: name.into(),
            unit: "ms".into(),
            value,
            peer: None,
            peer_value: None,
            ratio: None,
        };
        merge(&path, "cpu", vec![row("a", 1.0), row("b", 2.0)]).unwrap();
        merge(&path, "cpu", vec![row("a", 3.0)]).unwrap();
        let peer = |name: &str| vec![Peer { name: name.into(), peer: "other".into(), peer_value: 2.0 }];
        compare(&path, peer("a")).unwrap();
        let found = read(&path, "is not a bench file").unwrap();
        let rows: Vec<_> = found.rows.iter().map(|row| (row.name.as_str(), row.value, row.ratio)).collect();
        assert_eq!(rows, [("b", 2.0, None), ("a", 3.0, Some(1.5))]);
        let missing = compare(&path, peer("c")).unwrap_err();
        assert!(matches!(&missing, ReportError::NoRow { row, .. } if row == "c"), "{missing:?}");

        fs::write(&path, "[]").unwrap();
        let error = merge(&path, "cpu", vec![row("a", 1.0)]).unwrap_err();
        assert!(matches!(error, ReportError::Shape { .. }) && error.to_string().contains("--out"), "{error:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "[]");
    }

    #[test]
    fn numbers_are_readable() {
        let shown = [0.01234, 0.0, 3.747, 33.756, 208.2, 23_094_217.0, -1234.0, -123.0].map(digits);
        assert_eq!(shown, ["0.012", "0.00", "3.75", "33.8", "208", "23,094,217", "-1,234", "-123"]);
    }
}
