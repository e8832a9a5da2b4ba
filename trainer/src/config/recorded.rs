//! Configurations as they were written down: their hash, and what differs.

use std::collections::{BTreeMap, BTreeSet};

use fovea_shared::bundle::sha256;
use serde_json::Value;

use super::TrainConfig;

/// SHA-256 of a configuration's canonical form: `key = value` lines in the order of the keys,
/// numbers with 12 digits. Only what is written
/// counts, so the hash stays when the program gains a key.
pub(crate) fn config_hash(config: &Value) -> String {
    let mut flat = BTreeMap::new();
    flatten("", config, &mut flat);
    let lines = flat.into_iter().map(|(key, value)| format!("{key} = {}\n", canonical(&value)));
    sha256(lines.collect::<String>().as_bytes())
}

/// Reading a number from JSON may change its last digit, and TOML tells whole numbers from others.
fn canonical(value: &Value) -> String {
    match value.as_f64() {
        Some(number) if value.as_u64().is_none() => format!("{number:.11e}"),
        _ => value.to_string(),
    }
}

/// What differs between two configurations: `key`: value then, value now.
pub(crate) fn differences(then: &TrainConfig, now: &TrainConfig) -> Vec<String> {
    let [then, now] = [then, now].map(|config| {
        let mut flat = BTreeMap::new();
        flatten("", &serde_json::to_value(config).unwrap_or_default(), &mut flat);
        flat
    });
    let keys: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
    let shown = |flat: &BTreeMap<String, Value>, key| flat.get(key).map_or("nothing".into(), Value::to_string);
    keys.into_iter()
        .filter(|key| then.get(*key).map(canonical) != now.get(*key).map(canonical))
        .map(|key| format!("`{key}`: {} then, {} now", shown(&then, key), shown(&now, key)))
        .collect()
}

/// Adds every value under its key, with a dot between a table and what is in it.
pub(crate) fn flatten(prefix: &str, value: &Value, into: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let dot = if prefix.is_empty() { "" } else { "." };
                flatten(&format!("{prefix}{dot}{key}"), value, into);
            }
        }
        other => drop(into.insert(prefix.into(), other.clone())),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_hash_sees_every_value_and_no_way_of_writing_it() {
        let of_toml = |text: &str| config_hash(&toml::from_str::<Value>(text).unwrap());
        let text = "batch = 4\nrate = 2e-3\n[distill]\nema = 0.99\n";
        assert_eq!(of_toml(text), of_toml("# mine\nrate = 0.002\nbatch    = 4\ndistill.ema = 0.99"));
        let config = TrainConfig::default();
        let written: Value = toml::from_str(&toml::to_string(&config).unwrap()).unwrap();
        let through_json: Value = serde_json::from_str(&serde_json::to_string(&config).unwrap()).unwrap();
        assert_eq!(config_hash(&written), config_hash(&through_json));
        for changed in
            ["batch = 5\nrate = 2e-3\n[distill]\nema = 0.99\n", "batch = 4\nrate = 2e-3\n[distill]\nema = 0.991\n"]
        {
            assert_ne!(of_toml(text), of_toml(changed));
        }
    }

    #[test]
    fn differences_are_named_by_their_keys() {
        let then = TrainConfig::default();
        let mut now = TrainConfig { batch: 3, ..then.clone() };
        now.distill.ema = 0.5;
        assert_eq!(differences(&then, &now), ["`batch`: 16 then, 3 now", "`distill.ema`: 0.99 then, 0.5 now"]);
        assert!(differences(&then, &then).is_empty());
    }
}
