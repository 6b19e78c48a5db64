//! The memory of syntax trees: a heap for each thread that is emptied at once.
//!
//! A parse asks for a hundred thousand small blocks and gives all of them back with its tree. The
//! general allocator takes a tenth of the time of a parse for that. Here a block comes from the end
//! of a chunk, or from those of its size that were given back; when the last block of a thread is
//! given back, its chunks are empty again, and the next parse begins in memory that is still in
//! the cache.
//!
//! A block given back on another thread than its own is lost until the process ends. It can be
//! done, so it is safe; nothing here does it.

#![expect(unsafe_code, reason = "an allocator hands out raw memory")]

use memmap2::MmapMut;
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error, realloc};
use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull};
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

/// Bytes of a chunk.
const CHUNK: usize = 1 << 20;
/// Chunks that a thread keeps when its heap is empty.
const KEPT: usize = 4;
/// Bytes in front of a block: its class and the heap it belongs to, in the last eight of them. A
/// large block has its size in the eight before.
const HEADER: usize = 8;
const UNIT: usize = 16;
/// Classes of blocks by their size in units, header included; one for each size up to 1 KB ...
const EVEN: usize = 64;
/// ... and one for each power of two up to 16 KB. Larger ones come from the system.
const CLASSES: usize = EVEN + 5;
const LARGE: u32 = u32::MAX;

/// Makes tree-sitter use these heaps. May be called often; must have been called before anything
/// of tree-sitter is made.
pub fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let allocator = tree_sitter::Allocator {
            malloc: take,
            calloc: take_zeroed,
            realloc: resize,
            free: give_back,
        };
        // SAFETY: the four functions are of one family: what one hands out, the others accept.
        // They never return null, and blocks are aligned to 16 bytes, as those of malloc are.
        // `Once` keeps other threads waiting until the call is over. Callers keep the promise
        // above, so no object of tree-sitter exists yet.
        unsafe { tree_sitter::set_allocator(Some(allocator)) };
    });
}

/// The heap of one thread. Nothing is dropped with the thread: a tree may live longer than it.
struct Heap {
    /// Tells whose a block is; 0 before the first block.
    id: u32,
    /// Blocks handed out and not given back.
    live: usize,
    /// The free part of the chunk in use.
    at: *mut u8,
    room: usize,
    /// The chunks, and how many of them are in use.
    chunks: ManuallyDrop<Vec<MmapMut>>,
    used: usize,
    /// Blocks given back, by class, each with the next one in its first bytes.
    free: [*mut u8; CLASSES],
}

thread_local! {
    static HEAP: UnsafeCell<Heap> = const {
        UnsafeCell::new(Heap {
            id: 0,
            live: 0,
            at: ptr::null_mut(),
            room: 0,
            chunks: ManuallyDrop::new(Vec::new()),
            used: 0,
            free: [ptr::null_mut(); CLASSES],
        })
    };
}

impl Heap {
    fn take(&mut self, class: usize) -> *mut u8 {
        self.live += 1;
        let known = self.free[class];
        if !known.is_null() {
            // SAFETY: a free block holds the address of the next one in its first eight bytes,
            // written when it was given back; every block is larger and aligned to 16 bytes.
            self.free[class] = unsafe { known.cast::<*mut u8>().read() };
            return known;
        }
        let bytes = bytes_of(class);
        if bytes > self.room {
            self.next_chunk();
        }
        let start = self.at;
        self.room -= bytes;
        // SAFETY: `room` bytes were left after `at` in the chunk, at least as many as `bytes`.
        // Blocks are multiples of 16 bytes and the first of a chunk stands eight bytes before
        // such a multiple, so the address after the header is aligned to 16.
        unsafe {
            self.at = start.add(bytes);
            let block = start.add(HEADER);
            write_header(block, class as u32, self.id);
            block
        }
    }

    /// Goes on in the next chunk; what is left of this one stays unused until the heap is empty.
    fn next_chunk(&mut self) {
        if self.id == 0 {
            static HEAPS: AtomicU32 = AtomicU32::new(1);
            self.id = HEAPS.fetch_add(1, Ordering::Relaxed);
        }
        if self.used == self.chunks.len() {
            match MmapMut::map_anon(CHUNK) {
                Ok(chunk) => self.chunks.push(chunk),
                Err(_) => handle_alloc_error(layout(CHUNK)),
            }
        }
        let chunk = &mut self.chunks[self.used];
        self.used += 1;
        // SAFETY: a chunk is larger than eight bytes, and mappings begin on a page, so the
        // address after the header of the first block is aligned to 16 bytes.
        self.at = unsafe { chunk.as_mut_ptr().add(UNIT - HEADER) };
        self.room = CHUNK - UNIT;
    }

    fn give_back(&mut self, block: *mut u8, class: usize) {
        self.live -= 1;
        if self.live == 0 {
            return self.empty();
        }
        // SAFETY: the block was handed out by `take`, is aligned and larger than an address.
        unsafe { block.cast::<*mut u8>().write(self.free[class]) };
        self.free[class] = block;
    }

    /// Begins anew in the first chunk: no block is in use.
    fn empty(&mut self) {
        self.free = [ptr::null_mut(); CLASSES];
        self.chunks.truncate(KEPT);
        (self.used, self.room) = (0, 0);
    }
}

/// The class of the smallest blocks that hold `size` bytes and a header; none for large ones.
fn class_of(size: usize) -> Option<usize> {
    let units = (size + HEADER).div_ceil(UNIT);
    match units {
        0..=EVEN => Some(units),
        // 128, 256, 512 and 1024 units.
        _ if units <= EVEN << 4 => Some(EVEN + (units.next_power_of_two() / EVEN).ilog2() as usize),
        _ => None,
    }
}

/// Bytes of the blocks of a class, header included.
fn bytes_of(class: usize) -> usize {
    match class {
        0..=EVEN => class * UNIT,
        _ => (UNIT * EVEN) << (class - EVEN),
    }
}

/// Where a large block of `size` bytes begins is 16 bytes after the start of this.
fn layout(size: usize) -> Layout {
    Layout::from_size_align(size + UNIT, UNIT).expect("no tree is as large as half the memory")
}

/// # Safety
/// There are eight bytes of the block's own memory before `block`, aligned to eight.
unsafe fn write_header(block: *mut u8, class: u32, heap: u32) {
    // SAFETY: promised by the caller.
    unsafe { block.cast::<[u32; 2]>().sub(1).write([class, heap]) };
}

/// Class and heap of a block.
///
/// # Safety
/// `block` was handed out here and not given back.
unsafe fn header(block: *mut u8) -> [u32; 2] {
    // SAFETY: every block handed out has a header in the eight bytes before it.
    unsafe { block.cast::<[u32; 2]>().sub(1).read() }
}

/// # Safety
/// `block` is a large one that was handed out here and not given back.
unsafe fn size_of_large(block: *mut u8) -> usize {
    // SAFETY: a large block has its size in the first eight of the 16 bytes before it.
    unsafe { block.cast::<usize>().sub(2).read() }
}

fn take_large(size: usize) -> *mut u8 {
    // SAFETY: the layout is not empty.
    let start = unsafe { alloc(layout(size)) };
    finish_large(start, size)
}

fn finish_large(start: *mut u8, size: usize) -> *mut u8 {
    let Some(start) = NonNull::new(start) else {
        handle_alloc_error(layout(size));
    };
    // SAFETY: the allocation holds 16 bytes for size and header in front of `size` bytes and is
    // aligned to 16.
    unsafe {
        start.as_ptr().cast::<usize>().write(size);
        let block = start.as_ptr().add(UNIT);
        write_header(block, LARGE, 0);
        block
    }
}

fn with<T>(work: impl FnOnce(&mut Heap) -> T) -> T {
    // SAFETY: the heap is the thread's own, no reference to it leaves `with`, and nothing that
    // works on it calls `with` again.
    HEAP.with(|heap| work(unsafe { &mut *heap.get() }))
}

extern "C" fn take(size: usize) -> *mut c_void {
    let block = match class_of(size) {
        Some(class) => with(|heap| heap.take(class)),
        None => take_large(size),
    };
    block.cast()
}

extern "C" fn take_zeroed(count: usize, size: usize) -> *mut c_void {
    let size = count.saturating_mul(size);
    let block = take(size);
    // SAFETY: the block holds at least `size` bytes.
    unsafe { block.write_bytes(0, size) };
    block
}

/// # Safety
/// `block` is null, or was handed out here and not given back.
unsafe extern "C" fn give_back(block: *mut c_void) {
    let block = block.cast::<u8>();
    if block.is_null() {
        return;
    }
    // SAFETY: promised by the caller.
    let [class, owner] = unsafe { header(block) };
    if class == LARGE {
        // SAFETY: a large block begins 16 bytes after an allocation of this layout.
        unsafe { dealloc(block.sub(UNIT), layout(size_of_large(block))) };
        return;
    }
    with(|heap| {
        if heap.id == owner {
            heap.give_back(block, class as usize);
        }
    });
}

/// # Safety
/// `block` is null, or was handed out here and not given back.
unsafe extern "C" fn resize(block: *mut c_void, size: usize) -> *mut c_void {
    if block.is_null() {
        return take(size);
    }
    let old = block.cast::<u8>();
    // SAFETY: promised by the caller.
    let [class, _] = unsafe { header(old) };
    if class == LARGE && class_of(size).is_none() {
        // SAFETY: a large block begins 16 bytes after an allocation of this layout, and the new
        // size is not zero.
        let start = unsafe {
            let known = layout(size_of_large(old));
            realloc(old.sub(UNIT), known, layout(size).size())
        };
        return finish_large(start, size).cast();
    }
    let holds = match class {
        // SAFETY: it is large.
        LARGE => unsafe { size_of_large(old) },
        _ => bytes_of(class as usize) - HEADER,
    };
    if class != LARGE && size <= holds {
        return block;
    }
    let new = take(size);
    // SAFETY: both blocks hold that many bytes and are different ones; the old one is given back
    // once, by the caller's promise.
    unsafe {
        ptr::copy_nonoverlapping(old, new.cast::<u8>(), holds.min(size));
        give_back(block);
    }
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fills a block with its own mark, so that a block handed out twice is seen.
    fn filled(size: usize, mark: u8) -> *mut c_void {
        let block = take(size);
        assert_eq!(block as usize % UNIT, 0, "{size} bytes are aligned");
        // SAFETY: the block holds `size` bytes.
        unsafe { block.write_bytes(mark, size) };
        block
    }

    fn holds(block: *mut c_void, size: usize, mark: u8) -> bool {
        // SAFETY: the block holds `size` bytes that were written.
        let bytes = unsafe { std::slice::from_raw_parts(block.cast::<u8>(), size) };
        bytes.iter().all(|byte| *byte == mark)
    }

    #[test]
    fn blocks_of_every_size_are_apart_and_keep_their_bytes() {
        let sizes = (0..1500).chain((1..40).map(|step| step * 997));
        let blocks: Vec<_> = sizes
            .enumerate()
            .map(|(idx, size)| (filled(size, idx as u8), size, idx as u8))
            .collect();
        for (block, size, mark) in &blocks {
            assert!(holds(*block, *size, *mark), "{size} bytes");
        }
        for (idx, (block, size, mark)) in blocks.into_iter().enumerate() {
            let size = if idx % 2 == 0 { size + 3000 } else { size / 2 };
            // SAFETY: the blocks were handed out above; each is given back once.
            unsafe {
                let block = resize(block, size);
                assert!(holds(
                    block,
                    (size / 2).min(size.saturating_sub(3000)),
                    mark
                ));
                give_back(block);
            }
        }
        with(|heap| assert_eq!((heap.live, heap.used), (0, 0)));
    }

    #[test]
    fn a_block_given_back_is_handed_out_again_and_zeroed_where_asked() {
        let first = filled(100, 7);
        let second = filled(100, 8);
        // SAFETY: handed out above, given back once.
        unsafe { give_back(second) };
        let third = take_zeroed(10, 10);
        assert_eq!(third, second);
        assert!(holds(third, 100, 0));
        assert!(holds(first, 100, 7));
        // SAFETY: as above.
        unsafe {
            give_back(third);
            give_back(first);
            give_back(ptr::null_mut());
        }
    }

    #[test]
    fn a_block_may_be_given_back_elsewhere() {
        let block = filled(100, 7) as usize;
        let other = std::thread::spawn(move || {
            let own = filled(100, 9);
            // SAFETY: handed out on the other thread; given back once.
            unsafe { give_back(block as *mut c_void) };
            let next = filled(100, 1);
            assert!(holds(own, 100, 9));
            // SAFETY: handed out above; given back once.
            unsafe {
                give_back(next);
                give_back(own);
            }
        });
        other.join().unwrap();
    }
}
