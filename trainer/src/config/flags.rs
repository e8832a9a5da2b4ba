//! Every setting as a flag: named like its key, with its comment as help. Nothing is listed here a second time.

use std::sync::LazyLock;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, builder::PossibleValuesParser};
use fovea_shared::{
    description::Modality,
    distill::{Consistency, DistillConfig, Masking, Strategies, TwoLevel},
    documented::Documented,
    gaze::HeatParams,
    pseudo_mask::PseudoMaskParams,
};
use toml::{Table, Value};

use super::{ConfigError, PaperSettings, PresetName, Settings, settings::put};
use crate::run::LookSettings;

/// The fields of a table: name and comment.
type Fields = &'static [(&'static str, &'static str)];

/// The tables of a configuration, each with how its keys are written.
const TABLES: [(&str, Fields, char); 10] = [
    ("", Settings::FIELDS, '-'),
    ("looks", LookSettings::FIELDS, '-'),
    ("pseudo-masks", PseudoMaskParams::FIELDS, '_'),
    ("pseudo-masks.heat", HeatParams::FIELDS, '_'),
    ("distill", DistillConfig::FIELDS, '_'),
    ("distill.strategies", Strategies::FIELDS, '_'),
    ("distill.consistency", Consistency::FIELDS, '_'),
    ("distill.masking", Masking::FIELDS, '_'),
    ("distill.two_level", TwoLevel::FIELDS, '_'),
    ("paper", PaperSettings::FIELDS, '-'),
];

/// One setting.
pub(super) struct Setting {
    /// Its key, with a dot between a table and what is in it; the flag's name too.
    pub(super) key: String,
    /// Its comment.
    pub(super) comment: String,
    /// Its values where nobody says otherwise: of the presets `lite` and `paper`. `None` where a preset lacks it.
    pub(super) defaults: [Option<String>; 2],
    /// The words that it takes, where it takes words.
    pub(super) words: Vec<String>,
    /// Comment and defaults.
    help: String,
}

pub(super) static SETTINGS: LazyLock<Vec<Setting>> = LazyLock::new(|| {
    let tables = [PresetName::Lite, PresetName::Paper].map(|preset| {
        Table::try_from(Settings::of_preset(preset, Modality::Polyp)).expect("the defaults can be written")
    });
    let setting = |(key, comment): (String, &str)| {
        // Links of the documentation are names here.
        let comment = comment.split_whitespace().collect::<Vec<_>>().join(" ").replace("[`", "`").replace("`]", "`");
        let defaults = tables.each_ref().map(|table| at(table, &key).map(shown));
        Setting { help: help(&comment, &key, &defaults), words: words(&key), key, comment, defaults }
    };
    keys().into_iter().map(setting).collect()
});

/// All keys that are not tables, with their comments.
fn keys() -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    for (table, fields, joint) in TABLES {
        for (field, comment) in fields {
            let field = field.replace('_', &joint.to_string());
            let key = if table.is_empty() { field } else { format!("{table}.{field}") };
            if TABLES.iter().all(|(table, ..)| *table != key) {
                found.push((key, *comment));
            }
        }
    }
    found
}

/// A comment as help, with the defaults of both presets where they are short.
fn help(comment: &str, key: &str, defaults: &[Option<String>; 2]) -> String {
    let mut text = comment.to_owned();
    match defaults.each_ref().map(|value| value.as_ref().filter(|text| text.len() < 50)) {
        [Some(lite), Some(paper)] if lite == paper => text += &format!(" [default: {lite}]"),
        [Some(lite), Some(paper)] => text += &format!(" [default: {lite}; preset paper: {paper}]"),
        [None, Some(paper)] if key != "preset" => text += &format!(" [default: {paper}]"),
        _ => {}
    }
    text
}

/// A value as somebody would write it. Settings of single precision are stored in double, where 0.4
/// is 0.4000000059604645.
fn shown(value: &Value) -> String {
    match value {
        Value::Float(number) if f64::from(*number as f32) == *number => format!("{:?}", *number as f32),
        Value::Array(values) => format!("[{}]", values.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Value::Table(table) => {
            let pairs: Vec<String> = table.iter().map(|(key, value)| format!("{key} = {}", shown(value))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        other => other.to_string(),
    }
}

fn at<'a>(table: &'a Table, key: &str) -> Option<&'a Value> {
    match key.split_once('.') {
        Some((first, rest)) => at(table.get(first)?.as_table()?, rest),
        None => table.get(key),
    }
}

/// The words that a setting takes; none for numbers and switches. They are those that serde names
/// when it is given another.
fn words(key: &str) -> Vec<String> {
    let mut layer = Table::new();
    let tried = put(&mut layer, key, "\"?\"").and_then(|()| Settings::layered(Modality::Polyp, &[layer]));
    let message = tried.err().map(|error| error.to_string()).unwrap_or_default();
    let Some((_, named)) = message.split_once("unknown variant `?`, expected ") else { return Vec::new() };
    let line = named.lines().next().unwrap_or_default();
    line.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The settings that were given as flags.
#[derive(Clone, Debug, Default)]
pub(crate) struct SettingFlags {
    given: Vec<(&'static str, String)>,
}

impl SettingFlags {
    /// As a layer over a file.
    ///
    /// # Errors
    /// Never for keys of settings.
    pub(crate) fn layer(&self) -> Result<Table, ConfigError> {
        let mut layer = Table::new();
        for (key, value) in &self.given {
            put(&mut layer, key, value)?;
        }
        Ok(layer)
    }
}

impl Args for SettingFlags {
    fn augment_args(command: Command) -> Command {
        SETTINGS.iter().fold(
            command.next_help_heading("Settings (the keys of a configuration file)"),
            |command, setting| {
                let key = setting.key.as_str();
                let mut arg = Arg::new(key)
                    .long(key)
                    .value_name("VALUE")
                    .help(setting.help.as_str())
                    .allow_negative_numbers(true)
                    .conflicts_with("resume");
                if !setting.words.is_empty() {
                    arg = arg.value_parser(PossibleValuesParser::new(setting.words.iter().map(String::as_str)));
                }
                if key == "paper.iterations" {
                    arg = arg.visible_alias("iterations");
                }
                command.arg(arg)
            },
        )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for SettingFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let value = |setting: &'static Setting| {
            let key = setting.key.as_str();
            Some((key, matches.get_one::<String>(key)?.clone()))
        };
        Ok(Self { given: SETTINGS.iter().filter_map(value).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;

    use super::*;

    fn leaves(prefix: &str, table: &Table, into: &mut BTreeSet<String>) {
        for (key, value) in table {
            let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
            match value {
                Value::Table(inner) => leaves(&key, inner, into),
                _ => drop(into.insert(key)),
            }
        }
    }

    #[test]
    fn every_key_of_a_file_is_a_flag_with_help() {
        let mut written = BTreeSet::new();
        leaves("", &Table::try_from(Settings::of_preset(PresetName::Paper, Modality::Polyp)).unwrap(), &mut written);
        let flags: BTreeSet<String> = SETTINGS.iter().map(|setting| setting.key.clone()).collect();
        assert!(written.is_subset(&flags), "{:?}", written.difference(&flags));
        assert_eq!(flags.len(), SETTINGS.len());
        for setting in SETTINGS.iter() {
            assert!(setting.help.len() > 10, "{} has no comment", setting.key);
        }
    }

    #[test]
    fn every_flag_is_a_key_of_a_file() {
        for setting in SETTINGS.iter() {
            // A value of no setting's kind: it is the value that is wrong, not the key.
            let mut layer = Table::new();
            put(&mut layer, &setting.key, "{ no = 1 }").unwrap();
            let error = Settings::layered(Modality::Polyp, &[layer]).unwrap_err().to_string();
            assert!(!error.contains("unknown field"), "{}: {error}", setting.key);
        }
    }

    #[test]
    fn words_and_defaults_are_shown() {
        let setting = |key: &str| SETTINGS.iter().find(|setting| setting.key == key).unwrap();
        assert_eq!(setting("schedule").words, ["two-stage", "joint"]);
        assert_eq!(setting("preset").words, ["lite", "paper"]);
        assert_eq!(setting("distill.consistency.variant").words, ["target-conf", "both-conf", "released"]);
        assert!(setting("batch").words.is_empty() && setting("flips").words.is_empty());
        assert!(
            setting("batch").help.ends_with("Images a step. [default: 16; preset paper: 8]"),
            "{}",
            setting("batch").help
        );
        assert!(setting("paper.iterations").help.ends_with("[default: 15000]"));
        // Of single and of double precision.
        let value = |key: &str| setting(key).defaults[0].as_deref();
        assert_eq!((value("distill.weight_decay"), value("rate")), (Some("0.01"), Some("0.002")));
    }
}
