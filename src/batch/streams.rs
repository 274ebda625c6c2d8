//! Outputs as sequences of files: a file is begun with the first page, closed before it would have too
//! many rows, and left as it is where an earlier run wrote it from the same pages.

use std::io::{self, Write};

use sha2::{Digest, Sha256};

use super::BatchError;
use super::files::{Folder, NewFile, Stamp};
use super::journal::{FileEntry, Journal};
use super::key::Key;
use super::outputs::{Chunk, Output, Rendered, Style};
use super::page::Extracted;
use super::summary::Tally;
use crate::record::Record;
use crate::write::tables::{self, parquet};

/// Where streams write, and where pages come from that an earlier run has read.
pub struct Desk<'a> {
    /// The folder of results.
    pub folder: &'a Folder,
    /// Its journal.
    pub journal: &'a mut Journal,
    /// How tables are written.
    pub style: Style,
    /// How many rows a file has at most, where a page has no more.
    pub rows_per_file: u64,
}

/// A page on its way to the streams.
pub struct Part {
    /// Its key.
    pub key: Key,
    /// True when no earlier run has read it.
    pub fresh: bool,
    /// Its record and what it adds to each output; none while nobody needed it.
    pub rendered: Option<Box<Rendered>>,
}

impl Desk<'_> {
    /// What the page with this key adds to `outputs`, from the journal.
    fn load(&mut self, key: Key, outputs: &[Output]) -> Result<Rendered, BatchError> {
        let reader = self.journal.reader();
        let mut entry = reader.page(&key)?;
        if entry.is_none() {
            self.journal.commit()?; // it may wait to be written
            entry = reader.page(&key)?;
        }
        let id = entry.and_then(|entry| entry.record);
        let line = reader.record(id.ok_or(BatchError::Lost)?)?;
        rendered(line, outputs, self.style)
    }
}

/// What a page that an earlier run has read adds to `outputs`.
///
/// # Errors
/// When `line` is no record.
pub fn rendered(line: Vec<u8>, outputs: &[Output], style: Style) -> Result<Rendered, BatchError> {
    let record: Record = serde_json::from_slice(&line).map_err(|_| BatchError::Lost)?;
    let extracted = Extracted {
        record,
        line,
        tally: Tally::default(),
    };
    render(extracted, outputs, style).map_err(BatchError::Render)
}

/// What `page` adds to `outputs`.
///
/// # Errors
/// Those of the writers.
pub fn render(page: Extracted, outputs: &[Output], style: Style) -> io::Result<Rendered> {
    let chunks = outputs.iter().map(|output| output.chunk(&page, style));
    Ok(Rendered {
        chunks: chunks.collect::<io::Result<_>>()?,
        record: page.record,
    })
}

/// A file that is being written.
enum Sink {
    Bytes(NewFile),
    Parquet(tables::Table, Box<parquet::Writer<NewFile>>),
}

impl Sink {
    fn write(&mut self, record: &Record, chunk: &Chunk) -> io::Result<()> {
        match self {
            Self::Bytes(file) => file.write_all(&chunk.bytes),
            Self::Parquet(table, writer) => writer.write(&tables::rows(*table, record)),
        }
    }

    fn finish(self) -> io::Result<Stamp> {
        match self {
            Self::Bytes(file) => file.finish(),
            Self::Parquet(_, writer) => writer.finish()?.finish(),
        }
    }
}

/// What is done with the file that a stream has come to.
enum Mode {
    /// There is no page for it yet.
    Waiting,
    /// So far it has the pages that an earlier run wrote to it.
    Kept(FileEntry, Vec<Key>),
    /// It is written.
    Writing(Box<Writing>),
}

struct Writing {
    sink: Sink,
    keys: Sha256,
    pages: u64,
    rows: u64,
}

/// A file that is finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// Its path in the folder of results.
    pub path: String,
    /// Rows in it, a header left out.
    pub rows: u64,
    /// Its size in bytes.
    pub bytes: u64,
    /// True when an earlier run wrote it.
    pub kept: bool,
}

/// An output on its way to disk.
pub struct Stream {
    output: Output,
    /// Its place among the outputs.
    place: usize,
    /// Digest of how it is written.
    how: String,
    number: u32,
    mode: Mode,
    finished: Vec<Finished>,
}

fn made_from(how: &str, keys: Sha256) -> String {
    let keys: [u8; 32] = keys.finalize().into();
    Key::of(&[how.as_bytes(), &keys]).to_string()
}

fn digest(keys: &[Key]) -> Sha256 {
    let mut digest = Sha256::new();
    for key in keys {
        digest.update(key.bytes());
    }
    digest
}

impl Stream {
    /// The stream of `output`, which stands at `place` among the outputs.
    #[must_use]
    pub fn new(output: Output, place: usize, style: Style, rows_per_file: u64) -> Self {
        let how = format!("{} {style:?} {rows_per_file}", env!("CARGO_PKG_VERSION"));
        Self {
            output,
            place,
            how,
            number: 1,
            mode: Mode::Waiting,
            finished: Vec::new(),
        }
    }

    /// True when it needs the records of its pages.
    #[must_use]
    pub fn is_writing(&self) -> bool {
        matches!(self.mode, Mode::Writing(_))
    }

    /// Its output, and the files of it that are finished.
    #[must_use]
    pub fn finished(&self) -> (Output, &[Finished]) {
        (self.output, &self.finished)
    }

    fn path(&self) -> String {
        self.output.path(self.number)
    }

    fn failed(&self, error: io::Error) -> BatchError {
        BatchError::Write {
            path: self.path(),
            error,
        }
    }

    /// Takes the next page.
    ///
    /// # Errors
    /// When a file cannot be written, or the journal not read.
    pub fn take(
        &mut self,
        part: &mut Part,
        outputs: &[Output],
        desk: &mut Desk<'_>,
    ) -> Result<(), BatchError> {
        loop {
            match std::mem::replace(&mut self.mode, Mode::Waiting) {
                Mode::Waiting => self.mode = self.begun(desk)?,
                Mode::Kept(entry, mut keys) => {
                    let whole = keys.len() as u64 == entry.pages;
                    if !part.fresh && !whole {
                        keys.push(part.key);
                        self.mode = Mode::Kept(entry, keys);
                        return Ok(());
                    }
                    let next = part.key.to_string();
                    if whole && entry.next == Some(next) && self.is_of(&entry, &keys) {
                        self.keep(&entry);
                    } else {
                        self.mode = self.again(&keys, desk)?;
                    }
                }
                Mode::Writing(mut writing) => {
                    if part.rendered.is_none() {
                        part.rendered = Some(Box::new(desk.load(part.key, outputs)?));
                    }
                    let rendered = part.rendered.as_deref().ok_or(BatchError::Lost)?;
                    let chunk = rendered.chunks.get(self.place).ok_or(BatchError::Lost)?;
                    if writing.rows > 0 && writing.rows + chunk.rows > desk.rows_per_file {
                        self.close(*writing, Some(part.key), desk)?;
                        continue;
                    }
                    let written = writing.add(part.key, &rendered.record, chunk);
                    written.map_err(|error| self.failed(error))?;
                    self.mode = Mode::Writing(writing);
                    return Ok(());
                }
            }
        }
    }

    /// There are no more pages.
    ///
    /// # Errors
    /// When a file cannot be written, or the journal not read.
    pub fn end(&mut self, desk: &mut Desk<'_>) -> Result<(), BatchError> {
        if matches!(self.mode, Mode::Waiting) && self.number == 1 {
            self.mode = self.begun(desk)?; // without a page, too, there is a table
        }
        loop {
            match std::mem::replace(&mut self.mode, Mode::Waiting) {
                Mode::Waiting => return Ok(()),
                Mode::Kept(entry, keys) if entry.next.is_none() && self.is_of(&entry, &keys) => {
                    self.keep(&entry);
                }
                Mode::Kept(_, keys) => self.mode = self.again(&keys, desk)?,
                Mode::Writing(writing) => self.close(*writing, None, desk)?,
            }
        }
    }

    /// The file that the stream has come to: kept for now where an earlier run wrote it in this way.
    fn begun(&self, desk: &Desk<'_>) -> Result<Mode, BatchError> {
        let path = self.path();
        if let Some(entry) = desk.journal.reader().file(&path)?
            && entry.how == self.how
            && Stamp::of(&desk.folder.path(&path)) == Some(entry.stamp)
        {
            return Ok(Mode::Kept(entry, Vec::new()));
        }
        self.new_file(desk)
    }

    fn new_file(&self, desk: &Desk<'_>) -> Result<Mode, BatchError> {
        let failed = |error| self.failed(error);
        desk.folder.changing().map_err(failed)?;
        let mut file = desk.folder.create(&self.path()).map_err(failed)?;
        let sink = match self.output {
            Output::Parquet(table) => {
                let writer = parquet::Writer::new(table, file).map_err(failed)?;
                Sink::Parquet(table, Box::new(writer))
            }
            output => {
                file.write_all(&output.header(desk.style)).map_err(failed)?;
                Sink::Bytes(file)
            }
        };
        Ok(Mode::Writing(Box::new(Writing {
            sink,
            keys: Sha256::new(),
            pages: 0,
            rows: 0,
        })))
    }

    fn is_of(&self, entry: &FileEntry, keys: &[Key]) -> bool {
        keys.len() as u64 == entry.pages && made_from(&self.how, digest(keys)) == entry.made_from
    }

    fn keep(&mut self, entry: &FileEntry) {
        self.finished.push(Finished {
            path: self.path(),
            rows: entry.rows,
            bytes: entry.stamp.bytes,
            kept: true,
        });
        self.number += 1;
    }

    /// Writes the file that could not be kept, from these pages on.
    fn again(&mut self, keys: &[Key], desk: &mut Desk<'_>) -> Result<Mode, BatchError> {
        self.mode = self.new_file(desk)?;
        let own = [self.output];
        let place = std::mem::replace(&mut self.place, 0);
        for &key in keys {
            let rendered = Some(Box::new(desk.load(key, &own)?));
            let mut part = Part {
                key,
                fresh: false,
                rendered,
            };
            self.take(&mut part, &own, desk)?;
        }
        self.place = place;
        Ok(std::mem::replace(&mut self.mode, Mode::Waiting))
    }

    fn close(
        &mut self,
        writing: Writing,
        next: Option<Key>,
        desk: &mut Desk<'_>,
    ) -> Result<(), BatchError> {
        let path = self.path();
        let Writing {
            sink,
            keys,
            pages,
            rows,
        } = writing;
        let stamp = sink.finish().map_err(|error| self.failed(error))?;
        let entry = FileEntry {
            how: self.how.clone(),
            made_from: made_from(&self.how, keys),
            pages,
            next: next.map(|key| key.to_string()),
            rows,
            stamp,
        };
        desk.journal.set_file(&path, Some(entry))?;
        self.finished.push(Finished {
            path,
            rows,
            bytes: stamp.bytes,
            kept: false,
        });
        self.number += 1;
        Ok(())
    }
}

impl Writing {
    fn add(&mut self, key: Key, record: &Record, chunk: &Chunk) -> io::Result<()> {
        self.sink.write(record, chunk)?;
        self.keys.update(key.bytes());
        self.pages += 1;
        self.rows += chunk.rows;
        Ok(())
    }
}
