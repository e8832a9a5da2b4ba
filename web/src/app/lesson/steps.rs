//! The six steps, as data.

use crate::{
    app::{canvas::layers::Layer, tabs::Tab},
    text::{Message, message},
};

/// How many steps there are.
pub const STEPS: usize = 6;

/// The folder of the bundle that the lesson speaks of.
pub const FOLDER: &str = "polyp";

/// What a step waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A look at the picture.
    Look,
    /// The look is on the other lesion.
    Drag,
    /// The heat map is switched on.
    ShowHeat,
    /// A word is changed.
    Reword,
    /// The divider between two outlines is moved.
    Wipe,
    /// A student has learnt from glances.
    Teach,
}

/// One step.
pub struct Step {
    /// The case of the gallery that it opens; nothing: the picture that is open stays.
    pub case: Option<&'static str>,
    /// The looks that it begins with: place in fractions of the image, length in ms.
    pub looks: &'static [(f32, f32, f32)],
    /// Layers that it begins without.
    pub without: &'static [Layer],
    /// The tab whose controls it needs.
    pub tab: Tab,
    /// What it waits for.
    pub deed: Deed,
    /// Its name.
    pub title: Message,
    /// What is to be known before the guess.
    pub text: Message,
    /// What is asked.
    pub question: Message,
    /// What may happen.
    pub answers: [Message; 3],
    /// What the visitor is to do.
    pub task: Message,
    /// Why it comes as it does.
    pub why: Message,
}

impl Step {
    /// Whether it shows the picture bare until the visitor looks.
    pub fn begins_bare(&self) -> bool {
        self.deed == Deed::Look
    }
}

/// The lesson.
pub fn steps() -> [Step; STEPS] {
    [look(), drag(), heat(), words(), compare(), teach()]
}

fn look() -> Step {
    Step {
        case: Some("cju1cbokpuiw70988j4lq1fpi"),
        looks: &[],
        without: &[],
        tab: Tab::Look,
        deed: Deed::Look,
        title: message!("lesson-1-title"),
        text: message!("lesson-1-text"),
        question: message!("lesson-1-question"),
        answers: [message!("lesson-1-a"), message!("lesson-1-b"), message!("lesson-1-c")],
        task: message!("lesson-1-task"),
        why: message!("lesson-1-why"),
    }
}

fn drag() -> Step {
    Step {
        case: Some("cju45rj7ln8980850a7821fov"),
        looks: &[(0.176, 0.285, 600.0)],
        without: &[],
        tab: Tab::Look,
        deed: Deed::Drag,
        title: message!("lesson-2-title"),
        text: message!("lesson-2-text"),
        question: message!("lesson-2-question"),
        answers: [message!("lesson-2-a"), message!("lesson-2-b"), message!("lesson-2-c")],
        task: message!("lesson-2-task"),
        why: message!("lesson-2-why"),
    }
}

fn heat() -> Step {
    Step {
        case: Some("cju6v1m1xv07w09870ah3njy1"),
        looks: &[(0.668, 0.368, 1000.0), (0.441, 0.168, 250.0)],
        without: &[Layer::Heat],
        tab: Tab::Look,
        deed: Deed::ShowHeat,
        title: message!("lesson-3-title"),
        text: message!("lesson-3-text"),
        question: message!("lesson-3-question"),
        answers: [message!("lesson-3-a"), message!("lesson-3-b"), message!("lesson-3-c")],
        task: message!("lesson-3-task"),
        why: message!("lesson-3-why"),
    }
}

fn words() -> Step {
    Step {
        case: Some("cju2wve9v7esz0878mxsdcy04"),
        looks: &[],
        without: &[],
        tab: Tab::Words,
        deed: Deed::Reword,
        title: message!("lesson-4-title"),
        text: message!("lesson-4-text"),
        question: message!("lesson-4-question"),
        answers: [message!("lesson-4-a"), message!("lesson-4-b"), message!("lesson-4-c")],
        task: message!("lesson-4-task"),
        why: message!("lesson-4-why"),
    }
}

fn compare() -> Step {
    Step {
        case: Some("cju1cbokpuiw70988j4lq1fpi"),
        looks: &[],
        without: &[],
        tab: Tab::Compare,
        deed: Deed::Wipe,
        title: message!("lesson-5-title"),
        text: message!("lesson-5-text"),
        question: message!("lesson-5-question"),
        answers: [message!("lesson-5-a"), message!("lesson-5-b"), message!("lesson-5-c")],
        task: message!("lesson-5-task"),
        why: message!("lesson-5-why"),
    }
}

fn teach() -> Step {
    Step {
        case: None,
        looks: &[],
        without: &[],
        tab: Tab::Teach,
        deed: Deed::Teach,
        title: message!("lesson-6-title"),
        text: message!("lesson-6-text"),
        question: message!("lesson-6-question"),
        answers: [message!("lesson-6-a"), message!("lesson-6-b"), message!("lesson-6-c")],
        task: message!("lesson-6-task"),
        why: message!("lesson-6-why"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;

    use fovea_shared::{
        bundle::Manifest,
        description::{Field, Modality},
    };

    use super::*;

    fn shipped(name: &str) -> Vec<u8> {
        std::fs::read(format!("{}/../www/bundle/{FOLDER}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    }

    fn manifest() -> Manifest {
        Manifest::parse(&shipped("manifest.json")).unwrap()
    }

    #[test]
    fn answers_differ_and_no_deed_comes_twice() {
        let deeds: Vec<Deed> = steps().iter().map(|step| step.deed).collect();
        assert!((1..STEPS).all(|place| !deeds[..place].contains(&deeds[place])));
        for step in steps() {
            let said: BTreeSet<String> = step.answers.iter().map(ToString::to_string).collect();
            assert_eq!(said.len(), step.answers.len());
        }
    }

    /// At most sixty words are to be read at a time, the names of buttons among them.
    #[test]
    fn no_stage_of_a_step_is_long() {
        let words = |texts: &[&Message]| -> usize {
            let count = |text: &&Message| text.to_string().split_whitespace().count();
            texts.iter().map(count).sum()
        };
        for step in steps() {
            let [a, b, c] = &step.answers;
            let guess = words(&[&step.title, &step.text, &step.question, a, b, c]) + 6;
            let task = words(&[&step.title, &step.text, &step.task]) + 14;
            let card = words(&[&step.title, &step.why]) + 28;
            assert!(guess <= 60 && task <= 60 && card <= 60, "{}: {guess} {task} {card}", step.title);
        }
    }

    #[test]
    fn every_case_is_in_the_shipped_gallery_with_a_true_outline() {
        let manifest = manifest();
        for step in steps() {
            let Some(id) = step.case else { continue };
            let case = manifest.gallery.iter().find(|case| case.id == id).unwrap();
            assert!(case.mask.is_some(), "{id}");
        }
    }

    /// What the lesson says of looks that it begins with.
    #[test]
    fn looks_begin_on_lesions_of_their_pictures() {
        let manifest = manifest();
        for step in steps().iter().filter(|step| !step.looks.is_empty()) {
            let case = manifest.gallery.iter().find(|case| Some(case.id.as_str()) == step.case).unwrap();
            let mask = fovea_shared::image::decode(&shipped(case.mask.as_ref().unwrap())).unwrap();
            for (x, y, _) in step.looks {
                let at = |part: f32, of: u32| (part * of as f32) as u32;
                let pixel = mask.get_pixel(at(*x, mask.width()), at(*y, mask.height()));
                assert!(pixel.0[0] > 127, "{}: {x}, {y}", step.title);
            }
        }
    }

    /// The question of the words names the size that was measured, and that sizes can be changed.
    #[test]
    fn the_size_that_the_words_step_speaks_of_was_measured_and_is_offered() {
        let manifest = manifest();
        let step = words();
        let case = manifest.gallery.iter().find(|case| Some(case.id.as_str()) == step.case).unwrap();
        let size = case.descriptions.first().and_then(|said| said.description.get(Field::Size)).unwrap();
        assert_eq!((manifest.domain, size.name), (Modality::Polyp, "small"));
        assert!(manifest.offers(Field::Size) && step.question.to_string().contains("small"));
    }
}
