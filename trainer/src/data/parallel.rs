//! One function over many items on all cores.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Calls `work` for every item on as many threads as there are cores and returns the results in the items' order.
/// `done` is called after each item, from any thread. A panic in `work` is passed on.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync, done: impl Fn() + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(items.len().max(1));
    let worker = || {
        let mut results = Vec::new();
        loop {
            // Items are taken one by one, not in blocks: images differ much in size.
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return results };
            results.push((index, work(item)));
            done();
        }
    };
    let mut results = thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        handles.into_iter().flat_map(|h| h.join().unwrap_or_else(|p| resume_unwind(p))).collect::<Vec<_>>()
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_order_and_counts() {
        let count = AtomicUsize::new(0);
        let items: Vec<usize> = (0..1000).collect();
        let doubled = map(&items, |v| v * 2, || _ = count.fetch_add(1, Ordering::Relaxed));
        assert_eq!(doubled, items.iter().map(|v| v * 2).collect::<Vec<_>>());
        assert_eq!(count.into_inner(), 1000);
        assert!(map(&[] as &[u8], |v| *v, || ()).is_empty());
    }
}
