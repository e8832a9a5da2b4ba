//! Lines over steps, as SVG: the losses and the Dice of students that learn.

use web_sys::Element;

use crate::app::elements::{append, create_svg, set, set_text};

/// Points of a line: step and value.
pub type Series = Vec<(f64, f64)>;

/// Width and height of a chart in its own units, and the room for the numbers at its left and lower edges.
const SIZE: (f64, f64) = (320.0, 150.0);
const LEFT: f64 = 34.0;
const BELOW: f64 = 18.0;

/// Most points of a line that are drawn: more cannot be seen.
const POINTS: usize = 300;

/// The largest value of an axis: 1, 2 or 5 times a power of ten, at least as large as `value`.
fn nice(value: f64) -> f64 {
    let value = value.max(1e-3);
    let power = 10.0_f64.powf(value.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|step| step * power).find(|end| *end >= value * 0.999).unwrap_or(value)
}

/// The corners of a line in the chart's units, as an attribute.
fn corners(series: &Series, steps: f64, top: f64) -> String {
    let every = series.len().div_ceil(POINTS).max(1);
    let last = series.len().saturating_sub(1);
    let corner = |(_, (step, value)): (usize, &(f64, f64))| {
        let x = LEFT + (SIZE.0 - LEFT - 6.0) * step / steps;
        let y = 6.0 + (SIZE.1 - BELOW - 6.0) * (1.0 - (value / top).clamp(0.0, 1.0));
        format!("{x:.1},{y:.1}")
    };
    let kept = series.iter().enumerate().filter(|(i, _)| i % every == 0 || *i == last);
    kept.map(corner).collect::<Vec<_>>().join(" ")
}

/// Draws lines into a figure whose first child is an `<svg>` and whose last is the list of the last values; `top` is the largest value of
/// the axis, where it does not follow the values.
pub fn draw(figure: &Element, lines: &[Series], names: &[String], top: Option<f64>) {
    let (Some(svg), Some(says)) = (figure.first_element_child(), figure.last_element_child()) else { return };
    svg.set_text_content(None);
    set(&svg, "viewBox", &format!("0 0 {} {}", SIZE.0, SIZE.1));
    let all = || lines.iter().flatten();
    let steps = all().map(|p| p.0).fold(10.0, f64::max);
    let top = top.unwrap_or_else(|| nice(all().map(|p| p.1).fold(0.0, f64::max)));
    let add = |tag: &str, attributes: &[(&str, &str)], text: &str| {
        let part = create_svg(tag, attributes);
        part.set_text_content(Some(text));
        append(&svg, &part);
    };
    let (bottom, right) = (SIZE.1 - BELOW, SIZE.0 - 6.0);
    for (value, y) in [(top, 6.0), (top / 2.0, (6.0 + bottom) / 2.0), (0.0, bottom)] {
        let (y, x1, x2) = (format!("{y:.1}"), format!("{LEFT}"), format!("{right}"));
        add("line", &[("x1", &x1), ("x2", &x2), ("y1", &y), ("y2", &y), ("class", "axis")], "");
        let text = if top >= 10.0 { format!("{value:.0}") } else { format!("{value:.2}") };
        add("text", &[("x", "30"), ("y", &y), ("dy", "4"), ("text-anchor", "end")], &text);
    }
    for (x, text, anchor) in [(LEFT, "0".to_string(), "start"), (right, format!("{steps:.0}"), "end")] {
        let (x, y) = (format!("{x:.1}"), format!("{:.1}", SIZE.1 - 4.0));
        add("text", &[("x", &x), ("y", &y), ("text-anchor", anchor)], &text);
    }
    let mut values = Vec::new();
    for (place, (line, name)) in lines.iter().zip(names).enumerate() {
        let class = format!("line line-{place}");
        add("polyline", &[("points", &corners(line, steps, top)), ("class", &class)], "");
        if let Some((_, last)) = line.last() {
            values.push(format!("{name} {last:.3}"));
        }
    }
    set_text(&says, &values.join(" · "));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_at_a_round_number_above_every_value() {
        assert_eq!([0.73, 1.0, 1.2, 4.9, 0.04].map(nice), [1.0, 1.0, 2.0, 5.0, 0.05]);
        assert!(nice(0.0) > 0.0);
    }

    #[test]
    fn a_long_line_keeps_its_ends() {
        let line: Series = (0..5000).map(|i| (f64::from(i), 0.5)).collect();
        let drawn = corners(&line, 4999.0, 1.0);
        let places: Vec<&str> = drawn.split(' ').collect();
        assert!(places.len() <= POINTS + 1, "{}", places.len());
        assert!(places[0].starts_with("34.0,") && places.last().is_some_and(|p| p.starts_with("314.0,")));
        assert_eq!(corners(&vec![], 10.0, 1.0), "");
    }
}
