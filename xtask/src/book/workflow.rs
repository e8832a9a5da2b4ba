//! The commands that a workflow of the host runs.

use anyhow::{Context, Result};
use saphyr_parser::{Event, Parser};

/// The lines of all `run` keys of a workflow.
///
/// # Errors
/// The text is not YAML.
pub(super) fn commands(text: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut is_run = false;
    for event in Parser::new_from_str(text) {
        let (event, _) = event.context("the workflow is not YAML")?;
        let Event::Scalar(value, ..) = event else {
            is_run = false;
            continue;
        };
        if is_run {
            found.extend(value.lines().map(str::to_owned));
        }
        is_run = !is_run && value == "run";
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_a_workflow_runs_is_found() {
        let text = "name: x\njobs:\n  build:\n    steps:\n      - uses: a/b@v1\n        with: { path: run }\n      - \
                    run: cargo xtask dist --out site\n      - run: |\n          ls\n          cargo xtask test\n";
        assert_eq!(commands(text).unwrap(), ["cargo xtask dist --out site", "ls", "cargo xtask test"]);
        assert!(commands("a: [b").is_err());
    }
}
