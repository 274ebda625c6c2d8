//! The journal: what has been done in a folder, so that a run that was stopped goes on.
//!
//! A [redb](https://docs.rs/redb) database, whole after any crash. It holds for each page, by its
//! [`Key`], what became of it, with the record (a line of JSON, compressed), and for each finished
//! file of results what it was made from.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use redb::{
    Builder, Database, ReadableDatabase, ReadableTable, ReadableTableMetadata, TableDefinition,
};
use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::files::Stamp;
use super::key::Key;
use super::summary::Tally;

/// What became of pages, by key.
const PAGES: TableDefinition<'_, &[u8; 32], &[u8]> = TableDefinition::new("pages");
/// Their records, in the order in which they were made.
const RECORDS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("records");
/// Finished files, by their paths in the folder of results.
const FILES: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("files");

/// Memory that the database may use, in bytes.
const CACHE: usize = 16 << 20;
/// So many bytes of records wait at most to be written …
const BATCH_BYTES: usize = 8 << 20;
/// … and so long.
const BATCH_TIME: Duration = Duration::from_secs(1);
/// How hard records are compressed: the quickest.
const LEVEL: i32 = 1;
/// Pages that are taken out in one transaction.
const SWEEP: usize = 10_000;

/// Why the journal cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// It cannot be read or written.
    #[error(transparent)]
    Database(Box<redb::Error>),
    /// What it holds is none of ours.
    #[error("it holds what this version of gongbao did not write ({0})")]
    Foreign(String),
    /// It is damaged in a way that the database does not see.
    #[error("it is damaged")]
    Damaged,
}

impl<E: Into<redb::Error>> From<E> for JournalError {
    fn from(error: E) -> Self {
        Self::Database(Box::new(error.into()))
    }
}

impl JournalError {
    /// The error of reading or writing that it comes from.
    #[must_use]
    pub fn io(&self) -> Option<&io::Error> {
        match self {
            Self::Database(error) => match error.as_ref() {
                redb::Error::Io(error) => Some(error),
                _ => None,
            },
            Self::Foreign(_) | Self::Damaged => None,
        }
    }

    /// True when it will not be better another time: its file must go.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        let of_bytes = |error: &io::Error| {
            matches!(
                error.kind(),
                io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
            )
        };
        match self {
            Self::Foreign(_) | Self::Damaged => true,
            Self::Database(error) => match error.as_ref() {
                redb::Error::Io(error) => of_bytes(error),
                redb::Error::PreviousIo | redb::Error::DatabaseAlreadyOpen => false,
                _ => true,
            },
        }
    }
}

/// What became of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageEntry {
    /// Where its record is; none when it failed.
    pub record: Option<u64>,
    /// What of it is counted.
    pub tally: Tally,
    /// Why it has no record.
    pub failure: Option<Failure>,
}

/// What a finished file of results was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// How it is written.
    pub how: String,
    /// Digest of how it is written and of the keys of its pages, in order.
    pub made_from: String,
    /// Pages in it.
    pub pages: u64,
    /// The page that did not go into it any more, as a hexadecimal key; none for the last file.
    pub next: Option<String>,
    /// Rows in it, a header left out.
    pub rows: u64,
    /// What the file looked like when it was finished.
    pub stamp: Stamp,
}

/// What waits to be written.
struct Pending {
    key: Key,
    entry: PageEntry,
    record: Option<Vec<u8>>,
}

/// A journal that is written.
pub struct Journal {
    reader: JournalReader,
    next: u64,
    pages: Vec<Pending>,
    files: Vec<(String, Option<FileEntry>)>,
    bytes: usize,
    written: Instant,
}

/// A journal that is read, by any number of threads: what was there at the last commit.
#[derive(Clone)]
pub struct JournalReader {
    database: Arc<Database>,
}

/// A record, compressed for the journal.
#[must_use]
pub fn pack(line: &[u8]) -> Option<Vec<u8>> {
    let mut compressor = zstd::bulk::Compressor::new(LEVEL).ok()?;
    compressor.include_checksum(true).ok()?; // the database has none that it would look at
    compressor.compress(line).ok()
}

fn unpack(packed: &[u8]) -> Result<Vec<u8>, JournalError> {
    zstd::stream::decode_all(packed).map_err(|e| JournalError::Foreign(e.to_string()))
}

fn parsed<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, JournalError> {
    serde_json::from_slice(bytes).map_err(|e| JournalError::Foreign(e.to_string()))
}

fn printed(value: &impl Serialize) -> Result<Vec<u8>, JournalError> {
    serde_json::to_vec(value).map_err(|e| JournalError::Foreign(e.to_string()))
}

/// What `work` gives. Where its file is damaged the database panics at times; that is an error here.
fn whole<T>(work: impl FnOnce() -> Result<T, JournalError>) -> Result<T, JournalError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(JournalError::Damaged))
}

impl Journal {
    /// Opens the journal at `path`, or makes a new one.
    ///
    /// # Errors
    /// When it cannot be read or written, or is no journal of ours.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        whole(|| Self::opened(path))
    }

    fn opened(path: &Path) -> Result<Self, JournalError> {
        let mut database = Builder::new().set_cache_size(CACHE).create(path)?;
        let mut write = database.begin_write()?;
        write.set_quick_repair(true);
        write.open_table(PAGES)?;
        let next = write
            .open_table(RECORDS)?
            .last()?
            .map_or(0, |(id, _)| id.value() + 1);
        write.open_table(FILES)?;
        write.commit()?;
        compact_if_loose(&mut database, path)?;
        Ok(Self {
            reader: JournalReader {
                database: Arc::new(database),
            },
            next,
            pages: Vec::new(),
            files: Vec::new(),
            bytes: 0,
            written: Instant::now(),
        })
    }

    /// True when it holds no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.next == 0
    }

    /// For other threads.
    #[must_use]
    pub fn reader(&self) -> JournalReader {
        self.reader.clone()
    }

    /// Notes what became of a page; `record` is packed.
    ///
    /// # Errors
    /// As for [`Journal::commit`], which is called from time to time.
    pub fn add_page(
        &mut self,
        key: Key,
        tally: Tally,
        result: Result<Vec<u8>, Failure>,
    ) -> Result<(), JournalError> {
        let (record, failure) = match result {
            Ok(record) => (Some(record), None),
            Err(failure) => (None, Some(failure)),
        };
        let id = record.is_some().then(|| {
            self.next += 1;
            self.next - 1
        });
        self.bytes += record.as_ref().map_or(0, Vec::len);
        self.pages.push(Pending {
            key,
            entry: PageEntry {
                record: id,
                tally,
                failure,
            },
            record,
        });
        self.commit_in_time()
    }

    /// Notes that a file is finished, or (`None`) gone.
    ///
    /// # Errors
    /// As for [`Journal::commit`], which is called from time to time.
    pub fn set_file(&mut self, path: &str, entry: Option<FileEntry>) -> Result<(), JournalError> {
        self.files.push((path.to_owned(), entry));
        self.commit_in_time()
    }

    /// [`Journal::commit`], where what was noted has waited long enough or is much.
    ///
    /// # Errors
    /// As there.
    pub fn commit_in_time(&mut self) -> Result<(), JournalError> {
        if self.bytes >= BATCH_BYTES || self.written.elapsed() >= BATCH_TIME {
            self.commit()?;
        }
        Ok(())
    }

    /// Writes what was noted, for good.
    ///
    /// # Errors
    /// When it cannot be written; what was noted before is still there.
    pub fn commit(&mut self) -> Result<(), JournalError> {
        self.written = Instant::now();
        if self.pages.is_empty() && self.files.is_empty() {
            return Ok(());
        }
        whole(|| self.write())?;
        self.pages.clear();
        self.files.clear();
        self.bytes = 0;
        Ok(())
    }

    fn write(&self) -> Result<(), JournalError> {
        let mut write = self.reader.database.begin_write()?;
        write.set_quick_repair(true);
        {
            let mut pages = write.open_table(PAGES)?;
            let mut records = write.open_table(RECORDS)?;
            let mut files = write.open_table(FILES)?;
            for page in &self.pages {
                if let (Some(id), Some(record)) = (page.entry.record, &page.record) {
                    records.insert(id, record.as_slice())?;
                }
                pages.insert(page.key.bytes(), printed(&page.entry)?.as_slice())?;
            }
            for (path, entry) in &self.files {
                match entry {
                    Some(entry) => files.insert(path.as_str(), printed(entry)?.as_slice())?,
                    None => files.remove(path.as_str())?,
                };
            }
        }
        Ok(write.commit()?)
    }

    /// Forgets all pages but `used`; says how many.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn sweep(&mut self, used: &BTreeSet<Key>) -> Result<u64, JournalError> {
        self.commit()?;
        whole(|| {
            let unused = self.reader.unused(used)?;
            self.forget(&unused)?;
            Ok(unused.len() as u64)
        })
    }

    fn forget(&self, unused: &[(Key, Option<u64>)]) -> Result<(), JournalError> {
        for some in unused.chunks(SWEEP) {
            let mut write = self.reader.database.begin_write()?;
            write.set_quick_repair(true);
            {
                let mut pages = write.open_table(PAGES)?;
                let mut records = write.open_table(RECORDS)?;
                for (key, record) in some {
                    pages.remove(key.bytes())?;
                    if let Some(record) = record {
                        records.remove(record)?;
                    }
                }
            }
            write.commit()?;
        }
        Ok(())
    }
}

/// Makes the file smaller where much of it is empty. For this the database must be nobody else's, as it
/// is only before a run.
fn compact_if_loose(database: &mut Database, path: &Path) -> Result<(), JournalError> {
    let stored = {
        let read = database.begin_read()?;
        read.open_table(RECORDS)?.stats()?.stored_bytes()
    };
    let size = fs::metadata(path).map_or(0, |m| m.len());
    if size > 4 * stored + CACHE as u64 {
        database.compact()?;
    }
    Ok(())
}

impl JournalReader {
    /// Opens the journal at `path` to look only.
    ///
    /// # Errors
    /// When it cannot be read or is no journal of ours.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        whole(|| {
            let database = Builder::new().set_cache_size(CACHE).open(path)?;
            Ok(Self {
                database: Arc::new(database),
            })
        })
    }

    /// What became of the page with this key, if it is known.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn page(&self, key: &Key) -> Result<Option<PageEntry>, JournalError> {
        whole(|| {
            let pages = self.database.begin_read()?.open_table(PAGES)?;
            let found = pages.get(key.bytes())?;
            found.map(|found| parsed(found.value())).transpose()
        })
    }

    /// A record: its line of JSON.
    ///
    /// # Errors
    /// When the journal cannot be read or has no such record.
    pub fn record(&self, id: u64) -> Result<Vec<u8>, JournalError> {
        whole(|| {
            let records = self.database.begin_read()?.open_table(RECORDS)?;
            match records.get(id)? {
                Some(packed) => unpack(packed.value()),
                None => Err(JournalError::Foreign(format!("no record {id}"))),
            }
        })
    }

    /// What is known of the finished file at `path`.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn file(&self, path: &str) -> Result<Option<FileEntry>, JournalError> {
        whole(|| {
            let files = self.database.begin_read()?.open_table(FILES)?;
            let found = files.get(path)?;
            found.map(|found| parsed(found.value())).transpose()
        })
    }

    /// The paths of all finished files.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn files(&self) -> Result<Vec<String>, JournalError> {
        whole(|| {
            let files = self.database.begin_read()?.open_table(FILES)?;
            let mut paths = Vec::new();
            for entry in files.iter()? {
                paths.push(entry?.0.value().to_owned());
            }
            Ok(paths)
        })
    }

    fn unused(&self, used: &BTreeSet<Key>) -> Result<Vec<(Key, Option<u64>)>, JournalError> {
        let pages = self.database.begin_read()?.open_table(PAGES)?;
        let mut unused = Vec::new();
        for entry in pages.iter()? {
            let (key, page) = entry?;
            let key = Key::from(*key.value());
            if !used.contains(&key) {
                unused.push((key, parsed::<PageEntry>(page.value())?.record));
            }
        }
        Ok(unused)
    }
}

/// True when another process has the database open.
#[must_use]
pub fn is_taken(error: &JournalError) -> bool {
    matches!(error, JournalError::Database(e) if matches!(**e, redb::Error::DatabaseAlreadyOpen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_record_is_not_taken_for_another() {
        let line = "{\"text\": \"9 spades and 31 rakes, 40 spades and 5 rakes\"}\n".repeat(3);
        let packed = pack(line.as_bytes()).unwrap();
        for at in 0..packed.len() * 8 {
            let mut damaged = packed.clone();
            damaged[at / 8] ^= 1 << (at % 8);
            if let Ok(read) = unpack(&damaged) {
                assert!(read == line.as_bytes(), "bit {at}");
            }
        }
    }

    #[test]
    fn a_panic_of_the_database_is_an_error() {
        let error = whole::<()>(|| panic!("as for a damaged file")).unwrap_err();
        assert!(error.is_damage());
    }
}
