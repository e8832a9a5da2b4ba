//! `index.html`: the words of elements with `data-t` and of attributes with `data-t-ATTRIBUTE`.
//!
//! The tokenizer of the HTML standard says where they stand, wherever the elements are moved to;
//! all other bytes stay as they are.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::ops::Range;

use anyhow::{Context, Result, bail};
use html5gum::emitters::default::{DefaultEmitter, StartTag, Token};
use html5gum::{Span, Tokenizer};

use super::edit::{Edit, one_line};
use super::messages::Messages;

/// Names the message of an element's words.
const MARK: &str = "data-t";

/// Begins the name of an attribute that names the message of another attribute.
const MARK_OF_ATTRIBUTE: &str = "data-t-";

/// Elements that have no end tag.
const VOID: [&str; 6] = ["br", "hr", "img", "input", "link", "meta"];

/// What must change in a page, so that it says what the messages say.
///
/// # Errors
/// An id has no message, a message needs the program, or an element holds what its message does not, such as an icon.
pub(super) fn edits(page: &str, messages: &Messages) -> Result<Vec<Edit>> {
    let tokens = tokens(page);
    let mut edits = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let Token::StartTag(tag) = token else { continue };
        edits.extend(attributes(page, tag, messages).with_context(|| line(page, tag.span.start))?);
        if let Some(id) = tag.attributes.get(MARK.as_bytes()) {
            let id = utf8(&id.value);
            let content = content(&tokens, place).with_context(|| line(page, tag.span.start))?;
            edits.extend(words(page, &id, content, messages).with_context(|| line(page, tag.span.start))?);
        }
    }
    Ok(edits)
}

fn line(page: &str, at: usize) -> String {
    format!("line {}", page[..at].matches('\n').count() + 1)
}

fn utf8(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn range(span: Span<usize>) -> Range<usize> {
    span.start..span.end
}

fn tokens(html: &str) -> Vec<Token<usize>> {
    let mut emitter = DefaultEmitter::new_with_span();
    emitter.naively_switch_states(true);
    let tokens = Tokenizer::new_with_emitter(html, emitter);
    tokens
        .filter_map(|token: Result<_, Infallible>| token.ok())
        .filter(|token| !matches!(token, Token::Error(_)))
        .collect()
}

/// What must change in the attributes of a tag.
fn attributes(page: &str, tag: &StartTag<usize>, messages: &Messages) -> Result<Vec<Edit>> {
    let mut edits = Vec::new();
    for (mark, id) in &tag.attributes {
        let (mark, place) = (utf8(mark), id.span.start);
        let Some(name) = mark.strip_prefix(MARK_OF_ATTRIBUTE) else { continue };
        let id = utf8(&id.value);
        let text = one_line(&messages.text(&id)?);
        let new = format!("{name}=\"{}\"", text.replace('&', "&amp;").replace('"', "&quot;"));
        match tag.attributes.get(name.as_bytes()) {
            Some(old) if utf8(&old.value) == text => {}
            Some(old) => edits.push(Edit { id, at: attribute_at(page, old.span.start, name), new }),
            None => edits.push(Edit { id, at: place..place, new: new + " " }),
        }
    }
    Ok(edits)
}

/// The bytes of an attribute, name and value, that begins here. The tokenizer tells where its name
/// begins and not where its quotes end.
fn attribute_at(page: &str, start: usize, name: &str) -> Range<usize> {
    let after_name = &page[start + name.len()..];
    let Some(value) = after_name.trim_ascii_start().strip_prefix('=').map(str::trim_ascii_start) else {
        return start..start + name.len();
    };
    let length = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].find(quote).map_or(value.len(), |end| end + 2),
        _ => value.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(value.len()),
    };
    start..page.len() - value.len() + length
}

/// The tokens in an element, and the bytes that they take.
struct Content<'a> {
    tokens: &'a [Token<usize>],
    at: Range<usize>,
}

/// What is in the element whose start tag is at a place.
fn content(tokens: &[Token<usize>], place: usize) -> Result<Content<'_>> {
    let mut open = Vec::new();
    for (length, token) in tokens[place..].iter().enumerate() {
        match token {
            Token::StartTag(tag) if !tag.self_closing && !VOID.contains(&utf8(&tag.name).as_str()) => {
                open.push((utf8(&tag.name), tag.span));
            }
            Token::EndTag(tag) => {
                let (name, start) = open.pop().context("an element with `data-t` and no words")?;
                if name != utf8(&tag.name) {
                    bail!("<{name}> ends with </{}>", utf8(&tag.name));
                }
                if open.is_empty() {
                    return Ok(Content { tokens: &tokens[place + 1..place + length], at: start.end..tag.span.start });
                }
            }
            _ if open.is_empty() => bail!("an element with `data-t` and no words"),
            _ => {}
        }
    }
    bail!("an element with `data-t` has no end")
}

/// A part of an element's words.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Inline(Inline),
}

/// An inline element, which holds no others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Inline {
    name: String,
    /// The start tag as it is written.
    tag: String,
    words: String,
}

/// Words in pieces.
fn pieces(source: &str, tokens: &[Token<usize>]) -> Result<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut open: Option<Inline> = None;
    for token in tokens {
        match token {
            Token::String(text) => match &mut open {
                Some(inline) => inline.words += &utf8(&text.value),
                None => pieces.push(Piece::Text(utf8(&text.value))),
            },
            Token::StartTag(tag) => {
                let name = utf8(&tag.name);
                let marked = tag.attributes.keys().any(|name| utf8(name).starts_with(MARK));
                if open.is_some() || marked || tag.self_closing || VOID.contains(&name.as_str()) {
                    bail!("<{name}> cannot stand among words: give the words a <span data-t=...> of their own");
                }
                open = Some(Inline { name, tag: source[range(tag.span)].to_owned(), words: String::new() });
            }
            Token::EndTag(_) => pieces.extend(open.take().map(Piece::Inline)),
            _ => bail!("a comment cannot stand among words"),
        }
    }
    Ok(pieces)
}

/// Pieces as a text that is the same for the same words, whatever attributes and line breaks are among them.
fn comparable(pieces: &[Piece]) -> String {
    let one = |piece: &Piece| match piece {
        Piece::Text(text) => escape(text),
        Piece::Inline(Inline { name, words, .. }) => format!("<{name}>{}</{name}>", escape(words)),
    };
    one_line(&pieces.iter().map(one).collect::<String>())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// What must change in the words of an element. Inline elements that are there keep their
/// attributes: a message decides on words and their order, not on where a link leads.
fn words(page: &str, id: &str, content: Content<'_>, messages: &Messages) -> Result<Option<Edit>> {
    let old = pieces(page, content.tokens)?;
    let message = messages.text(id)?;
    let new = pieces(&message, &tokens(&message)).with_context(|| format!("message `{id}`"))?;
    if comparable(&old) == comparable(&new) {
        return Ok(None);
    }
    let mut there: VecDeque<Inline> = old
        .into_iter()
        .filter_map(|piece| if let Piece::Inline(inline) = piece { Some(inline) } else { None })
        .collect();
    let mut text = String::new();
    for piece in new {
        match piece {
            Piece::Text(words) => text += &escape(&words),
            Piece::Inline(Inline { name, tag, words }) => {
                let same = there.iter().position(|inline| inline.name == name).and_then(|at| there.remove(at));
                text += &format!("{}{}</{name}>", same.map_or(tag, |inline| inline.tag), escape(&words));
            }
        }
    }
    Ok(Some(Edit { id: id.to_owned(), at: content.at, new: text.replace('\n', " ") }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::texts::edit::apply;

    const MESSAGES: &str = "title = A & B
key = Press <kbd>N</kbd>, then <kbd>P</kbd>
more = Read <a>the licence</a> or <strong>ask</strong>
long = One two three
name = Say \"hello\"
";

    fn messages() -> Messages {
        Messages::parse("en.ftl", MESSAGES.into()).unwrap()
    }

    fn mend(page: &str) -> String {
        let done = apply(page, edits(page, &messages()).unwrap());
        assert_eq!(edits(&done, &messages()).unwrap(), [], "a mended page has nothing to mend");
        done
    }

    fn error(page: &str) -> String {
        format!("{:#}", edits(page, &messages()).unwrap_err())
    }

    #[test]
    fn what_is_right_stays_byte_for_byte() {
        let page = "<!doctype html>\n<title data-t=\"title\">A &amp; B</title>\n<!-- <p data-t=\"gone\">x</p> -->\n\
            <p  class=x data-t='long'>One\n   two <!-->-->three</p>";
        assert!(error(page).contains("a comment"));
        let page = page.replace("<!-->-->", "");
        assert_eq!(mend(&page), page);
    }

    #[test]
    fn words_are_written_where_the_element_is_now() {
        assert_eq!(
            mend("<div><b><p id=a data-t=long>Old</p></b></div>"),
            "<div><b><p id=a data-t=long>One two three</p></b></div>"
        );
        assert_eq!(mend("<title data-t=\"title\"></title>"), "<title data-t=\"title\">A &amp; B</title>");
        let nested = "<p data-t=\"key\"><kbd>X</kbd></p>";
        assert_eq!(mend(nested), "<p data-t=\"key\">Press <kbd>N</kbd>, then <kbd>P</kbd></p>");
    }

    #[test]
    fn inline_elements_keep_their_attributes() {
        let page =
            "<p data-t=\"more\"><strong class=\"s\">x</strong> <a href=\"LICENSE.txt\" title=\"a > b\">y</a></p>";
        let done = "<p data-t=\"more\">Read <a href=\"LICENSE.txt\" title=\"a > b\">the licence</a> or <strong \
                    class=\"s\">ask</strong></p>";
        assert_eq!(mend(page), done);
    }

    #[test]
    fn attributes_are_replaced_or_put_in() {
        let page = "<button title=\"Old\" data-t-title=\"long\" data-t-aria-label=\"name\"></button>";
        let done = "<button title=\"One two three\" data-t-title=\"long\" aria-label=\"Say &quot;hello&quot;\" \
                    data-t-aria-label=\"name\"></button>";
        assert_eq!(mend(page), done);
        for old in ["content", "content=\"\"", "content = 'x > y'", "content=x"] {
            let meta = |content: &str| format!("<meta {content} data-t-content=title><p>");
            assert_eq!(mend(&meta(old)), meta("content=\"A &amp; B\""), "{old}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_an_error_with_its_line() {
        assert!(error("\n<p data-t=\"none\">x</p>").contains("line 2: en.ftl has no message `none`"));
        assert!(error("<p data-t=\"long\"><svg><use/></svg>x</p>").contains("<use> cannot stand among words"));
        assert!(error("<p data-t=\"long\"><b data-t=\"title\">x</b></p>").contains("<b> cannot stand"));
        assert!(error("<p data-t=\"long\">x").contains("no end"));
        assert!(error("<input data-t=\"long\">").contains("no words"));
    }
}
