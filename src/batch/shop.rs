//! What a batch does with a page: what an earlier run did is taken from the journal; else the page is read, and
//! what it adds to each output rendered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::BatchError;
use super::failure::Failure;
use super::files::{Folder, Stamp};
use super::inputs::PageInput;
use super::journal::{FileEntry, JournalReader, PageEntry, pack};
use super::key::Key;
use super::names::path_of;
use super::outputs::{Output, Rendered, Style};
use super::page::{Extracted, Opened, Reader};
use super::streams::{render, rendered};
use super::summary::Tally;
use super::workers::Work;
use crate::record::Record;
use crate::write;

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

/// What became of a page, and its own file.
pub struct Settled {
    /// What became of it.
    pub outcome: Outcome,
    /// Its own file, where each page gets one; none for it if an earlier run wrote it.
    pub file: Option<(String, Option<FileEntry>)>,
}

impl From<Outcome> for Settled {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            file: None,
        }
    }
}

/// A page as far as it can be told without a record.
pub enum Read {
    /// An earlier run has done it.
    Known(Key, PageEntry),
    /// It has a record.
    Fresh(Key, Box<Extracted>),
}

impl Work for Shop {
    type Read = Result<Read, Box<Outcome>>;
    type Outcome = Settled;

    fn limit(&self) -> Duration {
        self.reader.limits.timeout
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

    fn finish(&self, name: &str, read: Self::Read) -> Settled {
        let settled = match read {
            Ok(Read::Known(key, entry)) => self.known(name, key, entry),
            Ok(Read::Fresh(key, page)) => self.fresh(name, key, *page),
            Err(outcome) => Ok((*outcome).into()),
        };
        settled.unwrap_or_else(|error| Outcome::Broken(error).into())
    }

    fn failed(&self, failure: Failure) -> Settled {
        Outcome::Failed(failure, None).into()
    }
}

impl Shop {
    fn extract(&self, opened: &Opened) -> Result<Read, Box<Outcome>> {
        match self.reader.extract(opened) {
            Ok(page) => Ok(Read::Fresh(opened.key, Box::new(page))),
            Err(failure) => {
                let key = (!failure.kind.may_pass()).then_some(opened.key);
                Err(Box::new(Outcome::Failed(failure, key)))
            }
        }
    }

    fn known(&self, name: &str, key: Key, entry: PageEntry) -> Result<Settled, BatchError> {
        let Some(id) = entry.record else {
            return Ok(Outcome::Known(key, entry, None).into());
        };
        let mut page = None;
        if self.wanted.load(Ordering::Relaxed) {
            let line = self.journal.record(id)?;
            page = Some(Box::new(rendered(line, &self.outputs, self.style)?));
        }
        let file = self.own_file(name, key, || match &page {
            Some(page) => json(&page.record),
            None => {
                let line = self.journal.record(id)?;
                json(&serde_json::from_slice(&line).map_err(|_| BatchError::Lost)?)
            }
        })?;
        let outcome = Outcome::Known(key, entry, page);
        Ok(Settled { outcome, file })
    }

    fn fresh(&self, name: &str, key: Key, page: Extracted) -> Result<Settled, BatchError> {
        let file = self.own_file(name, key, || json(&page.record))?;
        let (tally, packed) = (page.tally.clone(), pack(&page.line));
        let rendered = render(page, &self.outputs, self.style).map_err(BatchError::Render)?;
        let packed = packed.ok_or(BatchError::Lost)?;
        let outcome = Outcome::Fresh(key, tally, packed, Box::new(rendered));
        Ok(Settled { outcome, file })
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
