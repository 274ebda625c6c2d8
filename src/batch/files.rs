//! The folder of results: a lock, and files that appear whole or not at all.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use ignore::WalkBuilder;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::kept::INNER;

/// What the tables are, for tools; written when a run is finished.
pub const PACKAGE: &str = "datapackage.json";
/// What was counted; written last of all, so that results without it are not whole.
pub const SUMMARY: &str = "summary.json";
/// Name of the failures, a line of JSON each.
pub const ERRORS: &str = "errors.ndjson";

/// Why a folder cannot take results.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// It holds files of somebody else.
    #[error(
        "it holds files, and none of gongbao batch: nothing there is touched; name a new or empty folder"
    )]
    Foreign,
    /// Another run writes to it.
    #[error(
        "another gongbao batch{} writes to it: wait until it has finished, or name another folder",
        .0.as_ref().map(|pid| format!(" (process {pid})")).unwrap_or_default()
    )]
    Busy(
        /// Its process, as it wrote it down.
        Option<String>,
    ),
    /// It cannot be made or written to.
    #[error("{path}: {error}")]
    Io {
        /// What could not be written.
        path: String,
        /// Why.
        error: io::Error,
    },
}

/// What a finished file looks like from outside: enough to see that somebody changed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Size in bytes.
    pub bytes: u64,
    /// Seconds and nanoseconds since 1970 at which it was changed last.
    pub modified: (u64, u32),
}

impl Stamp {
    /// That of the file at `path`; none when there is none.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let found = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        let since = found.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(Self {
            bytes: found.len(),
            modified: (since.as_secs(), since.subsec_nanos()),
        })
    }
}

/// A folder of results that this process has for itself.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    temporary: PathBuf,
    /// True while the results of an earlier run are as it left them.
    whole: Mutex<bool>,
    /// Held until the process ends, however it does.
    _lock: File,
}

impl Folder {
    /// Makes the folder at `root` where there is none, and locks it.
    ///
    /// # Errors
    /// See [`FolderError`].
    pub fn open(root: &Path) -> Result<Self, FolderError> {
        let io = |path: &Path| {
            let path = path.display().to_string();
            move |error| FolderError::Io { path, error }
        };
        fs::create_dir_all(root).map_err(io(root))?;
        let inner = root.join(INNER);
        let empty = fs::read_dir(root).map_err(io(root))?.next().is_none();
        if !empty && !inner.is_dir() {
            return Err(FolderError::Foreign);
        }
        let temporary = inner.join("tmp");
        fs::create_dir_all(&temporary).map_err(io(&temporary))?;
        let lock = locked(&inner.join("lock"))?;
        // Only now nobody else writes here: what lies about is of a run that was killed.
        fs::remove_dir_all(&temporary).map_err(io(&temporary))?;
        fs::create_dir(&temporary).map_err(io(&temporary))?;
        Ok(Self {
            root: root.to_owned(),
            temporary,
            whole: Mutex::new(true),
            _lock: lock,
        })
    }

    /// Where the journal lies.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        journal(&self.root)
    }

    /// The path of `relative`, which has `/` separators.
    #[must_use]
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// To be called before results change: takes away what says that they are whole.
    ///
    /// # Errors
    /// When it cannot be taken away.
    pub fn changing(&self) -> io::Result<()> {
        let mut whole = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
        if *whole {
            self.remove(SUMMARY)?;
            self.remove(PACKAGE)?;
            *whole = false;
        }
        Ok(())
    }

    /// The paths of the files in the folder `relative` and below; none where there is no such folder.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn files_in(&self, relative: &str) -> io::Result<Vec<String>> {
        let top = self.path(relative);
        if !top.is_dir() {
            return Ok(Vec::new());
        }
        let mut files = Vec::new();
        for entry in WalkBuilder::new(top).standard_filters(false).build() {
            let entry = entry.map_err(io::Error::other)?;
            let below = entry.path().strip_prefix(&self.root).ok();
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            if let Some(path) = below.and_then(Path::to_str).filter(|_| is_file) {
                files.push(path.replace(std::path::MAIN_SEPARATOR, "/"));
            }
        }
        Ok(files)
    }

    /// Begins a file that will be called `relative`.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(&self, relative: &str) -> io::Result<NewFile> {
        Ok(NewFile {
            file: BufWriter::with_capacity(1 << 16, temporary_in(&self.temporary)?),
            target: self.path(relative),
        })
    }

    /// Writes a file at once, unless it is there with these bytes.
    ///
    /// # Errors
    /// When it cannot be written; one of that name that was there is still as it was.
    pub fn write(&self, relative: &str, bytes: &[u8]) -> io::Result<Stamp> {
        let path = self.path(relative);
        if let Some(stamp) = Stamp::of(&path).filter(|stamp| stamp.bytes == bytes.len() as u64)
            && fs::read(&path).is_ok_and(|there| there == bytes)
        {
            return Ok(stamp);
        }
        let mut file = self.create(relative)?;
        file.write_all(bytes)?;
        file.finish()
    }

    /// Takes a file away, and the folders that are empty then.
    ///
    /// # Errors
    /// When it cannot be taken away; one that is not there is no error.
    pub fn remove(&self, relative: &str) -> io::Result<()> {
        let path = self.path(relative);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let above = path.ancestors().skip(1);
        for folder in above.take_while(|folder| *folder != self.root) {
            if fs::remove_dir(folder).is_err() {
                break; // not empty
            }
        }
        Ok(())
    }
}

/// Where the journal of the folder at `root` lies.
#[must_use]
pub fn journal(root: &Path) -> PathBuf {
    root.join(INNER).join("journal.redb")
}

fn locked(path: &Path) -> Result<File, FolderError> {
    let io = |error| FolderError::Io {
        path: path.display().to_string(),
        error,
    };
    let mut options = File::options();
    let options = options.read(true).write(true).create(true).truncate(false);
    let mut file = options.open(path).map_err(io)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut pid = String::new();
            let known = file.read_to_string(&mut pid).is_ok() && !pid.is_empty();
            return Err(FolderError::Busy(known.then_some(pid)));
        }
        Err(TryLockError::Error(error)) => return Err(io(error)),
    }
    let written = file
        .set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| write!(file, "{}", std::process::id()));
    written.map_err(io)?;
    Ok(file)
}

/// A file in `folder` that goes when it is dropped, with the rights that any new file gets.
///
/// # Errors
/// When it cannot be made.
pub fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gongbao-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // less what the user's mask takes away
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// A file that gets its name when it is finished; dropped before, it was never there.
#[derive(Debug)]
pub struct NewFile {
    file: BufWriter<NamedTempFile>,
    target: PathBuf,
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl NewFile {
    /// Makes sure that it is on the disk, and gives it its name.
    ///
    /// # Errors
    /// When it cannot be written or named.
    pub fn finish(self) -> io::Result<Stamp> {
        let file = self.file.into_inner();
        let file = file.map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        let folder = self.target.parent().unwrap_or(Path::new(""));
        if !folder.is_dir() {
            fs::create_dir_all(folder)?;
        }
        file.persist(&self.target).map_err(|e| e.error)?;
        Stamp::of(&self.target)
            .ok_or_else(|| io::Error::other("it is gone as soon as it is written"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_there_when_it_is_finished() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(&dir.path().join("out")).unwrap();
        let mut file = folder.create("csv/a.csv").unwrap();
        file.write_all(b"a\n").unwrap();
        assert!(!folder.path("csv/a.csv").exists());
        let stamp = file.finish().unwrap();
        assert_eq!(stamp.bytes, 2);
        assert_eq!(Stamp::of(&folder.path("csv/a.csv")), Some(stamp));
        folder.remove("csv/a.csv").unwrap();
        folder.remove("csv/a.csv").unwrap();
        assert!(!folder.path("csv").exists());
    }

    #[test]
    fn a_folder_is_for_one() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path()).unwrap();
        let other = Folder::open(dir.path()).unwrap_err();
        let FolderError::Busy(Some(pid)) = other else {
            panic!("{other}");
        };
        assert_eq!(pid, std::process::id().to_string());
        drop(folder);
        assert!(Folder::open(dir.path()).is_ok());
    }

    #[test]
    fn what_others_left_is_not_touched() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("thesis.doc"), "x").unwrap();
        assert!(matches!(
            Folder::open(dir.path()),
            Err(FolderError::Foreign)
        ));
    }
}
