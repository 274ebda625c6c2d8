//! Which columns of a panel are held against which: the identities of the code list, and what is stated of
//! a concept against its levels.

use std::collections::BTreeMap;

use super::Kind;
use super::equations::Equation;
use crate::lexicon::Lexicon;
use crate::lexicon::concepts::Identity;
use crate::panel::{Column, Panel, Stated};

/// One number that a relation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Term {
    /// Place in [`Panel::columns`].
    pub(super) column: usize,
    /// True for that of the year before.
    pub(super) before: bool,
}

/// Numbers of one place that hang together, in every year.
#[derive(Debug)]
pub(super) struct Relation {
    pub(super) kind: Kind,
    pub(super) equation: Equation,
    /// The first is of the year itself.
    pub(super) terms: Vec<Term>,
}

impl Relation {
    fn of_year(kind: Kind, equation: Equation, columns: Vec<usize>) -> Self {
        let term = |column| Term {
            column,
            before: false,
        };
        Self {
            kind,
            equation,
            terms: columns.into_iter().map(term).collect(),
        }
    }
}

/// All that hold between the columns of a panel.
#[derive(Debug)]
pub(super) struct Relations {
    pub(super) all: Vec<Relation>,
    /// Places in it of those whose first term is of a column.
    by_column: Vec<Vec<usize>>,
}

impl Relations {
    /// Those of `panel`; `kinds` says of each column what it measures.
    pub(super) fn of(panel: &Panel, kinds: &[Option<String>], lexicon: &Lexicon) -> Self {
        let finder = Finder {
            columns: (0..)
                .zip(&panel.columns)
                .map(|(at, column)| ((column.id.concept.as_str(), column.id.stated), at))
                .collect(),
            kinds,
        };
        let mut all = Vec::new();
        for identity in &lexicon.concepts.identities {
            all.extend(finder.identity(identity));
            if !identity.sum.is_empty() {
                all.extend(finder.shares(identity));
                all.extend(finder.means(identity));
            }
        }
        if panel.years {
            for (at, column) in panel.columns.iter().enumerate() {
                all.extend(finder.series(at, column));
            }
        } else {
            all.retain(|relation| relation.terms.iter().all(|term| !term.before));
        }
        let mut by_column = vec![Vec::new(); panel.columns.len()];
        for (at, relation) in all.iter().enumerate() {
            let first = relation.terms.first();
            if let Some(of) = first.and_then(|term| by_column.get_mut(term.column)) {
                of.push(at);
            }
        }
        Self { all, by_column }
    }

    /// Those whose first term is of `column`, with their places.
    pub(super) fn of_column(&self, column: usize) -> impl Iterator<Item = (usize, &Relation)> {
        let places = self.by_column.get(column).into_iter().flatten();
        places.filter_map(|&at| Some((at, self.all.get(at)?)))
    }
}

struct Finder<'p> {
    columns: BTreeMap<(&'p str, Stated), usize>,
    kinds: &'p [Option<String>],
}

impl Finder<'_> {
    fn column(&self, concept: &str, stated: Stated) -> Option<usize> {
        self.columns.get(&(concept, stated)).copied()
    }

    /// True when `columns` measure one thing: dollars are not added to yuan.
    fn alike(&self, columns: &[usize]) -> bool {
        let mut kinds = columns
            .iter()
            .map(|&at| self.kinds.get(at).and_then(Option::as_ref));
        let first = kinds.next().flatten();
        first.is_some() && kinds.all(|kind| kind == first)
    }

    fn identity(&self, identity: &Identity) -> Option<Relation> {
        let percent = identity.percent.unwrap_or(0);
        let equation = if !identity.sum.is_empty() {
            Equation::Sum(percent)
        } else if !identity.ratio.is_empty() {
            Equation::Quotient(percent)
        } else {
            Equation::Difference
        };
        let terms = std::iter::once(&identity.of).chain(identity.terms());
        let columns: Option<Vec<usize>> = terms.map(|id| self.column(id, Stated::Value)).collect();
        let columns = columns?;
        let fit = matches!(equation, Equation::Quotient(_)) || self.alike(&columns);
        fit.then(|| Relation::of_year(Kind::Identity, equation, columns))
    }

    /// The shares of the parts of a sum, each against part and whole.
    fn shares(&self, identity: &Identity) -> Vec<Relation> {
        let whole = self.column(&identity.of, Stated::Value);
        let share = |part: &String| {
            let (level, whole) = (self.column(part, Stated::Value)?, whole?);
            let columns = vec![self.column(part, Stated::Share)?, level, whole];
            self.alike(&[level, whole])
                .then(|| Relation::of_year(Kind::Share, Equation::Quotient(0), columns))
        };
        identity.sum.iter().filter_map(share).collect()
    }

    /// The growth of a whole against those of its parts, with the levels of the year before and with
    /// those of the year: the second are for places whose year before is not known.
    fn means(&self, identity: &Identity) -> Vec<Relation> {
        let of_parts = |stated| -> Option<Vec<usize>> {
            let parts = identity.sum.iter();
            parts.map(|part| self.column(part, stated)).collect()
        };
        let terms = || {
            let whole = self.column(&identity.of, Stated::Growth)?;
            let levels = of_parts(Stated::Value)?;
            Some((whole, of_parts(Stated::Growth)?, levels))
        };
        let Some((whole, growths, levels)) = terms().filter(|(.., levels)| self.alike(levels))
        else {
            return Vec::new();
        };
        let mean = |grown: bool| {
            let of = std::iter::once(whole).chain(growths.iter().copied());
            let term = |column, before| Term { column, before };
            let weights = levels.iter().map(|&column| term(column, !grown));
            Relation {
                kind: Kind::Mean,
                equation: Equation::Mean {
                    parts: growths.len(),
                    grown,
                },
                terms: of
                    .map(|column| term(column, false))
                    .chain(weights)
                    .collect(),
            }
        };
        vec![mean(false), mean(true)]
    }

    /// What is stated of the levels in `column` against these.
    fn series(&self, at: usize, column: &Column) -> Vec<Relation> {
        let dimension = column.dimension.as_deref().unwrap_or_default();
        // rates and indices grow by points, or by percent: which of the two is not told
        if column.id.stated != Stated::Value || matches!(dimension, "ratio" | "index") {
            return Vec::new();
        }
        let against = |kind, equation, stated| {
            let other = self.column(&column.id.concept, stated)?;
            let comparable = kind == Kind::Growth || self.alike(&[at, other]);
            let term = |column, before| Term { column, before };
            comparable.then(|| Relation {
                kind,
                equation,
                terms: vec![term(at, false), term(at, true), term(other, false)],
            })
        };
        let priced = dimension.starts_with("money");
        let growth = against(Kind::Growth, Equation::Growth { priced }, Stated::Growth);
        let change = against(Kind::Change, Equation::Change, Stated::Change);
        growth.into_iter().chain(change).collect()
    }
}
