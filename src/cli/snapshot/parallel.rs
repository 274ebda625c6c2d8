//! One thing done with each of many, by several threads; the results are in the order of the many.

use std::sync::{Mutex, PoisonError};
use std::thread;

/// Room for pages that lie deep in each other, as in a batch.
const STACK: usize = 16 << 20;

/// What `work` makes of each of `items`.
pub fn map<T: Send, R: Send>(
    items: Vec<T>,
    threads: usize,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let results: Vec<Mutex<Option<R>>> = items.iter().map(|_| Mutex::default()).collect();
    let queue = Mutex::new(items.into_iter().zip(&results));
    let worker = || {
        let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
        while let Some((item, result)) = next() {
            let made = work(item);
            *result.lock().unwrap_or_else(PoisonError::into_inner) = Some(made);
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads.min(results.len()) {
            // where the system gives no more threads, those that there are do it
            let _ = thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, worker);
        }
    });
    worker();
    let results = results.into_iter();
    let results = results.map(|result| result.into_inner().unwrap_or_else(PoisonError::into_inner));
    results.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::map;

    #[test]
    fn results_are_in_order() {
        let want: Vec<usize> = (0..100).map(|n| n * 2).collect();
        for threads in [0, 1, 3, 200] {
            assert_eq!(map((0..100).collect(), threads, |n: usize| n * 2), want);
        }
        assert_eq!(map(Vec::<u8>::new(), 4, |n| n), [0_u8; 0]);
    }
}
