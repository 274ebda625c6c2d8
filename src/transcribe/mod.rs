//! Before stage 1: PDFs and images → what a program of the user's reads in them.
//!
//! `pdftotext` (poppler) gives the text of a PDF that has one; the pages of one that has none, and
//! images, go to an OCR program, tesseract unless another is named. What such a program prints is
//! decoded as any other source is, and it is what positions are counted in; the record says so.
//! [`program`] runs a program, [`command`] holds the command line of an OCR program.

pub mod command;
pub mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tempfile::TempDir;

use crate::base::{Diagnostic, Place, sha256};
use crate::decode::{
    self, DecodeError, Encoding, EncodingChoice, Facsimile, Format, FormatChoice, Options,
    Original, Page,
};
pub use command::{CommandLine, CommandLineError};
pub use program::ProgramError;

/// How long a program may take for a page where nothing else is asked for.
pub const LIMIT: Duration = Duration::from_secs(120);

/// How long it may take to say its version.
const VERSION_LIMIT: Duration = Duration::from_secs(10);

/// Dots an inch of the images that are made of the pages of a PDF.
const RESOLUTION: &str = "300";

/// What a program printed of a facsimile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// What it printed, the folder of the page's copy left out where it names it.
    pub bytes: Vec<u8>,
    /// How that is to be read.
    pub reading: Options,
    /// What it read, and its name and version.
    pub original: Original,
}

impl Transcript {
    /// Writes down in `page`, decoded from it, what it is of, and which pages of a PDF with text have
    /// none: they may be images, which nobody read.
    pub fn sign(&self, page: &mut Page<'_>) {
        for file in &mut page.files {
            file.original = Some(self.original.clone());
        }
        if self.original.kind != Facsimile::Pdf || page.file().format != Format::Xhtml {
            return;
        }
        let full: BTreeSet<usize> = page.words.iter().map(|w| w.sheet as usize).collect();
        let empty: Vec<String> = (0..page.sheets.len())
            .filter(|sheet| !full.contains(sheet))
            .map(|sheet| (sheet + 1).to_string())
            .collect();
        if !empty.is_empty() {
            let message = format!(
                "the PDF has no text on page {} of {}: if there is some to be seen, take it out as an \
                 image, for OCR",
                empty.join(", "),
                page.sheets.len()
            );
            let code = "page-without-text";
            page.diagnostics
                .push(Diagnostic::warning(code, message, Place::Whole));
        }
    }
}

/// Why a facsimile could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TranscribeError {
    /// A program failed.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// A program failed on one page of several.
    #[error("page {number} of {pages}: {error}")]
    Page {
        /// From 1.
        number: usize,
        /// How many there are.
        pages: usize,
        /// What went wrong with it.
        error: ProgramError,
    },
    /// There is no OCR program.
    #[error(
        "it is {what}, which only OCR can read, and {missing}; or name another OCR program with \
         --ocr COMMAND"
    )]
    NoEngine {
        /// What it is.
        what: &'static str,
        /// What was looked for.
        missing: ProgramError,
    },
    /// A PDF without a page.
    #[error("pdftotext finds no page in it: it seems to be damaged or empty")]
    NoPages,
    /// What an OCR program printed of one page is not to be read.
    #[error("page {number} of {pages}: what {program} printed of it: {error}")]
    Garbled {
        /// From 1.
        number: usize,
        /// How many there are.
        pages: usize,
        /// The program.
        program: String,
        /// What is wrong with it.
        error: DecodeError,
    },
    /// What was printed of several pages cannot stand in one file.
    #[error(
        "it has {pages} pages without text, and what {program} prints of each ({format}) cannot \
         stand in one file: let it print hOCR or plain text, or give it the pages one by one"
    )]
    Apart {
        /// How many there are.
        pages: usize,
        /// The program.
        program: String,
        /// What it prints.
        format: Format,
    },
    /// No place for the copy that programs read.
    #[error("a copy of it for the program could not be written: {0}")]
    Copy(#[from] io::Error),
}

/// Has facsimiles read by programs.
#[derive(Debug)]
pub struct Transcriber {
    ocr: CommandLine,
    limit: Duration,
    /// What programs say of themselves, by their names.
    versions: Mutex<BTreeMap<String, String>>,
}

impl Default for Transcriber {
    fn default() -> Self {
        Self::new(CommandLine::default(), LIMIT)
    }
}

impl Transcriber {
    /// Has images read by `ocr`, each page in at most `limit`.
    #[must_use]
    pub fn new(ocr: CommandLine, limit: Duration) -> Self {
        Self {
            ocr,
            limit,
            versions: Mutex::default(),
        }
    }

    /// What a program reads in `bytes`; none when they are no facsimile. `reading` says how what an
    /// OCR program prints is to be read.
    ///
    /// # Errors
    /// See [`TranscribeError`].
    pub fn transcript(
        &self,
        bytes: &[u8],
        reading: Options,
    ) -> Result<Option<Transcript>, TranscribeError> {
        let Some(kind) = Facsimile::of(bytes) else {
            return Ok(None);
        };
        let desk = Desk::new(kind, bytes)?;
        let (bytes_read, reading, program) = match kind {
            Facsimile::Pdf => self.pdf(&desk, reading)?,
            Facsimile::Png | Facsimile::Jpeg | Facsimile::Tiff => {
                let printed = self.ocr(&desk.page);
                let printed = printed.map_err(|error| without_engine(error, "an image"))?;
                let printed = desk.cleared(&printed);
                if is_blank(&printed) {
                    return Err(self.silent().into());
                }
                (printed, reading, self.engine())
            }
        };
        Ok(Some(Transcript {
            bytes: bytes_read,
            reading,
            original: Original {
                kind,
                bytes: bytes.len() as u64,
                sha256: sha256(bytes),
                program,
            },
        }))
    }

    /// The program with its version that is here for one which read a facsimile of this kind once,
    /// in the words of [`Original::program`].
    #[must_use]
    pub fn counterpart(&self, kind: Facsimile, program: &str) -> String {
        match kind {
            Facsimile::Pdf if program.starts_with("pdftotext") => self.pdftotext(),
            Facsimile::Pdf => self.engine_on_pdf(),
            Facsimile::Png | Facsimile::Jpeg | Facsimile::Tiff => self.engine(),
        }
    }

    /// The text of a PDF or, where it has none, what OCR reads in its pages.
    fn pdf(
        &self,
        desk: &Desk,
        reading: Options,
    ) -> Result<(Vec<u8>, Options, String), TranscribeError> {
        let arguments = ["-bbox-layout".into(), desk.page.clone().into(), "-".into()];
        let xhtml = program::run("pdftotext", &arguments, self.limit)?.out;
        let count = |tag: &str| memchr::memmem::find_iter(&xhtml, tag).count();
        if count("<word ") > 0 {
            let reading = Options {
                encoding: EncodingChoice::Forced(Encoding::Utf8),
                format: FormatChoice::Forced(Format::Xhtml),
            };
            return Ok((xhtml, reading, self.pdftotext()));
        }
        let pages = match count("<page ") {
            0 => return Err(TranscribeError::NoPages),
            pages => pages,
        };
        let mut printed = Vec::new();
        for number in 1..=pages {
            let image = desk.image(number, self.limit);
            let read = image.and_then(|image| self.ocr(&image));
            printed.push(desk.cleared(&read.map_err(|error| {
                match without_engine(error, "a PDF without text") {
                    TranscribeError::Program(error) => TranscribeError::Page {
                        number,
                        pages,
                        error,
                    },
                    other => other,
                }
            })?));
        }
        if printed.iter().all(|page| is_blank(page)) {
            return Err(self.silent().into());
        }
        Ok((
            self.together(&printed, reading)?,
            reading,
            self.engine_on_pdf(),
        ))
    }

    /// What was printed of each page, one behind the other.
    fn together(&self, printed: &[Vec<u8>], reading: Options) -> Result<Vec<u8>, TranscribeError> {
        let pages = printed.len();
        let mut between: &[u8] = b"";
        for (i, page) in printed.iter().enumerate().filter(|_| pages > 1) {
            let program = || self.ocr.program.clone();
            let format = match decode::format_of(page, reading) {
                Ok(format) => format,
                Err(DecodeError::Empty) => continue,
                Err(error) => {
                    return Err(TranscribeError::Garbled {
                        number: i + 1,
                        pages,
                        program: program(),
                        error,
                    });
                }
            };
            between = match format {
                Format::Hocr => b"\n",
                Format::Text => b"\x0C",
                _ => {
                    return Err(TranscribeError::Apart {
                        pages,
                        program: program(),
                        format,
                    });
                }
            };
        }
        Ok(printed.join(between))
    }

    fn ocr(&self, image: &Path) -> Result<Vec<u8>, ProgramError> {
        program::run(&self.ocr.program, &self.ocr.on(image), self.limit).map(|printed| printed.out)
    }

    fn silent(&self) -> ProgramError {
        ProgramError::Silent {
            program: self.ocr.program.clone(),
        }
    }

    fn pdftotext(&self) -> String {
        self.version("pdftotext", "-v")
    }

    fn engine(&self) -> String {
        self.version(&self.ocr.program, "--version")
    }

    /// The images that the engine sees are another program's work.
    fn engine_on_pdf(&self) -> String {
        format!("{}, {}", self.engine(), self.version("pdftoppm", "-v"))
    }

    /// Name and version of `program`, as it says when it is asked with `flag`.
    fn version(&self, program: &str, flag: &str) -> String {
        let mut versions = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        let known = versions.entry(program.to_owned());
        let asked = || {
            let name = Path::new(program).file_stem().unwrap_or_default();
            let name = name.to_string_lossy();
            match program::run(program, &[flag.into()], VERSION_LIMIT) {
                Ok(printed) => named(&name, &printed),
                Err(ProgramError::Missing { .. }) => format!("no {name}"),
                Err(_) => unknown(&name),
            }
        };
        known.or_insert_with(asked).clone()
    }
}

/// `error`, which says more where there is no engine to read `what`.
fn without_engine(error: ProgramError, what: &'static str) -> TranscribeError {
    match &error {
        ProgramError::Missing { program } if program != "pdftoppm" => TranscribeError::NoEngine {
            what,
            missing: error,
        },
        _ => error.into(),
    }
}

/// The first line that a program says of itself, with its name before it.
fn named(name: &str, printed: &program::Printed) -> String {
    const MOST: usize = 80;
    let said = [&printed.out, &printed.err]
        .into_iter()
        .map(|bytes| String::from_utf8_lossy(bytes))
        .find_map(|text| {
            let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            lines.next().map(str::to_owned)
        });
    let said: String = said.unwrap_or_default().chars().take(MOST).collect();
    let rest = said.strip_prefix(name).unwrap_or(&said).trim_start();
    let version = rest.strip_prefix("version ").unwrap_or(rest);
    if version.is_empty() {
        unknown(name)
    } else {
        format!("{name} {version}")
    }
}

/// What a program is called that does not say its version.
fn unknown(name: &str) -> String {
    format!("{name}, version not known")
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.trim_ascii().is_empty()
}

/// A folder with a copy of the page, under a name that programs know what to do with.
struct Desk {
    folder: TempDir,
    page: PathBuf,
}

impl Desk {
    fn new(kind: Facsimile, bytes: &[u8]) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("gongbao-").tempdir()?;
        let page = folder.path().join("page").with_extension(kind.extension());
        fs::write(&page, bytes)?;
        Ok(Self { folder, page })
    }

    /// An image of page `number` of the PDF.
    fn image(&self, number: usize, limit: Duration) -> Result<PathBuf, ProgramError> {
        let stem = self.folder.path().join(format!("page-{number}"));
        let number = number.to_string();
        let mut arguments: Vec<OsString> = ["-r", RESOLUTION, "-png", "-singlefile"]
            .into_iter()
            .chain(["-f", &number, "-l", &number])
            .map(OsString::from)
            .collect();
        arguments.extend([self.page.clone().into(), stem.clone().into()]);
        program::run("pdftoppm", &arguments, limit)?;
        Ok(stem.with_extension("png"))
    }

    /// `printed` without the name of the folder, which is another one each time.
    fn cleared(&self, printed: &[u8]) -> Vec<u8> {
        let mut name = self.folder.path().as_os_str().as_encoded_bytes().to_vec();
        name.push(std::path::MAIN_SEPARATOR as u8);
        let mut out = Vec::with_capacity(printed.len());
        let mut from = 0;
        for at in memchr::memmem::find_iter(printed, &name) {
            out.extend_from_slice(printed.get(from..at).unwrap_or_default());
            from = at + name.len();
        }
        out.extend_from_slice(printed.get(from..).unwrap_or_default());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(out: &str, err: &str) -> program::Printed {
        program::Printed {
            out: out.into(),
            err: err.into(),
        }
    }

    #[test]
    fn versions_as_programs_say_them() {
        for (name, printed, want) in [
            (
                "pdftotext",
                said("", "pdftotext version 22.12.0\nCopyright\n"),
                "pdftotext 22.12.0",
            ),
            (
                "tesseract",
                said("\ntesseract 5.3.0\n leptonica\n", ""),
                "tesseract 5.3.0",
            ),
            ("ocr", said("Python 3.11.2\n", ""), "ocr Python 3.11.2"),
            ("ocr", said("", ""), "ocr, version not known"),
        ] {
            assert_eq!(named(name, &printed), want);
        }
        let transcriber = Transcriber::new("no-such-ocr {}".parse().unwrap(), LIMIT);
        assert_eq!(
            transcriber.counterpart(Facsimile::Png, ""),
            "no no-such-ocr"
        );
    }

    #[test]
    fn the_folder_of_the_copy_does_not_stay() {
        let desk = Desk::new(Facsimile::Png, b"").unwrap();
        let page = desk.page.to_string_lossy();
        let printed = format!("image \"{page}\"; {page}");
        let cleared = desk.cleared(printed.as_bytes());
        assert_eq!(cleared, b"image \"page.png\"; page.png");
    }

    #[test]
    fn text_is_no_facsimile() {
        let found = Transcriber::default().transcript("户数12".as_bytes(), Options::default());
        assert!(matches!(found, Ok(None)), "{found:?}");
    }
}
