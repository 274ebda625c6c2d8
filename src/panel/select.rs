//! Which of several numbers fills a cell, in which unit, and whether they agree.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use super::convert::{Ratio, Scale, convert};
use super::{Candidate, Cell, Column, ColumnId, Page, Panel, Query, Statement, date};
use crate::base::Decimal;
use crate::lexicon::Lexicon;
use crate::record::{Precision, Status};

/// Why a number fills its cell, or what it stands behind the one that does for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// Taken: there is no other.
    Only,
    /// Taken: its page is the latest.
    Latest,
    /// Taken: the name of its page comes last, where no page has a date.
    Name,
    /// Taken: the others are estimates.
    Actual,
    /// Taken: the others are told again.
    Level,
    /// Taken: the others are approximate.
    Exact,
    /// Taken: it stands first.
    First,
    /// Not taken: its page is earlier, or the name of it comes earlier.
    Earlier,
    /// Not taken: it is an estimate or a target.
    Estimate,
    /// Not taken: it is told again, of an earlier time or to measure another number by.
    Restated,
    /// Not taken: it is approximate.
    Approximate,
    /// Not taken: another stands before it.
    Later,
    /// Not taken: it is stated in a unit that measures something else.
    Unit,
}

impl Why {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Only,
        Self::Latest,
        Self::Name,
        Self::Actual,
        Self::Level,
        Self::Exact,
        Self::First,
        Self::Earlier,
        Self::Estimate,
        Self::Restated,
        Self::Approximate,
        Self::Later,
        Self::Unit,
    ];

    /// The word in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Only => "only",
            Self::Latest => "latest",
            Self::Name => "name",
            Self::Actual => "actual",
            Self::Level => "level",
            Self::Exact => "exact",
            Self::First => "first",
            Self::Earlier => "earlier",
            Self::Estimate => "estimate",
            Self::Restated => "restated",
            Self::Approximate => "approximate",
            Self::Later => "later",
            Self::Unit => "unit",
        }
    }
}

/// Gives the columns `ids` their units, the candidates their values, and puts the best of each cell
/// first.
pub(super) fn select(panel: &mut Panel, ids: Vec<ColumnId>, query: &Query, lexicon: &Lexicon) {
    let mut cells = std::mem::take(&mut panel.cells);
    for cell in &mut cells {
        cell.candidates.sort_by(|a, b| compare(panel, a, b).0);
    }
    panel.columns = columns(panel, &cells, ids, query, lexicon);
    let mut scales = Scales {
        lexicon,
        known: HashMap::new(),
    };
    for cell in &mut cells {
        let Some(column) = panel.columns.get(cell.column) else {
            continue;
        };
        let unit = &column.unit;
        for candidate in &mut cell.candidates {
            let Some((page, statement)) = panel.statement(candidate) else {
                continue;
            };
            let factor = scales.factor(page, statement, unit);
            if let Some(found) = factor.and_then(|factor| convert(statement.value, factor)) {
                candidate.value = Some(found.value);
                candidate.rounded = found.rounded;
            }
        }
        // stable: among those of a kind the order stays
        cell.candidates
            .sort_by_key(|candidate| candidate.value.is_none());
        reasons(panel, cell);
        cell.conflict = differ(panel, cell, unit, &mut scales);
    }
    panel.cells = cells;
}

/// Which of two comes first, and for what: the words of who is taken and who is not.
fn compare(panel: &Panel, a: &Candidate, b: &Candidate) -> (Ordering, Why, Why) {
    let (Some((page_a, one)), Some((page_b, other))) = (panel.statement(a), panel.statement(b))
    else {
        return (Ordering::Equal, Why::First, Why::Later);
    };
    let (date_a, date_b) = (date(page_a), date(page_b));
    let undated = date_a.is_none() && date_b.is_none();
    let by_name = match undated {
        true => page_b.name.cmp(&page_a.name),
        false => Ordering::Equal,
    };
    let hoped = |s: &Statement| match s.status {
        Status::Actual => 0,
        Status::Estimate => 1,
        Status::Target => 2,
    };
    let vague = |s: &Statement| s.precision != Precision::Exact;
    [
        (date_b.cmp(&date_a), Why::Latest, Why::Earlier),
        (by_name, Why::Name, Why::Earlier),
        (hoped(one).cmp(&hoped(other)), Why::Actual, Why::Estimate),
        (one.restated.cmp(&other.restated), Why::Level, Why::Restated),
        (vague(one).cmp(&vague(other)), Why::Exact, Why::Approximate),
    ]
    .into_iter()
    .find(|(order, ..)| order.is_ne())
    .unwrap_or_else(|| {
        let place = |c: &Candidate| (c.page, c.statement);
        (place(a).cmp(&place(b)), Why::First, Why::Later)
    })
}

/// Says of each candidate why it stands where it stands.
fn reasons(panel: &Panel, cell: &mut Cell) {
    let Some(&first) = cell.candidates.first() else {
        return;
    };
    let mut taken = Why::Only;
    for (place, candidate) in cell.candidates.iter_mut().enumerate() {
        let (_, ahead, behind) = compare(panel, &first, candidate);
        candidate.why = match candidate.value {
            None => Why::Unit,
            Some(_) if place == 0 => continue,
            Some(_) => {
                if taken == Why::Only {
                    taken = ahead; // the nearest says what it was decided by
                }
                behind
            }
        };
    }
    if let Some(first) = cell.candidates.first_mut().filter(|c| c.value.is_some()) {
        first.why = taken;
    }
}

/// The columns `ids` with their labels and units.
fn columns(
    panel: &Panel,
    cells: &[Cell],
    ids: Vec<ColumnId>,
    query: &Query,
    lexicon: &Lexicon,
) -> Vec<Column> {
    let mut stated: Vec<BTreeMap<&str, usize>> = vec![BTreeMap::new(); ids.len()];
    for cell in cells {
        let best = cell.candidates.first().and_then(|c| panel.statement(c));
        if let Some((page, statement)) = best
            && let Some(units) = stated.get_mut(cell.column)
        {
            *units.entry(page.text(statement.unit)).or_default() += 1;
        }
    }
    let column = |(id, units): (ColumnId, BTreeMap<&str, usize>)| {
        // of those that are stated equally often the first by name
        let most = units.into_iter().rev().max_by_key(|(_, count)| *count);
        let unit = query.units.get(&id).cloned();
        let unit = unit.or_else(|| most.map(|(unit, _)| unit.to_owned()));
        let concept = lexicon.concepts.get(&id.concept);
        Column {
            unit: unit.unwrap_or_default(),
            dimension: concept.map(|c| c.dimension.clone()),
            zh: concept.map(|c| c.zh.clone()),
            en: concept.map(|c| c.en.clone()),
            id,
        }
    };
    ids.into_iter().zip(stated).map(column).collect()
}

/// Factors between units, each worked out once.
struct Scales<'l> {
    lexicon: &'l Lexicon,
    known: HashMap<(String, String), Option<Ratio>>,
}

impl Scales<'_> {
    /// What the value of `statement` is multiplied by to be in `unit`.
    fn factor(&mut self, page: &Page, statement: &Statement, unit: &str) -> Option<Ratio> {
        let own = page.text(statement.unit);
        if own == unit {
            return Some(Ratio::ONE);
        }
        let pair = (own.to_owned(), unit.to_owned());
        if let Some(known) = self.known.get(&pair) {
            return *known;
        }
        let base = page.text(statement.base_unit);
        let from = Scale::of(own, Some(base), self.lexicon);
        let to = Scale::of(unit, Some(base), self.lexicon);
        let factor = from.zip(to).and_then(|(from, to)| from.to(&to));
        self.known.insert(pair, factor);
        factor
    }
}

/// True when no one value is all of what the candidates say, their rounding allowed for.
fn differ(panel: &Panel, cell: &Cell, unit: &str, scales: &mut Scales<'_>) -> bool {
    if cell.candidates.len() < 2 {
        return false;
    }
    let mut least: Option<Ratio> = None;
    let mut most: Option<Ratio> = None;
    for candidate in cell.candidates.iter().filter(|c| c.value.is_some()) {
        let Some((page, statement)) = panel.statement(candidate) else {
            continue;
        };
        let Some(factor) = scales.factor(page, statement, unit) else {
            continue;
        };
        let (low, high) = bounds(statement);
        let scaled = |bound: Option<Ratio>| bound.and_then(|bound| bound.times(factor));
        if let Some(low) = scaled(low)
            && least.is_none_or(|least| least.is_below(low) == Some(true))
        {
            least = Some(low);
        }
        if let Some(high) = scaled(high)
            && most.is_none_or(|most| high.is_below(most) == Some(true))
        {
            most = Some(high);
        }
    }
    let apart = |(least, most): (Ratio, Ratio)| most.is_below(least);
    least.zip(most).and_then(apart) == Some(true)
}

/// Between what a number lies: half of its last digit around it, of the last that is not zero where it is
/// a round one; for 超, 近, 不足 and ranges what the record says.
fn bounds(statement: &Statement) -> (Option<Ratio>, Option<Ratio>) {
    let bound = |number: Option<Decimal>| number.and_then(Ratio::of);
    let value = statement.value;
    let Some(step) = last_step(statement) else {
        return (bound(statement.lower), bound(statement.upper));
    };
    let side = |sign: i128| {
        let twice = value.mantissa().checked_mul(2)?;
        let end = twice.checked_add(sign.checked_mul(step)?)?;
        let ones = Ratio::new(end, 2)?;
        ones.times(Ratio::of(Decimal::new(1, value.scale()).ok()?)?)
    };
    (side(-1), side(1))
}

/// What a number is rounded to, in units of its last digit: that digit, or the last that is not zero of a
/// round one; none for 超, 近, 不足 and ranges.
pub(super) fn last_step(statement: &Statement) -> Option<i128> {
    match statement.precision {
        Precision::Exact => Some(1),
        Precision::About => Some(round_digit(statement.value.mantissa())),
        _ => None,
    }
}

/// One of the last digit of `mantissa` that is not zero: 100 for 300.
fn round_digit(mut mantissa: i128) -> i128 {
    let mut digit = 1;
    while mantissa != 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        digit *= 10;
    }
    digit
}
