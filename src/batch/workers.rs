//! Threads that read pages, each within its time.

use std::io;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};

use super::failure::{Failure, Kind, Step};
use super::inputs::{Found, PageInput};

/// So many pages for each thread may go on behind their time; then no more are given up.
const GIVEN_UP: usize = 8;

/// Programs that read pages keep the limit themselves and have this long to be stopped, so that what is
/// said of a page does not depend on who was first.
const GRACE: Duration = Duration::from_millis(500);

/// A page to be done.
pub struct Job {
    /// Its place among all inputs, from 0.
    pub order: u64,
    /// Memory that it takes, in bytes.
    pub held: u64,
    /// The page, or why there is none.
    pub found: Found,
}

/// A page that is done with.
pub struct Done<T> {
    /// As in [`Job`].
    pub order: u64,
    /// Its name.
    pub name: String,
    /// As in [`Job`].
    pub held: u64,
    /// Bytes on disk that it stands for.
    pub weight: u64,
    /// What became of it.
    pub outcome: T,
}

/// What is done with a page.
pub trait Work: Send + Sync + 'static {
    /// What is known of a page when it has been read.
    type Read;
    /// What becomes of a page.
    type Outcome: Send + 'static;

    /// Time that reading takes at most.
    fn limit(&self) -> Duration;

    /// Reads a page; given up when it takes too long.
    fn read(&self, input: PageInput) -> Self::Read;

    /// What becomes of the page called `name`, which was read in time.
    fn finish(&self, name: &str, read: Self::Read) -> Self::Outcome;

    /// What becomes of a page that could not be read.
    fn failed(&self, failure: Failure) -> Self::Outcome;
}

/// The page that a thread is at.
struct Current {
    since: Instant,
    order: u64,
    held: u64,
    name: String,
    weight: u64,
}

type Slot = Arc<Mutex<Option<Current>>>;

fn taken(slot: &Slot) -> Option<Current> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// The threads.
pub struct Workers<W: Work> {
    work: Arc<W>,
    jobs: Receiver<Job>,
    done: Sender<Done<W::Outcome>>,
    slots: Vec<Slot>,
    given_up: Arc<AtomicUsize>,
}

impl<W: Work> Workers<W> {
    /// Starts so many threads, which take `jobs` until there will be no more.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start(
        threads: usize,
        work: Arc<W>,
        jobs: Receiver<Job>,
        done: Sender<Done<W::Outcome>>,
    ) -> io::Result<Self> {
        let mut workers = Self {
            work,
            jobs,
            done,
            slots: Vec::new(),
            given_up: Arc::default(),
        };
        for _ in 0..threads {
            let slot = workers.spawn()?;
            workers.slots.push(slot);
        }
        Ok(workers)
    }

    fn spawn(&self) -> io::Result<Slot> {
        let slot = Slot::default();
        let (work, jobs, done) = (Arc::clone(&self.work), self.jobs.clone(), self.done.clone());
        let (own, given_up) = (Arc::clone(&slot), Arc::clone(&self.given_up));
        thread::Builder::new()
            .name("page".to_owned())
            .stack_size(16 << 20)
            .spawn(move || {
                for job in jobs {
                    let Some(page) = one(&*work, job, &own) else {
                        given_up.fetch_sub(1, Ordering::Relaxed);
                        return;
                    };
                    if done.send(page).is_err() {
                        return; // nobody waits for it
                    }
                }
            })?;
        Ok(slot)
    }

    /// Gives up the pages that took too long, and puts new threads in the place of those that go on
    /// with them. To be called from time to time.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn give_up(&mut self) -> io::Result<Vec<Done<W::Outcome>>> {
        let limit = self.work.limit();
        let mut late = Vec::new();
        for i in 0..self.slots.len() {
            if self.given_up.load(Ordering::Relaxed) >= GIVEN_UP * self.slots.len() {
                break;
            }
            let Some(slot) = self.slots.get(i) else { break };
            let is_late = |current: &mut Current| current.since.elapsed() > limit + GRACE;
            let current = slot
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take_if(is_late);
            let Some(current) = current else { continue };
            self.given_up.fetch_add(1, Ordering::Relaxed);
            let fresh = self.spawn()?;
            if let Some(slot) = self.slots.get_mut(i) {
                let _ = mem::replace(slot, fresh);
            }
            let failure = current.late(limit);
            late.push(current.done(self.work.failed(failure)));
        }
        Ok(late)
    }
}

impl Current {
    fn late(&self, limit: Duration) -> Failure {
        let message = format!(
            "it took longer than {} s and was given up; give it more with --timeout, or cut it into \
             pages",
            limit.as_secs()
        );
        Failure {
            path: self.name.clone(),
            stage: Step::Extract,
            kind: Kind::Timeout,
            message,
        }
    }

    fn done<T>(self, outcome: T) -> Done<T> {
        Done {
            order: self.order,
            held: self.held,
            name: self.name,
            weight: self.weight,
            outcome,
        }
    }
}

/// Does a page; none when it was given up meanwhile.
fn one<W: Work>(work: &W, job: Job, slot: &Slot) -> Option<Done<W::Outcome>> {
    let Job { order, held, found } = job;
    let input = match found {
        Found::Page(input) => input,
        Found::Failed(failure) => {
            return Some(Done {
                order,
                held,
                name: failure.path.clone(),
                weight: 0,
                outcome: work.failed(failure),
            });
        }
    };
    let current = Current {
        since: Instant::now(),
        order,
        held,
        name: input.name.clone(),
        weight: input.weight,
    };
    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(current);
    let read = catch_unwind(AssertUnwindSafe(|| work.read(input)));
    let current = taken(slot)?;
    let name = &current.name;
    let outcome = match read {
        Ok(read) => catch_unwind(AssertUnwindSafe(|| work.finish(name, read)))
            .unwrap_or_else(|_| work.failed(Failure::bug(name, Step::Write))),
        Err(_) => work.failed(Failure::bug(name, Step::Read)),
    };
    Some(current.done(outcome))
}
