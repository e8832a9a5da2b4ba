//! The chart and the table of a class.

use web_sys::{Document, Element, HtmlElement};

use super::rows::{References, Row, Whose, summary};
use crate::{
    app::{
        canvas::scatter::{Dot, Layout, Level, Name, RADIUS, SIZE, layout},
        elements::{append, create, create_svg, create_with, get, set, set_text},
    },
    text::{Message, say},
};

/// The elements.
pub(super) struct Elements {
    summary: HtmlElement,
    chart: Element,
    table: HtmlElement,
    refused: HtmlElement,
}

/// What is seen, in the language that is spoken.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scene {
    summary: String,
    dots: Vec<(Dot, &'static str)>,
    levels: Vec<Level>,
    /// The cells of each row: whose, seconds, glances, fit, note.
    table: Vec<[String; 5]>,
    refused: Vec<String>,
}

impl Scene {
    /// Of the rows and of the files that could not be read.
    pub(super) fn of(rows: &[Row], refused: &[Message]) -> Self {
        let dot = |row: &Row| {
            let class = match row.whose {
                Whose::Yours => "dot yours",
                Whose::Theirs => "dot theirs",
                Whose::File(_) => "dot",
            };
            Some((Dot { name: name(&row.whose), x: row.seconds, y: f64::from(row.fit?) }, class))
        };
        let References { untrained, simulated, outlines } = References::mean(rows);
        let levels = [
            (untrained, say!("class-untrained")),
            (simulated, say!("class-simulated")),
            (outlines, say!("class-outlines")),
        ];
        let level = |(fit, name): (Option<f32>, String)| Some(Level { name, y: f64::from(fit?) });
        let cells = |row: &Row| {
            let fit = row.fit.map_or_else(|| "–".to_owned(), |fit| format!("{fit:.2}"));
            let (seconds, glances) = (format!("{:.0}", row.seconds), row.glances.to_string());
            [name(&row.whose), seconds, glances, fit, row.note.to_string()]
        };
        Self {
            summary: summary(rows).to_string(),
            dots: rows.iter().filter_map(dot).collect(),
            levels: levels.into_iter().filter_map(level).collect(),
            table: rows.iter().map(cells).collect(),
            refused: refused.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Whose student it is.
fn name(whose: &Whose) -> String {
    match whose {
        Whose::Yours => say!("teach-yours"),
        Whose::Theirs => say!("teach-theirs"),
        Whose::File(name) => name.clone(),
    }
}

impl Elements {
    pub(super) fn find(d: &Document) -> Result<Self, String> {
        Ok(Self {
            summary: get(d, "class-summary")?,
            chart: get(d, "class-chart")?,
            table: get(d, "class-table")?,
            refused: get(d, "class-refused")?,
        })
    }

    /// Draws everything.
    pub(super) fn draw(&self, scene: &Scene) {
        set_text(&self.summary, &scene.summary);
        self.draw_chart(scene);
        self.table.set_text_content(None);
        for [whose, figures @ ..] in &scene.table {
            let row = create("tr", "");
            append(&row, &create_with("th", whose, &[("scope", "row")]));
            figures.iter().for_each(|cell| append(&row, &create("td", cell)));
            append(&self.table, &row);
        }
        self.refused.set_text_content(None);
        scene.refused.iter().for_each(|why| append(&self.refused, &create("li", why)));
        self.refused.set_hidden(scene.refused.is_empty());
    }

    /// What it shows is in the table too, so no part of it is for the keyboard.
    fn draw_chart(&self, scene: &Scene) {
        let dots: Vec<Dot> = scene.dots.iter().map(|(dot, _)| dot.clone()).collect();
        let places = layout(&dots, &scene.levels);
        self.chart.set_text_content(None);
        set(&self.chart, "viewBox", &format!("0 0 {} {}", SIZE.0, SIZE.1));
        set(&self.chart, "aria-label", &format!("{} {}", say!("class-chart-label"), scene.summary));
        self.draw_axes(&places);
        for (place, (y, name)) in places.levels.iter().enumerate() {
            let class = format!("level level-{place}");
            self.draw_line((places.across[0].1, *y), (SIZE.0, *y), &class);
            self.draw_name(name.as_ref());
        }
        for ((centre, name), (dot, class)) in places.dots.iter().zip(&scene.dots) {
            let [x, y] = [centre.0, centre.1].map(|v| format!("{v:.1}"));
            let circle = create_svg("circle", &[("cx", &x), ("cy", &y), ("r", &RADIUS.to_string()), ("class", *class)]);
            let title = create_svg("title", &[]);
            title.set_text_content(Some(&format!("{}: {:.2}, {:.0} s", dot.name, dot.y, dot.x)));
            append(&circle, &title);
            append(&self.chart, &circle);
            if let Some(end) = name.as_ref().and_then(|name| name.leader) {
                self.draw_line(*centre, end, "leader");
            }
            self.draw_name(name.as_ref());
        }
    }

    fn draw_axes(&self, places: &Layout) {
        let (left, bottom) = (places.across[0].1, places.upwards[0].1);
        for (value, y) in &places.upwards {
            self.draw_line((left, *y), (SIZE.0, *y), "axis");
            let at = Name { text: format!("{value:.1}"), x: left - 5.0, y: y + 4.0, leader: None };
            self.draw_text(&at, "figure", "end");
        }
        for (place, (value, x)) in places.across.iter().enumerate() {
            let anchor = if place == 0 { "start" } else { "end" };
            let x = if place == 0 { left } else { *x };
            let at = Name { text: format!("{value:.0} s"), x, y: bottom + 15.0, leader: None };
            self.draw_text(&at, "figure", anchor);
        }
    }

    fn draw_line(&self, from: (f64, f64), to: (f64, f64), class: &str) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(|v| format!("{v:.1}"));
        append(
            &self.chart,
            &create_svg("line", &[("x1", &x1), ("y1", &y1), ("x2", &x2), ("y2", &y2), ("class", class)]),
        );
    }

    fn draw_name(&self, name: Option<&Name>) {
        if let Some(name) = name {
            self.draw_text(name, "name", "start");
        }
    }

    fn draw_text(&self, at: &Name, class: &str, anchor: &str) {
        let [x, y] = [at.x, at.y].map(|v| format!("{v:.1}"));
        let text = create_svg("text", &[("x", &x), ("y", &y), ("text-anchor", anchor), ("class", class)]);
        text.set_text_content(Some(&at.text));
        append(&self.chart, &text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(whose: Whose, fit: Option<f32>) -> Row {
        let references = References { untrained: Some(0.1), ..References::default() };
        Row { whose, seconds: 24.2, glances: 6, fit, note: Message::default(), references }
    }

    #[test]
    fn the_table_has_every_student_and_the_chart_those_with_a_fit() {
        let rows = [
            row(Whose::Yours, Some(0.71)),
            row(Whose::File("ann".into()), Some(0.6)),
            row(Whose::File("ben".into()), None),
        ];
        let scene = Scene::of(&rows, &["c.json: why".into()]);
        let dots: Vec<(&str, &str)> = scene.dots.iter().map(|(dot, class)| (dot.name.as_str(), *class)).collect();
        assert_eq!(dots, [(say!("teach-yours").as_str(), "dot yours"), ("ann", "dot")]);
        assert_eq!(scene.levels, [Level { name: say!("class-untrained"), y: f64::from(0.1_f32) }]);
        let table: Vec<[&str; 4]> = scene.table.iter().map(|row| [0, 1, 2, 3].map(|at| row[at].as_str())).collect();
        assert_eq!(table[1], ["ann", "24", "6", "0.60"]);
        assert_eq!((table[2], table.len()), (["ben", "24", "6", "–"], 3));
        assert_eq!(scene.refused, ["c.json: why"]);
    }
}
