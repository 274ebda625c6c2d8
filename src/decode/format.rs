//! Which format a source is in, from what it says.

use std::fmt;
use std::str::FromStr;

/// How a source is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Lines of plain text.
    Text,
    /// hOCR 1.2.
    Hocr,
    /// Text in columns parted by blanks: `pdftotext -layout`.
    Layout,
    /// What RapidOCR and PaddleOCR write: boxes with text and score, as JSON.
    RapidOcr,
    /// JSON of PP-StructureV3: blocks in reading order.
    Structure,
    /// `tesseract … tsv`.
    Tsv,
    /// `pdftotext -bbox-layout`.
    Xhtml,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Text,
        Self::Hocr,
        Self::Layout,
        Self::RapidOcr,
        Self::Structure,
        Self::Tsv,
        Self::Xhtml,
    ];

    /// The name in the JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Hocr => "hocr",
            Self::Layout => "layout",
            Self::RapidOcr => "rapidocr",
            Self::Structure => "structure",
            Self::Tsv => "tsv",
            Self::Xhtml => "xhtml",
        }
    }
}

/// Which format to read a source in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FormatChoice {
    /// Find out from what it says.
    #[default]
    Detect,
    /// This one, whatever it looks like.
    Forced(Format),
}

/// A name that is no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no format that is read; expected one of auto, {names}", names = names())]
pub struct UnknownFormat(String);

fn names() -> String {
    Format::ALL.map(Format::name).join(", ")
}

impl FromStr for FormatChoice {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let wanted = name.trim().to_ascii_lowercase();
        if wanted == "auto" {
            return Ok(Self::Detect);
        }
        let mut all = Format::ALL.into_iter();
        let found = all.find(|format| format.name() == wanted);
        found
            .map(Self::Forced)
            .ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How much of a source is looked at, in bytes.
const SAMPLE: usize = 1 << 14;

/// The format of `text`; plain text when it is none of the others.
pub(super) fn detect(text: &str) -> Format {
    let start = text.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']);
    let mut end = start.len().min(SAMPLE);
    while !start.is_char_boundary(end) {
        end -= 1;
    }
    let start = &start[..end];
    if start.starts_with('<') {
        let has = |needle: &str| start.contains(needle);
        if has("ocr_page") || has("ocr-system") || has("ocr_line") {
            return Format::Hocr;
        }
        if has("<doc>") && has("<page ") || has("xMin=") {
            return Format::Xhtml;
        }
    } else if start.starts_with(['[', '{']) && super::structure::looks_like(text) {
        return Format::Structure;
    } else if start.starts_with(['[', '{']) && super::rapidocr::looks_like(text) {
        return Format::RapidOcr;
    } else if super::tsv::looks_like(start) {
        return Format::Tsv;
    } else if super::layout::looks_like(text) {
        return Format::Layout;
    }
    Format::Text
}
