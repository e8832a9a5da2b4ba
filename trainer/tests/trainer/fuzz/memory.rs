//! How much memory a call takes: the allocator of the test program counts what each thread holds.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

/// The system's allocator, counting.
pub(crate) struct Counting;

thread_local! {
    /// Bytes that this thread has asked for and not given back, and the most since [`peak`] began.
    static HELD: Cell<(isize, isize)> = const { Cell::new((0, 0)) };
}

fn count(bytes: isize) {
    // A thread that ends has no counter left.
    let _ = HELD.try_with(|held| {
        let (now, most) = held.get();
        held.set((now + bytes, most.max(now + bytes)));
    });
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        count(new_size as isize - layout.size() as isize);
        unsafe { System.realloc(pointer, layout, new_size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// The most bytes that this thread held during a call, beyond what it held before.
pub(crate) fn peak(call: impl FnOnce()) -> usize {
    let before = HELD.with(|held| {
        let (now, _) = held.get();
        held.set((now, now));
        now
    });
    call();
    let (_, most) = HELD.with(Cell::get);
    usize::try_from(most - before).unwrap_or(0)
}

#[test]
fn a_buffer_counts_while_it_lives() {
    let buffer = vec![1u8; 1000];
    let most = peak(|| {
        drop(vec![7u8; 50_000]);
        drop(vec![7u8; 20_000]);
    });
    assert!((50_000..60_000).contains(&most), "{most}");
    drop(buffer);
}
