//! Whether a crate alone is built of the same dependencies as the whole workspace.
//!
//! Cargo unites the features of a dependency over what it builds at a time, separately for the
//! program and for procedural macros. One feature more or less anywhere, and everything above is
//! built again: burn takes twenty minutes. xtask/workspace-hack names the features so that every
//! choice of packages comes to the same; this compares cargo's own plans, unit by unit.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::cargo::{cargo, output_of};

/// What is to need no second build after `cargo test --workspace`.
const ALONE: [&[&str]; 6] = [
    &["test", "--no-run", "--package", "fovea-shared"],
    &["test", "--no-run", "--package", "fovea-data"],
    &["test", "--no-run", "--package", "fovea-paper"],
    &["test", "--no-run", "--package", "fovea-phantom"],
    &["test", "--no-run", "--package", "fovea-trainer"],
    &["build", "--workspace", "--bin", "fovea"],
];

/// Cargo's plan of a build.
#[derive(Deserialize)]
struct Graph {
    units: Vec<Unit>,
}

/// One call of the compiler, or of a build script.
#[derive(Deserialize)]
struct Unit {
    pkg_id: String,
    target: Target,
    mode: String,
    features: BTreeSet<String>,
    platform: Option<String>,
    profile: Profile,
    dependencies: Vec<Edge>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Profile {
    opt_level: String,
}

#[derive(Deserialize)]
struct Edge {
    index: usize,
}

/// The plan of a command.
fn graph(command: &[&str]) -> Result<Graph> {
    let mut cargo = cargo(command);
    // The plan is an unstable output, so a new toolchain may need a change here; the pinned one writes it with this.
    cargo.args(["--unit-graph", "-Z", "unstable-options"]).env("RUSTC_BOOTSTRAP", "1");
    serde_json::from_str(&output_of(&mut cargo)?).context("cargo's plan is not as expected: was the toolchain changed?")
}

impl Graph {
    /// Every unit with all that decides whether it can be used again: itself and what it depends on, by number.
    fn keys(&self, known: &mut BTreeMap<(String, Vec<usize>), usize>) -> Vec<usize> {
        let mut keys = vec![None; self.units.len()];
        for unit in 0..self.units.len() {
            self.key(unit, &mut keys, known);
        }
        keys.into_iter().flatten().collect()
    }

    fn key(
        &self,
        unit: usize,
        keys: &mut Vec<Option<usize>>,
        known: &mut BTreeMap<(String, Vec<usize>), usize>,
    ) -> usize {
        if let Some(key) = keys[unit] {
            return key;
        }
        let Unit { pkg_id, target, mode, features, platform, profile, dependencies } = &self.units[unit];
        let mut below: Vec<usize> = dependencies.iter().map(|edge| self.key(edge.index, keys, known)).collect();
        below.sort_unstable();
        let Target { name, kind } = target;
        let own = format!("{pkg_id} {name} {kind:?} {mode} {features:?} {platform:?} {}", profile.opt_level);
        let next = known.len();
        let key = *known.entry((own, below)).or_insert(next);
        keys[unit] = Some(key);
        key
    }
}

/// One line for every choice of packages that would build a dependency again.
///
/// # Errors
/// A cargo that cannot say.
pub(super) fn differences() -> Result<Vec<String>> {
    let mut known = BTreeMap::new();
    let whole: BTreeSet<usize> = graph(&["test", "--no-run", "--workspace"])?.keys(&mut known).into_iter().collect();
    let mut wrong = Vec::new();
    for command in ALONE {
        let alone = graph(command)?;
        let keys = alone.keys(&mut known);
        // The first ones, whose own dependencies are all there.
        let first = |unit: &Unit| unit.dependencies.iter().all(|edge| whole.contains(&keys[edge.index]));
        let other = alone.units.iter().zip(&keys).filter(|(unit, key)| !whole.contains(key) && first(unit));
        let other: Vec<String> =
            other.map(|(unit, _)| format!("{} {} with {:?}", unit.pkg_id, unit.mode, unit.features)).collect();
        if !other.is_empty() {
            wrong.push(format!(
                "`cargo {}` would build again what the workspace has with other features:\n  {}\nremedy: name the \
                 features of the workspace in xtask/workspace-hack/Cargo.toml",
                command.join(" "),
                other.join("\n  ")
            ));
        }
    }
    Ok(wrong)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_unit_is_known_by_its_features_and_by_what_lies_below_it() {
        let unit = |name: &str, features: &str, below: &str| {
            format!(
                r#"{{"pkg_id": "{name}", "target": {{"name": "{name}", "kind": ["lib"]}}, "mode": "build", "features": [{features}],
                    "platform": null, "profile": {{"opt_level": "1"}}, "dependencies": [{below}]}}"#
            )
        };
        let graph = |features: &str| -> Graph {
            let units = [unit("top", "", r#"{"index": 1}"#), unit("low", features, "")].join(",");
            serde_json::from_str(&format!(r#"{{"units": [{units}]}}"#)).unwrap()
        };
        let mut known = BTreeMap::new();
        let first = graph(r#""std""#).keys(&mut known);
        assert_eq!(graph(r#""std""#).keys(&mut known), first);
        let other = graph("").keys(&mut known);
        assert!(other.iter().all(|key| !first.contains(key)), "{first:?} {other:?}");
    }
}
