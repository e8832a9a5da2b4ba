//! How many browsers compute at once: as many as there are cores. One that draws and computes WebGPU on the CPU takes all of them.

use std::{
    cell::Cell,
    sync::{Condvar, Mutex, PoisonError},
    thread,
};

use super::Adapter;

/// Browsers that are open, counted in cores.
static TAKEN: Mutex<usize> = Mutex::new(0);
/// Somebody has given cores back.
static GIVEN: Condvar = Condvar::new();

thread_local! {
    /// Browsers that this thread has open. A test that opens a second one does not wait for others, which may wait for it.
    static OWN: Cell<usize> = const { Cell::new(0) };
}

/// The cores of one browser, given back at its end.
pub(super) struct Room {
    cores: usize,
}

impl Room {
    /// Waits until there is room for a browser.
    pub(super) fn take(adapter: Adapter) -> Room {
        let all = thread::available_parallelism().map_or(1, |cores| cores.get());
        let wanted = if adapter == Adapter::SwiftShader { all } else { 1 };
        let own = OWN.with(|own| own.replace(own.get() + 1));
        let cores = if own > 0 { 0 } else { wanted };
        let taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = GIVEN.wait_while(taken, |taken| *taken + cores > all).unwrap_or_else(PoisonError::into_inner);
        *taken += cores;
        Room { cores }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // A browser may be closed while its thread ends.
        let _ = OWN.try_with(|own| own.set(own.get().saturating_sub(1)));
        *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) -= self.cores;
        GIVEN.notify_all();
    }
}
