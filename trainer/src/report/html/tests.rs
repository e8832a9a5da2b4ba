#![allow(clippy::unwrap_used)]

use std::fs;

use super::*;
use crate::report::results::{Paired, example};
use fovea_shared::metrics::PairedDifference;

/// A folder with everything in it, and with names and notes that try to be markup.
fn made(folder: &std::path::Path) -> String {
    let mut study = example();
    study.study = "evil".into();
    study.command = "fovea --note '<script>alert(1)</script>'".into();
    study.rows[1].note = "<img src=https://example.org/x.png onerror=alert(2)>".into();
    study.rows[1].name = "a\"><b>".into();
    study.rows[1].config = serde_json::json!({"epochs": 13, "distill": {"</pre>": 1}});
    let dice = PairedDifference { mean: 0.0312, low: -0.01, high: 0.07, p_value: 0.12 };
    let (model, reference) = ("student".to_owned(), "all".to_owned());
    study.rows[1].paired = vec![Paired { model, reference, seeds: vec![1], images: 2, dice }];
    study.write(&folder.join("evil.json")).unwrap();
    fs::write(folder.join("evil-best-sheet.png"), b"\x89PNG\r\n\x1a\nrest").unwrap();
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(3)</script></svg>";
    fs::write(folder.join("evil-explain.svg"), svg).unwrap();
    fs::write(folder.join("words.json"), "{\"study\": \"words\", \"x\": \"</pre><script>\"}").unwrap();
    let page = "# words\n\n| a | b |\n|---|---|\n| <i>x</i> | [go](javascript:alert(4)) \
                ![pic](https://example.org/y.png) |\n\n\
                <script>alert(5)</script>\n";
    fs::write(folder.join("words.md"), page).unwrap();
    fs::write(folder.join("cut<b>.json"), "{").unwrap();
    super::page(&ResultsFolder::read(folder).unwrap(), "A <title>")
}

#[test]
fn no_text_of_a_file_becomes_markup() {
    let folder = tempfile::tempdir().unwrap();
    let page = made(folder.path());
    // The page's own script is the only one.
    assert_eq!(page.matches("<script").count(), 1, "{page}");
    for forbidden in ["<img src=http", "<b>.json", "<title>A <title>", "javascript:", "<i>x</i>", "a\"><b>"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    for escaped in
        ["&lt;script&gt;alert(1)", "A &lt;title&gt;", "&lt;/pre&gt;", "&lt;i&gt;x&lt;/i&gt;", "cut&lt;b&gt;.json"]
    {
        assert!(page.contains(escaped), "{escaped}");
    }
}

#[test]
fn nothing_outside_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let page = made(folder.path());
    for attribute in ["src=", "href=", "url(", "@import", "action="] {
        for (at, _) in page.match_indices(attribute) {
            let value = page[at + attribute.len()..].trim_start_matches(['"', '\'']);
            let escaped = page[..at].ends_with("&lt;img ");
            assert!(value.starts_with("data:") || value.starts_with('#') || escaped, "{}", &value[..40]);
        }
    }
    assert!(page.contains("Content-Security-Policy") && page.contains("default-src 'none'"));
    // Figures of the folder are pictures, so that their scripts do not run.
    assert!(page.contains("src=\"data:image/svg+xml;base64,") && page.contains("src=\"data:image/png;base64,"));
}

#[test]
fn a_study_shows_its_numbers_notes_settings_and_origin() {
    let folder = tempfile::tempdir().unwrap();
    let page = made(folder.path());
    for words in [
        "Research and education only",
        "0.575 \u{b1} 0.177",
        "+0.031 [-0.010, +0.070]",
        "HD95 [px]",
        "data-value=\"0.0312\"",
        "a note",
        "Settings that differ between the rows",
        "<th scope=\"col\">distill.&lt;/pre&gt;</th>",
        "0123456789abcdef0123",
        &"f".repeat(64),
        "Incomplete: a&quot;&gt;&lt;b&gt; has 1 of 2 seeds.",
        "These files could not be shown",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert_eq!(page, super::page(&ResultsFolder::read(folder.path()).unwrap(), "A <title>"), "the page repeats");
}

#[test]
fn ids_are_of_one_name_each() {
    let names = ["a b", "a-b", "a_20_b", "a+b", "ab"];
    let ids: std::collections::BTreeSet<String> = names.iter().map(|name| anchor(name)).collect();
    assert_eq!(ids.len(), names.len());
    assert!(ids.iter().all(|id| id.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))));
}

#[test]
fn of_a_markdown_page_only_the_words_stay() {
    let page = part::markdown(
        "# Title\n\n## Part\n\nword <b>x</b> [link](https://example.org) ![picture](p.png)\n\n<div>y</div>\n",
    );
    assert!(!page.contains("Title") && page.contains("<h3>Part</h3>"), "{page}");
    assert!(page.contains("&lt;b&gt;x&lt;/b&gt; link picture") && page.contains("&lt;div&gt;y"), "{page}");
    assert!(!page.contains("example.org") && !page.contains("<img"), "{page}");
}

#[test]
fn what_answers_follow_is_shown_as_tables() {
    let folder = tempfile::tempdir().unwrap();
    let (mut found, lines) = crate::report::interact::example();
    found.note = "<script>alert(6)</script>".into();
    found.write(&folder.path().join("interact-polyp.json"), &lines).unwrap();
    fs::write(folder.path().join("interact-polyp-sheet.png"), b"\x89PNG\r\n\x1a\nrest").unwrap();
    let results = ResultsFolder::read(folder.path()).unwrap();
    assert!(results.problems.is_empty(), "{:?}", results.problems);
    let page = page(&results, "t");
    assert!(page.contains("<td>Dice after one look</td><td>0.765"), "{page}");
    assert!(page.contains("interact-polyp.svg") && page.contains("interact-polyp-sheet.png"));
    assert_eq!(page.matches("<script").count(), 1);
}
