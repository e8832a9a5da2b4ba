//! The messages of one language, read from its Fluent file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::unicode::unescape_unicode_to_string;

/// The messages of one language by id, each as its file has it.
pub(super) struct Messages {
    /// The name of the file, for errors.
    file: String,
    patterns: BTreeMap<String, Pattern<String>>,
}

impl Messages {
    /// Reads a file.
    ///
    /// # Errors
    /// The file is missing, or not Fluent from its first line to its last.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let source = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self::parse(&file, source)
    }

    pub(super) fn parse(file: &str, source: String) -> Result<Self> {
        let resource = fluent_syntax::parser::parse(source).map_err(|(_, errors)| {
            anyhow!("{file} is not Fluent: {}", errors.first().map_or_else(String::new, ToString::to_string))
        })?;
        let patterns = resource.body.into_iter().filter_map(|entry| match entry {
            Entry::Message(message) => Some((message.id.name, message.value?)),
            _ => None,
        });
        Ok(Self { file: file.to_owned(), patterns: patterns.collect() })
    }

    /// A message with its arguments as `{name}`.
    ///
    /// # Errors
    /// There is no such message, or it holds more than text and arguments: plurals and other messages need the program.
    pub(super) fn template(&self, id: &str) -> Result<String> {
        let pattern = self.patterns.get(id).with_context(|| format!("{} has no message `{id}`", self.file))?;
        let mut text = String::new();
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => text += value,
                PatternElement::Placeable {
                    expression: Expression::Inline(InlineExpression::StringLiteral { value }),
                } => text += &unescape_unicode_to_string(value),
                PatternElement::Placeable {
                    expression: Expression::Inline(InlineExpression::VariableReference { id }),
                } => text += &format!("{{{}}}", id.name),
                PatternElement::Placeable { .. } => {
                    bail!("{}: `{id}` holds a plural or another message, which only the program can write", self.file)
                }
            }
        }
        Ok(text)
    }

    /// A message without arguments.
    ///
    /// # Errors
    /// As of [`Self::template`], and when it has arguments.
    pub(super) fn text(&self, id: &str) -> Result<String> {
        let is_argument = |element: &PatternElement<String>| {
            matches!(
                element,
                PatternElement::Placeable {
                    expression: Expression::Inline(InlineExpression::VariableReference { .. })
                }
            )
        };
        if self.patterns.get(id).is_some_and(|pattern| pattern.elements.iter().any(is_argument)) {
            bail!("{}: `{id}` has arguments, so it cannot stand in index.html", self.file);
        }
        self.template(id)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const FILE: &str = "# Comment\n\nplain = A word\nlong = One\n    two { \"{\" } three\n\nwith = { $done } of { \
                        $total } MB\ncount = { $n ->\n    [one] one\n   *[other] many\n}\n";

    #[test]
    fn texts_and_templates_are_read() {
        let messages = Messages::parse("en.ftl", FILE.into()).unwrap();
        assert_eq!(messages.text("plain").unwrap(), "A word");
        assert_eq!(messages.text("long").unwrap(), "One\ntwo { three");
        assert_eq!(messages.template("with").unwrap(), "{done} of {total} MB");
    }

    #[test]
    fn what_needs_the_program_is_refused_by_name() {
        let messages = Messages::parse("en.ftl", FILE.into()).unwrap();
        assert!(messages.text("with").unwrap_err().to_string().contains("`with` has arguments"));
        assert!(messages.template("count").unwrap_err().to_string().contains("`count` holds a plural"));
        assert!(messages.text("missing").unwrap_err().to_string().contains("no message `missing`"));
        assert!(Messages::parse("en.ftl", "a = {".into()).is_err());
    }
}
