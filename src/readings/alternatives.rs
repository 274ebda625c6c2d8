//! What may stand at a place where two readings differ: either reading, parts of both, and a
//! percent sign where one engine lost it and the other made figures of it.

use std::ops::Range;

use super::align::{Aligned, Difference};
use super::grammar::is_figure;
use crate::base::Span;
use crate::decode::{Confidence, Page};
use crate::lexicon::Lexicon;
use crate::lexicon::numerals::Figure;
use crate::normalize::Clean;
use crate::normalize::width::is_han;

/// Places with more differences than this are taken from one reading or the other as a whole.
const MOST_MIXED: usize = 4;
/// A place of more characters than this is no single number or label.
const LONGEST: usize = 24;

/// A line that was lost has as many characters at least.
const LEAST_LOST: usize = 10;
/// No more may be left of it.
const MOST_LEFT: usize = 2;
/// As many characters in a row may stand elsewhere on the page, too.
const MOST_SHARED: usize = 4;
/// How sure an engine must be of a line that the other does not have, on average of its words.
const SURE: u16 = Confidence::FULL / 10 * 8;

/// Where characters come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Copied from the other reading.
    Copied(Range<usize>),
    /// A percent sign that these characters of the other reading were misread from.
    Percent(Range<usize>),
    /// Likewise a decimal point.
    Point(Range<usize>),
}

/// A change to the base: characters replaced, never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub base: Range<usize>,
    pub pieces: Vec<Piece>,
}

/// One way to read a place: what is to be changed in the base.
pub(super) type Alternative = Vec<Change>;

/// A place with figures, or between labels, where the two readings differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The differences and the figures and units about them.
    pub base: Range<usize>,
    pub differences: Vec<Difference>,
}

/// True for figures, points and percent signs.
pub(super) fn is_of_numeral(c: char, lexicon: &Lexicon) -> bool {
    is_figure(c, lexicon) || matches!(c, '.' | '%' | '‰')
}

/// Two readings and what they were aligned from.
pub(super) struct Two<'a> {
    pub aligned: &'a Aligned,
    pub base: &'a Clean,
    pub other: &'a Clean,
    pub lexicon: &'a Lexicon,
}

impl Two<'_> {
    /// The places where the readings differ and it matters, in order; differences with nothing but a
    /// numeral between them are one place.
    pub(super) fn places(&self) -> Vec<Place> {
        let base = &self.aligned.base;
        let of_numeral = |at: usize| {
            let c = base.chars(&(at..at + 1)).first();
            c.is_some_and(|&c| is_of_numeral(c, self.lexicon))
        };
        let differences = self.aligned.differences.iter();
        let mut differences = differences.filter(|d| self.matters(d)).peekable();
        let mut out: Vec<Place> = Vec::new();
        while let Some(difference) = differences.next() {
            let ceiling = differences
                .peek()
                .map_or(base.len(), |next| next.base.start);
            let mut end = difference.base.end;
            while end < ceiling && of_numeral(end) {
                end += 1;
            }
            if let Some(last) = out.last_mut()
                && last.base.end == difference.base.start
            {
                last.base.end = end;
                last.differences.push(difference.clone());
                continue;
            }
            let floor = out.last().map_or(0, |place| place.base.end);
            let mut start = difference.base.start;
            while start > floor && of_numeral(start - 1) {
                start -= 1;
            }
            out.push(Place {
                base: start..end,
                differences: vec![difference.clone()],
            });
        }
        out
    }

    /// True when a number or label may hang on this difference: figures, signs or dashes differ, or
    /// what stands behind a number does.
    fn matters(&self, difference: &Difference) -> bool {
        let Difference { base, other } = difference;
        let differ = self.aligned.base.chars(base).iter();
        let mut differ = differ.chain(self.aligned.other.chars(other));
        let before = self
            .aligned
            .base
            .chars(&(base.start.saturating_sub(1)..base.start));
        let figure = before
            .first()
            .and_then(|&c| self.lexicon.numerals.figure(c));
        differ.any(|&c| is_of_numeral(c, self.lexicon) || is_mark(c))
            || before.first().is_some_and(char::is_ascii_digit)
            || matches!(figure, Some(Figure::Power(_) | Figure::Over))
    }

    /// True when nothing but numerals differ at `place`, and not only as percent signs do that the
    /// other reading has figures for.
    pub(super) fn is_of_figures(&self, place: &Place) -> bool {
        let numerals = |d: &Difference| {
            let differ = self.aligned.base.chars(&d.base).iter();
            let mut differ = differ.chain(self.aligned.other.chars(&d.other));
            differ.all(|&c| is_of_numeral(c, self.lexicon))
        };
        place.differences.iter().all(numerals)
            && !place.differences.iter().all(|d| self.is_of_sign(d))
    }

    /// True where the base has a percent sign, or nothing before one or before the end of a clause,
    /// and the other has what engines make of the sign.
    fn is_of_sign(&self, difference: &Difference) -> bool {
        let Difference { base, other } = difference;
        let ink = &self.lexicon.confusables.percent.ink;
        let next = self.aligned.base.chars(&(base.end..base.end + 1)).first();
        let ends = base.is_empty() && next.is_none_or(|&c| c == '%' || is_clause_mark(c));
        let read = self.aligned.other.chars(other);
        (ends || self.aligned.base.chars(base) == ['%']) && read.iter().all(|&c| ink.contains(c))
    }

    /// `place` as the other reading has it; none where that is no way to read a number or label.
    pub(super) fn whole(&self, place: &Place) -> Option<Alternative> {
        let copies = place.differences.iter().map(|d| self.copied(d));
        let changes = copies.collect::<Option<Vec<_>>>()?.concat();
        is_apart(&changes).then_some(changes)
    }

    /// Every way to read `place` but for those of the base.
    pub(super) fn alternatives(&self, place: &Place) -> Vec<Alternative> {
        if place.base.len() > LONGEST {
            return Vec::new();
        }
        if place.differences.len() > MOST_MIXED {
            return self.whole(place).into_iter().collect();
        }
        let mut mixed: Vec<Alternative> = vec![Vec::new()];
        for difference in &place.differences {
            let options = [
                self.copied(difference),
                self.percent(difference),
                self.point(difference),
            ];
            let with = options.into_iter().flatten().flat_map(|changes| {
                let longer = mixed.iter().map(|before| [&**before, &changes].concat());
                longer.collect::<Vec<_>>()
            });
            let with: Vec<Alternative> = with.collect();
            mixed.extend(with);
        }
        mixed.retain(|changes| !changes.is_empty() && is_apart(changes));
        mixed
    }

    /// What the other reading has where the base lost a line or more: as much as makes a line, of
    /// words that its engine was sure of, and nothing that the base has elsewhere.
    pub(super) fn lost(&self, place: &Place, page: &Page<'_>) -> Option<Alternative> {
        let [Difference { base, other }] = place.differences.as_slice() else {
            return None;
        };
        if base.len() > MOST_LEFT || other.len() < LEAST_LOST {
            return None;
        }
        let elsewhere = self
            .aligned
            .other
            .chars(other)
            .windows(MOST_SHARED + 1)
            .any(|chars| {
                let chars: String = chars.iter().collect();
                self.base.text.contains(&chars)
            });
        let spans = self.other.map.page_spans(self.aligned.other.span(other)?);
        let words = spans.iter().flat_map(|&span| page.words_in(span));
        let sure: Vec<u16> = words.filter_map(|w| w.confidence).map(|c| c.0).collect();
        let sum: usize = sure.iter().map(|&c| usize::from(c)).sum();
        // what says nothing of itself is text that somebody has seen to
        let is_sure = sum >= sure.len() * usize::from(SURE);
        if elsewhere || !is_sure {
            return None;
        }
        let change = self.change(base.clone(), other, vec![Piece::Copied(other.clone())])?;
        Some(vec![change])
    }

    /// What the other reading has.
    fn copied(&self, difference: &Difference) -> Option<Alternative> {
        let Difference { base, other } = difference;
        if other.len() > LONGEST || other.len() > 2 * base.len() + LONGEST / 3 {
            return None;
        }
        let (was, is) = (
            self.aligned.base.chars(base),
            self.aligned.other.chars(other),
        );
        let is_word = |c: &char| is_han(*c) && !is_figure(*c, self.lexicon);
        if was.iter().any(is_word) && (was.len() != is.len() || !is.iter().all(|&c| is_han(c))) {
            return None;
        }
        let pieces = (!other.is_empty()).then(|| Piece::Copied(other.clone()));
        let change = self.change(base.clone(), other, pieces.into_iter().collect())?;
        Some(vec![change])
    }

    /// A percent sign where the base lost it and the other has something else in its place; with
    /// the marks that the other has behind it where the base has none.
    fn percent(&self, difference: &Difference) -> Option<Alternative> {
        let percent = &self.lexicon.confusables.percent;
        let Difference { base, other } = difference;
        let read = self.aligned.other.chars(other);
        let is_ink = |c: &char| percent.ink.contains(*c);
        let before = read.iter().take(percent.most_ink - 1);
        let before = before.take_while(|&&c| c != '%' && !is_han(c)).count();
        let ink = match read.get(before) {
            Some('%') => before + 1,
            _ => read.iter().take_while(|c| is_ink(c)).count(),
        };
        let behind = read.iter().skip(ink).take_while(|c| is_ink(c)).count();
        let ink = ink + behind.min(percent.most_ink.saturating_sub(ink));
        if !(1..=percent.most_ink).contains(&ink) || !self.is_rate_before(base.start) {
            return None;
        }
        let blot = self.aligned.base.chars(base);
        let blot = blot
            .iter()
            .take_while(|&&c| percent.blots.contains(c))
            .count();
        let sign = Piece::Percent(other.start..other.start + ink);
        let sign = self.change(base.start..base.start + blot, other, vec![sign])?;
        let mut out = vec![sign];
        let rest = other.start + ink..other.end;
        let marks = self.aligned.other.chars(&rest);
        if base.len() == blot && !marks.is_empty() && marks.iter().all(|&c| is_clause_mark(c)) {
            let next = Piece::Copied(other.end..other.end + 1);
            let pieces = vec![Piece::Copied(rest.clone()), next];
            out.extend(self.change(base.end..base.end + 1, &rest, pieces));
        }
        Some(out)
    }

    /// A decimal point between two figures where the base has nothing and the other something else.
    fn point(&self, difference: &Difference) -> Option<Alternative> {
        let Difference { base, other } = difference;
        let about = self
            .aligned
            .base
            .chars(&(base.start.checked_sub(1)?..base.start + 1));
        let read = self.aligned.other.chars(other);
        let dot = matches!(read, [c] if !is_han(*c) && !is_figure(*c, self.lexicon));
        if !base.is_empty() || !dot || about.len() < 2 || !about.iter().all(char::is_ascii_digit) {
            return None;
        }
        let change = self.change(base.clone(), other, vec![Piece::Point(other.clone())])?;
        Some(vec![change])
    }

    /// True when a number ends before character `at` of the base that may be a rate: it has a point
    /// or says what grew.
    fn is_rate_before(&self, at: usize) -> bool {
        let before = self.aligned.base.chars(&(at.saturating_sub(LONGEST)..at));
        let text: String = before.iter().collect();
        let head = text.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let number = text.get(head.len()..).unwrap_or("");
        let grows = || {
            let words = &self.lexicon.confusables.percent.before;
            words.iter().any(|w| head.ends_with(w.as_str()))
        };
        number.ends_with(|c: char| c.is_ascii_digit()) && (number.contains('.') || grows())
    }

    /// `pieces`, of `other`, in place of `base`; with a character beside it that both have where
    /// one of the two is nothing. None where a paragraph ends inside it, or where it would cut what
    /// one of the readings has mended.
    fn change(
        &self,
        base: Range<usize>,
        other: &Range<usize>,
        pieces: Vec<Piece>,
    ) -> Option<Change> {
        let mut change = Change { base, pieces };
        if change.base.is_empty() || change.pieces.is_empty() {
            let (at, from) = (change.base.start, other.start);
            let left = at.checked_sub(1).zip(from.checked_sub(1));
            match left.filter(|&(_, from)| !self.begins_paragraph(from + 1)) {
                Some((at, from)) => {
                    change.base.start = at;
                    change.pieces.insert(0, Piece::Copied(from..from + 1));
                }
                None => {
                    change.pieces.push(Piece::Copied(other.end..other.end + 1));
                    change.base.end += 1;
                }
            }
        }
        let span = self.aligned.base.span(&change.base)?;
        let whole = !span.of(&self.base.text).contains('\n')
            && !is_cut(self.base, span)
            && change.pieces.iter().all(|piece| {
                let (Piece::Copied(range) | Piece::Percent(range) | Piece::Point(range)) = piece;
                let span = self.aligned.other.span(range);
                span.is_some_and(|span| !is_cut(self.other, span))
            });
        (whole && self.is_of_one_piece(&change)).then_some(change)
    }

    /// What was mended has no parts: no number may end inside it.
    fn is_of_one_piece(&self, change: &Change) -> bool {
        let mended = |piece: &Piece| match piece {
            Piece::Copied(range) => {
                let spans = self.aligned.other.spans(range).iter();
                let mut repairs = self.other.repairs.iter();
                let whole = Span::hull(&spans.copied().collect::<Vec<_>>());
                repairs.any(|r| r.span.overlaps(whole))
            }
            Piece::Percent(_) | Piece::Point(_) => true,
        };
        if !change.pieces.iter().any(mended) {
            return true;
        }
        let text: String = change
            .pieces
            .iter()
            .map(|piece| self.piece(piece))
            .collect();
        let number = text.strip_suffix(['%', '‰']).unwrap_or(&text);
        let is_number = number.chars().all(|c| c.is_ascii_digit() || c == '.');
        is_number || !text.chars().any(|c| is_figure(c, self.lexicon))
    }

    /// True when a paragraph of the other reading begins with this character.
    fn begins_paragraph(&self, at: usize) -> bool {
        let span = self.aligned.other.span(&(at..at + 1));
        let starts = |p: &crate::normalize::Paragraph| Some(p.span.start) == span.map(|s| s.start);
        self.other.paragraphs.iter().any(starts)
    }

    /// The text of `window` of the base with `changes` made.
    pub(super) fn text(&self, window: Span, changes: &[Change]) -> String {
        let mut out = String::new();
        let mut at = window.start;
        for change in changes {
            let Some(span) = self.aligned.base.span(&change.base) else {
                continue;
            };
            out.push_str(
                Span {
                    start: at,
                    end: span.start,
                }
                .of(&self.base.text),
            );
            out.extend(change.pieces.iter().map(|piece| self.piece(piece)));
            at = span.end;
        }
        out.push_str(
            Span {
                start: at,
                end: window.end,
            }
            .of(&self.base.text),
        );
        out
    }

    /// The characters that a piece puts.
    pub(super) fn piece(&self, piece: &Piece) -> String {
        match piece {
            Piece::Copied(range) => self.aligned.other.chars(range).iter().collect(),
            Piece::Percent(_) => "%".to_owned(),
            Piece::Point(_) => ".".to_owned(),
        }
    }
}

/// True when no two of `changes` touch the same characters.
fn is_apart(changes: &[Change]) -> bool {
    changes.is_sorted_by(|a, b| a.base.end <= b.base.start)
}

/// True when `span` cuts through a repair of `clean`, which has no parts, or holds one that was
/// taken from another reading.
fn is_cut(clean: &Clean, span: Span) -> bool {
    let mut touched = clean.repairs.iter().filter(|r| r.span.overlaps(span));
    touched.any(|r| !span.contains(r.span) || !r.instead.is_empty())
}

/// Marks about labels.
fn is_mark(c: char) -> bool {
    is_clause_mark(c) || matches!(c, '-' | '—' | '（' | '）' | '(' | ')')
}

/// Marks that end a clause.
fn is_clause_mark(c: char) -> bool {
    matches!(c, '，' | '、' | '。' | '；' | ',' | ';')
}
