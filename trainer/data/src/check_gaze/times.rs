//! Durations and starts of a gaze file as a whole.

use std::collections::{BTreeMap, BTreeSet};

use fovea_shared::gaze::{GazeRow, GazeTable};

use super::finding::{GazeFinding, Short};

/// Shortest duration that half of the fixations may have, ms. Detectors ask for 50 to 100 ms
/// (Salvucci & Goldberg 2000; GazeMedSeg left out
/// what is below 50); the recorded sets at hand have medians of 305 and 311.
const SHORTEST_MEDIAN_MS: f32 = 30.0;

/// Longest duration that half of the fixations may have, ms. The longest of 44,000 recorded ones at hand is 4,327.
const LONGEST_MEDIAN_MS: f32 = 10_000.0;

/// What rounding of starts and durations to whole ms can make two fixations overlap by.
const ROUNDING_MS: f32 = 2.0;

/// Part of the fixations that may overlap with the one before: trackers of two eyes merge a few badly.
const OVERLAPPING: f64 = 0.01;

pub(super) fn findings(table: &GazeTable) -> Vec<GazeFinding> {
    let mut images: BTreeMap<&str, Vec<&GazeRow>> = BTreeMap::new();
    for row in &table.rows {
        images.entry(&row.image).or_default().push(row);
    }
    let mut found = Vec::new();
    let weightless: Vec<&str> = images
        .iter()
        .filter(|(_, rows)| rows.iter().all(|row| row.fixation.duration_ms == 0.0))
        .map(|(image, _)| *image)
        .collect();
    match weightless.first() {
        Some(first) => {
            found.push(GazeFinding::NoWeight { images: weightless.len(), first: (*first).to_owned() });
        }
        None => found.extend(unit(&table.rows)),
    }
    found.extend(starts(&images));
    found
}

/// Whether durations are ms.
fn unit(rows: &[GazeRow]) -> Option<GazeFinding> {
    let mut durations: Vec<f32> = rows.iter().map(|row| row.fixation.duration_ms).collect();
    durations.sort_by(f32::total_cmp);
    let (median, longest) = (*durations.get(durations.len() / 2)?, *durations.last()?);
    if median < SHORTEST_MEDIAN_MS {
        let unit = if longest < SHORTEST_MEDIAN_MS { Short::Seconds } else { Short::Samples };
        return Some(GazeFinding::Short { median, longest, unit });
    }
    (median > LONGEST_MEDIAN_MS).then_some(GazeFinding::Long { median })
}

fn starts(images: &BTreeMap<&str, Vec<&GazeRow>>) -> Vec<GazeFinding> {
    let all: BTreeSet<u32> = images.values().flatten().map(|row| row.fixation.start_ms.to_bits()).collect();
    let count: usize = images.values().map(Vec::len).sum();
    // Files with one look an image all begin at the same time.
    if all.len() == 1 && count > images.len() {
        return vec![GazeFinding::NoTimes { fixations: count }];
    }
    let (mut same, mut unsorted, mut overlaps, mut pairs, mut longest_ms) =
        (Vec::new(), Vec::new(), Vec::new(), 0, 0f32);
    for rows in images.values() {
        let back = rows.windows(2).find(|pair| pair[1].fixation.start_ms < pair[0].fixation.start_ms);
        unsorted.extend(back.map(|pair| pair[1].line));
        let mut rows = rows.clone();
        rows.sort_by(|a, b| a.fixation.start_ms.total_cmp(&b.fixation.start_ms));
        for pair in rows.windows(2) {
            let [first, second] = [pair[0].fixation, pair[1].fixation];
            pairs += 1;
            let over = first.start_ms + first.duration_ms - second.start_ms;
            if first.start_ms == second.start_ms {
                same.push(pair[1].line);
            } else if over > ROUNDING_MS {
                longest_ms = longest_ms.max(over);
                overlaps.push(pair[1].line);
            }
        }
    }
    let first = |lines: &[u64]| lines.iter().min().copied();
    let mut found = Vec::new();
    if let Some(line) = first(&same) {
        found.push(GazeFinding::SameStart { fixations: same.len(), line });
    }
    if let Some(line) = first(&overlaps).filter(|_| overlaps.len() as f64 > OVERLAPPING * pairs as f64) {
        found.push(GazeFinding::Overlap { pairs: overlaps.len(), of: pairs, longest_ms, line });
    }
    if let Some(line) = first(&unsorted) {
        found.push(GazeFinding::Unsorted { images: unsorted.len(), line });
    }
    found
}
