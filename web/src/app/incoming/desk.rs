//! The picture that is on its way, and what waits for it.

use super::{gaze_file::GazeFile, words::both};
use crate::text::{Message, message};

/// The picture that is on its way.
#[derive(Default)]
pub(super) struct Desk {
    coming: Option<Coming>,
}

/// A picture from the wish for it until it is shown or refused.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Coming {
    /// Its number.
    image: u64,
    /// What it is called.
    title: Message,
    /// Whether the visitor has brought it.
    own: bool,
    /// Gaze to take once it is shown.
    pub(super) gaze: Vec<GazeFile>,
    /// What is to be said then.
    pub(super) word: Message,
}

impl Desk {
    /// Whether a picture is on its way.
    pub(super) fn expects(&self) -> bool {
        self.coming.is_some()
    }

    /// Whether the picture that is on its way is the visitor's.
    pub(super) fn expects_own(&self) -> bool {
        self.coming.as_ref().is_some_and(|coming| coming.own)
    }

    /// A picture is wished for. One of the visitor's that was still on its way will not be shown, and is to be named.
    pub(super) fn expect(&mut self, image: u64, title: Message, own: bool) {
        let word = match self.coming.take() {
            Some(former) if former.own => {
                let overtaken = message!("incoming-overtaken", former = former.title, newer = title.clone());
                both(former.word, overtaken)
            }
            _ => Message::default(),
        };
        self.coming = Some(Coming { image, title, own, gaze: Vec::new(), word });
    }

    /// More about the picture that is on its way.
    pub(super) fn add(&mut self, gaze: Vec<GazeFile>, word: Message) {
        if let Some(coming) = &mut self.coming {
            coming.gaze.extend(gaze);
            coming.word = both(std::mem::take(&mut coming.word), word);
        }
    }

    /// The picture that is on its way has another number now.
    pub(super) fn renumber(&mut self, image: u64) {
        if let Some(coming) = &mut self.coming {
            coming.image = image;
        }
    }

    /// The picture with this number is shown or refused; nothing where another one is on its way.
    pub(super) fn arrived(&mut self, image: u64) -> Option<Coming> {
        self.coming.take_if(|coming| coming.image == image)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk(image: u64, title: &str, own: bool) -> Desk {
        let mut desk = Desk::default();
        desk.expect(image, title.into(), own);
        desk
    }

    #[test]
    fn the_last_picture_wins_and_the_one_before_is_named() {
        let mut desk = desk(1, "one.jpg", true);
        desk.add(Vec::new(), "A word.".into());
        desk.expect(2, "two.jpg".into(), true);
        assert_eq!(desk.arrived(1), None, "it is of no interest any more");
        let word = desk.arrived(2).map(|coming| coming.word.to_string()).unwrap_or_default();
        assert!(word.contains("A word.") && word.contains("one.jpg") && word.contains("two.jpg"), "{word}");
        assert!(!desk.expects_own());
    }

    #[test]
    fn a_case_of_the_gallery_is_replaced_without_a_word() {
        let mut desk = desk(1, "Case a", false);
        desk.expect(2, "two.jpg".into(), true);
        assert!(desk.expects_own() && desk.arrived(2).is_some_and(|coming| coming.word.is_empty()));
    }

    #[test]
    fn gaze_waits_for_the_picture_that_comes() {
        let mut desk = desk(1, "one.jpg", true);
        desk.add(vec![GazeFile { name: "one.csv".into(), bytes: Ok(vec![1]) }], Message::default());
        // Another model reads the same picture under another number.
        desk.renumber(5);
        let coming = desk.arrived(5).map(|coming| coming.gaze.len());
        assert_eq!(coming, Some(1));
    }
}
