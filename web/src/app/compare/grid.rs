//! The students along both axes: what they were told, and which strategies directed them. A table holds scores of one source on one set of
//! test images, so its numbers can be compared.

use fovea_shared::{
    bundle::{Score, StudentKind, StudentVariant, Told},
    description::Modality,
    distill::Strategies,
};
use web_sys::{Document, Element};

use super::{
    claims::Pair,
    difference::images,
    elements::make,
    headline::strategies,
    scores::{Measured, Source, TestImages, dice},
};
use crate::{
    app::{elements::append, status::sentences as words},
    text::say,
};

/// A column: strategies, and whether DARM has the form of the released code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The strategies.
    pub strategies: Strategies,
    /// Whether DARM has the released form.
    pub released: bool,
}

/// A measured student.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Its place in the manifest.
    pub place: usize,
    /// Its score.
    pub score: Score,
}

/// All students that were told the same, a cell for each column.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What they were told.
    pub told: Told,
    /// The cells in the order of the columns; nothing where there is no such student.
    pub cells: Vec<Option<Cell>>,
}

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// Whose scores it holds.
    pub source: Source,
    /// The test images.
    pub on: TestImages,
    /// The strategies that there are, from none to all, the released form last.
    pub columns: Vec<Column>,
    /// What was told, from the least to the most.
    pub rows: Vec<Row>,
}

impl Grid {
    /// The tables of a bundle: of the page's own weights first.
    pub fn all(students: &[StudentVariant], domain: Modality, pairs: &[Pair]) -> Vec<Self> {
        Measured::all(students).iter().map(|measured| Self::of(measured, domain, pairs)).collect()
    }

    fn of(measured: &Measured<'_>, domain: Modality, pairs: &[Pair]) -> Self {
        let kinds = || measured.students.iter().map(|scored| scored.student.kind);
        let columns: Vec<Column> = [false, true]
            .into_iter()
            .flat_map(|released| Strategies::every().map(|strategies| Column { strategies, released }))
            .filter(|column| {
                kinds().any(|kind| (kind.strategies, kind.released) == (column.strategies, column.released))
            })
            .collect();
        let cell = |told: Told, column: &Column| {
            let kind = |kind: StudentKind| {
                (kind.told, kind.strategies, kind.released) == (told, column.strategies, column.released)
            };
            let found = measured.students.iter().find(|scored| kind(scored.student.kind))?;
            Some(Cell { place: found.place, score: found.score.clone() })
        };
        let told = Told::ALL.into_iter().filter(|told| kinds().any(|kind| kind.told == *told));
        let rows = told.map(|told| Row { told, cells: columns.iter().map(|column| cell(told, column)).collect() });
        let rows = rows.collect();
        let on = TestImages { on: measured.on.into(), domain, count: images(&measured.students, pairs) };
        Self { source: measured.source, on, columns, rows }
    }

    /// What stands above it.
    pub fn caption(&self) -> String {
        match self.source {
            Source::Shipped => say!("grid-shipped", on = self.on.text()),
            Source::Ablation => say!("grid-ablation", on = self.on.text()),
        }
    }
}

/// A cell's number in full: with interval or spread, and the number of trainings.
fn in_full(score: &Score) -> String {
    match score.interval {
        Some([low, high]) => {
            say!("grid-cell", dice = dice(score.mean), low = dice(low), high = dice(high), seeds = score.seeds)
        }
        None => words::score_alone(score),
    }
}

/// Draws the tables into their container.
pub fn draw(document: &Document, container: &Element, grids: &[Grid]) {
    container.set_text_content(None);
    for grid in grids {
        let caption = grid.caption();
        // It scrolls by itself where it is wider than a phone, so the keyboard must reach it.
        let scroll = [("class", "table grid"), ("role", "group"), ("tabindex", "0"), ("aria-label", caption.as_str())];
        let part = make(document, "div", &scroll, "");
        let table = make(document, "table", &[], "");
        append(&table, &make(document, "caption", &[], &caption));
        let head = make(document, "tr", &[], "");
        append(&head, &make(document, "th", &[("scope", "col")], &say!("grid-told")));
        for column in &grid.columns {
            let kind = StudentKind { released: column.released, ..StudentKind::new(Told::Heat, column.strategies) };
            append(&head, &make(document, "th", &[("scope", "col")], &strategies(kind)));
        }
        let header = make(document, "thead", &[], "");
        append(&header, &head);
        append(&table, &header);
        let body = make(document, "tbody", &[], "");
        for row in &grid.rows {
            append(&body, &line(document, row));
        }
        append(&table, &body);
        append(&part, &table);
        append(container, &part);
    }
}

fn line(document: &Document, row: &Row) -> Element {
    let line = make(document, "tr", &[], "");
    let told = words::told(row.told);
    let name = if row.told == Told::FullSupervision { say!("grid-bound", told = told) } else { told };
    append(&line, &make(document, "th", &[("scope", "row")], &name));
    for cell in &row.cells {
        let made = match cell {
            Some(Cell { place, score }) => {
                let (place, full) = (place.to_string(), in_full(score));
                make(document, "td", &[("data-student", &place), ("title", &full)], &dice(score.mean))
            }
            None => make(document, "td", &[], "–"),
        };
        append(&line, &made);
    }
    line
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn students(names: &[&str]) -> Vec<StudentVariant> {
        let score = |i: usize| Score {
            mean: 0.7 + i as f64 / 100.0,
            sd: 0.0,
            seeds: 1,
            interval: Some([0.6, 0.9]),
            on: "isic, split default, test images".into(),
        };
        names.iter().enumerate().map(|(i, name)| StudentVariant::new(name.parse().unwrap(), Some(score(i)))).collect()
    }

    fn grids(students: &[StudentVariant]) -> Vec<Grid> {
        Grid::all(students, Modality::SkinLesion, &[])
    }

    #[test]
    fn rows_are_what_was_told_and_columns_the_strategies_that_there_are() {
        let all = grids(&students(&["full-supervision", "heat", "heat-all", "heat+darm-released", "teacher"]));
        assert_eq!(all.len(), 1);
        let told: Vec<Told> = all[0].rows.iter().map(|row| row.told).collect();
        assert_eq!(told, [Told::Heat, Told::Teacher, Told::FullSupervision]);
        let columns: Vec<_> = all[0].columns.iter().map(|c| (c.strategies.name(), c.released)).collect();
        assert_eq!(
            columns,
            [("none".to_owned(), false), ("afc+cwc+darm".to_owned(), false), ("darm".to_owned(), true)]
        );
        let places = |row: &Row| row.cells.iter().map(|cell| cell.as_ref().map(|c| c.place)).collect::<Vec<_>>();
        assert_eq!(places(&all[0].rows[0]), [Some(1), Some(2), Some(3)]);
        assert_eq!(places(&all[0].rows[2]), [Some(0), None, None]);
        assert!(all[0].caption().ends_with("test images (ISIC 2018)"), "{}", all[0].caption());
    }

    #[test]
    fn students_of_other_trainings_have_a_table_of_their_own() {
        let mut students = students(&["heat", "heat-all"]);
        students[1].ablation = Some(Score { mean: 0.5, ..students[1].dice.clone().unwrap() });
        let all = grids(&students);
        let means = |grid: &Grid| {
            grid.rows.iter().flat_map(|row| row.cells.iter().flatten()).map(|cell| cell.score.mean).collect::<Vec<_>>()
        };
        assert_eq!((means(&all[0]), means(&all[1])), (vec![0.7, 0.71], vec![0.5]));
        assert!(all[1].caption().contains("Other trainings") && !all[0].caption().contains("Other trainings"));
    }

    #[test]
    fn a_cell_in_full_has_its_interval_and_its_trainings() {
        let score = students(&["heat"])[0].dice.clone().unwrap();
        assert_eq!(in_full(&score), "0.700 (95 % interval 0.600 to 0.900, 1 training)");
        assert!(grids(&[]).is_empty());
    }
}
