//! Just enough SVG for a figure: shapes, text, a linear axis.

use std::fmt::Write as _;

/// A drawing on a light background. Lengths are pixels at its natural size.
pub(super) struct Svg {
    width: f64,
    body: String,
}

/// Where a text's position is.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) size: f64,
    pub(super) colour: &'static str,
    pub(super) bold: bool,
    pub(super) anchor: Anchor,
}

/// Colour of text.
pub(super) const INK: &str = "#1d2430";
/// Colour of what explains.
pub(super) const GREY: &str = "#525c69";
/// Colour of grid lines.
pub(super) const GRID: &str = "#dde2e8";

/// Okabe and Ito's colours that read on a light background, distinguishable with any kind of colour vision.
pub(super) const PALETTE: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#a67c00"];

impl Style {
    /// Plain text that begins at its position.
    pub(super) const PLAIN: Self = Self { size: 13.0, colour: INK, bold: false, anchor: Anchor::Start };
    /// A heading.
    pub(super) const HEADING: Self = Self { bold: true, size: 14.0, ..Self::PLAIN };
    /// Numbers at an axis.
    pub(super) const TICK: Self = Self { size: 12.0, colour: GREY, anchor: Anchor::Middle, ..Self::PLAIN };
}

impl Svg {
    /// An empty drawing.
    pub(super) fn new(width: f64) -> Self {
        Self { width, body: String::new() }
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: f64) {
        self.stroke(from, to, colour, width, "");
    }

    pub(super) fn dashed(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: f64) {
        self.stroke(from, to, colour, width, r#" stroke-dasharray="5 4""#);
    }

    fn stroke(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: f64, more: &str) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.push(format_args!(
            r#"<line x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}" stroke="{colour}" stroke-width="{width}"{more}/>"#
        ));
    }

    pub(super) fn rect(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), fill: &str) {
        self.push(format_args!(
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" fill="{fill}"/>"#
        ));
    }

    /// A disc with a white rim, so that it stands out of its line.
    pub(super) fn dot(&mut self, (x, y): (f64, f64), radius: f64, fill: &str) {
        self.push(format_args!(
            r##"<circle cx="{x:.1}" cy="{y:.1}" r="{radius}" fill="{fill}" stroke="#ffffff" stroke-width="1.2"/>"##
        ));
    }

    /// A ring, white inside.
    pub(super) fn ring(&mut self, (x, y): (f64, f64), radius: f64, colour: &str) {
        self.push(format_args!(
            r##"<circle cx="{x:.1}" cy="{y:.1}" r="{radius}" fill="#ffffff" stroke="{colour}" stroke-width="2"/>"##
        ));
    }

    /// A short upright tick that lets through what is below it.
    pub(super) fn tick(&mut self, (x, y): (f64, f64), height: f64, colour: &str) {
        let (top, bottom) = (y - height / 2.0, y + height / 2.0);
        self.push(format_args!(
            r#"<line x1="{x:.1}" y1="{top:.1}" x2="{x:.1}" y2="{bottom:.1}" stroke="{colour}" stroke-width="1.5" stroke-opacity="0.6"/>"#
        ));
    }

    pub(super) fn text(&mut self, (x, y): (f64, f64), text: &str, style: Style) {
        let anchor = match style.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let weight = if style.bold { r#" font-weight="600""# } else { "" };
        let (size, colour, text) = (style.size, style.colour, escape(text));
        self.push(format_args!(
            r#"<text x="{x:.1}" y="{y:.1}" font-size="{size}" fill="{colour}" text-anchor="{anchor}"{weight}>{text}</text>"#
        ));
    }

    fn push(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.body, "{element}");
    }

    /// The file. `title` and `description` are what a screen reader says. No element has an id, so
    /// that a page can hold many.
    pub(super) fn finish(self, height: f64, title: &str, description: &str) -> String {
        let (width, body, title, description) = (self.width, self.body, escape(title), escape(description));
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-label="{title}" font-family="system-ui, 'Segoe UI', 'Liberation Sans', Arial, sans-serif">
<title>{title}</title>
<desc>{description}</desc>
<rect width="100%" height="100%" fill="#ffffff"/>
{body}</svg>
"##
        )
    }
}

/// Text as XML and HTML may hold it, in elements and in quoted attributes: control characters,
/// which it may not, are left out.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && c != '\n' => {}
            c => out.push(c),
        }
    }
    out
}

/// Lines of at most `width` characters, broken between words.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => *line += &format!(" {word}"),
            _ => lines.push(word.into()),
        }
    }
    lines
}

/// A linear horizontal axis.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    /// Values at the left and right end.
    values: (f64, f64),
    /// Where those ends are drawn.
    pixels: (f64, f64),
    step: f64,
}

impl Axis {
    /// An axis between two positions that holds all of `values`, with some room, and has round ticks.
    pub(super) fn around(values: impl IntoIterator<Item = f64>, pixels: (f64, f64)) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|v| v.is_finite()) {
            (low, high) = (low.min(value), high.max(value));
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        // Room for the dots; and an axis of no length has no scale.
        let room = (0.06 * (high - low)).max(1e-3 * high.abs().max(low.abs())).max(1e-6);
        let (low, high) = (low - room, high + room);
        Self { values: (low, high), pixels, step: round_step((high - low) / 4.5) }
    }

    /// An axis whose ends are these values.
    pub(super) fn fixed(values: (f64, f64), pixels: (f64, f64)) -> Self {
        Self { values, pixels, step: round_step((values.1 - values.0) / 5.5) }
    }

    /// The position of a value.
    pub(super) fn at(&self, value: f64) -> f64 {
        let (low, high) = self.values;
        self.pixels.0 + (value - low) / (high - low) * (self.pixels.1 - self.pixels.0)
    }

    /// The ticks with their labels.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let decimals = (-self.step.log10()).ceil().max(0.0) as usize;
        let first = (self.values.0 / self.step).ceil() as i64;
        let last = (self.values.1 / self.step).floor() as i64;
        (first..=last).map(|i| i as f64 * self.step).map(|v| (v, number(v, decimals))).collect()
    }
}

/// The smallest of 1, 2, 5, 10 times a power of ten that is not below `least`.
fn round_step(least: f64) -> f64 {
    let power = 10f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= least * (1.0 - 1e-9)).unwrap_or(10.0 * power)
}

/// A number with a true minus sign, and no minus before zero.
pub(super) fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|c| matches!(c, '0' | '.')) => digits.into(),
        Some(digits) => format!("\u{2212}{digits}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_the_file() {
        let mut svg = Svg::new(100.0);
        svg.text((1.0, 2.0), "a<b & \"c\"\u{7}", Style::PLAIN);
        let file = svg.finish(50.0, "<title>", "");
        assert!(file.contains(">a&lt;b &amp; &quot;c&quot;</text>"), "{file}");
        assert!(file.contains("&lt;title&gt;") && file.contains(r#"viewBox="0 0 100 50""#), "{file}");
    }

    #[test]
    fn axes_hold_their_values_and_have_round_ticks() {
        let axis = Axis::around([0.4812, 0.733, 0.5], (100.0, 300.0));
        assert!(axis.at(0.4812) > 100.0 && axis.at(0.733) < 300.0 && axis.at(0.5) < axis.at(0.6));
        let labels: Vec<String> = axis.ticks().into_iter().map(|t| t.1).collect();
        assert_eq!(labels, ["0.5", "0.6", "0.7"]);
        let whole = Axis::fixed((0.0, 1.0), (100.0, 300.0));
        assert_eq!((whole.at(0.0), whole.at(1.0), whole.ticks().len()), (100.0, 300.0, 6));
        for (values, least) in [(vec![], 2), (vec![3.0, 3.0], 2), (vec![-0.0123, 0.0], 2), (vec![1e6, f64::NAN], 2)] {
            let ticks = Axis::around(values.clone(), (0.0, 100.0)).ticks();
            assert!(ticks.len() >= least && ticks.len() <= 7, "{values:?}: {ticks:?}");
        }
        assert_eq!([number(-0.0004, 3), number(-1.5, 1), number(0.25, 2)], ["0.000", "\u{2212}1.5", "0.25"]);
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("unbreakable", 3), ["unbreakable"]);
        assert!(wrap(" ", 3).is_empty());
    }
}
