//! What the checks need to know of a Markdown file: its links, anchors, commands and sentences.

use std::collections::BTreeMap;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// The words of a comment that takes the next block of code out of the check of commands, before the reason.
const UNCHECKED: &str = "<!-- unchecked:";

/// The tags that elements of HTML name anchors with.
const ANCHORS: [&str; 2] = ["id=\"", "name=\""];

/// A Markdown file, taken apart.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Targets of links and images, each with the line that it begins in, from 1.
    pub(super) links: Vec<(usize, String)>,
    /// What a link to this page may name behind `#`.
    pub(super) anchors: Vec<String>,
    /// Lines of code blocks that a shell may get, each with its line number.
    pub(super) shell: Vec<(usize, String)>,
    /// Code within the text, each with its line number.
    pub(super) spans: Vec<(usize, String)>,
    /// Paragraphs and items of lists as text, code within them as one word each.
    pub(super) prose: Vec<(usize, String)>,
}

impl Page {
    /// Reads a file's text.
    pub(super) fn read(text: &str) -> Page {
        let mut reader = Reader { starts: line_starts(text), ..Reader::default() };
        let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            let line = reader.starts.partition_point(|start| *start <= range.start);
            reader.take(event, line);
        }
        reader.page
    }
}

/// Where lines begin.
fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

#[derive(Default)]
struct Reader {
    page: Page,
    starts: Vec<usize>,
    /// Anchors so far, each with how often it came.
    slugs: BTreeMap<String, usize>,
    /// The heading that is open.
    heading: Option<String>,
    /// The block of code that is open: its first line, and its text where a shell may get it.
    code: Option<(usize, Option<String>)>,
    /// The paragraph or item that is open.
    prose: Option<(usize, String)>,
    /// Whether a table is open.
    table: bool,
    /// Whether the next block of code is left out.
    unchecked: bool,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, line: usize) {
        match event {
            Event::Start(tag) => self.begin(tag, line),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::SoftBreak | Event::HardBreak => self.text(" "),
            Event::Code(code) => {
                self.page.spans.push((line, code.to_string()));
                if let Some(heading) = &mut self.heading {
                    *heading += &code;
                }
                if let Some((_, prose)) = &mut self.prose {
                    // Not a small letter: a sentence may begin with it.
                    prose.push_str("Code");
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                self.unchecked |= html.contains(UNCHECKED);
                for marker in ANCHORS {
                    let found = html.split(marker).skip(1).filter_map(|rest| rest.split('"').next());
                    self.page.anchors.extend(found.map(str::to_owned));
                }
            }
            _ => {}
        }
    }

    fn begin(&mut self, tag: Tag<'_>, line: usize) {
        match tag {
            Tag::Heading { id, .. } => {
                self.page.anchors.extend(id.map(|id| id.to_string()));
                self.heading = Some(String::new());
            }
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.page.links.push((line, dest_url.to_string()));
            }
            Tag::CodeBlock(kind) => {
                let shell = match &kind {
                    CodeBlockKind::Indented => false,
                    CodeBlockKind::Fenced(info) => matches!(&**info, "" | "sh" | "bash" | "console"),
                };
                // The text begins below the fence.
                self.code = Some((line + 1, (shell && !self.unchecked).then(String::new)));
                self.unchecked = false;
            }
            Tag::Table(_) => self.table = true,
            Tag::Paragraph | Tag::Item if !self.table => {
                self.finish_prose();
                self.prose = Some((line, String::new()));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                let slug = slug(&self.heading.take().unwrap_or_default());
                let seen = self.slugs.entry(slug.clone()).or_insert(0);
                let anchor = if *seen == 0 { slug } else { format!("{slug}-{seen}") };
                *seen += 1;
                self.page.anchors.push(anchor);
            }
            TagEnd::CodeBlock => {
                if let Some((first, Some(code))) = self.code.take() {
                    self.page.shell.extend(code.lines().enumerate().map(|(at, text)| (first + at, text.to_owned())));
                }
            }
            TagEnd::Table => self.table = false,
            TagEnd::Paragraph | TagEnd::Item => self.finish_prose(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((_, code)) = &mut self.code {
            if let Some(code) = code {
                *code += text;
            }
        } else if let Some(heading) = &mut self.heading {
            *heading += text;
        } else if let (Some((_, prose)), false) = (&mut self.prose, self.table) {
            *prose += text;
        }
    }

    fn finish_prose(&mut self) {
        if let Some((line, text)) = self.prose.take().filter(|(_, text)| !text.trim().is_empty()) {
            self.page.prose.push((line, text));
        }
    }
}

/// The anchor of a heading, as GitHub and mdBook make it.
fn slug(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|c| match c {
        c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c.to_lowercase().next().unwrap_or(c)),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_taken_apart() {
        let page = Page::read(
            "# A `fovea` page\n\nSee [there](b.md#x) and\n![it](c.png). Use `fovea eval`.\n\n## Twice\n## Twice\n<a \
             id=\"old\"></a>\n\n\
             - one item\n- another\n\n| a | b |\n|---|---|\n| `cargo xtask test` | [l](d.md) |\n\n```\nfovea \
             train\n```\n\n\
             ```rust\nfovea none\n```\n\n<!-- unchecked: it is old -->\n```sh\nfovea old\n```\n\n```sh\nfovea \
             new\n```\n",
        );
        assert_eq!(page.links, [(3, "b.md#x".into()), (4, "c.png".into()), (15, "d.md".into())]);
        assert_eq!(page.anchors, ["a-fovea-page", "twice", "twice-1", "old"]);
        assert_eq!(page.shell, [(18, "fovea train".into()), (31, "fovea new".into())]);
        let spans: Vec<&str> = page.spans.iter().map(|(_, code)| code.as_str()).collect();
        assert_eq!(spans, ["fovea", "fovea eval", "cargo xtask test"]);
        let prose: Vec<&str> = page.prose.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(prose, ["See there and it. Use Code.", "one item", "another"]);
    }

    #[test]
    fn anchors_are_those_of_the_usual_renderers() {
        assert_eq!(slug("What it reaches, in 20 minutes?"), "what-it-reaches-in-20-minutes");
        assert_eq!(slug("dataset.json"), "datasetjson");
    }
}
