//! Threads that read pages, each within its time.

use std::io;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};

use super::BatchError;
use super::failure::{Failure, Kind, Step};
use super::files::{Folder, Stamp};
use super::inputs::{Found, PageInput};
use super::journal::{FileEntry, JournalReader, PageEntry, pack};
use super::key::Key;
use super::names::path_of;
use super::outputs::{Output, Rendered, Style};
use super::page::{Extracted, Opened, Reader};
use super::streams::{render, rendered};
use super::summary::Tally;
use crate::record::Record;
use crate::write;

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

/// What became of a page.
pub enum Outcome {
    /// It has no record; with its key when it will not have one next time either.
    Failed(Failure, Option<Key>),
    /// An earlier run has done it.
    Known(Key, PageEntry, Option<Box<Rendered>>),
    /// It is done.
    Fresh(Key, Tally, Vec<u8>, Box<Rendered>),
    /// The run cannot go on.
    Broken(BatchError),
}

/// A page that is done with.
pub struct Done {
    /// As in [`Job`].
    pub order: u64,
    /// Its name.
    pub name: String,
    /// As in [`Job`].
    pub held: u64,
    /// Bytes on disk that it stands for.
    pub weight: u64,
    /// What became of it.
    pub outcome: Outcome,
    /// Its own file, where each page gets one; none for it if an earlier run wrote it.
    pub file: Option<(String, Option<FileEntry>)>,
}

/// What all workers share.
pub struct Shop {
    /// Reads pages.
    pub reader: Reader,
    /// What earlier runs did.
    pub journal: JournalReader,
    /// Where files of single pages go.
    pub folder: Arc<Folder>,
    /// What is written.
    pub outputs: Vec<Output>,
    /// How.
    pub style: Style,
    /// True when each page gets a file of its own.
    pub files: bool,
    /// True while some output needs pages that earlier runs did.
    pub wanted: AtomicBool,
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
pub struct Workers {
    shop: Arc<Shop>,
    jobs: Receiver<Job>,
    done: Sender<Done>,
    slots: Vec<Slot>,
    given_up: Arc<AtomicUsize>,
}

impl Workers {
    /// Starts so many threads, which take `jobs` until there will be no more.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start(
        threads: usize,
        shop: Arc<Shop>,
        jobs: Receiver<Job>,
        done: Sender<Done>,
    ) -> io::Result<Self> {
        let mut workers = Self {
            shop,
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
        let (shop, jobs, done) = (Arc::clone(&self.shop), self.jobs.clone(), self.done.clone());
        let (own, given_up) = (Arc::clone(&slot), Arc::clone(&self.given_up));
        thread::Builder::new()
            .name("page".to_owned())
            .stack_size(16 << 20)
            .spawn(move || {
                for job in jobs {
                    let Some(page) = shop.done(job, &own) else {
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
    pub fn give_up(&mut self) -> io::Result<Vec<Done>> {
        let limit = self.shop.reader.limits.timeout;
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
            late.push(current.late(limit));
        }
        Ok(late)
    }
}

impl Current {
    fn late(self, limit: Duration) -> Done {
        let message = format!(
            "it took longer than {} s and was given up; give it more with --timeout, or cut it into \
             pages",
            limit.as_secs()
        );
        let failure = Failure {
            path: self.name.clone(),
            stage: Step::Extract,
            kind: Kind::Timeout,
            message,
        };
        Done {
            order: self.order,
            held: self.held,
            name: self.name,
            weight: self.weight,
            outcome: Outcome::Failed(failure, None),
            file: None,
        }
    }
}

/// A page as far as it can be told without a record.
enum Read {
    Known(Key, PageEntry),
    Fresh(Key, Box<Extracted>),
}

impl Shop {
    /// Does a page; none when it was given up meanwhile.
    fn done(&self, job: Job, slot: &Slot) -> Option<Done> {
        let Job { order, held, found } = job;
        let input = match found {
            Found::Page(input) => input,
            Found::Failed(failure) => {
                return Some(Done {
                    order,
                    held,
                    name: failure.path.clone(),
                    weight: 0,
                    outcome: Outcome::Failed(failure, None),
                    file: None,
                });
            }
        };
        let (name, weight) = (input.name.clone(), input.weight);
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(Current {
            since: Instant::now(),
            order,
            held,
            name: name.clone(),
            weight,
        });
        let read = catch_unwind(AssertUnwindSafe(|| self.read(input)));
        taken(slot)?;
        let read = read.unwrap_or_else(|_| Err(Box::new(failed_on(&name, Step::Read))));
        let written = catch_unwind(AssertUnwindSafe(|| match read {
            Ok(Read::Known(key, entry)) => self.known(&name, key, entry),
            Ok(Read::Fresh(key, page)) => self.fresh(&name, key, *page),
            Err(outcome) => (Ok(*outcome), None),
        }));
        let (outcome, file) = written.unwrap_or_else(|_| (Ok(failed_on(&name, Step::Write)), None));
        Some(Done {
            order,
            held,
            name,
            weight,
            outcome: outcome.unwrap_or_else(Outcome::Broken),
            file,
        })
    }

    fn read(&self, input: PageInput) -> Result<Read, Box<Outcome>> {
        let failed = |failure| Box::new(Outcome::Failed(failure, None));
        let opened = self.reader.open(input).map_err(failed)?;
        let known = self.journal.page(&opened.key);
        match known.map_err(|error| Box::new(Outcome::Broken(error.into())))? {
            Some(entry) => Ok(Read::Known(opened.key, entry)),
            None => self.extract(&opened),
        }
    }

    fn extract(&self, opened: &Opened) -> Result<Read, Box<Outcome>> {
        match self.reader.extract(opened) {
            Ok(page) => Ok(Read::Fresh(opened.key, Box::new(page))),
            Err(failure) => {
                let key = (!failure.kind.may_pass()).then_some(opened.key);
                Err(Box::new(Outcome::Failed(failure, key)))
            }
        }
    }

    fn known(&self, name: &str, key: Key, entry: PageEntry) -> Wrapped {
        let Some(id) = entry.record else {
            return (Ok(Outcome::Known(key, entry, None)), None);
        };
        let mut page = None;
        if self.wanted.load(Ordering::Relaxed) {
            let line = self.journal.record(id).map_err(BatchError::from);
            match line.and_then(|line| rendered(line, &self.outputs, self.style)) {
                Ok(rendered) => page = Some(Box::new(rendered)),
                Err(error) => return (Err(error), None),
            }
        }
        let own = self.own_file(name, key, || match &page {
            Some(page) => json(&page.record),
            None => {
                let line = self.journal.record(id)?;
                json(&serde_json::from_slice(&line).map_err(|_| BatchError::Lost)?)
            }
        });
        match own {
            Ok(file) => (Ok(Outcome::Known(key, entry, page)), file),
            Err(error) => (Err(error), None),
        }
    }

    fn fresh(&self, name: &str, key: Key, page: Extracted) -> Wrapped {
        let file = match self.own_file(name, key, || json(&page.record)) {
            Ok(file) => file,
            Err(error) => return (Err(error), None),
        };
        let (tally, packed) = (page.tally.clone(), pack(&page.line));
        let outcome = match (packed, render(page, &self.outputs, self.style)) {
            (Some(packed), Ok(page)) => Ok(Outcome::Fresh(key, tally, packed, Box::new(page))),
            (None, _) => Err(BatchError::Lost),
            (_, Err(error)) => Err(BatchError::Render(error)),
        };
        (outcome, file)
    }

    /// Writes the page's own file, if it gets one and an earlier run did not write it.
    fn own_file(
        &self,
        name: &str,
        key: Key,
        bytes: impl FnOnce() -> Result<Vec<u8>, BatchError>,
    ) -> Result<Option<(String, Option<FileEntry>)>, BatchError> {
        if !self.files {
            return Ok(None);
        }
        let path = own_path(name);
        let made_from = key.to_string();
        if let Some(entry) = self.journal.file(&path)?
            && entry.made_from == made_from
            && Stamp::of(&self.folder.path(&path)) == Some(entry.stamp)
        {
            return Ok(Some((path, None)));
        }
        let bytes = bytes()?;
        let changing = self.folder.changing();
        let written = changing.and_then(|()| self.folder.write(&path, &bytes));
        let stamp = written.map_err(|error| BatchError::Write {
            path: path.clone(),
            error,
        })?;
        let entry = FileEntry {
            how: String::new(),
            made_from,
            pages: 1,
            next: None,
            rows: 1,
            stamp,
        };
        Ok(Some((path, Some(entry))))
    }
}

fn failed_on(name: &str, stage: Step) -> Outcome {
    let message = "gongbao failed on it, which is a bug; please report it with the page";
    let failure = Failure {
        path: name.to_owned(),
        stage,
        kind: Kind::Bug,
        message: message.to_owned(),
    };
    Outcome::Failed(failure, None)
}

/// What became of a page, and its own file.
type Wrapped = (
    Result<Outcome, BatchError>,
    Option<(String, Option<FileEntry>)>,
);

/// The folder of files of single pages.
pub const OWN: &str = "json";

/// The path of the file that the page called `name` gets for itself. No folder on it ends as files do
/// (`a.json%/b.json`), so that no page is in the way of another, nor of what an earlier run wrote.
#[must_use]
pub fn own_path(name: &str) -> String {
    let path = path_of(name).replace(".json/", ".json%/");
    format!("{OWN}/{path}.json")
}

fn json(record: &Record) -> Result<Vec<u8>, BatchError> {
    let mut out = Vec::new();
    write::json::json(record, &mut out).map_err(BatchError::Render)?;
    Ok(out)
}
