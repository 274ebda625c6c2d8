//! Page → ink: its characters without the blanks between them, folded, line by line.
//!
//! All decisions about lines are made on ink, so that a page with a space between every two
//! characters looks like one without. Where blanks stood is kept on the side.

use super::order::{self, Place, Standing};
use super::spacing::is_clause_mark;
use super::{SourceMap, is_blank, width};
use crate::base::Span;
use crate::decode::Page;
use crate::lexicon::{CLAUSE_ENDS, Keys, Lexicon};
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
    /// Which of [`Lexicon::keys`] its line has, at least.
    pub(super) keys: Keys,
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
    /// The marks that end clauses, each with its byte, in order.
    pub(super) marks: Vec<(u32, char)>,
}

/// What a character is to the joints of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Side {
    /// A Han character.
    Han,
    /// A digit or letter.
    Western,
    /// A mark.
    #[default]
    Mark,
}

impl Side {
    fn of(c: char) -> Self {
        match c {
            c if c.is_ascii_alphanumeric() => Self::Western,
            c if width::is_han(c) => Self::Han,
            _ => Self::Mark,
        }
    }
}

/// The room that the ink of a line takes.
#[derive(Debug, Default)]
struct Room {
    chars: u32,
    quarters: u32,
    /// Its last character.
    last: Side,
}

impl Room {
    /// Adds a character of a side that takes so much room itself.
    #[inline]
    fn add(&mut self, quarters: u32, side: Side) {
        let joint = matches!(
            (self.last, side),
            (Side::Han, Side::Western) | (Side::Western, Side::Han)
        );
        self.chars += 1;
        self.quarters += quarters + u32::from(joint);
        self.last = side;
    }

    /// Adds the characters that `text` begins with as long as their bytes show that they are neither
    /// blank nor folded, which most are; gives their length in bytes.
    fn add_plain(&mut self, text: &str) -> usize {
        let mut rest = text.as_bytes();
        loop {
            match rest {
                // U+4E00 to U+9FFF
                [0xE5..=0xE9, _, _, behind @ ..] | [0xE4, 0xB8..=0xBF, _, behind @ ..] => {
                    self.add(4, Side::Han);
                    rest = behind;
                }
                [b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z', behind @ ..] => {
                    self.add(2, Side::Western);
                    rest = behind;
                }
                // the comma of lists and the full stop, full-width brackets, comma, colon, semicolon
                [0xE3, 0x80, 0x81 | 0x82, behind @ ..]
                | [0xEF, 0xBC, 0x88 | 0x89 | 0x8C | 0x9A | 0x9B, behind @ ..] => {
                    self.add(4, Side::Mark);
                    rest = behind;
                }
                [mark @ b'!'..=b'~', behind @ ..] => {
                    self.add(width::quarters(char::from(*mark)), Side::Mark);
                    rest = behind;
                }
                _ => return text.len() - rest.len(),
            }
        }
    }
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
            marks: Vec::new(),
        };
        let sheets = sheets(page);
        let mut blank_before = false;
        let mut push = |pieces: &[Span], line: u32, place: Option<Place>| {
            let before = ink.rows.len();
            ink.push_line(page, pieces, (line, place), blank_before, lexicon);
            if let Some(row) = ink.rows.get_mut(before) {
                row.sheet = sheets[line as usize];
            }
            blank_before = ink.rows.len() == before;
        };
        if order::is_plain(page) {
            for (i, line) in (0..).zip(&page.lines) {
                push(&[line.span], i, None);
            }
        } else {
            for printed in order::printed(page) {
                push(&printed.pieces, printed.line, printed.place);
            }
        }
        ink
    }

    /// Adds the ink of a line, given by its `pieces`, with its index in [`Page::lines`] and its place.
    fn push_line(
        &mut self,
        page: &Page<'_>,
        pieces: &[Span],
        (line, place): (u32, Option<Place>),
        blank_before: bool,
        lexicon: &Lexicon,
    ) {
        let start = self.text.len();
        let mut room = Room::default();
        let mut indent = 0;
        for &piece in pieces.iter().filter(|piece| !piece.is_empty()) {
            if room.chars > 0 {
                // Pieces of a line are as far apart as columns of a table.
                self.gaps.push(Gap {
                    at: self.text.len() as u32,
                    page: Span::default(),
                    wide: true,
                    cell: true,
                });
            }
            indent = self
                .push_piece(page, piece, &mut room, lexicon)
                .unwrap_or(indent);
        }
        let Room {
            chars, quarters, ..
        } = room;
        if chars > 0 {
            let keys = self.note(start, lexicon);
            self.rows.push(Row {
                ink: Span::new(start, self.text.len()),
                line,
                sheet: 0,
                chars,
                quarters,
                indent: place.map_or(indent, |p| p.indent),
                blank_before: place.map_or(blank_before, |p| p.blank_before),
                glued: false,
                width: place.map(|p| p.width),
                apart: place.is_some_and(|p| p.apart),
                part: part(page, pieces.first().map_or(0, |s| s.start)),
                edge: place.map_or(0, |p| p.edge),
                standing: place.map_or(Standing::Column, |p| p.standing),
                keys,
            });
        }
    }

    /// Searches the ink from byte `start` on, a line, for all that is asked of it later.
    fn note(&mut self, start: usize, lexicon: &Lexicon) -> Keys {
        let line = self.text.get(start..).unwrap_or_default();
        let mut keys = lexicon.keys.always();
        for (at, c) in lexicon.noted.all_in(line) {
            if CLAUSE_ENDS.contains(&c) {
                self.marks.push(((start + at) as u32, c));
            }
            keys = keys.with(lexicon.keys.at(c, line.get(at..).unwrap_or_default()));
        }
        keys
    }

    /// Adds the ink of a piece of `line`; gives the room of the blanks before it where it is the first.
    fn push_piece(
        &mut self,
        page: &Page<'_>,
        piece: Span,
        line: &mut Room,
        lexicon: &Lexicon,
    ) -> Option<u32> {
        let (text, start) = (piece.of(&page.text), piece.start as usize);
        let (mut at, mut indent) = (0, None);
        let mut gap: Option<(usize, u32)> = None;
        while let Some(rest) = text.get(at..)
            && let Some(c) = rest.chars().next()
        {
            if is_blank(c) {
                let (_, room) = gap.get_or_insert((at, 0));
                *room += blank_quarters(c);
                at += c.len_utf8();
                continue;
            }
            let here = self.text.len();
            if let Some((from, room)) = gap.take() {
                if line.chars == 0 {
                    indent = Some(room);
                } else {
                    self.gaps.push(Gap {
                        at: here as u32,
                        page: Span::new(start + from, start + at),
                        wide: room >= WIDE_GAP_QUARTERS,
                        cell: room >= CELL_GAP_QUARTERS,
                    });
                }
            }
            let plain = line.add_plain(rest);
            if plain > 0 {
                self.map.copy(here, start + at);
                self.text.push_str(rest.get(..plain)?);
                at += plain;
                continue;
            }
            let behind = at + c.len_utf8();
            // A full-width point is one only between digits; behind a label it stays as printed.
            let last = self.text.chars().next_back().filter(|_| line.chars > 0);
            let fold = width::fold(c, lexicon)
                .filter(|&f| f != '.' || between_digits(last, &text[behind..]));
            match fold {
                Some(_) => self
                    .map
                    .replace(here, Span::new(start + at, start + behind)),
                None => self.map.copy(here, start + at),
            }
            let kept = fold.unwrap_or(c);
            self.text.push(kept);
            line.add(width::quarters(kept), Side::of(kept));
            at = behind;
        }
        indent
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

    /// The marks that end clauses in some ink, each with its byte in it.
    pub(super) fn marks_in(&self, ink: Span) -> impl Iterator<Item = (usize, char)> + '_ {
        let from = self.marks.partition_point(|m| m.0 < ink.start);
        let marks = self.marks.get(from..).unwrap_or_default();
        let inside = marks.iter().take_while(move |m| m.0 < ink.end);
        inside.map(move |&(at, c)| ((at - ink.start) as usize, c))
    }

    /// True for a row of a table: cells parted by wide blanks and no running text.
    pub(super) fn is_cells(&self, row: &Row) -> bool {
        let gaps = self.gaps_in(row.ink);
        if gaps.len() + 1 < FEWEST_CELLS {
            return false;
        }
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
        let mut room = Room::default();
        for c in ink.of(&self.text).chars() {
            room.add(width::quarters(c), Side::of(c));
        }
        (room.chars, room.quarters)
    }
}
