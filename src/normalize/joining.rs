//! Rows → paragraphs.
//!
//! Whether a paragraph ends with a row is weighed: what the row ends with, how far it stays behind
//! the width of its column at that place, what the next row begins with, and indents and blank
//! lines where the page has them and they tell. Each is a logarithm of a likelihood ratio in
//! hundredths (see [`crate::base::log`]), measured on the page itself where it can be: widths of
//! columns, how ragged their rows are, how often blank lines stand. Above 0 the paragraph ends.

use std::ops::Range;

use super::Role;
use super::ink::{Ink, Row};
use super::width;
use crate::base::log::ln_percent;
use crate::lexicon::Lexicon;
use crate::lexicon::furniture::FrontLine;
use crate::lexicon::labels::LabelMatch;
use crate::record::LabelStyle;

/// A Han character's room in the unit of [`Row::quarters`].
const EM: u32 = 4;
/// How many sentences a paragraph of a bulletin has in the mean, where the page does not show it;
/// 4.2 in the 34 reports counted.
const SENTENCES: u32 = 4;
/// How much narrower a first row is that has lost its indent of two characters: marks squeezed or
/// spread move it by half a character.
const MIN_HIDDEN_INDENT: u32 = 5;
const MAX_HIDDEN_INDENT: u32 = 10;
/// Rows to each side in which the width of a column is looked for …
const REACH: usize = 12;
/// … and how many rows that run on are enough.
const ENOUGH: usize = 3;
/// No column is narrower, beside a picture either.
const MIN_COLUMN: u32 = 5 * EM;
/// Titles that run into their text are seldom longer, in characters.
const LONG_RUN_IN_TITLE: usize = 22;
/// Evidence, as in [`weight`], that is taken for sure where no other is at hand: e to 1.
const CLEARLY: i32 = 100;
/// Rows that run on tell a column when one of the same width is no more rows away than this.
const NEAR: usize = 4;
/// Rows with a label that may show a column have at least this room.
const LABELLED_ROW: u32 = 16 * EM;
/// A title, heading or dateline has no more rows.
const MAX_FRONT_ROWS: usize = 12;
const MAX_HEADING_ROWS: usize = 5;

/// Evidence for a break, in hundredths of natural logarithms.
mod weight {
    /// A paragraph rarely ends in a colon, more rarely in a semicolon …
    pub(super) const COLON: i32 = -70;
    pub(super) const SEMICOLON: i32 = -500;
    /// … with a bracket or quote that no sentence mark stands before …
    pub(super) const CLOSER: i32 = -300;
    /// … or without any mark, unless the page loses its full stops, as OCR does at line ends (2 to
    /// 13 in 100).
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
}

/// What a row ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RowEnd {
    Sentence,
    Colon,
    Semicolon,
    Closer,
    Open,
    Comma,
}

fn is_sentence_mark(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '｡')
}

/// Nothing ends right behind one of these.
fn is_opener(c: char) -> bool {
    matches!(
        c,
        '“' | '‘' | '《' | '（' | '(' | '【' | '『' | '「' | '〈' | '［' | '[' | '〔'
    )
}

fn is_closer(c: char) -> bool {
    matches!(
        c,
        '”' | '’' | '》' | '）' | ')' | '】' | '』' | '」' | '"' | '〉' | '］' | ']' | '〕'
    )
}

/// Marks that end a clause; a heading's text goes up to the first of them.
fn is_heading_stop(c: char) -> bool {
    is_sentence_mark(c) || matches!(c, '；' | ';' | '：' | ':')
}

fn row_end(text: &str) -> RowEnd {
    let mut chars = text.chars().rev();
    let last = chars.next().unwrap_or(' ');
    let inner = if is_closer(last) {
        chars.clone().find(|&c| !is_closer(c)).unwrap_or(last)
    } else {
        last
    };
    match inner {
        c if is_sentence_mark(c) => RowEnd::Sentence,
        '.' if chars.next().is_some_and(width::is_han) => RowEnd::Sentence,
        _ if is_closer(last) => RowEnd::Closer,
        '：' | ':' => RowEnd::Colon,
        '；' | ';' => RowEnd::Semicolon,
        '，' | ',' | '、' | '﹑' => RowEnd::Comma,
        _ => RowEnd::Open,
    }
}

/// Room of what a typesetter keeps together at the start of a row: a numeral or word, or a
/// character with the marks behind it that begin no line.
fn first_atom(text: &str) -> u32 {
    let mut chars = text.chars().peekable();
    let Some(first) = chars.next() else { return 0 };
    let mut room = width::quarters(first);
    if first.is_ascii_alphanumeric() {
        while let Some(c) = chars.next_if(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '%')) {
            room += width::quarters(c);
        }
    }
    while let Some(c) =
        chars.next_if(|&c| is_closer(c) || matches!(c, '，' | '。' | '、' | '；' | '：'))
    {
        room += width::quarters(c);
    }
    room
}

/// What is known of the rows before anything is joined.
struct Rows<'a> {
    ink: &'a Ink,
    lexicon: &'a Lexicon,
    rows: &'a [Row],
    ends: Vec<RowEnd>,
    labels: Vec<Option<LabelMatch>>,
    damaged: Vec<Option<LabelMatch>>,
    /// Width of each row, in the measure that fits the page.
    widths: Vec<u32>,
    /// Rows that run on into the next for sure and stand beside others of their width: they show
    /// how wide the column is.
    running: Vec<bool>,
    /// True when every character counts the same and rows are cut to the character.
    by_character: bool,
    /// How often a running row falls short by so much; see [`bucket`].
    short_counts: [u32; BUCKETS],
    blank_lines_tell: bool,
    indents_tell: bool,
    /// First rows of paragraphs are narrower by an indent that got lost.
    hidden_indent: bool,
    /// Sentences in a paragraph, in the mean.
    sentences: u32,
    /// Paragraphs end without a mark more often than a printer forgets one.
    stops_are_lost: bool,
    /// For each kind of label, how its headings stand.
    headings: Vec<HeadingStyle>,
}

const BUCKETS: usize = 5;

/// How short a row falls, in classes: under 1 em, under 2, under 3, under 5, more.
fn bucket(excess: u32) -> usize {
    match excess / EM {
        n @ 0..=2 => n as usize,
        3 | 4 => 3,
        _ => 4,
    }
}

impl<'a> Rows<'a> {
    fn new(ink: &'a Ink, rows: &'a [Row], lexicon: &'a Lexicon) -> Self {
        let ends: Vec<RowEnd> = rows.iter().map(|r| row_end(ink.row(r))).collect();
        let labels: Vec<_> = rows.iter().map(|r| lexicon.labels.at(ink.row(r))).collect();
        let damaged = rows
            .iter()
            .zip(&labels)
            .map(|(r, found)| match found {
                Some(_) => None,
                None => lexicon.labels.damaged_at(ink.row(r)),
            })
            .collect();
        let kinds = lexicon.labels.kinds.len();
        let mut out = Self {
            ink,
            lexicon,
            rows,
            ends,
            labels,
            damaged,
            widths: Vec::new(),
            running: Vec::new(),
            by_character: false,
            short_counts: [0; BUCKETS],
            blank_lines_tell: false,
            indents_tell: false,
            hidden_indent: false,
            sentences: SENTENCES,
            stops_are_lost: false,
            headings: vec![HeadingStyle::default(); kinds],
        };
        out.measure_widths();
        out.measure_blanks();
        out.measure_hidden_indent();
        out.measure_lost_stops();
        out.measure_sentences();
        out.measure_headings();
        out
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn text(&self, i: usize) -> &'a str {
        self.ink.row(&self.rows[i])
    }

    /// Rows that cannot be the last of a paragraph, unless they are headings.
    fn runs_on(&self, i: usize) -> bool {
        i + 1 < self.len()
            && matches!(self.ends[i], RowEnd::Open | RowEnd::Comma)
            && self.labels[i].is_none()
    }

    /// Likewise a row with a label whose heading has run into its text before the row ends.
    fn runs_on_behind_label(&self, i: usize) -> bool {
        let behind_stop = |text: &str| {
            text.find(is_sentence_mark)
                .is_some_and(|at| text[at..].chars().nth(1).is_some())
        };
        i + 1 < self.len()
            && matches!(self.ends[i], RowEnd::Open | RowEnd::Comma)
            && self.labels[i].is_some()
            && self.rows[i].quarters >= LABELLED_ROW
            && behind_stop(self.text(i))
    }

    fn measure_widths(&mut self) {
        let on: Vec<bool> = (0..self.len()).map(|i| self.runs_on(i)).collect();
        self.measure_columns(&on, 1);
        if !self.running.contains(&true) {
            // Paragraphs of two rows, each with its label: rows with labels show the column too.
            let on: Vec<bool> = on
                .iter()
                .enumerate()
                .map(|(i, &on)| on || self.runs_on_behind_label(i))
                .collect();
            self.measure_columns(&on, NEAR);
        }
        for i in 0..self.len() {
            if self.running[i]
                && let Some(short) = self.short(i)
            {
                self.short_counts[bucket(self.cramped(i, short.by))] += 1;
            }
        }
    }

    /// Finds the columns by the rows that are `on`: that run on into the next. Two of them no more
    /// than `apart` rows apart tell whether rows are cut to the character.
    fn measure_columns(&mut self, on: &[bool], apart: usize) {
        // Cut to the character (what scripts and some engines do), or set by room?
        let (mut pairs, mut equal) = (0, 0);
        let mut last: Option<usize> = None;
        for i in (0..self.len()).filter(|&i| on[i]) {
            if let Some(last) = last.filter(|last| i - last <= apart) {
                pairs += 1;
                equal += u32::from(self.rows[last].chars == self.rows[i].chars);
            }
            last = Some(i);
        }
        self.by_character = pairs > 0 && equal * 5 >= pairs * 4;
        self.widths = self
            .rows
            .iter()
            .map(|r| {
                if self.by_character {
                    r.chars * EM
                } else {
                    r.quarters
                }
            })
            .collect();
        let tolerance = if self.by_character { 0 } else { EM * 3 / 2 };
        self.running = (0..self.len())
            .map(|i| {
                let near = i.saturating_sub(NEAR)..(i + NEAR + 1).min(self.len());
                on[i]
                    && self.widths[i] >= MIN_COLUMN
                    && near.into_iter().any(|k| {
                        k != i && on[k] && self.widths[k].abs_diff(self.widths[i]) <= tolerance
                    })
            })
            .collect();
    }

    fn measure_blanks(&mut self) {
        let pairs = self.len().saturating_sub(1);
        let blanks = self.rows.iter().skip(1).filter(|r| r.blank_before).count();
        self.blank_lines_tell = blanks > 0 && blanks * 10 <= pairs * 7;
        let indented = (0..self.len()).filter(|&i| self.indented(i)).count();
        self.indents_tell = indented >= 2 && indented * 10 <= self.len() * 6;
    }

    /// Looks at rows that begin paragraphs for sure and run on: are they narrower by two characters?
    fn measure_hidden_indent(&mut self) {
        let (mut starts, mut narrow) = (0, 0);
        for i in 1..self.len() {
            let starts_paragraph = self.labels[i].is_some()
                || self.ends[i - 1] == RowEnd::Sentence && self.is_short(i - 1, i - 1);
            if starts_paragraph
                && matches!(self.ends[i], RowEnd::Open | RowEnd::Comma)
                && let Some(short) = self.short(i)
                && short.by <= MAX_HIDDEN_INDENT
            {
                starts += 1;
                narrow += u32::from(short.by >= MIN_HIDDEN_INDENT);
            }
        }
        self.hidden_indent = narrow >= 2 && narrow * 3 >= starts * 2;
    }

    /// Looks at the rows before labels, where paragraphs end for sure.
    fn measure_lost_stops(&mut self) {
        let (mut ends, mut lost) = (0, 0);
        for i in 1..self.len().saturating_sub(1) {
            let before_label = self.labels[i + 1].is_some_and(|l| l.number.is_some());
            if before_label && self.labels[i].is_none() && self.labels[i - 1].is_none() {
                ends += 1;
                lost += u32::from(self.ends[i] == RowEnd::Open);
            }
        }
        self.stops_are_lost = lost > 0 && lost * 12 >= ends;
    }

    /// Counts sentences, and rows that end one so early that they end a paragraph too.
    fn measure_sentences(&mut self) {
        let (mut sentences, mut paragraphs) = (0, 0);
        for i in 0..self.len() {
            sentences += self
                .text(i)
                .chars()
                .filter(|&c| is_sentence_mark(c))
                .count();
            let early = self.ends[i] == RowEnd::Sentence
                && self
                    .short(i)
                    .is_some_and(|s| self.cramped(i, s.by) >= 2 * EM);
            paragraphs += usize::from(early);
        }
        if paragraphs >= 4 {
            self.sentences = (sentences / paragraphs).clamp(2, 15) as u32;
        }
    }

    /// Which kinds of label have their headings on lines of their own.
    fn measure_headings(&mut self) {
        for i in 0..self.len() {
            let Some(label) = self.labels[i] else {
                continue;
            };
            let behind_paragraph = i == 0
                || matches!(
                    self.ends[i - 1],
                    RowEnd::Sentence | RowEnd::Open | RowEnd::Closer
                );
            if behind_paragraph {
                let follows = |next: LabelMatch| {
                    next.number == Some(1)
                        || next.kind == label.kind && next.number == label.number.map(|n| n + 1)
                };
                let found = self.heading(i, label, follows);
                let style = &mut self.headings[label.kind];
                match found {
                    Heading::Alone(_) => style.alone += 1,
                    Heading::RunIn => style.run_in += 1,
                    Heading::Full(..) => style.full += 1,
                    Heading::OwnStop => {}
                }
            }
        }
    }

    /// Reads the heading that begins at row `start` with `label`; `follows` says which labels may
    /// stand right below it.
    fn heading(
        &self,
        start: usize,
        label: LabelMatch,
        follows: impl Fn(LabelMatch) -> bool,
    ) -> Heading {
        let mut full: Vec<(i32, usize)> = Vec::new();
        let mut chars = 0;
        for row in start..(start + MAX_HEADING_ROWS).min(self.len()) {
            let text = self.text(row);
            let body = if row == start {
                &text[label.len..]
            } else {
                text
            };
            if let Some(at) = body.find(is_heading_stop) {
                if body[at..].chars().nth(1).is_none() {
                    return Heading::OwnStop;
                }
                if row == start {
                    return Heading::RunIn;
                }
                chars += body[..at].chars().count();
                return Heading::Full(full, chars);
            }
            if row + 1 == self.len() {
                return Heading::Alone(row);
            }
            chars += body.chars().count();
            if !matches!(self.ends[row], RowEnd::Open | RowEnd::Closer) {
                continue;
            }
            let label_below = self.labels[row + 1].is_some_and(|l| {
                let kind = &self.lexicon.labels.kinds[l.kind];
                l.number.is_some() && (kind.anywhere || follows(l))
            });
            if label_below {
                return Heading::Alone(row);
            }
            if self.is_rest(row + 1) {
                continue;
            }
            match self.fill(row, start) {
                Some((fill, _)) if fill < CLEARLY => full.push((fill, row)),
                _ => return Heading::Alone(row),
            }
        }
        Heading::Full(full, chars)
    }

    /// True for a row that begins with a word and a stop: the rest of a clause, no new paragraph.
    fn is_rest(&self, i: usize) -> bool {
        i < self.len()
            && self.labels[i].is_none()
            && self
                .text(i)
                .chars()
                .take(4)
                .any(|c| is_heading_stop(c) || c == '，')
    }

    fn indented(&self, i: usize) -> bool {
        (6..=16).contains(&self.rows[i].indent)
    }

    /// How far row `i` stays behind its column, and how wide that is; none where no column shows.
    /// The column is that of running rows nearby which are about as wide as the row or wider,
    /// the narrowest of them: a page may change its columns at any row.
    fn short(&self, i: usize) -> Option<Short> {
        let mut best: Option<Short> = None;
        let mut look = |order: &mut dyn Iterator<Item = usize>| {
            let mut seen = 0;
            for k in order.take(REACH) {
                if !self.running[k] || self.widths[k] + EM < self.widths[i] {
                    continue;
                }
                let by = self.widths[k].saturating_sub(self.widths[i]);
                if best.is_none_or(|b| by < b.by) {
                    best = Some(Short {
                        by,
                        column: self.widths[k],
                    });
                }
                seen += 1;
                if seen == ENOUGH {
                    break;
                }
            }
        };
        look(&mut (0..i).rev());
        look(&mut (i + 1..self.len()));
        best
    }

    /// `by`, or 0 where the first of the next row would not have fitted in anyway.
    fn cramped(&self, i: usize, by: u32) -> u32 {
        let atom = match self.rows.get(i + 1) {
            Some(_) if self.by_character => EM,
            Some(next) => first_atom(self.ink.row(next)),
            None => 0,
        };
        if by < atom { 0 } else { by }
    }

    /// True when row `i` of a paragraph that starts at row `start` ends before its column does,
    /// more clearly than rows that run on are ragged here; where no column shows, every row does.
    fn is_short(&self, i: usize, start: usize) -> bool {
        self.fill(i, start).is_none_or(|(fill, _)| fill >= CLEARLY)
    }

    /// Room left at the end of row `i` of a paragraph that starts at row `start`: what it stays
    /// behind its column, an indent that got lost and a word that did not fit taken off.
    fn missing(&self, i: usize, start: usize, short: Short) -> u32 {
        let indent = if self.hidden_indent && i == start {
            2 * EM
        } else {
            0
        };
        self.cramped(i, short.by.saturating_sub(indent))
    }

    /// Evidence from the width of row `i` of a paragraph that starts at row `start`, and the
    /// logarithm of the column's width in em.
    fn fill(&self, i: usize, start: usize) -> Option<(i32, i32)> {
        let short = self.short(i)?;
        let ems = (short.column / EM).max(2);
        let slot = bucket(self.missing(i, start, short));
        let room = [1, 1, 1, 2, ems.saturating_sub(5).max(1)][slot];
        // A little of every class is expected beforehand: 80, 8, 5, 4 and 3 in a hundred rows.
        let expected = [800, 80, 50, 40, 30][slot];
        let rows: u32 = self.short_counts.iter().sum();
        let running =
            ln_percent(self.short_counts[slot] * 100 + expected) - ln_percent(rows * 100 + 1000);
        let ending = ln_percent(room) - ln_percent(ems);
        Some((ending - running, ln_percent(ems)))
    }
}

/// How the headings of one kind stand in a page: how many …
#[derive(Debug, Clone, Default)]
struct HeadingStyle {
    /// … on lines of their own,
    alone: u32,
    /// … with text behind them in their line,
    run_in: u32,
    /// … fill their rows, so that either may be.
    full: u32,
}

/// How a heading stands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Heading {
    /// On lines of its own, up to this row.
    Alone(usize),
    /// Its text goes on behind it in its line.
    RunIn,
    /// It ends with a full stop of its own at the end of a row.
    OwnStop,
    /// It fills its rows: the evidence for each that it ends there, and the characters behind the
    /// label up to the first stop.
    Full(Vec<(i32, usize)>, usize),
}

#[derive(Debug, Clone, Copy)]
struct Short {
    by: u32,
    column: u32,
}

/// The paragraphs that `rows` make.
pub(super) fn join(ink: &Ink, rows: &[Row], lexicon: &Lexicon) -> Vec<Joined> {
    let mut joiner = Joiner {
        rows: Rows::new(ink, rows, lexicon),
        numbers: vec![0; lexicon.labels.kinds.len()],
        ordinal: None,
    };
    let mut out = joiner.front_matter();
    let mut start = out.last().map_or(0, |p| p.rows.end);
    while start < rows.len() {
        let end = joiner.paragraph(start);
        out.push(Joined {
            rows: start..end,
            role: joiner.role(start..end),
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
            let inside_heading = heading.is_some_and(|end| row < end);
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
        if let Some(number) = inline_ordinals(self.rows.text(row), self.rows.lexicon).last() {
            self.ordinal = Some((number, true));
        }
    }

    /// Whether the paragraph that began at row `start` ends with row `i`, which is not the last.
    fn breaks(&self, start: usize, i: usize) -> bool {
        let rows = &self.rows;
        let next = &rows.rows[i + 1];
        if next.glued {
            return rows.ends[i] == RowEnd::Sentence && rows.labels[i + 1].is_some();
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
                let near = i.saturating_sub(6)..(i + 7).min(rows.len());
                let widest = near.map(|k| rows.widths[k]).max().unwrap_or(0);
                rows.widths[i] + EM < widest || self.label_evidence(i) > 0
            }
            _ => weight::UNWRAPPED + self.label_evidence(i) > 0,
        }
    }

    /// True for a date, or an issuer at the end of the page, on a line of its own.
    fn stands_alone(&self, row: usize) -> bool {
        let rows = &self.rows;
        if rows.rows[row].chars > 40 {
            return false;
        }
        match rows.lexicon.front_matter.classify(rows.text(row)) {
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
            if inline_ordinals(rows.text(k), rows.lexicon).any(|n| n == number + 1) {
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
        next.number == Some(1)
            || next.kind == label.kind && next.number == label.number.map(|n| n + 1)
            || self.goes_on(next)
    }

    fn role(&self, rows: Range<usize>) -> Role {
        if rows.len() == 1 && self.stands_alone(rows.start) {
            let front = &self.rows.lexicon.front_matter;
            return match front.classify(self.rows.text(rows.start)) {
                Some(FrontLine::Issuer) => Role::Issuer,
                _ => Role::Dateline,
            };
        }
        Role::Body
    }

    /// Title, issuer, dateline and the like at the top of the page: the rows without clause marks,
    /// parted where the parts are most like these.
    fn front_matter(&self) -> Vec<Joined> {
        let rows = &self.rows;
        let is_front = |i: &usize| {
            let text = rows.text(*i);
            !text.contains(['。', '，', '；', '：', '！', '？', ',', ';'])
                && rows.labels[*i].is_none_or(|l| l.number.is_none())
        };
        let count = (0..rows.len().min(MAX_FRONT_ROWS))
            .take_while(is_front)
            .count();
        // best[k]: best score of a parting of the first k rows, and where its last part begins.
        let mut best: Vec<(i32, usize)> = vec![(0, 0)];
        for end in 1..=count {
            let mut found = (i32::MIN, 0);
            for (start, &(before, _)) in best.iter().enumerate().skip(end.saturating_sub(5)) {
                let score = before + self.front_score(start..end);
                if score > found.0 {
                    found = (score, start);
                }
            }
            best.push(found);
        }
        let mut end = (0..best.len()).max_by_key(|&k| (best[k].0, k)).unwrap_or(0);
        let mut out = Vec::new();
        while end > 0 {
            let start = best[end].1;
            out.push(Joined {
                rows: start..end,
                role: self.front_role(start..end),
            });
            end = start;
        }
        out.reverse();
        let mut titled = false;
        for part in &mut out {
            if part.role == Role::Title && std::mem::replace(&mut titled, true) {
                part.role = Role::Body;
            }
        }
        out
    }

    fn front_line(&self, range: Range<usize>) -> Option<FrontLine> {
        let rows = &self.rows;
        let text: String = range.map(|i| rows.text(i)).collect();
        rows.lexicon.front_matter.classify(&text)
    }

    fn front_role(&self, range: Range<usize>) -> Role {
        match self.front_line(range) {
            Some(FrontLine::Title) => Role::Title,
            Some(FrontLine::Issuer) => Role::Issuer,
            Some(FrontLine::Dateline) => Role::Dateline,
            Some(FrontLine::Byline) | None => Role::Body,
        }
    }

    /// How well some rows at the top make one line of front matter.
    fn front_score(&self, range: Range<usize>) -> i32 {
        let rows = &self.rows;
        let last = range.end - 1;
        let text: String = range.clone().map(|i| rows.text(i)).collect();
        // A title that names neither place nor year is likely the rest of one.
        let whole = text.contains(|c: char| c.is_ascii_digit())
            || rows.lexicon.documents.region_in(&text).is_some();
        let line = rows.lexicon.front_matter.classify(&text);
        let mut score = match line {
            Some(FrontLine::Dateline) => 80,
            Some(FrontLine::Title) if whole => 60,
            Some(FrontLine::Title) => 25,
            Some(FrontLine::Issuer) => 50,
            Some(FrontLine::Byline) => 40,
            None if range.start == 0 && rows.is_short(last, range.start) => 10,
            None => -10,
        };
        for row in range.start..last {
            score -= match rows.short(row) {
                None => 15,
                // Titles are set larger, their lines end where the sense does.
                Some(_) if line == Some(FrontLine::Title) => 20,
                Some(short) if short.by >= 2 * EM => 40,
                Some(_) => 1,
            };
        }
        if last + 1 < rows.len() && !rows.is_short(last, range.start) {
            score -= 25; // full: it may well go on
        }
        score
    }
}

/// Numbers of the 一是 … that stand inside `text`, behind a clause's end.
fn inline_ordinals<'a>(text: &'a str, lexicon: &'a Lexicon) -> impl Iterator<Item = u32> + 'a {
    text.char_indices()
        .filter(|&(_, c)| matches!(c, '。' | '；' | '：' | '，' | ';' | ':' | ','))
        .filter_map(|(at, c)| {
            let label = lexicon.labels.at(&text[at + c.len_utf8()..])?;
            lexicon.labels.kinds[label.kind]
                .deepest
                .then_some(label.number)?
        })
}
