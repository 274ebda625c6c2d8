//! Plain text in which columns stand side by side, parted by blanks, as `pdftotext -layout` writes
//! it. A line of the source is one line of the page; its words have boxes, so that it can be parted
//! where the columns are.
//!
//! Boxes count half the room of a Han character, which is also half the height of a line. Poppler
//! counts characters instead, whatever they are: in its text columns begin straight below each
//! other only by that count, and only where they begin is it right. So a piece of text stands there
//! at twice the count, and its characters take behind that what they take in print.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthChar;

use super::geometry::{Bbox, CENTI, Sheet, Unit};
use super::{Line, Word, text};
use crate::base::Span;

/// So many blank columns or more part two columns of text; words of a stretched line have one.
const GAP: i32 = 2;
/// A first line may begin so far behind the edge of its column.
const INDENT: i32 = 5;
/// White runs down between two columns past so many lines or more that have ink on both sides. In
/// 110 pages without columns, 40 of them tesseract's with glued lines, it is 6 at most; in 7 with
/// columns 9 at least.
const LINES: usize = 8;
/// The pieces on either side of it have so many characters or more in the mean: cells of a table
/// have fewer.
const CHARS: usize = 6;
/// No column begins further right.
const WIDEST: i32 = 400;
/// So many pieces or more begin at the edge of a column.
const EDGE: usize = 3;
/// Lines of a column differ by so many half-widths.
const SLACK: i32 = 6;
/// A line is so high, in hundredths.
const LINE: i32 = 2 * CENTI;
/// Columns and lines are counted so far.
const MOST: i32 = 400_000;

/// What a character counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grid {
    /// One column, whatever it is: so poppler counts.
    Characters,
    /// What it takes where all characters are of one width: two for Han, one for Latin letters.
    HalfWidths,
}

impl Grid {
    /// Where a character that begins at column `x` ends.
    fn end(self, c: char, x: i32) -> i32 {
        let end = match (self, c) {
            (_, '\t') => (x / 8 + 1) * 8,
            (Self::Characters, _) => x + 1,
            (Self::HalfWidths, _) => x + c.width().unwrap_or(0) as i32,
        };
        end.min(MOST)
    }

    /// The words of a line, each with the columns from which to which it stands.
    fn words(self, line: &str) -> Vec<(Span, i32, i32)> {
        let mut words: Vec<(Span, i32, i32)> = Vec::new();
        let (mut x, mut inside) = (0_i32, false);
        for (at, c) in line.char_indices() {
            let end = self.end(c, x);
            let ink = !c.is_whitespace() && !c.is_control();
            if ink {
                let span = Span::new(at, at + c.len_utf8());
                match words.last_mut() {
                    Some(word) if inside => (word.0.end, word.2) = (span.end, end),
                    _ => words.push((span, x, end)),
                }
            }
            (x, inside) = (end, ink);
        }
        words
    }

    /// The pieces of a line between gaps.
    fn pieces(self, line: &str) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        for (span, start, end) in self.words(line) {
            let chars = span.of(line).chars().count();
            match pieces.last_mut() {
                Some(piece) if start - piece.end < GAP => {
                    piece.end = end;
                    piece.chars += chars;
                }
                _ => pieces.push(Piece { start, end, chars }),
            }
        }
        pieces
    }
}

/// A piece of a line.
struct Piece {
    start: i32,
    end: i32,
    chars: usize,
}

/// True for text in columns.
pub(super) fn looks_like(text: &str) -> bool {
    has_gaps(text) && best(text).0 >= LINES
}

/// True when lines have so many gaps that there may be columns. Most text is done with here.
fn has_gaps(text: &str) -> bool {
    let ends_line = |c: char| matches!(c, '\n' | '\x0C');
    let is_blank = |c: char| c.is_whitespace() || c.is_control();
    let bytes = text.as_bytes();
    let (mut at, mut gaps, mut inked) = (0, 0, false);
    while let Some(&byte) = bytes.get(at) {
        // What these begin is ink: ASCII, and Han and the forms behind them.
        match byte {
            0x21..=0x7E => (at, inked) = (at + 1, true),
            0xE3 if bytes.get(at + 1..at + 3) != Some(&[0x80, 0x80]) => {
                (at, inked) = (at + 3, true); // all but the ideographic space
            }
            0xE4..=0xEF => (at, inked) = (at + 3, true),
            _ => {
                let rest = text.get(at..).unwrap_or_default();
                let blanks = rest.chars().take_while(|&c| is_blank(c) && !ends_line(c));
                let (mut len, mut room) = (0, 0);
                for c in blanks {
                    len += c.len_utf8();
                    room += if matches!(c, '\t' | '\u{3000}') {
                        GAP
                    } else {
                        1
                    };
                }
                let next = rest.get(len..).and_then(|rest| rest.chars().next());
                let ended = next.is_none_or(ends_line);
                gaps += usize::from(inked && !ended && room >= GAP);
                at += len + next.map_or(1, char::len_utf8);
                inked = !ended;
            }
        }
        if gaps >= LINES {
            return true;
        }
    }
    false
}

/// Past how many lines the longest white runs down, and how characters are counted there.
fn best(text: &str) -> (usize, Grid) {
    let longest = |grid: Grid| {
        let pages = text.split('\x0C').map(|page| longest_white(page, grid));
        (pages.max().unwrap_or(0), grid)
    };
    let (by_characters, by_widths) = (longest(Grid::Characters), longest(Grid::HalfWidths));
    if by_widths.0 > by_characters.0 {
        by_widths
    } else {
        by_characters
    }
}

/// Past how many lines of a page with ink on both sides the longest white runs down.
fn longest_white(page: &str, grid: Grid) -> usize {
    let lines: Vec<Vec<Piece>> = page
        .lines()
        .map(|line| grid.pieces(line))
        .filter(|pieces| !pieces.is_empty())
        .collect();
    let mut starts = vec![0_usize; (WIDEST + INDENT + 1) as usize];
    for piece in lines.iter().flat_map(|pieces| pieces.iter().skip(1)) {
        if let Some(count) = starts.get_mut(piece.start as usize) {
            *count += 1;
        }
    }
    let indents = INDENT as usize + 1;
    let edges = starts.windows(indents).enumerate();
    let edges = edges.filter(|(_, near)| near[0] > 0 && near.iter().sum::<usize>() >= LINES);
    let runs = edges.map(|(x, _)| white_at(&lines, x as i32));
    runs.max().unwrap_or(0)
}

/// The same for a column that begins at `x`: the white ends at a line that goes on over it. In half
/// of the lines or more that it passes stands something on both sides.
fn white_at(lines: &[Vec<Piece>], x: i32) -> usize {
    let (mut longest, mut run) = (0, Run::default());
    for pieces in lines {
        let border = pieces.partition_point(|piece| piece.start < x);
        let (left, right) = (pieces[..border].last(), pieces.get(border));
        if left.is_some_and(|piece| piece.end > x - GAP) {
            longest = longest.max(std::mem::take(&mut run).lines());
            continue;
        }
        run.passed += 1;
        if let (Some(left), Some(right)) = (left, right)
            && right.start <= x + INDENT
        {
            run.parted += 1;
            run.left += left.chars;
            run.right += right.chars;
        }
    }
    longest.max(run.lines())
}

/// Lines in a row that white passes.
#[derive(Default)]
struct Run {
    passed: usize,
    /// Those with ink on both sides, and how many characters.
    parted: usize,
    left: usize,
    right: usize,
}

impl Run {
    /// Lines with ink on both sides, if they are columns.
    fn lines(&self) -> usize {
        let columns =
            self.parted * 2 >= self.passed && self.left.min(self.right) >= self.parted * CHARS;
        if columns { self.parted } else { 0 }
    }
}

/// A column of poppler's text.
struct Column {
    /// Where it begins, in characters.
    edge: i32,
    /// Room of the ink of its full lines, in half-widths; unknown for the last.
    full: Option<i32>,
}

/// A word: where it stands in its line, from which to which character, from which to which half-width.
type Placed = (Span, [i32; 2], [i32; 2]);

/// The words of a line of poppler's text, in its pieces.
fn placed(line: &str) -> Vec<Vec<Placed>> {
    let words = Grid::Characters.words(line);
    let printed = Grid::HalfWidths.words(line);
    let both = words.into_iter().zip(printed);
    let words: Vec<Placed> = both
        .map(|((span, from, to), (_, left, right))| (span, [from, to], [left, right]))
        .collect();
    let pieces = words.chunk_by(|a, b| b.1[0] - a.1[1] < GAP);
    pieces.map(<[Placed]>::to_vec).collect()
}

/// Room of the ink of words, in half-widths.
fn ink(words: &[Placed]) -> i32 {
    words.iter().map(|(_, _, [left, right])| right - left).sum()
}

/// The columns of a page: at the left, and where most pieces of lines begin.
fn columns<'t>(lines: impl Iterator<Item = &'t str>) -> Vec<Column> {
    let lines: Vec<Vec<Vec<Placed>>> = lines.map(placed).collect();
    let start = |piece: &Vec<Placed>| piece.first().map_or(0, |word| word.1[0]);
    let mut starts: BTreeMap<i32, usize> = BTreeMap::new();
    for piece in lines.iter().flat_map(|pieces| pieces.iter().skip(1)) {
        *starts.entry(start(piece)).or_default() += 1;
    }
    let mut common: Vec<(usize, i32)> = starts.into_iter().map(|(x, n)| (n, -x)).collect();
    common.sort_unstable();
    let mut edges = vec![0];
    for (_, x) in common.into_iter().rev().filter(|&(n, _)| n >= EDGE) {
        if edges.iter().all(|edge| (-x - edge).abs() > INDENT) {
            edges.push(-x);
        }
    }
    edges.sort_unstable();
    let full = |edge: i32| {
        let parted = lines.iter().flat_map(|pieces| pieces.iter().rev().skip(1));
        let here = parted.filter(|piece| (edge..=edge + INDENT).contains(&start(piece)));
        let mut inks: Vec<i32> = here.map(|piece| ink(piece)).collect();
        inks.sort_unstable();
        inks.get(inks.len() * 9 / 10).copied()
    };
    let columns = edges.iter().map(|&edge| Column {
        edge,
        full: full(edge),
    });
    columns.collect()
}

/// The words of a line of poppler's text, placed as the module says.
fn unfolded(line: &str, columns: &[Column]) -> Vec<(Span, i32, i32)> {
    let pieces = placed(line);
    let mut out: Vec<(Span, i32, i32)> = Vec::new();
    let mut put = |words: &[Placed], at: i32| {
        let moved = words.first().map_or(0, |(_, _, [left, _])| at - left);
        let moved = words
            .iter()
            .map(|&(span, _, [l, r])| (span, l + moved, r + moved));
        out.extend(moved);
    };
    for (i, piece) in pieces.iter().enumerate() {
        let start = piece.first().map_or(0, |word| word.1[0]);
        let column = columns.partition_point(|column| column.edge <= start);
        let column = column.checked_sub(1).and_then(|i| columns.get(i..));
        let Some([column, behind @ ..]) = column.filter(|c| start - c[0].edge <= INDENT) else {
            put(piece, 2 * start);
            continue;
        };
        let last = i + 1 == pieces.len();
        let (own, glued) = match (last, behind.first()) {
            (true, Some(_)) => piece.split_at(own_words(piece, column)),
            _ => (&piece[..], &[][..]),
        };
        put(own, column.edge + start);
        if let Some(next) = behind.first() {
            put(glued, 2 * next.edge);
        }
    }
    out
}

/// How many words of a piece are of its column, where that is so full that poppler has put but one
/// blank before what stands in the next.
fn own_words(piece: &[Placed], column: &Column) -> usize {
    let Some(full) = column.full.filter(|full| ink(piece) > full + SLACK) else {
        return piece.len();
    };
    let mut ends = (1..piece.len()).rev();
    let end = ends.find(|&end| ink(&piece[..end]) <= full + 1);
    end.filter(|&end| ink(&piece[..end]) + SLACK >= full)
        .unwrap_or(piece.len())
}

/// Lines that have ink, their words and the printed pages that they stand on.
pub(super) struct Laid {
    pub(super) lines: Vec<Line>,
    pub(super) words: Vec<Word>,
    pub(super) sheets: Vec<Sheet>,
}

impl Laid {
    /// Lines of plain text.
    pub(super) fn plain(lines: Vec<Line>) -> Self {
        Self {
            lines,
            words: Vec::new(),
            sheets: Vec::new(),
        }
    }

    /// Begins a printed page.
    fn sheet(&mut self) {
        self.sheets.push(Sheet {
            number: self.sheets.len() as u32 + 1,
            width: 0,
            height: 0,
            unit: Unit::Column,
        });
    }

    /// Adds `line`, which stands `y` from the top and has `words`.
    fn push(&mut self, line: Line, y: i32, words: Vec<(Span, i32, i32)>) {
        let Some(sheet) = self.sheets.last_mut() else {
            return;
        };
        let words = words.into_iter().map(|(span, left, right)| Word {
            span: Span {
                start: line.span.start + span.start,
                end: line.span.start + span.end,
            },
            sheet: sheet.number - 1,
            bbox: Some(Bbox::new(left * CENTI, y, right * CENTI, y + LINE)),
            confidence: None,
        });
        let first = self.words.len();
        self.words.extend(words);
        let words = &self.words[first..];
        let around = words.iter().filter_map(|word| word.bbox);
        if let Some(bbox) = around.reduce(Bbox::with) {
            sheet.width = sheet.width.max(bbox.x1);
            sheet.height = bbox.y1;
            self.lines.push(Line {
                span: Span::hull(&[words[0].span, words[words.len() - 1].span]),
                sheet: sheet.number - 1,
                bbox: Some(bbox),
                ..line
            });
        }
    }
}

/// Reads `source`; a form feed begins a printed page.
pub(super) fn read(source: &str) -> Laid {
    let (_, grid) = best(source);
    let mut laid = Laid::plain(Vec::new());
    let mut new_page = false;
    for page in text::lines(source).chunk_by(|_, line| !line.new_page) {
        laid.sheet();
        let lines = || page.iter().map(|line| line.span.of(source));
        let columns = columns(lines());
        for (i, (line, text)) in page.iter().zip(lines()).enumerate() {
            let words = match grid {
                Grid::Characters => unfolded(text, &columns),
                Grid::HalfWidths => grid.words(text),
            };
            new_page |= line.new_page;
            let line = Line {
                new_page: new_page && !words.is_empty(),
                ..*line
            };
            new_page &= words.is_empty();
            laid.push(line, (i as i32).min(MOST) * LINE, words);
        }
    }
    laid
}
