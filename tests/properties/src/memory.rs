//! A global allocator that counts what a thread holds, and limits on that. Without the allocator installed the count
//! stays at zero and every limit holds, so whoever wants the limits checked installs [`Meter`].

#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

/// The system's allocator, counting.
pub struct Meter;

// SAFETY: every call goes to the system's allocator as it came; the counters allocate nothing.
unsafe impl GlobalAlloc for Meter {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(signed(layout.size()));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(-signed(layout.size()));
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Old and new stand side by side while the content moves.
        count(signed(size));
        count(-signed(layout.size()));
        unsafe { System.realloc(block, layout, size) }
    }
}

/// Runs `work` and panics if it held more than `limit` bytes at any moment, beyond what was held before.
pub(crate) fn within<T>(limit: usize, what: &str, work: impl FnOnce() -> T) -> T {
    let before = LIVE.get();
    let outer = PEAK.replace(before);
    let result = work();
    let peak = PEAK.get();
    PEAK.set(peak.max(outer));
    assert!(peak - before <= signed(limit), "{what} held {} bytes, and may hold {limit}", peak - before);
    result
}

fn count(bytes: isize) {
    // A thread that ends has no counters any more.
    let _ = LIVE.try_with(|live| {
        live.set(live.get() + bytes);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(live.get())));
    });
}

fn signed(bytes: usize) -> isize {
    isize::try_from(bytes).unwrap_or(isize::MAX)
}
