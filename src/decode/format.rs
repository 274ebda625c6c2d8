//! Which format a source is in, from what it says.

use std::fmt;
use std::str::FromStr;

use super::xml::{self, Element};
use super::{hocr, layout, rapidocr, structure, tsv, xhtml};

/// How a source is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Lines of plain text.
    Text,
    /// ABBYY FineReader's XML, 6 to 10.
    Abbyy,
    /// ALTO XML 1 to 4.
    Alto,
    /// hOCR 1.2.
    Hocr,
    /// Text in columns parted by blanks: `pdftotext -layout`.
    Layout,
    /// METS, which holds no page but names the files that do.
    Mets,
    /// PAGE XML, 2009 and later.
    PageXml,
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
    pub const ALL: [Self; 11] = [
        Self::Text,
        Self::Abbyy,
        Self::Alto,
        Self::Hocr,
        Self::Layout,
        Self::Mets,
        Self::PageXml,
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
            Self::Abbyy => "abbyy",
            Self::Alto => "alto",
            Self::Hocr => "hocr",
            Self::Layout => "layout",
            Self::Mets => "mets",
            Self::PageXml => "page",
            Self::RapidOcr => "rapidocr",
            Self::Structure => "structure",
            Self::Tsv => "tsv",
            Self::Xhtml => "xhtml",
        }
    }

    /// What it is called among people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Text => "lines of plain text",
            Self::Abbyy => "XML of ABBYY FineReader",
            Self::Alto => "ALTO XML",
            Self::Hocr => "hOCR",
            Self::Layout => "text in columns, as of pdftotext -layout",
            Self::Mets => "METS, whose page files are read in its order",
            Self::PageXml => "PAGE XML",
            Self::RapidOcr => "JSON of RapidOCR or PaddleOCR",
            Self::Structure => "JSON of PP-StructureV3",
            Self::Tsv => "TSV of tesseract",
            Self::Xhtml => "XHTML of pdftotext -bbox-layout",
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
const SAMPLE: usize = 1 << 16;

/// The format of `text`; plain text when it is none of the others.
pub(super) fn detect(text: &str) -> Format {
    let start = text.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']);
    let mut end = start.len().min(SAMPLE);
    while !start.is_char_boundary(end) {
        end -= 1;
    }
    let start = &start[..end];
    if start.starts_with('<') {
        return of_elements(start).unwrap_or(Format::Text);
    }
    let json = start.starts_with(['[', '{']);
    if json && structure::looks_like(text) {
        Format::Structure
    } else if json && rapidocr::looks_like(text) {
        Format::RapidOcr
    } else if tsv::looks_like(start) {
        Format::Tsv
    } else if layout::looks_like(text) {
        Format::Layout
    } else {
        Format::Text
    }
}

/// The format of mark-up, from its root or else from the first element that only one format has.
fn of_elements(text: &str) -> Option<Format> {
    let mut elements = xml::elements(text);
    let root = elements.next()?;
    let is_abbyy = |root: &Element<'_>| {
        let namespace = root.namespace().unwrap_or_default();
        namespace.to_ascii_lowercase().contains("abbyy")
    };
    match root.name {
        "alto" => return Some(Format::Alto),
        "document" if is_abbyy(&root) => return Some(Format::Abbyy),
        "mets" => return Some(Format::Mets),
        "PcGts" => return Some(Format::PageXml),
        _ => {}
    }
    [root].into_iter().chain(elements).find_map(|element| {
        if hocr::is_of(&element) {
            return Some(Format::Hocr);
        }
        xhtml::is_of(&element).then_some(Format::Xhtml)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_root_and_elements() {
        for (text, want) in [
            (
                "<alto xmlns='http://www.loc.gov/standards/alto/ns-v3#'><Layout/>",
                Format::Alto,
            ),
            (
                "\u{FEFF}<?xml version='1.0'?>\n<!-- <html class='ocr_page'> -->\n<a:alto>",
                Format::Alto,
            ),
            (
                "<!DOCTYPE alto [<!ENTITY mets '<mets>'>]><?x <mets>?><alto/>",
                Format::Alto,
            ),
            (
                "<PcGts xmlns='http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15'>",
                Format::PageXml,
            ),
            ("<pc:PcGts xmlns:pc='x'>", Format::PageXml),
            (
                "<document xmlns='http://www.abbyy.com/FineReader_xml/FineReader10-schema-v1.xml'>",
                Format::Abbyy,
            ),
            (
                "<document xmlns='http://example.org/'><page/></document>",
                Format::Text,
            ),
            (
                "<mets:mets xmlns:mets='http://www.loc.gov/METS/'>",
                Format::Mets,
            ),
            ("<html><body><div class='ocr_page'>", Format::Hocr),
            (
                "<HTML><HEAD><META NAME=ocr-system CONTENT=x></HEAD>",
                Format::Hocr,
            ),
            ("<div class='ocr_page' title='bbox 0 0 1 1'>", Format::Hocr),
            (
                "<html><body><doc><page width='1' height='2'>",
                Format::Xhtml,
            ),
            ("<html><body><word xMin='1'>", Format::Xhtml),
            ("<html><body><p>ocr_page, ocr_line, xMin=</p>", Format::Text),
            ("<关于ocr_page的通知>\n全县…", Format::Text),
            ("<5% 的企业 ocr_line", Format::Text),
            ("a <alto>", Format::Text),
            ("<", Format::Text),
            ("", Format::Text),
        ] {
            assert_eq!(detect(text), want, "{text}");
        }
    }

    #[test]
    fn names() {
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(FormatChoice::Forced(format)));
        }
        let error = "docx".parse::<FormatChoice>().unwrap_err();
        assert!(error.to_string().contains("abbyy, alto, hocr"), "{error}");
    }
}
