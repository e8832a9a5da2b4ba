//! `cargo xtask texts`: the words of the page from one source, the Fluent files in `web/text`.
//!
//! `index.html` has its English inline, so that it can be read before the program arrives and where
//! it never does; `boot.mjs` speaks before the program can; the plan for teachers is a page without
//! a program, one a language. All repeat messages, which this command writes there: into elements
//! with `data-t="id"`, attributes with `data-t-ATTRIBUTE="id"`, and scripts between `// texts:
//! begin` and `// texts: end`.

mod edit;
mod html;
mod messages;
mod script;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use self::edit::{apply, differences};
use self::messages::Messages;
use crate::paths;

/// The language of pages that name no other in their `lang`.
const INLINE: &str = "en";

/// The options of `texts`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Write nothing: fail if the page says something else than its messages
    #[arg(long)]
    check: bool,
}

/// Writes the texts, or checks them.
///
/// # Errors
/// A file cannot be read or written, a message is missing, or, with `--check`, something differs.
pub fn run(args: &Args) -> Result<ExitCode> {
    let found = outdated(paths::root().as_path())?;
    if !args.check {
        for file in &found {
            fs::write(&file.path, &file.new).with_context(|| format!("cannot write {}", file.path.display()))?;
            println!("{}", file.differences.join("\n"));
        }
        println!("{} files written", found.len());
    } else if !found.is_empty() {
        bail!("{}", report(&found));
    }
    Ok(ExitCode::SUCCESS)
}

/// What `cargo xtask texts` would change, as one text; nothing when all is well.
///
/// # Errors
/// A file cannot be read, or a message is missing.
pub fn check() -> Result<Option<String>> {
    let found = outdated(&paths::root())?;
    Ok((!found.is_empty()).then(|| report(&found)))
}

fn report(found: &[Outdated]) -> String {
    let lines: Vec<&str> = found.iter().flat_map(|file| &file.differences).map(String::as_str).collect();
    format!("{}\nremedy: cargo xtask texts", lines.join("\n"))
}

/// A file that says something else than the messages.
struct Outdated {
    path: PathBuf,
    /// The file as it should be.
    new: String,
    differences: Vec<String>,
}

/// The files of a checkout that are not up to date.
fn outdated(root: &Path) -> Result<Vec<Outdated>> {
    let languages = languages(&root.join("web/text"))?;
    let mut found = Vec::new();
    for path in files(&root.join("www"), &["html", "js", "mjs"])? {
        let name = format!("www/{}", path.file_name().unwrap_or_default().to_string_lossy());
        let source = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let is_page = path.extension().is_some_and(|extension| extension == "html");
        let edits = if is_page {
            html::edits(&source, spoken(&source, &languages)?)
        } else if script::has_texts(&source) {
            script::edits(&source, &languages)
        } else {
            continue;
        };
        let edits = edits.with_context(|| name.clone())?;
        if !edits.is_empty() {
            let differences = differences(&name, &source, &edits).iter().map(ToString::to_string).collect();
            found.push(Outdated { new: apply(&source, edits), path, differences });
        }
    }
    Ok(found)
}

/// The messages of the language that a page names in `<html lang="…">`, by its primary subtag.
fn spoken<'a>(page: &str, languages: &'a [(String, Messages)]) -> Result<&'a Messages> {
    let named = page.split_once("<html lang=\"").and_then(|(_, rest)| rest.split(['"', '-']).next());
    let code = named.unwrap_or(INLINE);
    let found = languages.iter().find(|(known, _)| known == code);
    found.map(|(_, messages)| messages).with_context(|| format!("web/text has no {code}.ftl"))
}

/// All languages by their codes, English first.
fn languages(folder: &Path) -> Result<Vec<(String, Messages)>> {
    let mut languages = Vec::new();
    for path in files(folder, &["ftl"])? {
        let code = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        languages.push((code, Messages::read(&path)?));
    }
    languages.sort_by_key(|(code, _)| (code != INLINE, code.clone()));
    Ok(languages)
}

/// The files of a folder with one of these extensions, by name.
fn files(folder: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|is| extensions.iter().any(|wanted| is == *wanted)));
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A checkout with one page and one script, both out of date.
    fn checkout() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("web/text/en.ftl", "hello = Hello <b>you</b>\nwait = Wait\n");
        write("web/text/zh.ftl", "hello = 你好 <b>你</b>\nwait = 等\n");
        write("www/index.html", "<p data-t=\"hello\">Hullo</p>\n");
        write("www/plan.zh.html", "<html lang=\"zh-Hans\"><p data-t=\"wait\">Wait</p></html>\n");
        write("www/boot.mjs", "// texts: begin\nconst T = {\n  en: {\n    \"wait\": \"\",\n  },\n};\n// texts: end\n");
        write("www/other.js", "// speaks not\n");
        root
    }

    #[test]
    fn a_checkout_is_mended_once_and_the_differences_name_place_and_command() {
        let root = checkout();
        let found = outdated(root.path()).unwrap();
        let said = report(&found);
        assert!(said.contains("www/index.html:1: `hello` says “Hullo” and should say “Hello <b>you</b>”"), "{said}");
        assert!(said.contains("www/boot.mjs") && said.ends_with("remedy: cargo xtask texts"), "{said}");
        for file in &found {
            fs::write(&file.path, &file.new).unwrap();
        }
        assert!(outdated(root.path()).unwrap().is_empty());
        assert!(fs::read_to_string(root.path().join("www/plan.zh.html")).unwrap().contains(">等<"));
        assert!(fs::read_to_string(root.path().join("www/boot.mjs")).unwrap().contains("\"wait\": \"等\""));
    }

    #[test]
    fn the_page_of_this_checkout_says_what_its_messages_say() {
        assert_eq!(check().unwrap(), None);
    }
}
