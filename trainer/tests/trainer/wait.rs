//! Waiting for a program that runs beside the test.

use std::{
    process::Child,
    thread,
    time::{Duration, Instant},
};

/// The longest that a program may take to come somewhere, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// Waits until a program has come so far that `reached` is true, which it must while it runs.
pub(crate) fn wait_until(child: &mut Child, what: &str, reached: impl Fn() -> bool) {
    let start = Instant::now();
    while !reached() {
        assert!(child.try_wait().unwrap().is_none(), "the program ended before this was so: {what}");
        assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(1));
    }
}
