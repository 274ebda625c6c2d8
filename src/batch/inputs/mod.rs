//! Inputs: files, folders, lists and archives → pages, in an order that is the same everywhere.
//!
//! * A **file** that is named is read whatever its name, and so are the files that a METS file names
//!   which is named.
//! * A **folder** gives its files by the rules of [`ignore`]: what is hidden, or left out by a
//!   `.gitignore` or `.ignore` in it, is left out. Only what stands in the folder itself counts: no
//!   settings of git on this machine, no `.gitignore` above it. The order is that of the bytes of the
//!   names, part by part. Links are followed, so that no page is lost to one; one that leads back
//!   into itself is a failure. A METS file in a folder is left out, because its pages are there, too.
//! * A **list** (`@files.txt`, or `-` for standard input) names one file, folder or archive a line.
//! * An **archive** (`.zip .tar .tar.gz .tgz .tar.zst .gz .zst`) is read in place, in its own order,
//!   and never unpacked to disk: whatever its members are called, they write nothing. Folders, links
//!   and devices in it are left out (what a link leads to is a member itself or none of ours), and so
//!   are METS files and what is hidden or only of use to macOS (`__MACOSX/`, `.DS_Store`).
//! * **Globs** narrow what folders and archives give; they are written as for ripgrep (`!` excludes,
//!   the last that matches decides) and count from the folder or archive that is named. A file or
//!   member passes when it matches one, or when all globs exclude; an archive that matches one passes
//!   whole.
//! * A file that is reached twice is read once, where it is reached first.

mod archive;
mod list;
mod sieve;
pub mod volume;
mod walk;

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use super::page::MAX_BYTES;
use super::{Failure, Kind, PageMetadata, Step};
use crate::decode::Options;
use archive::Archive;
use sieve::{Globs, Sieve};
use walk::{Search, Stem};

/// How much an input may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one page, unpacked.
    pub max_bytes: u64,
    /// Bytes of one packed archive in all, unpacked.
    pub max_unpacked: u64,
    /// How many times its own size a packed archive may unpack to, beyond the first MiB.
    pub max_ratio: u64,
    /// Members of one archive, folders among them.
    pub max_members: u64,
}

impl Default for Limits {
    /// Pages of [`MAX_BYTES`], archives of 64 GiB, 200 times their own size and ten million members.
    fn default() -> Self {
        Self {
            max_bytes: MAX_BYTES,
            max_unpacked: 64 << 30,
            max_ratio: 200,
            max_members: 10_000_000,
        }
    }
}

/// What of the inputs makes no sense, before anything is read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputsError {
    /// A pattern that does not parse.
    #[error("--glob {glob:?} is no pattern: {why}; see --help for what patterns look like")]
    Glob {
        /// As it was given.
        glob: String,
        /// What is wrong with it.
        why: String,
    },
}

/// A page, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A page to read.
    Page(PageInput),
    /// What is not read.
    Failed(Failure),
}

/// A page to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageInput {
    /// Its name, unlike that of any other page: the path with `/` between its parts, and behind
    /// `!/` the name in the archive as it stands there (`archive.zip!/a/b.txt`), which may be any
    /// text, `..` and line feeds included.
    pub name: String,
    /// Where its bytes are.
    pub place: Place,
    /// Its share of [`Inputs::size`], in bytes. What members that are left out weigh is not given
    /// out, so that the sum may stay below the size.
    pub weight: u64,
    /// What is known of it beside what [`super::page::Reader`] knows of pages; goes before that.
    pub known: PageMetadata,
}

impl PageInput {
    /// A page of which nothing is known beside its name.
    #[must_use]
    pub fn new(name: String, place: Place, weight: u64) -> Self {
        Self {
            name,
            place,
            weight,
            known: PageMetadata::default(),
        }
    }
}

/// Where the bytes of a page are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In this file; see [`read`].
    File(PathBuf),
    /// Here: a member of an archive, which is read already.
    Member(Vec<u8>),
}

/// Whether to go on.
type Flow = ControlFlow<()>;

/// What was asked for.
///
/// ```
/// use gongbao::batch::inputs::{Found, Inputs, Limits};
/// use std::ops::ControlFlow;
/// # let folder = tempfile::tempdir().unwrap();
/// # let folder = folder.path();
/// std::fs::write(folder.join("b.txt"), "全镇修渠12处。")?;
/// std::fs::write(folder.join("a.txt"), "全镇植树30亩。")?;
/// let limits = Limits { max_bytes: 1 << 20, max_unpacked: 1 << 30, max_ratio: 200, max_members: 1 << 20 };
/// let inputs = Inputs::new(vec![folder.into()], &["*.txt".into()], limits, Default::default(), None).unwrap();
/// let mut names = Vec::new();
/// inputs.each(&mut |found| {
///     if let Found::Page(page) = found {
///         names.push(page.name.rsplit('/').next().unwrap_or_default().to_owned());
///     }
///     ControlFlow::Continue(())
/// });
/// assert_eq!(names, ["a.txt", "b.txt"]);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Inputs {
    paths: Vec<PathBuf>,
    globs: Globs,
    limits: Limits,
    reading: Options,
    out: Option<PathBuf>,
    standard: Vec<u8>,
}

impl Inputs {
    /// The inputs at `paths`, in this order, of folders and archives what passes `globs`. `reading`
    /// says how to know a METS file; what is in the folder `out` is left out of folders around it.
    ///
    /// # Errors
    /// A glob that does not parse. What is wrong with a path is a [`Failure`] in [`Inputs::each`].
    pub fn new(
        paths: Vec<PathBuf>,
        globs: &[String],
        limits: Limits,
        reading: Options,
        out: Option<&Path>,
    ) -> Result<Self, InputsError> {
        Ok(Self {
            paths,
            globs: Globs::new(globs)?,
            limits,
            reading,
            out: out.map(Path::to_owned),
            standard: Vec::new(),
        })
    }

    /// True where `-` asks for a list on standard input; see [`Inputs::with_standard_input`].
    #[must_use]
    pub fn wants_standard_input(&self) -> bool {
        self.paths.iter().any(|path| list::is_standard(path))
    }

    /// With what was read from standard input, which `-` stands for.
    #[must_use]
    pub fn with_standard_input(mut self, text: Vec<u8>) -> Self {
        self.standard = text;
        self
    }

    /// Whether the globs let a file pass that lies, or lay, at this path below a folder that is named.
    #[must_use]
    pub fn takes(&self, path: &Path) -> bool {
        let sieve = Sieve::new(&self.globs);
        !sieve.is_inside_excluded(path) && sieve.takes(path)
    }

    /// Bytes on disk of all files that [`Inputs::each`] will read, for progress. Goes through
    /// folders and lists, not into archives.
    #[must_use]
    pub fn size(&self) -> u64 {
        let mut size: u64 = 0;
        let sieve = Sieve::new(&self.globs);
        let mut add = |stem: Result<Stem, Failure>| {
            size = size.saturating_add(stem.map_or(0, |stem| stem.size));
            Flow::Continue(())
        };
        // The sum stands, wherever the search ended.
        let _ = Search::new(self, &sieve, &mut add).all();
        size
    }

    /// Calls `each` with every page in order until it breaks, and with a failure for whatever gives
    /// none: what cannot be found or read, a folder, archive, list or glob without a page.
    pub fn each(&self, each: &mut dyn FnMut(Found) -> Flow) {
        let sieve = Sieve::new(&self.globs);
        let mut names = HashSet::new();
        let mut give = |found: Found| each(once(&mut names, found));
        let mut stems = |stem: Result<Stem, Failure>| match stem {
            Err(failure) => give(Found::Failed(failure)),
            Ok(stem) => match stem.packing {
                Some(packing) => Archive {
                    stem: &stem,
                    packing,
                    limits: &self.limits,
                    sieve: &sieve,
                }
                .each(&mut give),
                None => {
                    let place = Place::File(stem.path);
                    give(Found::Page(PageInput::new(stem.name, place, stem.size)))
                }
            },
        };
        if Search::new(self, &sieve, &mut stems).all().is_break() {
            return;
        }
        for failure in sieve.unused() {
            if give(Found::Failed(failure)).is_break() {
                return;
            }
        }
    }
}

/// `found`, or a failure where it is a page of a name that is taken.
fn once(names: &mut HashSet<u128>, found: Found) -> Found {
    match found {
        Found::Page(page) if !names.insert(key(page.name.as_bytes())) => Found::Failed(Failure {
            path: page.name,
            stage: Step::Inputs,
            kind: Kind::SameName,
            message: "another page has this name already: an archive may hold a name twice, and \
                          names that are no UTF-8 may look alike; rename one of the two"
                .to_owned(),
        }),
        found => found,
    }
}

/// The bytes of the file at `path`, `max_bytes` at most: one that says it has more is not read, and
/// reading ends there when it turns out to have more.
///
/// # Errors
/// What went wrong, and the same for a person.
pub fn read(path: &Path, max_bytes: u64) -> Result<Vec<u8>, (Kind, String)> {
    let about = fs::metadata(path).map_err(|error| told(&error))?;
    if !about.is_file() {
        return Err((Kind::NotAFile, no_file(about.is_dir())));
    }
    if about.len() > max_bytes {
        return Err((Kind::TooLarge, too_large(Some(about.len()), max_bytes)));
    }
    let file = File::open(path).map_err(|error| told(&error))?;
    bounded(file, about.len(), max_bytes)
}

/// All of `reader`, which is thought to have `size` bytes and may have `max_bytes`.
fn bounded(reader: impl Read, size: u64, max_bytes: u64) -> Result<Vec<u8>, (Kind, String)> {
    // Sizes are claims: room is made in advance for what a page usually has.
    let room = usize::try_from(size.min(max_bytes).min(1 << 20)).unwrap_or(0);
    let mut bytes = Vec::with_capacity(room);
    let mut reader = reader.take(max_bytes.saturating_add(1));
    reader.read_to_end(&mut bytes).map_err(|e| told(&e))?;
    if bytes.len() as u64 > max_bytes {
        return Err((Kind::TooLarge, too_large(None, max_bytes)));
    }
    Ok(bytes)
}

/// What to say of a page of `size` bytes, or of more than `max_bytes`.
fn too_large(size: Option<u64>, max_bytes: u64) -> String {
    let size = size.map_or("more".to_owned(), |size| format!("{size} bytes, more"));
    format!("it has {size} than the {max_bytes} bytes a page may have; see --max-bytes")
}

fn no_file(is_folder: bool) -> String {
    if is_folder {
        "it is a folder where a file is expected; name the folder itself to read what is in it"
    } else {
        "it is no file but a pipe, a device or the like; write it to a file first"
    }
    .to_owned()
}

/// What kind of failure `error` of reading is, and what to say of it.
pub(super) fn told(error: &io::Error) -> (Kind, String) {
    match error.kind() {
        io::ErrorKind::NotFound => (
            Kind::NotFound,
            "there is no such file; check the name".to_owned(),
        ),
        io::ErrorKind::PermissionDenied => (
            Kind::Denied,
            "it may not be read; check its permissions".to_owned(),
        ),
        _ => (Kind::Unreadable, format!("it could not be read: {error}")),
    }
}

/// The name of the page at `path`: its parts with `/` between them.
#[must_use]
pub fn name_of(path: &Path) -> String {
    let mut name = String::new();
    for part in path.components() {
        match part {
            Component::CurDir => continue,
            Component::RootDir => name.push('/'),
            part => {
                if !name.is_empty() && !name.ends_with('/') {
                    name.push('/');
                }
                // A record has `/` in its name, whatever the file had.
                name.push_str(&part.as_os_str().to_string_lossy().replace('\\', "/"));
            }
        }
    }
    if name.is_empty() {
        name.push('.');
    }
    name
}

/// What stands for a name or place where all are remembered: half of its SHA-256.
fn key(name: &[u8]) -> u128 {
    let digest: [u8; 32] = Sha256::digest(name).into();
    let half = digest.first_chunk().copied().unwrap_or_default();
    u128::from_be_bytes(half)
}

#[cfg(test)]
mod tests;
