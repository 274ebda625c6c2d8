//! Pages on their way: one thread finds them, others work on them, and they come out in the order in which they
//! were found.

use std::collections::BTreeMap;
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};

use super::inputs::{Found, Place};
use super::window::Window;
use super::workers::{Done, Job, Work, Workers};

/// Pages in hand at a time, for each thread.
const PAGES_IN_HAND: usize = 24;
/// Bytes of pages in hand at a time.
const BYTES_IN_HAND: u64 = 64 << 20;
/// How often it is looked whether a page takes too long.
const TICK: Duration = Duration::from_millis(50);

/// Whom pages are given to, until it breaks.
pub type Each<'e> = &'e mut dyn FnMut(Found) -> ControlFlow<()>;

/// Pages on their way.
pub struct Queue<W: Work> {
    source: Source,
    window: Arc<Window>,
    stop: Arc<AtomicBool>,
    workers: Workers<W>,
    done: Receiver<Done<W::Outcome>>,
    waiting: BTreeMap<u64, Done<W::Outcome>>,
    next: u64,
    looked: Instant,
}

/// What comes out of a queue.
pub enum Next<T> {
    /// The next page.
    Page(Done<T>),
    /// It is not there yet.
    Idle,
    /// There are no more.
    End,
}

impl<W: Work> Queue<W> {
    /// Begins to `work` in so many threads, at least one, on the pages that `find` gives. `stop` stops it: the
    /// pages in hand still come out.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start(
        find: impl FnOnce(Each<'_>) + Send + 'static,
        work: Arc<W>,
        threads: usize,
        stop: &Arc<AtomicBool>,
    ) -> io::Result<Self> {
        let threads = threads.max(1);
        let window = Arc::new(Window::new(threads * PAGES_IN_HAND, BYTES_IN_HAND));
        let source = Source::start(find, &window, stop)?;
        let (sender, done) = unbounded();
        let workers = Workers::start(threads, work, source.jobs.clone(), sender)?;
        Ok(Self {
            source,
            window,
            stop: Arc::clone(stop),
            workers,
            done,
            waiting: BTreeMap::new(),
            next: 0,
            looked: Instant::now(),
        })
    }

    /// Waits a moment for the next page.
    ///
    /// # Errors
    /// When the system gives no thread in the place of one that is lost to a page.
    pub fn next(&mut self) -> io::Result<Next<W::Outcome>> {
        loop {
            if let Some(page) = self.in_order() {
                return Ok(Next::Page(page));
            }
            let ended = self.source.ended.load(Ordering::Acquire);
            let over = ended || self.stop.load(Ordering::Relaxed);
            if over && self.next >= self.source.found.load(Ordering::Acquire) {
                return Ok(Next::End);
            }
            let came = self.done.recv_timeout(TICK);
            if self.looked.elapsed() >= TICK {
                self.looked = Instant::now();
                let late = self.workers.give_up()?.into_iter();
                self.waiting.extend(late.map(|page| (page.order, page)));
            }
            match came {
                Ok(page) => drop(self.waiting.insert(page.order, page)),
                Err(RecvTimeoutError::Timeout) if self.waiting.contains_key(&self.next) => {}
                Err(RecvTimeoutError::Timeout) => return Ok(Next::Idle),
                Err(RecvTimeoutError::Disconnected) => return Ok(Next::End),
            }
        }
    }

    fn in_order(&mut self) -> Option<Done<W::Outcome>> {
        let page = self.waiting.remove(&self.next)?;
        self.next += 1;
        self.window.leave(page.held);
        Some(page)
    }

    /// Lets no more pages in; those in hand still come out.
    #[cfg(feature = "command")]
    pub fn close(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.window.close();
    }

    /// Waits for the thread that finds pages to end; false when it panicked.
    pub fn join(mut self) -> bool {
        self.window.close();
        self.source.thread.take().is_none_or(|t| t.join().is_ok())
    }
}

/// Whoever waits for room for a page waits no more.
impl<W: Work> Drop for Queue<W> {
    fn drop(&mut self) {
        self.window.close();
    }
}

/// The thread that finds pages.
struct Source {
    jobs: Receiver<Job>,
    /// How many it has found so far.
    found: Arc<AtomicU64>,
    /// True when there are no more.
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Says that there are no more pages, however looking for them ended.
struct Ended(Arc<AtomicBool>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

impl Source {
    fn start(
        find: impl FnOnce(Each<'_>) + Send + 'static,
        window: &Arc<Window>,
        stop: &Arc<AtomicBool>,
    ) -> io::Result<Self> {
        let (sender, jobs) = bounded(1);
        let (found, ended) = (Arc::<AtomicU64>::default(), Arc::<AtomicBool>::default());
        let (order, end) = (Arc::clone(&found), Ended(Arc::clone(&ended)));
        let (window, stop) = (Arc::clone(window), Arc::clone(stop));
        let find = move || {
            let _end = end;
            find(&mut |page| {
                let stopped = || stop.load(Ordering::Relaxed);
                if stopped() || !window.enter(held(&page)) || stopped() {
                    return ControlFlow::Break(());
                }
                send(&sender, &order, page)
            });
        };
        let thread = thread::Builder::new().name("inputs".to_owned());
        Ok(Self {
            jobs,
            found,
            ended,
            thread: Some(thread.spawn(find)?),
        })
    }
}

fn send(sender: &Sender<Job>, found: &AtomicU64, page: Found) -> ControlFlow<()> {
    let order = found.load(Ordering::Relaxed);
    let held = held(&page);
    let job = Job {
        order,
        held,
        found: page,
    };
    if sender.send(job).is_err() {
        return ControlFlow::Break(());
    }
    found.store(order + 1, Ordering::Release);
    ControlFlow::Continue(())
}

/// Memory that a page takes for as long as it is in hand, in bytes.
fn held(page: &Found) -> u64 {
    match page {
        Found::Failed(_) => 0,
        Found::Page(page) => match &page.place {
            Place::Member(bytes) => bytes.len() as u64,
            Place::File(_) => page.weight,
        },
    }
}
