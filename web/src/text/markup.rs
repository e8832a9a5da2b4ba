//! Messages of `index.html` may hold elements without attributes, such as `<kbd>Z</kbd>`. They are taken apart here and built as nodes:
//! no text is ever read as HTML, so a translation cannot bring script into the page, whatever the page's policy allows.

/// Names of the elements that a message may hold. Attributes, as of a link, stay in `index.html`.
pub const ELEMENTS: [&str; 9] = ["a", "abbr", "b", "code", "em", "kbd", "small", "span", "strong"];

/// The attributes that hold words. Their messages are named in `data-t-ATTRIBUTE`, that of the text in `data-t`.
pub const ATTRIBUTES: [&str; 6] = ["alt", "aria-label", "aria-roledescription", "title", "placeholder", "content"];

/// A piece of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Plain text.
    Text(&'a str),
    /// An element by its name, with the text in it. Elements hold no others.
    Element(&'a str, &'a str),
}

/// Takes a message apart. What is no element of [`ELEMENTS`] with an end is text.
pub fn pieces(message: &str) -> Vec<Piece<'_>> {
    let (mut found, mut rest) = (Vec::new(), message);
    while let Some((at, name, inner, after)) = first_element(rest) {
        if at > 0 {
            found.push(Piece::Text(&rest[..at]));
        }
        found.push(Piece::Element(name, inner));
        rest = after;
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest));
    }
    found
}

/// Where the first element begins, its name, what is in it, and what follows it.
fn first_element(text: &str) -> Option<(usize, &str, &str, &str)> {
    text.match_indices('<').find_map(|(at, _)| {
        let (name, rest) = text[at + 1..].split_once('>')?;
        let (inner, after) = rest.split_once(&format!("</{name}>"))?;
        ELEMENTS.contains(&name).then_some((at, name, inner, after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_told_from_text() {
        use Piece::{Element, Text};
        assert_eq!(
            pieces("Press <kbd>N</kbd>, <kbd>P</kbd>"),
            [Text("Press "), Element("kbd", "N"), Text(", "), Element("kbd", "P")]
        );
        assert_eq!(pieces("<b>A</b>"), [Element("b", "A")]);
        assert_eq!(pieces(""), []);
    }

    #[test]
    fn anything_else_stays_text() {
        for text in ["<script>x</script>", "1 < 2 > 1", "<b>open", "<b class=x>y</b>"] {
            assert_eq!(pieces(text), [Piece::Text(text)]);
        }
    }
}
