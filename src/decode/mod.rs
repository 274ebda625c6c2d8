//! Stage 1: source bytes → [`Page`]: the characters, the lines they stood in, and for each
//! character the source bytes that it was read from.
//!
//! One file per format; [`encoding`] says how bytes become characters, [`text`] how characters
//! become lines.

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
/// See [`DecodeError`]: an empty, too large, binary or mostly undecodable source. Single bytes
/// that do not decode are no error: they become U+FFFD and a diagnostic each.
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
