//! Commands in lines of shell: continued lines are joined, comments cut, words taken out of their quotes.

/// What stands between two commands of one line.
const BETWEEN: [&str; 5] = ["|", ";", "&&", "||", "&"];

/// Words before a command that are not part of it.
const BEFORE: [&str; 3] = ["do", "then", "time"];

/// The commands in some lines, each with the number of the line that it begins in.
pub(super) fn commands(lines: &[(usize, String)]) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (number, line) in lines {
        let (first, mut text) = open.take().unwrap_or((*number, String::new()));
        text += line.trim_start_matches("$ ");
        if let Some(begun) = text.trim_end().strip_suffix('\\') {
            open = Some((first, format!("{begun} ")));
        } else {
            found.extend(split(&text).into_iter().map(|command| (first, command)));
        }
    }
    found
}

/// The commands of one line, each as its words.
fn split(line: &str) -> Vec<Vec<String>> {
    let mut commands = vec![Vec::new()];
    for word in words(line) {
        if BETWEEN.contains(&word.as_str()) {
            commands.push(Vec::new());
        } else if let Some(last) = commands.last_mut()
            && !(last.is_empty() && BEFORE.contains(&word.as_str()))
        {
            last.push(word);
        }
    }
    commands.retain(|command| !command.is_empty());
    commands
}

/// The words of a line, without its comment. A `;` behind a word is a word.
fn words(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '#') if word.is_none() => break,
            (None, ';') => {
                found.extend(word.take());
                found.push(";".into());
            }
            (None, c) if c.is_whitespace() => found.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    found.extend(word);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_commands() {
        let lines = [
            "# nothing",
            "for s in 1 2; do fovea train --seed $s --set 'a=\"b c\"'; done   # twice",
            "fovea eval --run a \\",
            "   --out x.json && cargo xtask test",
            "$ fovea data check set --json | jq '.defects[]'",
        ];
        let lines: Vec<(usize, String)> = lines.iter().enumerate().map(|(at, line)| (at + 1, (*line).into())).collect();
        let found: Vec<(usize, String)> =
            commands(&lines).into_iter().map(|(at, words)| (at, words.join("+"))).collect();
        let expected = [
            (2, "for+s+in+1+2"),
            (2, "fovea+train+--seed+$s+--set+a=\"b c\""),
            (2, "done"),
            (3, "fovea+eval+--run+a+--out+x.json"),
            (3, "cargo+xtask+test"),
            (5, "fovea+data+check+set+--json"),
            (5, "jq+.defects[]"),
        ];
        assert_eq!(found, expected.map(|(at, text)| (at, text.to_owned())));
    }
}
