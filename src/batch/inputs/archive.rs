//! Archives → the pages in them, read in place and never to more than the limits.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;
use zip::read::{Config, ZipFileEntry};
use zip::unstable::read::ZipIterable;

use super::sieve::{Members, Sieve};
use super::walk::Stem;
use super::{
    Failure, Flow, Found, Kind, Limits, PageInput, Place, Step, bounded, told, too_large, volume,
};
use crate::decode::Options;

/// How much may be unpacked from any archive, however small it is, in bytes.
const SMALL: u64 = 1 << 20;
/// How much may stand between the bytes of two members of a tar archive, in bytes: headers, which
/// are read as a whole, long names among them.
const HEADERS: u64 = 1 << 20;
/// The unit that a tar archive is written in, in bytes; one of zeros ends it.
const BLOCK: u64 = 512;

/// How pages are packed in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Zip,
    Tar(Squeeze),
    /// One page.
    Single(Squeeze),
}

/// How a stream of bytes is made smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Squeeze {
    None,
    Gzip,
    Zstd,
}

/// How much is told of an error in an archive, in characters.
const MESSAGE: usize = 120;

/// How names end, the longer first.
const EXTENSIONS: [(&str, Packing); 8] = [
    (".tar.gz", Packing::Tar(Squeeze::Gzip)),
    (".tar.zst", Packing::Tar(Squeeze::Zstd)),
    (".tgz", Packing::Tar(Squeeze::Gzip)),
    (".tzst", Packing::Tar(Squeeze::Zstd)),
    (".tar", Packing::Tar(Squeeze::None)),
    (".zip", Packing::Zip),
    (".gz", Packing::Single(Squeeze::Gzip)),
    (".zst", Packing::Single(Squeeze::Zstd)),
];

impl Packing {
    /// That of the file at `path`, by its name; none for a page.
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy();
        ending(&name).map(|(_, packing)| packing)
    }

    /// What it is called among people, and what its bytes begin with.
    fn form(self) -> (&'static str, &'static [u8]) {
        match self {
            Self::Zip => ("zip", b"PK"),
            Self::Tar(Squeeze::None) | Self::Single(Squeeze::None) => ("tar", b""),
            Self::Tar(Squeeze::Gzip) | Self::Single(Squeeze::Gzip) => ("gzip", b"\x1F\x8B"),
            Self::Tar(Squeeze::Zstd) | Self::Single(Squeeze::Zstd) => ("zstd", b"\x28\xB5\x2F\xFD"),
        }
    }
}

/// How long the extension of `name` is that says how it is packed, and what it says.
fn ending(name: &str) -> Option<(usize, Packing)> {
    EXTENSIONS.iter().find_map(|&(extension, packing)| {
        let start = name.len().checked_sub(extension.len())?;
        let ends = name.get(start..)?.eq_ignore_ascii_case(extension);
        (start > 0 && ends).then_some((extension.len(), packing))
    })
}

/// The path that what is packed in the file at `path` would have beside it.
pub(super) fn unpacked(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let end = ending(&name).map_or(0, |(length, _)| length);
    path.with_file_name(name.get(..name.len() - end).unwrap_or(&name))
}

/// An archive that is to be read.
pub(super) struct Archive<'a> {
    pub stem: &'a Stem,
    pub packing: Packing,
    pub limits: &'a Limits,
    pub sieve: &'a Sieve<'a>,
}

impl Archive<'_> {
    /// Gives its pages and what is wrong with them to `give`, in the order in which they stand.
    pub fn each(&self, give: &mut dyn FnMut(Found) -> Flow) -> Flow {
        let mut reading = Reading {
            archive: self,
            give,
            members: 0,
            pages: 0,
            reached: 0,
            left: 0,
        };
        let end = match self.packing {
            Packing::Zip => reading.zip(),
            Packing::Tar(squeeze) => reading.tar(squeeze),
            Packing::Single(squeeze) => reading.single(squeeze),
        };
        match end {
            Err(End::Asked) => Flow::Break(()),
            Err(End::Broken(kind, why)) => reading.broken(kind, &why),
            // In a folder, globs may pass an archive by as they do a file.
            Ok(()) if reading.left > 0 && !self.stem.is_named => Flow::Continue(()),
            Ok(()) if reading.reached == 0 => reading.empty(),
            Ok(()) => Flow::Continue(()),
        }
    }

    fn open(&self) -> Result<File, End> {
        let file = File::open(&self.stem.path).and_then(|mut file| {
            let (_, magic) = self.packing.form();
            let mut start = Vec::new();
            Read::by_ref(&mut file)
                .take(magic.len() as u64)
                .read_to_end(&mut start)?;
            io::Seek::rewind(&mut file)?;
            Ok((file, start == magic))
        });
        match file {
            Ok((file, true)) => Ok(file),
            Ok((_, false)) => Err(End::damaged(format!(
                "it does not begin as {} does, which its name says it is; name it after what it is, \
                 or get it again",
                self.packing.form().0
            ))),
            Err(error) => {
                let (kind, message) = told(&error);
                Err(End::Broken(kind, message))
            }
        }
    }

    /// How much may be unpacked from it, in bytes, and the limit that says so.
    fn most(&self) -> (u64, String) {
        let Limits {
            max_unpacked,
            max_ratio,
            ..
        } = *self.limits;
        let by_ratio = self.stem.size.saturating_mul(max_ratio).max(SMALL);
        if by_ratio < max_unpacked {
            let why = format!(
                "it unpacks to {max_ratio} times its size and more, which no pages do but archives \
                 made to do harm"
            );
            (by_ratio, why)
        } else {
            let why =
                format!("it unpacks to more than the {max_unpacked} bytes that one archive may");
            (max_unpacked, why)
        }
    }

    fn stream(&self, squeeze: Squeeze) -> Result<(Guard, Rc<Meter>), End> {
        // What is not packed does no harm: all of it is on disk already.
        let most = match squeeze {
            Squeeze::None => u64::MAX,
            _ => self.most().0,
        };
        let meter = Rc::new(Meter::new(most));
        let packed = BufReader::new(Counted {
            inner: self.open()?,
            meter: Rc::clone(&meter),
        });
        let inner: Box<dyn Read> = match squeeze {
            Squeeze::None => Box::new(packed),
            Squeeze::Gzip => Box::new(MultiGzDecoder::new(packed)),
            Squeeze::Zstd => {
                let decoder = zstd::Decoder::with_buffer(packed);
                Box::new(decoder.map_err(|error| End::damaged(damaged(&error)))?)
            }
        };
        let guard = Guard {
            inner,
            meter: Rc::clone(&meter),
        };
        Ok((guard, meter))
    }
}

/// Why reading an archive ends before it does.
enum End {
    /// Who takes the pages wants no more.
    Asked,
    /// It cannot be read on.
    Broken(Kind, String),
}

impl End {
    fn damaged(why: String) -> Self {
        Self::Broken(Kind::Archive, why)
    }
}

fn damaged(error: &io::Error) -> String {
    let why = legible(error);
    format!("it is damaged or was cut short: {why}; get it again, or mend it")
}

/// What `error` says, which may show the bytes that it is about.
fn legible(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.chars().filter(|c| !c.is_control());
    text.take(MESSAGE).collect()
}

/// An archive that is being read.
struct Reading<'a, 'f> {
    archive: &'a Archive<'a>,
    give: &'f mut dyn FnMut(Found) -> Flow,
    /// Of any kind.
    members: u64,
    pages: u64,
    /// Pages and failures.
    reached: u64,
    /// Members that do not pass the globs.
    left: u64,
}

impl Reading<'_, '_> {
    fn zip(&mut self) -> Result<(), End> {
        let wrong = |error: zip::result::ZipError| End::damaged(damaged(&error.into()));
        let directory = BufReader::new(self.archive.open()?);
        let mut zip = ZipIterable::try_new(directory, Config::default()).map_err(wrong)?;
        let mut body = BufReader::new(self.archive.open()?);
        let (mut most, why) = self.archive.most();
        for entry in zip.files().map_err(wrong)? {
            let entry = entry.map_err(wrong)?;
            self.count()?;
            let name = name_in(entry.name_raw());
            let mode = entry.unix_mode().unwrap_or(0) & 0o170_000;
            if entry.is_dir() || name.ends_with('/') || !matches!(mode, 0 | 0o100_000) {
                continue;
            }
            if !self.wants(&name)? {
                continue;
            }
            let weight = entry.compressed_size();
            match self.zipped(entry, &mut body, most) {
                Ok(bytes) => {
                    most -= bytes.len() as u64;
                    self.page(&name, weight, bytes)?;
                }
                Err(Unread::Member(kind, message)) => self.fail(&name, kind, message)?,
                Err(Unread::All) => return Err(End::damaged(why)),
            }
        }
        Ok(())
    }

    /// The bytes of a member, where `most` may still be unpacked.
    fn zipped(
        &self,
        entry: ZipFileEntry<'_>,
        body: &mut BufReader<File>,
        most: u64,
    ) -> Result<Vec<u8>, Unread> {
        if entry.encrypted() {
            return Err(Unread::Member(
                Kind::Archive,
                "it is encrypted; unpack the archive with its password and name the folder"
                    .to_owned(),
            ));
        }
        let max_bytes = self.archive.limits.max_bytes;
        let size = entry.size();
        if size > max_bytes {
            let message = too_large(Some(size), max_bytes);
            return Err(Unread::Member(Kind::TooLarge, message));
        }
        let wrong = |error: &io::Error| {
            Unread::Member(
                Kind::Archive,
                format!("it is damaged: {error}; get the archive again"),
            )
        };
        let options = zip::ZipReadOptions::new();
        let member = entry.with_reader(body, options);
        let member = member.map_err(|error| wrong(&error.into()))?;
        match bounded(member, size, max_bytes.min(most)) {
            Ok(bytes) => Ok(bytes),
            Err((Kind::TooLarge, _)) if most < max_bytes => Err(Unread::All),
            Err((Kind::TooLarge, message)) => Err(Unread::Member(Kind::TooLarge, message)),
            Err((_, message)) => Err(Unread::Member(
                Kind::Archive,
                format!("it is damaged: {message}; get the archive again"),
            )),
        }
    }

    fn tar(&mut self, squeeze: Squeeze) -> Result<(), End> {
        let (stream, meter) = self.archive.stream(squeeze)?;
        let mut tar = tar::Archive::new(stream);
        let entries = tar.entries();
        let mut given = 0;
        for entry in entries.map_err(|error| self.end(&error, &meter))? {
            let mut entry = entry.map_err(|error| self.end(&error, &meter))?;
            self.count()?;
            let kind = entry.header().entry_type();
            let packed = entry.header().entry_size().unwrap_or(0);
            let size = entry.size();
            let (is_sparse, is_file) = (
                kind.is_gnu_sparse(),
                kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse(),
            );
            let ahead = if is_sparse { packed } else { size };
            meter.ahead.set(ahead.saturating_add(HEADERS));
            let name = name_in(&entry.path_bytes());
            if !is_file || name.ends_with('/') || !self.wants(&name)? {
                continue;
            }
            let max_bytes = self.archive.limits.max_bytes;
            if is_sparse {
                let message = "it is packed as a sparse file, which no page is; unpack the archive \
                               and name the folder";
                self.fail(&name, Kind::Archive, message.to_owned())?;
            } else if size > max_bytes {
                self.fail(&name, Kind::TooLarge, too_large(Some(size), max_bytes))?;
            } else {
                let mut bytes = Vec::new();
                let read = entry.read_to_end(&mut bytes);
                read.map_err(|error| self.end(&error, &meter))?;
                if (bytes.len() as u64) < size {
                    return Err(self.end(&io::ErrorKind::UnexpectedEof.into(), &meter));
                }
                let used = meter.used.get();
                self.page(&name, used.saturating_sub(given), bytes)?;
                given = used;
            }
        }
        if meter.zeros.get() < BLOCK {
            return Err(End::damaged(
                "it ends without the mark that ends a tar archive, so it was probably cut short; get \
                 it again"
                    .to_owned(),
            ));
        }
        if squeeze == Squeeze::None {
            return Ok(());
        }
        self.rest(&mut tar.into_inner(), &meter)
    }

    /// Reads what stands behind the members: the checksum of all is at the very end.
    fn rest(&self, stream: &mut Guard, meter: &Meter) -> Result<(), End> {
        meter.ahead.set(u64::MAX);
        match io::copy(stream, &mut io::sink()) {
            Ok(_) => Ok(()),
            Err(error) if meter.over.get().is_some() => Err(self.end(&error, meter)),
            Err(error) => Err(End::damaged(format!(
                "its end or checksum is wrong, so its pages may be, too: {}; get it again",
                legible(&error)
            ))),
        }
    }

    fn single(&mut self, squeeze: Squeeze) -> Result<(), End> {
        let archive = self.archive;
        let name = unpacked(&archive.stem.path);
        let name = name.file_name().unwrap_or_default().to_string_lossy();
        if Packing::of(Path::new(&*name)).is_some() {
            return self.nested(&name);
        }
        let (stream, meter) = archive.stream(squeeze)?;
        meter.ahead.set(u64::MAX);
        match bounded(stream, 0, archive.limits.max_bytes) {
            Ok(bytes) => self.page(&name, archive.stem.size, bytes),
            Err((Kind::TooLarge, message)) => self.fail(&name, Kind::TooLarge, message),
            Err((_, message)) if meter.over.get().is_none() => Err(End::damaged(format!(
                "it is damaged or was cut short: {message}; get it again"
            ))),
            Err(_) => Err(End::damaged(archive.most().1)),
        }
    }

    /// Why `error` came up.
    fn end(&self, error: &io::Error, meter: &Meter) -> End {
        End::damaged(match meter.over.get() {
            Some(Over::Whole) => self.archive.most().1,
            Some(Over::Headers) => format!(
                "it has a name or header of more than {HEADERS} bytes; unpack it and name the folder"
            ),
            None => damaged(error),
        })
    }

    fn count(&mut self) -> Result<(), End> {
        self.members += 1;
        let most = self.archive.limits.max_members;
        if self.members > most {
            return Err(End::damaged(format!(
                "it has more than {most} members; unpack it and name the folder, or cut it into parts"
            )));
        }
        Ok(())
    }

    /// Whether the member called `name` is read. An archive in it is told.
    fn wants(&mut self, name: &str) -> Result<bool, End> {
        let path = path_in(name);
        if is_hidden(&path) {
            return Ok(false);
        }
        let sieve = self.archive.sieve;
        let is_archive = Packing::of(&path).is_some();
        let passes = !sieve.is_inside_excluded(&path)
            && match self.archive.stem.members {
                Members::All => !sieve.excludes(&path),
                Members::Passing if is_archive => sieve.takes_archive(&path).is_some(),
                Members::Passing => sieve.takes(&path),
            };
        if !passes {
            self.left += 1;
        } else if is_archive {
            self.nested(name)?;
        }
        Ok(passes && !is_archive)
    }

    fn nested(&mut self, name: &str) -> Result<(), End> {
        let message = "it is an archive in an archive, which is not read; unpack the outer one and \
                       name the folder";
        self.fail(name, Kind::Archive, message.to_owned())
    }

    fn page(&mut self, name: &str, weight: u64, bytes: Vec<u8>) -> Result<(), End> {
        if volume::says_mets(&bytes, Options::default()) {
            return Ok(());
        }
        self.pages += 1;
        let page = PageInput::new(self.full(name), Place::Member(bytes), weight);
        self.give(Found::Page(page))
    }

    /// Says what is wrong with the member called `name`.
    fn fail(&mut self, name: &str, kind: Kind, message: String) -> Result<(), End> {
        let failure = Failure {
            path: self.full(name),
            stage: Step::Read,
            kind,
            message,
        };
        self.give(Found::Failed(failure))
    }

    fn give(&mut self, found: Found) -> Result<(), End> {
        self.reached += 1;
        if (self.give)(found).is_break() {
            return Err(End::Asked);
        }
        Ok(())
    }

    fn full(&self, name: &str) -> String {
        // A record has `/` in its name, whatever the file had.
        format!("{}!/{}", self.archive.stem.name, name.replace('\\', "/"))
    }

    /// Says why the archive is not read on.
    fn broken(&mut self, kind: Kind, why: &str) -> Flow {
        let message = match self.pages {
            0 => why.to_owned(),
            n => format!("{why} (pages read before: {n})"),
        };
        self.whole(kind, message)
    }

    fn empty(&mut self) -> Flow {
        let message = match self.left {
            0 => "there is no page in it: it is empty, or has nothing but folders, links, hidden files \
                  and METS files"
                .to_owned(),
            left => self.archive.sieve.emptied(left),
        };
        self.whole(Kind::NotFound, message)
    }

    /// Says what is wrong with the archive.
    fn whole(&mut self, kind: Kind, message: String) -> Flow {
        (self.give)(Found::Failed(Failure {
            path: self.archive.stem.name.clone(),
            stage: Step::Inputs,
            kind,
            message,
        }))
    }
}

/// Why a member of a zip archive is not read.
enum Unread {
    /// It cannot be; others can.
    Member(Kind, String),
    /// The archive unpacks to more than it may.
    All,
}

/// The name that a member has as `bytes`. Archives that are not marked as UTF-8 come from Chinese
/// systems most of the time.
fn name_in(bytes: &[u8]) -> String {
    if let Ok(name) = str::from_utf8(bytes) {
        return name.to_owned();
    }
    encoding_rs::GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map_or_else(
            || String::from_utf8_lossy(bytes).into_owned(),
            |name| name.into_owned(),
        )
}

/// The member called `name` as a path, to hold against globs: nothing in it leads elsewhere.
fn path_in(name: &str) -> PathBuf {
    let name = name.replace('\\', "/");
    let parts = Path::new(&name).components();
    parts
        .filter(|part| matches!(part, Component::Normal(_)))
        .collect()
}

/// True where a part of `path` is hidden, or only of use to macOS.
fn is_hidden(path: &Path) -> bool {
    path.iter().any(|part| {
        let part = part.as_encoded_bytes();
        part.starts_with(b".") || part == b"__MACOSX"
    })
}

/// What has gone through a stream.
struct Meter {
    /// Bytes of the archive.
    used: Cell<u64>,
    /// Bytes unpacked, and how many may be.
    unpacked: Cell<u64>,
    most: u64,
    /// Bytes that may come before the next member.
    ahead: Cell<u64>,
    /// Zeros that the last bytes were.
    zeros: Cell<u64>,
    over: Cell<Option<Over>>,
}

/// Which limit was reached.
#[derive(Clone, Copy)]
enum Over {
    Whole,
    Headers,
}

impl Meter {
    fn new(most: u64) -> Self {
        Self {
            used: Cell::new(0),
            unpacked: Cell::new(0),
            most,
            ahead: Cell::new(HEADERS),
            zeros: Cell::new(0),
            over: Cell::new(None),
        }
    }

    /// Takes note of what was unpacked.
    fn add(&self, bytes: &[u8]) -> io::Result<()> {
        let count = bytes.len() as u64;
        let unpacked = self.unpacked.get() + count;
        self.unpacked.set(unpacked);
        let zeros = bytes.iter().rev().take_while(|&&b| b == 0).count() as u64;
        let before = if zeros == count { self.zeros.get() } else { 0 };
        self.zeros.set(before + zeros);
        let over = match self.ahead.get().checked_sub(count) {
            _ if unpacked > self.most => Over::Whole,
            None => Over::Headers,
            Some(ahead) => {
                self.ahead.set(ahead);
                return Ok(());
            }
        };
        self.over.set(Some(over));
        Err(io::Error::other("more than may be"))
    }
}

/// Counts what is read of a file.
struct Counted {
    inner: File,
    meter: Rc<Meter>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.meter.used.set(self.meter.used.get() + count as u64);
        Ok(count)
    }
}

/// Unpacks until its meter stops it.
struct Guard {
    inner: Box<dyn Read>,
    meter: Rc<Meter>,
}

impl Read for Guard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.meter.add(buffer.get(..count).unwrap_or_default())?;
        Ok(count)
    }
}
