//! A progress bar on a terminal, a few plain lines elsewhere.

use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

/// Progress over a known number of steps; may be advanced from any thread. Everything goes to standard error, so that
/// standard output holds results only.
pub(super) struct Progress {
    what: &'static str,
    total: usize,
    finished: AtomicUsize,
    started: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Starts; `what` says what is done, like "drawing".
    pub(super) fn start(what: &'static str, total: usize) -> Self {
        let bar = stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(total as u64).with_message(what);
            if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}, {eta} left") {
                bar.set_style(style);
            }
            bar
        });
        Self { what, total, finished: AtomicUsize::new(0), started: Instant::now(), bar }
    }

    /// One more step is done.
    pub(super) fn advance(&self) {
        let finished = self.finished.fetch_add(1, Ordering::Relaxed) + 1;
        match &self.bar {
            Some(bar) => bar.inc(1),
            // Quarters: enough to see in a log that it lives.
            None if self.total >= 100 && finished.is_multiple_of(self.total.div_ceil(4)) => {
                eprintln!("{}: {finished} of {}", self.what, self.total);
            }
            None => {}
        }
    }

    /// Removes the bar and says how long it took.
    pub(super) fn finish(self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        eprintln!("{}: {} in {:.1} s", self.what, self.total, self.started.elapsed().as_secs_f64());
    }
}
