//! Signals: who asks the program to stop, or to save, and that it happens in time.
//!
//! | signal | what happens |
//! |---|---|
//! | SIGINT (Ctrl-C), SIGTERM, SIGHUP | it saves and ends, with exit code 128 and the signal's number (130, 143, 129) |
//! | one of them again, a second later or more | it ends at once |
//! | SIGUSR1 | a training saves a checkpoint after the step at work, and goes on; others have nothing to save |
//!
//! Long loops ask [`stopping`]. Where none does in time (a request to a server, one large image),
//! the program ends all the same after
//! [`PATIENCE`]: every file is written beside and renamed, so that what is finished is there and
//! nothing is half written.

use std::{
    sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;

/// How long the program may take to come to a place where it can save, schedulers being in a hurry.
const PATIENCE: Duration = Duration::from_secs(4);
/// How long, when it is in the middle of saving. Slurm sends SIGKILL 30 seconds after SIGTERM.
const PATIENCE_OF_SAVING: Duration = Duration::from_secs(25);
/// Two signals within this time are one: `timeout` sends its signal to the program and then to the
/// group that the program is in.
const SAME: Duration = Duration::from_secs(1);

/// Set when the program was asked to stop.
pub(crate) static STOP: AtomicBool = AtomicBool::new(false);
/// The signal's number.
static SIGNAL: AtomicU8 = AtomicU8::new(0);
/// How many threads are saving.
static SAVING: AtomicUsize = AtomicUsize::new(0);
/// Set when a training is asked to save a checkpoint.
static SAVE: AtomicBool = AtomicBool::new(false);

/// The program was asked to stop, and did so at a place where nothing is lost.
#[derive(Debug, thiserror::Error)]
#[error("stopped; what was made is kept: the same command goes on from there")]
pub(crate) struct Stopped;

/// Whether the program was asked to stop.
pub(crate) fn stopping() -> bool {
    STOP.load(Ordering::SeqCst)
}

/// Whether a training was asked to save since this was last called.
pub(crate) fn save_wanted() -> bool {
    SAVE.swap(false, Ordering::SeqCst)
}

/// The exit code of a program that was stopped.
pub(crate) fn exit_code() -> u8 {
    match SIGNAL.load(Ordering::SeqCst) {
        // Stopped by no signal: by the caller of the library.
        0 => 130,
        signal => 128 + signal,
    }
}

/// While this lives, a stop waits longer.
pub(crate) struct Saving(());

/// Says that something is being saved that a stop should wait for.
pub(crate) fn saving() -> Saving {
    SAVING.fetch_add(1, Ordering::SeqCst);
    Saving(())
}

impl Drop for Saving {
    fn drop(&mut self) {
        SAVING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Begins to watch for signals.
///
/// # Errors
/// A system that does not let it.
pub(crate) fn watch() -> Result<()> {
    system::watch()
}

/// What the thread that waits for signals knows.
#[derive(Default)]
struct Watcher {
    asked: Option<Instant>,
}

impl Watcher {
    /// A signal to stop has come.
    fn stop(&mut self, signal: u8) {
        match self.asked {
            None => {
                self.asked = Some(Instant::now());
                SIGNAL.store(signal, Ordering::SeqCst);
                STOP.store(true, Ordering::SeqCst);
                eprintln!("stopping; once more to stop at once");
                thread::spawn(|| end_in_time(Instant::now()));
            }
            Some(asked) if asked.elapsed() < SAME => {}
            Some(_) => system::end(128 + signal),
        }
    }
}

/// Ends the program when it does not do so itself.
fn end_in_time(asked: Instant) {
    loop {
        thread::sleep(Duration::from_millis(50));
        let patience = if SAVING.load(Ordering::SeqCst) > 0 { PATIENCE_OF_SAVING } else { PATIENCE };
        if asked.elapsed() > patience {
            eprintln!("fovea: {Stopped}");
            system::end(exit_code());
        }
    }
}

#[cfg(unix)]
mod system {
    use std::{fs, sync::atomic::Ordering, thread};

    use anyhow::{Context, Result};
    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1},
        iterator::Signals,
        low_level,
    };

    use super::{SAVE, Watcher};

    pub(super) fn watch() -> Result<()> {
        let mut signals = vec![SIGINT, SIGTERM, SIGUSR1];
        if !ignored(SIGHUP) {
            signals.push(SIGHUP);
        }
        let mut signals = Signals::new(signals).context("signals cannot be watched")?;
        thread::Builder::new().name("signals".into()).spawn(move || {
            let mut watcher = Watcher::default();
            for signal in signals.forever() {
                match signal {
                    SIGUSR1 => SAVE.store(true, Ordering::SeqCst),
                    other => watcher.stop(other as u8),
                }
            }
        })?;
        Ok(())
    }

    /// Ends the process without running what other threads may be in the middle of.
    pub(super) fn end(code: u8) -> ! {
        low_level::exit(i32::from(code))
    }

    /// Whether the process was started with a signal ignored, as `nohup` does with SIGHUP. Linux alone tells.
    fn ignored(signal: i32) -> bool {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
            .is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
    }
}

#[cfg(not(unix))]
mod system {
    use std::sync::Mutex;

    use anyhow::{Context, Result};

    use super::Watcher;

    /// SIGINT's number.
    const INTERRUPT: u8 = 2;

    pub(super) fn watch() -> Result<()> {
        let watcher = Mutex::new(Watcher::default());
        let heard = move || {
            if let Ok(mut watcher) = watcher.lock() {
                watcher.stop(INTERRUPT);
            }
        };
        ctrlc::set_handler(heard).context("Ctrl-C cannot be watched")
    }

    pub(super) fn end(code: u8) -> ! {
        std::process::exit(i32::from(code))
    }
}
