//! Pages → records, in their order, on several threads: a batch without a folder of results.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::Failure;
use super::inputs::{Found, Inputs, PageInput};
use super::page::{Extracted, Reader};
use super::queue::{Each, Next, Queue};
use super::workers::Work;

/// Why there are no more records.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordsError {
    /// Looking for pages failed: a bug.
    #[error(
        "gongbao failed in looking for pages, which is a bug; please report it with the inputs"
    )]
    Inputs,
    /// The system gives no threads.
    #[error("no thread could be started: {0}")]
    Threads(#[from] io::Error),
}

/// A page and its record, or why it has none.
#[derive(Debug)]
pub struct Passed {
    /// Its name.
    pub name: String,
    /// Bytes on disk that it stands for.
    pub weight: u64,
    /// Its record.
    pub page: Result<Extracted, Failure>,
}

/// Records as they come, in the order of their pages; an error ends them.
///
/// ```
/// # use gongbao::batch::{inputs, page::{Limits, Reader}, records::Records};
/// # let folder = tempfile::tempdir()?;
/// # let folder = folder.path();
/// std::fs::write(folder.join("a.txt"), "全镇植树30亩。")?;
/// let limits = inputs::Limits::default();
/// let inputs = inputs::Inputs::new(vec![folder.into()], &[], limits, Default::default(), None)?;
/// let mut records = Records::of(inputs, Arc::new(Reader::default()), 2)?;
/// # use std::sync::Arc;
/// let first = records.next().transpose()?;
/// assert_eq!(first.unwrap().page?.record.indicators.len(), 1);
/// assert!(records.next().is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Records {
    queue: Option<Queue<Reading>>,
}

impl Records {
    /// Those of the pages among `inputs`, read by so many threads.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn of(inputs: Inputs, reader: Arc<Reader>, threads: usize) -> Result<Self, RecordsError> {
        Self::start(move |each| inputs.each(each), reader, threads)
    }

    /// Those of the pages `found`, read by so many threads.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn of_pages(
        found: Vec<Found>,
        reader: Arc<Reader>,
        threads: usize,
    ) -> Result<Self, RecordsError> {
        let find = move |each: Each<'_>| {
            for page in found {
                if each(page) == ControlFlow::Break(()) {
                    return;
                }
            }
        };
        Self::start(find, reader, threads)
    }

    fn start(
        find: impl FnOnce(Each<'_>) + Send + 'static,
        reader: Arc<Reader>,
        threads: usize,
    ) -> Result<Self, RecordsError> {
        let stop = Arc::new(AtomicBool::new(false));
        let work = Arc::new(Reading(reader));
        let queue = Queue::start(find, work, threads, &stop)?;
        Ok(Self { queue: Some(queue) })
    }
}

impl Iterator for Records {
    type Item = Result<Passed, RecordsError>;

    fn next(&mut self) -> Option<Self::Item> {
        let queue = self.queue.as_mut()?;
        let next = loop {
            match queue.next() {
                Ok(Next::Idle) => {}
                other => break other.map_err(RecordsError::from),
            }
        };
        match next {
            Ok(Next::Page(done)) => Some(Ok(Passed {
                name: done.name,
                weight: done.weight,
                page: done.outcome,
            })),
            // Pages that were not looked for are not none.
            Ok(_) => match self.queue.take()?.join() {
                true => None,
                false => Some(Err(RecordsError::Inputs)),
            },
            Err(error) => {
                self.queue = None;
                Some(Err(error))
            }
        }
    }
}

/// Reads pages, and no more.
struct Reading(Arc<Reader>);

impl Work for Reading {
    type Read = Result<Extracted, Failure>;
    type Outcome = Result<Extracted, Failure>;

    fn limit(&self) -> Duration {
        self.0.limits.timeout
    }

    fn read(&self, input: PageInput) -> Self::Read {
        let opened = self.0.open(input)?;
        self.0.extract(&opened)
    }

    fn finish(&self, _: &str, read: Self::Read) -> Self::Outcome {
        read
    }

    fn failed(&self, failure: Failure) -> Self::Outcome {
        Err(failure)
    }
}
