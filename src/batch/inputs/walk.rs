//! Paths, folders and lists → files, each once.

use std::collections::HashSet;
use std::fs;
use std::io::BufRead;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use super::archive::{self, Packing};
use super::list::{self, Lines};
use super::sieve::{Members, Sieve};
use super::{Failure, Flow, Inputs, Kind, Step, key, name_of, no_file, read, told, volume};
use crate::batch::kept::{INNER, is_kept};

/// A file that is a page or an archive of pages.
pub(super) struct Stem {
    /// See [`super::PageInput::name`].
    pub name: String,
    pub path: PathBuf,
    /// In bytes, on disk.
    pub size: u64,
    /// None: it is a page.
    pub packing: Option<Packing>,
    /// Of an archive: which members are wanted.
    pub members: Members,
    /// It was named itself, not found in a folder.
    pub is_named: bool,
}

/// Goes through what was asked for, in order.
pub(super) struct Search<'a, 'f> {
    inputs: &'a Inputs,
    sieve: &'a Sieve<'a>,
    found: &'f mut dyn FnMut(Result<Stem, Failure>) -> Flow,
    seen: Seen,
    /// The folder of the results, as the system calls it.
    out: Option<PathBuf>,
    /// What names the paths that are gone through: a list and line.
    named_in: Option<String>,
    /// Files that were reached and failures, to know of folders that have none.
    reached: u64,
}

impl<'a, 'f> Search<'a, 'f> {
    pub fn new(
        inputs: &'a Inputs,
        sieve: &'a Sieve<'a>,
        found: &'f mut dyn FnMut(Result<Stem, Failure>) -> Flow,
    ) -> Self {
        let out = inputs.out.as_ref();
        Self {
            inputs,
            sieve,
            found,
            seen: Seen::default(),
            out: out.and_then(|out| out.canonicalize().ok()),
            named_in: None,
            reached: 0,
        }
    }

    /// All inputs.
    pub fn all(mut self) -> Flow {
        let inputs = self.inputs;
        for path in &inputs.paths {
            if list::is_standard(path) {
                self.list("standard input", &mut inputs.standard.as_slice())?;
            } else if let Some(file) = list::file_of(path) {
                match list::open(file) {
                    Ok(mut list) => self.list(&name_of(file), &mut list)?,
                    Err(why) => self.fail(
                        name_of(file),
                        Kind::List,
                        format!(
                            "the list cannot be read: {why} (write ./{} for a file of that name)",
                            path.display()
                        ),
                    )?,
                }
            } else {
                self.named(path)?;
            }
        }
        Flow::Continue(())
    }

    fn list(&mut self, name: &str, list: &mut dyn BufRead) -> Flow {
        let mut is_empty = true;
        for line in Lines::new(list) {
            is_empty = false;
            match line.path {
                Ok(path) => {
                    self.named_in = Some(format!("{name}, line {}", line.number));
                    self.named(Path::new(&path))?;
                    self.named_in = None;
                }
                Err(why) => {
                    let message = format!("line {}: {why}", line.number);
                    self.fail(name.to_owned(), Kind::List, message)?;
                }
            }
        }
        if is_empty {
            let message = "it is a list that names no file; expected one path a line".to_owned();
            self.fail(name.to_owned(), Kind::List, message)?;
        }
        Flow::Continue(())
    }

    /// A path that was named.
    fn named(&mut self, path: &Path) -> Flow {
        match fs::metadata(path) {
            Err(error) => {
                let (kind, mut message) = told(&error);
                let name = name_of(path);
                if name.contains(['*', '?']) {
                    message.push_str(
                        "; to read what a pattern matches, name the folder and give --glob",
                    );
                }
                self.fail(name, kind, message)
            }
            Ok(about) if about.is_dir() => self.folder(path),
            Ok(about) if about.is_file() => match Packing::of(path) {
                None if volume::is_mets(path, self.inputs.reading) => self.volume(path),
                packing => self.named_file(path, about.len(), packing),
            },
            Ok(_) => self.fail(name_of(path), Kind::NotAFile, no_file(false)),
        }
    }

    fn named_file(&mut self, path: &Path, size: u64, packing: Option<Packing>) -> Flow {
        let is_link = fs::symlink_metadata(path).is_ok_and(|about| about.is_symlink());
        let stem = Stem {
            name: name_of(path),
            path: path.to_owned(),
            size,
            packing,
            members: Members::Passing,
            is_named: true,
        };
        self.file(stem, is_link)
    }

    /// The pages of a METS file.
    fn volume(&mut self, path: &Path) -> Flow {
        let name = name_of(path);
        let pages = match read(path, self.inputs.limits.max_bytes) {
            Ok(bytes) => volume::pages(path, &bytes),
            Err((kind, message)) => return self.fail(name, kind, message),
        };
        let pages = match pages {
            Ok(pages) => pages,
            Err(message) => return self.fail(name, Kind::List, message),
        };
        for page in pages {
            let page = match page {
                Ok(page) => page,
                Err(message) => {
                    self.fail(name.clone(), Kind::List, message)?;
                    continue;
                }
            };
            let before = self.named_in.replace(name.clone());
            match fs::metadata(&page) {
                Ok(about) if about.is_file() => self.named_file(&page, about.len(), None)?,
                Ok(about) => {
                    self.fail(name_of(&page), Kind::NotAFile, no_file(about.is_dir()))?;
                }
                Err(error) => {
                    let (kind, message) = told(&error);
                    self.fail(name_of(&page), kind, message)?;
                }
            }
            self.named_in = before;
        }
        Flow::Continue(())
    }

    fn folder(&mut self, folder: &Path) -> Flow {
        if is_out(folder, self.out.as_deref()) {
            let message =
                "it is the folder that results are written to; name another with --out".to_owned();
            return self.fail(name_of(folder), Kind::NotAFile, message);
        }
        let before = self.reached;
        let mut left = Left::default();
        for entry in self.walk(folder) {
            match entry {
                Ok(entry) => self.entry(folder, &entry, &mut left)?,
                Err(error) => {
                    let (path, kind, message) = lost(&error, folder);
                    self.fail(name_of(&path), kind, message)?;
                }
            }
        }
        if self.reached > before {
            return Flow::Continue(());
        }
        let message = left.told(self.sieve);
        self.fail(name_of(folder), Kind::NotFound, message)
    }

    /// The entries of `folder`, the same on every machine.
    fn walk(&self, folder: &Path) -> ignore::Walk {
        let (root, out) = (folder.to_owned(), self.out.clone());
        let globs = self.sieve.globs().patterns();
        WalkBuilder::new(folder)
            .follow_links(true)
            .git_global(false)
            .git_exclude(false)
            .parents(false)
            .require_git(false)
            .sort_by_file_name(|a, b| a.as_encoded_bytes().cmp(b.as_encoded_bytes()))
            .filter_entry(move |entry| {
                let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                if !is_folder || entry.depth() == 0 {
                    return true;
                }
                let path = entry.path();
                let inner = path.strip_prefix(&root).unwrap_or(path);
                // Nor results of other runs: they are no pages.
                !globs.matched(inner, true).is_ignore()
                    && !is_out(path, out.as_deref())
                    && !path.join(INNER).is_dir()
            })
            .build()
    }

    /// An entry of `folder` or of a folder in it.
    fn entry(&mut self, folder: &Path, entry: &DirEntry, left: &mut Left) -> Flow {
        let path = entry.path();
        if let Some(error) = entry.error() {
            let message = format!("its rules of what to leave out do not hold: {error}; mend them");
            self.fail(name_of(path), Kind::Unreadable, message)?;
        }
        let kind = entry.file_type();
        if kind.is_some_and(|kind| kind.is_dir()) || is_kept(path) {
            return Flow::Continue(());
        }
        let inner = path.strip_prefix(folder).unwrap_or(path);
        let packing = Packing::of(path);
        let wanted = match packing {
            Some(Packing::Zip | Packing::Tar(_)) => self.sieve.takes_archive(inner),
            Some(Packing::Single(_)) => {
                let unpacked = archive::unpacked(inner);
                self.sieve
                    .takes_either(inner, &unpacked)
                    .then_some(Members::All)
            }
            None => self.sieve.takes(inner).then_some(Members::All),
        };
        let Some(members) = wanted else {
            left.by_globs += 1;
            return Flow::Continue(());
        };
        if !kind.is_some_and(|kind| kind.is_file()) {
            return self.fail(name_of(path), Kind::NotAFile, no_file(false));
        }
        if packing.is_none() && volume::is_mets_by_name(path) {
            left.volumes += 1;
            return Flow::Continue(());
        }
        let size = match entry.metadata() {
            Ok(about) => about.len(),
            Err(error) => {
                let (path, kind, message) = lost(&error, path);
                return self.fail(name_of(&path), kind, message);
            }
        };
        let stem = Stem {
            name: name_of(path),
            path: path.to_owned(),
            size,
            packing,
            members,
            is_named: false,
        };
        self.file(stem, entry.path_is_symlink())
    }

    fn file(&mut self, stem: Stem, is_link: bool) -> Flow {
        self.reached += 1;
        if self.seen.is_new(&stem.path, is_link) {
            (self.found)(Ok(stem))
        } else {
            Flow::Continue(())
        }
    }

    fn fail(&mut self, path: String, kind: Kind, mut message: String) -> Flow {
        self.reached += 1;
        if let Some(named_in) = &self.named_in {
            message.push_str(&format!(" (named in {named_in})"));
        }
        (self.found)(Err(Failure {
            path,
            stage: Step::Inputs,
            kind,
            message,
        }))
    }
}

/// True where `folder` is `out`, whichever way leads there.
fn is_out(folder: &Path, out: Option<&Path>) -> bool {
    out.is_some_and(|out| folder.canonicalize().is_ok_and(|folder| folder == out))
}

/// What was left out of a folder, beside what is hidden or ignored.
#[derive(Default)]
struct Left {
    by_globs: u64,
    volumes: u64,
}

impl Left {
    /// Why there is no page in a folder.
    fn told(&self, sieve: &Sieve<'_>) -> String {
        if self.by_globs > 0 {
            sieve.emptied(self.by_globs)
        } else if self.volumes > 0 {
            "there is no page in it but a METS file, which stands for its pages only where it is \
             named itself; name it"
                .to_owned()
        } else {
            "there is no page in it: it is empty, or what is in it is hidden, excluded by --glob or \
             left out by its .gitignore or .ignore; name such files themselves to have them read"
                .to_owned()
        }
    }
}

/// Path, kind and message of what could not be gone through in `folder`.
fn lost(error: &ignore::Error, folder: &Path) -> (PathBuf, Kind, String) {
    match error {
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            lost(err, folder)
        }
        ignore::Error::WithPath { path, err } => lost(err, path),
        ignore::Error::Loop { ancestor, child } => (
            child.clone(),
            Kind::NotAFile,
            format!(
                "it is a link back to {}, where it stands itself; what is there is read there",
                name_of(ancestor)
            ),
        ),
        ignore::Error::Io(error) => {
            let (kind, message) = match told(error) {
                (Kind::NotFound, _) => (
                    Kind::NotFound,
                    "it is a link that leads nowhere, or it vanished since its folder was read; mend \
                     or remove it, or run again"
                        .to_owned(),
                ),
                told => told,
            };
            (folder.to_owned(), kind, message)
        }
        error => (
            folder.to_owned(),
            Kind::Unreadable,
            format!("it could not be read: {error}"),
        ),
    }
}

/// The files that were reached.
#[derive(Default)]
struct Seen {
    places: HashSet<u128>,
    /// The last folder and what the system calls it: files come folder by folder.
    folder: Option<(PathBuf, PathBuf)>,
}

impl Seen {
    /// True the first time that the file at `path` is reached, whichever way leads there.
    fn is_new(&mut self, path: &Path, is_link: bool) -> bool {
        let place = self.place(path, is_link).unwrap_or(path.to_owned());
        self.places
            .insert(key(place.as_os_str().as_encoded_bytes()))
    }

    fn place(&mut self, path: &Path, is_link: bool) -> Option<PathBuf> {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return path.canonicalize().ok();
        };
        if is_link {
            return path.canonicalize().ok();
        }
        if let Some((last, place)) = &self.folder
            && last == folder
        {
            return Some(place.join(name));
        }
        let here = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        let place = here.canonicalize().ok()?;
        let file = place.join(name);
        self.folder = Some((folder.to_owned(), place));
        Some(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn what_cannot_be_gone_through_is_told() {
        let denied = ignore::Error::WithPath {
            path: "data/closed".into(),
            err: Box::new(io::Error::from(io::ErrorKind::PermissionDenied).into()),
        };
        let denied = ignore::Error::WithDepth {
            depth: 1,
            err: Box::new(denied),
        };
        let (path, kind, message) = lost(&denied, Path::new("data"));
        assert_eq!(
            (path.to_str(), kind),
            (Some("data/closed"), Kind::Denied),
            "{message}"
        );
        let gone = io::Error::from(io::ErrorKind::NotFound).into();
        let (path, kind, message) = lost(&gone, Path::new("data/a.txt"));
        assert_eq!((path.to_str(), kind), (Some("data/a.txt"), Kind::NotFound));
        assert!(message.contains("vanished"), "{message}");
    }
}
