//! Work on many items with a fixed number of threads, each result dealt with before its thread takes the next item.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

/// What happens while items are worked on.
#[derive(Debug)]
pub enum Event<'a, T, R> {
    /// Something to say about an item that is being worked on.
    Note(&'a T, String),
    /// The result of an item.
    Done(&'a T, R),
}

/// Calls `work` for the items in their order, on `threads` threads, and `seen` for whatever
/// happens, from one thread at a time. When `seen` returns `false` no further item is begun; those
/// that are being worked on still come in.
///
/// # Panics
/// When `work` or `seen` does.
pub fn work<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    work: impl Fn(&T, &dyn Fn(String)) -> R + Sync,
    seen: impl FnMut(Event<'_, T, R>) -> bool + Send,
) {
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let seen = Mutex::new(seen);
    let tell = |event| {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        if !(*seen)(event) {
            stop.store(true, Ordering::SeqCst);
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads.clamp(1, items.len().max(1)) {
            scope.spawn(|| {
                while !stop.load(Ordering::SeqCst)
                    && let Some(item) = items.get(next.fetch_add(1, Ordering::SeqCst))
                {
                    let result = work(item, &|text| tell(Event::Note(item, text)));
                    tell(Event::Done(item, result));
                }
            });
        }
    });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::{collections::HashSet, sync::Condvar, time::Duration};

    /// Longer than any thread takes to start on a busy machine.
    const PATIENCE: Duration = Duration::from_secs(60);

    #[test]
    fn everything_once_and_on_as_many_threads_as_asked() {
        let items: Vec<usize> = (0..60).collect();
        let (threads, grown) = (Mutex::new(HashSet::new()), Condvar::new());
        let mut results = Vec::new();
        let double = |v: &usize, say: &dyn Fn(String)| {
            let mut threads = threads.lock().unwrap();
            if threads.insert(thread::current().id()) {
                grown.notify_all();
                // No item is done before three threads have one.
                drop(grown.wait_timeout_while(threads, PATIENCE, |threads| threads.len() < 3).unwrap());
            } else {
                drop(threads);
            }
            say(format!("{v}"));
            v * 2
        };
        let mut notes = 0;
        work(&items, 3, double, |event| {
            match event {
                Event::Note(..) => notes += 1,
                Event::Done(item, result) => results.push((*item, result)),
            }
            true
        });
        results.sort_unstable();
        assert_eq!(results, items.iter().map(|v| (*v, v * 2)).collect::<Vec<_>>());
        assert_eq!((notes, threads.into_inner().unwrap().len()), (60, 3));
    }

    #[test]
    fn stops_early() {
        let items: Vec<usize> = (0..1000).collect();
        for (threads, most) in [(1, 3), (2, 4)] {
            let mut count = 0;
            work(
                &items,
                threads,
                |_, _| (),
                |_| {
                    count += 1;
                    count < 3
                },
            );
            // An item that another thread has begun still comes in.
            assert!((3..=most).contains(&count), "{count} on {threads}");
        }
        work(&[] as &[usize], 4, |_, _| (), |_| panic!("nothing to see"));
    }
}
