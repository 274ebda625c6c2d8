//! Stage 2b: several readings of one page → one. Numbers, units and labels only: the rest stands as
//! the better reading has it.
//!
//! Where two engines have read a page, what they agree on is right but for once in a thousand
//! times, and what they differ in is mostly the worse one's mistake: of 394 places of numerals on
//! ten medium scans RapidOCR was right in 295, tesseract in 17, neither in 82, of which half come
//! right by taking parts of both. So the better reading stands (`base`), and something of the other
//! is taken only where the grammar then finds a number or a label and found none before, where it
//! has a decimal point (engines lose points, they invent none), where it has a line that the base
//! lost, or where the page's own sums say so. Where nothing decides between two numbers, the first
//! stands and carries a warning.
//!
//! Each choice is a repair ([`OTHER_READING`]); the characters that were taken lead to the bytes of
//! the file that has them.

mod align;
mod alternatives;
mod grammar;
mod splice;
mod sums;

use crate::base::{Decimal, Diagnostic, Place as Where, Span};
use crate::decode::Page;
use crate::lexicon::Lexicon;
use crate::normalize::Clean;
use align::Aligned;
use alternatives::{Alternative, Change, Place, Two};
use grammar::Grammar;
pub use splice::OTHER_READING;
pub use sums::{Settled, settled};

/// Readings of a page made one.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The text that was chosen.
    pub clean: Clean,
    /// Where two numbers are possible.
    pub open: Vec<Open>,
}

/// A place where the readings have different numbers that are both possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// Which of the readings has the other number.
    pub reading: usize,
    /// Where its characters begin in the text of the reading that stands: what it is known by.
    pub at: u32,
    /// Where it stands in [`Chosen::clean`].
    pub span: Span,
    /// The numbers that the other reading has there, in base units.
    pub others: Vec<Decimal>,
    /// What the other reading has there.
    pub reads: String,
}

/// One reading made of the `readings` of `page`, one for each of its files, in their order. What
/// sums have `settled` is not asked again.
#[must_use]
pub fn choose(
    page: &Page<'_>,
    mut readings: Vec<Clean>,
    settled: &[Settled],
    lexicon: &Lexicon,
) -> Chosen {
    let best = best(&readings, lexicon);
    let mut chosen = Chosen {
        clean: readings.remove(best),
        open: Vec::new(),
    };
    for (i, other) in readings.iter().enumerate() {
        let known: Vec<&Settled> = settled.iter().filter(|s| s.reading == i).collect();
        with(&mut chosen, other, i, page, &known, lexicon);
    }
    for open in &chosen.open {
        let number = open.span.of(&chosen.clean.text);
        let message = format!(
            "another reading of the page has {:?} for {number:?}, and nothing decides",
            open.reads
        );
        let place = Where::Clean(open.span);
        let warning = Diagnostic::warning("readings-differ", message, place);
        chosen.clean.diagnostics.push(warning);
    }
    chosen
}

/// Index of the reading with the most numbers and labels, what cannot be read taken off; the first
/// of equals. Whatever the other one has is taken from there only in parts.
fn best(readings: &[Clean], lexicon: &Lexicon) -> usize {
    let worth = |clean: &Clean| {
        let whole = Grammar::of(&clean.text, true, lexicon);
        let good = whole.numbers.len() + whole.labels;
        good as i64 - whole.faults as i64 - clean.diagnostics.len() as i64
    };
    let worths: Vec<i64> = readings.iter().map(worth).collect();
    let most = worths.iter().max();
    worths.iter().position(|w| Some(w) == most).unwrap_or(0)
}

/// Puts into `chosen` what is better in `other`, which is reading `index`.
fn with(
    chosen: &mut Chosen,
    other: &Clean,
    index: usize,
    page: &Page<'_>,
    settled: &[&Settled],
    lexicon: &Lexicon,
) {
    let aligned = Aligned::new(&chosen.clean.text, &other.text);
    if !aligned.are_of_one_page() {
        chosen.clean.diagnostics.push(not_the_same(page, other));
        return;
    }
    let two = Two {
        aligned: &aligned,
        base: &chosen.clean,
        other,
        lexicon,
    };
    let mut changes: Vec<Change> = Vec::new();
    let mut open = Vec::new();
    for place in two.places() {
        let lost = || found(&two, &place, page);
        let Some(decided) = decide(&two, &place, settled).or_else(lost) else {
            continue;
        };
        if let Some((reads, others)) = decided.doubt {
            open.push((decided.span, reads, others));
        }
        changes.extend(decided.changes);
    }
    changes.dedup_by(|b, a| b.base.start < a.base.end);
    let (clean, moves) = splice::splice(&two, page, &changes);
    for before in &mut chosen.open {
        before.span = moves.span(before.span);
    }
    chosen
        .open
        .extend(open.into_iter().map(|(span, reads, others)| Open {
            reading: index,
            at: span.start,
            span: moves.span(span),
            others,
            reads,
        }));
    chosen.clean = clean;
}

/// What was decided at a place.
struct Decided {
    /// The place, in the base's text.
    span: Span,
    changes: Alternative,
    /// What the other has there, and its numbers, where they are as possible as those chosen.
    doubt: Option<(String, Vec<Decimal>)>,
}

/// A place in its sentence.
struct Sentence<'a> {
    two: &'a Two<'a>,
    window: Span,
    /// True when a paragraph begins with it.
    starts: bool,
}

impl<'a> Sentence<'a> {
    fn new(two: &'a Two<'a>, span: Span) -> Self {
        let window = window(two.base, span);
        let mut paragraphs = two.base.paragraphs.iter();
        let starts = paragraphs.any(|p| p.span.start == window.start);
        Self {
            two,
            window,
            starts,
        }
    }

    /// How it reads with `changes`.
    fn with(&self, changes: &[Change]) -> Grammar {
        let text = self.two.text(self.window, changes);
        Grammar::of(&text, self.starts, self.two.lexicon)
    }
}

/// From the first to the last character that `place` or one of `changes` touches.
fn span_of<'c>(two: &Two<'_>, place: &'c Place, changes: impl Iterator<Item = &'c Change>) -> Span {
    let ranges = changes.map(|change| &change.base).chain([&place.base]);
    let spans = ranges.filter_map(|range| two.aligned.base.span(range));
    Span::hull(&spans.collect::<Vec<_>>())
}

/// What the grammar, or the sums before it, make of a place; none where the readings do not differ
/// in a number or label.
fn decide(two: &Two<'_>, place: &Place, settled: &[&Settled]) -> Option<Decided> {
    let alternatives = two.alternatives(place);
    if alternatives.is_empty() {
        return None;
    }
    let span = span_of(two, place, alternatives.iter().flatten());
    let whole = two.whole(place);
    if let Some(settled) = settled.iter().find(|s| s.at == span.start) {
        let changes = whole.filter(|_| settled.other).unwrap_or_default();
        return Some(Decided {
            span,
            changes,
            doubt: None,
        });
    }
    let sentence = Sentence::new(two, span);
    let as_it_is = sentence.with(&[]);
    let judged = alternatives
        .iter()
        .map(|changes| (sentence.with(changes), changes));
    let better = judged
        .filter(|(grammar, _)| grammar.beats(&as_it_is))
        .min_by_key(|(grammar, changes)| (grammar.cost(), changes.len()));
    let (grammar, changes) = better.map_or((as_it_is, Vec::new()), |(g, c)| (g, c.clone()));
    let other = whole.filter(|_| two.is_of_figures(place));
    let doubt = other.and_then(|whole| {
        let others = apart(&sentence.with(&whole), &grammar)?;
        Some((two.text(span, &whole), others))
    });
    Some(Decided {
        span,
        changes,
        doubt,
    })
}

/// The numbers of `other` that are not those of `chosen`, of the same sentence; none where they are
/// no other numbers in its place.
fn apart(other: &Grammar, chosen: &Grammar) -> Option<Vec<Decimal>> {
    let values = |g: &Grammar| g.numbers.iter().map(|n| n.0).collect::<Vec<_>>();
    let (others, values) = (values(other), values(chosen));
    let possible = other.faults <= chosen.faults && others.len() == values.len();
    (possible && others != values)
        .then(|| others.into_iter().filter(|v| !values.contains(v)).collect())
}

/// A line with numbers that the base lost.
fn found(two: &Two<'_>, place: &Place, page: &Page<'_>) -> Option<Decided> {
    let changes = two.lost(place, page)?;
    let span = span_of(two, place, changes.iter());
    let sentence = Sentence::new(two, span);
    let (without, with) = (sentence.with(&[]), sentence.with(&changes));
    let better = with.faults <= without.faults && with.numbers.len() > without.numbers.len();
    better.then_some(Decided {
        span,
        changes,
        doubt: None,
    })
}

/// The sentence about `span`, in its paragraph.
fn window(clean: &Clean, span: Span) -> Span {
    let paragraph = clean.paragraphs.iter().find(|p| p.span.overlaps(span));
    let paragraph = paragraph.map_or(span, |p| p.span);
    let ends = |c: char| matches!(c, '。' | '；');
    let before = Span {
        start: paragraph.start,
        end: span.start,
    }
    .of(&clean.text);
    let start = before
        .rfind(ends)
        .map_or(paragraph.start, |at| paragraph.start + at as u32);
    let end = paragraph.end.max(span.end);
    let behind = Span {
        start: span.end,
        end,
    }
    .of(&clean.text);
    let end = behind.find(ends).map_or(end, |at| span.end + at as u32);
    Span { start, end }
}

fn not_the_same(page: &Page<'_>, other: &Clean) -> Diagnostic {
    let first = other.map.page_spans(Span::new(0, other.text.len()));
    let file = first.first().map_or(0, |span| page.file_at(span.start));
    let name = page.files.get(file).map_or("", |f| f.name.as_str());
    let message = format!(
        "{name} does not read like another reading of the same page: nothing of it was taken; name \
         the files of one page, one for each engine"
    );
    Diagnostic::warning("not-the-same-page", message, Where::Whole)
}
