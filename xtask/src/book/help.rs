//! The command line of `fovea` as its stored help shows it, so that documents are checked without
//! building the trainer. A test of the trainer (`trainer/tests/trainer/help_cli.rs`) holds the
//! stored texts to the program.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command};

/// Where the texts are, one file a command.
const FOLDER: &str = "trainer/tests/trainer/snapshots";

/// What the names of these files begin with.
const PREFIX: &str = "trainer__help_cli__help-";

/// The stored help texts by their commands' names, words joined by `-`.
///
/// # Errors
/// The folder cannot be read.
pub(super) fn texts(root: &Path) -> Result<BTreeMap<String, String>> {
    let folder = root.join(FOLDER);
    let mut texts = BTreeMap::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(name) = stem.strip_prefix(PREFIX) {
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            texts.insert(name.to_owned(), text);
        }
    }
    Ok(texts)
}

/// `fovea` with all its commands.
///
/// # Errors
/// A folder without help texts, or one that cannot be read.
pub(super) fn fovea(root: &Path) -> Result<Command> {
    let texts = texts(root)?;
    match texts.get("fovea") {
        Some(text) => Ok(command("fovea", text, &texts)),
        None => bail!("{FOLDER} has no help of fovea"),
    }
}

/// A command with those below it, whose names begin with its own.
fn command(name: &str, text: &str, texts: &BTreeMap<String, String>) -> Command {
    let short = name.rsplit('-').next().unwrap_or(name);
    let own = options(text).into_iter().map(Opt::arg);
    let usage = Usage::of(text, name.split('-').count());
    let mut command = Command::new(leaked(short)).disable_version_flag(true).args(own.map(|arg| usage.hold(arg)));
    command = command.args(usage.places.iter().map(Place::arg));
    command = command.subcommand_negates_reqs(true).subcommand_required(usage.command);
    for (other, text) in texts {
        let below = other.strip_prefix(name).and_then(|rest| rest.strip_prefix('-'));
        if below.is_some_and(|rest| !rest.contains('-')) {
            command = command.subcommand(self::command(other, text, texts));
        }
    }
    command
}

/// clap keeps names for as long as a program runs.
fn leaked(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

/// What the line `Usage:` says.
#[derive(Debug, Default, PartialEq)]
struct Usage {
    /// Flags that must be there.
    needed: Vec<String>,
    /// Words without a flag.
    places: Vec<Place>,
    /// Whether a command must follow.
    command: bool,
}

/// A word without a flag.
#[derive(Debug, PartialEq)]
struct Place {
    name: String,
    many: bool,
}

impl Usage {
    /// Of the first such line, behind so many words of the command's name.
    fn of(text: &str, name: usize) -> Usage {
        let mut usage = Usage::default();
        let line = text.lines().find_map(|line| line.strip_prefix("Usage: ")).unwrap_or_default();
        let mut words = line.split_whitespace().skip(name);
        while let Some(word) = words.next() {
            if let Some(flag) = word.strip_prefix("--") {
                usage.needed.push(flag.to_owned());
                // Its value.
                words.next();
            } else if word == "<COMMAND>" {
                usage.command = true;
            } else if let Some((name, rest)) = word.strip_prefix('<').and_then(|word| word.split_once('>')) {
                usage.places.push(Place { name: name.to_owned(), many: !rest.is_empty() });
            }
        }
        usage
    }

    /// A flag, required where the usage says so.
    fn hold(&self, arg: Arg) -> Arg {
        let needed = self.needed.iter().any(|name| arg.get_id() == name.as_str());
        arg.required(needed)
    }
}

impl Place {
    fn arg(&self) -> Arg {
        let arg = Arg::new(leaked(&self.name)).required(true);
        if self.many { arg.num_args(1..) } else { arg }
    }
}

/// A flag.
#[derive(Debug, Default, PartialEq)]
struct Opt {
    short: Option<char>,
    long: String,
    alias: Option<String>,
    /// What stands for its value, where it takes one.
    value: Option<String>,
    /// The words that it takes, where it takes words.
    words: Vec<String>,
}

impl Opt {
    fn arg(self) -> Arg {
        let mut arg = Arg::new(leaked(&self.long)).long(leaked(&self.long)).action(ArgAction::SetTrue);
        if let Some(short) = self.short {
            arg = arg.short(short);
        }
        if let Some(alias) = &self.alias {
            arg = arg.visible_alias(leaked(alias));
        }
        if let Some(value) = &self.value {
            arg = arg.action(ArgAction::Append).num_args(1).allow_negative_numbers(true);
            if value.contains(",...") {
                arg = arg.value_delimiter(',');
            }
        }
        if self.words.is_empty() {
            arg
        } else {
            arg.value_parser(PossibleValuesParser::new(self.words.iter().map(|word| leaked(word))))
        }
    }
}

/// The flags that a help text lists, `--help` and `--version` aside.
fn options(text: &str) -> Vec<Opt> {
    let mut found: Vec<Opt> = Vec::new();
    let mut listing = false;
    for line in text.lines() {
        let depth = line.len() - line.trim_start().len();
        let said = line.trim();
        if let Some(option) = (depth == 2 || depth == 6).then(|| option(said)).flatten() {
            found.push(option);
            listing = false;
        } else if let (Some(last), true) = (found.last_mut(), depth >= 10) {
            if let Some(words) = said.strip_prefix("[possible values: ") {
                last.words = words.trim_end_matches(']').split(", ").map(str::to_owned).collect();
            } else if let Some(alias) = said.strip_prefix("[alias: --") {
                last.alias = Some(alias.trim_end_matches(']').to_owned());
            } else if said == "Possible values:" {
                listing = true;
            } else if let (true, Some((word, _))) = (listing, said.strip_prefix("- ").and_then(|s| s.split_once(':'))) {
                last.words.push(word.to_owned());
            }
        }
    }
    found.retain(|option| option.long != "help" && option.long != "version");
    found
}

/// The flag that a line begins with.
fn option(line: &str) -> Option<Opt> {
    let mut rest = line;
    let mut short = None;
    if let Some((letter, behind)) = line.strip_prefix('-').and_then(|line| line.split_once(", --")) {
        short = letter.chars().next();
        rest = &line[line.len() - behind.len() - 2..];
    }
    let mut words = rest.strip_prefix("--")?.splitn(2, char::is_whitespace);
    let long = words.next()?.to_owned();
    let value = words.next().unwrap_or_default();
    let value = value.starts_with('<').then(|| value.split_inclusive('>').next().unwrap_or_default().to_owned());
    Some(Opt { short, long, value, ..Opt::default() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::paths;

    fn parses(words: &str) -> Result<(), String> {
        let parsed = fovea(&paths::root()).unwrap().try_get_matches_from(words.split_whitespace());
        parsed.map(drop).map_err(|error| error.to_string())
    }

    #[test]
    fn lines_of_help_are_read() {
        let text = "Usage: fovea x y [OPTIONS] --out <FILE> <IMAGE>...\n\n  -q, --quiet\n      --out <FILE>           \
                    Where to\n      --told <KIND,...>\n          What\n\n          \
                    Possible values:\n          - gaze: The gaze\n          - mask: The mask\n\n  -h, \
                    --help\n          Help (--none)\n      --n <N>\n          [possible values: a, b]\n";
        let options = options(text);
        let names: Vec<&str> = options.iter().map(|option| option.long.as_str()).collect();
        assert_eq!(names, ["quiet", "out", "told", "n"]);
        assert_eq!((options[0].short, &options[0].value), (Some('q'), &None));
        assert_eq!(options[1].value.as_deref(), Some("<FILE>"));
        assert_eq!((options[2].words.join(" "), options[3].words.join(" ")), ("gaze mask".into(), "a b".into()));
        let usage = Usage::of(text, 3);
        assert_eq!((usage.needed.join(" "), usage.command), ("out".into(), false));
        assert_eq!(usage.places, [Place { name: "IMAGE".into(), many: true }]);
    }

    #[test]
    fn the_stored_help_takes_what_the_program_takes() {
        for good in [
            "fovea data phantom --count 20 --domain skin --out x",
            "fovea train --data d --split gaze --out r --set a=b --set c=d --student-target broad-mask -q",
            "fovea train --preset paper --iterations 5 --data d --out r",
            "fovea predict --run r --fixation 0.1,0.2 --out o a.jpg b.jpg",
            "fovea teach --bundle b --data d --told gaze,mask --out o",
            "fovea gallery rank --bundle b --data d",
        ] {
            assert_eq!(parses(good), Ok(()), "{good}");
        }
        for (bad, named) in [
            ("fovea data phantoms", "phantoms"),
            ("fovea train --data d --out r --sed 3", "--sed"),
            ("fovea train --student-target broad", "broad"),
            ("fovea predict --run r a.jpg", "--out"),
            ("fovea data check", "FOLDER"),
            ("fovea data", "subcommand"),
        ] {
            let message = parses(bad).unwrap_err();
            assert!(message.contains(named), "{bad}: {message}");
        }
    }
}
