//! The files that a record was read from, as they are shown: their text with its lines, the places in it that
//! the record names, and the boxes of formats that have them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;

use crate::base::{CodePointIndex, Span};
use crate::decode::{Bbox, Facsimile, Format, Page, Sheet};
use crate::record::{Record, Source};
use crate::validate::{RecordFile, replay};

/// A file that a record was read from; of a PDF or image, what a program printed of it.
#[derive(Debug, Clone)]
pub struct Original {
    /// Its bytes, or why they are not here.
    pub bytes: Result<Vec<u8>, String>,
    /// A picture of the page, of a kind that browsers show: PNG or JPEG.
    pub picture: Option<Vec<u8>>,
}

impl Original {
    /// One without picture.
    #[must_use]
    pub fn of(bytes: Vec<u8>) -> Self {
        Self {
            bytes: Ok(bytes),
            picture: None,
        }
    }

    /// One that is not here.
    #[must_use]
    pub fn missing(why: String) -> Self {
        Self {
            bytes: Err(why),
            picture: None,
        }
    }
}

/// A file as it is shown. Positions are code points of `text`.
#[derive(Debug, Serialize)]
pub(super) struct File {
    name: String,
    format: String,
    /// Why it cannot be shown; then there is nothing else.
    missing: Option<String>,
    text: String,
    /// First and last code point of each line, and its number in the file.
    lines: Vec<[u32; 3]>,
    sheets: Vec<Surface>,
    /// Of each box: first and last code point, sheet, and left, top, right and bottom edge in hundredths.
    boxes: Vec<[i64; 7]>,
}

/// A printed page, in hundredths of its unit; 0 where the file does not say how large it is.
#[derive(Debug, Serialize)]
struct Surface {
    width: i32,
    height: i32,
    picture: Option<String>,
}

/// A stretch of a file's text: which file, first code point, one past the last.
pub(super) type Place = [u32; 3];

/// The files of a record, decoded again.
pub(super) struct Originals<'a> {
    record: &'a Record,
    files: Vec<RecordFile<'a>>,
    pages: Vec<Result<Decoded<'a>, String>>,
    pictures: Vec<Option<&'a [u8]>>,
}

struct Decoded<'a> {
    page: Page<'a>,
    index: CodePointIndex,
}

impl Decoded<'_> {
    fn code_points(&self, byte: u32) -> u32 {
        self.index.code_points(&self.page.text, byte as usize) as u32
    }
}

impl<'a> Originals<'a> {
    pub fn new(record: &'a Record, originals: &'a [Original]) -> Self {
        let files = crate::validate::files(record);
        let found = |(i, file): (usize, &RecordFile<'_>)| match originals.get(i).map(|o| &o.bytes) {
            Some(Ok(bytes)) => decoded(file, bytes),
            Some(Err(why)) => Err(why.clone()),
            None => Err(String::new()),
        };
        let pages = files.iter().enumerate().map(found).collect();
        let picture = |i: usize| originals.get(i)?.picture.as_deref();
        Self {
            record,
            pages,
            pictures: (0..files.len()).map(picture).collect(),
            files,
        }
    }

    /// Where `source` stands, in reading order; nothing of what is not here.
    pub fn places(&self, source: &Source) -> Vec<Place> {
        match &source.pieces {
            Some(pieces) => pieces
                .iter()
                .filter_map(|piece| self.place(&piece.file, piece.start, piece.end))
                .collect(),
            None => {
                let name = &self.record.source.name;
                self.place(name, source.start, source.end)
                    .into_iter()
                    .collect()
            }
        }
    }

    fn place(&self, name: &str, start: u64, end: u64) -> Option<Place> {
        let at = self.files.iter().position(|file| file.name == name)?;
        let decoded = self.pages.get(at)?.as_ref().ok()?;
        let span = replay::span_of(&decoded.page, start, end).ok()?;
        let place = [span.start, span.end].map(|byte| decoded.code_points(byte));
        Some([at as u32, place[0], place[1]])
    }

    /// The files as they are shown.
    pub fn shown(&self) -> Vec<File> {
        let pages = self.files.iter().zip(&self.pages).zip(&self.pictures);
        pages
            .map(|((file, page), picture)| match page {
                Ok(decoded) => shown(file, decoded, *picture),
                Err(why) => File {
                    name: file.name.to_owned(),
                    format: file.format.to_owned(),
                    missing: Some(why.clone()),
                    text: String::new(),
                    lines: Vec::new(),
                    sheets: Vec::new(),
                    boxes: Vec::new(),
                },
            })
            .collect()
    }
}

fn decoded<'a>(file: &RecordFile<'_>, bytes: &'a [u8]) -> Result<Decoded<'a>, String> {
    let page = replay::page_of(file, &[(file.name, bytes)]).map_err(|found| found.message)?;
    let index = CodePointIndex::new(&page.text);
    Ok(Decoded { page, index })
}

fn shown(file: &RecordFile<'_>, decoded: &Decoded<'_>, picture: Option<&[u8]>) -> File {
    let page = &decoded.page;
    let line = |(span, number): (Span, u32)| {
        let [start, end] = [span.start, span.end].map(|byte| decoded.code_points(byte));
        [start, end, number]
    };
    let placed = |span: Span, sheet: u32, bbox: Option<Bbox>| {
        let [start, end] = [span.start, span.end].map(|byte| decoded.code_points(byte).into());
        let bbox = bbox?;
        let edges = [bbox.x0, bbox.y0, bbox.x1, bbox.y1].map(i64::from);
        let [x0, y0, x1, y1] = edges;
        Some([start, end, i64::from(sheet), x0, y0, x1, y1])
    };
    let drawn = page.file().format != Format::Layout; // its boxes are its blanks, which show in the text
    let words = page.words.iter().map(|w| placed(w.span, w.sheet, w.bbox));
    let lines = page.lines.iter().map(|l| placed(l.span, l.sheet, l.bbox));
    let boxes: Vec<[i64; 7]> = if page.words.is_empty() {
        lines.flatten().filter(|_| drawn).collect()
    } else {
        words.flatten().filter(|_| drawn).collect()
    };
    File {
        name: file.name.to_owned(),
        format: file.format.to_owned(),
        missing: None,
        text: page.text.to_string(),
        lines: lines_of(page).into_iter().map(line).collect(),
        sheets: if boxes.is_empty() {
            Vec::new()
        } else {
            surfaces(&page.sheets, picture)
        },
        boxes,
    }
}

/// The lines as they came, each with its number: those of a text, else those that the format says are lines.
fn lines_of(page: &Page<'_>) -> Vec<(Span, u32)> {
    let file = page.file();
    if !matches!(file.format, Format::Text | Format::Layout) {
        let mut lines: Vec<_> = page.lines.iter().map(|l| (l.span, l.number)).collect();
        lines.sort_by_key(|(span, _)| span.start);
        return lines;
    }
    let end = page.text.len() as u32;
    let starts = file.line_starts.iter().map(|&byte| file.map.text_of(byte));
    let starts: Vec<u32> = starts.chain([end]).collect();
    let line = |(pair, number): (&[u32], u32)| {
        let &[start, end] = pair else { return None };
        let text = page.text.get(start as usize..end as usize)?;
        let ink = text.trim_end_matches(['\n', '\r', '\u{C}']);
        let span = Span::new(start as usize, start as usize + ink.len());
        Some((span, number))
    };
    starts.windows(2).zip(1..).filter_map(line).collect()
}

/// A picture is of one printed page, and nothing says of which of several.
fn surfaces(sheets: &[Sheet], picture: Option<&[u8]>) -> Vec<Surface> {
    let picture = picture.filter(|_| sheets.len() == 1).and_then(address);
    let surface = |sheet: &Sheet| Surface {
        width: sheet.width,
        height: sheet.height,
        picture: picture.clone(),
    };
    sheets.iter().map(surface).collect()
}

/// The picture as an address that holds all of it.
fn address(picture: &[u8]) -> Option<String> {
    let kind = match Facsimile::of(picture)? {
        Facsimile::Png => "png",
        Facsimile::Jpeg => "jpeg",
        Facsimile::Pdf | Facsimile::Tiff => return None,
    };
    Some(format!(
        "data:image/{kind};base64,{}",
        BASE64.encode(picture)
    ))
}
