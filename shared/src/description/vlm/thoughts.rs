//! What a model thinks aloud, and what it says.

/// Words between `<` and `>` that begin and end thoughts.
const TAGS: [&str; 7] = ["think", "thinking", "thought", "reasoning", "reflection", "scratchpad", "analysis"];

/// Other beginnings and ends: Mistral's, Kimi's, those of models trained on OpenThoughts.
const MARKS: [(&str, &str); 3] =
    [("[think]", "[/think]"), ("◁think▷", "◁/think▷"), ("<|begin_of_thought|>", "<|end_of_thought|>")];

/// In OpenAI's harmony format every part of an answer names its channel; the answer is in `final`.
const CHANNEL: &str = "<|channel|>";

/// Where the text of a channel begins, and all that may end it.
const MESSAGE: &str = "<|message|>";
const CHANNEL_ENDS: [&str; 5] = ["<|end|>", "<|return|>", "<|start|>", "<|call|>", CHANNEL];

/// The answer in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// What stands outside of thoughts.
    pub(super) text: String,
    /// Whether thoughts begin that do not end. What stands in them may be a draft.
    pub(super) unended: bool,
}

/// Takes the thoughts out of a text. An end without a beginning ends thoughts that began with the
/// text, as servers send them
/// that put the beginning into the prompt.
pub(super) fn without_thoughts(text: &str) -> Said {
    if let Some(said) = channels(text) {
        return said;
    }
    // ASCII letters alone change, so that places in both are the same.
    let lower = text.to_ascii_lowercase();
    let (mut said, mut inside, mut from) = (String::new(), false, 0);
    for (start, end, begins) in tags(&lower) {
        if start < from {
            continue;
        }
        match (begins, inside) {
            (true, false) => said.push_str(&text[from..start]),
            (true, true) | (false, true) => {}
            (false, false) => said.clear(),
        }
        inside = begins;
        from = end;
    }
    if !inside {
        said.push_str(&text[from..]);
    }
    Said { text: said, unended: inside }
}

/// The tags of a text in lower case, in their order: where each starts and ends, and whether it begins thoughts.
fn tags(lower: &str) -> Vec<(usize, usize, bool)> {
    let mut found = Vec::new();
    let mut look = |mark: &str, begins: bool| {
        found.extend(lower.match_indices(mark).map(|(start, mark)| (start, start + mark.len(), begins)));
    };
    for tag in TAGS {
        look(&format!("<{tag}>"), true);
        look(&format!("</{tag}>"), false);
    }
    for (begin, end) in MARKS {
        look(begin, true);
        look(end, false);
    }
    found.sort_unstable();
    found
}

/// The last final channel of a text that has channels, or the text after their words where a server
/// has taken the markers out.
fn channels(text: &str) -> Option<Said> {
    // Without the markers the channel's name stands before the first word.
    let bare = text.trim_start().strip_prefix("analysis").is_some_and(|rest| rest.starts_with(char::is_uppercase));
    if bare {
        let answer = text.rsplit_once("assistantfinal").map(|(_, answer)| answer.to_owned());
        return Some(Said { unended: answer.is_none(), text: answer.unwrap_or_default() });
    }
    let mut parts = text.split(CHANNEL);
    parts.next()?;
    let mut said = None;
    for part in parts {
        if let Some((head, body)) = part.split_once(MESSAGE)
            && head.trim().starts_with("final")
        {
            let end = CHANNEL_ENDS.iter().filter_map(|end| body.find(end)).min().unwrap_or(body.len());
            said = Some(body[..end].to_owned());
        }
    }
    let unended = said.is_none();
    text.contains(CHANNEL).then(|| Said { text: said.unwrap_or_default(), unended })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_what_is_not_thought() {
        for (text, answer) in [
            ("{A}", "{A}"),
            ("<think>{D}</think>\n{A}", "\n{A}"),
            ("<THINK>{D}</Think>{A}", "{A}"),
            ("{D} no.\n</think>\n{A}", "\n{A}"),
            ("{A}<think>was that right? {D}</think>", "{A}"),
            ("<think>a</think>{A}<think>b</think>", "{A}"),
            ("<think>I <think>twice</think>{A}", "{A}"),
            ("<think>a</think>{D}</think>{A}", "{A}"),
            ("<thinking>{D}</thinking>{A}", "{A}"),
            ("<reasoning>{D}</reasoning>{A}", "{A}"),
            ("<scratchpad>{D}</scratchpad>{A}", "{A}"),
            ("[THINK]{D}[/THINK]{A}", "{A}"),
            ("◁think▷{D}◁/think▷{A}", "{A}"),
            ("<|begin_of_thought|>{D}<|end_of_thought|>{A}", "{A}"),
            (
                "<|channel|>analysis<|message|>{D}<|end|><|start|>assistant<|channel|>final<|message|>{A}<|return|>",
                "{A}",
            ),
            ("<|channel|>final <|constrain|>JSON<|message|>{A}", "{A}"),
            ("analysisWe see {D}.assistantfinal{A}", "{A}"),
        ] {
            assert_eq!(without_thoughts(text), Said { text: answer.into(), unended: false }, "{text}");
        }
        for text in [
            "<think>First {D}. But",
            "<think>a</think><think>{D}",
            "<think>{D}\n\n```json\n{A}\n```",
            "[THINK]{D}",
            "<|channel|>analysis<|message|>{D}",
            "<|channel|>analysis",
            "analysisFirst {D}. But",
        ] {
            let said = without_thoughts(text);
            assert!(said.unended && said.text.trim().is_empty(), "{text}: {said:?}");
        }
    }
}
