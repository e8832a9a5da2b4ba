//! Progress for people: a bar on a terminal, a line now and then elsewhere, nothing when quiet. And
//! whether work is to go on: every long loop
//! has a progress, and asks it.

use std::{
    io::IsTerminal,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::signals::{STOP, Stopped};

/// How often a plain line may appear.
const PLAIN_INTERVAL: Duration = Duration::from_secs(15);

/// Makes bars of the right kind for where standard error goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress<'a> {
    quiet: bool,
    terminal: bool,
    stop: Option<&'a AtomicBool>,
}

/// One bar.
pub(crate) struct Bar {
    name: &'static str,
    total: u64,
    done: u64,
    kind: Kind,
}

enum Kind {
    Quiet,
    Terminal(ProgressBar),
    Plain { started: Instant, last: Instant },
}

impl<'a> Progress<'a> {
    /// Bars unless `quiet`. A signal stops the work.
    pub(crate) fn new(quiet: bool) -> Self {
        Self::stopped_by(quiet, Some(&STOP))
    }

    /// Bars unless `quiet`. Who sets `stop` stops the work.
    pub(crate) fn stopped_by(quiet: bool, stop: Option<&'a AtomicBool>) -> Self {
        Self { quiet, terminal: std::io::stderr().is_terminal(), stop }
    }

    /// Whether the work is to stop.
    pub(crate) fn stopping(&self) -> bool {
        self.stop.is_some_and(|stop| stop.load(Ordering::SeqCst))
    }

    /// Asked before every piece of a long work.
    ///
    /// # Errors
    /// The work is to stop.
    pub(crate) fn go_on(&self) -> Result<(), Stopped> {
        if self.stopping() { Err(Stopped) } else { Ok(()) }
    }

    /// Says something while there is no bar.
    pub(crate) fn say(&self, line: &str) {
        if !self.quiet {
            eprintln!("{line}");
        }
    }

    /// A bar over `total` items.
    pub(crate) fn bar(&self, name: &'static str, total: u64) -> Bar {
        let kind = if self.quiet {
            Kind::Quiet
        } else if self.terminal {
            let style = ProgressStyle::with_template("{prefix:10} {bar:32} {pos}/{len} {elapsed} left {eta} {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            let bar = ProgressBar::new(total).with_style(style);
            bar.set_prefix(name);
            Kind::Terminal(bar)
        } else {
            Kind::Plain { started: Instant::now(), last: Instant::now() }
        };
        Bar { name, total, done: 0, kind }
    }
}

impl Bar {
    /// `n` more items are done.
    pub(crate) fn inc(&mut self, n: u64) {
        self.inc_with(n, "");
    }

    /// `n` more items are done, and something to say about it.
    pub(crate) fn inc_with(&mut self, n: u64, message: &str) {
        self.done += n;
        match &mut self.kind {
            Kind::Quiet => {}
            Kind::Terminal(bar) => {
                bar.set_message(message.to_string());
                bar.inc(n);
            }
            Kind::Plain { started, last } => {
                if last.elapsed() >= PLAIN_INTERVAL && self.done < self.total {
                    let elapsed = started.elapsed().as_secs_f64();
                    let left = elapsed / self.done.max(1) as f64 * (self.total - self.done) as f64;
                    eprintln!(
                        "{}: {}/{}, {elapsed:.0} s, about {left:.0} s left {message}",
                        self.name, self.done, self.total
                    );
                    *last = Instant::now();
                }
            }
        }
    }

    /// Says something between bars without breaking them.
    pub(crate) fn say(&self, line: &str) {
        match &self.kind {
            Kind::Quiet => {}
            Kind::Terminal(bar) => bar.suspend(|| eprintln!("{line}")),
            Kind::Plain { .. } => eprintln!("{line}"),
        }
    }

    /// The work is over.
    pub(crate) fn finish(self) {
        match self.kind {
            Kind::Quiet => {}
            Kind::Terminal(bar) => bar.finish_and_clear(),
            Kind::Plain { started, .. } => {
                eprintln!("{}: {}/{} in {:.1} s", self.name, self.done, self.total, started.elapsed().as_secs_f64());
            }
        }
    }
}
