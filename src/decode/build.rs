//! Puts a [`Page`] together from the words that a format's reader finds.

use std::borrow::Cow;
use std::ops::Range;

use super::encoding::Decoded;
use super::geometry::{Bbox, Confidence, Sheet};
use super::{ByteMap, DecodeError, Line, Page, SourceFile, Word};
use crate::base::diagnostic::Place;
use crate::base::{Diagnostic, Span};

/// Names of programs are cut to so many characters.
const MAX_WRITER: usize = 200;

/// A piece of a word's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Chunk {
    /// As the source has it, there.
    Copy(Range<usize>),
    /// A character written in another way there: `&amp;`, `\u4ea7`.
    Char(char, Range<usize>),
}

/// A page that grows line by line and word by word. Ranges are bytes of the source as decoded.
pub(super) struct Builder<'d> {
    decoded: &'d Decoded<'d>,
    /// Length of a mark before the text, where that is its own source.
    skipped: Option<u32>,
    text: String,
    map: ByteMap,
    lines: Vec<Line>,
    words: Vec<Word>,
    sheets: Vec<Sheet>,
    diagnostics: Vec<Diagnostic>,
    pub(super) writer: Option<String>,
    line: Option<OpenLine>,
    word: Option<OpenWord>,
    block: u32,
    /// Where each line stands in the order of the format, see [`Builder::slot`].
    slots: Vec<u32>,
    slot: u32,
    new_page: bool,
}

/// The line that is being written.
struct OpenLine {
    start: usize,
    bbox: Option<Bbox>,
    first_word: usize,
    /// Where its first character stands in the source as decoded.
    at: Option<usize>,
}

/// The word that is being written.
struct OpenWord {
    start: usize,
    bbox: Option<Bbox>,
    confidence: Option<Confidence>,
    /// A blank was met behind what it has.
    blank: bool,
}

impl<'d> Builder<'d> {
    pub(super) fn new(decoded: &'d Decoded<'d>) -> Self {
        Self {
            decoded,
            skipped: decoded.map.skipped(),
            text: String::with_capacity(decoded.text.len() / 8),
            map: ByteMap::default(),
            lines: Vec::new(),
            words: Vec::new(),
            sheets: Vec::new(),
            diagnostics: Vec::new(),
            writer: None,
            line: None,
            word: None,
            block: 0,
            slots: Vec::new(),
            slot: 0,
            new_page: false,
        }
    }

    /// The source as decoded.
    pub(super) fn source(&self) -> &'d str {
        &self.decoded.text
    }

    /// Begins a printed page; its number is filled in.
    pub(super) fn sheet(&mut self, sheet: Sheet) {
        self.end_line();
        self.new_page = !self.sheets.is_empty();
        self.sheets.push(Sheet {
            number: self.sheets.len() as u32 + 1,
            ..sheet
        });
    }

    /// Begins a block of lines that belong together.
    pub(super) fn block(&mut self) {
        self.end_line();
        self.block += 1;
    }

    /// How many blocks were begun.
    pub(super) fn blocks(&self) -> u32 {
        self.block
    }

    /// Goes on with a block, which may have been begun before; 0 for none.
    pub(super) fn in_block(&mut self, block: u32) {
        self.end_line();
        self.block = block;
    }

    /// Begins a line; without a box it gets that of its words.
    pub(super) fn start_line(&mut self, bbox: Option<Bbox>) {
        self.end_line();
        self.line = Some(OpenLine {
            start: self.text.len(),
            bbox,
            first_word: self.words.len(),
            at: None,
        });
    }

    /// Begins a word; outside a line it begins one.
    pub(super) fn start_word(&mut self, bbox: Option<Bbox>, confidence: Option<Confidence>) {
        self.end_word();
        if self.line.is_none() {
            self.start_line(None);
        }
        self.word = Some(OpenWord {
            start: self.text.len(),
            bbox,
            confidence,
            blank: false,
        });
    }

    /// Adds a whole word; outside a line it begins one.
    pub(super) fn word(
        &mut self,
        bbox: Option<Bbox>,
        confidence: Option<Confidence>,
        text: &[Chunk],
    ) {
        self.start_word(bbox, confidence);
        text.iter().for_each(|chunk| self.push(chunk));
        self.end_word();
    }

    /// True inside a word.
    pub(super) fn in_word(&self) -> bool {
        self.word.is_some()
    }

    /// Says where lines that begin from here on stand: any number that [`Self::reorder`] knows.
    pub(super) fn slot(&mut self, slot: u32) {
        self.end_line();
        self.slot = slot;
    }

    /// Puts the lines of each printed page in the order in which they are to be read, `rank` being
    /// the place of a slot; lines of one rank stay as they are.
    pub(super) fn reorder(&mut self, rank: impl Fn(u32) -> usize) {
        self.end_line();
        let mut order: Vec<usize> = (0..self.lines.len()).collect();
        order.sort_by_key(|&i| (self.lines[i].sheet, rank(self.slots[i])));
        let starts: Vec<u32> = self
            .lines
            .iter()
            .filter(|l| l.new_page)
            .map(|l| l.sheet)
            .collect();
        self.slots = order.iter().map(|&i| self.slots[i]).collect();
        self.lines = order.iter().map(|&i| self.lines[i]).collect();
        let mut before = None;
        for line in &mut self.lines {
            line.new_page = before != Some(line.sheet) && starts.contains(&line.sheet);
            before = Some(line.sheet);
        }
    }

    /// True inside a line.
    pub(super) fn in_line(&self) -> bool {
        self.line.is_some()
    }

    /// Adds to the word. Blanks at its ends are left out, runs of them inside are one space.
    pub(super) fn push(&mut self, chunk: &Chunk) {
        match chunk {
            Chunk::Copy(range) => {
                let text = &self.decoded.text[range.clone()];
                let mut at = range.start;
                for part in text.split_inclusive(char::is_whitespace) {
                    let ink = part.trim_end_matches(char::is_whitespace).len();
                    self.ink(at..at + ink);
                    if ink < part.len() {
                        self.blank();
                    }
                    at += part.len();
                }
            }
            Chunk::Char(c, _) if c.is_whitespace() => self.blank(),
            Chunk::Char(c, range) => {
                if self.open(range.start) {
                    let source = self.source_span(range.clone());
                    self.text.push(*c);
                    let len = u8::try_from(source.len()).unwrap_or(u8::MAX);
                    self.map
                        .push(c.len_utf8() as u8, source.start as usize, len);
                }
            }
        }
    }

    fn blank(&mut self) {
        if let Some(word) = &mut self.word {
            word.blank = self.text.len() > word.start;
        }
    }

    /// Makes ready for ink that stands at `at`; false outside words.
    fn open(&mut self, at: usize) -> bool {
        let Some(word) = &mut self.word else {
            return false;
        };
        let inner = std::mem::take(&mut word.blank);
        let (start, bbox) = (word.start, word.bbox);
        if self.text.len() == start {
            let blanks = self.blanks_before(bbox);
            self.made(blanks);
            if let Some(word) = &mut self.word {
                word.start = self.text.len();
            }
        } else if inner {
            self.made(1);
        }
        if let Some(line) = &mut self.line {
            line.at.get_or_insert(at);
        }
        true
    }

    fn ink(&mut self, range: Range<usize>) {
        if range.is_empty() || !self.open(range.start) {
            return;
        }
        let text = &self.decoded.text[range.clone()];
        self.text.push_str(text);
        match self.skipped {
            Some(skipped) => self
                .map
                .push_copy(skipped as usize + range.start, range.len()),
            None => {
                let mut at = range.start;
                for c in text.chars() {
                    let source = self.source_span(at..at + c.len_utf8());
                    self.map.push(
                        c.len_utf8() as u8,
                        source.start as usize,
                        source.len() as u8,
                    );
                    at += c.len_utf8();
                }
            }
        }
    }

    fn source_span(&self, range: Range<usize>) -> Span {
        self.decoded
            .map
            .source_of(Span::new(range.start, range.end))
    }

    /// Spaces that the gap before a box in its line is worth: none for the room between two
    /// characters, three from one and a half characters on, as columns of a table have.
    fn blanks_before(&self, bbox: Option<Bbox>) -> usize {
        let Some(line) = &self.line else { return 0 };
        let before = match self.words.last() {
            Some(word) if self.words.len() > line.first_word => word.bbox,
            _ => return 0,
        };
        let (Some(before), Some(bbox)) = (before, bbox) else {
            return 1;
        };
        let em = line
            .bbox
            .unwrap_or(before.with(bbox))
            .height()
            .max(before.height().min(bbox.height()))
            .max(1);
        let gap = bbox.x0 - before.x1;
        match gap * 4 / em {
            ..1 => 0,
            1..6 => 1,
            _ => 3,
        }
    }

    fn made(&mut self, spaces: usize) {
        for _ in 0..spaces {
            self.text.push(' ');
            self.map.push(1, self.map_end(), 0);
        }
    }

    fn map_end(&self) -> usize {
        self.map.source_end() as usize
    }

    /// Ends the word; one without ink is none.
    pub(super) fn end_word(&mut self) {
        if let Some(word) = self.word.take()
            && self.text.len() > word.start
        {
            self.words.push(Word {
                span: Span::new(word.start, self.text.len()),
                sheet: (self.sheets.len() as u32).saturating_sub(1),
                bbox: word.bbox,
                confidence: word.confidence,
            });
        }
    }

    /// Ends the line; one without ink is none.
    pub(super) fn end_line(&mut self) {
        self.end_word();
        let Some(line) = self.line.take() else { return };
        let Some(at) = line.at else { return };
        let words = &mut self.words[line.first_word..];
        let around = words.iter().filter_map(|w| w.bbox).reduce(Bbox::with);
        let start = words.first().map_or(line.start, |w| w.span.start as usize);
        for word in words {
            word.bbox = word.bbox.or(line.bbox);
        }
        self.lines.push(Line {
            span: Span::new(start, self.text.len()),
            number: at as u32, // made a line number when all lines are known
            new_page: std::mem::take(&mut self.new_page),
            sheet: (self.sheets.len() as u32).saturating_sub(1),
            block: self.block,
            bbox: line.bbox.or(around),
        });
        self.slots.push(self.slot);
        self.text.push('\n');
        self.map.push(1, self.map_end(), 0);
    }

    /// A finding about the source as a whole.
    pub(super) fn find(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Says that the source breaks off at byte `at`.
    pub(super) fn broken_off(&mut self, at: usize, what: &str) {
        let (line, column) = self.line_column(at);
        self.find(Diagnostic::warning(
            "broken-off",
            format!(
                "the file breaks off at line {line}, column {column}, {what}; what stands before is read"
            ),
            Place::Whole,
        ));
    }

    /// Line and column, from 1, of a byte of the source as decoded.
    pub(super) fn line_column(&self, at: usize) -> (u32, u32) {
        let before = self.decoded.text.get(..at).unwrap_or(&self.decoded.text);
        let start = memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |i| i + 1);
        let line = memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1;
        (line as u32, before[start..].chars().count() as u32 + 1)
    }

    /// An error at byte `at` of the source as decoded.
    pub(super) fn malformed(
        &self,
        format: &'static str,
        at: usize,
        message: String,
    ) -> DecodeError {
        let (line, column) = self.line_column(at);
        DecodeError::Malformed {
            format,
            line,
            column,
            message,
        }
    }

    /// The page, of `file`.
    pub(super) fn page<'a>(mut self, mut file: SourceFile<'a>) -> Page<'a> {
        self.end_line();
        for line in &mut self.lines {
            let at = self.decoded.map.source_of(Span {
                start: line.number,
                end: line.number + 1,
            });
            line.number = file.line_of(at.start);
        }
        file.map = self.map;
        file.sheets = 0..self.sheets.len() as u32;
        let writer = self.writer.as_deref().map(str::trim).unwrap_or_default();
        file.writer = (!writer.is_empty()).then(|| writer.chars().take(MAX_WRITER).collect());
        Page {
            files: vec![file],
            text: Cow::Owned(self.text),
            lines: self.lines,
            words: self.words,
            sheets: self.sheets,
            diagnostics: self.diagnostics,
        }
    }
}
