//! `--help` of every command, as it was stored. After a wanted change `INSTA_UPDATE=always cargo
//! test --workspace --test trainer help_cli` writes `snapshots/` again, and the change shows in
//! `git diff`.

use crate::binary::passes;

/// The commands that a help text lists.
fn commands(help: &str) -> Vec<String> {
    let listed = help.lines().skip_while(|line| line.trim() != "Commands:").skip(1);
    let lines = listed.take_while(|line| !line.trim().is_empty() || line.starts_with("  "));
    // A command begins two places in; what follows on further lines begins later.
    let begins = |line: &&str| line.starts_with("  ") && !line.starts_with("   ");
    let names = lines.filter(begins).filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

fn check(path: &[String]) -> usize {
    let words: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
    let help = passes(&words);
    // The program's name is `fovea.exe` elsewhere.
    let help = help.replace("fovea.exe", "fovea");
    let name = std::iter::once("fovea").chain(path.iter().map(String::as_str)).collect::<Vec<_>>().join("-");
    insta::assert_snapshot!(format!("help-{name}"), help);
    let below = commands(&help);
    1 + below.into_iter().map(|command| check(&[path, &[command]].concat())).sum::<usize>()
}

#[test]
fn the_help_of_every_command_is_as_it_was_stored() {
    let texts = check(&[]);
    assert!(texts >= 15, "only {texts} commands were found");
}
