//! How much is in hand at a time: pages that are being read or wait for an earlier one.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What is in hand.
#[derive(Debug, Default)]
struct Held {
    pages: usize,
    bytes: u64,
    closed: bool,
}

/// A window over the pages of a run, which bounds memory.
#[derive(Debug)]
pub struct Window {
    held: Mutex<Held>,
    changed: Condvar,
    pages: usize,
    bytes: u64,
}

impl Window {
    /// Of at most `pages` pages, and `bytes` bytes of them where there is more than one.
    #[must_use]
    pub fn new(pages: usize, bytes: u64) -> Self {
        Self {
            held: Mutex::default(),
            changed: Condvar::new(),
            pages,
            bytes,
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a page of so many bytes in hand once there is room; false when no more are wanted.
    pub fn enter(&self, bytes: u64) -> bool {
        let full = |held: &mut Held| {
            let heavy = held.pages > 0 && held.bytes.saturating_add(bytes) > self.bytes;
            !held.closed && (held.pages >= self.pages || heavy)
        };
        let mut held = self
            .changed
            .wait_while(self.held(), full)
            .unwrap_or_else(PoisonError::into_inner);
        held.pages += 1;
        held.bytes = held.bytes.saturating_add(bytes);
        !held.closed
    }

    /// A page of so many bytes is done with.
    pub fn leave(&self, bytes: u64) {
        let mut held = self.held();
        held.pages = held.pages.saturating_sub(1);
        held.bytes = held.bytes.saturating_sub(bytes);
        self.changed.notify_all();
    }

    /// Lets nothing more in.
    pub fn close(&self) {
        self.held().closed = true;
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn who_finds_it_full_waits() {
        let window = Window::new(2, 100);
        // Heavy as it is, one gets in alone.
        assert!(window.enter(1_000));
        let (sender, receiver) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                sender.send(window.enter(1)).unwrap();
                sender.send(window.enter(1)).unwrap();
                sender.send(window.enter(1)).unwrap();
            });
            let waits = Duration::from_millis(20);
            assert!(receiver.recv_timeout(waits).is_err());
            window.leave(1_000);
            assert_eq!(receiver.recv(), Ok(true));
            assert_eq!(receiver.recv(), Ok(true));
            assert!(receiver.recv_timeout(waits).is_err());
            window.close();
            assert_eq!(receiver.recv(), Ok(false));
        });
    }
}
