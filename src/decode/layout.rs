//! Plain text in which columns stand side by side, parted by blanks, as `pdftotext -layout` writes
//! it. A line of the source is one line of the page; its words have boxes, so that it can be parted
//! where the columns are.

use unicode_width::UnicodeWidthChar;

use super::geometry::{Bbox, CENTI, Sheet, Unit};
use super::{Line, Word, text};
use crate::base::Span;

/// So many blank columns or more part two columns of text; words of a stretched line have one.
const GAP: i32 = 2;
/// A first line may begin so far behind the edge of its column.
const INDENT: i32 = 4;
/// White runs down between two columns past so many lines or more that have ink on both sides. In
/// 110 pages without columns, 40 of them tesseract's with glued lines, it is 6 at most; in 7 with
/// columns 9 at least.
const LINES: usize = 8;
/// The pieces on either side of it have so many characters or more in the mean: cells of a table
/// have fewer.
const CHARS: usize = 6;
/// No column begins further right.
const WIDEST: i32 = 400;
/// Columns and lines are counted so far.
const MOST: i32 = 1_000_000;

/// What a character is wide.
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
    let (lines, _) = best(text);
    lines >= LINES
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
}

/// Reads `source`; a form feed begins a printed page.
pub(super) fn read(source: &str) -> Laid {
    let (_, grid) = best(source);
    let mut laid = Laid::plain(Vec::new());
    let (mut new_page, mut y) = (false, 0);
    for line in text::lines(source) {
        new_page |= line.new_page;
        if line.new_page || laid.sheets.is_empty() {
            y = 0;
            laid.sheets.push(Sheet {
                number: laid.sheets.len() as u32 + 1,
                width: 0,
                height: 0,
                unit: Unit::Column,
            });
        }
        let Some(sheet) = laid.sheets.last_mut() else {
            continue;
        };
        let top = y;
        y = (y + CENTI).min(MOST * CENTI);
        let first = laid.words.len();
        for (span, start, end) in grid.words(line.span.of(source)) {
            let bbox = Bbox::new(start * CENTI, top, end * CENTI, y);
            (sheet.width, sheet.height) = (sheet.width.max(bbox.x1), y);
            laid.words.push(Word {
                span: Span {
                    start: line.span.start + span.start,
                    end: line.span.start + span.end,
                },
                sheet: sheet.number - 1,
                bbox: Some(bbox),
                confidence: None,
            });
        }
        let words = &laid.words[first..];
        if let (Some(start), Some(end)) = (words.first(), words.last()) {
            laid.lines.push(Line {
                span: Span {
                    start: start.span.start,
                    end: end.span.end,
                },
                new_page: std::mem::take(&mut new_page),
                sheet: sheet.number - 1,
                bbox: words.iter().filter_map(|word| word.bbox).reduce(Bbox::with),
                ..line
            });
        }
    }
    laid
}
