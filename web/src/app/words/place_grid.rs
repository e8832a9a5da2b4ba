//! The nine cells over the image, one for each word of place. Pure: no browser in here.

use fovea_shared::description::{Field, Modality, Phrase, Word};

/// Rows and columns.
pub const SIDE: usize = 3;

/// A cell of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// From 0 at the top.
    row: usize,
    /// From 0 at the left.
    column: usize,
}

impl Cell {
    /// The cell in the middle.
    pub const CENTRE: Self = Self { row: 1, column: 1 };

    /// All cells, row by row.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..SIDE * SIDE).filter_map(Self::new)
    }

    /// The cell of an index that counts row by row, from 0.
    pub fn new(index: usize) -> Option<Self> {
        (index < SIDE * SIDE).then_some(Self { row: index / SIDE, column: index % SIDE })
    }

    /// Its index, row by row, from 0.
    pub fn index(self) -> usize {
        self.row * SIDE + self.column
    }

    /// The cell that a word of place names.
    pub fn of(word: &Word) -> Option<Self> {
        Self::all().find(|cell| cell.name() == word.name)
    }

    /// The phrase that names the cell.
    pub fn phrase(self, modality: Modality) -> Option<Phrase> {
        Phrase::find(modality, Field::Location, self.name()).ok()
    }

    /// The name of its word.
    fn name(self) -> &'static str {
        const NAMES: [[&str; SIDE]; SIDE] = [
            ["upper_left", "upper_centre", "upper_right"],
            ["centre_left", "centre", "centre_right"],
            ["lower_left", "lower_centre", "lower_right"],
        ];
        NAMES[self.row][self.column]
    }

    /// Where a key leads from here; nothing for keys that mean nothing there. The grid has edges: at them the arrows stay.
    pub fn step(self, key: &str) -> Option<Self> {
        let last = SIDE - 1;
        let Self { row, column } = self;
        match key {
            "ArrowLeft" => Some(Self { row, column: column.saturating_sub(1) }),
            "ArrowRight" => Some(Self { row, column: (column + 1).min(last) }),
            "ArrowUp" => Some(Self { row: row.saturating_sub(1), column }),
            "ArrowDown" => Some(Self { row: (row + 1).min(last), column }),
            "Home" => Some(Self { row, column: 0 }),
            "End" => Some(Self { row, column: last }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_word_of_place_has_its_cell_and_every_cell_its_word() {
        for modality in Modality::ALL {
            let of_cells: Vec<Phrase> = Cell::all().filter_map(|cell| cell.phrase(modality)).collect();
            assert!(of_cells.iter().copied().eq(Phrase::of(modality, Field::Location)), "as many, in the same order");
            for cell in Cell::all() {
                assert_eq!(Cell::of(cell.phrase(modality).unwrap().word()), Some(cell));
                assert_eq!(Cell::new(cell.index()), Some(cell));
            }
        }
        assert_eq!(Cell::new(9), None);
        assert_eq!(Phrase::of(Modality::Polyp, Field::Size).find_map(|phrase| Cell::of(phrase.word())), None);
    }

    #[test]
    fn arrows_lead_to_the_neighbour_and_stop_at_the_edge() {
        let walk = |keys: &[&str]| keys.iter().fold(Cell::CENTRE, |cell, key| cell.step(key).unwrap());
        let name = |cell: Cell| cell.phrase(Modality::Polyp).unwrap().word().name;
        assert_eq!(name(walk(&["ArrowUp", "ArrowLeft"])), "upper_left");
        assert_eq!(name(walk(&["ArrowUp", "ArrowUp", "ArrowUp"])), "upper_centre");
        assert_eq!(name(walk(&["ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"])), "lower_right");
        assert_eq!((name(walk(&["Home"])), name(walk(&["End"]))), ("centre_left", "centre_right"));
        assert_eq!(Cell::CENTRE.step("Enter"), None);
    }
}
