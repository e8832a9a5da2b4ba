//! What becomes of each command of the documents: the one table of what is shortened, what another
//! test runs, and what is not run.

/// What becomes of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// It runs, with these flags in place of its own or behind them, so that it takes seconds.
    Run(&'static [(&'static str, &'static str)]),
    /// A shell runs it as it is.
    Shell,
    /// Something else runs it: this file of the repository, and what it does there.
    By(&'static str, &'static str),
    /// Nothing runs it, for this reason.
    Never(&'static str),
}

/// Stands in a flag's value for the address of the server that answers as a language model's.
pub(super) const SERVER: &str = "SERVER";

/// A line of the table.
struct Rule {
    /// What the page's path ends with; empty for all pages.
    page: &'static str,
    /// What the command begins with.
    begins: &'static str,
    /// A word that the command has; empty for any.
    has: &'static str,
    plan: Plan,
}

const fn rule(begins: &'static str, plan: Plan) -> Rule {
    Rule { page: "", begins, has: "", plan }
}

impl Rule {
    const fn with(self, has: &'static str) -> Rule {
        Rule { has, ..self }
    }

    const fn on(self, page: &'static str) -> Rule {
        Rule { page, ..self }
    }
}

const AS_IT_IS: Plan = Plan::Run(&[]);
const ON_CPU: Plan = Plan::Run(&[("--device", "cpu")]);
const FEW_PHANTOMS: Plan = Plan::Run(&[("--count", "6"), ("--size", "64x64")]);
const ONE_EPOCH: Plan = Plan::Run(&[
    ("--device", "cpu"),
    ("--set", "batch=4"),
    ("--set", "teacher-epochs=1"),
    ("--set", "student-epochs=1"),
]);
const SHORT_ADAPTING: Plan = Plan::Run(&[
    ("--device", "cpu"),
    ("--set", "batch=4"),
    ("--set", "teacher-epochs=1"),
    ("--set", "student-epochs=1"),
    ("--set", "adapt-epochs=6"),
    ("--set", "adapt-views=1"),
    // A teacher of one epoch outlines nothing yet, and a student of its labels would adapt nothing.
    ("--set", "student-target=high-confidence"),
]);
/// The released networks with a thirtieth of their widths.
const NARROW: Plan = Plan::Run(&[
    ("--device", "cpu"),
    ("--set", "batch=2"),
    ("--set", "paper.iterations=2"),
    ("--set", "paper.teacher=[8,16,24,32,40,16]"),
    ("--set", "paper.student=[8,8,16,24,32,8]"),
    ("--set", "paper.head=16"),
    ("--set", "paper.side=32"),
]);
const ASKS: Plan = Plan::Run(&[("--base-url", SERVER)]);
const ONE_DESCRIBER: Plan = Plan::Run(&[("--device", "cpu"), ("--seeds", "1"), ("--epochs", "2")]);
const TWO_STEPS: Plan = Plan::Run(&[("--device", "cpu"), ("--seeds", "1"), ("--steps", "2")]);
const ONE_TRY: Plan = Plan::Run(&[("--device", "cpu"), ("--tries", "1")]);

const BUILD: &str = "xtask/src/book/runner/fovea.rs";
const TESTS: &str = "xtask/src/test.rs";
const GALLERY: &str = "trainer/tests/trainer/train_cli.rs";
const WORKFLOW: &str = ".github/workflows/pages.yml";

/// The table. The first line that fits counts.
const RULES: &[Rule] = &[
    rule("fovea", Plan::By("trainer/tests/trainer/book_cli.rs", "runs these very lines, in the step `unit`"))
        .on("getting-started.md"),
    rule("fovea data phantom", FEW_PHANTOMS),
    rule("fovea data", AS_IT_IS),
    rule("fovea train", AS_IT_IS).with("--print-config"),
    rule("fovea train", ON_CPU).with("--resume"),
    rule("fovea train", NARROW).with("paper"),
    rule("fovea train", SHORT_ADAPTING).with("--adapt-epochs"),
    rule("fovea train", ONE_EPOCH),
    rule("fovea ablate", AS_IT_IS).with("--dry-run"),
    rule("fovea ablate", ON_CPU),
    rule("fovea eval", ON_CPU),
    rule("fovea predict", ON_CPU),
    rule("fovea labels", ON_CPU),
    rule("fovea gallery rank", ON_CPU),
    rule("fovea gallery replace", AS_IT_IS),
    rule("fovea teach", TWO_STEPS),
    rule("fovea bench", ONE_TRY),
    rule("fovea report", AS_IT_IS),
    rule("fovea export", AS_IT_IS),
    rule("fovea describe", ASKS).with("vlm"),
    rule("fovea describe", AS_IT_IS),
    rule("fovea describer train", ONE_DESCRIBER),
    rule("fovea describer eval", ON_CPU),
    rule("fovea agree", AS_IT_IS),
    rule("mkdir", Plan::Shell),
    rule("cp", Plan::Shell),
    rule("export", Plan::Shell),
    rule("alias", Plan::Never("a short name for the shell, of the program that runs here")),
    rule("cargo build --workspace --bin fovea", Plan::By(BUILD, "builds the program by it, before all else")),
    rule("RUSTFLAGS=-C target-cpu=native cargo build", Plan::Never("a quarter of an hour, for one machine only")),
    rule("cargo run --example", Plan::By(TESTS, "runs the examples, in the step `unit`")),
    rule("cargo test --package fovea-shared", Plan::By(TESTS, "runs these tests, in the steps `lib` and `unit`")),
    rule("cargo xtask test", Plan::By(TESTS, "is this command; more than an hour on two cores")),
    rule("cargo xtask demo", Plan::By(GALLERY, "adds a data set to a gallery; the rest as without --data"))
        .with("--data"),
    rule("cargo xtask demo", Plan::By(TESTS, "builds the page (step `page`), serves and uses it (step `built`)")),
    rule("cargo xtask dist", Plan::By(WORKFLOW, "runs it; tens of minutes")),
];

/// What becomes of a command of a page; nothing where no line of the table fits.
pub(super) fn of(page: &str, words: &[String]) -> Option<Plan> {
    fitting(page, words).map(|at| RULES[at].plan)
}

/// The line of the table that fits.
fn fitting(page: &str, words: &[String]) -> Option<usize> {
    let command = words.join(" ") + " ";
    RULES.iter().position(|rule| {
        let begun = command.starts_with(&format!("{} ", rule.begins));
        begun && page.ends_with(rule.page) && (rule.has.is_empty() || words.iter().any(|word| word == rule.has))
    })
}

/// A command with flags: each in place of the command's own, else behind it. Also what changed, as one would say it.
pub(super) fn with_flags(words: &[String], flags: &[(&str, &str)]) -> (Vec<String>, String) {
    let (mut all, mut changes) = (words.to_vec(), Vec::new());
    for (flag, value) in flags {
        // `--set` is given as often as one likes.
        let own = all.iter().position(|word| word == flag && *flag != "--set");
        match own.and_then(|at| all.get_mut(at + 1)) {
            Some(old) if old.as_str() == *value => {}
            Some(old) => {
                changes.push(format!("{flag} {value} in place of {old}"));
                (*value).clone_into(old);
            }
            None => {
                all.extend([(*flag).to_owned(), (*value).to_owned()]);
                changes.push(format!("{flag} {value}"));
            }
        }
    }
    (all, changes.join(", "))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;
    use crate::book::runner::pages::pages;
    use crate::book::shell;
    use crate::paths;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn every_command_of_the_documents_is_in_the_table_and_no_line_is_left_over() {
        let root = paths::root();
        let mut used = BTreeSet::new();
        let mut count = 0;
        for (name, page) in pages(&root, &|_| true).unwrap() {
            for (line, words) in shell::commands(&page.shell) {
                let fits = fitting(&name, &words);
                used.insert(fits.unwrap_or_else(|| panic!("{name}:{line}: {words:?} is in no line of the table")));
                count += 1;
            }
        }
        assert!(count > 90, "only {count} commands were found");
        let left: Vec<&str> = (0..RULES.len()).filter(|at| !used.contains(at)).map(|at| RULES[at].begins).collect();
        assert!(left.is_empty(), "no command needs these lines: {left:?}");
        for rule in RULES {
            if let Plan::By(file, _) = rule.plan {
                assert!(root.join(file).is_file(), "{file}");
            }
        }
    }

    #[test]
    fn examples_that_documents_name_are_those_that_the_tests_run() {
        let tests = fs::read_to_string(paths::root().join(TESTS)).unwrap();
        let pages = pages(&paths::root(), &|_| true).unwrap();
        let commands = pages.iter().flat_map(|(_, page)| shell::commands(&page.shell));
        let begins = words("cargo run --example");
        let examples: Vec<String> =
            commands.filter(|(_, words)| words.starts_with(&begins)).map(|(_, words)| words[3].clone()).collect();
        assert_eq!(examples.len(), 3);
        for example in examples {
            assert!(tests.contains(&format!("\"{example}\"")), "{example}");
        }
    }

    #[test]
    fn a_command_has_the_first_plan_that_fits() {
        let plan = |page: &str, line: &str| of(page, &words(line));
        assert_eq!(plan("docs/train.md", "fovea train --data d --print-config"), Some(AS_IT_IS));
        assert_eq!(plan("docs/train.md", "fovea train --data d --adapt-epochs 6"), Some(SHORT_ADAPTING));
        assert_eq!(plan("docs/describe.md", "fovea describer eval --out x"), Some(ON_CPU));
        assert!(matches!(plan("docs/book/src/getting-started.md", "fovea train --data d"), Some(Plan::By(..))));
        assert_eq!(plan("README.md", "fovea frobnicate"), None);
        assert_eq!(plan("README.md", "rm -r /"), None);
        assert_eq!(plan("README.md", "fovea database"), None);
    }

    #[test]
    fn flags_take_the_place_of_those_that_are_there() {
        let flags = [("--device", "cpu"), ("--count", "6"), ("--set", "a=1"), ("--set", "b=2"), ("--size", "64x64")];
        let (all, changes) = with_flags(&words("fovea x --count 200 --device cpu --set c=3"), &flags);
        assert_eq!(all.join(" "), "fovea x --count 6 --device cpu --set c=3 --set a=1 --set b=2 --size 64x64");
        assert_eq!(changes, "--count 6 in place of 200, --set a=1, --set b=2, --size 64x64");
        assert_eq!(with_flags(&words("fovea y"), &[]), (words("fovea y"), String::new()));
    }
}
