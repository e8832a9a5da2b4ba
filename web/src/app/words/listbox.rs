//! A list of choices that opens under a word, as the keyboard moves in it. Pure: no browser in here.

/// What a key does in an open list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Another choice is the active one.
    Move(usize),
    /// The active choice is taken.
    Choose,
    /// The list closes and nothing is taken.
    Close,
    /// The list closes and the keyboard goes on to the next control, as the browser does it.
    Leave,
}

/// What a key does in a list of `count` choices, of which the one at `active` is active. Nothing for keys that mean nothing there.
/// The keys are those of a listbox in the ARIA Authoring Practices.
pub fn step(key: &str, active: usize, count: usize) -> Option<Step> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowDown" | "ArrowRight" => Some(Step::Move((active + 1).min(last))),
        "ArrowUp" | "ArrowLeft" => Some(Step::Move(active.saturating_sub(1).min(last))),
        "Home" => Some(Step::Move(0)),
        "End" => Some(Step::Move(last)),
        "Enter" | " " => Some(Step::Choose),
        "Escape" => Some(Step::Close),
        "Tab" => Some(Step::Leave),
        _ => None,
    }
}

/// Whether a key opens a closed list, beside Enter and Space, which press the button.
pub fn opens(key: &str) -> bool {
    matches!(key, "ArrowDown" | "ArrowUp")
}

/// Whether a list under a button at `left` and `bottom` has more room at the other side of it: to the left, and above. In CSS
/// pixels, in a window of this width and height.
pub fn other_sides(left: f64, bottom: f64, window: (f64, f64)) -> (bool, bool) {
    (left > window.0 / 2.0, bottom > window.1 * 0.6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_move_within_the_list_and_home_and_end_to_its_ends() {
        assert_eq!(step("ArrowDown", 0, 3), Some(Step::Move(1)));
        assert_eq!(step("ArrowDown", 2, 3), Some(Step::Move(2)));
        assert_eq!(step("ArrowUp", 0, 3), Some(Step::Move(0)));
        assert_eq!(step("ArrowUp", 9, 3), Some(Step::Move(2)), "a list that has become shorter");
        assert_eq!((step("Home", 2, 3), step("End", 0, 3)), (Some(Step::Move(0)), Some(Step::Move(2))));
    }

    #[test]
    fn keys_choose_close_and_leave() {
        assert_eq!((step("Enter", 1, 3), step(" ", 1, 3)), (Some(Step::Choose), Some(Step::Choose)));
        assert_eq!((step("Escape", 1, 3), step("Tab", 1, 3)), (Some(Step::Close), Some(Step::Leave)));
        assert_eq!((step("x", 1, 3), step("Enter", 0, 0)), (None, None));
        assert!(opens("ArrowDown") && !opens("Enter"), "Enter clicks the button");
    }

    #[test]
    fn a_list_opens_where_there_is_room() {
        assert_eq!(other_sides(10.0, 100.0, (400.0, 800.0)), (false, false));
        assert_eq!(other_sides(300.0, 700.0, (400.0, 800.0)), (true, true));
    }
}
