//! The pairs of an address, as the trainer's fuzz targets do it (`trainer/tests/trainer/fuzz`): a pair that cannot be read is named, and none
//! ends the page. Taking the text behind the `#` apart is the browser's work, so here it is done plainly.

#[path = "../../../../../trainer/tests/trainer/fuzz/mutate.rs"]
mod mutate;

use std::path::Path;

use super::{Gaze, MOST_FIXATIONS, PAIRS, Shared};

fn read(input: &[u8]) -> (Shared, Vec<&'static str>) {
    let text = String::from_utf8_lossy(input).into_owned();
    Shared::read(|name| {
        let mut pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    })
}

fn target(input: &[u8]) {
    let (shared, unreadable) = read(input);
    assert!(unreadable.iter().all(|name| PAIRS.contains(name)), "{unreadable:?}");
    if let Some(Gaze::Points(points)) = &shared.gaze {
        assert!(points.len() <= MOST_FIXATIONS);
        assert!(points.iter().all(|p| (0.0..=1.0).contains(&p.x) && (0.0..=1.0).contains(&p.y) && p.duration_ms > 0.0));
    }
    // What was read can be written.
    let written: Vec<String> = shared.pairs().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert!(written.len() <= PAIRS.len());
    // The address that the page writes next holds the same glances.
    let (again, _) = read(written.join("&").as_bytes());
    assert_eq!(again.glances, shared.glances);
}

#[test]
fn address_pairs() {
    bolero::check!().with_iterations(64).for_each(target);
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app/address/__fuzz__/app__address__fuzz__address_pairs");
    mutate::run(&folder, &std::env::temp_dir().join("fovea-fuzz"), target);
}
