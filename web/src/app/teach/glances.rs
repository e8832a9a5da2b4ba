//! The pictures of a lesson and the glances at them.

use fovea_shared::gaze::Fixation;

/// What became of a picture that is to be taught.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Glance {
    /// Nobody has looked at it yet.
    #[default]
    Waiting,
    /// It was looked at: at least one fixation, first look first.
    Taken(Vec<Fixation>),
    /// The visitor does not want to teach it.
    Skipped,
}

/// One picture and its glance.
#[derive(Clone, Debug, PartialEq)]
pub struct Glanced {
    /// Number of the picture.
    pub picture: u64,
    /// What became of it.
    pub glance: Glance,
}

/// A change that can be undone: the place, and what was there.
#[derive(Clone, Debug, PartialEq)]
struct Change {
    place: usize,
    former: Glance,
}

/// The pictures to glance at, in their order, and the one that is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Glances {
    all: Vec<Glanced>,
    /// Place of the picture that is shown.
    place: usize,
    changes: Vec<Change>,
}

impl Glances {
    /// The pictures of a lesson, none of them looked at. A number that comes twice counts once.
    pub fn of(pictures: &[u64]) -> Self {
        let mut all: Vec<Glanced> = Vec::with_capacity(pictures.len());
        for picture in pictures {
            if all.iter().all(|one| one.picture != *picture) {
                all.push(Glanced { picture: *picture, glance: Glance::Waiting });
            }
        }
        Self { all, ..Self::default() }
    }

    /// All pictures in their order.
    pub fn all(&self) -> &[Glanced] {
        &self.all
    }

    /// Place of the picture that is shown, and its number; nothing in a lesson without pictures.
    pub fn shown(&self) -> Option<(usize, u64)> {
        self.all.get(self.place).map(|one| (self.place, one.picture))
    }

    /// Shows the picture at a place.
    pub fn show(&mut self, place: usize) {
        self.place = place.min(self.all.len().saturating_sub(1));
    }

    /// The visitor has looked at the picture that is shown: the next one that waits is shown. Without
    /// a fixation nothing was looked at, and nothing changes.
    pub fn take(&mut self, fixations: Vec<Fixation>) -> bool {
        !fixations.is_empty() && self.change(Glance::Taken(fixations))
    }

    /// The visitor does not teach the picture that is shown: the next one that waits is shown.
    pub fn skip(&mut self) -> bool {
        self.change(Glance::Skipped)
    }

    /// The picture at a place is to be looked at again, and is shown.
    pub fn again(&mut self, place: usize) -> bool {
        self.show(place);
        self.change(Glance::Waiting)
    }

    /// Takes the last glance, skip or "again" back, and shows its picture.
    pub fn undo(&mut self) -> bool {
        let Some(Change { place, former }) = self.changes.pop() else { return false };
        self.all[place].glance = former;
        self.place = place;
        true
    }

    /// Whether there is something to undo.
    pub fn can_undo(&self) -> bool {
        !self.changes.is_empty()
    }

    /// The pictures with glances.
    pub fn taken(&self) -> impl Iterator<Item = (u64, &[Fixation])> {
        self.all.iter().filter_map(|one| match &one.glance {
            Glance::Taken(fixations) => Some((one.picture, fixations.as_slice())),
            Glance::Waiting | Glance::Skipped => None,
        })
    }

    /// Pictures that wait for a glance.
    pub fn waiting(&self) -> usize {
        self.all.iter().filter(|one| one.glance == Glance::Waiting).count()
    }

    /// How long was looked altogether, in seconds.
    pub fn seconds(&self) -> f64 {
        self.taken().map(|(_, fixations)| seconds(fixations)).sum()
    }

    /// Leaves a picture out of the lesson, with its glance. What was done before can no longer be
    /// undone.
    pub fn remove(&mut self, picture: u64) {
        let Some(place) = self.all.iter().position(|one| one.picture == picture) else { return };
        self.all.remove(place);
        self.changes.clear();
        self.show(if self.place > place { self.place - 1 } else { self.place });
    }

    fn change(&mut self, now: Glance) -> bool {
        let Some(one) = self.all.get_mut(self.place).filter(|one| one.glance != now) else { return false };
        let waits = now == Glance::Waiting;
        self.changes.push(Change { place: self.place, former: std::mem::replace(&mut one.glance, now) });
        if !waits {
            let places = (self.place + 1..self.all.len()).chain(0..self.place);
            let next = places.into_iter().find(|place| self.all[*place].glance == Glance::Waiting);
            self.place = next.unwrap_or(self.place);
        }
        true
    }
}

/// How long a glance took, in seconds: from the start of its first fixation to the end of its last.
pub fn seconds(fixations: &[Fixation]) -> f64 {
    let start = fixations.iter().map(|f| f.start_ms).fold(f32::INFINITY, f32::min);
    let end = fixations.iter().map(|f| f.start_ms + f.duration_ms).fold(f32::NEG_INFINITY, f32::max);
    if end > start { f64::from(end - start) / 1e3 } else { 0.0 }
}
