//! One function over many items on all cores.

use rayon::prelude::*;

/// Calls `work` for every item on rayon's threads (`RAYON_NUM_THREADS`, else all cores) and returns
/// the results in the items' order. `done` is called after each item, from any thread. A panic in
/// `work` is passed on.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync, done: impl Fn() + Sync) -> Vec<R> {
    let one = |item| {
        let result = work(item);
        done();
        result
    };
    // One by one, not in blocks: images differ much in size.
    items.par_iter().with_max_len(1).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

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
