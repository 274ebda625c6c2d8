//! What a page shows of its columns before anything is joined: how wide they are at each row, how
//! ragged, what rows end and begin with, and how headings stand in them.

use super::ink::{Ink, Row};
use super::width;
use crate::base::log::ln_percent;
use crate::lexicon::Lexicon;
use crate::lexicon::labels::LabelMatch;

/// A Han character's room in the unit of [`Row::quarters`].
pub(super) const EM: u32 = 4;
/// How many sentences a paragraph of a bulletin has in the mean, where the page does not show it;
/// 5.1 in 34 pages counted.
const SENTENCES: u32 = 5;
/// How much narrower a first row is that has lost its indent of two characters: marks squeezed or
/// spread move it by half a character.
pub(super) const MIN_HIDDEN_INDENT: u32 = 5;
pub(super) const MAX_HIDDEN_INDENT: u32 = 10;
/// Rows to each side in which the width of a column is looked for …
pub(super) const REACH: usize = 12;
/// … and how many rows that run on are enough.
const ENOUGH: usize = 3;
/// No column is narrower, beside a picture either.
const MIN_COLUMN: u32 = 5 * EM;
/// Evidence, as in [`super::joining`], that is taken for sure where no other is at hand: e to 1.
const CLEARLY: i32 = 100;
/// Rows that run on tell a column when one of the same width is no more rows away than this.
const NEAR: usize = 4;
/// Rows with a label that may show a column have at least this room.
const LABELLED_ROW: u32 = 16 * EM;
/// A heading has no more rows.
const MAX_HEADING_ROWS: usize = 5;

/// What a row ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowEnd {
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
pub(super) fn is_opener(c: char) -> bool {
    matches!(
        c,
        '“' | '‘' | '《' | '（' | '(' | '【' | '『' | '「' | '〈' | '［' | '[' | '〔'
    )
}

pub(super) fn is_closer(c: char) -> bool {
    matches!(
        c,
        '”' | '’' | '》' | '）' | ')' | '】' | '』' | '」' | '"' | '〉' | '］' | ']' | '〕'
    )
}

/// Marks that end a clause; a heading's text goes up to the first of them.
pub(super) fn is_heading_stop(c: char) -> bool {
    is_sentence_mark(c) || matches!(c, '；' | ';' | '：' | ':')
}

/// True when the last mark of `text`, closing brackets aside, ends a sentence.
pub(super) fn ends_sentence(text: &str) -> bool {
    row_end(text) == RowEnd::Sentence
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
pub(super) struct Rows<'a> {
    pub(super) ink: &'a Ink,
    pub(super) lexicon: &'a Lexicon,
    pub(super) rows: &'a [Row],
    pub(super) ends: Vec<RowEnd>,
    pub(super) labels: Vec<Option<LabelMatch>>,
    pub(super) damaged: Vec<Option<LabelMatch>>,
    /// Rows of a table: cells with wide blanks between them.
    pub(super) cells: Vec<bool>,
    /// Width of each row, in the measure that fits the page.
    pub(super) widths: Vec<u32>,
    /// Rows that run on into the next for sure and stand beside others of their width: they show
    /// how wide the column is.
    pub(super) running: Vec<bool>,
    /// True when every character counts the same and rows are cut to the character.
    by_character: bool,
    /// How far each row stays behind its column; see [`Rows::short`].
    shorts: Vec<Option<Short>>,
    /// How often a running row falls short by so much; see [`bucket`].
    short_counts: [u32; BUCKETS],
    /// The same as evidence that a row runs on.
    ragged: [i32; BUCKETS],
    /// Numbers of the labels inside rows, behind a clause's end, that nest below all others: 一是, 二是 …
    ordinals: Vec<u32>,
    /// One past the last of each row in `ordinals`.
    ordinals_end: Vec<usize>,
    pub(super) blank_lines_tell: bool,
    pub(super) indents_tell: bool,
    /// First rows of paragraphs are narrower by an indent that got lost.
    pub(super) hidden_indent: bool,
    /// Sentences in a paragraph, in the mean.
    pub(super) sentences: u32,
    /// Paragraphs end without a mark more often than a printer forgets one.
    pub(super) stops_are_lost: bool,
    /// For each kind of label, how its headings stand.
    pub(super) headings: Vec<HeadingStyle>,
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
    pub(super) fn new(ink: &'a Ink, rows: &'a [Row], lexicon: &'a Lexicon) -> Self {
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
            cells: rows.iter().map(|r| ink.is_cells(r)).collect(),
            widths: Vec::new(),
            running: Vec::new(),
            by_character: false,
            shorts: Vec::new(),
            short_counts: [0; BUCKETS],
            ragged: [0; BUCKETS],
            ordinals: Vec::new(),
            ordinals_end: Vec::with_capacity(rows.len()),
            blank_lines_tell: false,
            indents_tell: false,
            hidden_indent: false,
            sentences: SENTENCES,
            stops_are_lost: false,
            headings: vec![HeadingStyle::default(); kinds],
        };
        out.find_ordinals();
        out.measure_widths();
        out.measure_blanks();
        out.measure_hidden_indent();
        out.measure_lost_stops();
        out.measure_sentences();
        out.measure_headings();
        out
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn text(&self, i: usize) -> &'a str {
        self.ink.row(&self.rows[i])
    }

    /// Rows that cannot be the last of a paragraph, unless they are headings. Issuers and dates
    /// are as wide as their words: of two alike, a column would be made that headings fill.
    pub(super) fn runs_on(&self, i: usize) -> bool {
        i + 1 < self.len()
            && matches!(self.ends[i], RowEnd::Open | RowEnd::Comma)
            && self.labels[i].is_none()
            && !self.cells[i]
            && !self.cells[i + 1]
            && self.front_line(i..i + 1).is_none()
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
        self.shorts = if self.running.contains(&true) {
            (0..self.len()).map(|i| self.measure_short(i)).collect()
        } else {
            vec![None; self.len()]
        };
        for i in 0..self.len() {
            if self.running[i]
                && let Some(short) = self.short(i)
            {
                self.short_counts[bucket(self.cramped(i, short.by))] += 1;
            }
        }
        // A little of every class is expected beforehand: 80, 8, 5, 4 and 3 in a hundred rows.
        let rows: u32 = self.short_counts.iter().sum();
        let counts = self.short_counts.iter().zip([800, 80, 50, 40, 30]);
        for (ragged, (count, expected)) in self.ragged.iter_mut().zip(counts) {
            *ragged = ln_percent(count * 100 + expected) - ln_percent(rows * 100 + 1000);
        }
    }

    fn find_ordinals(&mut self) {
        let labels = &self.lexicon.labels;
        for row in self.rows {
            let inside = labels.behind_marks(self.ink.row(row), self.ink.marks_in(row.ink));
            let ordinals = inside.filter(|(_, label)| labels.kinds[label.kind].deepest);
            self.ordinals
                .extend(ordinals.filter_map(|(_, label)| label.number));
            self.ordinals_end.push(self.ordinals.len());
        }
    }

    /// The numbers of the 一是 … that stand inside row `i`, behind a clause's end.
    pub(super) fn inline_ordinals(&self, i: usize) -> &[u32] {
        let start = match i {
            0 => 0,
            _ => self.ordinals_end[i - 1],
        };
        self.ordinals
            .get(start..self.ordinals_end[i])
            .unwrap_or_default()
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
        let boxed = self.rows.iter().any(|r| r.width.is_some());
        self.by_character = !boxed && pairs > 0 && equal * 5 >= pairs * 4;
        self.widths = self
            .rows
            .iter()
            .map(|r| match r.width {
                Some(width) => width,
                None if self.by_character => r.chars * EM,
                None => r.quarters,
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
            let marks = self.ink.marks_in(self.rows[i].ink);
            sentences += marks.filter(|&(_, c)| is_sentence_mark(c)).count();
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
                let found = self.heading(i, label, |next| stands_below(label, next));
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
    pub(super) fn heading(
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
            match self.fill(row, start) {
                // Where no column shows, lines are whole.
                None => return Heading::Alone(row),
                Some(_) if self.is_rest(row + 1) => {}
                Some((fill, _)) if fill < CLEARLY => full.push((fill, row)),
                Some(_) => return Heading::Alone(row),
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

    pub(super) fn indented(&self, i: usize) -> bool {
        (6..=16).contains(&self.rows[i].indent)
    }

    /// How far row `i` stays behind its column, and how wide that is; none where no column shows.
    /// The column is that of running rows nearby which are about as wide as the row or wider,
    /// the narrowest of them: a page may change its columns at any row.
    pub(super) fn short(&self, i: usize) -> Option<Short> {
        self.shorts[i]
    }

    fn measure_short(&self, i: usize) -> Option<Short> {
        let mut best: Option<Short> = None;
        let own = self.widths[i];
        let mut look = |order: &mut dyn Iterator<Item = usize>| {
            let mut seen = 0;
            for k in order.take(REACH) {
                if !self.running[k] || self.widths[k] + EM < own {
                    continue;
                }
                let by = self.widths[k].saturating_sub(own);
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
    pub(super) fn is_short(&self, i: usize, start: usize) -> bool {
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
    pub(super) fn fill(&self, i: usize, start: usize) -> Option<(i32, i32)> {
        let short = self.short(i)?;
        let ems = (short.column / EM).max(2);
        let slot = bucket(self.missing(i, start, short));
        let room = [1, 1, 1, 2, ems.saturating_sub(5).max(1)][slot];
        let ln_ems = ln_percent(ems);
        Some((ln_percent(room) - ln_ems - self.ragged[slot], ln_ems))
    }
}

/// True when `next` may be the first label below a heading labelled `label`: it opens a numbering,
/// or goes on with the heading's own.
pub(super) fn stands_below(label: LabelMatch, next: LabelMatch) -> bool {
    next.number == Some(1) || next.kind == label.kind && next.number == label.number.map(|n| n + 1)
}

/// How the headings of one kind stand in a page: how many …
#[derive(Debug, Clone, Default)]
pub(super) struct HeadingStyle {
    /// … on lines of their own,
    pub(super) alone: u32,
    /// … with text behind them in their line,
    pub(super) run_in: u32,
    /// … fill their rows, so that either may be.
    pub(super) full: u32,
}

/// How a heading stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Heading {
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
pub(super) struct Short {
    pub(super) by: u32,
    pub(super) column: u32,
}
