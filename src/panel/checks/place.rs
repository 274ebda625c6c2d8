//! The cells of one place and what is held against what among them.

use std::collections::BTreeMap;
use std::ops::Range as Span;

use super::equations::{Equation, Gap, Held};
use super::range::{ONE, Range};
use super::relations::{Relation, Relations, Term};
use super::sheet::Sheet;
use super::usual::{Survey, Usual};
use super::{Kind, Outcome};
use crate::base::slip::slip;
use crate::panel::{Cell, Stated};

/// A jump is one over so many years at the most.
const JUMP_YEARS: i16 = 3;

/// A check of cells of one place.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) kind: Kind,
    pub(super) equation: Equation,
    /// Place in [`Relations::all`].
    pub(super) relation: Option<usize>,
    pub(super) year: i16,
    /// Places in the panel's cells: what comes out first, then what it comes out of.
    pub(super) cells: Vec<usize>,
    /// What another page says of the only cell, where that is what is checked.
    pub(super) again: Option<Range>,
    pub(super) usual: Option<Usual>,
    pub(super) held: Held,
}

/// The rows of one place.
pub(super) struct Place<'s> {
    pub(super) sheet: &'s Sheet<'s>,
    rows: Span<usize>,
    /// The first of its cells.
    first: usize,
    ranges: Vec<Option<Range>>,
}

impl<'s> Place<'s> {
    pub(super) fn of(sheet: &'s Sheet<'s>, rows: Span<usize>) -> Self {
        let cells = sheet.start(rows.start)..sheet.start(rows.end);
        Self {
            sheet,
            rows,
            first: cells.start,
            ranges: cells.map(|cell| sheet.range(cell)).collect(),
        }
    }

    /// The number of `cell`, as far as it is known.
    pub(super) fn range(&self, cell: usize) -> Option<Range> {
        let at = cell.checked_sub(self.first)?;
        self.ranges.get(at).copied().flatten()
    }

    /// Takes `range` for the number of `cell`.
    pub(super) fn set(&mut self, cell: usize, range: Option<Range>) {
        let at = cell.checked_sub(self.first);
        if let Some(slot) = at.and_then(|at| self.ranges.get_mut(at)) {
            *slot = range;
        }
    }

    /// How `instance` comes out with what is known, and with `instead` in the place of a cell's number.
    pub(super) fn held(
        &self,
        instance: &Instance,
        instead: Option<(usize, Range)>,
    ) -> Option<Held> {
        let known = |&cell: &usize| match instead {
            Some((other, range)) if other == cell => Some(range),
            _ => self.range(cell),
        };
        let mut terms = instance
            .cells
            .iter()
            .map(known)
            .collect::<Option<Vec<_>>>()?;
        terms.extend(instance.again);
        instance.equation.held(&terms, instance.usual)
    }

    /// How far apart the sides of `instance` are; see [`Equation::apart`].
    pub(super) fn apart(&self, instance: &Instance) -> Option<Gap> {
        let known = |&cell: &usize| self.range(cell);
        let terms: Option<Vec<Range>> = instance.cells.iter().map(known).collect();
        instance.equation.apart(&terms?)
    }

    /// All checks of the place, given what is usual in the panel.
    pub(super) fn instances(&self, relations: &Relations, survey: &Survey) -> Vec<Instance> {
        let panel = self.sheet.panel;
        let mut out: Vec<Instance> = Vec::new();
        // the last cell of a column and its year
        let mut last: BTreeMap<usize, (usize, i16)> = BTreeMap::new();
        for row in self.rows.clone() {
            let year = self.sheet.year(row);
            for cell in self.sheet.start(row)..self.sheet.start(row + 1) {
                let Some(known) = panel.cells.get(cell) else {
                    continue;
                };
                for (at, relation) in relations.of_column(known.column) {
                    if is_other_mean(at, relation, &out) || !survey.holds(at) {
                        continue;
                    }
                    let cells = self.cells(row, &relation.terms);
                    let made = cells.and_then(|cells| {
                        let (kind, equation) = (relation.kind, relation.equation);
                        let mut made = self.instance(kind, equation, year, cells, None)?;
                        made.relation = Some(at);
                        made.usual = survey.usual(at, year);
                        made.held = self.held(&made, None)?;
                        Some(made)
                    });
                    out.extend(made);
                }
                out.extend(self.again(known, cell, year));
                if panel.years && self.may_jump(known, cell) {
                    let before = last.insert(known.column, (cell, year));
                    out.extend(self.jump(cell, year, before));
                }
            }
        }
        out
    }

    /// The cells that a relation takes in `row`, where all of them are there.
    fn cells(&self, row: usize, terms: &[Term]) -> Option<Vec<usize>> {
        let cell = |term: &Term| {
            let row = match term.before {
                true => self.before(row)?,
                false => row,
            };
            self.sheet.cell(row, term.column)
        };
        terms.iter().map(cell).collect()
    }

    /// The row of the year before.
    fn before(&self, row: usize) -> Option<usize> {
        let before = row.checked_sub(1).filter(|row| self.rows.contains(row))?;
        (self.sheet.year(before).checked_add(1)? == self.sheet.year(row)).then_some(before)
    }

    fn instance(
        &self,
        kind: Kind,
        equation: Equation,
        year: i16,
        cells: Vec<usize>,
        again: Option<Range>,
    ) -> Option<Instance> {
        let mut made = Instance {
            kind,
            equation,
            relation: None,
            year,
            cells,
            again,
            usual: None,
            held: Held::from(Outcome::Ok),
        };
        made.held = self.held(&made, None)?;
        Some(made)
    }

    /// The same fact on another page: one that says otherwise, where there is one.
    fn again(&self, cell: &Cell, at: usize, year: i16) -> Option<Instance> {
        let first = cell.chosen()?;
        let stated = cell.candidates.iter().skip(1);
        let others = stated.filter(|other| other.value.is_some() && other.page != first.page);
        let made = others.filter_map(|other| {
            let again = self.sheet.candidate(cell.column, other)?;
            let slip = slip(first.value?, other.value?).is_some();
            self.instance(
                Kind::Repeated,
                Equation::Same { slip },
                year,
                vec![at],
                Some(again),
            )
        });
        made.max_by_key(|made| (made.held.outcome, made.held.note))
    }

    /// True for levels, and for rates that are far enough from nothing.
    fn may_jump(&self, cell: &Cell, at: usize) -> bool {
        let Some(column) = self.sheet.panel.columns.get(cell.column) else {
            return false;
        };
        let rate = matches!(column.dimension.as_deref(), Some("ratio" | "index"));
        let level = column.id.stated == Stated::Value;
        let range = self.range(at);
        level && range.is_some_and(|range| !rate || range.value.saturating_abs() >= ONE / 100)
    }

    fn jump(&self, cell: usize, year: i16, before: Option<(usize, i16)>) -> Option<Instance> {
        let (other, then) = before?;
        let near = year.saturating_sub(then) <= JUMP_YEARS;
        let made = || self.instance(Kind::Jump, Equation::Alike, year, vec![cell, other], None);
        near.then(made).flatten()
    }
}

/// True when relation `at` weighs a mean by the levels of the year, and those of the year before, which the
/// relation ahead of it takes, were there.
fn is_other_mean(at: usize, relation: &Relation, made: &[Instance]) -> bool {
    let ahead = |last: &Instance| {
        let weighed = matches!(last.equation, Equation::Mean { grown: false, .. });
        weighed && last.relation == at.checked_sub(1)
    };
    let grown = matches!(relation.equation, Equation::Mean { grown: true, .. });
    grown && made.last().is_some_and(ahead)
}
