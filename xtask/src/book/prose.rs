//! How long sentences are. Tables, headings and code do not count; code within a sentence is one word.

use super::markdown::Page;

/// Most words of a sentence, on average.
const MEAN: f64 = 16.0;

/// Lengths of sentences.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Sentences {
    /// The sentences, each with its line and its number of words.
    all: Vec<(usize, usize, String)>,
}

impl Sentences {
    /// Those of a page.
    pub(super) fn of(page: &Page) -> Sentences {
        let all = page.prose.iter().flat_map(|(line, text)| {
            let sentences = split(text).into_iter();
            sentences.map(|sentence| (*line, words(&sentence), sentence)).filter(|(_, words, _)| *words > 0)
        });
        Sentences { all: all.collect() }
    }

    /// With those of another page.
    pub(super) fn and(mut self, other: Sentences) -> Sentences {
        self.all.extend(other.all);
        self
    }

    /// Words a sentence.
    fn mean(&self) -> f64 {
        self.all.iter().map(|(_, words, _)| *words).sum::<usize>() as f64 / self.all.len().max(1) as f64
    }

    /// One line that says how long the sentences are.
    pub(super) fn line(&self, what: &str) -> String {
        format!("{what}: {} sentences, {:.1} words each on average", self.all.len(), self.mean())
    }

    /// What is wrong where the mean is too high.
    pub(super) fn too_long(&self, what: &str) -> Option<String> {
        (self.mean() > MEAN).then(|| format!("{}: {MEAN} at most", self.line(what)))
    }

    /// Sentences of more than so many words.
    pub(super) fn above(&self, name: &str, most: usize) -> Vec<String> {
        let long = self.all.iter().filter(|(_, words, _)| *words > most);
        long.map(|(line, words, text)| format!("{name}:{line}: a sentence of {words} words ({most} at most): {text}"))
            .collect()
    }
}

/// The sentences of a paragraph: they end with a mark before a space, and the next one does not
/// begin with a small letter.
fn split(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(at) = rest[from..].find(['.', '!', '?']).map(|at| from + at + 1) {
        let next = rest[at..].trim_start();
        let ends = next.len() < rest.len() - at && next.chars().next().is_some_and(|c| !c.is_lowercase());
        if ends {
            sentences.push(rest[..at].to_owned());
            (rest, from) = (next, 0);
        } else {
            from = at;
        }
    }
    sentences.push(rest.to_owned());
    sentences
}

/// The words of a sentence: what holds a letter or a digit.
fn words(sentence: &str) -> usize {
    sentence.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_counted() {
        let page = Page::read(
            "One two three. Four `a b c` five, e.g. six! \n\n- seven\n\n| not | this |\n|---|---|\n| a | b |\n",
        );
        let sentences = Sentences::of(&page);
        let lengths: Vec<usize> = sentences.all.iter().map(|(_, words, _)| *words).collect();
        assert_eq!(lengths, [3, 5, 1]);
        assert_eq!(sentences.line("x"), "x: 3 sentences, 3.0 words each on average");
        assert_eq!((sentences.too_long("x"), sentences.above("x", 4).len()), (None, 1));
        let long = Sentences::of(&Page::read(&"word ".repeat(17)));
        assert!(long.and(Sentences::default()).too_long("x").is_some());
    }
}
