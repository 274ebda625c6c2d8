//! Page → ink: its characters without the blanks between them, folded, line by line.
//!
//! All decisions about lines are made on ink, so that a page with a space between every two
//! characters looks like one without. Where blanks stood is kept on the side.

use super::order::{self, Printed, Standing};
use super::spacing::is_clause_mark;
use super::{SourceMap, is_blank, width};
use crate::base::Span;
use crate::decode::Page;
use crate::lexicon::Lexicon;
use crate::record::PartRole;

/// A blank of this many quarters of a Han character or more parts a line: columns of a table, not a
/// stray space. Three ASCII spaces or an ideographic one and a half.
const WIDE_GAP_QUARTERS: u32 = 6;

/// A blank of an ideographic space or two ASCII ones may part the cells of a row.
const CELL_GAP_QUARTERS: u32 = 4;
/// A row of cells has so many or more …
const FEWEST_CELLS: usize = 3;
/// … of so many characters or more in the mean: a stretched line has a blank behind each character.
const MEAN_CELL: usize = 2;

/// A run of blanks inside a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap {
    /// Byte of the ink behind it.
    pub(super) at: u32,
    /// Where it stands in the page's text; empty where the page has no character for it.
    pub(super) page: Span,
    /// Too wide for a stray space.
    pub(super) wide: bool,
    /// As wide as a Han character or wider: it may part the cells of a table.
    pub(super) cell: bool,
}

/// One line that has ink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    /// Its ink.
    pub(super) ink: Span,
    /// Index into [`Page::lines`].
    pub(super) line: u32,
    /// The printed page that it stands on, counted over the source.
    pub(super) sheet: u32,
    /// Characters of ink.
    pub(super) chars: u32,
    /// Room that the ink takes, in quarters of a Han character, joints of Han with digits or
    /// letters counted as one quarter.
    pub(super) quarters: u32,
    /// Room of the blanks before it, likewise.
    pub(super) indent: u32,
    /// A line without ink stands before it.
    pub(super) blank_before: bool,
    /// The rest of a line out of which something was cut: goes on where the row before ends.
    pub(super) glued: bool,
    /// From its column's left edge to where it ends, likewise, as its box shows; none for plain text.
    pub(super) width: Option<u32>,
    /// No paragraph goes on from the row before.
    pub(super) apart: bool,
    /// Which of the pages put together it stands on, from 0.
    pub(super) part: u32,
    /// As in [`order::Place`].
    pub(super) edge: u32,
    /// As there.
    pub(super) standing: Standing,
}

/// The ink of a page.
#[derive(Debug, Clone)]
pub(super) struct Ink {
    /// All ink, folded, without line ends.
    pub(super) text: String,
    /// From `text` to the page's text.
    pub(super) map: SourceMap,
    /// The lines that have ink, in order.
    pub(super) rows: Vec<Row>,
    /// Blanks inside lines, in order.
    pub(super) gaps: Vec<Gap>,
}

fn is_western(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// True behind a digit (`last`, folded already) when `rest` goes on with one, or the line ends.
fn between_digits(last: Option<char>, rest: &str) -> bool {
    let next = rest.chars().find(|&c| !is_blank(c));
    last.is_some_and(|c| c.is_ascii_digit())
        && next.is_none_or(|c| c.is_ascii_digit() || ('０'..='９').contains(&c))
}

/// Room of a blank character.
fn blank_quarters(c: char) -> u32 {
    match c {
        '\t' => 8,
        '\u{3000}' => 4,
        ' ' | '\u{A0}' => 2,
        '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' => 2,
        _ => 0,
    }
}

/// Which of the pages put together byte `offset` of the text stands on, from 0.
fn part(page: &Page<'_>, offset: u32) -> u32 {
    let before = page.files.iter().take(page.file_at(offset) + 1);
    before
        .filter(|file| file.role == Some(PartRole::Continuation))
        .count() as u32
}

/// The printed page of each line: in plain text form feeds part them.
fn sheets(page: &Page<'_>) -> Vec<u32> {
    let mut number = 0;
    let sheets = page.lines.iter().map(|line| {
        number += u32::from(line.new_page);
        if page.sheets.is_empty() {
            number
        } else {
            line.sheet
        }
    });
    sheets.collect()
}

impl Ink {
    /// Reads the page once.
    pub(super) fn new(page: &Page<'_>, lexicon: &Lexicon) -> Self {
        let mut ink = Self {
            text: String::with_capacity(page.text.len()),
            map: SourceMap::default(),
            rows: Vec::with_capacity(page.lines.len()),
            gaps: Vec::new(),
        };
        let sheets = sheets(page);
        let mut blank_before = false;
        for printed in order::printed(page) {
            let before = ink.rows.len();
            ink.push_line(page, &printed, blank_before, lexicon);
            if let Some(row) = ink.rows.get_mut(before) {
                row.sheet = sheets[printed.line as usize];
            }
            blank_before = ink.rows.len() == before;
        }
        ink
    }

    fn push_line(
        &mut self,
        page: &Page<'_>,
        printed: &Printed,
        blank_before: bool,
        lexicon: &Lexicon,
    ) {
        let start = self.text.len();
        let (mut chars, mut quarters, mut indent) = (0, 0, 0);
        let mut gap: Option<(usize, u32)> = None;
        let mut last = None;
        let mut copying = None; // page offset at which a copied stretch goes on
        let characters = printed.pieces.iter().flat_map(|&span| {
            let chars = span.of(&page.text).char_indices();
            chars.map(move |(offset, c)| (span, span.start as usize + offset, c))
        });
        let mut piece = None;
        for (span, at, c) in characters {
            if piece.replace(span).is_some_and(|before| before != span) && chars > 0 {
                // Pieces of a line are as far apart as columns of a table.
                self.gaps.push(Gap {
                    at: self.text.len() as u32,
                    page: Span::default(),
                    wide: true,
                    cell: true,
                });
                gap = None;
                copying = None;
            }
            if is_blank(c) {
                let (_, room) = gap.get_or_insert((at, 0));
                *room += blank_quarters(c);
                copying = None;
                continue;
            }
            if let Some((from, room)) = gap.take() {
                if chars == 0 {
                    indent = room;
                } else {
                    self.gaps.push(Gap {
                        at: self.text.len() as u32,
                        page: Span::new(from, at),
                        wide: room >= WIDE_GAP_QUARTERS,
                        cell: room >= CELL_GAP_QUARTERS,
                    });
                }
            }
            let behind = at + c.len_utf8();
            // A full-width point is one only between digits; behind a label it stays as printed.
            let fold = width::fold(c, lexicon).filter(|&f| {
                f != '.' || between_digits(last, &page.text[behind..span.end as usize])
            });
            if fold.is_some() {
                self.map.replace(self.text.len(), Span::new(at, behind));
                copying = None;
            } else {
                if copying != Some(at) {
                    self.map.copy(self.text.len(), at);
                }
                copying = Some(behind);
            }
            let kept = fold.unwrap_or(c);
            self.text.push(kept);
            chars += 1;
            quarters += width::quarters(kept);
            if let Some(last) = last
                && (is_western(last) && width::is_han(kept)
                    || width::is_han(last) && is_western(kept))
            {
                quarters += 1;
            }
            last = Some(kept);
        }
        if chars > 0 {
            self.rows.push(Row {
                ink: Span::new(start, self.text.len()),
                line: printed.line,
                sheet: 0,
                chars,
                quarters,
                indent: printed.place.map_or(indent, |p| p.indent),
                blank_before: printed.place.map_or(blank_before, |p| p.blank_before),
                glued: false,
                width: printed.place.map(|p| p.width),
                apart: printed.place.is_some_and(|p| p.apart),
                part: part(page, printed.pieces.first().map_or(0, |s| s.start)),
                edge: printed.place.map_or(0, |p| p.edge),
                standing: printed.place.map_or(Standing::Column, |p| p.standing),
            });
        }
    }

    /// The ink of a row.
    pub(super) fn row(&self, row: &Row) -> &str {
        row.ink.of(&self.text)
    }

    /// The page's text from the first to the last character of some ink.
    pub(super) fn page_span(&self, ink: Span) -> Span {
        Span::hull(&self.map.page_spans(ink))
    }

    /// The gaps that stand inside some ink, its ends left out.
    pub(super) fn gaps_in(&self, ink: Span) -> &[Gap] {
        let from = self.gaps.partition_point(|g| g.at <= ink.start);
        let to = self.gaps.partition_point(|g| g.at < ink.end);
        self.gaps.get(from..to).unwrap_or_default()
    }

    /// True for a row of a table: cells parted by wide blanks and no running text.
    pub(super) fn is_cells(&self, row: &Row) -> bool {
        let gaps = self.gaps_in(row.ink);
        let cells = gaps.iter().filter(|g| g.cell).count() + 1;
        cells >= FEWEST_CELLS
            && row.chars as usize >= MEAN_CELL * (gaps.len() + 1)
            && gaps.iter().all(|g| g.cell)
            && !self.row(row).contains(is_clause_mark)
    }

    /// True when `row` begins where its line does: nothing was cut out before it.
    pub(super) fn begins_line(&self, row: &Row) -> bool {
        let found = self
            .rows
            .binary_search_by_key(&row.ink.start, |r| r.ink.start);
        found.is_ok()
    }

    /// Measures some ink anew: characters and quarters.
    pub(super) fn measure(&self, ink: Span) -> (u32, u32) {
        let mut last = None;
        ink.of(&self.text)
            .chars()
            .fold((0, 0), |(chars, quarters), c| {
                let joint = last.is_some_and(|l| {
                    is_western(l) && width::is_han(c) || width::is_han(l) && is_western(c)
                });
                last = Some(c);
                (chars + 1, quarters + width::quarters(c) + u32::from(joint))
            })
    }
}
