//! Rows → paragraphs.
//!
//! Whether a paragraph ends with a row is weighed: what the row ends with, how far it stays behind
//! the width of its column at that place, what the next row begins with, and indents and blank
//! lines where the page has them and they tell. Each is a logarithm of a likelihood ratio in
//! hundredths (see [`crate::base::log`]), measured on the page itself where it can be: widths of
//! columns, how ragged their rows are, how often blank lines stand. Above 0 the paragraph ends.

use std::ops::Range;

use super::Role;
use super::columns::{
    EM, Heading, MAX_HIDDEN_INDENT, MIN_HIDDEN_INDENT, REACH, RowEnd, Rows, is_heading_stop,
    is_opener, stands_below,
};
use super::ink::{Ink, Row};
use super::lost::Shape;
use crate::base::log::ln_percent;
use crate::lexicon::Lexicon;
use crate::lexicon::furniture::FrontLine;
use crate::lexicon::labels::LabelMatch;
use crate::record::LabelStyle;

/// A title that runs into its text is no longer than this, in characters, 7 times in 10 (404 counted in
/// 34 pages); what is longer is more likely a title alone and the sentence below it.
const LONG_RUN_IN_TITLE: usize = 22;

/// Where no column shows, a line is cut off if none of so many to each side is longer.
const NEARBY: usize = 6;
/// A date or an issuer on a line of its own is no longer, in characters.
const MAX_LINE_ALONE: u32 = 40;

/// Evidence for a break, in hundredths of natural logarithms.
mod weight {
    /// A paragraph rarely ends in a colon, more rarely in a semicolon …
    pub(super) const COLON: i32 = -70;
    pub(super) const SEMICOLON: i32 = -500;
    /// … with a bracket or quote that no sentence mark stands before …
    pub(super) const CLOSER: i32 = -300;
    /// … or without any mark, unless the page loses its full stops: tesseract lost 4 to 17 in 100
    /// at line ends, rapidocr 6 to 52.
    pub(super) const OPEN: i32 = -800;
    pub(super) const OPEN_WHERE_STOPS_ARE_LOST: i32 = -450;
    /// A heading that ends with a full stop right at the end of a row, in a page where no heading
    /// of its kind runs into its text.
    pub(super) const HEADING_WITH_STOP: i32 = 100;
    pub(super) const COMMA: i32 = -700;
    /// The next row begins with a label that goes on with the numbering, or with any other.
    pub(super) const LABEL: i32 = 800;
    pub(super) const LABEL_OUT_OF_ORDER: i32 = 250;
    pub(super) const DAMAGED_LABEL: i32 = 450;
    /// 一是 … of a series that stands inside paragraphs, or begins them.
    pub(super) const ORDINAL_INLINE: i32 = -600;
    pub(super) const ORDINAL: i32 = 500;
    pub(super) const ORDINAL_BEHIND_SEMICOLON: i32 = 300;
    pub(super) const INDENTED: i32 = 600;
    pub(super) const FLUSH: i32 = -400;
    pub(super) const HIDDEN_INDENT: i32 = 300;
    pub(super) const NO_HIDDEN_INDENT: i32 = -250;
    pub(super) const BLANK: i32 = 250;
    pub(super) const NO_BLANK: i32 = -60;
    /// No column to measure by: lines are paragraphs.
    pub(super) const UNWRAPPED: i32 = 900;
}

/// A paragraph as a range of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Joined {
    pub(super) rows: Range<usize>,
    pub(super) role: Role,
    /// How it stands, as far as boxes show it.
    pub(super) shape: Shape,
}

/// The paragraphs that `rows` make.
pub(super) fn join(ink: &Ink, rows: &[Row], lexicon: &Lexicon) -> Vec<Joined> {
    let mut joiner = Joiner {
        rows: Rows::new(ink, rows, lexicon),
        numbers: vec![0; lexicon.labels.kinds.len()],
        ordinal: None,
    };
    let mut out = joiner.rows.front_matter();
    let mut start = out.last().map_or(0, |p| p.rows.end);
    while start < rows.len() {
        let end = joiner.paragraph(start);
        out.push(Joined {
            rows: start..end,
            role: joiner.role(start..end),
            shape: joiner.shape(start..end),
        });
        start = end;
    }
    out
}

/// Goes through the rows once.
struct Joiner<'a> {
    rows: Rows<'a>,
    /// For each kind of label, the number of the last one that began a paragraph.
    numbers: Vec<u32>,
    /// Number of the last 一是, and whether it stood inside a paragraph.
    ordinal: Option<(u32, bool)>,
}

impl Joiner<'_> {
    /// One past the last row of the paragraph that begins at row `start`.
    fn paragraph(&mut self, start: usize) -> usize {
        self.note_label(start);
        let heading = self.heading_end(start);
        let mut row = start;
        loop {
            self.note_ordinals(row);
            if row + 1 == self.rows.len() || heading == Some(row) {
                return row + 1;
            }
            let inside_heading = heading.is_some_and(|end| row < end) && !self.rows.cells[row + 1];
            if !inside_heading && self.breaks(start, row) {
                return row + 1;
            }
            row += 1;
        }
    }

    fn note_label(&mut self, row: usize) {
        if let Some(label) = self.rows.labels[row].or(self.rows.damaged[row]) {
            let kind = &self.rows.lexicon.labels.kinds[label.kind];
            if let Some(number) = label.number {
                if kind.anywhere {
                    self.ordinal = Some((number, false));
                } else {
                    self.numbers[label.kind] = number;
                }
            }
        }
    }

    /// Remembers labels that stand inside row `row`.
    fn note_ordinals(&mut self, row: usize) {
        if let Some(&number) = self.rows.inline_ordinals(row).last() {
            self.ordinal = Some((number, true));
        }
    }

    /// Whether the paragraph that began at row `start` ends with row `i`, which is not the last.
    fn breaks(&self, start: usize, i: usize) -> bool {
        let rows = &self.rows;
        let next = &rows.rows[i + 1];
        if next.part != rows.rows[i].part {
            return self.breaks_at_jump(i);
        }
        if next.apart {
            return true;
        }
        if next.glued {
            return rows.ends[i] == RowEnd::Sentence && rows.labels[i + 1].is_some();
        }
        // Each row of a table is a paragraph of its own.
        if rows.cells[i] || rows.cells[i + 1] {
            return true;
        }
        if rows.text(i).ends_with(is_opener) {
            return false;
        }
        if self.stands_alone(i + 1) && rows.ends[i] != RowEnd::Comma && rows.is_short(i, start) {
            return true;
        }
        if i == start && self.stands_alone(i) {
            return true;
        }
        let Some((fill, ln_column)) = rows.fill(i, start) else {
            return self.breaks_unwrapped(i);
        };
        // Of the sentence ends of a paragraph all but one stand inside it, one in column-width of
        // them at a row's end.
        let sentence = ln_column - ln_percent(rows.sentences);
        let end = match rows.ends[i] {
            RowEnd::Sentence => sentence + self.heading_with_stop(start, i),
            RowEnd::Colon => sentence + weight::COLON,
            RowEnd::Semicolon => sentence + weight::SEMICOLON,
            RowEnd::Closer => weight::CLOSER,
            RowEnd::Open if rows.stops_are_lost => weight::OPEN_WHERE_STOPS_ARE_LOST,
            RowEnd::Open => weight::OPEN,
            RowEnd::Comma => weight::COMMA,
        };
        end + fill + self.label_evidence(i) + self.layout_evidence(i + 1) > 0
    }

    /// The same where the article goes on on another page behind row `i`, which is as short as the
    /// jump line makes it: what ends no sentence goes on, unless a label or an indent begins a
    /// paragraph; behind a sentence only a line that shows that it has no indent goes on.
    fn breaks_at_jump(&self, i: usize) -> bool {
        let rows = &self.rows;
        let labelled = rows.labels[i + 1].is_some_and(|l| l.number.is_some());
        let indent_shows = rows.indents_tell && rows.ink.begins_line(&rows.rows[i + 1]);
        let indented = rows.indented(i + 1);
        match rows.ends[i] {
            RowEnd::Sentence => labelled || !indent_shows || indented,
            _ => labelled || indent_shows && indented,
        }
    }

    /// Evidence from a heading whose own full stop is the last character of row `i`.
    fn heading_with_stop(&self, start: usize, i: usize) -> i32 {
        let rows = &self.rows;
        let Some(label) = rows.labels[start].filter(|_| i == start) else {
            return 0;
        };
        let body = &rows.text(start)[label.len..];
        let own_stop = body
            .find(is_heading_stop)
            .is_some_and(|at| body[at..].chars().nth(1).is_none());
        if own_stop && rows.headings[label.kind].run_in == 0 {
            weight::HEADING_WITH_STOP
        } else {
            0
        }
    }

    /// The same where no column shows: a line is a paragraph unless it is cut off.
    fn breaks_unwrapped(&self, i: usize) -> bool {
        let rows = &self.rows;
        match rows.ends[i] {
            RowEnd::Comma => self.label_evidence(i) + weight::COMMA > 0,
            RowEnd::Open if rows.labels[i].is_none() => {
                // Cut off only if no line nearby is longer: else it had room to go on.
                let near = i.saturating_sub(NEARBY)..(i + NEARBY + 1).min(rows.len());
                let widest = near.map(|k| rows.widths[k]).max().unwrap_or(0);
                rows.widths[i] + EM < widest || self.label_evidence(i) > 0
            }
            _ => weight::UNWRAPPED + self.label_evidence(i) > 0,
        }
    }

    /// True for a date, or an issuer at the end of the page, on a line of its own.
    fn stands_alone(&self, row: usize) -> bool {
        let rows = &self.rows;
        if rows.rows[row].chars > MAX_LINE_ALONE {
            return false;
        }
        match rows.front_line(row..row + 1) {
            Some(FrontLine::Dateline) => true,
            Some(FrontLine::Issuer) => row + 3 > rows.len(),
            _ => false,
        }
    }

    /// Evidence from what row `i + 1` begins with.
    fn label_evidence(&self, i: usize) -> i32 {
        let rows = &self.rows;
        let Some(label) = rows.labels[i + 1] else {
            return match rows.damaged[i + 1] {
                Some(label) if self.goes_on(label) => weight::DAMAGED_LABEL,
                _ => 0,
            };
        };
        let kind = &rows.lexicon.labels.kinds[label.kind];
        let behind_clause = matches!(
            rows.ends[i],
            RowEnd::Sentence | RowEnd::Colon | RowEnd::Semicolon
        );
        if kind.anywhere {
            return match (self.ordinal_is_inline(i + 1, label), rows.ends[i]) {
                (true, _) => weight::ORDINAL_INLINE,
                (false, RowEnd::Sentence) => weight::ORDINAL,
                (false, RowEnd::Semicolon | RowEnd::Colon) => weight::ORDINAL_BEHIND_SEMICOLON,
                _ => 0,
            };
        }
        if label.number.is_none() {
            return if behind_clause { weight::LABEL } else { 0 };
        }
        if self.goes_on(label) {
            weight::LABEL
        } else if rows.rows[i + 1].chars as usize > label.len {
            weight::LABEL_OUT_OF_ORDER
        } else {
            0
        }
    }

    /// True for the first of its kind, the next one, or a new beginning.
    fn goes_on(&self, label: LabelMatch) -> bool {
        let last = self.numbers[label.kind];
        label.number.is_some_and(|n| n == 1 || n == last + 1)
    }

    /// Whether the series of 一是 … that the label at the start of `row` belongs to stands inside
    /// paragraphs: as its predecessor did, or, for the first, as its successor does.
    fn ordinal_is_inline(&self, row: usize, label: LabelMatch) -> bool {
        let number = label.number.unwrap_or(1);
        if number > 1
            && let Some((last, inline)) = self.ordinal
            && last + 1 == number
        {
            return inline;
        }
        let rows = &self.rows;
        for k in row..(row + 2 * REACH).min(rows.len()) {
            if k > row
                && let Some(found) = rows.labels[k]
                && (found.kind != label.kind || found.number == Some(number + 1))
            {
                // At a row's start: inside a paragraph all the same when the row before is full
                // and ends in a semicolon.
                return found.kind == label.kind
                    && rows.ends[k - 1] == RowEnd::Semicolon
                    && !rows.is_short(k - 1, row);
            }
            if rows.inline_ordinals(k).contains(&(number + 1)) {
                return true;
            }
        }
        false
    }

    /// Evidence from the blanks around row `next`.
    fn layout_evidence(&self, next: usize) -> i32 {
        let rows = &self.rows;
        let mut evidence = 0;
        if rows.blank_lines_tell {
            evidence += if rows.rows[next].blank_before {
                weight::BLANK
            } else {
                weight::NO_BLANK
            };
        }
        if rows.indents_tell {
            evidence += if rows.indented(next) {
                weight::INDENTED
            } else {
                weight::FLUSH
            };
        } else if rows.hidden_indent
            && rows.runs_on(next)
            && let Some(short) = rows.short(next)
        {
            evidence += match short.by {
                0..=3 => weight::NO_HIDDEN_INDENT,
                MIN_HIDDEN_INDENT..=MAX_HIDDEN_INDENT => weight::HIDDEN_INDENT,
                _ => 0,
            };
        }
        evidence
    }

    /// The last row of the heading that begins at row `start`, if one stands there alone.
    fn heading_end(&self, start: usize) -> Option<usize> {
        let rows = &self.rows;
        let label =
            rows.labels[start].or_else(|| rows.damaged[start].filter(|&l| self.goes_on(l)))?;
        match rows.heading(start, label, |next| self.follows(label, next)) {
            Heading::Alone(row) => Some(row),
            Heading::Full(full, chars) => self.stood_alone(label, start, &full, chars),
            Heading::RunIn | Heading::OwnStop => None,
        }
    }

    /// All rows of a heading were full up to the first stop, `chars` characters behind the label:
    /// did it stand alone, its last row full by chance (one of `full`), or does it run into its
    /// text? Kinds that enclose others nearly always stand alone; others do where the rest of
    /// their kind does and the title would be long, in parts alike as titles have them.
    fn stood_alone(
        &self,
        label: LabelMatch,
        start: usize,
        full: &[(i32, usize)],
        chars: usize,
    ) -> Option<usize> {
        let rows = &self.rows;
        // The shortest, of equal ones the first.
        let &(_, end) = full.iter().min_by_key(|&&(fill, row)| (-fill, row))?;
        let kind = &rows.lexicon.labels.kinds[label.kind];
        let style = &rows.headings[label.kind];
        let likely = match kind.style {
            LabelStyle::Han | LabelStyle::Chapter => style.alone >= style.run_in,
            // A heading alone fills its row once in as many times as the row has characters.
            _ => {
                let column = rows.short(end).map_or(0, |s| s.column / EM);
                style.alone > style.run_in && style.full * column <= style.alone * 6
            }
        };
        let title: String = (start..=end).map(|i| rows.text(i)).collect();
        let alike = match title[label.len..].rsplit_once(['，', '、']) {
            Some((before, last)) => {
                let first = before.split('，').next_back().unwrap_or(before);
                let (first, last) = (first.chars().count(), last.chars().count());
                last >= 4 && last * 2 >= first
            }
            None => true,
        };
        (likely && alike && chars > LONG_RUN_IN_TITLE).then_some(end)
    }

    /// True when `next` may stand right below a heading labelled `label`.
    fn follows(&self, label: LabelMatch, next: LabelMatch) -> bool {
        stands_below(label, next) || self.goes_on(next)
    }

    fn shape(&self, range: Range<usize>) -> Shape {
        let (rows, last) = (&self.rows, range.end - 1);
        let indented = range.end < rows.len() && rows.indents_tell && rows.indented(range.end);
        Shape {
            indent: rows.rows[range.start].indent,
            ends: indented || rows.is_short(last, range.start),
            rows: range.len() > 1,
        }
    }

    fn role(&self, rows: Range<usize>) -> Role {
        if rows.len() == 1 && self.stands_alone(rows.start) {
            return match self.rows.front_line(rows) {
                Some(FrontLine::Issuer) => Role::Issuer,
                _ => Role::Dateline,
            };
        }
        Role::Body
    }
}
