//! The chart of gains on the page.

use web_sys::{Document, Element};

use super::{
    claims::DataSet,
    claims_chart::{AXIS, Group, Layout, SIDE, WIDTH},
    elements::{make, svg},
    scores::signed,
};
use crate::{
    app::elements::{append, set},
    text::say,
};

/// Draws the chart into its container: the picture, how to read it, and every row as a sentence for those who do not see the picture.
pub fn draw(document: &Document, container: &Element, groups: &[Group]) {
    container.set_text_content(None);
    let layout = Layout::of(groups);
    let figure = make(document, "figure", &[("class", "claims")], "");
    if let Some(picture) = picture(document, &layout, groups) {
        append(&figure, &picture);
    }
    append(&figure, &make(document, "figcaption", &[("class", "note")], &caption(groups)));
    append(container, &figure);
    let list = make(document, "ul", &[("class", "visually-hidden")], "");
    for group in groups {
        for row in &group.rows {
            let text = format!("{}: {}", group.data.title(), row.sentence);
            append(&list, &make(document, "li", &[], &text));
        }
    }
    append(container, &list);
}

/// How to read the chart, and what must be known of its data sets.
fn caption(groups: &[Group]) -> String {
    let mut parts = vec![say!("claims-caption")];
    for group in groups {
        if group.rows.iter().all(|row| row.interval.is_none()) {
            parts.push(say!("claims-unmeasured", data = group.data.title()));
        }
        if group.data == DataSet::Isic {
            parts.push(say!("claims-other-images", data = group.data.title()));
        }
    }
    let first = parts.remove(0);
    parts.into_iter().fold(first, |before, after| say!("two-sentences", first = before, second = after))
}

fn picture(document: &Document, layout: &Layout, groups: &[Group]) -> Option<Element> {
    let size = format!("0 0 {WIDTH} {:.0}", layout.height);
    let picture = svg(document, "svg", &[("viewBox", &size), ("aria-hidden", "true")])?;
    let add = |tag: &str, class: &str, attributes: &[(&str, f64)], text: &str| {
        let Some(part) = svg(document, tag, &[("class", class)]) else { return };
        for (name, value) in attributes {
            set(&part, name, &format!("{value:.1}"));
        }
        part.set_text_content(Some(text));
        append(&picture, &part);
    };
    let bottom = layout.height - AXIS + 4.0;
    for (gain, x) in &layout.ticks {
        add("line", "grid", &[("x1", *x), ("x2", *x), ("y1", 4.0), ("y2", bottom)], "");
        let last = (*x - (WIDTH - SIDE)).abs() < 1.0;
        let class = if last { "figure end" } else { "figure" };
        let text = if gain.abs() < 1e-9 { "0".to_owned() } else { short(*gain) };
        add("text", class, &[("x", if last { WIDTH } else { *x }), ("y", layout.height - 6.0)], &text);
    }
    add("line", "zero", &[("x1", layout.zero), ("x2", layout.zero), ("y1", 4.0), ("y2", bottom)], "");
    for (group, y) in groups.iter().zip(&layout.titles) {
        add("text", "title", &[("x", 0.0), ("y", *y)], &capital(&group.data.title()));
    }
    for (row, mark) in groups.iter().flat_map(|group| &group.rows).zip(&layout.rows) {
        add("text", "label", &[("x", 0.0), ("y", mark.label)], &row.label);
        add("text", "value", &[("x", WIDTH), ("y", mark.label)], &signed(row.gain));
        if let Some((low, high)) = mark.interval {
            add("line", "spread", &[("x1", low), ("x2", high), ("y1", mark.y), ("y2", mark.y)], "");
        }
        let class = if row.interval.is_some() { "ours" } else { "published" };
        add("circle", class, &[("cx", mark.dot), ("cy", mark.y), ("r", 4.5)], "");
    }
    Some(picture)
}

/// A name as it stands alone.
fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A figure of the axis.
fn short(gain: f64) -> String {
    let sign = if gain < 0.0 { "−" } else { "+" };
    format!("{sign}{:.2}", gain.abs())
}

#[cfg(test)]
mod tests {
    use fovea_shared::description::Modality;

    use super::{
        super::{claims::Claims, claims_chart::groups},
        *,
    };

    #[test]
    fn the_caption_says_where_we_have_no_figure_and_where_figures_do_not_compare() {
        let of = |domain| caption(&groups(&Claims::shipped(), domain));
        assert!(of(Modality::Prostate).contains("not measured on NCI-ISBI 2013"), "{}", of(Modality::Prostate));
        assert!(of(Modality::SkinLesion).contains("other images"), "{}", of(Modality::SkinLesion));
        assert_eq!(of(Modality::Polyp), say!("claims-caption"));
    }

    #[test]
    fn a_name_begins_with_a_capital_where_it_stands_alone() {
        assert_eq!(["drawn polyps", "Kvasir-SEG", ""].map(capital), ["Drawn polyps", "Kvasir-SEG", ""]);
        assert_eq!([0.05, -0.1].map(short), ["+0.05", "−0.10"]);
    }
}
