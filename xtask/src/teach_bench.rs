//! A part of `cargo xtask bench`: what a few glances teach in the built page, beside what simulated gaze
//! and true masks teach in the same way.

use anyhow::Result;
use serde_json::{Value, json};

use crate::page_study::{About, measured, number, rows, write};

/// Measures and writes `results/teach-page.json` with a Markdown page beside it.
///
/// # Errors
/// The browser or the page fails.
pub fn run() -> Result<()> {
    let about = About {
        study: "teach-page".to_owned(),
        command: "cargo xtask bench --only teach".to_owned(),
        gaze: "simulated (from the true masks), followed by a pointer in look mode, 4 s a picture",
    };
    write(&about, json!({ "rows": measured("fovea-teach-bench", &[])? }), markdown)
}

fn markdown(study: &Value) -> String {
    let mut said = "Mean Dice on the gallery's unseen pictures of a fresh student, by who taught it. The backbone is \
                    the bundle's; the unseen pictures are test images of its training. One seed, few pictures: see \
                    `fovea teach` for more of both. Learning is the time \
                    from the press to the result, with the drawing of all pictures.\n\n\
                    | domain | pictures | looked [s] | learning [s] | unseen | glances | before learning | simulated \
                    gaze | true masks | longest task [ms] |\n\
                    |---|---|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for row in rows(study) {
        let cells = [
            ("pictures", 0),
            ("looked_s", 1),
            ("learning_s", 1),
            ("unseen", 0),
            ("fit", 3),
            ("untrained", 3),
            ("simulated", 3),
            ("outlines", 3),
            ("longest_task_ms", 0),
        ];
        let cells: Vec<String> = cells.iter().map(|(key, decimals)| number(&row[*key], *decimals)).collect();
        said += &format!("| {} | {} |\n", row["domain"].as_str().unwrap_or("-"), cells.join(" | "));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_domain_has_a_row() {
        let row = json!({ "domain": "skin", "pictures": 5, "looked_s": 19.96, "learning_s": 12.34, "unseen": 5, "fit": 0.7111,
            "untrained": 0.1, "simulated": 0.72, "outlines": null, "longest_task_ms": 31.0 });
        let text = markdown(&json!({ "rows": [row] }));
        assert!(text.contains("| skin | 5 | 20.0 | 12.3 | 5 | 0.711 | 0.100 | 0.720 | - | 31 |"), "{text}");
    }
}
