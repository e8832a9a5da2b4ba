//! What is said of what was not taken.

use fovea_shared::image::Format;

use super::{kind::Foreign, sort::Left};
use crate::{
    errors,
    text::{Message, message},
};

/// How many names a message repeats.
const NAMES_SHOWN: usize = 5;

/// How many files are answered one by one.
const ANSWERS_SHOWN: usize = 3;

/// Two messages as one; an empty one takes no room.
pub fn both(first: Message, second: Message) -> Message {
    match (first.is_empty(), second.is_empty()) {
        (true, _) => second,
        (_, true) => first,
        _ => message!("two-sentences", first = first, second = second),
    }
}

/// Names in a list, of a long one the first.
pub fn names(all: &[&str]) -> Message {
    let shown = all.iter().take(NAMES_SHOWN).copied().collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(NAMES_SHOWN) {
        0 => message!("names", names = shown),
        more => message!("names-more", names = shown, count = more),
    }
}

/// What was left and why, those of a kind together; empty where nothing was.
pub fn left(all: &[Left]) -> Message {
    let of = |pick: fn(&Left) -> Option<&String>| all.iter().filter_map(pick).map(String::as_str).collect::<Vec<_>>();
    let pictures = of(|left| if let Left::Picture(name) = left { Some(name) } else { None });
    let masks = of(|left| if let Left::Mask(name) = left { Some(name) } else { None });
    let mut said = Message::default();
    if !pictures.is_empty() {
        said = both(said, message!("incoming-left-pictures", names = names(&pictures), count = pictures.len()));
    }
    if !masks.is_empty() {
        said = both(said, message!("incoming-left-masks", names = names(&masks), count = masks.len()));
    }
    let others: Vec<Message> = all.iter().filter_map(one).collect();
    let more = others.len().saturating_sub(ANSWERS_SHOWN);
    said = others.into_iter().take(ANSWERS_SHOWN).fold(said, both);
    if more > 0 { both(said, message!("incoming-left-more", count = more)) } else { said }
}

/// The answer to one file; those that are answered together have none.
fn one(left: &Left) -> Option<Message> {
    Some(match left {
        Left::Picture(_) | Left::Mask(_) => return None,
        Left::BesideGlances(name) => message!("incoming-beside-glances", file = name),
        Left::Folder(name) => message!("incoming-folder", name = name),
        Left::TooLarge(file) => message!("file-too-large", file = file),
        Left::Foreign(file, found) => foreign(file, *found),
    })
}

/// What a file is that cannot be opened, and what to do.
pub fn foreign(file: &str, found: Foreign) -> Message {
    let (format, remedy) = match found {
        Foreign::Format(Format::Empty) => return message!("incoming-empty", file = file),
        // It need not be a picture that went wrong on its way.
        Foreign::Format(format @ (Format::Text | Format::Html)) => (errors::format(format), message!("remedy-other")),
        Foreign::Format(format) => (errors::format(format), errors::advice(format.advice())),
        Foreign::Office => (message!("format-office"), message!("remedy-office")),
        Foreign::Sound => (message!("format-sound"), message!("remedy-other")),
    };
    message!("incoming-foreign", file = file, format = format, remedy = remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{LANGUAGES, speak};

    #[test]
    fn every_format_is_answered_in_every_language() {
        let formats =
            [Format::Heif, Format::Dicom, Format::Pdf, Format::Video, Format::Zip, Format::Text, Format::Html];
        for found in formats.map(Foreign::Format).into_iter().chain([Foreign::Office, Foreign::Sound]) {
            let answer = left(&[Left::Foreign("case.one".into(), found)]);
            let english = answer.to_string();
            assert!(english.starts_with("case.one is ") && english.ends_with('.'), "{english}");
            speak(&LANGUAGES[1]);
            let chinese = answer.to_string();
            speak(&LANGUAGES[0]);
            let foreign = chinese.replace("case.one", "");
            assert!(
                chinese.contains("case.one") && !foreign.contains(" is ") && !foreign.contains(" the "),
                "{chinese}"
            );
        }
    }

    #[test]
    fn a_long_list_is_cut_with_how_many_there_are() {
        let many: Vec<Left> = (0..49).map(|i| Left::Picture(format!("{i}.jpg"))).collect();
        let said = left(&many).to_string();
        assert!(said.contains("0.jpg, 1.jpg, 2.jpg, 3.jpg, 4.jpg and 44 more"), "{said}");
        assert_eq!(left(&[]), Message::default());
        let empty: Vec<Left> =
            (0..5).map(|i| Left::Foreign(format!("{i}.png"), Foreign::Format(Format::Empty))).collect();
        let said = left(&empty).to_string();
        assert!(said.contains("2.png") && !said.contains("3.png") && said.contains('2'), "{said}");
    }
}
