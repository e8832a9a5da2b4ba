//! Stopping by Ctrl-C.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use anyhow::{Context, Result};

/// Exit code of a program that was stopped by a signal, with everything saved.
pub(crate) const STOPPED: u8 = 130;

/// A flag that Ctrl-C or a terminate signal sets; a second one ends the program at once.
///
/// # Errors
/// A second call in one program.
pub(crate) fn stop_flag() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::SeqCst) {
            std::process::exit(i32::from(STOPPED));
        }
        eprintln!("stopping after this step; once more to stop at once");
    })
    .context("Ctrl-C cannot be watched")?;
    Ok(stop)
}
