//! All pictures of the collection, small, with the outlines on them.

use std::collections::BTreeMap;

use web_sys::Document;

use super::Own;
use crate::{
    app::{
        collection::{
            item::{Item, Mark, Verdict},
            work::Work,
        },
        elements::{children, get, set},
        teach::{
            state::Phase,
            thumbs::{Shown, Thumbs},
        },
    },
    protocol::Outline,
    text::{message, say},
};

/// The grid.
pub(super) struct Grid {
    pub(super) thumbs: Thumbs,
    /// The outlines of masks that the visitor has made or accepted, by number, as they were drawn last.
    own: BTreeMap<u64, (Mask, Outline)>,
}

/// A mask by what it costs nothing to compare.
type Mask = (u64, &'static str);

impl Grid {
    pub(super) fn find(d: &Document) -> Result<Self, String> {
        Ok(Self { thumbs: Thumbs::of(get(d, "own-grid")?), own: BTreeMap::new() })
    }

    /// The outline that a picture is shown with: what the visitor says, then what the student draws, then
    /// what was drawn by hand.
    pub(super) fn outline<'a>(&'a self, work: &'a Work, item: &Item) -> Option<&'a Outline> {
        outline(&self.own, work, item)
    }

    /// Makes the outlines that are not made yet.
    pub(super) fn prepare(&mut self, items: &[Item]) {
        self.own.retain(|number, _| items.iter().any(|item| item.number == *number));
        for item in items {
            let shape = match (&item.verdict, &item.mark) {
                (Some(Verdict::Accepted(shape)), _) => Some((shape, "accepted")),
                (Some(Verdict::Mended(shape)), _) => Some((shape, "mended")),
                (None, Mark::Drawn { shape, .. }) => Some((shape, "drawn")),
                (None, _) => None,
            };
            let Some((shape, of)) = shape else {
                self.own.remove(&item.number);
                continue;
            };
            let now = (shape.area(), of);
            if self.own.get(&item.number).is_none_or(|(former, _)| *former != now) {
                self.own.insert(item.number, (now, shape.outline()));
            }
        }
    }

    /// Forgets the outline of a picture whose mask is another one now.
    pub(super) fn forget(&mut self, number: u64) {
        self.own.remove(&number);
    }

    /// Brings the grid in line.
    pub(super) fn refresh(own: &mut Own) {
        let glancing = own.begun && own.work.phase() == Phase::Glancing;
        let Own { grid: Grid { thumbs, own: made }, collection, work, small, selected, .. } = own;
        let current = collection.shown().filter(|item| glancing && item.mark == Mark::Waiting).map(|item| item.number);
        let shown = |item: &'_ Item| Shown {
            picture: item.number,
            title: item.file.clone(),
            english: false,
            address: small.get(&item.number).cloned().unwrap_or_default(),
            says: says(item),
            outline: outline(made, work, item),
            state: if current == Some(item.number) { "current" } else { state(item) },
        };
        let shown: Vec<Shown<'_>> = collection.items().iter().map(shown).collect();
        thumbs.show(&shown, true);
        for thumb in children(thumbs.list()) {
            let chosen = thumb.get_attribute("data-picture").and_then(|p| p.parse().ok()) == *selected;
            set(&thumb, "aria-pressed", if chosen { "true" } else { "false" });
        }
    }
}

fn outline<'a>(made: &'a BTreeMap<u64, (Mask, Outline)>, work: &'a Work, item: &Item) -> Option<&'a Outline> {
    let own = made.get(&item.number).map(|(_, outline)| outline);
    match (&item.verdict, work.outline(item.number)) {
        (None, Some(drawn)) => Some(drawn),
        _ => own,
    }
}

/// A word for the style sheet.
fn state(item: &Item) -> &'static str {
    match (&item.unreadable, &item.verdict, &item.mark) {
        (Some(_), ..) => "unreadable",
        (None, Some(_), _) => "settled",
        (None, None, Mark::Glanced(_) | Mark::Drawn { .. }) => "taken",
        (None, None, mark) => mark.name(),
    }
}

/// What is said below a picture.
fn says(item: &Item) -> String {
    let seconds = |seconds: f64| format!("{seconds:.1}");
    match (&item.unreadable, &item.verdict, &item.mark) {
        (Some(_), ..) => say!("own-state-unreadable"),
        (None, Some(Verdict::Accepted(_)), _) => say!("own-state-accepted"),
        (None, Some(Verdict::Mended(_)), _) => say!("own-state-mended"),
        (None, None, Mark::Drawn { seconds: took, .. }) => say!("own-state-drawn", seconds = seconds(*took)),
        (None, None, mark @ Mark::Glanced(_)) => {
            let took = mark.seconds().unwrap_or_default();
            message!("teach-looked", seconds = seconds(took)).to_string()
        }
        (None, None, Mark::Skipped) => say!("teach-skipped"),
        (None, None, Mark::Waiting) => String::new(),
    }
}
