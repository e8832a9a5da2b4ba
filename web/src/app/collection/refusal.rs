//! Files that were brought and are no pictures of the collection: counted and named, never lost
//! silently.

use crate::{
    app::incoming::words::{both, names},
    text::{Message, message},
};

/// How many files are answered one by one.
const SHOWN: usize = 3;

/// A file that was not taken, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// Its name.
    pub file: String,
    /// Why, as a sentence that names it.
    pub why: Message,
}

/// What is said of all of them: how many, the reasons of the first few, the names of the others.
/// Empty where every file was taken.
pub fn said(all: &[Refusal]) -> Message {
    if all.is_empty() {
        return Message::default();
    }
    let first = all.iter().take(SHOWN).map(|one| one.why.clone()).fold(Message::default(), both);
    let rest: Vec<&str> = all.iter().skip(SHOWN).map(|one| one.file.as_str()).collect();
    let said = both(message!("own-refused", count = all.len()), first);
    if rest.is_empty() { said } else { both(said, message!("own-refused-more", names = names(&rest))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refused_file_is_counted_and_named() {
        assert_eq!(said(&[]), Message::default());
        let one = |i: usize| Refusal { file: format!("{i}.heic"), why: format!("{i}.heic is HEIC.").into() };
        let all: Vec<Refusal> = (0..5).map(one).collect();
        let text = said(&all).to_string();
        assert!(text.contains('5') && (0..5).all(|i| text.contains(&format!("{i}.heic"))), "{text}");
    }
}
