//! The building blocks of the page. Every function takes plain text and gives markup, but for
//! `body`s, which are markup already.

use base64::{Engine, engine::general_purpose::STANDARD};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::report::{folder::Picture, svg::escape};

/// A name as an id: letters and digits, the rest as its number, so that two names never share one.
pub(super) fn anchor(name: &str) -> String {
    let mut id = String::from("r-");
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '-' {
            id.push(c);
        } else {
            id += &format!("_{:x}_", u32::from(c));
        }
    }
    id
}

/// A section with its heading.
pub(super) fn section(name: &str, body: &str) -> String {
    let id = anchor(name);
    format!(
        "<section id=\"{id}\" aria-labelledby=\"{id}-h\">\n<h2 id=\"{id}-h\">{}</h2>\n{body}</section>\n",
        escape(name)
    )
}

/// A paragraph.
pub(super) fn sentence(text: &str) -> String {
    format!("<p>{}</p>\n", escape(text))
}

/// Names with their values.
pub(super) fn facts<'a>(facts: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let line = |(name, value): (&str, String)| format!("<dt>{}</dt><dd>{}</dd>\n", escape(name), escape(&value));
    format!("<dl>\n{}</dl>\n", facts.into_iter().map(line).collect::<String>())
}

/// Text that opens on demand.
pub(super) fn details(summary: &str, text: &str) -> String {
    details_of(summary, &format!("<pre>{}</pre>", escape(text)))
}

/// A body that opens on demand.
pub(super) fn details_of(summary: &str, body: &str) -> String {
    format!("<details><summary>{}</summary>\n{body}\n</details>\n", escape(summary))
}

/// A table that its headings sort. A cell is a text and the number behind it; a column with a number is one of numbers.
pub(super) fn table(heads: &[String], rows: impl IntoIterator<Item = Vec<(String, Option<f64>)>>) -> String {
    let rows: Vec<Vec<(String, Option<f64>)>> = rows.into_iter().collect();
    let class = |column: usize| {
        let numbers = rows.iter().any(|row| row.get(column).is_some_and(|(_, value)| value.is_some()));
        if numbers { " class=\"number\"" } else { "" }
    };
    let head = |(column, text): (usize, &String)| format!("<th scope=\"col\"{}>{}</th>", class(column), escape(text));
    let cell = |(column, (text, value)): (usize, &(String, Option<f64>))| {
        let value = value.map(|value| format!(" data-value=\"{value}\"")).unwrap_or_default();
        match column {
            0 => format!("<th scope=\"row\">{}</th>", escape(text)),
            _ => format!("<td{}{value}>{}</td>", class(column), escape(text)),
        }
    };
    let row = |cells: &Vec<_>| format!("<tr>{}</tr>\n", cells.iter().enumerate().map(cell).collect::<String>());
    let head: String = heads.iter().enumerate().map(head).collect();
    let body: String = rows.iter().map(row).collect();
    format!(
        "<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table></div>\n"
    )
}

/// A picture within the page.
pub(super) fn data_uri(picture: &Picture) -> String {
    format!("data:{};base64,{}", picture.media, STANDARD.encode(&picture.bytes))
}

/// A Markdown page as markup: its own markup becomes text, of links and pictures only the words
/// stay, and the heading goes, since the section has one.
pub(super) fn markdown(text: &str) -> String {
    let mut title = false;
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => {
            title = true;
            None
        }
        Event::End(TagEnd::Heading(HeadingLevel::H1)) => {
            title = false;
            None
        }
        _ if title => None,
        Event::Start(Tag::Heading { .. }) => Some(Event::Start(Tag::Heading {
            level: HeadingLevel::H3,
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        })),
        Event::End(TagEnd::Heading(_)) => Some(Event::End(TagEnd::Heading(HeadingLevel::H3))),
        Event::Html(html) | Event::InlineHtml(html) => Some(Event::Text(html)),
        Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock)
        | Event::End(TagEnd::Link | TagEnd::Image | TagEnd::HtmlBlock) => None,
        other => Some(other),
    });
    let mut out = String::new();
    pulldown_cmark::html::push_html(&mut out, events);
    out.replace("<table>", "<div class=\"scroll\" tabindex=\"0\"><table>").replace("</table>", "</table></div>")
}
