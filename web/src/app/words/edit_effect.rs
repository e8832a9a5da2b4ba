//! What a change of gaze or words did: what of them it changed, what became of the mask, where the
//! teacher attended. In words, the same for eyes and for screen readers. Pure: no browser in here.

use fovea_shared::description::{Phrase, Source};

use crate::{
    app::status::numbers::{ms, percent, points, sentences},
    protocol::{AttentionMap, Before, Change, Text},
    text::{self, Message, message, say},
};

/// A mask that changed by less than this share of its area did not change, as far as a visitor is concerned.
const NOTICEABLE: f32 = 0.005;

/// Attention whose smallest value is above this share of its largest points nowhere.
const EVEN: f32 = 0.8;

/// Confidence below which a source is called unsure.
pub const LOW_CONFIDENCE: f32 = 0.5;

/// Who said it, as the badge of a description.
pub fn source(source: &Source) -> String {
    match source {
        Source::Measured => say!("source-measured"),
        Source::Vlm(model) => say!("source-vlm", model = model),
        Source::Distilled(model) => say!("source-distilled", model = model),
        Source::Clinician => say!("source-clinician"),
        Source::Drawn => say!("source-drawn"),
    }
}

/// How sure the source is, where it says so; without a full stop, as it stands on a chip.
pub fn confidence(value: f32) -> String {
    match value {
        v if v < LOW_CONFIDENCE => say!("confidence-low", share = percent(v)),
        v if v < 1.0 => say!("confidence", share = percent(v)),
        _ => String::new(),
    }
}

/// The word of a phrase, such as "oval".
fn word(phrase: &Phrase) -> String {
    text::word(phrase.field(), Some(phrase.word()))
}

/// A phrase, such as "Shape: oval".
fn label(phrase: &Phrase) -> String {
    say!("chip", field = text::field(phrase.field()), word = word(phrase))
}

/// What a change did to the teacher's inputs. Measured words follow the gaze, so that a change of gaze is said as one.
pub fn edit(before: &Before, now: &Before) -> String {
    if before.fixations != now.fixations {
        return match now.fixations.len() {
            0 => say!("edit-no-gaze"),
            count => say!("edit-gaze", points = points(count)),
        };
    }
    edit_of_text(&before.text, &now.text)
}

/// What an edit did to the text, such as "Shape: oval → round".
fn edit_of_text(before: &Text, now: &Text) -> String {
    let of = |text: &Text, field| text.phrases.iter().find(|p| p.field() == field).copied();
    let mut parts = Vec::new();
    for old in &before.phrases {
        match of(now, old.field()) {
            Some(new) if new == *old => {}
            Some(new) => parts.push(say!("edit-became", phrase = label(old), word = word(&new))),
            None => parts.push(say!("edit-gone", phrase = label(old))),
        }
    }
    let added = now.phrases.iter().filter(|new| of(before, new.field()).is_none());
    parts.extend(added.map(|new| say!("edit-added", phrase = label(new))));
    match parts.as_slice() {
        [] => say!("edit-none"),
        [one] => say!("edit-one", edit = one),
        [first, second] => say!("edit-two", first = first, second = second),
        _ => say!("edit-many", count = parts.len()),
    }
}

/// Whether a mask changed enough to say that it did.
pub fn noticeable(change: &Change) -> bool {
    change.gained_share.max(change.lost_share) >= NOTICEABLE
}

/// What became of the mask, the Dice of which is `dice_now`.
pub fn result(change: &Change, dice_now: Option<f32>) -> String {
    if change.area_before == 0 && change.gained.area == 0 {
        return say!("change-nothing-at-all");
    }
    if !noticeable(change) {
        let exactly = change.gained.area + change.lost.area == 0;
        return if exactly { say!("change-none") } else { say!("change-too-small") };
    }
    let dice = match (change.dice_before, dice_now) {
        (Some(before), Some(now)) => {
            say!("change-dice", before = format!("{before:.2}"), now = format!("{now:.2}"))
        }
        _ => String::new(),
    };
    let [gained, lost] = [change.gained_share, change.lost_share].map(percent);
    let what = match change.area_before {
        0 => say!("change-all-new"),
        _ => say!("change-mask", gained = gained, lost = lost),
    };
    sentences([&what, &dice])
}

/// Where the teacher attended to a phrase.
pub fn attention(map: &AttentionMap) -> String {
    let values = &map.values.0;
    let peak = values.iter().copied().max().unwrap_or(0);
    if peak == 0 || map.max <= 0.0 {
        return say!("attention-none");
    }
    let most = percent(map.max);
    let least = values.iter().copied().min().unwrap_or(0);
    if f32::from(least) > EVEN * f32::from(peak) {
        return say!("attention-even", most = most);
    }
    let (width, height) = (map.size.0.max(1) as usize, map.size.1.max(1) as usize);
    let at = values.iter().position(|v| *v == peak).unwrap_or(0);
    let cell = |place: usize, size: usize| (place * 3 / size).min(2);
    const PLACES: [[&str; 3]; 3] = [
        ["upper_left", "upper_centre", "upper_right"],
        ["centre_left", "centre", "centre_right"],
        ["lower_left", "lower_centre", "lower_right"],
    ];
    let place = text::place(PLACES[cell(at / width, height)][cell(at % width, width)]);
    say!("attention-strongest", place = place, most = most)
}

/// What can be said of attention to a phrase that has no map.
pub fn no_attention(told: bool) -> String {
    if told { say!("attention-unknown") } else { say!("attention-off") }
}

/// How long an answer of a model on another port or machine took.
pub fn answered(model: &str, took_ms: f64) -> Message {
    let time = if took_ms < 1000.0 { ms(took_ms) } else { format!("{:.1} s", took_ms / 1e3) };
    message!("ask-answered", model = model, time = time)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::protocol::{Blob, Outline};
    use fovea_shared::{
        description::{Field, Modality},
        gaze::Fixation,
    };

    fn phrase(field: Field, word: &str) -> Phrase {
        Phrase::find(Modality::Polyp, field, word).unwrap()
    }

    fn text(phrases: &[(Field, &str)]) -> Text {
        Text { phrases: phrases.iter().map(|(field, word)| phrase(*field, word)).collect() }
    }

    #[test]
    fn an_edit_is_said_phrase_by_phrase() {
        let before = text(&[(Field::Shape, "oval"), (Field::Colour, "red")]);
        let said = |phrases: &[(Field, &str)]| edit_of_text(&before, &text(phrases));
        assert_eq!(said(&[(Field::Shape, "round"), (Field::Colour, "red")]), "“Shape: oval” became “round”.");
        assert_eq!(said(&[(Field::Shape, "oval")]), "“Colour: red” is not read any more.");
        assert_eq!(edit_of_text(&text(&[]), &text(&[(Field::Shape, "oval")])), "“Shape: oval” is read now.");
        assert_eq!(said(&[(Field::Size, "small")]), "3 phrases changed.");
        assert_eq!(edit_of_text(&before, &before), "The text is the same.");
    }

    #[test]
    fn a_change_of_gaze_is_said_as_one_whatever_words_come_with_it() {
        let given = |count, phrases: &[(Field, &str)]| Before {
            fixations: vec![Fixation { x: 0.5, y: 0.5, duration_ms: 300.0, start_ms: 0.0 }; count],
            text: text(phrases),
        };
        let oval = [(Field::Shape, "oval")];
        assert_eq!(edit(&given(0, &oval), &given(2, &[])), "The teacher sees 2 gaze points.");
        assert_eq!(edit(&given(2, &[]), &given(0, &oval)), "The teacher sees no gaze.");
        assert_eq!(edit(&given(1, &oval), &given(1, &[])), "“Shape: oval” is not read any more.");
    }

    fn change(before: u32, gained: u32, lost: u32) -> Change {
        let outline = |area| Outline {
            loops: vec![],
            points: Blob(vec![]),
            size: (100, 100),
            area,
            hash: String::new(),
            dice: None,
        };
        let base = if before > 0 { before } else { gained }.max(1) as f32;
        Change {
            gained: outline(gained),
            lost: outline(lost),
            area_before: before,
            gained_share: gained as f32 / base,
            lost_share: lost as f32 / base,
            dice_before: Some(0.8),
        }
    }

    #[test]
    fn a_change_too_small_to_see_is_called_none() {
        assert_eq!(result(&change(1000, 4, 4), Some(0.9)), "This did not change the mask (less than 0.5 % of it).");
        assert_eq!(result(&change(1000, 0, 0), Some(0.9)), "This did not change the mask.");
        let seen = result(&change(1000, 5, 120), Some(0.75));
        assert_eq!(seen, "The mask gained 0.5 % and lost 12 % of its former area. Dice 0.80 → 0.75.");
        assert_eq!(result(&change(1000, 200, 0), None), "The mask gained 20 % and lost 0 % of its former area.");
        assert!(result(&change(0, 200, 0), None).contains("all of the mask is new"));
        assert!(result(&change(0, 0, 0), None).contains("nothing is now"));
    }

    #[test]
    fn attention_has_a_place() {
        let map = |values: Vec<u8>| AttentionMap {
            phrase: phrase(Field::Shape, "oval"),
            max: 0.125,
            size: (6, 6),
            values: Blob(values),
        };
        let peak = |x: usize, y: usize| map((0..36).map(|i| if i == y * 6 + x { 255 } else { 10 }).collect());
        assert_eq!(attention(&peak(0, 0)), "Attention is strongest at upper left, 12 % at most.");
        assert!(attention(&peak(3, 2)).contains("at centre,") && attention(&peak(5, 4)).contains("lower right"));
        assert!(attention(&map(vec![230; 36])).contains("nearly even"));
        assert!(attention(&map(vec![0; 36])).contains("no attention"));
    }

    #[test]
    fn sources_and_confidence_are_said() {
        assert_eq!(source(&Source::Vlm("llava".into())), "written by llava");
        assert!(source(&Source::Measured).contains("no language model"));
        assert_eq!(
            (confidence(0.3), confidence(0.8), confidence(1.0)),
            ("Low confidence: 30 %".into(), "Confidence 80 %".into(), String::new())
        );
        assert_eq!(answered("m", 2340.0).to_string(), "m has answered after 2.3 s.");
    }
}
