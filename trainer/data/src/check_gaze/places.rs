//! Positions of a gaze file as a whole.

use std::collections::{BTreeMap, BTreeSet};

use fovea_shared::gaze::{GazeRow, GazeTable};

use super::finding::GazeFinding;

/// From how many fixations on a common place is not chance.
const ENOUGH_FIXATIONS: usize = 10;

/// From how many images on: one lesion is in one quarter.
const ENOUGH_IMAGES: usize = 4;

/// Share of the fixations in one quarter from which on the origin is in doubt. The recorded sets at
/// hand have .32 and .34 in their
/// fullest quarter.
const ONE_QUADRANT: f64 = 0.95;

/// Width and height of what counts as one point, as a fraction of the image.
const POINT: f32 = 1e-3;

pub(super) fn findings(table: &GazeTable) -> Vec<GazeFinding> {
    let fixations: Vec<_> = table.rows.iter().map(|row| row.fixation).collect();
    let images = table.rows.iter().map(|row| &row.image).collect::<BTreeSet<_>>().len();
    let mut found: Vec<GazeFinding> = shared(&table.rows).into_iter().collect();
    let Some(first) = fixations.first().filter(|_| fixations.len() >= ENOUGH_FIXATIONS) else { return found };
    if fixations.iter().all(|f| (f.x - first.x).abs() <= POINT && (f.y - first.y).abs() <= POINT) {
        found.push(GazeFinding::OnePoint { fixations: fixations.len(), x: first.x, y: first.y });
        return found;
    }
    for (quadrant, right, lower) in [
        ("upper left", false, false),
        ("upper right", true, false),
        ("lower left", false, true),
        ("lower right", true, true),
    ] {
        let inside = fixations.iter().filter(|f| (f.x > 0.5) == right && (f.y > 0.5) == lower).count();
        let share = inside as f64 / fixations.len() as f64;
        if images >= ENOUGH_IMAGES && share >= ONE_QUADRANT {
            found.push(GazeFinding::OneQuadrant { share, fixations: fixations.len(), images, quadrant });
        }
    }
    found
}

/// Whether several images have the same looks, of two fixations or more.
fn shared(rows: &[GazeRow]) -> Option<GazeFinding> {
    let mut looks: BTreeMap<&str, Vec<[u32; 4]>> = BTreeMap::new();
    for GazeRow { image, fixation: f, .. } in rows {
        looks.entry(image).or_default().push([f.start_ms, f.x, f.y, f.duration_ms].map(f32::to_bits));
    }
    let (mut first, mut copies) = (BTreeMap::new(), Vec::new());
    for (image, mut look) in looks.into_iter().filter(|(_, look)| look.len() > 1) {
        look.sort_unstable();
        match first.get(&look) {
            Some(earlier) => copies.push((*earlier, image)),
            None => _ = first.insert(look, image),
        }
    }
    let (first, second) = copies.first()?;
    Some(GazeFinding::Shared { images: copies.len(), first: (*first).to_owned(), second: (*second).to_owned() })
}
