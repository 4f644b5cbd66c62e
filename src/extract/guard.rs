//! Runs a reader so that its panic or its recursion costs one file and nothing else.
//!
//! The thread it runs on has a large stack and its panics stay off standard error: a panic is
//! an answer here ([`Unreadable::Fault`]), not news for the terminal.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::model::Unreadable;

/// In bytes. Parsers recurse with the nesting of their input; eight times a main thread's usual
/// stack holds every nesting that their own depth limits allow. Only touched pages cost memory.
pub(super) const STACK_BYTES: usize = 64 << 20;

thread_local! {
    /// This thread runs a reader.
    static READING: Cell<bool> = const { Cell::new(false) };
}

/// Readers at work on any thread.
static READINGS: AtomicUsize = AtomicUsize::new(0);

/// Runs `reader` to its end on a thread of its own.
///
/// # Errors
/// What `reader` returned, or [`Unreadable::Fault`] if it panicked; a limit if it got no thread.
pub(super) fn run<T: Send>(reader: impl FnOnce() -> Result<T, Unreadable> + Send) -> Result<T, Unreadable> {
    silence_readers();
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("reader".to_owned())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, || quietly(reader))
            // No room for it, in a worker whose memory is bounded.
            .map_err(|_| super::limit("STACK_BYTES", STACK_BYTES))?;
        // `quietly` lets no panic through, so a failed join cannot happen; if it did, it is a fault too.
        thread.join().unwrap_or_else(|payload| Err(fault(payload.as_ref())))
    })
}

fn quietly<T>(reader: impl FnOnce() -> Result<T, Unreadable>) -> Result<T, Unreadable> {
    READING.set(true);
    READINGS.fetch_add(1, Ordering::SeqCst);
    let result = panic::catch_unwind(AssertUnwindSafe(reader));
    READINGS.fetch_sub(1, Ordering::SeqCst);
    READING.set(false);
    result.unwrap_or_else(|payload| Err(fault(payload.as_ref())))
}

/// Runs a library that panics over bytes it should refuse: then the file is damaged, and no reader at fault.
///
/// # Errors
/// What `library` returned, or [`Unreadable::Corrupt`] if it panicked.
pub(super) fn foreign<T>(library: impl FnOnce() -> Result<T, Unreadable>) -> Result<T, Unreadable> {
    panic::catch_unwind(AssertUnwindSafe(library))
        .unwrap_or_else(|payload| Err(Unreadable::Corrupt { detail: said(payload.as_ref()) }))
}

fn fault(payload: &(dyn std::any::Any + Send)) -> Unreadable {
    Unreadable::Fault { detail: said(payload) }
}

fn said(payload: &(dyn std::any::Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "panic".to_owned())
}

/// Puts one hook before the one that is there: panics of readers are not printed, all others go
/// on to it as before.
fn silence_readers() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !is_of_a_reader(info) {
                before(info);
            }
        }));
    });
}

/// On a reader's thread, or, while a reader is at work, in code that is not this crate's: some
/// parsers start threads of their own.
fn is_of_a_reader(info: &PanicHookInfo<'_>) -> bool {
    let ours = file!().trim_end_matches("guard.rs").trim_end_matches(['/', '\\']).trim_end_matches("extract");
    READING.get()
        || (READINGS.load(Ordering::SeqCst) > 0
            && info.location().is_some_and(|location| !location.file().starts_with(ours)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_answer() {
        fn panicking(empty: &[u8]) -> u8 {
            *empty.first().expect("broken")
        }
        assert_eq!(run(|| Ok(panicking(&[]))), Err(Unreadable::Fault { detail: "broken".to_owned() }));
        assert_eq!(run(|| Ok(7)), Ok(7));
    }

    #[test]
    fn deep_recursion_fits() {
        fn depth(n: u64) -> u64 {
            // 1 KiB a frame, as a parser's frame in a debug build has it.
            let frame = [n; 128];
            if n == 0 { 0 } else { depth(std::hint::black_box(&frame)[0] - 1) + 1 }
        }
        assert_eq!(run(|| Ok(depth(10_000))), Ok(10_000));
    }
}
