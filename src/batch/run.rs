//! A run: pages → files of results in a folder, with a journal that makes it resumable.
//!
//! `shop` renders what a page adds to each output; the caller's thread puts that into [`streams`] of files and
//! notes in the [`journal`] what is done.
//!
//! [`streams`]: super::streams
//! [`journal`]: super::journal

use std::collections::{BTreeSet, HashSet};
use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::files::{ERRORS, Folder, FolderError, NewFile, PACKAGE, SUMMARY};
use super::inputs::{Found, Inputs};
use super::journal::{Journal, JournalError, JournalReader};
use super::key::Key;
use super::metadata::UnmatchedRow;
use super::outputs::{Output, OutputFormat, Style};
use super::page::Reader;
use super::queue::{Each, Next, Queue};
use super::shop::{Outcome, Settled, Shop};
use super::streams::{Desk, Finished, Part, Stream};
use super::summary::Counts;
use super::workers::Done;
use super::{Failure, Kind, Step, files, journal, shop};
use crate::write::ndjson;
use crate::write::tables::{Table, package};

/// Why a run cannot go on. What is done by then is kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// The folder of results cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The journal cannot be used.
    #[error("the journal in .gongbao: {0}")]
    Journal(#[from] JournalError),
    /// The journal lacks what it says it has.
    #[error("the journal in .gongbao lacks a record that it names")]
    Lost,
    /// A file of results cannot be written.
    #[error("{path}: it could not be written: {error}")]
    Write {
        /// Its path in the folder of results.
        path: String,
        /// Why.
        error: io::Error,
    },
    /// A record cannot be rendered.
    #[error("a record could not be rendered: {0}")]
    Render(io::Error),
    /// Looking for pages failed: a bug.
    #[error(
        "gongbao failed in looking for pages, which is a bug; please report it with the inputs"
    )]
    Inputs,
    /// The system gives no threads.
    #[error("no thread could be started: {0}")]
    Threads(io::Error),
}

impl BatchError {
    /// True when the disk is full.
    #[must_use]
    pub fn is_full(&self) -> bool {
        let full = |error: &io::Error| {
            matches!(
                error.kind(),
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
            )
        };
        match self {
            Self::Write { error, .. } | Self::Folder(FolderError::Io { error, .. }) => full(error),
            Self::Journal(error) => error.io().is_some_and(full),
            _ => false,
        }
    }

    /// True when the journal is damaged: its file must go, and then all is done anew.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Lost => true,
            Self::Journal(error) => error.is_damage(),
            _ => false,
        }
    }
}

/// Where results go, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder.
    pub out: PathBuf,
    /// What is written.
    pub formats: Vec<OutputFormat>,
    /// Which tables, where tables are.
    pub tables: Vec<Table>,
    /// How tables are written.
    pub style: Style,
    /// How many rows a file has at most, where a page has no more.
    pub rows_per_file: u64,
    /// How many threads read pages; at least one does.
    pub threads: usize,
    /// Stop at the first page that fails.
    pub fail_fast: bool,
}

/// A run over an archive.
#[derive(Debug)]
pub struct Batch {
    /// The pages.
    pub inputs: Inputs,
    /// How they are read.
    pub reader: Reader,
    /// What becomes of them.
    pub options: Options,
}

/// A page that is done with, as it goes by.
#[derive(Debug)]
pub struct Passed<'a> {
    /// Its name.
    pub name: &'a str,
    /// Bytes on disk that it stands for.
    pub weight: u64,
    /// True when it was done now, false when an earlier run had done it; or why it failed.
    pub result: Result<bool, &'a Failure>,
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Summary {
    /// What was counted.
    pub counts: Counts,
    /// Pages that were done now, with a record or not.
    pub fresh: u64,
    /// Files of results, those of single pages left out.
    pub files: Vec<Finished>,
    /// Records of earlier runs that were of pages which have changed or are gone.
    pub dropped: u64,
    /// Files of earlier runs that were taken away.
    pub removed: u64,
    /// True when it was stopped before the end; the results are not whole then.
    pub stopped: bool,
    /// Pages whose names the name pattern does not fit.
    pub unread_names: u64,
    /// Rows of the metadata that were of no page.
    pub unmatched: Vec<UnmatchedRow>,
}

/// What would be done with a page.
#[derive(Debug)]
pub enum Plan {
    /// It would be read.
    Extract,
    /// An earlier run has done it.
    Keep,
    /// It would fail, as far as that can be told.
    Fail(Failure),
}

impl Batch {
    /// Says of each input what would be done with it; writes nothing.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn plan(self, each: &mut dyn FnMut(&str, Plan)) -> Result<(), BatchError> {
        let path = files::journal(&self.options.out);
        let journal = match path.is_file() {
            true => Some(JournalReader::open(&path).map_err(taken)?),
            false => None,
        };
        let mut broken = None;
        self.inputs.each(&mut |found| {
            match plan(&self.reader, journal.as_ref(), found) {
                Ok((name, plan)) => each(&name, plan),
                Err(error) => {
                    broken = Some(error);
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        });
        broken.map_or(Ok(()), Err)
    }

    /// Does all pages that no earlier run has done, and writes the results. `stop` stops it: the pages
    /// in hand are finished, and the same run goes on from there another time.
    ///
    /// # Errors
    /// See [`BatchError`]; a page that fails is none.
    pub fn run(
        self,
        stop: &Arc<AtomicBool>,
        watch: &mut dyn FnMut(&Passed<'_>),
    ) -> Result<Summary, BatchError> {
        let Self {
            inputs,
            reader,
            options,
        } = self;
        let folder = Arc::new(Folder::open(&options.out)?);
        let journal = Journal::open(&folder.journal()).map_err(taken)?;
        let outputs = Output::of(&options.formats, &options.tables);
        let shop = Arc::new(Shop {
            reader,
            journal: journal.reader(),
            folder: Arc::clone(&folder),
            outputs: outputs.clone(),
            style: options.style,
            files: options.formats.contains(&OutputFormat::Json),
            wanted: AtomicBool::new(false),
        });
        let mut paths = shop.files.then(HashSet::new);
        let find = move |each: Each<'_>| inputs.each(&mut |page| each(apart(page, paths.as_mut())));
        let queue = Queue::start(find, Arc::clone(&shop), options.threads, stop);
        let mut queue = queue.map_err(BatchError::Threads)?;
        let mut run = Run {
            errors: folder.create(ERRORS).map_err(write_error(ERRORS))?,
            streams: (0..)
                .zip(&outputs)
                .map(|(i, &o)| Stream::new(o, i, options.style, options.rows_per_file))
                .collect(),
            strays: journal.is_empty() || !folder.path(SUMMARY).is_file(),
            folder: &folder,
            journal,
            outputs: &outputs,
            options: &options,
            shop: &shop,
            used: BTreeSet::new(),
            seen: HashSet::new(),
            missing: false,
            summary: Summary::default(),
        };
        let passed = run.pass(&mut queue, watch);
        let kept = run.journal.commit();
        passed?;
        kept?;
        if stop.load(Ordering::Relaxed) {
            return run.stopped();
        }
        // Pages that were not looked for are not gone.
        if !queue.join() {
            return Err(BatchError::Inputs);
        }
        run.finish()
    }
}

fn taken(error: JournalError) -> BatchError {
    if journal::is_taken(&error) {
        FolderError::Busy(None).into()
    } else {
        error.into()
    }
}

fn write_error(path: &str) -> impl FnOnce(io::Error) -> BatchError {
    let path = path.to_owned();
    move |error| BatchError::Write { path, error }
}

fn plan(
    reader: &Reader,
    journal: Option<&JournalReader>,
    found: Found,
) -> Result<(String, Plan), BatchError> {
    let input = match found {
        Found::Page(input) => input,
        Found::Failed(failure) => return Ok((failure.path.clone(), Plan::Fail(failure))),
    };
    let name = input.name.clone();
    let plan = match reader.open(input) {
        Err(failure) => Plan::Fail(failure),
        Ok(page) => {
            let known = journal.map(|journal| journal.page(&page.key));
            match known.transpose()?.flatten().map(|entry| entry.failure) {
                None => Plan::Extract,
                Some(None) => Plan::Keep,
                Some(Some(failure)) => Plan::Fail(failure),
            }
        }
    };
    Ok((name, plan))
}

/// The page, unless its own file would be that of another.
fn apart(page: Found, paths: Option<&mut HashSet<Key>>) -> Found {
    let (Some(paths), Found::Page(input)) = (paths, &page) else {
        return page;
    };
    let path = shop::own_path(&input.name);
    if paths.insert(Key::of(&[path.as_bytes()])) {
        return page;
    }
    Found::Failed(Failure {
        path: input.name.clone(),
        stage: Step::Inputs,
        kind: Kind::SameName,
        message: format!(
            "its file would be {path}, which another page has; name both by paths from one folder"
        ),
    })
}

/// A run: what comes from the workers, put in order into the outputs.
struct Run<'a> {
    folder: &'a Folder,
    journal: Journal,
    outputs: &'a [Output],
    options: &'a Options,
    shop: &'a Shop,
    streams: Vec<Stream>,
    errors: NewFile,
    /// Keys of the pages that there are.
    used: BTreeSet<Key>,
    /// Files of single pages that there are.
    seen: HashSet<Key>,
    /// True when there may be files that the journal does not know: of a run that was killed between
    /// finishing a file and noting it.
    strays: bool,
    /// True when an input could not be found or read. What earlier runs read of it is kept then: it may
    /// be on a disk that is not there today.
    missing: bool,
    summary: Summary,
}

impl Run<'_> {
    /// Takes all pages, in order.
    fn pass(
        &mut self,
        queue: &mut Queue<Shop>,
        watch: &mut dyn FnMut(&Passed<'_>),
    ) -> Result<(), BatchError> {
        loop {
            match queue.next().map_err(BatchError::Threads)? {
                Next::Page(page) => {
                    let failed = self.settle(page, watch)?;
                    if failed && self.options.fail_fast {
                        queue.close();
                    }
                }
                Next::Idle => self.journal.commit_in_time()?,
                Next::End => return Ok(()),
            }
        }
    }

    /// Writes what a page came to; true when it failed.
    fn settle(
        &mut self,
        page: Done<Settled>,
        watch: &mut dyn FnMut(&Passed<'_>),
    ) -> Result<bool, BatchError> {
        let Done {
            name,
            weight,
            outcome: Settled { outcome, file },
            ..
        } = page;
        if let Some((path, entry)) = file {
            self.seen.insert(Key::of(&[path.as_bytes()]));
            if let Some(entry) = entry {
                self.journal.set_file(&path, Some(entry))?;
            }
        }
        let mut passed = |result| {
            watch(&Passed {
                name: &name,
                weight,
                result,
            });
        };
        match outcome {
            Outcome::Broken(error) => return Err(error),
            Outcome::Failed(failure, key) => {
                passed(Err(&failure));
                self.fail(&failure)?;
                if failure.stage == Step::Inputs {
                    self.missing |= failure.kind != Kind::SameName;
                } else {
                    self.summary.fresh += 1;
                }
                if let Some(key) = key {
                    self.used.insert(key);
                    self.journal
                        .add_page(key, Default::default(), Err(failure))?;
                }
                return Ok(true);
            }
            Outcome::Known(key, entry, rendered) => {
                self.used.insert(key);
                if let Some(failure) = &entry.failure {
                    passed(Err(failure));
                    self.fail(failure)?;
                    return Ok(true);
                }
                self.summary.counts.page(&entry.tally);
                passed(Ok(false));
                self.take(Part {
                    key,
                    fresh: false,
                    rendered,
                })?;
            }
            Outcome::Fresh(key, tally, packed, rendered) => {
                self.used.insert(key);
                self.summary.counts.page(&tally);
                self.summary.fresh += 1;
                self.journal.add_page(key, tally, Ok(packed))?;
                passed(Ok(true));
                self.take(Part {
                    key,
                    fresh: true,
                    rendered: Some(rendered),
                })?;
            }
        }
        Ok(false)
    }

    fn fail(&mut self, failure: &Failure) -> Result<(), BatchError> {
        tracing::warn!(
            page = failure.path,
            kind = failure.kind.name(),
            "{}",
            failure.message
        );
        self.summary.counts.failure(failure);
        ndjson::line(failure, &mut self.errors).map_err(write_error(ERRORS))
    }

    fn desk(&mut self) -> (Desk<'_>, &mut [Stream]) {
        let desk = Desk {
            folder: self.folder,
            journal: &mut self.journal,
            style: self.options.style,
            rows_per_file: self.options.rows_per_file,
        };
        (desk, &mut self.streams)
    }

    fn take(&mut self, mut part: Part) -> Result<(), BatchError> {
        let outputs = self.outputs;
        let (mut desk, streams) = self.desk();
        for stream in streams {
            stream.take(&mut part, outputs, &mut desk)?;
        }
        let wanted = self.streams.iter().any(Stream::is_writing);
        self.shop.wanted.store(wanted, Ordering::Relaxed);
        Ok(())
    }

    /// Leaves it for another time.
    fn stopped(mut self) -> Result<Summary, BatchError> {
        self.folder.changing().map_err(write_error(SUMMARY))?;
        self.errors.finish().map_err(write_error(ERRORS))?;
        self.summary.stopped = true;
        Ok(self.summary)
    }

    fn finish(mut self) -> Result<Summary, BatchError> {
        let (mut desk, streams) = self.desk();
        for stream in streams {
            stream.end(&mut desk)?;
        }
        for stream in &self.streams {
            self.summary.files.extend_from_slice(stream.finished().1);
        }
        self.remove_stale()?;
        let errors = self.errors;
        errors.finish().map_err(write_error(ERRORS))?;
        let resources: Vec<package::Resource> = self.streams.iter().filter_map(resource).collect();
        if resources.is_empty() {
            self.folder.remove(PACKAGE).map_err(write_error(PACKAGE))?;
        } else {
            let bytes = package::package(&resources).map_err(BatchError::Render)?;
            let written = self.folder.write(PACKAGE, &bytes);
            written.map_err(write_error(PACKAGE))?;
        }
        let mut bytes = Vec::new();
        crate::write::json::json(&self.summary.counts, &mut bytes).map_err(BatchError::Render)?;
        if !self.missing {
            self.summary.dropped = self.journal.sweep(&self.used)?;
        }
        self.folder
            .write(SUMMARY, &bytes)
            .map_err(write_error(SUMMARY))?;
        self.summary.unread_names = self.shop.reader.unread_names.load(Ordering::Relaxed);
        if let Some(metadata) = &self.shop.reader.metadata {
            self.summary.unmatched = metadata.unmatched();
        }
        Ok(self.summary)
    }

    /// Takes away what earlier runs wrote and this one would not have.
    fn remove_stale(&mut self) -> Result<(), BatchError> {
        self.journal.commit()?;
        for file in &self.summary.files {
            self.seen.insert(Key::of(&[file.path.as_bytes()]));
        }
        let mut paths = self.journal.reader().files()?;
        if self.strays {
            paths.extend(self.strays()?);
            paths.sort_unstable();
            paths.dedup();
        }
        for path in paths {
            if !self.seen.contains(&Key::of(&[path.as_bytes()])) {
                let changing = self.folder.changing();
                let removed = changing.and_then(|()| self.folder.remove(&path));
                removed.map_err(write_error(&path))?;
                self.journal.set_file(&path, None)?;
                self.summary.removed += 1;
            }
        }
        Ok(self.journal.commit()?)
    }

    /// Files that look like results, whether the journal knows them or not.
    fn strays(&self) -> Result<Vec<String>, BatchError> {
        let mut strays = Vec::new();
        for folder in Output::FOLDERS {
            let files = self.folder.files_in(folder).map_err(write_error(folder))?;
            strays.extend(files.into_iter().filter(|path| Output::has(path)));
        }
        let own = self.folder.files_in(shop::OWN);
        let own = own.map_err(write_error(shop::OWN))?;
        strays.extend(own.into_iter().filter(|path| path.ends_with(".json")));
        Ok(strays)
    }
}

fn file(finished: &Finished) -> package::File {
    package::File {
        path: finished.path.clone(),
        rows: finished.rows,
        bytes: finished.bytes,
    }
}

/// What the data package says of a stream.
fn resource(stream: &Stream) -> Option<package::Resource> {
    let (output, files) = stream.finished();
    let (table, format) = match output {
        Output::Csv(table) => (table, package::Format::Csv),
        Output::Parquet(table) => (table, package::Format::Parquet),
        Output::Sdmx => (Table::Observations, package::Format::Csv),
        Output::Ndjson => return None,
    };
    Some(package::Resource {
        table,
        format,
        files: files.iter().map(file).collect(),
    })
}
