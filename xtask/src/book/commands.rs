//! Commands in documents: each names a command, flags and values that exist.

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::markdown::Page;
use super::shell;

/// The programs whose commands are checked.
pub(super) struct Programs {
    /// `fovea`.
    pub(super) fovea: Command,
    /// `cargo xtask`.
    pub(super) xtask: Command,
}

/// What is wrong with the commands of a page.
pub(super) fn wrong(name: &str, page: &Page, programs: &Programs) -> Vec<String> {
    let blocks = shell::commands(&page.shell).into_iter().map(|(line, words)| (line, words, true));
    // Code within a sentence may name a command and say nothing of what it needs.
    let spans = shell::commands(&page.spans).into_iter().map(|(line, words)| (line, words, false));
    blocks
        .chain(spans)
        .filter_map(|(line, words, whole)| {
            let why = programs.check(&words, whole)?;
            Some(format!("{name}:{line}: `{}`: {why}", words.join(" ")))
        })
        .collect()
}

impl Programs {
    /// Why a command cannot be run; nothing for other programs. What is not `whole` may lack what it needs.
    pub(super) fn check(&self, words: &[String], whole: bool) -> Option<String> {
        let parse = |program: &Command, skip: usize| {
            let words = words.iter().skip(skip).filter(|word| *word != "...");
            program.clone().try_get_matches_from(words).err().filter(|error| !passes(error, whole))
        };
        let error = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["fovea", _, ..] => parse(&self.fovea, 0),
            ["cargo", "xtask", _, ..] => parse(&self.xtask, 1),
            _ => None,
        };
        Some(error?.to_string().lines().next()?.trim_start_matches("error: ").to_owned())
    }
}

/// Whether what clap finds is not a mistake.
fn passes(error: &Error, whole: bool) -> bool {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => true,
        ErrorKind::MissingRequiredArgument
        | ErrorKind::MissingSubcommand
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => !whole,
        // A flag whose value is not said.
        ErrorKind::InvalidValue => {
            !whole
                && matches!(error.get(ContextKind::InvalidValue), Some(ContextValue::String(text)) if text.is_empty())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::book::help;
    use crate::paths;
    use clap::Arg;

    fn programs() -> Programs {
        let only = Arg::new("only").long("only").num_args(1);
        let test = Command::new("test").arg(only);
        let xtask = Command::new("cargo xtask").subcommand_required(true).subcommand(test);
        Programs { fovea: help::fovea(&paths::root()).unwrap(), xtask }
    }

    #[test]
    fn a_block_needs_whole_commands_and_a_sentence_names() {
        let text = "Use `fovea train --resume`, `cargo xtask test --only` and `fovea`.\n\n```\nfovea train --data d \
                    --out r\n\
                    fovea eval --run r\ncargo xtask test --fast\n```\n\n```\n$ cargo xtask test --only fmt | tee \
                    log\ncargo build\n```\n\nNot `fovea trian`.\n";
        let found = wrong("a.md", &Page::read(text), &programs());
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].starts_with("a.md:5: `fovea eval --run r`"), "{}", found[0]);
        assert!(found[1].starts_with("a.md:6: ") && found[1].contains("--fast"), "{}", found[1]);
        assert!(found[2].starts_with("a.md:14: ") && found[2].contains("trian"), "{}", found[2]);
    }
}
