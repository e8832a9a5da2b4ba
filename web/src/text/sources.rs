//! For the tests: the files with words in them, taken apart as far as the tests need it. Nothing here is a parser of anything but these
//! files; what they hold that is not foreseen here makes a test fail.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The messages of a file by their ids, as they are written.
pub(super) fn messages(source: &str) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut last = String::new();
    for line in source.lines() {
        if line.starts_with(' ') {
            found.entry(last.clone()).and_modify(|body| *body += line);
        } else if let Some((id, body)) = line.split_once(" =").filter(|_| !line.starts_with('#')) {
            assert!(found.insert(id.to_string(), body.trim().to_string()).is_none(), "the message `{id}` comes twice");
            last = id.to_string();
        }
    }
    found
}

/// The names of a message's arguments.
pub(super) fn arguments(body: &str) -> BTreeSet<String> {
    let name = |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    body.split('$').skip(1).map(name).collect()
}

/// A file of the repository.
pub(super) fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// One line of words, with single blanks.
fn line(text: &str) -> String {
    text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The words of `index.html`.
#[derive(Default)]
pub(super) struct Inline {
    /// Ids of the messages that stand there.
    pub(super) marked: Vec<String>,
    /// Names of the attributes that are marked.
    pub(super) attributes: BTreeSet<String>,
    /// Words without an id.
    pub(super) bare: BTreeSet<String>,
}

/// Attributes that people read or hear.
const READ: [&str; 6] = ["aria-label", "aria-roledescription", "title", "placeholder", "alt", "label"];

/// Reads the words of a page. What is in elements with `data-t` is written by `cargo xtask texts`, so only their ids count.
pub(super) fn inline(html: &str) -> Inline {
    let (mut found, mut rest) = (Inline::default(), html);
    // The marked element that is open: its id, and how many elements are open in it.
    let mut open: Option<(String, usize)> = None;
    while let Some(at) = rest.find('<') {
        let text = line(&rest[..at]);
        if open.is_none() && !text.is_empty() {
            found.bare.insert(text);
        }
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        // No attribute here holds a `>`.
        let (tag, after) = rest[1..].split_once('>').unwrap_or((rest, ""));
        rest = after;
        if tag.starts_with('/') {
            open = match open.take() {
                Some((id, 0)) => {
                    found.marked.push(id);
                    None
                }
                Some((id, depth)) => Some((id, depth - 1)),
                None => None,
            };
            continue;
        }
        let name = tag.split_whitespace().next().unwrap_or_default();
        let attributes = attributes(tag);
        let value = |name: &str| attributes.iter().find(|a| a.0 == name).map(|a| a.1.clone());
        for (name, text) in &attributes {
            if let Some(of) = name.strip_prefix("data-t-") {
                found.attributes.insert(of.to_string());
                found.marked.push(text.clone());
            } else if READ.contains(&name.as_str()) && value(&format!("data-t-{name}")).is_none() && !text.is_empty() {
                found.bare.insert(text.clone());
            }
        }
        let ends = ["meta", "link", "input", "!doctype"].contains(&name) || tag.ends_with('/');
        match &mut open {
            Some((_, depth)) => *depth += usize::from(!ends),
            None => open = value("data-t").map(|id| (id, 0)),
        }
    }
    found
}

/// Names and values of a tag's attributes.
fn attributes(tag: &str) -> Vec<(String, String)> {
    let parts: Vec<&str> = tag.split('"').collect();
    let pair = |pair: &[&str]| match pair {
        [before, value] => Some((before.split_whitespace().next_back()?.strip_suffix('=')?.to_string(), line(value))),
        _ => None,
    };
    parts.chunks(2).filter_map(pair).collect()
}

/// The ids of the messages that `boot.mjs` repeats.
pub(super) fn boot() -> BTreeSet<String> {
    let script = file("www/boot.mjs");
    let (_, texts) = script.split_once("// texts: begin").expect("the texts have a beginning");
    let (texts, _) = texts.split_once("// texts: end").expect("the texts have an end");
    let id = |line: &str| Some(line.trim().strip_prefix('"')?.split_once("\": \"")?.0.to_string());
    texts.lines().filter_map(id).collect()
}

/// Every message that the program names, with the arguments that it gives.
pub(super) fn calls() -> Vec<(String, BTreeSet<String>)> {
    let mut files = Vec::new();
    rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut found = Vec::new();
    for path in files {
        let source = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let source = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let code: String = source.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        for name in ["say!(", "message!("] {
            found.extend(code.match_indices(name).filter_map(|(at, _)| call(&code[at + name.len()..])));
        }
    }
    found
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the sources are there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs")
            && !["sources.rs", "tests.rs"].iter().any(|name| path.ends_with(name))
        {
            files.push(path);
        }
    }
}

/// The id and the names of the arguments of a macro that begins here; nothing where it does not begin with an id.
fn call(code: &str) -> Option<(String, BTreeSet<String>)> {
    let (mut depth, mut quoted, mut parts) = (0_usize, false, vec![String::new()]);
    for letter in code.chars() {
        match letter {
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' if !quoted && depth == 0 => break,
            ')' | ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut()?.push(letter);
    }
    let id = parts[0].trim().strip_prefix('"')?.strip_suffix('"')?.to_string();
    let names = parts[1..].iter().filter_map(|part| Some(part.split_once('=')?.0.trim().to_string()));
    Some((id, names.collect()))
}
