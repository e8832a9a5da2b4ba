//! Scripts that speak before the program can: the messages in them stand between two marks, an object a language.

use anyhow::{Context, Result, bail};

use super::edit::Edit;
use super::messages::Messages;

const BEGIN: &str = "// texts: begin";
const END: &str = "// texts: end";

/// Whether a script holds messages.
pub(super) fn has_texts(source: &str) -> bool {
    source.contains(BEGIN)
}

/// What must change between the marks of a script, so that it says what the messages say. The ids
/// of the first language are the ids of all: to add a message, write `"id": "",` there.
///
/// # Errors
/// A mark is missing, or an id has no message.
pub(super) fn edits(source: &str, languages: &[(String, Messages)]) -> Result<Vec<Edit>> {
    let (before, rest) = source.split_once(BEGIN).with_context(|| format!("the mark `{BEGIN}` is missing"))?;
    let (block, _) = rest.split_once(END).with_context(|| format!("the mark `{END}` is missing"))?;
    let (head, body) = block.split_once('\n').context("the line of the first mark has no end")?;
    let start = before.len() + BEGIN.len() + head.len() + 1;
    let ids = ids(body);
    if ids.is_empty() {
        bail!("there is no id between `{BEGIN}` and `{END}`: write one as `\"id\": \"\",`");
    }
    let indent = &body[..body.len() - body.trim_start_matches(' ').len()];
    let name = body.trim_start().split(" = ").next().context("no object between the marks")?;
    let new = write(indent, name, &ids, languages)?;
    // The blanks before the second mark stay.
    let old = body.trim_end_matches(' ');
    if new == old {
        return Ok(Vec::new());
    }
    Ok(changed_lines(old, &new, start))
}

/// The ids of the first language.
fn ids(body: &str) -> Vec<&str> {
    let first = body.split("\n  }").next().unwrap_or_default();
    first.lines().filter_map(|line| Some(line.trim().strip_prefix('"')?.split_once("\": \"")?.0)).collect()
}

fn write(indent: &str, name: &str, ids: &[&str], languages: &[(String, Messages)]) -> Result<String> {
    let mut text = format!("{indent}{name} = {{\n");
    for (code, messages) in languages {
        text += &format!("{indent}  {code}: {{\n");
        for id in ids {
            let words = serde_json::to_string(&messages.template(id)?)?;
            text += &format!("{indent}    \"{id}\": {words},\n");
        }
        text += &format!("{indent}  }},\n");
    }
    Ok(text + indent + "};\n")
}

/// One edit a line where only words differ, one for the whole block where lines come or go.
fn changed_lines(old: &str, new: &str, start: usize) -> Vec<Edit> {
    let lines = |text: &str| text.split_inclusive('\n').map(str::to_owned).collect::<Vec<_>>();
    let (old_lines, new_lines) = (lines(old), lines(new));
    if old_lines.len() != new_lines.len() {
        let id = "all between the marks".to_owned();
        return vec![Edit { id, at: start..start + old.len(), new: new.to_owned() }];
    }
    let mut at = start;
    let mut edits = Vec::new();
    for (old, new) in old_lines.into_iter().zip(new_lines) {
        if old != new {
            let id = new.trim().trim_start_matches('"').split('"').next().unwrap_or_default().to_owned();
            edits.push(Edit { id, at: at..at + old.len(), new });
        }
        at += old.len();
    }
    edits
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::texts::edit::apply;

    const SCRIPT: &str = "before();\n// texts: begin (a note)\nconst TEXTS = {\n  en: \
                          {\n    \"a\": \"old\",\n    \"b\": \"{n} of two\",\n  },\n};\n// texts: end\nafter();\n";

    fn languages() -> Vec<(String, Messages)> {
        let of = |code: &str, source: &str| (code.to_owned(), Messages::parse(code, source.into()).unwrap());
        vec![of("en", "a = A \"quote\"\nb = { $n } of two\n"), of("zh", "a = 甲\nb = 共二 { $n }\n")]
    }

    #[test]
    fn the_block_is_written_from_the_messages_and_then_stays() {
        let edits = edits(SCRIPT, &languages()).unwrap();
        let done = apply(SCRIPT, edits);
        let expected = "before();\n// texts: begin (a note)\nconst TEXTS = {\n  en: \
                        {\n    \"a\": \"A \\\"quote\\\"\",\n    \"b\": \"{n} of two\",\n  },\n  zh: \
                        {\n    \"a\": \"甲\",\n    \"b\": \"共二 {n}\",\n  },\n};\n// texts: end\nafter();\n";
        assert_eq!(done, expected);
        assert_eq!(super::edits(&done, &languages()).unwrap(), []);
    }

    #[test]
    fn one_wrong_word_is_one_edit_with_its_id() {
        let done = apply(SCRIPT, edits(SCRIPT, &languages()).unwrap()).replace("甲", "乙");
        let edits = edits(&done, &languages()).unwrap();
        assert_eq!(edits.iter().map(|edit| edit.id.as_str()).collect::<Vec<_>>(), ["a"]);
        assert!(edits[0].new.contains("甲"));
    }

    #[test]
    fn missing_marks_and_messages_are_named() {
        assert!(edits("// texts: begin\nconst T = {", &languages()).unwrap_err().to_string().contains("texts: end"));
        let unknown = SCRIPT.replace("\"b\"", "\"c\"");
        assert!(edits(&unknown, &languages()).unwrap_err().to_string().contains("no message `c`"));
        assert!(!has_texts("nothing"));
    }
}
