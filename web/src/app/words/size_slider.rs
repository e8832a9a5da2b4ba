//! The stops of the slider of sizes. Pure: no browser in here.

use fovea_shared::description::{Field, Modality, Phrase, Word};

/// The sizes from the smallest to the largest: the stops of the slider.
pub fn stops(modality: Modality) -> Vec<Phrase> {
    Phrase::of(modality, Field::Size).collect()
}

/// The phrase at a stop, from 0.
pub fn at(modality: Modality, stop: usize) -> Option<Phrase> {
    Phrase::of(modality, Field::Size).nth(stop)
}

/// The stop of a word, from 0.
pub fn stop(modality: Modality, word: &Word) -> Option<usize> {
    Phrase::of(modality, Field::Size).position(|phrase| phrase.word() == word)
}

/// The stop that a slider shows while nothing is said of the size: the middle one.
pub fn middle(modality: Modality) -> usize {
    stops(modality).len() / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_are_words_and_words_are_stops() {
        for modality in Modality::ALL {
            let names: Vec<&str> = stops(modality).iter().map(|phrase| phrase.word().name).collect();
            assert_eq!(names, ["small", "medium", "large"]);
            for (place, phrase) in stops(modality).into_iter().enumerate() {
                assert_eq!(at(modality, place), Some(phrase));
                assert_eq!(stop(modality, phrase.word()), Some(place));
            }
            assert_eq!((at(modality, 3), middle(modality)), (None, 1));
        }
        let round = Phrase::of(Modality::Polyp, Field::Shape).next().map(|phrase| phrase.word());
        assert_eq!(round.and_then(|word| stop(Modality::Polyp, word)), None, "the word of another field");
    }
}
