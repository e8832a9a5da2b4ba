//! The template that turns fields into one plain English sentence.

use super::{Description, Field, Modality};

pub(super) fn sentence(d: &Description) -> String {
    let label = |field: Field| d.get(field).map(|w| w.label);
    let name = |field: Field| d.get(field).map(|w| w.name);
    let several = name(Field::Count) == Some("several");
    let adjectives: Vec<&str> = [Field::Size, Field::Shape, Field::Colour].into_iter().filter_map(label).collect();
    let noun = if several { format!("{}s", d.modality.noun()) } else { d.modality.noun().to_string() };
    let mut subject: Vec<&str> = Vec::new();
    if several {
        subject.push("several");
    } else if name(Field::Count).is_some() {
        subject.push("a single");
    } else {
        let first = adjectives.first().copied().unwrap_or(&noun);
        subject.push(if first.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" });
    }
    subject.extend(&adjectives);
    subject.push(&noun);
    let mut text = subject.join(" ");

    let mut with: Vec<String> = Vec::new();
    with.extend(label(Field::Border).map(|w| format!("a {w} border")));
    with.extend(
        name(Field::Texture)
            .map(|w| if w == "smooth" { "a smooth surface".into() } else { "an uneven surface".to_string() }),
    );
    match name(Field::Cover) {
        Some("clean") => with.push("nothing on it".into()),
        Some("highlights") => with.push("specular highlights".into()),
        Some(word) => with.push(format!("{word} on it")),
        None => {}
    }
    with.extend(
        label(Field::Structure).map(|w| if w == "structureless" { "no structure".into() } else { w.to_string() }),
    );
    with.extend(label(Field::ColourCount).filter(|_| d.modality == Modality::SkinLesion).map(str::to_string));
    with.extend(name(Field::ZoneContrast).map(|w| format!("{w} contrast between its zones")));
    if !with.is_empty() {
        text += &format!(" with {}", and(&with));
    }
    match name(Field::Contrast) {
        Some("similar") => text += ", of the colour of its surroundings",
        Some(word) => text += &format!(", {word} than its surroundings"),
        None => {}
    }
    match (name(Field::Asymmetry), label(Field::Asymmetry)) {
        (Some("symmetric"), _) => text += ", symmetric",
        (_, Some(label)) => text += &format!(", asymmetric {label}"),
        _ => {}
    }
    text += &label(Field::Symmetry).map(|w| format!(", {w}")).unwrap_or_default();
    match label(Field::Location) {
        Some("centre") => text += ", in the centre of the image",
        Some(place) => text += &format!(", in the {place} of the image"),
        None => {}
    }
    match name(Field::Edge) {
        Some("cut") => text += ", cut off by the image's edge",
        Some(_) => text += ", wholly in view",
        None => {}
    }
    let classes: Vec<String> = [Field::Paris, Field::Nice]
        .into_iter()
        .filter_map(|field| {
            d.get(field).map(|w| if field == Field::Paris { format!("Paris {}", w.label) } else { w.label.into() })
        })
        .collect();
    if !classes.is_empty() {
        text += &format!(" ({})", classes.join(", "));
    }
    match name(Field::Artefact) {
        None | Some("none") => {}
        Some(_) => text += &format!("; disturbed by {}", label(Field::Artefact).unwrap_or_default()),
    }
    if d.is_empty() {
        return format!("Nothing could be said about the {}.", d.modality.noun());
    }
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str() + ".").unwrap_or_default()
}

/// "a, b and c".
fn and(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
