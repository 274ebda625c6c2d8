//! Stage 1: source bytes → [`Page`]: the characters, the lines they stood in, and for each
//! character the source bytes that it was read from.
//!
//! One file per format. `detect` says which encoding the bytes are in, [`encoding`] how they become
//! characters, [`text`] how characters become lines.

pub mod byte_map;
mod detect;
pub mod encoding;
pub mod text;

use std::borrow::Cow;

use serde::Serialize;

use crate::base::{Diagnostic, Span};
pub use byte_map::ByteMap;
pub use encoding::{Encoding, EncodingChoice};

/// The largest source that is read, in bytes (1 GiB): every offset fits 32 bits, UTF-8 being at
/// most 3 bytes for 1.
pub const MAX_BYTES: usize = 1 << 30;

/// How the source is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Lines of plain text.
    Text,
}

impl Format {
    /// The name in the JSON: `text`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
        }
    }
}

/// A page as decoded: nothing interpreted, nothing dropped.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    /// Name as given, with `/` separators.
    pub name: String,
    /// How the source is laid out.
    pub format: Format,
    /// Name of the character encoding: `UTF-8`, `GB18030`, `Big5`, `UTF-16LE`, `UTF-16BE`.
    pub encoding: &'static str,
    /// The source bytes.
    pub bytes: &'a [u8],
    /// All characters of the source, line ends included, a byte order mark left out. Each byte
    /// that does not decode is one U+FFFD. Borrowed from `bytes` where they are UTF-8 throughout.
    pub text: Cow<'a, str>,
    /// From `text` back to `bytes`.
    pub map: ByteMap,
    /// The lines in the order in which they are to be read, their ends left out.
    pub lines: Vec<Line>,
    /// Number of lines of the source, blank ones counted.
    pub line_count: u32,
    /// What did not decode.
    pub diagnostics: Vec<Diagnostic>,
}

/// One line of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Where it stands in [`Page::text`], without its line end.
    pub span: Span,
    /// Line number in the source, from 1. Form feeds end a line but do not count one, as in
    /// editors.
    pub number: u32,
    /// True when a form feed stands between this line and the one before.
    pub new_page: bool,
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

/// Reads `bytes` as a page called `name`.
///
/// # Errors
/// See [`DecodeError`]: an empty, too large, binary or mostly undecodable source. A few bytes that
/// do not decode are no error: each becomes one U+FFFD, and each stretch of them a diagnostic.
///
/// ```
/// use gongbao::decode::{decode, EncodingChoice};
/// let page = decode("a.txt", "产值\r\n12亿元\n".as_bytes(), EncodingChoice::Detect)?;
/// assert_eq!(page.encoding, "UTF-8");
/// assert_eq!(page.lines.len(), 2);
/// assert_eq!(page.lines[1].span.of(&page.text), "12亿元");
/// # Ok::<(), gongbao::decode::DecodeError>(())
/// ```
pub fn decode<'a>(
    name: &str,
    bytes: &'a [u8],
    choice: EncodingChoice,
) -> Result<Page<'a>, DecodeError> {
    if bytes.len() > MAX_BYTES {
        return Err(DecodeError::TooLarge { bytes: bytes.len() });
    }
    let decoded = encoding::decode(bytes, choice)?;
    let (lines, line_count) = text::lines(&decoded.text);
    if lines
        .iter()
        .all(|line| line.span.of(&decoded.text).trim().is_empty())
    {
        return Err(DecodeError::Empty);
    }
    Ok(Page {
        name: name.replace('\\', "/"),
        format: Format::Text,
        encoding: decoded.encoding,
        bytes,
        text: decoded.text,
        map: decoded.map,
        lines,
        line_count,
        diagnostics: decoded.diagnostics,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str =
        "一、農業\r\n糧食總產量12.6萬公噸，\r比上年增長3.4%。\n\n\u{C}二、工業\n總產值8200萬元";

    fn read(bytes: &[u8]) -> Result<Page<'_>, DecodeError> {
        decode("dir\\a.txt", bytes, EncodingChoice::Detect)
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
        assert_eq!(want.name, "dir/a.txt");
        for (encoding, bytes) in &sources {
            let page = read(bytes).unwrap();
            assert_eq!(page.encoding, *encoding);
            assert_eq!(page.text, PAGE);
            assert_eq!((&page.lines, page.line_count), (&want.lines, 6));
            assert_eq!(page.diagnostics, []);
            // the bytes of each line, read alone
            let choice = encoding.parse().unwrap();
            for line in page.lines.iter().filter(|line| !line.span.is_empty()) {
                let source = page.map.source_of(line.span);
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
