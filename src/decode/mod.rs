//! Stage 1: source bytes → [`Page`]: the characters, the lines they stood in, and for each
//! character the source bytes that it was read from; where the format has them, boxes and
//! confidences of words.
//!
//! One file per format. `detect` says which encoding the bytes are in and [`format`](mod@format) which format,
//! [`encoding`] how they become characters, the file of the format how characters become lines and
//! words.

mod abbyy;
mod alto;
mod append;
mod build;
pub mod byte_map;
mod detect;
pub mod encoding;
pub mod facsimile;
pub mod format;
pub mod geometry;
mod hocr;
mod json;
mod layout;
pub mod mets;
mod page_xml;
mod rapidocr;
mod structure;
pub mod text;
mod tsv;
mod xhtml;
mod xml;

use std::borrow::Cow;
use std::ops::Range;

use crate::base::{Diagnostic, Place, Span};
use crate::record::{Metadatum, PartRole};
pub use append::AppendError;
pub use byte_map::ByteMap;
pub use encoding::{Encoding, EncodingChoice};
pub use facsimile::{Facsimile, Original};
pub use format::{Format, FormatChoice};
pub use geometry::{Bbox, Confidence, Sheet, Unit};

/// The largest source that is read, in bytes (1 GiB): every offset fits 32 bits, UTF-8 being at
/// most 3 bytes for 1.
pub const MAX_BYTES: usize = 1 << 30;

/// How a source is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// In which encoding.
    pub encoding: EncodingChoice,
    /// In which format.
    pub format: FormatChoice,
}

impl From<EncodingChoice> for Options {
    fn from(encoding: EncodingChoice) -> Self {
        Self {
            encoding,
            ..Self::default()
        }
    }
}

/// A page as decoded: nothing interpreted, nothing dropped.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    /// Where the characters come from, in the order of [`Page::text`]; one file but for stitched
    /// articles and pages that were read twice. Never empty.
    pub files: Vec<SourceFile<'a>>,
    /// All characters of the source, line ends included, a byte order mark and mark-up left out.
    /// Each byte that does not decode is one U+FFFD. Borrowed from the source where that is plain
    /// text in UTF-8 throughout. In the order of the source; [`Page::lines`] may have another.
    pub text: Cow<'a, str>,
    /// The lines in the order in which the source has them or says that they are to be read, their
    /// ends left out.
    pub lines: Vec<Line>,
    /// The words of formats with boxes, in the order of `text`; empty for plain text.
    pub words: Vec<Word>,
    /// The printed pages of formats with boxes; empty for plain text. Where files of both kinds were
    /// put together, plain text has one without size.
    pub sheets: Vec<Sheet>,
    /// What did not decode.
    pub diagnostics: Vec<Diagnostic>,
}

/// A file that a page was read from.
#[derive(Debug, Clone)]
pub struct SourceFile<'a> {
    /// Name as given, with `/` separators.
    pub name: String,
    /// How it is laid out.
    pub format: Format,
    /// Name of the character encoding: `UTF-8`, `GB18030`, `Big5`, `UTF-16LE`, `UTF-16BE`.
    pub encoding: &'static str,
    /// Program that wrote it, where it says so: `tesseract 5.3.0`.
    pub writer: Option<String>,
    /// What it is to the first file of the page; none for that one.
    pub role: Option<PartRole>,
    /// The PDF or image that a program read, for sources that are what it printed.
    pub original: Option<Original>,
    /// What was known of it beside its bytes; nothing as it is decoded.
    pub metadata: Vec<Metadatum>,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// First byte of [`Page::text`] that comes from it.
    pub start: u32,
    /// From its part of `text` (counted from `start`) back to `bytes`.
    pub map: ByteMap,
    /// First byte of each of its lines, blank ones counted.
    pub line_starts: Vec<u32>,
    /// Which of [`Page::sheets`] are its printed pages; none of plain text.
    pub sheets: Range<u32>,
}

/// One line of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Where it stands in [`Page::text`], without its line end.
    pub span: Span,
    /// Line number in the source, from 1. Form feeds end a line but do not count one, as in
    /// editors.
    pub number: u32,
    /// True when a form feed or a new printed page stands between this line and the one before.
    pub new_page: bool,
    /// Index into [`Page::sheets`]; 0 where there is none.
    pub sheet: u32,
    /// Which block of the format it stands in, counted over the page; 0 where it has none.
    pub block: u32,
    /// Its box; none for plain text.
    pub bbox: Option<Bbox>,
}

/// One word (or whatever the engine gives the next box to) of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Where it stands in [`Page::text`].
    pub span: Span,
    /// Index into [`Page::sheets`].
    pub sheet: u32,
    /// Its box; that of its line where the format has none for words.
    pub bbox: Option<Bbox>,
    /// How sure the engine is of it.
    pub confidence: Option<Confidence>,
}

impl<'a> Page<'a> {
    /// The first file, the only one as a rule.
    #[must_use]
    pub fn file(&self) -> &SourceFile<'a> {
        &self.files[0]
    }

    /// Index of the file that byte `offset` of the text comes from.
    #[must_use]
    pub fn file_at(&self, offset: u32) -> usize {
        self.files
            .partition_point(|f| f.start <= offset)
            .saturating_sub(1)
    }

    /// What file `index` alone has of the page, its text and spans as they are here.
    #[must_use]
    pub fn only(&self, index: usize) -> Page<'_> {
        let of_file = |span: Span| self.file_at(span.start) == index;
        Page {
            files: self.files.clone(),
            text: Cow::Borrowed(&self.text),
            lines: self
                .lines
                .iter()
                .filter(|l| of_file(l.span))
                .copied()
                .collect(),
            words: self
                .words
                .iter()
                .filter(|w| of_file(w.span))
                .copied()
                .collect(),
            sheets: self.sheets.clone(),
            diagnostics: Vec::new(),
        }
    }

    /// The printed pages of file `index`; empty for plain text.
    #[must_use]
    pub fn sheets_of(&self, index: usize) -> &[Sheet] {
        self.files
            .get(index)
            .and_then(|f| {
                self.sheets
                    .get(f.sheets.start as usize..f.sheets.end as usize)
            })
            .unwrap_or_default()
    }

    /// The contiguous stretches of source bytes that `span` of the text was decoded from, in order,
    /// each with the index of its file.
    #[must_use]
    pub fn source_of(&self, span: Span) -> Vec<(usize, Span)> {
        let mut out = Vec::new();
        self.sources_into(span, &mut out);
        out
    }

    /// The same behind those of `out`, joined with the last of them where they touch.
    pub fn sources_into(&self, span: Span, out: &mut Vec<(usize, Span)>) {
        let mut found = |file: usize, piece: Span| match out.last_mut() {
            Some((same, last)) if *same == file && last.end == piece.start => last.end = piece.end,
            _ => out.push((file, piece)),
        };
        let mut at = span.start;
        while at < span.end {
            let index = self.file_at(at);
            let end = self
                .files
                .get(index + 1)
                .map_or(span.end, |next| next.start.min(span.end));
            let file = &self.files[index];
            let local = Span { start: at, end }.relative_to(file.start);
            file.map.each_piece(local, |piece| found(index, piece));
            if end <= at {
                break;
            }
            at = end;
        }
    }

    /// The words that share characters with `span` of the text.
    #[must_use]
    pub fn words_in(&self, span: Span) -> &[Word] {
        let from = self.words.partition_point(|w| w.span.end <= span.start);
        let to = self.words.partition_point(|w| w.span.start < span.end);
        self.words.get(from..to).unwrap_or_default()
    }
}

impl SourceFile<'_> {
    /// Number of lines, blank ones counted.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        self.line_starts.len() as u32
    }

    /// The line, from 1, that source byte `byte` stands in.
    #[must_use]
    pub fn line_of(&self, byte: u32) -> u32 {
        self.line_starts.partition_point(|&s| s <= byte).max(1) as u32
    }
}

/// Why a source could not be read as a page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// No bytes, or nothing but white space.
    #[error("it is empty: expected the text of a page")]
    Empty,
    /// Larger than [`MAX_BYTES`].
    #[error("it has {bytes} bytes, more than the {MAX_BYTES} that are read: split it into pages")]
    TooLarge {
        /// Size found.
        bytes: usize,
    },
    /// Not text at all.
    #[error("it is no text: {why}; expected text in UTF-8, GB18030, Big5 or UTF-16")]
    Binary {
        /// What gave it away, with its byte offset.
        why: String,
    },
    /// Not of the format that it was said or seems to be.
    #[error("as {format}, line {line}, column {column}: {message}")]
    Malformed {
        /// The format it was read as.
        format: &'static str,
        /// Where, from 1.
        line: u32,
        /// Where, in characters from 1.
        column: u32,
        /// What was found, what was expected, what to do.
        message: String,
    },
    /// A container: the text is in other files.
    #[error(
        "it is METS, which holds no text but names the files that do: {}",
        named(pages)
    )]
    Container {
        /// The files that it names, see [`mets::pages`].
        pages: Vec<mets::PageFile>,
    },
    /// Text perhaps, but of no encoding that Chinese pages are in.
    #[error(
        "its encoding is not known: it reads like neither UTF-8, UTF-16, GB18030 nor Big5; \
         convert it to UTF-8, or name the right one with --encoding"
    )]
    UnknownEncoding,
    /// Too much of it does not decode.
    #[error(
        "{bad} of {bytes} bytes do not decode as {encoding} (first at byte {first}); \
         name the right one with --encoding"
    )]
    Undecodable {
        /// The encoding that was tried.
        encoding: &'static str,
        /// Bytes that do not decode.
        bad: usize,
        /// Size of the source.
        bytes: usize,
        /// Offset of the first of them.
        first: usize,
    },
}

/// Files of a container as an error shows them.
fn named(pages: &[mets::PageFile]) -> String {
    let hrefs: Vec<&str> = pages.iter().take(3).map(|p| p.href.as_str()).collect();
    match pages.len() {
        0 => "none that is ALTO, PAGE XML or other text".to_owned(),
        1..=3 => hrefs.join(", "),
        n => format!("{} and {} more", hrefs.join(", "), n - 3),
    }
}

/// The format of `bytes`: the one that `options` force, else what they look like.
///
/// # Errors
/// See [`DecodeError`]: what cannot be decoded has none.
pub fn format_of(bytes: &[u8], options: impl Into<Options>) -> Result<Format, DecodeError> {
    let options = options.into();
    match options.format {
        FormatChoice::Forced(format) => Ok(format),
        FormatChoice::Detect => {
            let decoded = encoding::decode(bytes, options.encoding)?;
            Ok(format::detect(&decoded.text))
        }
    }
}

/// Reads `bytes` as a page called `name`.
///
/// # Errors
/// See [`DecodeError`]: an empty, too large, binary or mostly undecodable source, or one that is
/// not of its format. A few bytes that do not decode are no error: each becomes one U+FFFD, and
/// each stretch of them a diagnostic. Nor is a file that breaks off: what is whole is read, and a
/// diagnostic says where it ends.
///
/// ```
/// use gongbao::decode::{decode, Options};
/// let page = decode("a.txt", "产值\r\n12亿元\n".as_bytes(), Options::default())?;
/// assert_eq!(page.file().encoding, "UTF-8");
/// assert_eq!(page.lines.len(), 2);
/// assert_eq!(page.lines[1].span.of(&page.text), "12亿元");
/// # Ok::<(), gongbao::decode::DecodeError>(())
/// ```
pub fn decode<'a>(
    name: &str,
    bytes: &'a [u8],
    options: impl Into<Options>,
) -> Result<Page<'a>, DecodeError> {
    if bytes.len() > MAX_BYTES {
        return Err(DecodeError::TooLarge { bytes: bytes.len() });
    }
    let options = options.into();
    let decoded = encoding::decode(bytes, options.encoding)?;
    let format = match options.format {
        FormatChoice::Detect => format::detect(&decoded.text),
        FormatChoice::Forced(format) => format,
    };
    let page = read(format, decoded, name.replace('\\', "/"), bytes)?;
    let blank = |line: &Line| line.span.of(&page.text).trim().is_empty();
    if page.lines.iter().all(blank) {
        return Err(DecodeError::Empty);
    }
    Ok(page)
}

/// Reads what was decoded as `format`.
fn read<'a>(
    format: Format,
    decoded: encoding::Decoded<'a>,
    name: String,
    bytes: &'a [u8],
) -> Result<Page<'a>, DecodeError> {
    let lines = text::lines(&decoded.text);
    let mut file = SourceFile {
        name,
        format,
        encoding: decoded.encoding,
        writer: None,
        role: None,
        original: None,
        metadata: Vec::new(),
        bytes,
        start: 0,
        map: ByteMap::default(),
        line_starts: text::line_starts(&lines, &decoded),
        sheets: 0..0,
    };
    let reader: fn(&mut build::Builder<'_>) -> Result<(), DecodeError> = match format {
        Format::Text | Format::Layout => {
            let laid = match format {
                Format::Layout => layout::read(&decoded.text),
                _ => layout::Laid::plain(lines),
            };
            file.map = decoded.map;
            file.sheets = 0..laid.sheets.len() as u32;
            return Ok(Page {
                files: vec![file],
                text: decoded.text,
                lines: laid.lines,
                words: laid.words,
                sheets: laid.sheets,
                diagnostics: decoded.diagnostics,
            });
        }
        Format::Abbyy => abbyy::read,
        Format::Alto => alto::read,
        Format::Hocr => hocr::read,
        Format::Mets => mets::read,
        Format::PageXml => page_xml::read,
        Format::RapidOcr | Format::Structure => rapidocr::read,
        Format::Tsv => tsv::read,
        Format::Xhtml => xhtml::read,
    };
    let mut builder = build::Builder::new(&decoded);
    reader(&mut builder)?;
    let mut page = builder.page(file);
    // What did not decode stands in the source, which is not the text of the page.
    let undecoded = decoded.diagnostics.into_iter().map(|d| Diagnostic {
        place: Place::Whole,
        ..d
    });
    page.diagnostics.splice(0..0, undecoded);
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str =
        "一、農業\r\n糧食總產量12.6萬公噸，\r比上年增長3.4%。\n\n\u{C}二、工業\n總產值8200萬元";

    fn read(bytes: &[u8]) -> Result<Page<'_>, DecodeError> {
        decode("dir\\a.txt", bytes, Options::default())
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn one_page_in_every_encoding() {
        let marked = format!("\u{FEFF}{PAGE}");
        let sources = [
            ("UTF-8", PAGE.into()),
            ("UTF-8", marked.as_bytes().to_vec()),
            ("GB18030", encoding_rs::GB18030.encode(PAGE).0.into_owned()),
            ("Big5", encoding_rs::BIG5.encode(PAGE).0.into_owned()),
            ("UTF-16LE", utf16(PAGE, u16::to_le_bytes)),
            ("UTF-16BE", utf16(PAGE, u16::to_be_bytes)),
            ("UTF-16LE", utf16(&marked, u16::to_le_bytes)),
            ("UTF-16BE", utf16(&marked, u16::to_be_bytes)),
        ];
        let want = read(PAGE.as_bytes()).unwrap();
        assert_eq!(want.file().name, "dir/a.txt");
        for (encoding, bytes) in &sources {
            let page = read(bytes).unwrap();
            assert_eq!(page.file().encoding, *encoding);
            assert_eq!(page.text, PAGE);
            assert_eq!((&page.lines, page.file().line_count()), (&want.lines, 6));
            assert_eq!(page.diagnostics, []);
            // the bytes of each line, read alone
            let choice: EncodingChoice = encoding.parse().unwrap();
            for line in page.lines.iter().filter(|line| !line.span.is_empty()) {
                let source = page.source_of(line.span)[0].1;
                let alone = decode("line", &bytes[source.range()], choice).unwrap();
                assert_eq!(alone.text, line.span.of(&page.text));
            }
        }
    }

    #[test]
    fn empty() {
        for bytes in [
            &b""[..],
            b" \r\n\t\x0C\n",
            b"\xEF\xBB\xBF",
            b"\xFF\xFE\x20\0\x0A\0",
            "\u{3000}\n".as_bytes(),
        ] {
            assert_eq!(read(bytes).err(), Some(DecodeError::Empty), "{bytes:?}");
        }
    }

    #[test]
    fn errors_say_what_to_do() {
        let gbk = encoding_rs::GBK.encode("本区财政收入稳步增长").0;
        let utf8 = EncodingChoice::Forced(Encoding::Utf8);
        for (error, want) in [
            (read(b"%PDF-1.7\n").unwrap_err(), "extract its text first"),
            (read(b"12\0\x01\x02").unwrap_err(), "a NUL byte at byte 2"),
            (decode("a", &gbk, utf8).unwrap_err(), "with --encoding"),
            (read(b"\n").unwrap_err(), "expected the text of a page"),
        ] {
            assert!(error.to_string().contains(want), "{error}");
        }
    }
}
