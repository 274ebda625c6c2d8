//! How well a stretch of text reads: what its numbers are worth, what of it is no number that
//! anyone prints, which labels it has.

use crate::base::{Decimal, Span};
use crate::lexicon::Lexicon;
use crate::lexicon::numerals::Figure;
use crate::normalize::{Clean, Paragraph, Role, SourceMap};
use crate::quantities::reason::DAMAGED;
use crate::quantities::{Quantities, quantities};

/// What the grammar makes of a stretch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grammar {
    /// Numbers that nothing can be made of.
    pub faults: usize,
    /// Section labels.
    pub labels: usize,
    /// Characters of numerals.
    pub figures: usize,
    /// Letters, of which pages have few and misread signs many.
    pub letters: usize,
    /// Decimal points between figures: engines lose them and never invent one.
    pub points: usize,
    /// The numbers that are taken, in base units, with where they stand in the stretch.
    pub numbers: Vec<(Decimal, Span)>,
}

impl Grammar {
    /// Of `text`; `starts` says that a paragraph starts with it.
    pub(super) fn of(text: &str, starts: bool, lexicon: &Lexicon) -> Self {
        let clean = Clean {
            text: text.to_owned(),
            map: SourceMap::default(),
            paragraphs: vec![Paragraph {
                span: Span::new(0, text.len()),
                role: Role::Body,
            }],
            furniture: Vec::new(),
            jumps: Vec::new(),
            repairs: Vec::new(),
            diagnostics: Vec::new(),
        };
        let found = quantities(&clean, lexicon);
        let label = starts && lexicon.labels.at(text).is_some();
        Self {
            faults: faults(text, &found, lexicon),
            labels: usize::from(label) + lexicon.labels.behind_clauses(text).count(),
            figures: text.chars().filter(|&c| is_figure(c, lexicon)).count(),
            letters: text.chars().filter(char::is_ascii_alphabetic).count(),
            points: points(text),
            numbers: numbers(&found),
        }
    }

    /// What is to be least: faults, labels lost, letters, figures (a sign is more often read as one
    /// figure too many than one is lost with it), points lost.
    pub(super) fn cost(&self) -> [usize; 5] {
        let lost = |n: usize| usize::MAX - n;
        [
            self.faults,
            lost(self.labels),
            self.letters,
            self.figures,
            lost(self.points),
        ]
    }

    /// True when it reads better than `other`, of the same stretch.
    pub(super) fn beats(&self, other: &Self) -> bool {
        // no figure that stands there is lost for the sake of a better reading
        self.figures >= other.figures
            && self.faults <= other.faults
            && self.labels >= other.labels
            && (self.faults < other.faults
                || self.labels > other.labels
                || self.points > other.points && self.numbers.len() == other.numbers.len())
    }
}

/// True for figures and multipliers.
pub(super) fn is_figure(c: char, lexicon: &Lexicon) -> bool {
    c.is_ascii_digit()
        || matches!(
            lexicon.numerals.figure(c),
            Some(Figure::Digit(_) | Figure::Power(_))
        )
}

/// How many points stand between two figures.
fn points(text: &str) -> usize {
    let is_point = |(at, c): &(usize, char)| {
        let (before, behind) = (text.get(..*at), text.get(at + c.len_utf8()..));
        matches!(c, '.' | '·')
            && before.is_some_and(|t| t.ends_with(|c: char| c.is_ascii_digit()))
            && behind.is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit()))
    };
    text.char_indices().filter(is_point).count()
}

fn numbers(found: &Quantities) -> Vec<(Decimal, Span)> {
    let taken = found.quantities.iter();
    taken
        .filter_map(|q| Some((q.base_value?, q.mention)))
        .collect()
}

/// Numbers that are damaged, and figures that are of no number.
fn faults(text: &str, found: &Quantities, lexicon: &Lexicon) -> usize {
    let damaged = found.left.iter();
    let damaged = damaged.filter(|l| DAMAGED.contains(&l.reason.as_str()));
    let mut read: Vec<Span> = found.quantities.iter().map(|q| q.mention).collect();
    read.extend(found.times.iter().map(|t| t.span));
    read.extend(found.left.iter().map(|l| l.span));
    if let Some(label) = lexicon.labels.at(text) {
        read.push(Span::new(0, label.len));
    }
    let astray = text
        .char_indices()
        .filter(|&(at, c)| c.is_ascii_digit() && !read.iter().any(|s| s.range().contains(&at)));
    damaged.count() + astray.count() + found.diagnostics.len()
}
