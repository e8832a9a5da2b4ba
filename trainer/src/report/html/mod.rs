//! One self-contained page over a folder of results: no request leaves it, and no text of a file can become markup.

mod part;
mod study;

use super::{
    folder::{Content, Item, Picture, ResultsFolder},
    svg::escape,
};
use crate::version::version;
use part::{anchor, data_uri, details, section, sentence, table};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("sort.js");

/// Forbids whatever the page does not need, so that nothing outside of it is ever asked for.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      base-uri 'none'; form-action 'none'";

/// The page.
pub fn page(results: &ResultsFolder, title: &str) -> String {
    let title = escape(title);
    let mut items: Vec<&Item> = results.items.iter().collect();
    items.sort_by_key(|item| rank(item));
    let contents: String = items
        .iter()
        .map(|item| format!("<li><a href=\"#{}\">{}</a></li>\n", anchor(&item.name), escape(&item.name)))
        .collect();
    let body: String = items.into_iter().map(item).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n\
         <p class=\"warning\">Research and education only. Not a medical device.</p>\n\
         <p>Every number comes from a file in <code>{}</code>; each section names the command, the commit and the data \
         behind it.\
         </p>\n</header>\n{}<nav aria-label=\"Contents\">\n<ul>\n{contents}</ul>\n</nav>\n<main>\n{body}{}</main>\n\
         <footer>\n<p>Made by <code>fovea {}</code>. Headings of tables sort them.</p>\n{}</footer>\n\
         <script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        escape(&results.path.display().to_string()),
        problems(results),
        loose(results),
        escape(version()),
        others(results),
    )
}

/// Studies come first, measurements of the machine last; within a kind the order is that of the names.
fn rank(item: &Item) -> usize {
    match item.content {
        Content::Study(_) => 0,
        Content::Interact(_) => 1,
        Content::Explanation(_) => 2,
        Content::Other { .. } => 3,
        Content::Bench(_) => 4,
    }
}

/// What could not be shown.
fn problems(results: &ResultsFolder) -> String {
    if results.problems.is_empty() {
        return String::new();
    }
    let line = |(file, why): &(String, String)| format!("<li><code>{}</code>: {}</li>\n", escape(file), escape(why));
    let lines: String = results.problems.iter().map(line).collect();
    format!(
        "<section class=\"problems\" aria-label=\"Missing\">\n<h2>Missing</h2>\n<p>These files could not be \
         shown:</p>\n<ul>\n\
         {lines}</ul>\n</section>\n"
    )
}

fn item(item: &Item) -> String {
    let body = match &item.content {
        Content::Study(study) => study::study(study),
        Content::Bench(bench) => {
            let compared = bench.rows.iter().any(|row| !row.compared().is_empty());
            let columns = if compared { 4 } else { 3 };
            let rows = bench.rows.iter().map(|row| {
                let text = |text: String| (text, None);
                let mut cells = vec![
                    text(row.name.clone()),
                    (row.shown(), Some(row.value)),
                    text(row.unit.clone()),
                    text(row.compared()),
                ];
                cells.truncate(columns);
                cells
            });
            let facts = [("machine", &bench.machine), ("commit", &bench.git_sha), ("command", &bench.command)];
            let heads = ["measured", "value", "unit", "compared with"].map(String::from);
            part::facts(facts.map(|(name, value)| (name, value.clone()))) + &table(&heads[..columns], rows)
        }
        Content::Explanation(summary) => {
            let verdict = super::explanation::verdict(summary);
            let verdict: String = verdict.lines().map(|line| format!("<p>{}</p>\n", escape(line))).collect();
            let d = &summary.data;
            let rows = summary.rows.iter().map(|row| (format!("{}: command", row.name), row.command.clone()));
            let rows: Vec<(String, String)> = rows.collect();
            let facts = part::facts(rows.iter().map(|(name, value)| (name.as_str(), value.clone())));
            let about = format!("{}, split {}, {} images, data {}", d.name, d.split, d.images, d.sha256);
            format!("<p>{}</p>\n{verdict}<p class=\"legend\">{}</p>\n{facts}", escape(&about), escape(&summary.how))
        }
        Content::Interact(found) => part::markdown(&found.markdown()),
        Content::Other { json, markdown: Some(text) } => part::markdown(text) + &details("File", &pretty(json)),
        Content::Other { json, markdown: None } => {
            let said = "No table is known for this file, so here it is as it stands.";
            sentence(said) + &details("File", &pretty(json))
        }
    };
    section(&item.name, &(body + &pictures(&item.pictures)))
}

/// A JSON value as text.
fn pretty(json: &serde_json::Value) -> String {
    serde_json::to_string_pretty(json).unwrap_or_default()
}

fn pictures(pictures: &[Picture]) -> String {
    let show = |picture: &Picture| {
        let name = escape(&picture.name);
        format!(
            "<figure class=\"picture\"><div class=\"scroll\" tabindex=\"0\"><img src=\"{}\" alt=\"{name}\" \
             loading=\"lazy\"></div>\
             <figcaption>{name}</figcaption></figure>\n",
            data_uri(picture)
        )
    };
    pictures.iter().map(show).collect()
}

/// Pictures that belong to no result.
fn loose(results: &ResultsFolder) -> String {
    if results.pictures.is_empty() {
        return String::new();
    }
    section("Other pictures", &pictures(&results.pictures))
}

fn others(results: &ResultsFolder) -> String {
    if results.others.is_empty() {
        return String::new();
    }
    let names: Vec<String> = results.others.iter().map(|name| format!("<code>{}</code>", escape(name))).collect();
    format!("<p>Also in the folder: {}.</p>\n", names.join(", "))
}

#[cfg(test)]
mod tests;
