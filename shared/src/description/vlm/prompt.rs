//! What a model is told. The text lies in `shared/prompts`; the lists in it are generated from the vocabulary.

use std::fmt::Write;

use crate::{
    description::{Field, Modality, NOT_ASSESSABLE, measured::THRESHOLDS},
    gaze::Scanpath,
};

/// Version of the prompt: it changes whenever the text, the lists or what is said of gaze do.
pub const PROMPT_VERSION: &str = "describe-v1";

const TEXT: &str = include_str!("../../../prompts/describe-v1.txt");

/// Shares of the image's area that part `small` from `medium` and `medium` from `large`: those by
/// which sizes are measured.
pub const SIZE_SHARES: [f32; 2] = [THRESHOLDS.small.at, THRESHOLDS.large.at];

/// Most fixations that are written down: those of longest dwell.
const MAX_FIXATIONS: usize = 48;

/// What a model is told of where somebody looked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum GazeHint {
    /// Nothing.
    #[default]
    None,
    /// The fixations in words, as [`GazeHint::text`] writes them.
    Text(String),
    /// That they are drawn on the image, as [`super::draw_gaze`] does.
    Drawn,
}

impl GazeHint {
    /// The fixations as text: a line each, in the order of time, with places in percent of width
    /// and height. Of a long look the 48 fixations of longest dwell. Without fixations nothing is
    /// said.
    pub fn text(scanpath: &Scanpath) -> Self {
        let mut longest: Vec<(usize, f32)> = scanpath.fixations.iter().map(|f| f.duration_ms).enumerate().collect();
        longest.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        longest.truncate(MAX_FIXATIONS);
        longest.sort_unstable_by_key(|(index, _)| *index);
        if longest.is_empty() {
            return Self::None;
        }
        let mut text = String::new();
        for (index, _) in longest {
            let f = &scanpath.fixations[index];
            // Writing to a string cannot fail.
            let _ = writeln!(text, "- x {:.0} %, y {:.0} %, {:.0} ms", f.x * 100.0, f.y * 100.0, f.duration_ms);
        }
        Self::Text(text)
    }

    /// A name for records: `none`, `text` or `drawn`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Text(_) => "text",
            Self::Drawn => "drawn",
        }
    }

    fn paragraph(&self) -> String {
        let points =
            "A person looked at the image. Long looks are likely, but not sure, to be at what is to be described.";
        match self {
            Self::None => String::new(),
            Self::Text(fixations) => format!(
                "\n{points} Where the eye rested, in the order of time, as x from the left and y from the top in \
                 percent of the image's width and height, and for how long:\n{fixations}"
            ),
            Self::Drawn => format!(
                "\n{points} Every place where the eye rested is marked with a small green ring. The rings were drawn \
                 afterwards: do not describe them.\n"
            ),
        }
    }
}

/// The prompt's version with the way of telling gaze: what a record says of how it was asked.
pub fn prompt_id(gaze: &GazeHint) -> String {
    match gaze {
        GazeHint::None => PROMPT_VERSION.to_string(),
        _ => format!("{PROMPT_VERSION}, gaze {}", gaze.name()),
    }
}

/// The whole prompt.
pub fn prompt(modality: Modality, gaze: &GazeHint) -> String {
    // The noun last: the other parts may hold its placeholder, and none of them comes from outside.
    TEXT.replace("{image}", image(modality))
        .replace("{gaze}", &gaze.paragraph())
        .replace("{fields}", fields(modality).trim_end())
        .replace("{noun}", modality.noun())
}

fn image(modality: Modality) -> &'static str {
    match modality {
        Modality::Polyp => "a frame of a colonoscopy",
        Modality::SkinLesion => "a photograph of skin under the dermatoscope",
        Modality::Prostate => "an axial T2-weighted MR slice of the pelvis",
    }
}

/// A line for every field: its name, its part in the paper's prompt, what it means, its words.
fn fields(modality: Modality) -> String {
    let mut text = String::new();
    for &field in modality.fields() {
        let words: Vec<&str> = field.words(modality).iter().map(|w| w.name).chain([NOT_ASSESSABLE]).collect();
        let _ = writeln!(text, "- {} ({}): {} One of: {}", field.name(), part(field), meaning(field), words.join(", "));
    }
    text
}

/// Which of the paper's fields (method, section 1: Location, Boundary, Characteristics, Area
/// Percentage, Confidence, Remarks) this one belongs to.
fn part(field: Field) -> &'static str {
    match field {
        Field::Location => "Location",
        Field::Border => "Boundary",
        Field::Size => "Area Percentage",
        _ => "Characteristics",
    }
}

fn meaning(field: Field) -> String {
    let text = match field {
        Field::Size => {
            // In tenths of a percent, without the digits that f32 adds.
            let [small, large] = SIZE_SHARES.map(|share| f64::from((share * 1000.0).round()) / 10.0);
            return format!(
                "share of the image's area that it covers; small is below {small} %, medium below {large} %, large \
                 from there."
            );
        }
        Field::Count => "how many there are.",
        Field::Location => "the cell of a 3x3 grid over the image that holds its centre.",
        Field::Shape => "its outline.",
        Field::Border => "how sharply it ends.",
        Field::Colour => "its own leading colour or signal.",
        Field::Contrast => "it against its immediate surroundings.",
        Field::Texture => "how uniform its surface looks.",
        Field::Edge => "whether the edge of the image cuts it.",
        Field::Cover => "what lies on it.",
        Field::Paris => "its form by the Paris classification.",
        Field::Nice => "its NICE type, under narrow-band imaging only; in white light not_assessable.",
        Field::Asymmetry => "asymmetry of form and colour about its two main axes.",
        Field::ColourCount => "how many colours it has.",
        Field::Structure => "its leading dermoscopic structure.",
        Field::Artefact => "what disturbs the image.",
        Field::Symmetry => "whether its left and right halves are alike.",
        Field::ZoneContrast => "how clearly transition zone and peripheral zone differ.",
    };
    text.to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::gaze::Fixation;

    fn look(count: usize) -> Scanpath {
        let fixation =
            |i: usize| Fixation { x: 0.25, y: i as f32 / 100.0, duration_ms: 100.0 + i as f32, start_ms: 0.0 };
        Scanpath { fixations: (0..count).map(fixation).collect() }
    }

    #[test]
    fn the_prompt_lists_every_word_and_leaves_no_gap() {
        for modality in Modality::ALL {
            for gaze in [GazeHint::None, GazeHint::Drawn, GazeHint::text(&look(3))] {
                let text = prompt(modality, &gaze);
                assert!(!text.contains(['{', '}']), "{text}");
                assert!(text.contains(modality.noun()) && text.contains("Never diagnose"));
                for &field in modality.fields() {
                    let line = text.lines().find(|l| l.starts_with(&format!("- {} (", field.name()))).unwrap();
                    let list = line.rsplit_once("One of: ").unwrap().1;
                    let words: Vec<&str> = list.split(", ").collect();
                    assert_eq!(words.len(), field.words(modality).len() + 1, "{line}");
                    assert!(field.words(modality).iter().all(|w| words.contains(&w.name)), "{line}");
                    assert!(words.contains(&NOT_ASSESSABLE), "{line}");
                }
                for part in ["Location", "Boundary", "Characteristics", "Area Percentage", "Confidence", "Remarks"] {
                    assert!(text.contains(&format!("({part})")), "{part} in {text}");
                }
            }
        }
    }

    #[test]
    fn gaze_is_told_in_percent_in_time_order_and_not_without_end() {
        let GazeHint::Text(text) = GazeHint::text(&look(60)) else { panic!("no text") };
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), MAX_FIXATIONS);
        assert_eq!(lines[0], "- x 25 %, y 12 %, 112 ms");
        assert_eq!(lines[47], "- x 25 %, y 59 %, 159 ms");
        assert_eq!(GazeHint::text(&Scanpath::default()), GazeHint::None);
        assert!(prompt(Modality::Polyp, &GazeHint::text(&look(2))).contains("\n- x 25 %, y 0 %, 100 ms\n"));
        assert!(prompt(Modality::Polyp, &GazeHint::Drawn).contains("green ring"));
        assert!(!prompt(Modality::Polyp, &GazeHint::None).contains("looked"));
        assert_eq!(prompt_id(&GazeHint::None), "describe-v1");
        assert_eq!(prompt_id(&GazeHint::Drawn), "describe-v1, gaze drawn");
    }

    #[test]
    fn a_changed_prompt_needs_a_new_version() {
        // The cache trusts the version. When this fails: copy the file to the next version, change
        // PROMPT_VERSION, and then this hash.
        let all: String = Modality::ALL
            .iter()
            .flat_map(|m| [GazeHint::None, GazeHint::Drawn, GazeHint::text(&look(1))].map(|g| prompt(*m, &g)))
            .collect();
        assert_eq!((PROMPT_VERSION, &crate::bundle::sha256(all.as_bytes())[..16]), ("describe-v1", "2fd847a216ffbf54"));
    }
}
